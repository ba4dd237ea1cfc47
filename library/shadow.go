package library

import (
	"errors"
	"slices"
	"strings"

	"github.com/synthoperator/baton/orchestration"
)

// yield takes out what gives way to a namesake: shipped content to a source
// that was configured, so that a team can put its own in its place.
func yield(items []*item) []*item {
	if !slices.ContainsFunc(items, func(it *item) bool { return !it.source.shipped() }) {
		return items
	}
	return slices.DeleteFunc(slices.Clone(items), func(it *item) bool {
		return it.source.shipped() && slices.ContainsFunc(items, func(o *item) bool {
			return !o.source.shipped() && o.Subagent == it.Subagent
		})
	})
}

// prefer takes out subagents where a persona has the name.
func prefer(items []*item) []*item {
	if !slices.ContainsFunc(items, func(it *item) bool { return !it.Subagent }) {
		return items
	}
	return slices.DeleteFunc(slices.Clone(items), func(it *item) bool { return it.Subagent })
}

// distinct takes out later ones of the same bytes.
func distinct(items []*item) []*item {
	if len(items) < 2 {
		return items
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(items), func(it *item) bool {
		twice := seen[it.Pin.Hash]
		seen[it.Pin.Hash] = true
		return twice
	})
}

// effective is what a bare name can mean.
func effective(items []*item) []*item { return distinct(prefer(yield(items))) }

// name gives every entry the shortest name that finds it, and tells of those
// whose bare name does not.
func (s *Snapshot) name() {
	for _, it := range s.items {
		if len(s.slugs[slot{it.Kind, it.Slug}]) == 1 {
			it.Name = it.Slug
			continue
		}
		all := s.called(s.slugs, it.Kind, it.Slug)
		left := effective(all)
		if len(left) == 1 && left[0] == it {
			it.Name = it.Slug
			continue
		}
		it.covered = true
		it.Name = s.qualified(it, all)
		s.tell(it.source, it.Pin.Path, Shadowed, "type "+it.Kind.verb()+it.Name, "%s", covering(it, all, left))
		s.cover(it.Kind, it.Slug, len(all), left)
	}
}

// cover adds to the last finding what has the name.
func (s *Snapshot) cover(kind Kind, name string, places int, left []*item) {
	c := Cover{Kind: kind, Name: name, Places: places}
	if len(left) == 1 {
		c.By = left[0].Pin.Source
	}
	s.findings[len(s.findings)-1].Cover = c
}

// qualified is the shortest end of the ID that only this entry has.
func (s *Snapshot) qualified(it *item, all []*item) string {
	for n := 2; n <= len(it.bare); n++ {
		end := it.bare[len(it.bare)-n:]
		if !slices.ContainsFunc(all, func(o *item) bool { return o != it && endsWith(o.bare, end) }) {
			return strings.Join(end, "/")
		}
	}
	return it.ID
}

func endsWith(segments, end []string) bool {
	return len(segments) >= len(end) && slices.Equal(segments[len(segments)-len(end):], end)
}

// covering says why a bare name does not find this entry.
func covering(it *item, all, left []*item) string {
	for _, o := range all {
		if o != it && o.Pin.Hash == it.Pin.Hash && slices.Contains(left, o) {
			return "has the same bytes as " + o.ID
		}
	}
	if len(left) == 1 {
		return it.Slug + " finds " + left[0].ID + " instead"
	}
	return some(len(left), "", "") + string(it.Kind) + "s are called " + it.Slug + ": the bare name asks which"
}

// choosePatterns keeps one pattern per name, a configured one before a shipped one.
func (s *Snapshot) choosePatterns() {
	slices.SortStableFunc(s.patterns, func(a, b Pattern) int { return strings.Compare(a.Plan.Name(), b.Plan.Name()) })
	var kept []Pattern
	for _, p := range s.patterns {
		last := len(kept) - 1
		if last < 0 || kept[last].Plan.Name() != p.Plan.Name() {
			kept = append(kept, p)
			continue
		}
		if s.open(kept[last].Source).shipped() && !s.open(p.Source).shipped() {
			kept[last], p = p, kept[last]
		}
		s.tell(s.open(p.Source), p.Path, Shadowed, "give it another name", "the pattern %s of %s:%s is used instead", p.Plan.Name(), kept[last].Source, kept[last].Path)
		s.findings[len(s.findings)-1].Cover = Cover{PatternKind, p.Plan.Name(), kept[last].Source, 2}
	}
	s.patterns = kept
	s.count.Patterns = len(kept)
}

func (s *Snapshot) open(name string) *open {
	for _, o := range s.sources {
		if o.Name == name {
			return o
		}
	}
	return nil
}

// check tells of references inside the library that find nothing.
func (s *Snapshot) check() {
	for _, p := range s.patterns {
		for _, phase := range p.Plan.Phases() {
			if _, err := s.Persona(phase.Persona); err != nil {
				s.tell(s.open(p.Source), p.Path, Missing, instead(err), "phase %s: %v", phase.Name, err)
			}
			for _, name := range phase.Skills {
				if _, err := s.Skill(name); err != nil {
					s.tell(s.open(p.Source), p.Path, Missing, instead(err), "phase %s: %v", phase.Name, err)
				}
			}
		}
	}
	for _, it := range s.items {
		s.checkLoadout(it)
	}
}

func (s *Snapshot) checkLoadout(it *item) {
	for _, name := range it.Loadout {
		if _, err := s.FindSkill(name); err != nil {
			s.tell(it.source, it.Pin.Path, Noted, "correct its skills", "names a skill to work with: %v", err)
		}
	}
}

func instead(err error) string {
	var r orchestration.Refusal
	if errors.As(err, &r) && len(r.Instead) > 0 {
		return "try " + strings.Join(r.Instead, ", ")
	}
	return "name one that is there"
}
