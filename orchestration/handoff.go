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
	Exact bool
	// Known is the number of the newest thing that stood in the form; what was
	// recorded after it is not left out. 0 leaves out whatever is not named.
	Known int
	// Nobody says that nobody thinks next, where a zero Persona says that nobody
	// was named.
	Nobody  bool
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
	if err := h.fits(); err != nil {
		return Decision{}, err
	}
	events = append(events, HandedOff{Phase: s.at, Handoff: h, LeftOut: leftOut})
	return decide(by, p.Because, append(events, next...)...)
}

// fits refuses what is too long to be read in a chat.
func (h Handoff) fits() error {
	if n := len(h.Text(ProtocolText)); n > MaxHandoff {
		return Refuse("this handoff has %s, at most %s are possible: keep what the next phase needs, link the rest",
			size(n), size(MaxHandoff)).Try("handoff", "note resolve #…")
	}
	return nil
}

// compose joins what was recorded with what was typed.
func (s Session) compose(p Pass) (h Handoff, events []Event, leftOut []int, err error) {
	h.Phase = s.at + 1
	recorded := map[ItemKind][]Item{}
	for item := range s.handable() {
		recorded[item.Kind] = append(recorded[item.Kind], item)
	}
	for _, list := range []struct {
		kind  ItemKind
		typed []string
		into  *[]string
	}{
		{DecisionItem, p.Decisions, &h.Decisions},
		{ArtifactItem, p.Artifacts, &h.Artifacts},
		{OpenItem, p.Open, &h.Open},
	} {
		typed, err := cleanLines(string(list.kind), list.typed, MaxItem)
		if err != nil {
			return h, nil, nil, err
		}
		named := make(map[string]bool, len(typed))
		for _, text := range typed {
			named[text] = true
		}
		known := make(map[string]bool, len(typed))
		take := func(text string) {
			if !known[text] {
				known[text] = true
				*list.into = append(*list.into, text)
			}
		}
		for _, item := range recorded[list.kind] {
			if p.Exact && !named[item.Text] && item.Kind != OpenItem && (p.Known == 0 || item.ID <= p.Known) {
				leftOut = append(leftOut, item.ID)
				continue
			}
			take(item.Text)
		}
		for _, text := range typed {
			if known[text] {
				continue
			}
			if s.items.len()+len(events) >= maxItems {
				return h, nil, nil, tooMany()
			}
			events = append(events, ItemRecorded{ID: s.next() + len(events), Kind: list.kind, Text: text})
			take(text)
		}
	}
	return h, events, leftOut, nil
}

// complete holds each pattern's own idea of a phase that is done.
func (s Session) complete(h Handoff) error {
	switch {
	case s.plan.kind == SkillChainKind:
		if h.Output == "" {
			return Refuse("%s has no output to pass on yet", s.called()).
				Try("run …", "handoff accept: <the output>", "handoff skip because …")
		}
	case s.phase().Part == Decider && len(h.Decisions) == 0:
		return s.unsigned("end because …")
	case h.Empty():
		if s.plan.kind == DomainDeepDiveKind {
			return Refuse("%s has no finding to report yet", s.called()).Try("note decision …", "handoff decisions: …")
		}
		return Refuse("%s has nothing to pass on yet", s.called()).Try("handoff decisions: …; …", "override handoff because …")
	}
	return nil
}

// unsigned refuses to close a decider's step without a decision.
func (s Session) unsigned(or ...string) Refusal {
	return Refuse("%s settles the trade-off: a person signs at least one decision", s.called()).
		Try("handoff decisions: …").Try(or...)
}

// afterHandOff is what follows: the next phase, as planned or as the person
// says, or the end.
func (s Session) afterHandOff(in Room, h *Handoff, p Pass) ([]Event, error) {
	if s.last() {
		if !p.Persona.IsZero() || len(p.Skills) > 0 {
			return nil, Refuse("nothing follows %s: there is nothing to switch to", s.called()).Try("handoff decisions: …")
		}
		return []Event{Ended{}}, nil
	}
	next, events, err := s.switchTo(in, p)
	if err != nil {
		return nil, err
	}
	h.Persona = next.persona.Name
	for _, skill := range next.skills {
		h.Skills = append(h.Skills, skill.Name)
	}
	return append(events, s.enter(in, s.at+1, next)), nil
}

// switchTo is what the next phase opens with: what the plan says, or else what
// a handoff's "Switching to" line says. Where the two differ, that is an
// override and needs a reason like any other. A choice of the plan that the
// library no longer has can be replaced here.
func (s Session) switchTo(in Room, p Pass) (kit, []Event, error) {
	next := s.at + 1
	persona, overridden, err := s.choosePersona(in, p)
	if err != nil {
		return kit{}, nil, err
	}
	skills, more, err := s.chooseSkills(in, p.Skills)
	if err != nil {
		return kit{}, nil, err
	}
	events := append(overridden, more...)
	if len(events) > 0 && noReason(p.Because) {
		planned := s.plan.phases[next]
		return kit{}, nil, Refuse("the plan opens %s as %s with %s; to open it otherwise, say why",
			s.plan.called(next), planned.Persona.orNobody(), nameList(planned.Skills)).Try("handoff … because …")
	}
	return kit{persona, skills}, events, nil
}

func (s Session) choosePersona(in Room, p Pass) (Persona, []Event, error) {
	next := s.at + 1
	planned, missing := s.personaFor(in, next)
	if p.Persona.IsZero() && !p.Nobody {
		return planned, nil, missing
	}
	chosen, err := in.persona(p.Persona)
	if err != nil {
		return Persona{}, nil, err
	}
	from := planned
	if missing != nil {
		from.Name = s.plan.phases[next].Persona
	} else if chosen.Name == planned.Name {
		return planned, nil, nil
	}
	return chosen, []Event{overriddenPersona(from, chosen)}, s.allowPersona(next, chosen.Name)
}

func (s Session) chooseSkills(in Room, names []SkillName) ([]Skill, []Event, error) {
	next := s.at + 1
	planned, missing := s.skillsFor(in, next)
	if len(names) == 0 {
		return planned, nil, missing
	}
	chosen, err := in.skills(names, FromThread)
	if err != nil {
		return nil, nil, err
	}
	from := skillList(planned)
	if missing != nil {
		from = nameList(s.plan.phases[next].Skills)
	} else if sameSet(chosen, planned) {
		return planned, nil, nil
	}
	return chosen, []Event{Overridden{OverrideSkills, from, skillList(chosen)}}, s.allowStack(chosen)
}

// sameSet reports whether both hold the same skills, in whatever order.
func sameSet(a, b []Skill) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(s Skill) bool { return !slices.ContainsFunc(b, s.Same) })
}
