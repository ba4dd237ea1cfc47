//go:build unix

package library

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
)

// Whatever a pack holds is loaded, or told of with a reason; nothing hangs,
// nothing outside is read.
func TestHostilePack(t *testing.T) {
	outside := folderOf(t, files{"skills/secret/SKILL.md": "secret", "secret.md": "secret"})
	root := folderOf(t, files{
		"skills/good/SKILL.md":                         "",
		"skills/good/references/details.md":            "# details",
		"skills/good/references/sub/SKILL.md":          "decoy",
		"skills/good/scripts/run.sh":                   "exit 1",
		"skills/good/examples/nested/SKILL.md":         "decoy",
		"skills/plain/SKILL.md":                        "# Plain\n\nNo frontmatter.\n",
		"skills/chatbot/SKILL.md":                      "---\nname: chatbot\n[cite_start]description: x\n---\ntext",
		"skills/lower/skill.md":                        page("lower", "text"),
		"skills/twins/SKILL.md":                        "",
		"skills/twins/skill.md":                        page("twins", "other"),
		"skills/Clash/SKILL.md":                        "upper",
		"skills/clash/SKILL.md":                        "lower",
		"skills/hidden/SKILL.md":                       page("hidden", "do\u200b it"),
		"skills/traverse/SKILL.md":                     page("../../etc/passwd", "text"),
		"skills/???/SKILL.md":                          "no letters",
		"agents/nobody.md":                             "",
		"agents/CLAUDE.md":                             "",
		"agents/no-text.md":                            "---\nname: x\ndescription: d\n---\n",
		"node_modules/pack/skills/x/SKILL.md":          "",
		".claude/agents/x.md":                          "",
		"docs/personas/y.md":                           "",
		"a/b/c/d/e/f/g/h/i/skills/deep/SKILL.md":       "",
		"patterns/bad.toml":                            "kind = \"waterfall\"\n[[phase]]\nname = \"x\"\n",
		"patterns/lost.toml":                           "kind = \"skill-chain\"\n[[phase]]\nskills = [\"nowhere\"]\n",
		"patterns/notes.txt":                           "x",
		"skills/large/SKILL.md":                        page("large", strings.Repeat("long line\n", 600)),
		"skills/huge/SKILL.md":                         page("huge", strings.Repeat("x", 300<<10)),
		"skills/binary/SKILL.md":                       "---\nname: binary\ndescription: d\n---\n\x00\x01",
		"skills/line\nbreak/SKILL.md":                  "",
		"agents/esc\x1b[2J.md":                         "",
		"personas/" + strings.Repeat("n", 220) + ".md": "",
	})
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, dir := range []string{"skills/pipe", "skills/sparse", "skills/linked", "skills/hard", "skills/mode"} {
		must(os.MkdirAll(filepath.Join(root, dir), 0o755))
	}
	must(syscall.Mkfifo(filepath.Join(root, "skills/pipe/SKILL.md"), 0o644))
	must(syscall.Mkfifo(filepath.Join(root, "agents/pipe.md"), 0o644))
	sparse, err := os.Create(filepath.Join(root, "skills/sparse/SKILL.md"))
	must(err)
	must(sparse.Truncate(1 << 40))
	must(sparse.Close())
	must(os.Symlink(filepath.Join(outside, "secret.md"), filepath.Join(root, "skills/linked/SKILL.md")))
	must(os.Symlink(filepath.Join(outside, "skills"), filepath.Join(root, "skills/out")))
	must(os.Symlink("nowhere", filepath.Join(root, "agents/dangling.md")))
	must(os.Link(filepath.Join(root, "skills/good/SKILL.md"), filepath.Join(root, "skills/hard/SKILL.md")))

	s := opened(t, Source{Name: "pack", Path: root}).Snapshot()
	var loaded []string
	for _, it := range s.items {
		loaded = append(loaded, it.Slug)
		if body, ok := s.Body(it.Pin); !ok || strings.Contains(body, "secret") || strings.Contains(body, "\u200b") {
			t.Errorf("%s: %q %v", it.ID, body, ok)
		}
	}
	if got, want := strings.Join(loaded, " "), "clash good hard hidden large lower traverse twins"; got != want {
		t.Errorf("loaded are %s, want %s", got, want)
	}
	everythingTold(t, s, "pack", root)
	for path, want := range map[string]Finding{
		"skills/good/references/sub/SKILL.md":  {Level: Skipped, What: "among the files of the skill in skills/good"},
		"skills/good/examples/nested/SKILL.md": {Level: Skipped, What: "among the files"},
		"skills/plain/SKILL.md":                {Level: Refused, What: "no frontmatter"},
		"skills/chatbot/SKILL.md":              {Level: Refused, What: "description cannot be read"},
		"skills/lower/skill.md":                {Level: Noted, What: "not called SKILL.md"},
		"skills/twins/skill.md":                {Level: Refused, What: "only in case"},
		"skills/Clash/SKILL.md":                {Level: Refused, What: "only in case"},
		"skills/hidden/SKILL.md":               {Level: Repaired, What: "U+200B"},
		"skills/traverse/SKILL.md":             {Level: Noted, What: "its frontmatter says ../../etc/passwd"},
		"skills/???/SKILL.md":                  {Level: Refused, What: "no letters"},
		"agents/nobody.md":                     {Level: Refused, What: "no persona"},
		"agents/CLAUDE.md":                     {Level: Skipped, What: "about the folder"},
		"agents/no-text.md":                    {Level: Refused, What: "no text"},
		"node_modules":                         {Level: Skipped, What: "1 SKILL.md"},
		".claude":                              {Level: Skipped, What: "1 persona file"},
		"docs":                                 {Level: Skipped, What: "1 persona file"},
		"a/b/c/d/e/f/g/h/i":                    {Level: Skipped, What: "deeper than 8"},
		"patterns/bad.toml":                    {Level: Refused, What: "waterfall", Line: 1},
		"patterns/lost.toml":                   {Level: Missing, What: `no skill "nowhere"`},
		"skills/large/SKILL.md":                {Level: Noted, What: "lines"},
		"skills/huge/SKILL.md":                 {Level: Refused, What: "at most 262144"},
		"skills/sparse/SKILL.md":               {Level: Refused, What: "at most 262144"},
		"skills/binary/SKILL.md":               {Level: Refused, What: "UTF-8"},
		"skills":                               {Level: Skipped, What: "1 symbolic link is"},
		"skills/linked":                        {Level: Skipped, What: "1 symbolic link is not followed (1 lead"},
		"skills/pipe/SKILL.md":                 {Level: Refused, What: "no regular file"},
		"agents/pipe.md":                       {Level: Refused, What: "no regular file"},
	} {
		var found []Finding
		for _, f := range findingsAt(s, "pack:"+path) {
			if f.Level == want.Level && strings.Contains(f.What, want.What) && f.Remedy != "" {
				found = append(found, f)
			}
		}
		if len(found) != 1 {
			t.Errorf("%s: %+v, want %s %q", path, findingsAt(s, "pack:"+path), want.Level, want.What)
		}
	}
	if m, err := s.FindSkill("clash"); err != nil || m.Entry.Pin.Path != "skills/clash/SKILL.md" {
		t.Errorf("%+v %v", m.Entry.Pin, err)
	}
}

