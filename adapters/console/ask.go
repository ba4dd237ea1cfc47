package console

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/synthoperator/baton/chat"
)

// errElsewhere says that a line typed into a form begins as one that is said
// somewhere else.
var errElsewhere = errors.New("said elsewhere")

const leftForm = "left the form; nothing was changed"

// ask asks for a form's values, one question for each. Nothing typed keeps what
// stands there, a full stop alone clears it. Ctrl-D, Ctrl-C or a line with a
// prefix leaves the form; then the arguments are nil and nothing is sent.
func (t *talk) ask(form chat.Form) (map[string]string, error) {
	t.form = true
	defer func() { t.form = false }()
	how := "(Enter keeps what stands there, . alone clears it, Ctrl-D or Ctrl-C leaves the form)"
	t.print(chat.Thread{}, append(plainRows(form.Title), row{text: how}))
	args := maps.Clone(form.Args)
	if args == nil {
		args = map[string]string{}
	}
	for i, input := range form.Inputs {
		which := fmt.Sprintf("field %d of %d, ", i+1, len(form.Inputs))
		t.print(chat.Thread{}, about(which, input))
		value, err := t.question(input)
		switch {
		case errors.Is(err, io.EOF):
			t.print(chat.Thread{}, []row{{text: leftForm}})
			return nil, nil
		case errors.Is(err, errElsewhere):
			t.print(chat.Thread{}, []row{{text: leftForm + ". That line names who speaks where: to say it, press ↑ and Enter"}})
			return nil, nil
		case err != nil:
			return nil, err
		}
		args[input.Name] = value
	}
	return args, nil
}

// again is the form to ask for after an answer: the one it brings, or the one
// that was sent where that came to nothing; in either what was entered stands.
func again(sent *chat.Form, m chat.Message) *chat.Form {
	switch {
	case sent == nil || !m.Refused && !m.Fault:
		return m.Form
	case m.Form == nil:
		return sent
	}
	entered := map[string]string{}
	for _, input := range sent.Inputs {
		entered[input.Name] = input.Value
	}
	form := holding(*m.Form, entered)
	return &form
}

// holding is a form with those values in its inputs.
func holding(form chat.Form, values map[string]string) chat.Form {
	form.Inputs = slices.Clone(form.Inputs)
	for i, input := range form.Inputs {
		if value, ok := values[input.Name]; ok {
			form.Inputs[i].Value = value
		}
	}
	return form
}

// question asks until the answer is one the input can hold.
func (t *talk) question(in chat.Input) (string, error) {
	for {
		value, err := t.value(in)
		if err != nil {
			return "", err
		}
		value, why := settle(in, value)
		if why == "" {
			return value, nil
		}
		t.print(chat.Thread{}, []row{{text: why}})
	}
}

// about is what a question says: which one it is, its help, its choices, what
// stands there.
func about(which string, in chat.Input) []row {
	text := which + in.Name
	if in.Help != "" {
		text += ": " + in.Help
	}
	if several(in) {
		text += " (an empty line ends it)"
	}
	rows := plainRows(text)
	for i, choice := range in.Choices {
		rows = append(rows, row{text: "  " + strconv.Itoa(i+1) + " " + clean(choice)})
	}
	if in.Value != "" {
		rows = append(rows, hanging("  now: ", clean(in.Value))...)
	}
	return rows
}

// several reports whether an input holds several lines.
func several(in chat.Input) bool {
	return in.Kind == chat.Text || in.Kind == chat.List
}

// value reads one answer; of several lines where the input holds such.
func (t *talk) value(in chat.Input) (string, error) {
	first, err := t.entry(in.Name + "> ")
	if err != nil || !several(in) || first == "" || first == "." {
		return first, err
	}
	all := []string{first}
	for {
		next, err := t.entry(strings.Repeat(" ", len(in.Name)) + "> ")
		if err != nil {
			return "", err
		}
		if next == "" {
			return strings.Join(all, "\n"), nil
		}
		all = append(all, next)
	}
}

// entry is one line typed into a form.
func (t *talk) entry(prompt string) (string, error) {
	text, err := t.said(prompt)
	if first, _, _ := strings.Cut(text, "\n"); err == nil && prefixRE.MatchString(first) {
		return "", errElsewhere
	}
	return text, err
}

// settle turns what was typed into a value, or says why it is none.
func settle(in chat.Input, typed string) (value, why string) {
	switch typed {
	case "":
		value = in.Value
	case ".":
		value = ""
	default:
		value = typed
	}
	switch {
	case value == "" && in.Required:
		return "", in.Name + " is needed"
	case len(value) > maxSaid:
		return "", in.Name + " has more than " + size(maxSaid) + ": save it and link it instead"
	case value == "" || typed == "":
		return value, ""
	case len(in.Choices) > 0:
		return choose(in.Choices, value)
	case in.Kind == chat.Number:
		if _, err := strconv.Atoi(value); err != nil {
			return "", in.Name + " is a whole number"
		}
	case in.Kind == chat.Yes:
		return choose([]string{"yes", "no"}, strings.ToLower(value))
	}
	return value, ""
}

// choose finds the choice that was meant: by its number, its text, or the one
// that begins so.
func choose(choices []string, typed string) (value, why string) {
	if n, err := strconv.Atoi(typed); err == nil && n >= 1 && n <= len(choices) {
		return choices[n-1], ""
	}
	var found []string
	for _, choice := range choices {
		if strings.EqualFold(choice, typed) {
			return choice, ""
		}
		if strings.HasPrefix(strings.ToLower(choice), strings.ToLower(typed)) {
			found = append(found, choice)
		}
	}
	if len(found) == 1 {
		return found[0], ""
	}
	return "", "one of " + strings.Join(choices, ", ") + ", or its number"
}

// mentionsOf are the people that any of the values names.
func mentionsOf(args map[string]string) map[string]chat.Person {
	return mentions(slices.Collect(maps.Values(args))...)
}
