package personas

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/synthoperator/baton/internal/frontmatter"
)

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		name, path, in string
		want           Persona
		repairs        int
	}{
		{
			"complete", "agents/personas/startup-cto.md",
			"---\nname: Startup CTO\ndescription: Leads\n  the work.\ncolor: blue\nemoji: 🏗️\nvibe: Ships.\ntools: Read, Write\nskills:\n  - senior-security\n---\nYou are the CTO.\n",
			Persona{
				Slug: "startup-cto", Title: "Startup CTO", Declared: "Startup CTO", Description: "Leads the work.", Emoji: "🏗️", Vibe: "Ships.", Color: "blue",
				Tools: []string{"Read", "Write"}, Skills: []string{"senior-security"}, Body: "You are the CTO.\n", BodyLine: 12,
			},
			0,
		},
		{
			"subagent, dots in its name", "categories/powershell-5.1-expert.md", "---\nname: powershell-5.1-expert\ndescription: d\nmodel: sonnet\n---\nYou are it.",
			Persona{Slug: "powershell-5.1-expert", Title: "powershell-5.1-expert", Declared: "powershell-5.1-expert", Description: "d", Model: "sonnet", Body: "You are it.", BodyLine: 6},
			0,
		},
		{
			"headings only, with a system prompt", "marketing/growth-hacker.md", "# Growth Hacker\n\n## Description\n\nFinds what\ngrows.\n\n## System Prompt\n\nYou are one.\n## Method\nTry it.\n",
			Persona{Slug: "growth-hacker", Title: "Growth Hacker", Description: "Finds what grows.", Body: "\nYou are one.\n## Method\nTry it.\n", BodyLine: 9},
			1,
		},
		{
			"headings only", "x/agents/devils-advocate.md", "# Devil's Advocate\n\nSays what is wrong.\n\n## How\nAsk.\n",
			Persona{Slug: "devils-advocate", Title: "Devil's Advocate", Description: "Says what is wrong.", Body: "# Devil's Advocate\n\nSays what is wrong.\n\n## How\nAsk.\n", BodyLine: 1},
			1,
		},
		{
			"tools under the name of skills", "a.md", "---\nname: a\ndescription: d\nallowed-tools:\n  - Read\n---\nx",
			Persona{Slug: "a", Title: "a", Declared: "a", Description: "d", Tools: []string{"Read"}, Body: "x", BodyLine: 7},
			1,
		},
		{"no description", "a.md", "---\nname: a\n---\nx", Persona{Slug: "a", Title: "a", Declared: "a", Body: "x", BodyLine: 4}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, repairs, err := Parse(tt.path, []byte(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(repairs) != tt.repairs {
				t.Errorf("repairs %+v, want %d", repairs, tt.repairs)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for in, want := range map[string]string{
		"Just some prose.\n":                               "neither frontmatter nor headings",
		"---\nname: a\ndescription: d\n---\n\n":            "no text",
		"# Only a title\n":                                 "",
		"---\nname: a: b\n[cite]description: d: e\n---\nx": "description cannot be read",
		"": "empty",
	} {
		_, _, err := Parse("a.md", []byte(in))
		var refused *frontmatter.Error
		if want == "" {
			if err != nil {
				t.Errorf("%q: %v", in, err)
			}
			continue
		}
		if !errors.As(err, &refused) || !strings.Contains(refused.What, want) || refused.Remedy == "" {
			t.Errorf("%q: %v, want %q", in, err, want)
		}
	}
}

// Every shipped persona is complete and needs no repair.
func TestShipped(t *testing.T) {
	names, err := fs.Glob(Files(), "*.md")
	if err != nil || len(names) < 7 {
		t.Fatalf("%v %v", names, err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(Files(), name)
		if err != nil {
			t.Fatal(err)
		}
		p, repairs, err := Parse(name, data)
		if err != nil || len(repairs) > 0 {
			t.Errorf("%s: %v %+v", name, err, repairs)
		}
		if p.Title == p.Slug || p.Description == "" || p.Emoji == "" || p.Vibe == "" || !strings.Contains(p.Body, "You are") {
			t.Errorf("%s is not complete: %+v", name, p)
		}
	}
}
