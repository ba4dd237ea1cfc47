package library

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/synthoperator/baton/orchestration"
)

func TestTokens(t *testing.T) {
	for text, want := range map[string]int{"": 0, "a": 1, "abcd": 1, "abcde": 2, "ééé": 2} {
		if got := Tokens(text); got != want {
			t.Errorf("%q costs %d, want %d", text, got, want)
		}
	}
}

// Text reads only the bytes that were pinned, also those that a later version
// would refuse.
func TestText(t *testing.T) {
	s := shelved(t, files{"skills/a/SKILL.md": "do it", "personas/b.md": "You are b."})
	m, err := s.FindPersona("b")
	if err != nil {
		t.Fatal(err)
	}
	pin := m.Entry.Pin
	raw, ok := s.Raw(pin)
	if text, read := Text(pin, raw); !ok || !read || text != "You are b.\n" {
		t.Errorf("%q %v", text, read)
	}
	if text, read := Text(pin, append(raw, '!')); read || text != "" {
		t.Errorf("other bytes were read: %q", text)
	}
	odd := []byte("no frontmatter\u202e, no heading")
	oddPin := pinOf(Source{Name: "team"}, "personas/odd.md", odd)
	if text, read := Text(oddPin, odd); !read || text != "no frontmatter, no heading" {
		t.Errorf("%q %v", text, read)
	}
	for _, other := range []orchestration.Pin{
		{Source: "team", Path: "../../etc/passwd", Hash: pin.Hash},
		{Source: "none", Path: pin.Path, Hash: pin.Hash},
		{Source: "team", Path: pin.Path, Hash: "00"},
		{},
	} {
		if _, ok := s.Raw(other); ok {
			t.Errorf("%+v was read", other)
		}
		if _, ok := s.Body(other); ok {
			t.Errorf("%+v was read", other)
		}
		if _, ok := s.Cost(other); ok {
			t.Errorf("%+v has a cost", other)
		}
	}
	if n, ok := s.Cost(pin); !ok || n != Tokens("You are b.\n") {
		t.Errorf("%d %v", n, ok)
	}
}

// A file that is swapped for a link after the scan is not followed out.
func TestSwappedForALink(t *testing.T) {
	outside := folderOf(t, files{"skills/a/SKILL.md": "do it"})
	root := folderOf(t, files{"skills/a/SKILL.md": "do it"})
	s := opened(t, Source{Name: "team", Path: root}).Snapshot()
	pin := mustFind(t, s, "a").Pin
	if err := os.RemoveAll(filepath.Join(root, "skills", "a")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(outside, "skills", "a"), filepath.Join(root, "skills", "a")); err != nil {
		t.Fatal(err)
	}
	if _, ok := s.Raw(pin); ok { // the bytes are the same: only the way there differs
		t.Error("the link was followed out of the source")
	}
}

func TestResources(t *testing.T) {
	s := shelved(t, files{
		"skills/a/SKILL.md": "", "skills/a/references/one.md": "# one", "skills/a/references/deep/two.md": "# two", "skills/a/assets/t.csv": "x,y",
		"skills/a/scripts/run.py": "boom", "skills/a/forms.md": "# forms", "skills/a/.secret": "x", "skills/b/SKILL.md": "", "skills/a/agents/critic.md": "# c",
	})
	e := mustFind(t, s, "a")
	want := []string{"forms.md", "agents/critic.md", "assets/t.csv", "references/one.md", "references/deep/two.md", "scripts/run.py"}
	if diff := cmp.Diff(want, e.Resources); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if data, err := s.Resource(e.Pin, "assets/t.csv"); err != nil || string(data) != "x,y" {
		t.Errorf("%q %v", data, err)
	}
	for _, name := range []string{".secret", "../b/SKILL.md", "SKILL.md", "assets/none.csv", ""} {
		_, err := s.Resource(e.Pin, name)
		refused(t, err)
	}
	if len(mustFind(t, s, "b").Resources) > 0 {
		t.Error("b has another's files")
	}
}

