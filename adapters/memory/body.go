package memory

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/synthoperator/baton/chat"
)

// Body is a message as it is sent: all text in it is markup.
type Body struct {
	Speaker, Emoji, Avatar string
	Color                  uint32
	Notice                 string // what a notification shows
	Sections               []Section
	Buttons                []Button
	Selects                []Select
	Files                  []chat.File
}

// Section is one part of what is shown.
type Section struct {
	Style Style
	Text  string
	Pairs [][2]string // with Pairs
}

// Style is how a section is shown.
type Style string

// The styles.
const (
	Plain   Style = "plain"
	Marked  Style = "marked" // Markdown
	Heading Style = "heading"
	Fixed   Style = "fixed" // as it stands, to be copied
	Small   Style = "small"
	Pairs   Style = "pairs"
)

// Button is shown with its label; its value comes back when it is pressed.
type Button struct{ Label, Value string }

// Select is a list to choose from; its value comes back with that of the choice.
type Select struct {
	Label, Value string
	Choices      []Button
}

// Limits are what one message holds; 0 stands for the default.
type Limits struct {
	Text     int // characters of all sections together; 4,000
	Sections int // 50
	Pairs    int // in one section; 25
	Buttons  int // 25
	Selects  int // 5
	Choices  int // of one select; 100
	Label    int // characters of a label; 75
	Value    int // characters of a value; 2,000
	Notice   int // characters of a notification; 300
	Speaker  int // characters of a name; 80
	Files    int // 10
	FileSize int // bytes; 8 MiB
}

// orDefaults fills in numbers of the size that the large platforms have.
func (l Limits) orDefaults() Limits {
	for _, d := range []struct {
		limit *int
		size  int
	}{
		{&l.Text, 4000},
		{&l.Sections, 50},
		{&l.Pairs, 25},
		{&l.Buttons, 25},
		{&l.Selects, 5},
		{&l.Choices, 100},
		{&l.Label, 75},
		{&l.Value, 2000},
		{&l.Notice, 300},
		{&l.Speaker, 80},
		{&l.Files, 10},
		{&l.FileSize, 8 << 20},
	} {
		if *d.limit <= 0 {
			*d.limit = d.size
		}
	}
	return l
}

// exceeded says which limit a message is over; "" for none.
func (l Limits) exceeded(b Body) string {
	text := 0
	for _, s := range b.Sections {
		text += s.size()
		if len(s.Pairs) > l.Pairs {
			return fmt.Sprintf("%d pairs in a section, at most %d", len(s.Pairs), l.Pairs)
		}
	}
	for _, check := range []struct {
		what      string
		has, most int
	}{
		{"characters", text, l.Text},
		{"sections", len(b.Sections), l.Sections},
		{"buttons", len(b.Buttons), l.Buttons},
		{"selects", len(b.Selects), l.Selects},
		{"files", len(b.Files), l.Files},
		{"characters in the notification", utf8.RuneCountInString(b.Notice), l.Notice},
		{"characters in the name", utf8.RuneCountInString(b.Speaker), l.Speaker},
	} {
		if check.has > check.most {
			return fmt.Sprintf("%d %s, at most %d", check.has, check.what, check.most)
		}
	}
	if why := l.controls(b); why != "" {
		return why
	}
	for _, f := range b.Files {
		if len(f.Data) > l.FileSize {
			return fmt.Sprintf("a file of %d bytes, at most %d", len(f.Data), l.FileSize)
		}
	}
	if !utf8.ValidString(strings.Join(b.texts(), "")) {
		return "it is not UTF-8"
	}
	if seen := b.texts()[2:]; strings.TrimSpace(strings.Join(seen, "")) == "" && len(b.Files) == 0 {
		return "it says nothing"
	}
	return ""
}

func (l Limits) controls(b Body) string {
	controls := append([]Button(nil), b.Buttons...)
	for _, s := range b.Selects {
		if len(s.Choices) > l.Choices || len(s.Choices) == 0 {
			return fmt.Sprintf("%d choices, from 1 to %d", len(s.Choices), l.Choices)
		}
		controls = append(append(controls, Button{s.Label, s.Value}), s.Choices...)
	}
	for _, c := range controls {
		if n := utf8.RuneCountInString(c.Label); n == 0 || n > l.Label {
			return fmt.Sprintf("a label of %d characters, from 1 to %d", n, l.Label)
		}
		if n := utf8.RuneCountInString(c.Value); n > l.Value {
			return fmt.Sprintf("a value of %d characters, at most %d", n, l.Value)
		}
	}
	return ""
}

func (s Section) size() int {
	n := utf8.RuneCountInString(s.Text)
	for _, p := range s.Pairs {
		n += utf8.RuneCountInString(p[0]) + utf8.RuneCountInString(p[1])
	}
	return n
}

// kept is a message with files of its own, whatever the sender does with its.
func (b Body) kept() Body {
	b.Files = slices.Clone(b.Files)
	for i, f := range b.Files {
		b.Files[i].Data = slices.Clone(f.Data)
	}
	return b
}

// texts are all texts in which markup counts; the first two are not part of what
// is said.
func (b Body) texts() []string {
	texts := []string{b.Speaker, b.Notice}
	for _, s := range b.Sections {
		texts = append(texts, s.Text)
		for _, p := range s.Pairs {
			texts = append(texts, p[0], p[1])
		}
	}
	for _, c := range b.Buttons {
		texts = append(texts, c.Label)
	}
	for _, s := range b.Selects {
		texts = append(texts, s.Label)
		for _, c := range s.Choices {
			texts = append(texts, c.Label)
		}
	}
	for _, f := range b.Files {
		texts = append(texts, f.Name, f.Alt)
	}
	return texts
}
