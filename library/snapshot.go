package library

import (
	"strings"

	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/patterns"
)

// Snapshot is what the library held at one moment. It never changes and is safe
// for concurrent use. It is an [orchestration.Shelf].
type Snapshot struct {
	sources  []*open
	items    []*item          // personas and skills, by kind, then name
	slugs    map[slot][]int32 // places in items
	declared map[slot][]int32
	files    map[file]int32
	patterns []Pattern
	findings []Finding
	count    Count
}

var _ orchestration.Shelf = (*Snapshot)(nil)

// slot is a name in one kind.
type slot struct {
	kind Kind
	name string
}

// file is where an entry lies.
type file struct{ source, path string }

// item is an entry with what finding it needs.
type item struct {
	Entry
	source  *open
	order   int      // of the source
	full    []string // the segments of its path
	bare    []string // those of its ID
	fold    string   // what a search looks through beside the name
	covered bool     // its bare name finds another
}

// called are the entries of that slug, or of that declared name.
func (s *Snapshot) called(names map[slot][]int32, kind Kind, name string) []*item {
	places := names[slot{kind, name}]
	out := make([]*item, len(places))
	for i, at := range places {
		out[i] = s.items[at]
	}
	return out
}

func (s *Snapshot) pinned(pin orchestration.Pin) (*item, bool) {
	at, ok := s.files[file{pin.Source, pin.Path}]
	if !ok {
		return nil, false
	}
	return s.items[at], true
}

// Pattern is a pattern on the shelf.
type Pattern struct {
	patterns.Pattern
	Source string // the name of its source
	Path   string // its file there
}

// Count says how much there is.
type Count struct {
	Personas  int // persona files
	Subagents int // other tools' subagents, personas too
	Skills    int
	Patterns  int
	Sources   int
}

// Count says how much there is on the shelf.
func (s *Snapshot) Count() Count { return s.count }

// Findings is all that was repaired, shadowed, refused, skipped or is worth
// knowing, by path. The slice is shared: read it only.
func (s *Snapshot) Findings() []Finding { return s.findings }

// Persona finds exactly one persona, or says why not with a Refusal.
func (s *Snapshot) Persona(name orchestration.PersonaName) (orchestration.Persona, error) {
	if name.IsZero() {
		return orchestration.Persona{}, nil
	}
	m, err := s.FindPersona(name.String())
	if err != nil {
		return orchestration.Persona{}, err
	}
	return orchestration.Persona{Name: m.PersonaName(), Pin: m.Entry.Pin}, nil
}

// Skill finds exactly one skill, or says why not with a Refusal.
func (s *Snapshot) Skill(name orchestration.SkillName) (orchestration.Skill, error) {
	m, err := s.FindSkill(name.String())
	if err != nil {
		return orchestration.Skill{}, err
	}
	return orchestration.Skill{Name: m.SkillName(), Pin: m.Entry.Pin}, nil
}

// Entry is the entry a pin speaks of, whatever its file's bytes are by now.
func (s *Snapshot) Entry(pin orchestration.Pin) (Entry, bool) {
	it, ok := s.pinned(pin)
	if !ok {
		return Entry{}, false
	}
	return it.Entry, true
}

// Named is the entry of exactly that name or ID.
func (s *Snapshot) Named(kind Kind, name string) (Entry, bool) {
	last := name[strings.LastIndexAny(name, "/:")+1:]
	for _, it := range s.called(s.slugs, kind, last) {
		if it.Name == name || it.ID == name {
			return it.Entry, true
		}
	}
	return Entry{}, false
}

// Patterns are all patterns, by name.
func (s *Snapshot) Patterns() []Pattern { return append([]Pattern(nil), s.patterns...) }

// Pattern is the plan of that name, or a Refusal with suggestions.
func (s *Snapshot) Pattern(name string) (orchestration.Plan, error) {
	want := sanitise(strings.TrimSuffix(name, ".toml"))
	var names []string
	for _, p := range s.patterns {
		if p.Plan.Name() == want {
			return p.Plan, nil
		}
		names = append(names, p.Plan.Name())
	}
	r := orchestration.Refuse("there is no pattern %q", abridge(name))
	for _, near := range nearest(want, names, maxSuggestions) {
		r = r.Try("start " + near + " …")
	}
	return orchestration.Plan{}, r.Try("list patterns")
}