// A file system that gives hostile names gets no path opened by them.
func TestHostileNames(t *testing.T) {
	s := opened(t, Source{Name: "pack", FS: crooked{fstest.MapFS{"skills/a/SKILL.md": {Data: []byte(page("a", "x"))}}}}).Snapshot()
	if c := s.Count(); c.Skills != 1 {
		t.Errorf("%+v", c)
	}
	found := findingsAt(s, "pack:.")
	if len(found) != 2 || found[0].Level != Refused || !strings.Contains(found[0].What, `"../up"`) || !strings.Contains(found[1].What, `"..\\up"`) {
		t.Errorf("%+v", found)
	}
}

// crooked lists folders called ../up and ..\up beside what is there.
type crooked struct{ fstest.MapFS }

func (c crooked) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := c.MapFS.ReadDir(name)
	if name == "." {
		all = append(all, fs.FileInfoToDirEntry(folder("../up")), fs.FileInfoToDirEntry(folder(`..\up`)))
	}
	return all, err
}

func (c crooked) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		panic("opened " + name)
	}
	return c.MapFS.Open(name)
}

// Every cap is told of once and holds.
func TestCaps(t *testing.T) {
	all := files{}
	for i := range 30 {
		all[fmt.Sprintf("d%02d/skills/s%02d/SKILL.md", i, i)] = ""
	}
	root := folderOf(t, all)
	for _, tt := range []struct {
		caps Caps
		want string
		max  int
	}{
		{Caps{Files: 10}, "more than the 10 that are read", 10},
		{Caps{Folders: 20}, "more than the 20 that are searched", 20},
		{Caps{Depth: 2}, "deeper than 2 folders", 0},
	} {
		l, err := Open([]Source{{Name: "team", Path: root}}, Options{Caps: tt.caps})
		if err != nil {
			t.Fatal(err)
		}
		s := l.Snapshot()
		told := 0
		for _, f := range s.Findings() {
			if strings.Contains(f.What, tt.want) {
				told++
			}
		}
		if n := s.Count().Skills; n > tt.max || told == 0 || told > 1 && tt.caps.Depth == 0 {
			t.Errorf("%+v: %d skills, told %d times", tt.caps, n, told)
		}
	}
}

// A layout that nothing can be found in says what is expected.
func TestEmptySource(t *testing.T) {
	s := shelved(t, files{"README.md": "# Hello", "notes/skill.txt": "x"})
	one(t, s, "team:.", Noted, "holds no persona")
}

// A source may point at the folder itself: ~/.claude/agents, say.
func TestSourceIsTheFolder(t *testing.T) {
	root := folderOf(t, files{"agents/reviewer.md": "", "personas/x/cto.md": "", "skills/a/SKILL.md": "", "patterns/p.toml": "kind = \"skill-chain\"\n[[phase]]\nskills = [\"a\"]\n"})
	var sources []Source
	for _, name := range []string{"agents", "personas", "skills", "patterns"} {
		sources = append(sources, Source{Name: name, Path: filepath.Join(root, name)})
	}
	if c := opened(t, sources...).Snapshot().Count(); c != (Count{Personas: 1, Subagents: 1, Skills: 1, Patterns: 1, Sources: 4}) {
		t.Errorf("%+v", c)
	}
	single := opened(t, Source{Name: "one", Path: filepath.Join(root, "skills", "a")}).Snapshot()
	if m, err := single.FindSkill("a"); err != nil || m.Entry.ID != "one:a" {
		t.Errorf("%+v %v", m, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	for _, sources := range [][]Source{
		{{Name: "", Path: "x"}}, {{Name: "Team", Path: "x"}}, {{Name: "a:b", Path: "x"}}, {{Name: "a"}}, {Shipped(), Shipped()},
	} {
		if _, err := Open(sources, Options{}); err == nil {
			t.Errorf("%+v opened", sources)
		}
	}
}
