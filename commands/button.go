package commands

import (
	"strconv"
	"strings"

	"github.com/synthoperator/baton/chat"
)

// button is a command without arguments, or the form of one.
func button(label, typed string) chat.Button {
	verb, rest := nextWord(typed)
	return chat.Button{Label: label, Verb: verb, Form: rest == "form", Typed: typed}
}

// about is a button for one numbered thing. In the channel it says which
// session is meant; in a thread there is only one.
func (s shown) about(label, verb, option string, id int, form bool) chat.Button {
	b := chat.Button{Label: label, Verb: verb, Form: form, Args: map[string]string{option: strconv.Itoa(id)}}
	typed := []string{verb, strconv.Itoa(id)}
	if form {
		typed = []string{verb, "form"}
	}
	if s.t.call.Thread.InChannel() {
		b.Args[inSession] = strconv.Itoa(s.number)
		typed = append(typed, inSession+":", strconv.Itoa(s.number))
	}
	b.Typed = strings.Join(typed, " ")
	return b
}
