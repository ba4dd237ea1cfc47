package library

import (
	"slices"
	"strings"

	"github.com/sahilm/fuzzy"
	"github.com/synthoperator/baton/orchestration"
)

// maxSuggestions is how many near names an answer offers.
const maxSuggestions = 5

// members are the entries of a kind below a folder that the reference names.
func (s *Snapshot) members(kind Kind, ref reference) []*item {
	var out []*item
	for _, it := range s.items {
		if it.Kind != kind || ref.source != "" && it.source.Name != ref.source {
			continue
		}
		if at := slices.Index(it.bare[:len(it.bare)-1], ref.last()); at >= 0 && within(it.bare[:at+1], ref.bare) {
			out = append(out, it)
		}
	}
	return out
}

// folder is the answer to a name that only a folder has; nil where none has.
func (s *Snapshot) folder(kind Kind, ref reference) error {
	found := s.members(kind, ref)
	if len(found) == 0 {
		return nil
	}
	r := orchestration.Refuse("%s is a folder of %s, not one %s", ref.last(), some(len(found), string(kind), string(kind)+"s"), kind)
	self := s.called(s.declared, kind, ref.last())
	for _, it := range self[:min(len(self), maxSuggestions)] {
		r = r.Try(kind.verb() + it.Name)
	}
	for _, it := range found[:min(len(found), maxListed)] {
		if !slices.Contains(self, it) {
			r = r.Try(kind.verb() + it.Name)
		}
	}
	return r
}

// nothing is the answer to a name that nothing has.
func (s *Snapshot) nothing(kind Kind, ref reference) error {
	other := PersonaKind
	if kind == PersonaKind {
		other = SkillKind
	}
	if len(s.slugs[slot{other, ref.last()}]) > 0 {
		return orchestration.Refuse("%s is a %s, not a %s", ref.last(), other, kind).Try(other.verb() + ref.last())
	}
	var names []string
	for _, it := range s.items {
		if it.Kind == kind && !it.covered && (ref.source == "" || it.source.Name == ref.source) {
			names = append(names, it.Name)
		}
	}
	r := orchestration.Refuse("there is no %s %q", kind, ref.said)
	if ref.source != "" {
		r = orchestration.Refuse("there is no %s %q in the source %s", kind, ref.last(), ref.source)
	}
	for _, near := range nearest(ref.last(), names, maxSuggestions) {
		r = r.Try(kind.verb() + near)
	}
	return r.Try("list " + string(kind) + "s")
}

// nearest are the names that somebody may have meant, likeliest first: those
// that begin so, those two typing errors away, those that have such a word,
// those with the letters in that order. They are offered, never taken.
func nearest(want string, names []string, n int) []string {
	if want == "" {
		return nil
	}
	var prefix, typo, word []string
	for _, name := range names {
		last := name[strings.LastIndexAny(name, "/:")+1:]
		switch {
		case strings.HasPrefix(last, want):
			prefix = append(prefix, name)
		case distance(want, last) <= 2 && len(want) > 2:
			typo = append(typo, name)
		case len(want) > 2 && (strings.Contains(last, want) || shares(want, last)):
			word = append(word, name)
		}
	}
	slices.SortStableFunc(typo, func(a, b string) int { return distance(want, a) - distance(want, b) })
	out := slices.Concat(prefix, typo, word)
	if len(out) < n {
		for _, m := range fuzzy.Find(want, names) {
			if !slices.Contains(out, m.Str) {
				out = append(out, m.Str)
			}
		}
	}
	return out[:min(n, len(out))]
}

// shares reports whether both have one word of four letters or more.
func shares(a, b string) bool {
	for word := range strings.SplitSeq(a, "-") {
		if len(word) > 3 && slices.Contains(strings.Split(b, "-"), word) {
			return true
		}
	}
	return false
}

// distance is how many letters have to be put in, taken out or changed to make
// b of a, or 3 where it is more than 2.
func distance(a, b string) int {
	if len(a)-len(b) > 2 || len(b)-len(a) > 2 || len(a) > 64 {
		return 3
	}
	var above, row [67]int
	for j := range len(b) + 1 {
		above[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(above[j+1]+1, row[j]+1, above[j]+cost)
		}
		above = row
	}
	return min(above[len(b)], 3)
}
