package commands

import (
	"strconv"

	"github.com/synthoperator/baton/chat"
)

// button is a command without arguments on this session, or the form of one.
func (s shown) button(label, typed string) chat.Button {
	verb, rest := nextWord(typed)
	return s.pinned(chat.Button{Label: label, Verb: verb, Form: rest == "form", Args: map[string]string{}, Typed: typed})
}

// pinned says which session a button is for, so that it acts on no other
// wherever it is pressed. Where it is typed in the session's own thread, that
// goes without saying.
func (s shown) pinned(b chat.Button) chat.Button {
	b.Args[inSession] = strconv.Itoa(s.number)
	if s.t.call.Thread.InChannel() && s.t.acted != "" {
		b.Typed += " " + inSession + ": " + strconv.Itoa(s.number)
	}
	return b
}

// about is a button for one numbered thing of this session.
func (s shown) about(label, verb, option string, id int, form bool) chat.Button {
	b := chat.Button{Label: label, Verb: verb, Form: form, Args: map[string]string{option: strconv.Itoa(id)}}
	b.Typed = verb + " " + strconv.Itoa(id)
	if form {
		b.Typed = verb + " form"
	}
	return s.pinned(b)
}

// handOffButton hands off the phase that is open now, and no later one: who
// presses it on an old card meant that phase.
func (s shown) handOffButton() chat.Button {
	b := s.button("Hand off", "handoff form")
	b.Args["phase"] = strconv.Itoa(s.At() + 1)
	return b
}
