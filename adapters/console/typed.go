package console

import (
	"maps"
	"slices"
	"strings"

	"github.com/synthoperator/baton/chat"
)

// typed is the line that does what a button does: the one the button names, or
// else the verb, and its arguments by name in the order in which the verb
// declares them; for a button that opens a form, the verb and the word for that.
func (r renderer) typed(b chat.Button) string {
	if b.Typed != "" {
		return b.Typed
	}
	if b.Form {
		return b.Verb + " form"
	}
	var text strings.Builder
	text.WriteString(b.Verb)
	for _, name := range r.order(b.Verb, b.Args) {
		text.WriteString(" " + name + ": " + quoteValue(b.Args[name]))
	}
	return text.String()
}

func (r renderer) order(verb string, args map[string]string) []string {
	var names []string
	for _, option := range r.specs[verb].Options {
		if args[option.Name] != "" {
			names = append(names, option.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(args)) {
		if args[name] != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// quoteValue puts a value in quotes where it would not stand alone, in a pair
// that does not occur in it.
func quoteValue(s string) string {
	s = strings.ReplaceAll(s, "\n", "; ")
	if s != "" && !strings.ContainsAny(s, " \t\"`';:,.“”„«»") {
		return s
	}
	for _, pair := range [...]string{`""`, "“”", "«»", "``"} {
		if !strings.ContainsAny(s, pair) {
			r := []rune(pair)
			return string(r[0]) + s + string(r[1])
		}
	}
	return `"` + strings.ReplaceAll(s, `"`, "'") + `"`
}
