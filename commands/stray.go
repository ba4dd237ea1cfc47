package commands

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/synthoperator/baton/orchestration"
)

// strayRE matches what of a pasted handoff is no content of its own.
var strayRE = regexp.MustCompile(`(?i)^(?:[#*_>\s-]*(?:phase \d+\b.*complete\w*[.!]?|decisions(?: made)?|art[ei]facts?(?: created)?|open(?: items?| questions?)?|switching to\b.*|load\b.*)[*_:\s]*)?$`)

// mixedRE matches a line that holds a heading and its items.
var mixedRE = regexp.MustCompile(`(?i)\b(?:decisions(?: made)?|art[ei]facts?(?: created)?|open(?: items?| questions?)?|switching to)[*_]*\s*:`)

// strayLines tells the lines of a pasted handoff that went into no list, so
// that nothing that was pasted is lost without a word.
func strayLines(text string, h orchestration.Handoff) []string {
	_, rest := splitVerb(text)
	if !orchestration.LooksLikeHandoff(rest) {
		return nil
	}
	taken := strings.Join(append(append(append([]string{h.Output}, h.Decisions...), h.Artifacts...), h.Open...), "\n")
	var notes []string
	for line := range strings.SplitSeq(rest, "\n") {
		line = strings.TrimSpace(line)
		content := strings.TrimLeft(line, "-*•> \t")
		if strayRE.MatchString(line) || strings.Contains(taken, content) || mixedRE.MatchString(line) {
			continue
		}
		notes = append(notes, fmt.Sprintf("Not part of any list, and not recorded: %s", short(line, 120)))
	}
	return notes
}
