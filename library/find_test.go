package library

import (
	"slices"
	"strings"
	"testing"
)

// team is a library with everything that makes names hard.
var team = files{
	"agents/powershell-5.1-expert.md":                             "",
	"agents/personas/startup-cto.md":                              "---\nname: Startup CTO\ndescription: leads\nemoji: 🏗️\nskills: [senior-security, cost-estimator]\n---\nYou are the CTO.",
	"agents/personas/README.md":                                   "# Personas",
	"agents/personas/TEMPLATE.md":                                 "---\nname: Template\ndescription: d\n---\nx",
	"agents/engineering/cs-startup.md":                            "",
	"agents/engineering/product-manager.md":                       "",
	"agents/personas/product-manager.md":                          "You are the PM.",
	"docs/agents/startup-cto.md":                                  "",
	"engineering-team/skills/aws-solution-architect/SKILL.md":     "",
	"engineering-team/skills/senior-security/SKILL.md":            "",
	"engineering-team/skills/ceo-advisor/SKILL.md":                "",
	"engineering-team/skills/cto-advisor/SKILL.md":                "",
	"engineering-team/improving/skills/status/SKILL.md":           "three",
	"engineering/agenthub/skills/status/SKILL.md":                 "one",
	"engineering/autoresearch/skills/status/SKILL.md":             "two",
	"engineering/agenthub/skills/agenthub/SKILL.md":               "",
	"c-level/skills/c-level-skills/SKILL.md":                      page("c-level", "a router"),
	"c-level/skills/decision-logger/SKILL.md":                     "",
	"marketing/seo-audit/SKILL.md":                                "",
	"plugins/data/skills/postgresql/SKILL.md":                     page("postgresql-table-design", "tables"),
	"plugins/data/agents/backend-architect.md":                    "one",
	"plugins/api/agents/backend-architect.md":                     "two",
	"plugins/copies/skills/same/SKILL.md":                         "the same bytes",
	"plugins/copies-too/skills/same/SKILL.md":                     "the same bytes",
	"Finance Team/skills/Cash Flow/SKILL.md":                      page("cash", "count"),
	"engineering-team/skills/tester/assets/sample-skill/SKILL.md": "",
	"engineering-team/skills/tester/SKILL.md":                     "",
}

func TestFindSkill(t *testing.T) {
	s := shelved(t, team)
	const aws = "team:engineering-team/aws-solution-architect"
	for _, tt := range []struct{ text, id, note string }{
		{"seo-audit", "team:marketing/seo-audit", ""},
		{"`seo-audit`", "team:marketing/seo-audit", ""},
		{"“SEO Audit”", "team:marketing/seo-audit", ""},
		{"ｓｅｏ-audit", "team:marketing/seo-audit", ""},
		{"seo-audit skill", "team:marketing/seo-audit", ""},
		{"marketing/seo-audit", "team:marketing/seo-audit", ""},
		{"marketing/seo-audit/SKILL.md", "team:marketing/seo-audit", ""},
		{"load ../marketing/seo-audit/SKILL.md.", "team:marketing/seo-audit", ""},
		{`.\marketing\seo-audit\skill.md`, "team:marketing/seo-audit", ""},
		{"[SEO](marketing/seo-audit/SKILL.md)", "team:marketing/seo-audit", ""},
		{"/marketing/seo-audit/", "team:marketing/seo-audit", ""},
		{"team:marketing/seo-audit", "team:marketing/seo-audit", ""},
		{"team:seo-audit", "team:marketing/seo-audit", ""},
		{"engineering-team/skills/aws-solution-architect/SKILL.md", aws, ""},
		{"Load engineering/aws-solution-architect/SKILL.md", aws, "engineering/aws-solution-architect/SKILL.md is not there; loaded " + aws},
		{"https://github.com/x/y/blob/main/engineering-team/skills/aws-solution-architect/SKILL.md", aws, "is not there; loaded " + aws},
		{"engineering/agenthub/status", "team:engineering/agenthub/status", ""},
		{"agenthub/status", "team:engineering/agenthub/status", ""},
		{"agenthub:status", "team:engineering/agenthub/status", ""},
		{"engineering-team/status", "team:engineering-team/improving/status", "engineering-team/status is not there; loaded"},
		{"agenthub", "team:engineering/agenthub/agenthub", ""}, // a skill's own folder beats the bundle around it
		{"postgresql", "team:data/postgresql", ""},
		{"postgresql-table-design", "team:data/postgresql", "team:data/postgresql calls itself postgresql-table-design"},
		{"same", "team:copies-too/same", ""}, // the same bytes twice are one
		{"copies/same", "team:copies/same", ""},
		{"cash flow", "team:finance-team/cash-flow", ""},
		{"Finance Team/Cash Flow/SKILL.md", "team:finance-team/cash-flow", ""},
	} {
		m, err := s.FindSkill(tt.text)
		if err != nil || m.Entry.ID != tt.id || (m.Note == "") != (tt.note == "") || !strings.Contains(m.Note, tt.note) {
			t.Errorf("%s: %s %q %v, want %s %q", tt.text, m.Entry.ID, m.Note, err, tt.id, tt.note)
		}
	}
}

