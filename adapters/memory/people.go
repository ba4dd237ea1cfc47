package memory

import (
	"fmt"

	"github.com/synthoperator/baton/chat"
)

// Say is what somebody says to Baton in a thread or channel. It stands there
// for everybody; <@id> in it names a person.
func (w *World) Say(p chat.Person, in chat.Thread, text string) Delivery {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.chat(p, in, text, "")
	return w.act(Delivery{In: in, Person: p, Text: text})
}

// Talk is what people say to each other: Baton is not told. With a key it is
// somebody who tries to pass for a post of Baton's.
func (w *World) Talk(p chat.Person, in chat.Thread, text, key string) Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	return *w.chat(p, in, text, key)
}

func (w *World) chat(p chat.Person, in chat.Thread, text, key string) *Message {
	return w.say(in, Message{Author: p, Key: key, Text: text})
}

// Press presses the button with that label; an error if the message has none.
func (w *World) Press(p chat.Person, m Message, label string) (Delivery, error) {
	for _, b := range m.Body.Buttons {
		if display(b.Label) == label {
			return w.PressValue(p, m, b.Value), nil
		}
	}
	return Delivery{}, fmt.Errorf("there is no button %q", label)
}

// PressValue presses a button with any value, one that Baton never made too.
func (w *World) PressValue(p chat.Person, m Message, value string) Delivery {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.act(Delivery{In: m.Ref.Thread, Person: p, Value: value})
}

// Choose chooses in the select of that label; an error if it has no such choice.
func (w *World) Choose(p chat.Person, m Message, label, choice string) (Delivery, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range m.Body.Selects {
		for _, c := range s.Choices {
			if display(s.Label) == label && display(c.Label) == choice {
				return w.act(Delivery{In: m.Ref.Thread, Person: p, Value: s.Value, Choice: c.Value}), nil
			}
		}
	}
	return Delivery{}, fmt.Errorf("there is no choice %q of %q", choice, label)
}

// Form is a form that is open in front of somebody.
type Form struct {
	ID   string
	In   chat.Thread
	Form chat.Form // as it was opened; what was entered since stands in its inputs
	Note string    // why it was not taken, once it was submitted
}

// Forms are the forms that are open in front of somebody.
func (w *World) Forms(p chat.Person, in chat.Thread) []Form {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]Form(nil), w.forms[p.Key(in)]...)
}

// Submit sends a form with those values; an input without one is sent as it
// stands. The form stays open until Baton has taken it.
func (w *World) Submit(p chat.Person, f Form, values map[string]string) Delivery {
	w.mu.Lock()
	defer w.mu.Unlock()
	sent := map[string]string{}
	for _, in := range f.Form.Inputs {
		sent[in.Name] = in.Value
	}
	for name, value := range values {
		sent[name] = value
	}
	return w.act(Delivery{In: f.In, Person: p, Form: f.ID, Values: sent})
}
