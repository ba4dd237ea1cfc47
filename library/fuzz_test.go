package library

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/synthoperator/baton/orchestration"
)

// Whatever is typed: exactly one entry of the right kind whose name or folder
// was in the text, or a refusal that can be shown. A near miss never loads.
func FuzzFind(f *testing.F) {
	s := shelved(f, team)
	for _, seed := range []string{"seo-audit", "Load engineering/aws-solution-architect/SKILL.md", "`status`", "team:x/y", "ceo-advisor@ab12cd", "[a](b/c.md)", "::", "a//b", "…", "\xff", "https://x/seo-audit"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, kind := range []Kind{PersonaKind, SkillKind} {
			m, err := s.find(kind, text)
			if err != nil {
				var r orchestration.Refusal
				if !errors.As(err, &r) || r.Why == "" || len(r.Instead) == 0 || len(r.Why) > 1000 || utf8.ValidString(text) && !utf8.ValidString(r.Why) {
					t.Errorf("%q: %+v", text, err)
				}
				continue
			}
			ref, _ := parseReference(text)
			said := strings.TrimSuffix(ref.last(), "-"+string(kind))
			if m.Entry.Kind != kind || said != m.Entry.Slug && said != sanitise(m.Entry.Declared) && ref.last() != m.Entry.Slug {
				t.Errorf("%q found %s", text, m.Entry.ID)
			}
		}
	})
}

// A reference is made of segments that are sanitised already, and reading it
// again from them changes nothing.
func FuzzReference(f *testing.F) {
	for _, seed := range []string{"Load a/b/SKILL.md", "a:b/c", "İ/ẞ", "x@abcdef", "..", "a b/c d.md"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ref, ok := parseReference(text)
		if !ok {
			return
		}
		for _, segment := range ref.full {
			if segment == "" || sanitise(segment) != segment || strings.ContainsAny(segment, "/: ") {
				t.Errorf("%q has the segment %q", text, segment)
			}
		}
	})
}