func TestFindPersona(t *testing.T) {
	s := shelved(t, team)
	for _, tt := range []struct{ text, id, note string }{
		{"Load agents/personas/startup-cto.md", "team:startup-cto", ""},
		{"personas/startup-cto.md", "team:startup-cto", ""},
		{"startup-cto", "team:startup-cto", ""},
		{"Startup CTO", "team:startup-cto", ""},
		{"product-manager", "team:product-manager", ""}, // a persona before a subagent
		{"engineering/product-manager", "team:engineering/product-manager", ""},
		{"agents/engineering/product-manager.md", "team:engineering/product-manager", ""},
		{"powershell-5.1-expert", "team:powershell-5.1-expert", ""},
		{"agents/powershell-5.1-expert.md", "team:powershell-5.1-expert", ""},
		{"cs-startup", "team:engineering/cs-startup", ""},
		{"data/backend-architect", "team:data/backend-architect", ""},
		{"data:backend-architect", "team:data/backend-architect", ""},
		{"marketing/startup-cto", "team:startup-cto", "marketing/startup-cto is not there; loaded team:startup-cto"},
	} {
		m, err := s.FindPersona(tt.text)
		if err != nil || m.Entry.ID != tt.id || (m.Note == "") != (tt.note == "") || !strings.Contains(m.Note, tt.note) {
			t.Errorf("%s: %s %q %v, want %s %q", tt.text, m.Entry.ID, m.Note, err, tt.id, tt.note)
		}
	}
	if m, _ := s.FindPersona("product-manager"); m.Entry.Name != "product-manager" || m.Entry.Subagent {
		t.Errorf("a subagent keeps a persona from its name: %+v", m.Entry)
	}
	m, _ := s.FindPersona("startup-cto")
	if e := m.Entry; e.Title != "Startup CTO" || e.Emoji != "🏗️" || !slices.Equal(e.Loadout, []string{"senior-security", "cost-estimator"}) || e.Subagent || m.PersonaName().String() != "startup-cto" {
		t.Errorf("%+v", e)
	}
}

// What is not exactly one is never loaded: it asks, lists or suggests.
func TestFindRefuses(t *testing.T) {
	s := shelved(t, team)
	for _, tt := range []struct {
		kind    Kind
		text    string
		why     string
		instead []string // among what may be typed
	}{
		{SkillKind, "status", "3 skills are called status", []string{"load team:engineering/agenthub/status", "load team:engineering/autoresearch/status", "load team:engineering-team/improving/status"}},
		{SkillKind, "engineering/status", "2 skills are called status", []string{"load team:engineering/agenthub/status", "load team:engineering/autoresearch/status"}},
		{PersonaKind, "backend-architect", "2 personas are called", []string{"persona team:data/backend-architect"}},
		{SkillKind, "engineering", "engineering is a folder of 3 skills", []string{"load agenthub", "load agenthub/status"}},
		{SkillKind, "team:engineering-team", "engineering-team is a folder of 6 skills", []string{"load ceo-advisor"}},
		{SkillKind, "c-level", "c-level is a folder of 2 skills", []string{"load c-level-skills", "load decision-logger"}}, // also what a router calls itself
		{SkillKind, "cfo-advisor", `there is no skill "cfo-advisor"`, []string{"load ceo-advisor", "load cto-advisor"}},    // one letter away from two
		{SkillKind, "seo", "there is no skill", []string{"load seo-audit"}},
		{SkillKind, "security", "there is no skill", []string{"load senior-security"}},
		{SkillKind, "sample-skill", "there is no skill", nil},
		{SkillKind, "startup-cto", "startup-cto is a persona, not a skill", []string{"persona startup-cto"}},
		{PersonaKind, "seo-audit", "seo-audit is a skill, not a persona", []string{"load seo-audit"}},
		{PersonaKind, "startpu-cto", "there is no persona", []string{"persona startup-cto"}},
		{PersonaKind, "template", "there is no persona", nil},
		{PersonaKind, "README.md", "there is no persona", nil},
		{SkillKind, "", "names no skill", []string{"list skills"}},
		{SkillKind, "../../..", "names no skill", nil},
		{SkillKind, "`` / ``", "names no skill", nil},
		{SkillKind, strings.Repeat("a", 2000), "names no skill", nil},
		{SkillKind, "team:nothing-like-it", "in the source team", nil},
	} {
		_, err := s.find(tt.kind, tt.text)
		if err == nil {
			t.Errorf("%s %q found something", tt.kind, tt.text)
			continue
		}
		r := refused(t, err)
		if !strings.Contains(r.Why, tt.why) {
			t.Errorf("%q: %q, want %q", tt.text, r.Why, tt.why)
		}
		for _, typed := range tt.instead {
			if !slices.Contains(r.Instead, typed) {
				t.Errorf("%q offers %q, want %q among them", tt.text, r.Instead, typed)
			}
		}
		for _, typed := range r.Instead {
			if name, ok := strings.CutPrefix(typed, tt.kind.verb()); ok {
				if m, err := s.find(tt.kind, name); err != nil || m.Note != "" {
					t.Errorf("%q offers %q, which gives %q %v", tt.text, typed, m.Note, err)
				}
			}
		}
	}
}

