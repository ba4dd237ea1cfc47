package library

import (
	"fmt"
	"slices"
	"strings"

	"github.com/synthoperator/baton/orchestration"
)

// Match is the one entry that a reference means.
type Match struct {
	Entry Entry
	Note  string // what people should see: the reference was not exact, or the file has changed; else ""
}

// SkillName is the shortest name that finds the skill.
func (m Match) SkillName() orchestration.SkillName {
	name, err := orchestration.ParseSkillName(m.Entry.Name)
	if err != nil {
		return orchestration.SkillName{} // cannot be: every Name is made of what a name holds
	}
	return name
}

// PersonaName is the shortest name that finds the persona.
func (m Match) PersonaName() orchestration.PersonaName {
	name, err := orchestration.ParsePersonaName(m.Entry.Name)
	if err != nil {
		return orchestration.PersonaName{} // cannot be: every Name is made of what a name holds
	}
	return name
}

// FindPersona finds the one persona that a text means, as [Snapshot.FindSkill].
func (s *Snapshot) FindPersona(text string) (Match, error) { return s.find(PersonaKind, text) }

// FindSkill finds the one skill that a text means: an ID, a path, or a name, the
// way people type and paste them. In this order: what exactly fits the path or
// the ID; what ends so; what has these folders above it; what has that last
// segment wherever it lies, which a Note tells; what calls itself so. Several
// files of the same bytes are one. Several that differ, a folder, or nothing are
// a Refusal that says what can be typed. What is only similar is suggested, never
// loaded.
func (s *Snapshot) FindSkill(text string) (Match, error) { return s.find(SkillKind, text) }

func (s *Snapshot) find(kind Kind, text string) (Match, error) {
	ref, ok := parseReference(text)
	if !ok {
		return Match{}, orchestration.Refuse("%q names no %s", ref.said, kind).Try("list " + string(kind) + "s")
	}
	if m, err, done := s.lookUp(kind, ref); done {
		return m, err
	}
	if short, found := withoutWord(kind, ref); found {
		if m, err, done := s.lookUp(kind, short); done {
			return m, err
		}
	}
	return Match{}, s.nothing(kind, ref)
}

// withoutWord takes "persona" or "skill" off the end of a name.
func withoutWord(kind Kind, ref reference) (reference, bool) {
	last, found := strings.CutSuffix(ref.last(), "-"+string(kind))
	if !found || last == "" {
		return ref, false
	}
	ref.full = append(slices.Clone(ref.full[:len(ref.full)-1]), last)
	ref.bare = append(slices.Clone(ref.bare[:len(ref.bare)-1]), last)
	return ref, true
}

// lookUp goes through the names; done is false where nothing has that name.
func (s *Snapshot) lookUp(kind Kind, ref reference) (m Match, err error, done bool) {
	if ref.source != "" && s.open(ref.source) == nil { // plugin:agent, as some tools write
		ref.full = append([]string{ref.source}, ref.full...)
		ref.bare = withoutContainers(ref.full)
		ref.source = ""
	}
	for _, names := range []map[slot][]int32{s.slugs, s.declared} {
		all := s.called(names, kind, ref.last())
		if ref.source != "" {
			all = slices.DeleteFunc(slices.Clone(all), func(it *item) bool { return it.source.Name != ref.source })
		} else {
			all = yield(all)
		}
		if len(all) == 0 {
			continue
		}
		fit, how := ref.fit(all)
		if len(fit) == 1 && how == byName && sameAsFolder(s, kind, ref, fit[0]) {
			return Match{}, s.folder(kind, ref), true
		}
		m, err = settle(kind, ref, fit, how)
		return m, err, true
	}
	if err := s.folder(kind, ref); err != nil {
		return Match{}, err, true
	}
	return Match{}, nil, false
}

// how is how well a reference fits.
type how int

const (
	exact  how = iota // the path, the ID, or its end
	above             // the folders it names are above, with others between
	byName            // only the name
)

// fit is the best that a reference fits.
func (r reference) fit(all []*item) ([]*item, how) {
	tests := []struct {
		how  how
		test func(*item) bool
	}{
		{exact, func(it *item) bool { return slices.Equal(it.full, r.full) }},
		{exact, func(it *item) bool { return slices.Equal(it.bare, r.bare) }},
		{exact, func(it *item) bool { return len(r.bare) > 1 && endsWith(it.bare, r.bare) }},
		{above, func(it *item) bool {
			return len(r.bare) > 1 && within(it.full[:len(it.full)-1], r.bare[:len(r.bare)-1])
		}},
	}
	if len(r.bare) == 1 && r.source == "" { // a bare name: no place to prefer
		tests = tests[:1]
		if len(r.full) == 1 {
			tests = nil
		}
	}
	for _, t := range tests {
		if fit := filter(all, t.test); len(fit) > 0 {
			return fit, t.how
		}
	}
	if len(r.bare) == 1 {
		all = prefer(all)
		if all[0].Slug == r.last() {
			return all, exact
		}
	}
	return all, byName
}

func filter(all []*item, test func(*item) bool) []*item {
	var out []*item
	for _, it := range all {
		if test(it) {
			out = append(out, it)
		}
	}
	return out
}

// within reports whether these segments occur in that order.
func within(segments, wanted []string) bool {
	for _, s := range segments {
		if len(wanted) > 0 && wanted[0] == s {
			wanted = wanted[1:]
		}
	}
	return len(wanted) == 0
}

// sameAsFolder reports whether a name that an entry only gives itself is that of
// a folder too: then nobody can tell which was meant.
func sameAsFolder(s *Snapshot, kind Kind, ref reference, it *item) bool {
	return it.Slug != ref.last() && len(s.members(kind, ref)) > 0
}

// settle is the one that is left, or asks.
func settle(kind Kind, ref reference, fit []*item, how how) (Match, error) {
	fit = distinct(fit)
	if len(fit) > 1 {
		r := orchestration.Refuse("%d %ss are called %s: which one?", len(fit), kind, ref.last())
		for _, it := range fit[:min(len(fit), maxListed)] {
			r = r.Try(kind.verb() + it.ID)
		}
		return Match{}, r
	}
	it := fit[0]
	m := Match{Entry: it.Entry}
	if how != exact {
		m.Note = fmt.Sprintf("%s is not there; loaded %s", ref.said, it.ID)
		if it.Slug != ref.last() {
			m.Note = fmt.Sprintf("%s calls itself %s", it.ID, ref.last())
		}
	}
	if ref.hash != "" && !strings.HasPrefix(it.Pin.Hash, ref.hash) {
		m.Note = strings.TrimPrefix(m.Note+fmt.Sprintf("; %s has changed since @%s, it is @%s now", it.ID, ref.hash, it.Pin.Short()), "; ")
	}
	return m, nil
}

// maxListed bounds how many are listed when several have one name.
const maxListed = 25
