package orchestration

import (
	"strconv"
	"strings"
)

// OverrideKind is what of the plan a person sets aside.
type OverrideKind string

// What can be overridden.
const (
	OverridePhase   OverrideKind = "phase"
	OverridePersona OverrideKind = "persona"
	OverrideSkills  OverrideKind = "skills"
	OverrideOwner   OverrideKind = "owner"
	OverrideHandoff OverrideKind = "handoff"
)

func (s Session) mayOverride(by Human, in Room, what OverrideKind, because string) error {
	if err := s.mayMove(by, in, "override"); err != nil {
		return err
	}
	if noReason(because) {
		return Refuse("an override needs its reason").Try("override " + string(what) + " … because …")
	}
	return nil
}

// OverridePhase moves to another phase, forward or back. Phases passed over on
// the way are recorded as skipped, the one moved back to as reopened.
func (s Session) OverridePhase(by Human, in Room, to int, because string) (Decision, error) {
	if err := s.mayOverride(by, in, OverridePhase, because); err != nil {
		return Decision{}, err
	}
	if to == s.at {
		return Decision{}, Refuse("phase %d, %s, is open already", to+1, s.phase().Name).Try("status")
	}
	if n := len(s.plan.phases); to < 0 || to >= n {
		return Decision{}, Refuse("there is no phase %d, the plan has %d", to+1, n).Try("status")
	}
	k, err := s.kitFor(in, to)
	if err != nil {
		return Decision{}, err
	}
	events := []Event{Overridden{OverridePhase, s.phase().Name, s.plan.phases[to].Name}}
	for i := s.at; i < to; i++ {
		if s.done[i] == Pending {
			events = append(events, PhaseSkipped{i})
		}
	}
	if s.done[to] != Pending {
		events = append(events, PhaseReopened{to})
	}
	return decide(by, because, append(events, s.enter(in, to, k))...)
}

// OverridePersona sets the persona of the open phase against the plan.
func (s Session) OverridePersona(by Human, in Room, name PersonaName, because string) (Decision, error) {
	if err := s.mayOverride(by, in, OverridePersona, because); err != nil {
		return Decision{}, err
	}
	p, err := s.newPersona(in, name)
	if err != nil {
		return Decision{}, err
	}
	return decide(by, because, overriddenPersona(s.persona, p), PersonaSwitched{p})
}

// overriddenPersona names both, and their content only where that is all that
// differs.
func overriddenPersona(from, to Persona) Overridden {
	if from.Name == to.Name {
		return Overridden{OverridePersona, from.String(), to.String()}
	}
	return Overridden{OverridePersona, from.Name.orNobody(), to.Name.orNobody()}
}

// OverrideSkills replaces the open phase's stack.
func (s Session) OverrideSkills(by Human, in Room, names []SkillName, because string) (Decision, error) {
	if err := s.mayOverride(by, in, OverrideSkills, because); err != nil {
		return Decision{}, err
	}
	skills, err := in.skills(names, FromThread)
	if err != nil {
		return Decision{}, err
	}
	if sameSkills(skills, s.skills) {
		return Decision{}, Refuse("exactly that is loaded already: %s", skillList(skills)).Try("status")
	}
	if err := s.allowStack(skills); err != nil {
		return Decision{}, err
	}
	events := []Event{Overridden{OverrideSkills, skillList(s.skills), skillList(skills)}}
	for _, skill := range s.skills {
		events = append(events, SkillUnloaded{skill})
	}
	for _, skill := range skills {
		events = append(events, SkillLoaded{skill})
	}
	return decide(by, because, events...)
}

// OverrideOwner gives the session to somebody else.
func (s Session) OverrideOwner(by Human, in Room, to Human, because string) (Decision, error) {
	if err := s.mayOverride(by, in, OverrideOwner, because); err != nil {
		return Decision{}, err
	}
	if err := s.newOwner(to); err != nil {
		return Decision{}, err
	}
	return decide(by, because, Overridden{OverrideOwner, s.owner.Name(), to.Name()}, OwnerChanged{to})
}

// GiveAway is the owner passing the session on: no override, so no reason.
func (s Session) GiveAway(by Human, in Room, to Human, because string) (Decision, error) {
	if err := s.mayMove(by, in, "give it away"); err != nil {
		return Decision{}, err
	}
	if err := s.newOwner(to); err != nil {
		return Decision{}, err
	}
	if by.ID() != s.owner.ID() {
		return Decision{}, Refuse("only %s can give this session away; others override", s.owner.Name()).
			Try("override owner @" + to.Name() + " because …")
	}
	return decide(by, because, OwnerChanged{to})
}

func (s Session) newOwner(to Human) error {
	if to.IsZero() {
		return Refuse("a session has an owner: name somebody").Try("override owner @ana because …")
	}
	if to.ID() == s.owner.ID() {
		return Refuse("the owner is %s already", to.Name()).Try("status")
	}
	return nil
}

// OverrideHandoff ends the open phase without a handoff: the reason stands
// where the handoff would. What was recorded travels on all the same.
func (s Session) OverrideHandoff(by Human, in Room, because string) (Decision, error) {
	if err := s.mayOverride(by, in, OverrideHandoff, because); err != nil {
		return Decision{}, err
	}
	if s.phase().Part == Decider {
		return Decision{}, s.unsigned("end because …")
	}
	return s.skip(by, in, because, Overridden{OverrideHandoff, s.phase().Name, "no handoff"})
}

// SkipStep passes over the open step of a chain: its input goes on as it came.
func (s Session) SkipStep(by Human, in Room, because string) (Decision, error) {
	if err := s.mayMove(by, in, "skip a step"); err != nil {
		return Decision{}, err
	}
	if s.plan.kind != SkillChainKind {
		return Decision{}, Refuse("only a step of a skill-chain is skipped; a phase is overridden").
			Try("override handoff because …")
	}
	if noReason(because) {
		return Decision{}, Refuse("skipping a step needs its reason").Try("handoff skip because …")
	}
	return s.skip(by, in, because)
}

func (s Session) skip(by Human, in Room, because string, events ...Event) (Decision, error) {
	events = append(events, PhaseSkipped{s.at})
	if s.last() {
		return decide(by, because, append(events, Ended{})...)
	}
	k, err := s.kitFor(in, s.at+1)
	if err != nil {
		return Decision{}, err
	}
	return decide(by, because, append(events, s.enter(in, s.at+1, k))...)
}

// FindPhase is the index of the phase a person means: a name, a number from 1,
// "next" or "back". Whether there is one is for the override to say.
func (s Session) FindPhase(text string) (int, error) {
	if s.state == None {
		return 0, nothingHere()
	}
	text = strings.ToLower(strings.TrimSpace(text))
	try := make([]string, 0, len(s.plan.phases))
	for i, p := range s.plan.phases {
		if sameName(p.Name, text) {
			return i, nil
		}
		try = append(try, "override phase "+p.Name+" because …")
	}
	switch text {
	case "next":
		return s.at + 1, nil
	case "back", "previous":
		return s.at - 1, nil
	}
	if n, err := strconv.Atoi(text); err == nil {
		return n - 1, nil
	}
	return 0, Refuse("no phase is called %q", text).Try(try...)
}
