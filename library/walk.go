package library

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/synthoperator/baton/skills"
)

// candidate is a file that, by where it lies, is a persona, a skill or a pattern.
type candidate struct {
	kind      Kind
	path      string
	subagent  bool
	resources []string
}

// place is what the folders above say about a folder.
type place struct {
	holds    Kind   // its Markdown files are personas, or its TOML files patterns
	subagent bool   // those personas are subagents
	skill    int    // 1 + the index of the skill whose folder this is in; 0: none
	resource bool   // inside a skill's resources
	depth    int    // folders below the source
	aside    *tally // not searched, by rule: only counted
}

// tally is what was seen in a folder that is not searched.
type tally struct {
	skills, personas, links, dangling int
	more                              bool
}

// walk goes through the folders of one source.
type walk struct {
	source   Source
	tree     tree
	caps     Caps
	now      time.Time
	old      listings
	dirty    map[string]bool // of old, what may have changed
	dirs     listings
	found    []candidate
	findings []Finding
	searched int  // folders in which something may be found
	aside    int  // folders gone through only to count
	full     bool // there were more candidates than are read
	wide     bool // there were more folders than are read
}

// run finds every candidate of the source.
func (w *walk) run(ctx context.Context) error {
	w.dirs = make(listings, len(w.old))
	if _, err := w.list("."); err != nil {
		return cause(err)
	}
	at := place{}
	if !w.source.shipped() {
		at = at.enter(strings.ToLower(filepath.Base(w.source.Path)))
		at.depth = 0
	}
	return w.visit(ctx, ".", at)
}

// enter is the place of a sub-folder of that name.
func (p place) enter(name string) place {
	p.depth++
	if p.holds == PatternKind {
		p.holds = ""
	}
	switch {
	case p.resource:
	case p.skill > 0 && skills.ResourceFolder(name):
		p.resource = true
	case name == "personas":
		p.holds, p.subagent = PersonaKind, false
	case name == "agents", name == "subagents", name == "categories":
		p.holds, p.subagent = PersonaKind, true
	case name == "patterns":
		p.holds = PatternKind
	case name == "skills":
		p.holds = ""
	}
	return p
}

func (w *walk) tell(path string, level Level, remedy, format string, args ...any) {
	w.findings = append(w.findings, Finding{Path: w.source.Name + ":" + path, Level: level, What: fmt.Sprintf(format, args...), Remedy: remedy})
}

// perSearched is how many folders may be looked at for each that may be
// searched: those inside skills only hold what is listed.
const perSearched = 5

func (w *walk) visit(ctx context.Context, dir string, at place) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if at.aside == nil && !at.resource {
		w.searched++
	}
	if at.aside == nil && (w.searched > w.caps.Folders || len(w.dirs) > perSearched*w.caps.Folders) {
		if !w.wide {
			w.tell(dir, Refused, "split the source", "is one folder more than the %d that are searched; what follows is not searched either", w.caps.Folders)
		}
		w.wide = true
		return nil
	}
	l, err := w.list(dir)
	if err != nil {
		w.tell(dir, Refused, "make the folder readable", "cannot be read: %v", cause(err))
		return nil
	}
	if at.aside != nil {
		return w.count(ctx, dir, l, at)
	}
	if l.full {
		w.tell(dir, Refused, "split the folder", "has more than %d names; the rest is not read", maxNames)
	}
	if n := len(l.links); n > 0 {
		w.tell(dir, Skipped, "put the files themselves here", "%s not followed%s", some(n, "symbolic link is", "symbolic links are"), dangling(l.dangling))
	}
	at = w.files(dir, l, at)
	for _, name := range l.dirs {
		if err := w.below(ctx, dir, name, at); err != nil {
			return err
		}
	}
	return nil
}

// below goes into one sub-folder, or says why not.
func (w *walk) below(ctx context.Context, dir, name string, at place) error {
	sub := join(dir, name)
	if !printable(name) {
		w.tell(dir, Refused, "rename it", "the folder %q has a name that cannot be shown", name)
		return nil
	}
	if at.depth >= w.caps.Depth {
		w.tell(sub, Skipped, "move it up, or make it a source of its own", "lies deeper than %d folders", w.caps.Depth)
		return nil
	}
	next := at.enter(strings.ToLower(name))
	why := ""
	switch {
	case strings.HasPrefix(name, "."):
		why = "is a hidden folder"
	case name == "node_modules":
		why = "belongs to a package manager"
	case strings.EqualFold(name, "docs") && !next.resource:
		why = "holds documentation"
	}
	if why == "" {
		return w.visit(ctx, sub, next)
	}
	next.aside = &tally{}
	err := w.visit(ctx, sub, next)
	w.tellAside(sub, why, *next.aside)
	return err
}

func (w *walk) tellAside(dir, why string, t tally) {
	if t.skills == 0 && t.personas == 0 && t.links == 0 {
		return
	}
	what := why + " and is not searched"
	if t.skills > 0 {
		what += "; " + some(t.skills, "SKILL.md lies in it", "SKILL.md lie in it")
	}
	if t.personas > 0 {
		what += "; " + some(t.personas, "persona file lies in it", "persona files lie in it")
	}
	if t.links > 0 {
		what += "; " + some(t.links, "symbolic link", "symbolic links") + dangling(t.dangling)
	}
	if t.more {
		what += "; it was not counted to the end"
	}
	w.tell(dir, Skipped, "make it a source of its own to use it", "%s", what)
}

func some(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func dangling(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" (%d lead nowhere)", n)
}

// maxAside bounds how many folders are gone through only to count.
const maxAside = 5000

func (w *walk) count(ctx context.Context, dir string, l *listing, at place) error {
	w.aside++
	t := at.aside
	t.links += len(l.links)
	t.dangling += l.dangling
	if name, _ := skillFile(l.files); name != "" {
		t.skills++
	}
	for _, name := range l.files {
		if w.kindOf(name, at) == PersonaKind && !reserved(stemOf(name)) {
			t.personas++
		}
	}
	for _, name := range l.dirs {
		if w.aside >= maxAside || at.depth >= 2*w.caps.Depth || !printable(name) {
			t.more = true
			return nil
		}
		if err := w.visit(ctx, join(dir, name), at.enter(name)); err != nil {
			return err
		}
	}
	return nil
}

// stemOf is a file's name without its ending.
func stemOf(name string) string { return strings.TrimSuffix(name, path.Ext(name)) }