// A team puts its own content in the place of what ships, and is told so; what
// ships stays to be had by its ID.
func TestConfiguredBeforeShipped(t *testing.T) {
	own := Source{Name: "team", Path: folderOf(t, files{
		"personas/startup-cto.md": "You are ours.", "skills/seo-audit/SKILL.md": "ours", "agents/growth-marketer.md": "a subagent",
		"patterns/product-launch.toml": "kind = \"skill-chain\"\n[[phase]]\nskills = [\"seo-audit\"]\n",
	})}
	for _, sources := range [][]Source{{Shipped(), own}, {own, Shipped()}} {
		s := opened(t, sources...).Snapshot()
		for kind, id := range map[Kind]string{PersonaKind: "startup-cto", SkillKind: "seo-audit"} {
			m, err := s.find(kind, id)
			if err != nil || m.Entry.ID != "team:"+id || m.Entry.Name != id {
				t.Errorf("%s finds %+v %v", id, m, err)
			}
			shipped, err := s.find(kind, "baton:"+id)
			if err != nil || shipped.Entry.Name != "baton:"+id {
				t.Errorf("baton:%s finds %+v %v", id, shipped.Entry.Name, err)
			}
			found := findingsAt(s, "baton:"+shipped.Entry.Pin.Path)
			if len(found) != 1 || found[0].Level != Shadowed || !strings.Contains(found[0].What, "team:"+id) {
				t.Errorf("%s: %+v", id, found)
			}
		}
		if m, err := s.FindPersona("growth-marketer"); err != nil || m.Entry.Pin.Source != "baton" {
			t.Errorf("a subagent took the place of a persona: %+v %v", m, err)
		}
		if plan, err := s.Pattern("product-launch"); err != nil || plan.Kind() != "skill-chain" {
			t.Errorf("%v %v", plan, err)
		}
		if found := findingsAt(s, "baton:patterns/product-launch.toml"); len(found) != 1 || found[0].Level != Shadowed {
			t.Errorf("%+v", found)
		}
	}
}

// Two sources of equal standing ask; nothing wins by coming first.
func TestTwoSourcesAsk(t *testing.T) {
	a := Source{Name: "one", Path: folderOf(t, files{"a/seo-audit/SKILL.md": "theirs"})}
	b := Source{Name: "two", Path: folderOf(t, files{"b/seo-audit/SKILL.md": "others'"})}
	s := opened(t, Shipped(), a, b).Snapshot()
	_, err := s.FindSkill("seo-audit")
	if r := refused(t, err); len(r.Instead) != 2 {
		t.Errorf("%+v", r.Instead)
	}
	for text, want := range map[string]string{"one:seo-audit": "one:a/seo-audit", "b/seo-audit": "two:b/seo-audit", "baton:seo-audit": "baton:seo-audit"} {
		if m, err := s.FindSkill(text); err != nil || m.Entry.ID != want {
			t.Errorf("%s finds %s %v", text, m.Entry.ID, err)
		}
	}
}

// A name that was shown with its hash finds the same file and tells of a change.
func TestFindWithHash(t *testing.T) {
	s := shelved(t, team)
	m, err := s.FindSkill("seo-audit")
	if err != nil {
		t.Fatal(err)
	}
	if m, err := s.FindSkill("seo-audit@" + m.Entry.Pin.Short()); err != nil || m.Note != "" {
		t.Errorf("%q %v", m.Note, err)
	}
	if m, err := s.FindSkill("seo-audit@000000000000"); err != nil || !strings.Contains(m.Note, "has changed since @000000000000") {
		t.Errorf("%q %v", m.Note, err)
	}
}

func TestPattern(t *testing.T) {
	s := opened(t, Shipped()).Snapshot()
	if p, err := s.Pattern("product-launch"); err != nil || p.Days() != 42 {
		t.Errorf("%v %v", p, err)
	}
	_, err := s.Pattern("product-lunch")
	if r := refused(t, err); !slices.Contains(r.Instead, "start product-launch …") {
		t.Errorf("%+v", r.Instead)
	}
}

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"ceo-advisor", "cto-advisor", 1},
		{"seo", "seo", 0},
		{"startpu", "startup", 2},
		{"abc", "xyz", 3},
		{"a", "abcd", 3},
		{"", "ab", 2},
		{strings.Repeat("x", 64), strings.Repeat("x", 66), 2},
		{strings.Repeat("x", 80), strings.Repeat("x", 80), 3},
	} {
		if got := distance(tt.a, tt.b); got != tt.want {
			t.Errorf("%s to %s is %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}
