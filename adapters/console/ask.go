package console

import (
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/synthoperator/baton/chat"
)

// ask asks for a form's values, one question for each. Nothing typed keeps what
// stands there, a full stop alone clears it; Ctrl-D leaves the form, and then
// the arguments are nil and nothing is sent.
func (t *talk) ask(form chat.Form) (map[string]string, error) {
	how := "(Enter keeps what stands there, . alone clears it, Ctrl-D leaves the form)"
	t.print(chat.Thread{}, append(plainRows(form.Title), row{text: how}))
	args := maps.Clone(form.Args)
	if args == nil {
		args = map[string]string{}
	}
	for _, input := range form.Inputs {
		value, err := t.question(input)
		if errors.Is(err, io.EOF) {
			t.print(chat.Thread{}, []row{{text: "left; nothing was sent"}})
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		args[input.Name] = value
	}
	return args, nil
}

// question asks until the answer is one the input can hold.
func (t *talk) question(in chat.Input) (string, error) {
	t.print(chat.Thread{}, about(in))
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

// about is what a question says: its help, its choices, what stands there.
func about(in chat.Input) []row {
	text := in.Name
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
	first, err := t.said(in.Name + "> ")
	if err != nil || !several(in) || first == "" || first == "." {
		return first, err
	}
	all := []string{first}
	for {
		next, err := t.said(strings.Repeat(" ", len(in.Name)) + "> ")
		if errors.Is(err, io.EOF) || err == nil && next == "" {
			return strings.Join(all, "\n"), nil
		}
		if err != nil {
			return "", err
		}
		all = append(all, next)
	}
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
