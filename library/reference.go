package library

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// reference is what somebody typed or pasted, taken apart.
type reference struct {
	said   string   // cleaned, for answers
	source string   // before the colon, or ""
	full   []string // segments
	bare   []string // without containers
	hash   string   // after an @, or ""
}

func (r reference) last() string { return r.full[len(r.full)-1] }

// maxReference bounds what is looked at, in bytes.
const maxReference = 1000

var (
	markdownLink = regexp.MustCompile(`^\[[^\]]*\]\(([^)\s]+)\)$`)
	webAddress   = regexp.MustCompile(`^[a-z][a-z0-9+.-]*://[^/]*/`)
	hashAtEnd    = regexp.MustCompile(`@([0-9a-f]{6,64})$`)
)

// parseReference reads what people type or paste: "Load agents/personas/x.md",
// "`engineering/x/SKILL.md`", "source:domain/x", "x@1a2b3c…". ok is false where
// nothing is left to look for.
func parseReference(text string) (r reference, ok bool) {
	if len(text) > maxReference {
		return reference{said: abridge(text)}, false
	}
	s := strings.Join(strings.Fields(norm.NFKC.String(text)), " ")
	s = strings.Trim(s, "`'\"“”‘’*<> ")
	if len(s) > 5 && strings.EqualFold(s[:5], "load ") {
		s = strings.Trim(s[5:], "`'\"“”‘’*<> ")
	}
	if strings.HasPrefix(s, "[") { // the expressions cost more than the rest
		if m := markdownLink.FindStringSubmatch(s); m != nil {
			s = m[1]
		}
	}
	r.said = abridge(strings.TrimRight(s, "/"))
	s = strings.ReplaceAll(strings.ToLower(s), `\`, "/")
	if strings.Contains(s, "://") {
		s = webAddress.ReplaceAllString(s, "")
	}
	s = strings.TrimRight(s, ".,;!?/ ")
	if strings.Contains(s, "@") {
		if m := hashAtEnd.FindStringSubmatch(s); m != nil {
			r.hash, s = m[1], strings.TrimSuffix(s, m[0])
		}
	}
	s = strings.TrimSuffix(strings.TrimSuffix(s, "/skill.md"), ".md")
	if before, after, found := strings.Cut(s, ":"); found {
		r.source, s = sanitise(before), strings.ReplaceAll(after, ":", "/")
	}
	for part := range strings.SplitSeq(s, "/") {
		switch clean := sanitise(part); strings.TrimSpace(part) {
		case "", ".", "..", "~":
		default:
			if clean != "" {
				r.full = append(r.full, clean)
			}
		}
	}
	if len(r.full) == 0 {
		return r, false
	}
	r.bare = withoutContainers(r.full)
	return r, true
}

// abridge keeps an answer short, whatever was pasted.
func abridge(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}
