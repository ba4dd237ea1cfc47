package frontmatter

import (
	"fmt"
	"strings"
	"unicode"
)

// Hidden is what [Visible] took out of a text.
type Hidden struct {
	Count int
	First rune
	Line  int // of the first one, counted from 1
}

func (h Hidden) repair() Repair {
	return Repair{
		Line:   h.Line,
		What:   fmt.Sprintf("%d invisible characters were taken out, the first is U+%04X", h.Count, h.First),
		Remedy: "remove them: text that nobody sees can instruct a model",
	}
}

// Visible takes out what a reader cannot see but a model reads: zero-width and
// bidirectional controls, tag characters, variation selectors beyond the two of
// emoji, fillers and control characters. A zero-width joiner stays between the
// characters it joins (emoji, Persian, Indic scripts); line ends and tabs stay.
func Visible(s string) (string, Hidden) {
	if !hiding(s) {
		return s, Hidden{}
	}
	var b strings.Builder
	b.Grow(len(s))
	var h Hidden
	line := 1
	runes := []rune(s)
	for i, r := range runes {
		if r == '\n' {
			line++
		}
		if !invisible(r) || joins(runes, i) {
			b.WriteRune(r)
			continue
		}
		if h.Count++; h.Count == 1 {
			h.First, h.Line = r, line
		}
		if r == '\u2028' || r == '\u2029' {
			b.WriteByte(' ')
		}
	}
	return b.String(), h
}

// hiding reports whether a text holds an invisible character; most do not.
func hiding(s string) bool {
	for _, r := range s {
		if invisible(r) {
			return true
		}
	}
	return false
}

func invisible(r rune) bool {
	switch {
	case r < 0x20:
		return r != '\n' && r != '\t' && r != '\r'
	case r < 0x7f:
		return false
	case r < 0xa0:
		return true // DEL and C1
	case r >= 0x0600 && r <= 0x0605, r == 0x06dd, r == 0x070f, r == 0x08e2, r == 0x110bd, r == 0x110cd:
		return false // signs that are seen, though Unicode calls them format
	case r == 0x115f, r == 0x1160, r == 0x3164, r == 0xffa0: // Hangul fillers
		return true
	case r >= 0xfe00 && r <= 0xfe0d, r >= 0xe0100 && r <= 0xe01ef, r == 0x2028, r == 0x2029:
		return true
	}
	return unicode.Is(unicode.Cf, r) || r >= 0xe0000 && r <= 0xe0fff
}

// joins reports whether the joiner at i stands between two characters it joins.
func joins(runes []rune, i int) bool {
	if runes[i] != 0x200d && runes[i] != 0x200c || i == 0 || i+1 == len(runes) {
		return false
	}
	before, after := runes[i-1], runes[i+1]
	if before < 0x0600 || after < 0x0600 || invisible(after) {
		return false
	}
	if runes[i] == 0x200c {
		return !unicode.Is(unicode.So, before)
	}
	return true
}
