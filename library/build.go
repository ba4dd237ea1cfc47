package library

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// build makes the snapshot of what the sources hold.
func build(sources []*open) *Snapshot {
	s := &Snapshot{sources: sources, slugs: map[slot][]int32{}, declared: map[slot][]int32{}, files: map[file]int32{}}
	s.count.Sources = len(sources)
	for i, src := range sources {
		if src.lost != nil {
			s.tell(src, ".", Refused, "make it readable, then reload", "the source cannot be read: %v; what was read of it before is kept", src.lost)
		}
		s.findings = append(s.findings, src.findings...)
		s.shelve(i, src)
	}
	slices.SortFunc(s.items, func(a, b *item) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Slug, b.Slug), cmp.Compare(a.order, b.order), cmp.Compare(a.Pin.Path, b.Pin.Path))
	})
	s.identify()
	s.settle()
	s.index()
	s.name()
	s.choosePatterns()
	s.check()
	sortFindings(s.findings)
	return s
}

func (s *Snapshot) tell(src *open, path string, level Level, remedy, format string, args ...any) {
	s.findings = append(s.findings, Finding{Path: src.Name + ":" + path, Level: level, What: fmt.Sprintf(format, args...), Remedy: remedy})
}

// shelve takes over what was read of one source.
func (s *Snapshot) shelve(order int, src *open) {
	found := 0
	for i, c := range src.order {
		r := src.records[i]
		for _, f := range r.findings {
			f.Path = src.Name + ":" + c.path
			s.findings = append(s.findings, f)
		}
		switch {
		case !r.loaded:
			continue
		case c.kind == PatternKind:
			s.patterns = append(s.patterns, Pattern{r.pattern, src.Name, c.path})
		default:
			s.shelveEntry(order, src, c, r)
		}
		found++
	}
	if found == 0 && src.lost == nil {
		s.tell(src, ".", Noted, "expected are <name>/SKILL.md, personas/<name>.md, agents/<name>.md or patterns/<name>.toml somewhere below", "holds no persona, skill or pattern")
	}
}

func (s *Snapshot) shelveEntry(order int, src *open, c candidate, r *record) {
	it := newItem(order, src, c, r)
	if it.Slug == "" || len(it.ID) > maxID {
		s.tell(src, c.path, Refused, "rename the file or its folder", "its name holds no letters or digits, or is longer than %d bytes", maxID)
		return
	}
	s.items = append(s.items, it)
}

func newItem(order int, src *open, c candidate, r *record) *item {
	it := &item{Entry: r.entry, source: src, order: order, full: r.full, bare: r.bare, fold: r.fold}
	it.Resources = c.resources
	return it
}

// maxID is what a name may have in orchestration, in bytes.
const maxID = 200

// identify sees to it that no two entries have one ID: those that would get
// their whole path, and of those that differ only in case one is refused.
func (s *Snapshot) identify() {
	byID := make(map[slot]int, len(s.items))
	for _, it := range s.items {
		byID[slot{it.Kind, it.ID}]++
	}
	taken := map[slot]*item{}
	for _, it := range s.items {
		if byID[slot{it.Kind, it.ID}] == 1 {
			continue
		}
		it.bare = it.full
		it.ID = it.source.Name + ":" + strings.Join(it.full, "/")
		if first := taken[slot{it.Kind, it.ID}]; first == nil || !first.plain() && it.plain() {
			taken[slot{it.Kind, it.ID}] = it
		}
	}
	s.items = slices.DeleteFunc(s.items, func(it *item) bool {
		other := taken[slot{it.Kind, it.ID}]
		if other == nil || other == it {
			return false
		}
		s.tell(it.source, it.Pin.Path, Refused, "rename one of them", "differs from %s only in case or in characters that a name cannot hold", other.Pin.Path)
		return true
	})
}

// plain reports whether the path is written the way the ID is.
func (it *item) plain() bool { return strings.HasPrefix(it.Pin.Path, strings.Join(it.full, "/")) }

// settle lays the entries and what a search looks through side by side: going
// through all of them is what a completion does at every key.
func (s *Snapshot) settle() {
	slab := make([]item, len(s.items))
	var all strings.Builder
	for i, it := range s.items {
		slab[i] = *it
		all.WriteString(it.fold)
	}
	text, at := all.String(), 0
	for i := range slab {
		it := &slab[i]
		it.fold = text[at : at+len(it.fold)]
		at += len(it.fold)
		s.items[i] = it
	}
}

// index makes the maps that finding needs.
func (s *Snapshot) index() {
	for i, it := range s.items {
		at := int32(i)
		s.files[file{it.Pin.Source, it.Pin.Path}] = at
		s.slugs[slot{it.Kind, it.Slug}] = append(s.slugs[slot{it.Kind, it.Slug}], at)
		if own := sanitise(it.Declared); own != "" && own != it.Slug {
			s.declared[slot{it.Kind, own}] = append(s.declared[slot{it.Kind, own}], at)
		}
		switch {
		case it.Kind == SkillKind:
			s.count.Skills++
		case it.Subagent:
			s.count.Subagents++
		default:
			s.count.Personas++
		}
	}
}
