package commands

import (
	"strconv"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
)

// pinForm says which session a form is for, so that what is entered acts on no
// other. A form for the channel, or for a session to be started, names none.
func (t *turn) pinForm(f *chat.Form) error {
	id, ok, err := t.lookUp()
	if err != nil || !ok {
		return err
	}
	n, err := t.r.store.Number(t.ctx, id)
	if err != nil {
		return err
	}
	if f.Args == nil {
		f.Args = map[string]string{}
	}
	f.Args[inSession] = strconv.Itoa(n)
	return nil
}

// open answers with the verb's form. What is entered comes back as a call of
// the same verb, through the same gate.
func (c *Command) open(t *turn, w words) (chat.Message, error) {
	if len(c.fields) == 0 {
		return chat.Message{}, orchestration.Refuse("`%s` takes nothing, so it has no form", c.spec.Name).Try(c.spec.Example)
	}
	f := chat.Form{Submit: c.spec.Form}
	if c.form != nil {
		var err error
		if f, err = c.form(t); err != nil {
			return chat.Message{}, err
		}
	}
	if was := w.values["phase"]; was != "" && f.Args["phase"] != "" && was != f.Args["phase"] {
		return chat.Message{}, orchestration.Refuse("that button was for phase %s, and phase %s is open by now", short(was, 10), f.Args["phase"]).
			Try("status", c.spec.Name+" form")
	}
	f.Verb = c.spec.Name
	if err := t.pinForm(&f); err != nil {
		return chat.Message{}, err
	}
	if f.Title == "" {
		f.Title = upperFirst(c.spec.Name)
	}
	if f.Submit == "" {
		f.Submit = upperFirst(c.spec.Name)
	}
	if f.Inputs == nil {
		for _, o := range c.spec.Options {
			f.Inputs = append(f.Inputs, chat.Input{Option: o})
		}
	}
	for i, in := range f.Inputs {
		if v, ok := w.values[in.Name]; ok {
			f.Inputs[i].Value = v
		}
	}
	return chat.Message{Form: &f, Only: true}, nil
}
