package library

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/synthoperator/baton/skills"
)

// The protocol's own examples: every name it uses, the way it writes it.
var (
	protocolSkills = []string{
		"aws-solution-architect", "senior-frontend", "senior-security", "cto-advisor", "launch-strategy", "copywriting",
		"seo-audit", "email-sequence", "analytics-tracking", "form-cro", "copy-editing", "content-strategy",
	}
	protocolPersonas = []string{"startup-cto", "growth-marketer", "solo-founder"}
)

func TestProtocolNamesShipped(t *testing.T) {
	s := opened(t, Shipped()).Snapshot()
	checkProtocol(t, s, "baton")
	if c := s.Count(); c.Personas != 7 || c.Skills != 12 || c.Patterns != 5 || c.Subagents != 0 {
		t.Errorf("%+v", c)
	}
	if len(s.Findings()) > 0 {
		t.Errorf("what ships needs no findings: %+v", s.Findings())
	}
	for _, p := range s.Patterns() {
		for _, phase := range p.Plan.Phases() {
			if _, err := s.Persona(phase.Persona); err != nil {
				t.Errorf("%s: %v", p.Plan.Name(), err)
			}
			for _, name := range phase.Skills {
				if _, err := s.Skill(name); err != nil {
					t.Errorf("%s: %v", p.Plan.Name(), err)
				}
			}
		}
	}
}

// checkProtocol resolves all names and both literal Load lines from one source.
func checkProtocol(t *testing.T, s *Snapshot, source string) {
	t.Helper()
	for _, name := range protocolSkills {
		if m, err := s.FindSkill(name); err != nil || m.Entry.Pin.Source != source || m.Entry.Slug != name || m.Note != "" {
			t.Errorf("%s: %+v %v", name, m, err)
		}
	}
	for _, name := range protocolPersonas {
		m, err := s.FindPersona("Load agents/personas/" + name + ".md")
		if err != nil || m.Entry.Pin.Source != source || m.Entry.Slug != name || m.Note != "" || m.Entry.Subagent {
			t.Errorf("%s: %+v %v", name, m, err)
		}
	}
	m, err := s.FindSkill("Load engineering/aws-solution-architect/SKILL.md")
	want := "engineering/aws-solution-architect/SKILL.md is not there; loaded " + m.Entry.ID
	if err != nil || m.Entry.Slug != "aws-solution-architect" || m.Entry.Pin.Source != source || m.Note != want {
		t.Errorf("%+v %v, want the note %q", m, err, want)
	}
}

func TestClaudeSkills(t *testing.T) {
	root := corpus(t, "claude-skills")
	l := opened(t, Shipped(), Source{Name: "claude-skills", Path: root})
	s := l.Snapshot()
	of := s.BySource("claude-skills")
	if of.Skills != 240 || of.Personas != 7 || of.Subagents != 32 {
		t.Errorf("%+v, want 240 skills, 7 personas, 32 subagents", of)
	}
	for _, name := range []string{"content-strategist", "devops-engineer", "finance-lead", "growth-marketer", "product-manager", "solo-founder", "startup-cto"} {
		if m, err := s.FindPersona(name); err != nil || m.Entry.Pin.Path != "agents/personas/"+name+".md" {
			t.Errorf("%s: %+v %v", name, m, err)
		}
	}
	checkProtocol(t, s, "claude-skills")
	everythingTold(t, s, "claude-skills", root)

	sample := findingsAt(s, "claude-skills:engineering/skills/skill-tester/assets/sample-skill/SKILL.md")
	if len(sample) != 1 || sample[0].Level != Skipped || !strings.Contains(sample[0].What, "engineering/skills/skill-tester") {
		t.Errorf("the decoy among a skill's assets: %+v", sample)
	}
	links := findingsAt(s, "claude-skills:.gemini")
	if len(links) != 1 || !strings.Contains(links[0].What, "301 symbolic links (213 lead nowhere)") {
		t.Errorf("the links of .gemini: %+v", links)
	}
	_, err := s.FindSkill("status")
	r := refused(t, err)
	if len(r.Instead) != 3 || !slices.Contains(r.Instead, "load claude-skills:engineering/agenthub/status") {
		t.Errorf("status: %q", r.Instead)
	}
	for _, typed := range r.Instead {
		if m, err := s.FindSkill(typed); err != nil || "load "+m.Entry.ID != typed || m.Note != "" {
			t.Errorf("%s: %+v %v", typed, m, err)
		}
	}
	with := 0
	for _, name := range protocolSkills[4:] { // the eight marketing skills
		m, err := s.FindSkill(name)
		if err != nil || len(m.Entry.Identity) != 1 {
			t.Errorf("%s says who is thinking: %+v %v", name, m.Entry.Identity, err)
			continue
		}
		body, _ := s.Body(m.Entry.Pin)
		if lines := skills.Identity(body); len(lines) == 1 && strings.HasPrefix(lines[0].Text, "You are") {
			with++
		}
	}
	if with != 8 {
		t.Errorf("%d of the 8 marketing skills open with an identity", with)
	}
}

