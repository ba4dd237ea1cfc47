package patterns

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/synthoperator/baton/orchestration"
)

func load(t *testing.T, name string) Pattern {
	t.Helper()
	data, err := fs.ReadFile(Files(), name+".toml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := Parse(name+".toml", data)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// row is a phase the way the protocol's table shows it.
type row struct {
	Phase          string
	Days           int
	Persona        string
	Skills, Output []string
}

func rows(p orchestration.Plan) []row {
	var out []row
	for _, phase := range p.Phases() {
		r := row{Phase: phase.Name, Days: phase.Days, Persona: phase.Persona.String(), Output: phase.Deliverables}
		for _, s := range phase.Skills {
			r.Skills = append(r.Skills, s.String())
		}
		out = append(out, r)
	}
	return out
}

// The six-week launch is the protocol's table, cell by cell.
func TestProductLaunch(t *testing.T) {
	p := load(t, "product-launch")
	want := []row{
		{"Build", 14, "startup-cto", []string{"aws-solution-architect", "senior-frontend"}, []string{"Architecture doc", "deployed MVP"}},
		{"Prepare", 14, "growth-marketer", []string{"launch-strategy", "copywriting", "seo-audit"}, []string{"Landing page", "content calendar"}},
		{"Ship", 7, "solo-founder", []string{"email-sequence", "analytics-tracking"}, []string{"Launch", "tracking verified"}},
		{"Iterate", 7, "solo-founder", []string{"form-cro", "copy-editing"}, []string{"Conversion improvements", "metrics report"}},
	}
	if diff := cmp.Diff(want, rows(p.Plan)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if p.Plan.Kind() != orchestration.SoloSprintKind || p.Plan.Name() != "product-launch" || p.Description == "" || p.BestFor == "" {
		t.Errorf("%s %s %q %q", p.Plan.Kind(), p.Plan.Name(), p.Description, p.BestFor)
	}
}

// The protocol's own example of each pattern ships under the pattern's name.
func TestShippedPatterns(t *testing.T) {
	for name, want := range map[string]struct{ personas, skills []string }{
		"solo-sprint":         {[]string{"startup-cto", "growth-marketer", "solo-founder"}, nil},
		"domain-deep-dive":    {[]string{"startup-cto"}, []string{"aws-solution-architect", "senior-security", "cto-advisor"}},
		"multi-agent-handoff": {[]string{"startup-cto", "growth-marketer", "solo-founder"}, nil},
		"skill-chain":         {[]string{"", "", "", ""}, []string{"content-strategy", "copywriting", "seo-audit", "analytics-tracking"}},
	} {
		p := load(t, name).Plan
		if string(p.Kind()) != name || p.Name() != name || p.Title() == name {
			t.Errorf("%s: kind %s, name %s, title %s", name, p.Kind(), p.Name(), p.Title())
		}
		var personas, skills []string
		for _, r := range rows(p) {
			personas = append(personas, r.Persona)
			skills = append(skills, r.Skills...)
		}
		if diff := cmp.Diff(want.personas, personas); diff != "" {
			t.Errorf("%s personas (-want +got):\n%s", name, diff)
		}
		if want.skills != nil {
			if diff := cmp.Diff(want.skills, skills); diff != "" {
				t.Errorf("%s skills (-want +got):\n%s", name, diff)
			}
		}
	}
	if load(t, "solo-sprint").Plan.Days() != 21 || load(t, "multi-agent-handoff").Plan.Sealed() {
		t.Error("a solo-sprint lasts three weeks, and reviews are open")
	}
}

const head = "name = \"x\"\nkind = \""

func TestParseRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, in, rule string
		line           int
	}{
		{"no TOML", "name = \n", "", 1},
		{"unknown key", head + "solo-sprint\"\n\n[[phase]]\nname = \"a\"\nowner = \"me\"\n", "no phase.owner", 6},
		{"unknown key on top", "nome = \"x\"\n", "no nome", 1},
		{"wrong type", head + "solo-sprint\"\n[[phase]]\nname = \"a\"\nweeks = \"two\"\n", "weeks", 5},
		{"no kind", "name = \"x\"\n[[phase]]\nname = \"a\"\n", "is no kind", 1},
		{"unknown kind", head + "waterfall\"\n[[phase]]\nname = \"a\"\n", `"waterfall" is no kind`, 2},
		{"no phase", head + "solo-sprint\"\n", "no [[phase]]", 2},
		{"bad name", "kind = \"solo-sprint\"\nname = \"My Pattern\"\n[[phase]]\nname = \"a\"\n", "is no name", 2},
		{"weeks and days", head + "solo-sprint\"\n[[phase]]\nname = \"a\"\npersona = \"p\"\nweeks = 1\ndays = 3\n", "not both", 7},
		{"weeks below zero", head + "solo-sprint\"\n[[phase]]\nname = \"a\"\npersona = \"p\"\nweeks = -1\n", "not -1", 6},
		{"bad persona", head + "solo-sprint\"\n[[phase]]\nname = \"a\"\npersona = \"p*\"\n", "persona name", 5},
		{"sprint without persona", head + "solo-sprint\"\n[[phase]]\nname = \"a\"\npersona = \"p\"\n\n[[phase]]\nname = \"b\"\n", "names no persona", 7},
		{"sprint with a part", head + "solo-sprint\"\n[[phase]]\nname = \"a\"\npersona = \"p\"\npart = \"author\"\n", "only a multi-agent-handoff has parts", 6},
		{"sprint sealed", head + "solo-sprint\"\nsealed = true\n[[phase]]\nname = \"a\"\npersona = \"p\"\n", "can be sealed", 3},
		{"names twice", head + "solo-sprint\"\n[[phase]]\nname = \"a\"\npersona = \"p\"\n[[phase]]\nname = \"A\"\npersona = \"p\"\n", "both called", 6},
		{"phase without name", head + "solo-sprint\"\n[[phase]]\nname = \"a\"\npersona = \"p\"\n[[phase]]\npersona = \"p\"\n", "no name", 6},
		{"dive with two phases", head + "domain-deep-dive\"\n[[phase]]\nname = \"a\"\npersona = \"p\"\nskills = [\"s\", \"t\"]\n[[phase]]\nname = \"b\"\n", "exactly one phase", 7},
		{"dive with one skill", head + "domain-deep-dive\"\n[[phase]]\nname = \"a\"\npersona = \"p\"\nskills = [\"s\"]\n", "two skills or more", 3},
		{"dive without persona", head + "domain-deep-dive\"\n[[phase]]\nname = \"a\"\nskills = [\"s\", \"t\"]\n", "exactly one persona", 3},
		{"chain with persona", head + "skill-chain\"\n[[phase]]\nskills = [\"s\"]\n[[phase]]\nskills = [\"t\"]\npersona = \"p\"\n", "no persona", 7},
		{"chain with two skills", head + "skill-chain\"\n[[phase]]\nskills = [\"s\", \"t\"]\n", "exactly one skill", 4},
		{"chain with none", head + "skill-chain\"\n[[phase]]\nname = \"a\"\n", "exactly one skill", 3},
		{"skill twice", head + "solo-sprint\"\n[[phase]]\nname = \"a\"\npersona = \"p\"\nskills = [\"s\", \"s\"]\n", "loads s twice", 3},
		{"review without part", head + "multi-agent-handoff\"\n[[phase]]\nname = \"a\"\npersona = \"p\"\n", "has a part", 3},
		{"review in another order", head + "multi-agent-handoff\"\n[[phase]]\nname = \"a\"\npersona = \"p\"\npart = \"author\"\n[[phase]]\nname = \"b\"\npersona = \"q\"\npart = \"decider\"\n[[phase]]\nname = \"c\"\npersona = \"p\"\npart = \"reviewer\"\n", "author, reviewers, decider", 10},
		{"review without reviewer", head + "multi-agent-handoff\"\n[[phase]]\nname = \"a\"\npersona = \"p\"\npart = \"author\"\n[[phase]]\nname = \"b\"\npersona = \"q\"\npart = \"decider\"\n", "at least one reviewer", 7},
		{"same persona in a row", head + "multi-agent-handoff\"\n[[phase]]\nname = \"a\"\npersona = \"p\"\npart = \"author\"\n[[phase]]\nname = \"b\"\npersona = \"p\"\npart = \"reviewer\"\n[[phase]]\nname = \"c\"\npersona = \"q\"\npart = \"decider\"\n", "differs from one step", 7},
		{"same persona later", head + "multi-agent-handoff\"\n[[phase]]\nname = \"a\"\npersona = \"p\"\npart = \"author\"\n[[phase]]\nname = \"b\"\npersona = \"q\"\npart = \"reviewer\"\n[[phase]]\nname = \"c\"\npersona = \"r\"\npart = \"reviewer\"\n[[phase]]\nname = \"d\"\npersona = \"r\"\npart = \"decider\"\n", "differs from one step", 15},
		{"far too much", strings.Repeat("#", MaxFile+1), "at most", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse("patterns/mine.toml", []byte(tt.in))
			var refused *Error
			if !errors.As(err, &refused) {
				t.Fatalf("%v is not refused", err)
			}
			if refused.Path != "patterns/mine.toml" || refused.Line != tt.line || !strings.Contains(refused.Rule, tt.rule) || refused.Remedy == "" {
				t.Errorf("%+v, want line %d and %q", refused, tt.line, tt.rule)
			}
		})
	}
}

