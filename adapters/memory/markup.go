package memory

import (
	"regexp"
	"slices"
	"strings"

	"github.com/synthoperator/baton/chat"
)

// Everybody stands in [Message.Pings] where all people of a channel were
// notified.
const Everybody = "!all"

var (
	mentionRE = regexp.MustCompile(`<(?:@([^<>\s&]+)|!all)>`)
	idRE      = regexp.MustCompile(`^[^<>\s&]+$`)
	shown     = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
	escaped   = strings.NewReplacer("<", "&lt;", ">", "&gt;", "&", "&amp;")
	lineEnds  = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\u0085", "\n")
)

// display is what people see of a markup text.
func display(markup string) string { return shown.Replace(markup) }

// display is what people see of a message, and whom it notifies.
func (b Body) display() (text string, pings []string) {
	var lines []string
	for _, s := range b.Sections {
		if s.Text != "" {
			lines = append(lines, display(s.Text))
		}
		for _, p := range s.Pairs {
			lines = append(lines, display(p[0])+": "+display(p[1]))
		}
	}
	for _, markup := range b.texts() {
		for _, m := range mentionRE.FindAllStringSubmatch(markup, -1) {
			id := m[1]
			if id == "" {
				id = Everybody
			}
			if !slices.Contains(pings, id) {
				pings = append(pings, id)
			}
		}
	}
	return strings.Join(lines, "\n"), pings
}

// escape makes markup that shows a text as it stands. What would move a cursor
// or turn the order of what is read is left out.
func escape(text string) string { return escaped.Replace(clean(text)) }

func clean(text string) string {
	text = lineEnds.Replace(strings.ToValidUTF8(text, "\uFFFD"))
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < 0x20, r >= 0x7f && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff:
			return -1
		}
		return r
	}, text)
}

// mention is markup that notifies somebody; their name where that is impossible.
func mention(p chat.Person) string {
	if !idRE.MatchString(p.ID) {
		return escape(p.Name)
	}
	return "<@" + p.ID + ">"
}