func TestWshobsonAgents(t *testing.T) {
	root := corpus(t, "wshobson-agents")
	s := opened(t, Shipped(), Source{Name: "wshobson-agents", Path: root}).Snapshot()
	of := s.BySource("wshobson-agents")
	if of.Skills != 181 || of.Subagents != 202 || of.Personas != 0 {
		t.Errorf("%+v, want 181 skills and 202 subagents", of)
	}
	everythingTold(t, s, "wshobson-agents", root)
	_, err := s.FindPersona("code-reviewer")
	r := refused(t, err)
	if len(r.Instead) != 7 {
		t.Errorf("code-reviewer asks which of 7: %+v", r)
	}
	for _, typed := range r.Instead {
		if m, err := s.FindPersona(strings.TrimPrefix(typed, "persona ")); err != nil || "persona "+m.Entry.ID != typed {
			t.Errorf("%s: %+v %v", typed, m, err)
		}
	}
	for _, it := range s.items {
		m, err := s.find(it.Kind, it.Name)
		if err != nil || m.Entry.ID != it.ID || m.Note != "" {
			t.Errorf("the name %s of %s finds %+v %v", it.Name, it.ID, m, err)
		}
	}
}

// everythingTold walks the folder by itself: each SKILL.md and each file of an
// agents or personas folder is loaded, or a finding is at it or at a folder above.
func everythingTold(t *testing.T, s *Snapshot, source, root string) {
	t.Helper()
	told := map[string]bool{}
	for _, f := range s.Findings() {
		told[f.Path] = true
		if f.What == "" || f.Remedy == "" {
			t.Errorf("a finding without reason or remedy: %+v", f)
		}
	}
	n := 0
	err := fs.WalkDir(os.DirFS(root), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		isPersona := strings.HasSuffix(path, ".md") && (strings.Contains("/"+path, "/agents/") || strings.Contains("/"+path, "/personas/"))
		if d.Name() != "SKILL.md" && !isPersona {
			return nil
		}
		n++
		if _, loaded := s.files[file{source, path}]; loaded {
			return nil
		}
		for at := path; at != "."; at = filepath.ToSlash(filepath.Dir(at)) {
			if told[source+":"+at] {
				return nil
			}
		}
		t.Errorf("%s is neither loaded nor told of", path)
		return nil
	})
	if err != nil || n == 0 {
		t.Errorf("%d files looked at: %v", n, err)
	}
}

// Every body and every file of the corpus is read again as it was pinned.
func TestCorpusBodies(t *testing.T) {
	root := corpus(t, "claude-skills")
	s := opened(t, Source{Name: "claude-skills", Path: root}).Snapshot()
	for _, it := range s.items {
		raw, ok := s.Raw(it.Pin)
		want, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(it.Pin.Path)))
		if !ok || err != nil || !bytes.Equal(raw, want) {
			t.Fatalf("%s: %v %v", it.ID, ok, err)
		}
		body, ok := s.Body(it.Pin)
		if !ok || Tokens(body) != it.Tokens || it.Bytes != len(raw) || strings.HasPrefix(body, "---\nname") {
			t.Errorf("%s: %d tokens, entry says %d", it.ID, Tokens(body), it.Tokens)
		}
	}
}
