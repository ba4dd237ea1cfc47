package slack

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	slackgo "github.com/slack-go/slack"
	"github.com/synthoperator/baton/chat"
)

// buttons are rows of buttons. What a press does stands in the button's value;
// the action_id only tells them apart.
func (r *rendered) buttons(all []chat.Button) {
	n := 0
	for row := range slices.Chunk(all, maxButtons) {
		var elements []slackgo.BlockElement
		for _, b := range row {
			value, _ := buttonValue(b)
			elements = append(elements, slackgo.NewButtonBlockElement(fmt.Sprint("press-", n), value, plain(label(b))))
			n++
		}
		r.add(slackgo.NewActionBlock("", elements...))
	}
}

func label(b chat.Button) string { return oneLine(b.Label) }

// holdsButton reports whether a button can be shown.
func holdsButton(b chat.Button) bool {
	_, ok := buttonValue(b)
	return ok && label(b) != "" && units(label(b)) <= maxLabel
}

// menuAction is the action_id of a menu, which says what a choice does: an
// option's value has no room for that.
func menuAction(s chat.Select) (id string, ok bool) {
	data, err := json.Marshal(value{Verb: s.Verb, Args: s.Args, Option: s.Option})
	return string(data), err == nil && len(data) <= maxID
}

func menuLabel(s chat.Select) string { return oneLine(s.Label) }

// menu is a choice. More choices than a menu lists are listed in groups.
func menu(s chat.Select) slackgo.Block {
	id, _ := menuAction(s)
	var groups []*slackgo.OptionGroupBlockObject
	for some := range slices.Chunk(s.Choices, maxChoices) {
		var options []*slackgo.OptionBlockObject
		for _, c := range some {
			options = append(options, option(c))
		}
		first, last := options[0].Text.Text, options[len(options)-1].Text.Text
		name := shorten(first, maxLabel/2-2) + " … " + shorten(last, maxLabel/2-2)
		groups = append(groups, slackgo.NewOptionGroupBlockElement(plain(name), options...))
	}
	element := slackgo.NewOptionsGroupSelectBlockElement(slackgo.OptTypeStatic, plain(menuLabel(s)), id, groups...)
	if len(groups) == 1 {
		element = slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeStatic, plain(menuLabel(s)), id, groups[0].Options...)
	}
	return slackgo.NewActionBlock("", element)
}

func option(c chat.Suggestion) *slackgo.OptionBlockObject {
	o := slackgo.NewOptionBlockObject(c.Text, plain(choiceLabel(c)), nil)
	if detail := oneLine(c.Detail); detail != "" && detail != choiceLabel(c) && units(detail) <= maxLabel {
		o.Description = plain(detail)
	}
	return o
}

func choiceLabel(c chat.Suggestion) string {
	if l := oneLine(c.Label); l != "" {
		return l
	}
	return oneLine(c.Text)
}

func choiceUnits(c chat.Suggestion) int {
	return units(choiceLabel(c)) + min(units(oneLine(c.Detail)), maxLabel)
}

// holdsMenu reports whether a choice can be made by a menu.
func holdsMenu(s chat.Select) bool {
	_, ok := menuAction(s)
	if !ok || menuLabel(s) == "" || units(menuLabel(s)) > maxPlaceholder || len(s.Choices) == 0 {
		return false
	}
	return !slices.ContainsFunc(s.Choices, func(c chat.Suggestion) bool { return !holdsChoice(c) })
}

// holdsChoice reports whether something can be chosen by what it is called, and
// comes back as it was.
func holdsChoice(c chat.Suggestion) bool {
	l := choiceLabel(c)
	return l != "" && units(l) <= maxLabel && c.Text != "" && units(c.Text) <= maxChoice && c.Text == clean(c.Text)
}

// toType is what does the same as a button.
func toType(b chat.Button) string {
	switch {
	case b.Typed != "":
		return b.Typed
	case b.Form:
		return b.Verb + " form"
	}
	text := b.Verb
	for _, name := range slices.Sorted(maps.Keys(b.Args)) {
		text += " " + name + ": " + b.Args[name]
	}
	return text
}

// menuInWords is a choice for those who type.
func menuInWords(s chat.Select) []chat.Block {
	how := s.Label
	if s.Typed != "" {
		how += ": " + s.Typed
	}
	choices := chat.Bullets{}
	for _, c := range s.Choices {
		text := c.Text
		if c.Label != "" && c.Label != c.Text {
			text += ": " + c.Label
		}
		if c.Detail != "" {
			text += " – " + c.Detail
		}
		choices = append(choices, text)
	}
	return []chat.Block{chat.Paragraph(how), choices}
}

// sayDetails says those details of choices that a menu has no room for, and
// returns the choices without them.
func sayDetails(all []chat.Suggestion, said *[]chat.Block) []chat.Suggestion {
	var list chat.Bullets
	kept := slices.Clone(all)
	for i, c := range kept {
		if units(oneLine(c.Detail)) > maxLabel {
			list = append(list, choiceLabel(c)+": "+strings.TrimSpace(c.Detail))
			kept[i].Detail = ""
		}
	}
	if len(list) > 0 {
		*said = append(*said, list)
	}
	return kept
}
