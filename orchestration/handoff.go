package orchestration

import "slices"

// Limits of what a phase passes on, in bytes. A handoff is short enough to be
// read in a chat; outputs are documents.
const (
	MaxHandoff = 4096      // the printed text, see [Handoff.Text]
	MaxOutput  = 32 * 1024 // the output of a step, a task's report
)

// Handoff is what a phase passes on. It stands alone: whoever reads the last
// one needs no other to go on.
type Handoff struct {
	Phase     int // counted from 1, as people do; 0 where a text does not say
	Decisions []string
	Artifacts []string
	Open      []string
	Persona   PersonaName // who thinks next; zero where nobody is named
	Skills    []SkillName // what is loaded next
	Output    string      // a chain step's or a review's document; not part of the text
}

// Empty reports whether nothing is settled or made: an open item alone is no
// reason to go on.
func (h Handoff) Empty() bool {
	return len(h.Decisions) == 0 && len(h.Artifacts) == 0 && h.Output == ""
}

// Pass is a person's wish to hand off.
type Pass struct {
	Handoff
	// Exact says that the lists are the whole handoff, as after a form in which
	// the recorded items stood. Else they are added to what was recorded.
	Exact   bool
	Because string
}

// HandOff closes the open phase and opens the next one, or ends the session
// after the last. Context carries forward, so a handoff may not be empty.
func (s Session) HandOff(by Human, in Room, p Pass) (Decision, error) {
	if err := s.mayMove(by, in, "hand off"); err != nil {
		return Decision{}, err
	}
	if p.Phase != 0 && p.Phase != s.at+1 {
		return Decision{}, Refuse("this hands off phase %d, but phase %d, %s, is open", p.Phase, s.at+1, s.phase().Name).
			Try("handoff", "override phase "+itoa(p.Phase)+" because …")
	}
	h, events, leftOut, err := s.compose(p)
	if err != nil {
		return Decision{}, err
	}
	if h.Output, err = s.outputFor(p.Output); err != nil {
		return Decision{}, err
	}
	if err := s.complete(h); err != nil {
		return Decision{}, err
	}
	next, err := s.afterHandOff(in, &h, p)
	if err != nil {
		return Decision{}, err
	}
	if n := len(h.Text(ProtocolText)); n > MaxHandoff {
		return Decision{}, Refuse("this handoff has %s, at most %s are possible: keep what the next phase needs, link the rest",
			size(n), size(MaxHandoff)).Try("handoff")
	}
	events = append(events, HandedOff{Phase: s.at, Handoff: h, LeftOut: leftOut})
	return decide(by, p.Because, append(events, next...)...)
}

// compose joins what was recorded with what was typed.
func (s Session) compose(p Pass) (Handoff, []Event, []int, error) {
	h := Handoff{Phase: s.at + 1}
	var events []Event
	var leftOut []int
	id := s.next()
	for _, list := range []struct {
		kind  ItemKind
		typed []string
		into  *[]string
	}{
		{DecisionItem, p.Decisions, &h.Decisions},
		{ArtifactItem, p.Artifacts, &h.Artifacts},
		{OpenItem, p.Open, &h.Open},
	} {
		typed, err := cleanLines(list.kind, list.typed)
		if err != nil {
			return h, nil, nil, err
		}
		known := map[string]bool{}
		for _, item := range s.items.all() {
			if item.Kind != list.kind || item.State != Live || s.hidden(item) || item.Phase != s.at && item.Kind != OpenItem {
				continue
			}
			named := slices.Contains(typed, item.Text)
			if p.Exact && !named && item.Kind != OpenItem {
				leftOut = append(leftOut, item.ID)
				continue
			}
			known[item.Text] = true
			*list.into = append(*list.into, item.Text)
		}
		for _, text := range typed {
			if known[text] {
				continue
			}
			known[text] = true
			events = append(events, ItemRecorded{ID: id, Kind: list.kind, Text: text})
			id++
			*list.into = append(*list.into, text)
		}
	}
	if s.items.len()+len(events) > maxItems {
		return h, nil, nil, Refuse("this session holds %d items already: end it and start the next", s.items.len())
	}
	return h, events, leftOut, nil
}

func cleanLines(kind ItemKind, in []string) ([]string, error) {
	var out []string
	for _, text := range in {
		text, err := parseLine(string(kind), text, MaxItem)
		if err != nil {
			return nil, err
		}
		if text != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out, nil
}

// complete holds each pattern's own idea of a phase that is done.
func (s Session) complete(h Handoff) error {
	name := s.phase().Name
	switch {
	case s.plan.kind == SkillChainKind:
		if h.Output == "" {
			return Refuse("step %s has no output to pass on yet", name).
				Try("run …", "handoff accept: <the output>", "handoff skip because …")
		}
	case s.phase().Part == Decider && len(h.Decisions) == 0:
		return Refuse("%s settles the trade-off: a person signs at least one decision", name).
			Try("handoff decisions: …")
	case h.Empty():
		if s.plan.kind == DomainDeepDiveKind {
			return Refuse("%s has no finding to report yet", name).Try("note decision …", "handoff decisions: …")
		}
		return Refuse("%s has nothing to pass on yet", name).Try("handoff decisions: …; …", "override handoff because …")
	}
	return nil
}

// afterHandOff is what follows: the next phase, as planned or as the person
// says, or the end.
func (s Session) afterHandOff(in Room, h *Handoff, p Pass) ([]Event, error) {
	if s.at+1 == len(s.phases) {
		if !p.Persona.IsZero() || len(p.Skills) > 0 {
			return nil, Refuse("%s is the last phase: there is nothing to switch to", s.phase().Name).Try("handoff decisions: …")
		}
		return []Event{Ended{}}, nil
	}
	kit, err := s.kitFor(in, s.at+1)
	if err != nil {
		return nil, err
	}
	changed, events, err := s.switchTo(in, kit, p)
	if err != nil {
		return nil, err
	}
	h.Persona = changed.persona.Name
	for _, skill := range changed.skills {
		h.Skills = append(h.Skills, skill.Name)
	}
	return append(events, s.enter(in, s.at+1, changed)), nil
}

// switchTo applies a handoff's "Switching to" line. What differs from the plan
// is an override and needs a reason like any other.
func (s Session) switchTo(in Room, plan kit, p Pass) (kit, []Event, error) {
	next := s.phases[s.at+1]
	chosen := plan
	var events []Event
	if !p.Persona.IsZero() {
		persona, err := in.persona(p.Persona)
		if err != nil {
			return kit{}, nil, err
		}
		if persona.Name != plan.persona.Name {
			if err := s.allowPersona(s.at+1, persona.Name); err != nil {
				return kit{}, nil, err
			}
			chosen.persona = persona
			events = append(events, Overridden{OverridePersona, plan.persona.String(), persona.String()})
		}
	}
	if len(p.Skills) > 0 {
		skills, err := in.skills(p.Skills, FromThread)
		if err != nil {
			return kit{}, nil, err
		}
		if !sameSkills(skills, plan.skills) {
			if err := s.allowStack(s.at+1, skills); err != nil {
				return kit{}, nil, err
			}
			chosen.skills = skills
			events = append(events, Overridden{OverrideSkills, skillList(plan.skills), skillList(skills)})
		}
	}
	if len(events) > 0 && p.Because == "" {
		return kit{}, nil, Refuse("the plan opens %s as %s with %s; to open it otherwise, say why",
			next.Name, plan.persona.Name.orNobody(), skillList(plan.skills)).Try("handoff … because …")
	}
	return chosen, events, nil
}
