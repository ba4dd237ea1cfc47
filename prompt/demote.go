package prompt

import (
	"regexp"
	"strings"
)

// identity is the opening by which skills of the wild take a persona's place:
// one sentence, from "You are" to its end.
var identity = regexp.MustCompile(`(?is)^(you are (?:an? |the |now |acting as )?[^.!?\n]*(?:[.!?]|$))[ \t]*`)

// Demote turns the "You are …" that opens a skill into the name of a method.
// It returns the new body and what was set aside, or "" where the skill opens
// with no identity. Only the opening is touched: a "You are" further down, in
// an example say, is the skill's own business.
func Demote(name, body string) (demoted, was string) {
	lines := strings.SplitAfter(body, "\n")
	for i, l := range lines {
		text := strings.TrimSpace(l)
		if text == "" || strings.HasPrefix(text, "#") || strings.HasPrefix(text, "---") {
			continue
		}
		plain := strings.TrimLeft(text, "*_> ")
		m := identity.FindStringSubmatch(plain)
		if m == nil {
			return body, ""
		}
		rest := strings.TrimLeft(plain[len(m[0]):], "*_ ")
		lines[i] = strings.TrimRight("Method of "+name+". "+rest, " ") + "\n"
		return strings.Join(lines, ""), strings.TrimSpace(m[1])
	}
	return body, ""
}
