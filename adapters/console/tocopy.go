package console

import (
	"regexp"
	"strings"
	"unicode"
)

// rule is the line above and below a text that is to be copied.
var rule = row{text: strings.Repeat("─", 40), dim: true, bare: true}

// placeRE finds what stands in front of Baton's own lines.
var placeRE = regexp.MustCompile(`(?i)baton@\S+\|`)

// toCopy is a text that somebody will take elsewhere. On a screen it stands
// between two rules without the place in front of its lines, so that selecting
// it selects nothing else. A text that holds such a place keeps it in front of
// every line: it could pass for an answer.
func (r renderer) toCopy(text string) []row {
	rows := plainRows(strings.TrimSuffix(text, "\n"))
	if !r.screen || len(rows) == 0 {
		return rows
	}
	for _, line := range rows {
		if placeRE.MatchString(strings.Map(visible, line.text)) {
			return rows
		}
	}
	out := make([]row, 0, len(rows)+2)
	out = append(out, rule)
	for _, line := range rows {
		line.bare = true
		out = append(out, line)
	}
	return append(out, rule)
}

// visible drops characters that take no room and could hide a place.
func visible(r rune) rune {
	if unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}
