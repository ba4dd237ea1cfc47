package library

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"github.com/synthoperator/baton/internal/frontmatter"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/patterns"
	"github.com/synthoperator/baton/personas"
	"github.com/synthoperator/baton/skills"
)

// record is one file as it was read. It never changes, and is shared by all
// snapshots that were taken while the file stayed the same.
type record struct {
	stamp
	entry    Entry            // without Name, which depends on what else there is
	full     []string         // the segments of its path
	bare     []string         // those of its ID
	pattern  patterns.Pattern // where the file is one
	findings []Finding        // without Path
	loaded   bool
	fold     string // what a search looks through, folded
}

// load reads one candidate, or takes what was known of it while it has not changed.
func load(s Source, t tree, c candidate, before *record, now time.Time) *record {
	info, err := t.lstat(c.path)
	if err != nil {
		return refusedFile(stamp{}, cause(err).Error(), "make it readable")
	}
	known := before != nil && before.entry.Kind == c.kind
	if known && before.same(info) {
		return before
	}
	st := newStamp(info, now)
	data, err := readFile(t, c.path, info, frontmatter.MaxFile)
	if err != nil {
		return refusedFile(st, err.Error(), "a persona or a SKILL.md is one readable text file of at most 256 KiB")
	}
	pin := pinOf(s, c.path, data)
	if known && before.entry.Pin == pin {
		again := *before
		again.stamp = st
		return &again
	}
	r := &record{stamp: st}
	r.parse(c, data)
	r.entry.Kind, r.entry.Pin, r.entry.Bytes = c.kind, pin, len(data)
	r.entry.Subagent = c.subagent
	r.size(data)
	if r.loaded && c.kind != PatternKind {
		r.full, r.bare = segments(c.kind, c.path, r.entry.Slug)
		r.entry.Slug = r.bare[len(r.bare)-1]
		r.entry.ID = s.Name + ":" + strings.Join(r.bare, "/")
	}
	return r
}

func pinOf(s Source, path string, data []byte) orchestration.Pin {
	sum := sha256.Sum256(data)
	return orchestration.Pin{Source: s.Name, Path: path, Hash: hex.EncodeToString(sum[:])}
}

func refusedFile(st stamp, what, remedy string) *record {
	return &record{stamp: st, findings: []Finding{{Level: Refused, What: what, Remedy: remedy}}}
}

func (r *record) parse(c candidate, data []byte) {
	switch c.kind {
	case PatternKind:
		r.readPattern(c.path, data)
	case PersonaKind:
		p, repairs, err := personas.Parse(c.path, data)
		if r.settle(repairs, err) {
			r.entry = Entry{
				Slug: p.Slug, Title: p.Title, Declared: p.Declared, Description: p.Description, Emoji: p.Emoji,
				Vibe: p.Vibe, Loadout: p.Skills, Tokens: Tokens(p.Body),
			}
		}
	case SkillKind:
		s, repairs, err := skills.Parse(c.path, data)
		if r.settle(repairs, err) {
			r.entry = Entry{
				Slug: s.Name, Title: s.Name, Declared: s.Declared, Description: s.Description,
				Licence: s.Licence, Tokens: Tokens(s.Body),
			}
			for _, line := range skills.Identity(s.Body) {
				r.entry.Identity = append(r.entry.Identity, strings.Clone(line.Text))
			}
		}
	}
	r.entry.own()
	r.fold = strings.ToLower(r.entry.Title + "\n" + r.entry.Declared + "\n" + r.entry.Description)
}

// own copies what points into the file's text, so that the text can go.
func (e *Entry) own() {
	for _, s := range []*string{&e.Slug, &e.Title, &e.Declared, &e.Description, &e.Emoji, &e.Vibe, &e.Licence} {
		*s = strings.Clone(*s)
	}
	for i := range e.Loadout {
		e.Loadout[i] = strings.Clone(e.Loadout[i])
	}
}

// settle keeps repairs as findings and reports whether the file is loaded.
func (r *record) settle(repairs []frontmatter.Repair, err error) bool {
	if err != nil {
		f := Finding{Level: Refused, What: err.Error(), Remedy: "correct the file"}
		var bad *frontmatter.Error
		if errors.As(err, &bad) {
			f.Line, f.What, f.Remedy = bad.Line, bad.What, bad.Remedy
		}
		r.findings = append(r.findings, f)
		return false
	}
	for _, repair := range repairs {
		level := Repaired
		if repair.Note {
			level = Noted
		}
		r.findings = append(r.findings, Finding{Line: repair.Line, Level: level, What: repair.What, Remedy: repair.Remedy})
	}
	r.loaded = true
	return true
}

func (r *record) readPattern(file string, data []byte) {
	p, err := patterns.Parse(file, data)
	if err != nil {
		f := Finding{Level: Refused, What: err.Error(), Remedy: "correct the file"}
		var bad *patterns.Error
		if errors.As(err, &bad) {
			f.Line, f.What, f.Remedy = bad.Line, bad.Rule, bad.Remedy
		}
		r.findings = append(r.findings, f)
		return
	}
	r.loaded, r.pattern = true, p
	r.entry = Entry{Slug: p.Plan.Name(), Title: p.Plan.Title(), Description: p.Description}
}

// Sizes above which a text is told of: it crowds out the work.
const (
	largeFile = 20 << 10 // bytes
	longFile  = 500      // lines; the specification's advice
)

func (r *record) size(data []byte) {
	if lines := strings.Count(string(data), "\n"); r.loaded && (len(data) > largeFile || lines > longFile) {
		r.findings = append(r.findings, Finding{
			Level: Noted, Remedy: "move details to references/",
			What: some(len(data), "byte", "bytes") + " in " + some(lines, "line", "lines") + ", about " + some(r.entry.Tokens, "token", "tokens") + " in every prompt",
		})
	}
}