func TestSearch(t *testing.T) {
	s := shelved(t, files{
		"skills/audit/SKILL.md":            "",
		"skills/audit-log/SKILL.md":        "",
		"skills/seo-audit/SKILL.md":        "",
		"skills/preaudit/SKILL.md":         "",
		"skills/compliance/SKILL.md":       "---\nname: compliance\ndescription: Prepares an audit of rules\n---\nx",
		"skills/copywriting/SKILL.md":      "---\nname: copywriting\ndescription: Writes; see preauditing\n---\nx",
		"skills/unrelated/SKILL.md":        "",
		"one/skills/status/SKILL.md":       "one",
		"two/skills/status/SKILL.md":       "two",
		"skills/status-page/SKILL.md":      "",
		"personas/auditor.md":              "",
		"patterns/yearly-audit-weeks.toml": "kind = \"skill-chain\"\n[[phase]]\nskills = [\"audit\"]\n",
	})
	names := func(all []Entry) []string {
		var out []string
		for _, e := range all {
			out = append(out, e.Name)
		}
		return out
	}
	for _, tt := range []struct {
		kind  Kind
		query string
		want  []string
	}{
		{SkillKind, "audit", []string{"audit", "audit-log", "seo-audit", "preaudit", "compliance", "copywriting"}},
		{SkillKind, "AUDIT rules", []string{"compliance"}},
		{SkillKind, "status", []string{"one/status", "two/status", "status-page"}},
		{PersonaKind, "audit", []string{"auditor"}},
		{PatternKind, "audit", []string{"yearly-audit-weeks"}},
		{SkillKind, "nothing here", nil},
	} {
		found, total := s.Search(tt.kind, tt.query, 1, 20)
		if diff := cmp.Diff(tt.want, names(found)); diff != "" || total != len(tt.want) {
			t.Errorf("search %q: %d (-want +got):\n%s", tt.query, total, diff)
		}
	}
	var paged []string
	for p := 1; p <= 4; p++ {
		found, total := s.Search(SkillKind, "", p, 4)
		if total != 10 {
			t.Errorf("%d in all", total)
		}
		paged = append(paged, names(found)...)
	}
	if len(paged) != 10 || len(slices.Compact(slices.Clone(paged))) != 10 {
		t.Errorf("pages give %v", paged)
	}
	for _, tt := range []struct {
		typed string
		want  []string
	}{
		{"audit", []string{"audit", "audit-log", "seo-audit", "preaudit", "compliance"}},
		{"Se", []string{"seo-audit"}},
		{"status", []string{"status-page", "one/status", "two/status"}},
		{"one/s", []string{"one/status"}},
		{"team:one", []string{"one/status"}},
		{"prepares an", []string{"compliance"}},
		{"zzz", nil},
	} {
		got := names(s.Complete(SkillKind, tt.typed, 5))
		if len(tt.want) < len(got) && strings.HasPrefix(tt.typed, "S") {
			got = got[:len(tt.want)] // descriptions follow
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("complete %q (-want +got):\n%s", tt.typed, diff)
		}
	}
	if got := names(s.Complete(PatternKind, "yearly", 5)); !slices.Equal(got, []string{"yearly-audit-weeks"}) {
		t.Errorf("%v", got)
	}
}

// Every name that is shown can be typed back, as can every ID.
func TestNamesRoundTrip(t *testing.T) {
	s := opened(t, Shipped(), Source{Name: "team", Path: folderOf(t, team)}).Snapshot()
	for _, it := range s.items {
		for _, text := range []string{it.Name, it.ID, it.Name + "@" + it.Pin.Short(), it.ID + "@" + it.Pin.Short()} {
			m, err := s.find(it.Kind, text)
			if err != nil || m.Entry.ID != it.ID || m.Note != "" {
				t.Errorf("%s of %s finds %s %q %v", text, it.ID, m.Entry.ID, m.Note, err)
			}
		}
		if e, ok := s.Named(it.Kind, it.Name); !ok || e.ID != it.ID {
			t.Errorf("%s names %+v", it.Name, e.ID)
		}
		if e, ok := s.Entry(it.Pin); !ok || e.ID != it.ID {
			t.Errorf("%v is %+v", it.Pin, e.ID)
		}
	}
}

// A Snapshot is the Shelf that the rules decide by.
func TestShelf(t *testing.T) {
	s := opened(t, Shipped()).Snapshot()
	var shelf orchestration.Shelf = s
	if p, err := shelf.Persona(orchestration.PersonaName{}); err != nil || !p.Name.IsZero() {
		t.Errorf("nobody is %v %v", p, err)
	}
	name, err := orchestration.ParseSkillName("baton:seo-audit")
	if err != nil {
		t.Fatal(err)
	}
	skill, err := shelf.Skill(name)
	if err != nil || skill.Name.String() != "seo-audit" || len(skill.Pin.Hash) != 64 || skill.Pin.Source != "baton" || skill.Pin.Path != "skills/seo-audit/SKILL.md" {
		t.Errorf("%+v %v", skill, err)
	}
}
