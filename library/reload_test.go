package library

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func reload(t *testing.T, l *Library) Report {
	t.Helper()
	r, err := l.Reload(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r.Took = 0
	return r
}

func TestReload(t *testing.T) {
	root := folderOf(t, files{"skills/a/SKILL.md": "one", "skills/b/SKILL.md": "", "agents/c.md": ""})
	l := opened(t, Shipped(), Source{Name: "team", Path: root})
	before := l.Snapshot()
	if r := reload(t, l); !cmp.Equal(r, Report{}) || l.Snapshot() != before {
		t.Errorf("nothing changed, and still: %+v", r)
	}
	pin := mustFind(t, before, "a").Pin

	put(t, root, files{"skills/a/SKILL.md": "two"})
	if diff := cmp.Diff(Report{Changed: []string{"team:a"}}, reload(t, l)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	after := l.Snapshot()
	now, changed, gone := after.Changed(pin)
	if !changed || gone || now != mustFind(t, after, "a").Pin || now.Hash == pin.Hash {
		t.Errorf("%v %v %v", now, changed, gone)
	}
	if body, ok := after.Body(now); !ok || !strings.Contains(body, "two") {
		t.Errorf("%q %v", body, ok)
	}
	for _, s := range []*Snapshot{before, after} { // the old bytes are nowhere any more
		if body, ok := s.Body(pin); ok {
			t.Errorf("%q is passed off as %s", body, pin.Short())
		}
	}
	if _, changed, _ := before.Changed(pin); changed {
		t.Error("an old snapshot has learned of the change")
	}

	put(t, root, files{"skills/d/SKILL.md": "", "agents/deep/e.md": ""})
	if err := os.RemoveAll(filepath.Join(root, "skills", "b")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Report{Added: []string{"team:deep/e", "team:d"}, Removed: []string{"team:b"}}, reload(t, l)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, _, gone := l.Snapshot().Changed(mustFind(t, before, "b").Pin); !gone {
		t.Error("b is not gone")
	}
	put(t, root, files{"skills/a/references/x.md": "# x"})
	if reload(t, l); !slices.Equal(mustFind(t, l.Snapshot(), "a").Resources, []string{"references/x.md"}) {
		t.Errorf("%+v", mustFind(t, l.Snapshot(), "a").Resources)
	}
	put(t, root, files{"skills/a/SKILL.md": "---\nname: a\n---\nno description"})
	if r := reload(t, l); !slices.Equal(r.Removed, []string{"team:a"}) {
		t.Errorf("%+v", r)
	}
	one(t, l.Snapshot(), "team:skills/a/SKILL.md", Refused, "no description")
}

func mustFind(t *testing.T, s *Snapshot, name string) Entry {
	t.Helper()
	m, err := s.FindSkill(name)
	if err != nil {
		t.Fatal(err)
	}
	return m.Entry
}

// A source that cannot be read keeps what was there; it says so, and comes back.
func TestLostSource(t *testing.T) {
	parent := t.TempDir()
	root := filepath.Join(parent, "team")
	put(t, root, files{"skills/a/SKILL.md": ""})
	other := folderOf(t, files{"skills/b/SKILL.md": "one"})
	var log bytes.Buffer
	l, err := Open([]Source{{Name: "team", Path: root}, {Name: "other", Path: other}}, Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(root, root+"-away"); err != nil {
		t.Fatal(err)
	}
	put(t, other, files{"skills/b/SKILL.md": "two"})
	for range 3 {
		r, err := l.Reload(t.Context())
		if err == nil || !strings.Contains(err.Error(), "library source team cannot be read") || !slices.Equal(r.Kept, []string{"team"}) {
			t.Errorf("%+v %v", r, err)
		}
		if strings.Contains(err.Error(), parent) {
			t.Errorf("%v tells where the machine keeps it", err)
		}
	}
	s := l.Snapshot()
	mustFind(t, s, "a")
	if body, ok := s.Body(mustFind(t, s, "b").Pin); !ok || !strings.Contains(body, "two") {
		t.Error("the other source was not reloaded")
	}
	one(t, s, "team:.", Refused, "cannot be read")
	if n := strings.Count(log.String(), "cannot be read"); n != 1 {
		t.Errorf("logged %d times:\n%s", n, log.String())
	}
	if err := os.Rename(root+"-away", root); err != nil {
		t.Fatal(err)
	}
	reload(t, l)
	if found := findingsAt(l.Snapshot(), "team:."); len(found) > 0 || !strings.Contains(log.String(), "is back") {
		t.Errorf("%+v\n%s", found, log.String())
	}
}

// A source that is not there at first is told of, and read once it is.
func TestLateSource(t *testing.T) {
	root := filepath.Join(t.TempDir(), "team")
	l := opened(t, Shipped(), Source{Name: "team", Path: root})
	one(t, l.Snapshot(), "team:.", Refused, "cannot be read")
	if _, err := l.Refresh(t.Context(), "team", "skills/a/SKILL.md"); err == nil {
		t.Error("refreshed what is not there")
	}
	put(t, root, files{"skills/a/SKILL.md": ""})
	reload(t, l)
	mustFind(t, l.Snapshot(), "a")
}

// The folder behind a path may be another one after a deployment.
func TestReplacedSource(t *testing.T) {
	parent := t.TempDir()
	root := filepath.Join(parent, "team")
	put(t, root, files{"skills/a/SKILL.md": "", "skills/b/SKILL.md": "old"})
	put(t, root+"-next", files{"skills/c/SKILL.md": "", "skills/b/SKILL.md": "new"})
	l := opened(t, Source{Name: "team", Path: root})
	if err := os.Rename(root, root+"-old"); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(root+"-next", root); err != nil {
		t.Fatal(err)
	}
	want := Report{Added: []string{"team:c"}, Changed: []string{"team:b"}, Removed: []string{"team:a"}}
	if diff := cmp.Diff(want, reload(t, l)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if body, ok := l.Snapshot().Body(mustFind(t, l.Snapshot(), "b").Pin); !ok || !strings.Contains(body, "new") {
		t.Errorf("%q %v", body, ok)
	}
}

// A reload whose context ends changes nothing.
func TestReloadCancelled(t *testing.T) {
	root := folderOf(t, files{"skills/a/SKILL.md": "one"})
	l := opened(t, Source{Name: "team", Path: root})
	put(t, root, files{"skills/a/SKILL.md": "two", "skills/b/SKILL.md": ""})
	before := l.Snapshot()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Reload(ctx); err == nil || l.Snapshot() != before {
		t.Errorf("%v", err)
	}
	if r := reload(t, l); len(r.Added) != 1 || len(r.Changed) != 1 {
		t.Errorf("%+v", r)
	}
}

// Two writes within one tick of the clock leave one time stamp: a file that was
// read right after it was written is not trusted by it.
func TestSameTick(t *testing.T) {
	root := t.TempDir()
	put(t, root, files{"skills/a/SKILL.md": "one"})
	name := filepath.Join(root, "skills", "a", "SKILL.md")
	tick := time.Now()
	if err := os.Chtimes(name, tick, tick); err != nil {
		t.Fatal(err)
	}
	l := opened(t, Source{Name: "team", Path: root})
	put(t, root, files{"skills/a/SKILL.md": "two"})
	if err := os.Chtimes(name, tick, tick); err != nil {
		t.Fatal(err)
	}
	if r := reload(t, l); len(r.Changed) != 1 {
		t.Errorf("%+v", r)
	}
}

// A file that is put in the place of another with its size and its time stamp,
// as some tools of deployment do, is another file.
func TestReplacedFile(t *testing.T) {
	root := folderOf(t, files{"skills/a/SKILL.md": "one"})
	name := filepath.Join(root, "skills", "a", "SKILL.md")
	dir := filepath.Dir(name)
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	l := opened(t, Source{Name: "team", Path: root})
	put(t, root, files{"skills/a/new": page("a", "two")})
	if err := os.Rename(filepath.Join(dir, "new"), name); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{name, dir} {
		if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
			t.Fatal(err)
		}
	}
	if r := reload(t, l); len(r.Changed) != 1 {
		t.Errorf("%+v", r)
	}
}

// Whatever happens to the files, a library that was reloaded or refreshed holds
// what a new one would.
func TestReloadEqualsOpen(t *testing.T) {
	names := []string{
		"skills/a/SKILL.md", "skills/b/SKILL.md", "x/skills/a/SKILL.md", "skills/a/assets/s/SKILL.md", "skills/a/references/r.md", "agents/p.md",
		"personas/p.md", "patterns/q.toml", "skills/b/skill.md", "agents/deep/er/p.md", ".hidden/skills/h/SKILL.md",
	}
	rapid.Check(t, func(rt *rapid.T) {
		root, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			rt.Fatal(err)
		}
		source := Source{Name: "team", Path: root}
		l := opened(t, source)
		for range rapid.IntRange(1, 6).Draw(rt, "rounds") {
			var touched []string
			for range rapid.IntRange(1, 4).Draw(rt, "changes") {
				name := rapid.SampledFrom(names).Draw(rt, "name")
				touched = append(touched, name)
				switch rapid.IntRange(0, 5).Draw(rt, "what") {
				case 0:
					_ = os.Remove(filepath.Join(root, name))
				case 1:
					_ = os.RemoveAll(filepath.Join(root, filepath.Dir(name)))
				case 2:
					_ = os.MkdirAll(filepath.Join(root, filepath.Dir(name)), 0o755)
					_ = os.Symlink("nowhere", filepath.Join(root, filepath.Dir(name), "link"))
				default:
					_ = os.Remove(filepath.Join(root, name))
					put(t, root, files{name: fmt.Sprint("text ", rapid.IntRange(0, 3).Draw(rt, "text"))})
				}
			}
			if rapid.Bool().Draw(rt, "aged") {
				age(t, root) // as a checkout does, so that time stamps alone tell nothing
			}
			if rapid.Bool().Draw(rt, "refresh") {
				_, err = l.Refresh(t.Context(), "team", touched...)
			} else {
				_, err = l.Reload(t.Context())
			}
			if err != nil {
				rt.Fatal(err)
			}
			got, want := l.Snapshot(), opened(t, source).Snapshot()
			if diff := cmp.Diff(shown(want), shown(got)); diff != "" {
				rt.Fatalf("(-new +reloaded):\n%s", diff)
			}
		}
	})
}

// shown is all that a snapshot shows.
func shown(s *Snapshot) []any {
	out := []any{s.Count(), s.Findings()}
	for _, it := range s.items {
		out = append(out, it.Entry)
	}
	for _, p := range s.Patterns() {
		out = append(out, p.Plan.Name()+" "+p.Source+":"+p.Path)
	}
	return out
}

// Watch sees a file that changes, one that comes in a new folder, and one that goes.
func TestWatch(t *testing.T) {
	root := folderOf(t, files{"skills/a/SKILL.md": "one"})
	l := opened(t, Shipped(), Source{Name: "team", Path: root})
	seen := make(chan struct{}, 1)
	l.published = func() {
		select {
		case seen <- struct{}{}:
		default:
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- l.Watch(ctx) }()
	until := func(what func(*Snapshot) bool) {
		t.Helper()
		for !what(l.Snapshot()) {
			<-seen
		}
	}
	<-seen // it watches
	put(t, root, files{"skills/a/SKILL.md": "two, longer"})
	until(func(s *Snapshot) bool {
		e, _ := s.Named(SkillKind, "a")
		body, ok := s.Body(e.Pin)
		return ok && strings.Contains(body, "two")
	})
	put(t, root, files{"more/skills/b/SKILL.md": ""})
	until(func(s *Snapshot) bool { _, ok := s.Named(SkillKind, "b"); return ok })
	put(t, root, files{"more/skills/b/SKILL.md": "again"}) // the new folder is watched too
	until(func(s *Snapshot) bool {
		e, _ := s.Named(SkillKind, "b")
		body, ok := s.Body(e.Pin)
		return ok && strings.Contains(body, "again")
	})
	if err := os.RemoveAll(filepath.Join(root, "skills")); err != nil {
		t.Fatal(err)
	}
	until(func(s *Snapshot) bool { _, ok := s.Named(SkillKind, "a"); return !ok })
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
