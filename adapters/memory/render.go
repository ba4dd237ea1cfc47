package memory

import (
	"fmt"
	"strings"

	"github.com/synthoperator/baton/chat"
)

// render is a message as it is sent. It drops nothing; a message that the world
// does not hold has to be split before.
func (a *Adapter) render(m chat.Message) Body {
	b := Body{
		Speaker: escape(m.As.Name), Emoji: clean(m.As.Emoji), Avatar: m.As.Avatar, Color: m.As.Color,
		Notice: a.notice(m),
	}
	if len(m.To) > 0 {
		b.Sections = append(b.Sections, Section{Style: Plain, Text: addressed(m.To)})
	}
	if m.Title != "" {
		b.Sections = append(b.Sections, Section{Style: Heading, Text: escape(m.Title)})
	}
	for _, block := range m.Blocks {
		if s := section(block); s.size() > 0 {
			b.Sections = append(b.Sections, s)
		}
	}
	for _, button := range m.Buttons {
		b.Buttons = append(b.Buttons, pressed(button))
	}
	for _, s := range m.Selects {
		b.Selects = append(b.Selects, chosen(s))
	}
	for _, f := range m.Files {
		f.Name, f.Alt = escape(f.Name), escape(f.Alt)
		b.Files = append(b.Files, f)
	}
	return b
}

// notice is what a notification shows: one line, cut where it is too long.
func (a *Adapter) notice(m chat.Message) string {
	text := m.Short
	if text == "" {
		text = m.Title
	}
	text = strings.ReplaceAll(clean(text), "\n", " ")
	most := a.world.o.Limits.Notice
	if width(text) <= most {
		return escape(text)
	}
	return escape(cut(text, most-1)[0]) + "…"
}

func addressed(people []chat.Person) string {
	var names []string
	for _, p := range people {
		names = append(names, mention(p))
	}
	return strings.Join(names, " ")
}

func section(block chat.Block) Section {
	switch b := block.(type) {
	case chat.Paragraph:
		return Section{Style: Plain, Text: escape(string(b))}
	case chat.Rich:
		return Section{Style: Marked, Text: escape(string(b))}
	case chat.Bullets:
		var items []string
		for _, item := range b {
			if !blank(item) {
				items = append(items, bullet(item))
			}
		}
		return Section{Style: Plain, Text: strings.Join(items, "\n")}
	case chat.Fields:
		s := Section{Style: Pairs}
		for _, f := range b {
			s.Pairs = append(s.Pairs, [2]string{escape(f.Name), escape(f.Value)})
		}
		return s
	case chat.Code:
		return Section{Style: Fixed, Text: escape(string(b))}
	case chat.Remark:
		return Section{Style: Small, Text: escape(string(b))}
	case chat.Progress:
		return Section{Style: Small, Text: fmt.Sprintf("%d of %d done", b.Done, b.Of)}
	case chat.Pointer:
		text := escape(b.Label)
		if b.To.Link != "" {
			text += " → " + escape(b.To.Link)
		}
		return Section{Style: Plain, Text: text}
	}
	panic(fmt.Sprintf("memory: a block of the kind %T", block))
}

func bullet(item string) string {
	return "- " + strings.ReplaceAll(escape(item), "\n", "\n  ")
}

func pressed(b chat.Button) Button {
	return Button{Label: escape(b.Label), Value: value{Verb: b.Verb, Args: b.Args, Form: b.Form}.String()}
}

func chosen(s chat.Select) Select {
	out := Select{Label: escape(s.Label), Value: value{Verb: s.Verb, Args: s.Args, Option: s.Option}.String()}
	for _, c := range s.Choices {
		out.Choices = append(out.Choices, Button{Label: escape(choiceLabel(c)), Value: c.Text})
	}
	return out
}

func choiceLabel(c chat.Suggestion) string {
	label := c.Label
	if label == "" {
		label = c.Text
	}
	if c.Detail != "" {
		label += " – " + c.Detail
	}
	return label
}

// width is how many characters a clean text has as markup.
func width(text string) int {
	n := 0
	for _, r := range text {
		n += wide(r)
	}
	return n
}

func wide(r rune) int {
	switch r {
	case '<', '>':
		return len("&lt;")
	case '&':
		return len("&amp;")
	}
	return 1
}
