package discord

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/synthoperator/baton/chat"
)

// inWords says in words what Discord has no room for: a form that nobody is
// there to fill in, controls beyond its limits, names and files that are too
// large. It changes nothing in what it has made.
func inWords(m chat.Message) chat.Message {
	w := &words{said: slices.Clone(m.Blocks)}
	if blank(m.Title) && !slices.ContainsFunc(w.said, visible) && !blank(m.Short) {
		w.said = []chat.Block{chat.Paragraph(m.Short)}
	}
	if name := inOneLine(m.As.Name); units(plainLine(name)) > maxSpeaker {
		w.said = append([]chat.Block{chat.Remark(name)}, w.said...)
		m.As.Name = cut(name, maxSpeaker, maxSpeaker, width)[0]
	}
	if m.Form != nil {
		w.form(*m.Form)
		m.Form = nil
	}
	m.Buttons = w.buttons(m.Buttons)
	m.Selects = w.selects(m.Selects)
	m.Files = w.files(m.Files)
	m.Blocks = w.said
	return m
}

const (
	maxSpeaker = 100 // units of a speaker's name over a message
	maxButtons = 25  // of one message: five rows, as many as there were before Components V2
	maxSelects = 5   // of one message
)

// words gathers what is said instead.
type words struct{ said []chat.Block }

func (w *words) say(text string) { w.said = append(w.said, chat.Paragraph(text)) }

// same is what a control stands for as one text: two of them in one message
// would have one custom_id.
func same(verb string, args map[string]string, more ...any) string {
	text, _ := json.Marshal([]any{verb, args, more})
	return string(text)
}

// buttons keeps those that can be pressed. The others say what to type.
func (w *words) buttons(all []chat.Button) []chat.Button {
	var kept []chat.Button
	seen := map[string]bool{}
	var list chat.Bullets
	for _, b := range all {
		is := same(b.Verb, b.Args, b.Form)
		if label := inOneLine(b.Label); blank(label) || units(label) > maxButtonLabel || seen[is] || len(kept) == maxButtons {
			list = append(list, b.Label+": "+typed(b))
			continue
		}
		seen[is] = true
		kept = append(kept, b)
	}
	if len(list) > 0 {
		w.said = append(w.said, list)
	}
	return kept
}

// typed is what does the same as a button.
func typed(b chat.Button) string {
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

// selects keeps those that can be chosen from, with as many choices as there is
// room for. The others are listed with what to type.
func (w *words) selects(all []chat.Select) []chat.Select {
	var kept []chat.Select
	seen := map[string]bool{}
	for _, s := range all {
		is := same(s.Verb, s.Args, "select", s.Option)
		label := inOneLine(s.Label)
		fits := !blank(label) && units(label) <= maxPlaceholder && !seen[is] && len(kept) < maxSelects
		var choices, rest []chat.Suggestion
		values := map[string]bool{}
		for _, c := range s.Choices {
			if fits && len(choices) < maxOptions && choosable(c) && !values[c.Text] {
				values[c.Text] = true
				choices = append(choices, c)
			} else {
				rest = append(rest, c)
			}
		}
		if len(choices) > 0 {
			seen[is] = true
			s.Choices = choices
			kept = append(kept, s)
		}
		if len(rest) > 0 || len(choices) == 0 {
			w.choices(s, rest)
		}
	}
	return kept
}

func choosable(c chat.Suggestion) bool {
	label := inOneLine(choiceLabel(c))
	return !blank(label) && units(label) <= maxOption && !blank(c.Text) && units(c.Text) <= maxOption &&
		c.Text == strings.TrimSpace(clean(c.Text)) && units(inOneLine(c.Detail)) <= maxOption
}

func choiceLabel(c chat.Suggestion) string {
	if !blank(c.Label) {
		return c.Label
	}
	return c.Text
}

func (w *words) choices(s chat.Select, rest []chat.Suggestion) {
	how := s.Label
	if s.Typed != "" {
		how += ": " + s.Typed
	}
	var list chat.Bullets
	for _, c := range rest {
		text := choiceLabel(c)
		if c.Text != text {
			text = c.Text + ": " + text
		}
		if c.Detail != "" {
			text += " – " + c.Detail
		}
		list = append(list, text)
	}
	w.say(how)
	w.said = append(w.said, list)
}

func (w *words) form(f chat.Form) {
	w.say(f.Title)
	var values chat.Bullets
	for _, in := range f.Inputs {
		text := strings.TrimRight(in.Name+": "+in.Value, " ")
		if in.Help != "" {
			text += " (" + in.Help + ")"
		}
		values = append(values, text)
	}
	w.said = append(w.said, values)
	w.say(strings.TrimLeft(f.Submit+": "+f.Verb+" form", ": "))
}

// files keeps those that can be sent, under names that stay as they are, each
// once. What becomes of the others is said.
func (w *words) files(all []chat.File) []chat.File {
	var kept []chat.File
	names := map[string]bool{}
	for _, f := range all {
		switch {
		case len(f.Data) > maxFile:
			w.say(fmt.Sprintf("The file %s (%d bytes) is larger than Discord takes. %s", f.Name, len(f.Data), f.Alt))
			continue
		case len(f.Data) == 0:
			w.say(fmt.Sprintf("The file %s is empty. %s", f.Name, f.Alt))
			continue
		}
		name := plainName(f.Name)
		for n := 2; names[name]; n++ {
			name = fmt.Sprintf("%d-%s", n, plainName(f.Name))
		}
		names[name] = true
		if name != f.Name {
			w.said = append(w.said, chat.Remark(name+": "+f.Name))
			f.Name = name
		}
		if alt := inOneLine(f.Alt); units(alt) > maxAlt {
			w.said = append(w.said, chat.Remark(name+": "+alt))
			f.Alt = ""
		}
		kept = append(kept, f)
	}
	return kept
}
