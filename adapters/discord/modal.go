package discord

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/synthoperator/baton/chat"
)

// modalData is a form as a callback of type 9 opens it
// (D:interactions/receiving-and-responding, Modal).
type modalData struct {
	CustomID   string      `json:"custom_id"`
	Title      string      `json:"title"`
	Components []component `json:"components"`
}

// errTooLong says that a form cannot hold what is to stand in it. It is opened
// in no shorter form: whoever signs it would leave out what it lacks.
var errTooLong = errors.New("what stands in this form is longer than Discord lets a form be; type the command instead")

// modal is a form as it is opened. What the call of whoever submits it needs is
// in its custom_id: see [formMeta].
func (a *Adapter) modal(ctx context.Context, f chat.Form, meta formMeta) (modalData, error) {
	if len(f.Inputs) == 0 {
		return modalData{}, fmt.Errorf("the form %q asks for nothing", f.Title)
	}
	inputs, more := arranged(f.Inputs)
	meta.Verb, meta.Args, meta.More = f.Verb, f.Args, nil
	out := modalData{Title: short(f.Title, maxModalTitle)}
	if out.Title == "" {
		out.Title = short(f.Verb, maxModalTitle)
	}
	for _, in := range inputs {
		c, err := labelled(in)
		if err != nil {
			return modalData{}, err
		}
		out.Components = append(out.Components, c)
	}
	if len(more) > 0 {
		c, err := others(more)
		if err != nil {
			return modalData{}, err
		}
		out.Components = append(out.Components, c)
		for _, in := range more {
			meta.More = append(meta.More, in.Name)
		}
	}
	var err error
	out.CustomID, err = meta.custom(ctx, a.o.Keep)
	return out, err
}

// arranged are the inputs that get a field of their own, and those that share
// the last one where there are too many. Those that have to be filled in, and
// those in which something stands, come first.
func arranged(all []chat.Input) (own, shared []chat.Input) {
	if len(all) <= maxModalInputs {
		return all, nil
	}
	rank := func(in chat.Input) int {
		switch {
		case in.Required:
			return 0
		case in.Value != "":
			return 1
		}
		return 2
	}
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return rank(all[i]) - rank(all[j]) })
	first := order[:maxModalInputs-1]
	for i, in := range all {
		if slices.Contains(first, i) {
			own = append(own, in)
		} else {
			shared = append(shared, in)
		}
	}
	return own, shared
}

// labelled is one input with its label.
func labelled(in chat.Input) (component, error) {
	field, err := inputField(in)
	if err != nil {
		return component{}, err
	}
	return component{Type: fieldLabel, Label: labelOf(cmp.Or(in.Label, in.Name)), Description: short(in.Help, maxLabelHelp), Component: &field}, nil
}

func labelOf(name string) string {
	text := strings.ReplaceAll(inOneLine(name), "_", " ")
	if text == "" {
		text = "value"
	}
	return short(upperFirst(text), maxLabel)
}

// inputField is what is filled in. Choices are shown where there are few enough
// and what stands there is one of them; everything else is text.
func inputField(in chat.Input) (component, error) {
	out := component{CustomID: short(in.Name, maxCustomID), Required: &in.Required}
	choices := in.Choices
	if in.Kind == chat.Yes && len(choices) == 0 {
		choices = []string{"yes", "no"}
	}
	fits := len(choices) >= minRadioChoices && len(choices) <= maxSelectChoices && (in.Value == "" || slices.Contains(choices, in.Value))
	for i, c := range choices {
		fits = fits && !blank(c) && units(c) <= maxOption && !slices.Contains(choices[:i], c)
	}
	if fits {
		out.Type = radioGroup
		if len(choices) > maxRadioChoices {
			out.Type = stringSelect
		}
		for _, c := range choices {
			out.Options = append(out.Options, option{Label: c, Value: c, Default: c == in.Value})
		}
		return out, nil
	}
	out.Type, out.Style, out.Value = textInput, oneLine, clean(in.Value)
	if in.Kind == chat.Text || in.Kind == chat.List || strings.Contains(out.Value, "\n") {
		out.Style = manyLines
	}
	if len(choices) > 0 {
		out.Placeholder = short(strings.Join(choices, ", "), maxInputExample)
	}
	out.MaxLength = maxInputValue
	if units(out.Value) > maxInputValue {
		return component{}, errTooLong
	}
	return out, nil
}

// moreField is the custom_id of the field that several inputs share.
const moreField = "baton:more"

// others is one field for several inputs, a line "name: value" for each.
func others(all []chat.Input) (component, error) {
	var lines []string
	var names []string
	for _, in := range all {
		lines = append(lines, strings.TrimRight(in.Name+": "+clean(in.Value), " "))
		names = append(names, labelOf(in.Name))
	}
	text, no := strings.Join(lines, "\n"), false
	if units(text) > maxInputValue {
		return component{}, errTooLong
	}
	return component{
		Type: fieldLabel, Label: short(strings.Join(names, ", "), maxLabel),
		Description: "What you leave empty is left out; leave the names as they are",
		Component:   &component{Type: textInput, Style: manyLines, CustomID: moreField, Value: text, MaxLength: maxInputValue, Required: &no},
	}, nil
}

// short is a text in one line, cut where it is too long for what only labels
// something.
func short(text string, most int) string {
	text = inOneLine(text)
	if units(text) <= most {
		return text
	}
	return cut(text, most-1, most-1, func(r rune) int { return units(string(r)) })[0] + "…"
}
