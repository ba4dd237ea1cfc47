package orchestration

import (
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	for _, tt := range []struct{ in, want, last string }{
		{"startup-cto", "startup-cto", "startup-cto"},
		{" Startup CTO\n", "startup-cto", "startup-cto"},
		{"Ｓｔａｒｔｕｐ－CTO", "startup-cto", "startup-cto"},
		{"Größe", "größe", "größe"},
		{"é", "é", "é"},
		{"J\u030c", "\u01f0", "\u01f0"}, // composed only in lower case
		{"東京", "東京", "東京"},
		{"engineering/aws-solution-architect/SKILL.md", "engineering/aws-solution-architect/skill.md", "skill.md"},
		{"ali:marketing/plug/seo-audit", "ali:marketing/plug/seo-audit", "seo-audit"},
		{"ali:seo-audit", "ali:seo-audit", "seo-audit"},
		{"seo-audit.", "seo-audit", "seo-audit"},
		{"engineering/", "engineering", "engineering"},
		{"python-3.11", "python-3.11", "python-3.11"},
		{"snake_case", "snake_case", "snake_case"},
	} {
		p, err := ParsePersonaName(tt.in)
		if err != nil || p.String() != tt.want || p.Last() != tt.last || p.IsZero() {
			t.Errorf("%q is persona %q, last %q, %v", tt.in, p, p.Last(), err)
		}
		s, err := ParseSkillName(tt.in)
		if err != nil || s.String() != tt.want || s.Last() != tt.last || s.IsZero() {
			t.Errorf("%q is skill %q, last %q, %v", tt.in, s, s.Last(), err)
		}
	}
	for _, in := range []string{"", " ", "none", "Nobody", "NONE."} {
		if p, err := ParsePersonaName(in); err != nil || !p.IsZero() {
			t.Errorf("%q is %q, %v", in, p, err)
		}
		_, err := ParseSkillName(in)
		checkRefusal(t, err, "a skill has no name here")
	}
	for _, tt := range []struct{ in, says string }{
		{"what?", "'?' cannot be in a"},
		{"a+b", "'+'"},
		{"<!channel>", "'<'"},
		{"@here", "'@'"},
		{"a\u202eb", "'\\u202e'"},
		{"a\x00b", "'\\x00'"},
		{"seo-audit\ufe0f", "'\\ufe0f'"},
		{"a\u034fb", "'\\u034f'"},
		{"a\u3164b", "cannot be in a"},
		{"🏗", "cannot be in a"},
		{"-", "names no"},
		{"a-b/-_-\u0301", ""},
		{"...", ""},
		{"\u0301", "names no"},
		{strings.Repeat("a", 201), "at most 200 bytes"},
		{"\xff", "UTF-8"},
	} {
		p, err := ParsePersonaName(tt.in)
		s, err2 := ParseSkillName(tt.in)
		if tt.says == "" {
			continue
		}
		checkRefusal(t, err, tt.says)
		checkRefusal(t, err2, tt.says)
		if !p.IsZero() || !s.IsZero() {
			t.Errorf("%q is %q and %q all the same", tt.in, p, s)
		}
	}
	_, err := ParsePersonaName("End")
	checkRefusal(t, err, `"end" ends a session and names no persona`)
	if _, err := ParseSkillName("end"); err != nil {
		t.Error(err)
	}
}

func TestNamesWithTheirPins(t *testing.T) {
	pin := Pin{"src", "p", "0123456789abcdef"}
	if got := (Persona{Name: persona("a/b"), Pin: pin}).String(); got != "b@0123456789ab" {
		t.Error(got)
	}
	if got := (Persona{}).String(); got != "nobody" {
		t.Error(got)
	}
	if got := (Skill{Name: skills("a")[0]}).String(); got != "a" {
		t.Error(got)
	}
	if got := (Pin{Hash: "01"}).Short(); got != "01" {
		t.Error(got)
	}
	a := Skill{Name: skills("a")[0], Pin: pin}
	newer := Skill{Name: skills("x/a")[0], Pin: Pin{"src", "p", "ff"}}
	elsewhere := Skill{Name: skills("a")[0], Pin: Pin{"other", "p", "0123456789abcdef"}}
	if !a.Same(newer) || a.Same(elsewhere) || !(Skill{Name: a.Name}).Same(Skill{Name: a.Name}) || a.Same(Skill{Name: a.Name}) {
		t.Error("the same skill is told by its place, and by its name where it has none")
	}
}

// FuzzNames holds that reading a name never panics, that a name reads back as
// itself, and that it has nothing in it that a list or a sentence could split.
func FuzzNames(f *testing.F) {
	for _, s := range []string{"startup-cto", "Startup CTO", "ali:domain/plug/seo-audit", "none", "end", "İstanbul", "J\u030cé", "Σ", "ſ", "ǅ", "a.", "./x", "\u1e9e", "ﬁ", "٣", "\u0345"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, parse := range []func(string) (string, string, error){
			func(s string) (string, string, error) {
				n, err := ParsePersonaName(s)
				return n.String(), n.Last(), err
			},
			func(s string) (string, string, error) { n, err := ParseSkillName(s); return n.String(), n.Last(), err },
		} {
			name, last, err := parse(text)
			if err != nil {
				checkRefusal(t, err, "")
				if name != "" {
					t.Fatalf("%q is refused and is %q", text, name)
				}
				continue
			}
			if name == "" {
				continue
			}
			again, _, err := parse(name)
			if err != nil || again != name {
				t.Fatalf("%q is %q, and that is %q, %v", text, name, again, err)
			}
			if len(name) > maxName || last == "" || strings.ContainsAny(name, " ,;+\n\t[]`*\"") || cleanLine(name) != name {
				t.Fatalf("%q is %q, last %q", text, name, last)
			}
		}
	})
}
