package memory

import (
	"encoding/json"
	"maps"
	"regexp"

	"github.com/synthoperator/baton/chat"
)

// value is what a button or a select carries.
type value struct {
	Verb   string            `json:"verb"`
	Args   map[string]string `json:"args,omitempty"`
	Form   bool              `json:"form,omitempty"`
	Option string            `json:"option,omitempty"` // of a select
}

func (v value) String() string {
	text, err := json.Marshal(v)
	if err != nil {
		panic("memory: " + err.Error()) // strings and booleans always can
	}
	return string(text)
}

var (
	botRE   = regexp.MustCompile(`(?i)^\s*(?:[/@]baton|<@baton>)(?:[,:]?\s+|[,:]?$)`)
	namesRE = regexp.MustCompile(`<@([^<>\s&]+)>`)
)

// decode is a delivery as the rest of Baton knows it; false if it means nothing
// to Baton.
func (a *Adapter) decode(d Delivery) (chat.Call, bool) {
	call := chat.Call{ID: d.ID, Thread: d.In, Person: d.Person, At: d.At, Numbered: a.world.o.Numbered}
	switch {
	case d.Form != "":
		form, ok := a.world.form(d)
		if !ok {
			return call, false
		}
		call.Verb, call.Args = form.Verb, maps.Clone(form.Args)
		if call.Args == nil {
			call.Args = map[string]string{}
		}
		for _, in := range form.Inputs {
			call.Args[in.Name] = d.Values[in.Name]
		}
	case d.Value != "":
		var v value
		if err := json.Unmarshal([]byte(d.Value), &v); err != nil || v.Verb == "" {
			return call, false
		}
		call.Verb, call.Args, call.Form = v.Verb, v.Args, v.Form
		if v.Option != "" {
			if call.Args == nil {
				call.Args = map[string]string{}
			}
			call.Args[v.Option] = d.Choice
		}
	default:
		call.Text = d.Text[len(botRE.FindString(d.Text)):]
	}
	call.Mentions = a.world.mentions(d, call)
	return call, true
}

// mentions are the people that a call names.
func (w *World) mentions(d Delivery, call chat.Call) map[string]chat.Person {
	w.mu.Lock()
	defer w.mu.Unlock()
	var people map[string]chat.Person
	texts := []string{call.Text}
	for _, arg := range call.Args {
		texts = append(texts, arg)
	}
	for _, text := range texts {
		for _, m := range namesRE.FindAllStringSubmatch(text, -1) {
			if people == nil {
				people = map[string]chat.Person{}
			}
			name := w.names[d.In.WorkspaceKey()+" "+m[1]]
			if name == "" {
				name = m[1]
			}
			people[m[0]] = chat.Person{ID: m[1], Name: name}
		}
	}
	return people
}
