package commands

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
)

// Command is a verb: what it is called, what it takes, what it does. It is made
// by declare only.
type Command struct {
	spec              chat.Spec
	changes           bool // it records something, so it takes a trailing "because …"
	fields            []field
	keys              []key
	natural, verbatim func(text string) (map[string]string, bool)
	run               func(t *turn, w words) (chat.Message, error)
	form              func(t *turn) (chat.Form, error)
}

// Spec is the verb as platforms see it.
func (c *Command) Spec() chat.Spec { return c.spec }

// Positional reports whether an option may be typed without its key.
func (c *Command) Positional(option string) bool { return c.option(option).positional }

// about is what a declaration says beside its arguments.
type about struct {
	Name, Help, Example string
	Reads               bool // it changes nothing
	Form                string
	// Natural reads sentences that are not "key: value", such as the protocol's
	// own; false leaves the text to the usual reading.
	Natural func(text string) (map[string]string, bool)
	// Verbatim does the same before a trailing "because" is looked for: for what
	// is pasted whole.
	Verbatim func(text string) (map[string]string, bool)
	// Fill makes the form, with what is known already standing in it.
	Fill func(t *turn) (chat.Form, error)
}

// field is one option and the struct field it is put into.
type field struct {
	chat.Option
	index      int
	positional bool
	rest       bool // takes all the words that are left
	loose      bool // a keyword that may be left out
}

// key is a text that names an option.
type key struct{ text, option string }

// declare makes a verb from a struct of arguments. Its tags say everything:
//
//	help      one line
//	kind      what it holds (default by type)
//	need      "yes" where it must be there
//	pos       "word", "rest" or "keyword": it may be typed without its key
//	alias     further keys, separated by commas
//	choices   the only values, separated by commas
//	complete  what its values are
//
// A mistake in a declaration panics here, hence in every test run.
func declare[A any](a about, do func(t *turn, args A) (chat.Message, error)) Command {
	c := Command{changes: !a.Reads, natural: a.Natural, verbatim: a.Verbatim, form: a.Fill}
	c.spec = chat.Spec{Name: a.Name, Help: a.Help, Example: a.Example, Form: a.Form}
	typ := reflect.TypeFor[A]()
	for i := range typ.NumField() {
		c.addField(i, typ.Field(i))
	}
	slices.SortFunc(c.keys, func(a, b key) int { return cmp.Compare(len(b.text), len(a.text)) })
	c.spec.Usage = c.usage()
	if len(a.Help) > 100 {
		panic("the help of " + a.Name + " is longer than 100 characters")
	}
	c.run = func(t *turn, w words) (chat.Message, error) {
		var args A
		if err := c.bind(t, w, reflect.ValueOf(&args).Elem()); err != nil {
			return chat.Message{}, err
		}
		return do(t, args)
	}
	return c
}

func (c *Command) addField(i int, sf reflect.StructField) {
	tag := sf.Tag
	f := field{index: i, positional: tag.Get("pos") != "", rest: tag.Get("pos") == "rest", loose: tag.Get("pos") == "keyword"}
	f.Option = chat.Option{
		Name: strings.ToLower(sf.Name), Help: tag.Get("help"), Required: tag.Get("need") == "yes",
		Complete: tag.Get("complete"), Kind: chat.Kind(tag.Get("kind")),
	}
	if f.Help == "" || len(f.Help) > 100 {
		panic(fmt.Sprintf("%s %s: an option needs a help of 1 to 100 characters", c.spec.Name, f.Name))
	}
	if choices := tag.Get("choices"); choices != "" {
		f.Choices, f.Kind = strings.Split(choices, ","), chat.Choice
	}
	if f.Kind == "" {
		f.Kind = map[reflect.Kind]chat.Kind{
			reflect.String: chat.Line, reflect.Int: chat.Number,
			reflect.Bool: chat.Yes, reflect.Slice: chat.List, reflect.Struct: chat.Who,
		}[sf.Type.Kind()]
	}
	c.fields = append(c.fields, f)
	c.spec.Options = append(c.spec.Options, f.Option)
	names := []string{f.Name}
	if alias := tag.Get("alias"); alias != "" {
		names = append(names, strings.Split(alias, ",")...)
	}
	for _, name := range names {
		c.keys = append(c.keys, key{name, f.Name})
	}
}