// A pattern somebody writes with the least there is.
func TestParseSmallest(t *testing.T) {
	p, err := Parse("patterns/weekly-post.toml", []byte("kind = \"skill-chain\"\n[[phase]]\nskills = [\"copywriting\"]\ndays = 3\n[[phase]]\nskills = [\"seo-audit\"]\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []row{{Phase: "copywriting", Days: 3, Skills: []string{"copywriting"}}, {Phase: "seo-audit", Skills: []string{"seo-audit"}}}
	if diff := cmp.Diff(want, rows(p.Plan)); diff != "" || p.Plan.Name() != "weekly-post" {
		t.Errorf("%s (-want +got):\n%s", p.Plan.Name(), diff)
	}
}

// Whatever the file holds, it is a plan or an error with a line of the file.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"product-launch", "multi-agent-handoff", "skill-chain", "domain-deep-dive"} {
		data, err := fs.ReadFile(Files(), name+".toml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Parse("x.toml", data)
		var refused *Error
		if err == nil {
			if p.Plan.IsZero() || p.Plan.Len() == 0 {
				t.Error("no plan")
			}
		} else if !errors.As(err, &refused) || refused.Line < 1 || refused.Line > strings.Count(string(data), "\n")+1 || refused.Rule == "" || refused.Remedy == "" {
			t.Errorf("%#v", err)
		}
	})
}
