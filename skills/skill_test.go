package skills

import (
	"errors"
	"io/fs"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/synthoperator/baton/internal/frontmatter"
)

func TestParse(t *testing.T) {
	long := strings.Repeat("long ", 210)
	for _, tt := range []struct {
		name, path, in string
		want           Skill
		repairs        []string
	}{
		{
			"complete", "marketing/skills/seo-audit/SKILL.md", "---\nname: seo-audit\ndescription: >\n  Checks\n  pages.\nlicense: MIT\ncompatibility: any\nmetadata:\n  version: 1.0\n  since: 2026-05-02\nallowed-tools: Read Bash(git add:*) Grep\n---\n# SEO\n",
			Skill{
				Name: "seo-audit", Declared: "seo-audit", Description: "Checks pages.", Licence: "MIT", Compatibility: "any",
				Metadata: map[string]string{"version": "1.0", "since": "2026-05-02"}, AllowedTools: []string{"Read", "Bash(git add:*)", "Grep"}, Body: "# SEO\n", BodyLine: 13,
			},
			nil,
		},
		{
			"tools with commas", "a/SKILL.md", "---\nname: a\ndescription: d\nallowed-tools: Read, Bash(a, b), Grep\n---\nx",
			Skill{Name: "a", Declared: "a", Description: "d", AllowedTools: []string{"Read", "Bash(a, b)", "Grep"}, Body: "x", BodyLine: 6},
			nil,
		},
		{
			"tools as a list", "a/SKILL.md", "---\nname: a\ndescription: d\nallowed-tools: [Read, Grep]\n---\nx",
			Skill{Name: "a", Declared: "a", Description: "d", AllowedTools: []string{"Read", "Grep"}, Body: "x", BodyLine: 6},
			nil,
		},
		{
			"folder and name differ", "postgresql/SKILL.md", "---\nname: postgresql-table-design\ndescription: d\n---\nx",
			Skill{Name: "postgresql", Declared: "postgresql-table-design", Description: "d", Body: "x", BodyLine: 5},
			[]string{"its folder is called postgresql"},
		},
		{"no name", "a/SKILL.md", "---\ndescription: d\n---\nx", Skill{Name: "a", Description: "d", Body: "x", BodyLine: 4}, []string{"has no name"}},
		{"no folder", "SKILL.md", "---\nname: a\ndescription: d\n---\nx", Skill{Name: "a", Declared: "a", Description: "d", Body: "x", BodyLine: 5}, nil},
		{"very long", "a/SKILL.md", "---\nname: a\ndescription: " + long + "\n---\nx", Skill{Name: "a", Declared: "a", Description: strings.TrimSpace(long), Body: "x", BodyLine: 5}, []string{"description has 1049"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, repairs, err := Parse(tt.path, []byte(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(repairs) != len(tt.repairs) {
				t.Fatalf("repairs %+v, want %q", repairs, tt.repairs)
			}
			for i, want := range tt.repairs {
				if !strings.Contains(repairs[i].What, want) || !repairs[i].Note {
					t.Errorf("repair %+v, want %q", repairs[i], want)
				}
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for in, want := range map[string]struct{ what, remedy string }{
		"# Sample\n\n---\n\n**Name**: sample\n\n---\ntext": {"no frontmatter", "begin it with ---"},
		"Use me.\n":               {"no frontmatter", "begin it with ---"},
		"---\nname: a\n---\ntext": {"no description", "add description"},
		"---\nname: a\n[cite_start]description: does a\n---\ntext": {"description cannot be read", "line 3: begin the line with description:"},
		"---\nname: a\ndescription: d\n---\n \n":                   {"no text", "below the second"},
		"\n":                                                       {"empty", "write it"},
	} {
		_, _, err := Parse("x/SKILL.md", []byte(in))
		var refused *frontmatter.Error
		if !errors.As(err, &refused) || !strings.Contains(refused.What, want.what) || !strings.Contains(refused.Remedy, want.remedy) {
			t.Errorf("%q: %#v, want %q", in, err, want)
		}
	}
}

func TestIdentity(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		want     []Line
	}{
		{
			"opening", "\n# Form CRO\n\nYou are an expert in form optimization. Your goal is more forms.\n",
			[]Line{{4, "You are an expert in form optimization.", "an expert in form optimization"}},
		},
		{"bold and now", "You are now a **world-class designer**. You build.", []Line{{1, "You are now a **world-class designer**.", "a world-class designer"}}},
		{"a name", "You are **SEOBot**, a robot.", []Line{{1, "You are **SEOBot**, a robot.", "SEOBot, a robot"}}},
		{"abbreviation", "You are a writer, e.g. of novels. Write.", []Line{{1, "You are a writer, e.g. of novels.", "a writer, e.g. of novels"}}},
		{"act as", "# X\nAct as a senior CFO.\n", []Line{{2, "Act as a senior CFO.", "a senior CFO"}}},
		{"two", "You are a critic. Be kind.\nYou're the judge!\n", []Line{{1, "You are a critic.", "a critic"}, {2, "You're the judge!", "the judge"}}},
		{"role section further down", "# X\n" + strings.Repeat("text\n", 20) + "## Role\n\nYou are a senior analyst.\n", []Line{{24, "You are a senior analyst.", "a senior analyst"}}},
		{"not an identity", "You are here to build. You are running a test.\n", nil},
		{"too far down", strings.Repeat("text\n", 20) + "You are a writer.\n", nil},
		{"in an example", "```\nYou are a writer.\n```\n", nil},
		{"in a role section's example", "# X\n" + strings.Repeat("text\n", 9) + "## Role\n```\nYou are a writer.\n```\n", nil},
		{"none", "# Purpose\n\nGet one reader to act.\n", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Identity(tt.in)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Every shipped skill follows the specification to the letter, says when to use
// it, takes nobody's place, and every file it points to is there.
func TestShipped(t *testing.T) {
	names, err := fs.Glob(Files(), "*/SKILL.md")
	if err != nil || len(names) < 12 {
		t.Fatalf("%v %v", names, err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(Files(), name)
		if err != nil {
			t.Fatal(err)
		}
		s, repairs, err := Parse(name, data)
		if err != nil || len(repairs) > 0 {
			t.Errorf("%s: %v %+v", name, err, repairs)
		}
		if s.Licence == "" || len(s.Description) > maxDescription {
			t.Errorf("%s is not complete: %+v", name, s)
		}
		if lines := Identity(s.Body); lines != nil {
			t.Errorf("%s takes a persona's place: %+v", name, lines)
		}
		for _, link := range links(s.Body) {
			if _, err := fs.Stat(Files(), path.Join(path.Dir(name), link)); err != nil {
				t.Errorf("%s points to %s: %v", name, link, err)
			}
		}
	}
}

// links are the files that a text links to, relative to its own.
func links(body string) []string {
	var out []string
	for _, part := range strings.Split(body, "](")[1:] {
		link, _, _ := strings.Cut(part, ")")
		if !strings.Contains(link, "://") && !strings.HasPrefix(link, "#") {
			out = append(out, link)
		}
	}
	return out
}