func (c *Command) usage() string {
	parts := []string{c.spec.Name}
	for _, f := range c.fields {
		word := f.Name + ": …"
		if f.positional {
			word = "<" + f.Name + ">"
			if len(f.Choices) > 0 {
				word = strings.Join(f.Choices, "|")
			}
		}
		if !f.Required {
			word = "[" + word + "]"
		}
		parts = append(parts, word)
	}
	if c.changes {
		parts = append(parts, "[because …]")
	}
	return strings.Join(parts, " ")
}

func (c *Command) option(name string) field {
	for _, f := range c.fields {
		if f.Name == name {
			return f
		}
	}
	return field{}
}

// fromArgs takes what a platform sent in fields; an unknown field is a mistake
// of the adapter or of whoever typed it, and is told.
func (c *Command) fromArgs(args map[string]string) (words, error) {
	w := words{values: map[string]string{}}
	for name, value := range args {
		if name == "because" {
			w.because = value
			continue
		}
		if name == inSession {
			continue
		}
		known := false
		for _, k := range c.keys {
			if strings.EqualFold(k.text, name) {
				w.values[k.option], known = value, true
			}
		}
		if !known {
			return w, orchestration.Refuse("`%s` takes no %q", c.spec.Name, name).Try(c.spec.Example)
		}
	}
	return w, nil
}

// bind puts values into the arguments, each understood by its kind.
func (c *Command) bind(t *turn, w words, into reflect.Value) error {
	for _, f := range c.fields {
		text, given := w.values[f.Name]
		text = strings.TrimSpace(text)
		if !given || text == "" {
			if f.Required {
				return orchestration.Refuse("%s is missing: %s", f.Name, f.Help).Try(c.spec.Example)
			}
			continue
		}
		if err := f.set(t, into.Field(f.index), text); err != nil {
			return err
		}
	}
	return nil
}

func (f field) set(t *turn, v reflect.Value, text string) error {
	switch f.Kind {
	case chat.Choice:
		for _, choice := range f.Choices {
			if strings.EqualFold(choice, text) {
				v.SetString(choice)
				return nil
			}
		}
		return orchestration.Refuse("%s can be %s, not %q", f.Name, orList(f.Choices), short(text, 40)).Try(t.examples(near(text, f.Choices))...)
	case chat.Number:
		n, err := strconv.Atoi(strings.TrimPrefix(strings.TrimRight(text, ".:"), "#"))
		if err != nil || n < 0 {
			return orchestration.Refuse("%s is a number, not %q", f.Name, short(text, 40))
		}
		v.SetInt(int64(n))
	case chat.Yes:
		yes, ok := map[string]bool{"yes": true, "y": true, "true": true, "on": true, "no": false, "n": false, "false": false, "off": false}[strings.ToLower(text)]
		if !ok {
			return orchestration.Refuse("%s is yes or no, not %q", f.Name, short(text, 40))
		}
		if v.Kind() == reflect.Pointer {
			v.Set(reflect.ValueOf(&yes))
		} else {
			v.SetBool(yes)
		}
	case chat.List:
		v.Set(reflect.ValueOf(orchestration.SplitList(text)))
	case chat.Names:
		v.Set(reflect.ValueOf(splitNames(text)))
	case chat.Who:
		who, err := t.person(text)
		if err != nil {
			return err
		}
		v.Set(reflect.ValueOf(who))
	default:
		v.SetString(text)
	}
	return nil
}

// examples are near choices as they would be typed.
func (t *turn) examples(choices []string) []string {
	for i, c := range choices {
		choices[i] = t.cmd.spec.Name + " " + c + " …"
	}
	return choices
}

// splitNames reads names separated by commas, "and", "+" or lines; a leading
// bullet and the protocol's "Load" belong to none of them.
func splitNames(text string) []string {
	text = strings.ReplaceAll(text, " and ", ",")
	var out []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '+' || r == '\n' || r == ';' }) {
		part = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(part), "-*•"))
		if rest, ok := cutWord(part, "load"); ok {
			part = rest
		}
		if part != "" {
			out = append(out, part)
		}
	}
	return out
}

// cutWord takes a leading word off, whatever its case.
func cutWord(s, word string) (rest string, ok bool) {
	if len(s) > len(word) && strings.EqualFold(s[:len(word)], word) && (s[len(word)] == ' ' || s[len(word)] == '\n') {
		return strings.TrimSpace(s[len(word):]), true
	}
	return s, false
}

func orList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}
