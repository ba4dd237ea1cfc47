package discordtest

import (
	"fmt"
	"slices"
)

// Values are what a person fills into a modal, by the custom_id of its fields:
// a string, several strings, or true and false for a checkbox. What is left out
// stays as the form came.
type Values map[string]any

// Submit sends the modal that an interaction opened. It can be sent once; what
// the client would not let a person send is an error.
func (m *Member) Submit(opened *Interaction, values Values) (*Interaction, error) {
	s := m.Guild.s
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case opened.modal == nil:
		return nil, fmt.Errorf("no form is open")
	case opened.sent:
		return nil, fmt.Errorf("the form was sent already")
	case opened.who.User != m.User:
		return nil, fmt.Errorf("the form is open for %s", opened.who.User.Name)
	}
	for id := range values {
		if !slices.ContainsFunc(opened.modal.Fields, func(f Field) bool { return f.CustomID == id }) {
			return nil, fmt.Errorf("the form has no field %q", id)
		}
	}
	parts := []object{}
	for _, shape := range opened.shapes {
		part, err := filledIn(shape, opened.modal.Fields, values)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	opened.sent = true
	data := object{"custom_id": opened.modal.CustomID, "components": parts}
	i := m.act(opened.app, opened.channel, modalInteraction, data, opened.source)
	i.opener = opened
	return i, nil
}

// filledIn is one of a modal's parts as it is sent: a Label with its component,
// a row with its text input, or a text (D:components/reference).
func filledIn(shape object, fields []Field, values Values) (object, error) {
	kind, _ := whole(shape["type"])
	out := object{"type": kind, "id": shape["id"]}
	switch kind {
	case label:
		c, err := entered(shape["component"].(object), fields, values)
		out["component"] = c
		return out, err
	case actionRow:
		c, err := entered(objects(shape["components"])[0], fields, values)
		out["components"] = []object{c}
		return out, err
	}
	return out, nil
}

func entered(c object, fields []Field, values Values) (object, error) {
	f := fields[slices.IndexFunc(fields, func(f Field) bool { return f.CustomID == c["custom_id"] })]
	out := object{"type": f.Type, "id": c["id"], "custom_id": f.CustomID}
	v, given := values[f.CustomID]
	switch f.Type {
	case textInput:
		text := f.Value
		if given {
			text, _ = v.(string)
		}
		out["value"] = text
		return out, writable(f, text)
	case checkbox:
		on, _ := v.(bool)
		out["value"] = on
		return out, nil
	case radioGroup:
		chosen, _ := v.(string)
		if !given {
			chosen = defaults(f)[0]
		}
		out["value"] = nil
		if chosen == "" && !f.Required {
			return out, nil
		}
		out["value"] = chosen
		return out, choosable(f, []string{chosen})
	}
	all := []string{}
	switch v := v.(type) {
	case string:
		all = append(all, v)
	case []string:
		all = append(all, v...)
	case nil:
		all = slices.DeleteFunc(defaults(f), func(v string) bool { return v == "" })
	}
	out["values"] = all
	if len(all) == 0 && !f.Required {
		return out, nil
	}
	return out, choosable(f, all)
}

// defaults are the options that are chosen already; at least one, that may be
// empty.
func defaults(f Field) []string {
	var out []string
	for _, o := range f.Options {
		if o.Default {
			out = append(out, o.Value)
		}
	}
	if len(out) == 0 {
		return []string{""}
	}
	return out
}

func writable(f Field, text string) error {
	n := length(text)
	switch {
	case n == 0 && !f.Required:
		return nil
	case n == 0:
		return fmt.Errorf("the field %q has to be filled in", f.CustomID)
	case n < f.MinLength || n > f.MaxLength:
		return fmt.Errorf("the field %q takes %d to %d characters", f.CustomID, f.MinLength, f.MaxLength)
	}
	return nil
}
