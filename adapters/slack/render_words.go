package slack

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/synthoperator/baton/chat"
)

// grants is what an installation allows beyond saying something.
type grants struct {
	files     bool // files:write
	customize bool // chat:write.customize
}

// inWords says in words what cannot be shown otherwise: a form that nobody is
// there to fill in, labels, values and names that are too long, and files where
// none can be uploaded.
func inWords(m chat.Message, g grants) chat.Message {
	said := slices.Clone(m.Blocks)
	if blank(m.Title) && !slices.ContainsFunc(said, visible) && !blank(m.Short) {
		said = []chat.Block{chat.Paragraph(m.Short)}
	}
	m.As.Name = oneLine(m.As.Name)
	if units(m.As.Emoji) > maxSpeaker/4 { // no one emoji is as long
		m.As.Emoji = ""
	}
	if name, _ := username(m.As); units(name) > maxSpeaker {
		said = append([]chat.Block{chat.Remark(m.As.Name)}, said...)
		most := maxSpeaker - units(name) + units(m.As.Name) // what keeps it from mentioning anybody takes room too
		m.As.Name = shorten(m.As.Name, max(most, maxSpeaker/3))
	}
	if m.Form != nil {
		said = append(said, formInWords(*m.Form)...)
		m.Form = nil
	}
	m.Buttons = keep(m.Buttons, &said, func(b chat.Button) (bool, []chat.Block) {
		return holdsButton(b), []chat.Block{chat.Paragraph("→ " + b.Label + ": " + toType(b))}
	})
	m.Selects = keep(m.Selects, &said, func(s chat.Select) (bool, []chat.Block) {
		if !holdsMenu(s) {
			return false, menuInWords(s)
		}
		return true, nil
	})
	for i := range m.Selects {
		m.Selects[i].Choices = sayDetails(m.Selects[i].Choices, &said)
	}
	m.Files = keep(m.Files, &said, func(f chat.File) (bool, []chat.Block) {
		if !g.files || len(f.Data) == 0 || f.Name == "" {
			return false, fileInWords(f)
		}
		return true, nil
	})
	for i, f := range m.Files {
		if units(oneLine(f.Alt)) > maxAlt {
			said = append(said, chat.Remark(attached(f)))
			m.Files[i].Alt = shorten(oneLine(f.Alt), maxAlt)
		}
	}
	m.Blocks = said
	return m
}

func visible(b chat.Block) bool { return !blank(words(b)) }

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

// fileInWords is a file where none can be uploaded: its text, or what it shows.
func fileInWords(f chat.File) []chat.Block {
	switch {
	case len(f.Data) == 0:
		return []chat.Block{chat.Remark(attached(f) + " is empty")}
	case readable(f):
		return []chat.Block{chat.Remark(attached(f)), chat.Code(f.Data)}
	}
	return []chat.Block{chat.Remark(fmt.Sprintf(
		"%s (%d bytes) cannot be shown: Baton may not upload files here. Grant it files:write and install it again.", attached(f), len(f.Data)))}
}

// readable reports whether a file is text.
func readable(f chat.File) bool {
	kind, _, _ := strings.Cut(f.MediaType, ";")
	switch kind {
	case "application/json", "application/yaml", "application/toml", "application/xml", "":
	default:
		if !strings.HasPrefix(kind, "text/") {
			return false
		}
	}
	return utf8.Valid(f.Data)
}

// attached names a file, and says what a picture shows.
func attached(f chat.File) string {
	if alt := oneLine(f.Alt); alt != "" {
		return oneLine(f.Name) + ": " + alt
	}
	return oneLine(f.Name)
}
