package memory

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/synthoperator/baton/chat"
)

// inWords says in words what cannot be shown otherwise: a form that nobody is
// there to fill in, and labels, choices, names and files that are too large.
func (a *Adapter) inWords(m chat.Message) chat.Message {
	l := a.world.o.Limits
	said := slices.Clone(m.Blocks)
	if blank(m.Title) && !slices.ContainsFunc(said, visible) && m.Short != "" {
		said = []chat.Block{chat.Paragraph(m.Short)}
	}
	if width(m.As.Name) > l.Speaker {
		said = append([]chat.Block{chat.Remark(m.As.Name)}, said...)
		m.As.Name = cut(m.As.Name, l.Speaker)[0]
	}
	if m.Form != nil {
		said = append(said, formInWords(*m.Form)...)
		m.Form = nil
	}
	m.Buttons = keep(m.Buttons, &said, func(b chat.Button) (bool, []chat.Block) {
		return l.holds(pressed(b)), []chat.Block{chat.Paragraph("→ " + b.Label + ": " + typed(b))}
	})
	m.Selects = keep(m.Selects, &said, func(s chat.Select) (bool, []chat.Block) {
		return l.holdsSelect(chosen(s)), selectInWords(s)
	})
	m.Files = keep(m.Files, &said, func(f chat.File) (bool, []chat.Block) {
		text := fmt.Sprintf("The file %s (%d bytes) is too large to be shown here.", f.Name, len(f.Data))
		return len(f.Data) <= l.FileSize, []chat.Block{chat.Paragraph(strings.TrimSpace(text + " " + f.Alt))}
	})
	m.Blocks = said
	return m
}

func blank(text string) bool { return strings.TrimSpace(clean(text)) == "" }

func visible(b chat.Block) bool {
	text, _ := Body{Sections: []Section{section(b)}}.display()
	return !blank(text)
}

// keep keeps what can be shown and says the rest.
func keep[T any](all []T, said *[]chat.Block, look func(T) (bool, []chat.Block)) []T {
	var kept []T
	for _, one := range all {
		if shown, words := look(one); shown {
			kept = append(kept, one)
		} else {
			*said = append(*said, words...)
		}
	}
	return kept
}

func (l Limits) holds(b Button) bool {
	n := utf8.RuneCountInString(b.Label)
	return strings.TrimSpace(b.Label) != "" && n <= l.Label && utf8.RuneCountInString(b.Value) <= l.Value
}

func (l Limits) holdsSelect(s Select) bool {
	if !l.holds(Button{s.Label, s.Value}) || len(s.Choices) == 0 {
		return false
	}
	return !slices.ContainsFunc(s.Choices, func(c Button) bool { return !l.holds(c) })
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

func selectInWords(s chat.Select) []chat.Block {
	how := s.Label
	if s.Typed != "" {
		how += ": " + s.Typed
	}
	choices := chat.Bullets{}
	for _, c := range s.Choices {
		text := choiceLabel(c)
		if c.Label != "" && c.Label != c.Text {
			text = c.Text + ": " + text
		}
		choices = append(choices, text)
	}
	return []chat.Block{chat.Paragraph(how), choices}
}

func formInWords(f chat.Form) []chat.Block {
	values := chat.Bullets{}
	for _, in := range f.Inputs {
		text := strings.TrimRight(in.Name+": "+in.Value, " ")
		if in.Help != "" {
			text += " (" + in.Help + ")"
		}
		values = append(values, text)
	}
	return []chat.Block{chat.Paragraph(f.Title), values, chat.Paragraph("→ " + f.Submit + ": " + f.Verb + " form")}
}

// words is a message as one text, where there is room for no more.
func words(m chat.Message) string {
	var lines []string
	for _, text := range []string{m.Title, m.Short} {
		if text != "" {
			lines = append(lines, clean(text))
			break
		}
	}
	for _, block := range m.Blocks {
		s := section(block)
		text, _ := Body{Sections: []Section{s}}.display()
		lines = append(lines, text)
	}
	return strings.Join(lines, "\n")
}
