package orchestration

import (
	"slices"
	"time"
)

// Proposal is what an agent would like to change. People decide on it, and the
// change is then theirs.
//
//sumtype:decl
type Proposal interface{ proposal() }

type (
	// ProposeItem is a decision, artifact or open item to record.
	ProposeItem struct {
		Kind ItemKind
		Text string
	}
	// ProposeHandoff is a handoff of the open phase.
	ProposeHandoff struct{ Handoff Handoff }
	// ProposePersona is another persona for the open phase.
	ProposePersona struct {
		Persona PersonaName
		Why     string
	}
	// ProposeSkills is another stack for the open phase.
	ProposeSkills struct {
		Skills []SkillName
		Why    string
	}
)

func (ProposeItem) proposal()    {}
func (ProposeHandoff) proposal() {}
func (ProposePersona) proposal() {}
func (ProposeSkills) proposal()  {}

// Ask is a proposal that waits for a person, or what became of it. What it
// holds is shared: read it only.
type Ask struct {
	ID       int
	Task     int
	By       Actor
	At       time.Time
	Phase    int // the phase that was open when it was made
	Proposal Proposal
	State    AskState

	decided verdict
}

// AskState says what became of a proposal.
type AskState string

// The states.
const (
	AskWaiting  AskState = "waiting"
	AskApproved AskState = "approved"
	AskDenied   AskState = "denied"
)

func (a Ask) marks() marks {
	if a.State == AskWaiting {
		return waiting
	}
	return 0
}

const waiting marks = 1

// maxWaiting bounds how many proposals wait at a time: an agent that asks on
// and on is not listened to.
const maxWaiting = 100

// Propose records an agent's wish. It changes nothing else. What is shown to
// whoever decides on it is what takes effect.
func (s Session) Propose(by Agent, task int, p Proposal) (Decision, error) {
	t, err := s.openTask(task)
	if err != nil {
		return Decision{}, err
	}
	if _, item := p.(ProposeItem); t.Phase != s.at && (!item || s.sealedPhase(t.Phase)) {
		return Decision{}, Refuse("#%d was asked for in %s, and %s is open now", task, s.plan.called(t.Phase), s.called())
	}
	n := 0
	for range s.proposals.having(waiting) {
		if n++; n >= maxWaiting {
			return Decision{}, Refuse("%d proposals wait already: first somebody decides on those", n).Try("approve …", "deny …")
		}
	}
	if p, err = s.cleanProposal(p); err != nil {
		return Decision{}, err
	}
	return decideAgent(by, Proposed{s.next(), task, p})
}

// cleanProposal checks what is proposed as if a person had typed it.
func (s Session) cleanProposal(p Proposal) (Proposal, error) {
	var err error
	switch p := p.(type) {
	case ProposeItem:
		p.Text, err = itemText(p.Kind, p.Text)
		return p, err
	case ProposeHandoff:
		p.Handoff, err = p.Handoff.clean()
		return p, err
	case ProposePersona:
		p.Why, err = parseLine("reason", p.Why, maxReason)
		return p, err
	case ProposeSkills:
		if len(p.Skills) > maxStack {
			return nil, Refuse("a stack holds at most %d skills, not %d", maxStack, len(p.Skills)).Try("load …")
		}
		p.Skills = slices.Clone(p.Skills)
		p.Why, err = parseLine("reason", p.Why, maxReason)
		return p, err
	}
	return nil, Refuse("an agent proposes an item, a handoff, a persona or skills").Try("note decision …")
}

// clean is the handoff as the rules would take it from a person.
func (h Handoff) clean() (Handoff, error) {
	var err error
	for _, list := range []struct {
		kind  ItemKind
		texts *[]string
	}{{DecisionItem, &h.Decisions}, {ArtifactItem, &h.Artifacts}, {OpenItem, &h.Open}} {
		if *list.texts, err = cleanLines(string(list.kind), *list.texts, MaxItem); err != nil {
			return h, err
		}
	}
	if h.Output, err = parseText("output", h.Output, MaxOutput); err != nil {
		return h, err
	}
	if h.Empty() {
		return h, Refuse("this handoff has nothing to pass on").Try("handoff decisions: …")
	}
	h.Skills = slices.Clone(h.Skills)
	return h, h.fits()
}

// Approve lets a proposal take effect, as the person's own decision.
func (s Session) Approve(by Human, in Room, id int, because string) (Decision, error) {
	a, err := s.waiting(by, in, id)
	if err != nil {
		return Decision{}, err
	}
	if a.Phase != s.at {
		return Decision{}, Refuse("#%d was proposed for %s, and %s is open now", id, s.plan.called(a.Phase), s.called()).
			Try("deny " + itoa(id))
	}
	effect, err := s.effect(by, in, a, because)
	if err != nil {
		return Decision{}, err
	}
	return decide(by, effect.because, append([]Event{ProposalApproved{id}}, effect.events...)...)
}

// effect asks the rules for what was proposed, as if the person had typed it.
func (s Session) effect(by Human, in Room, a Ask, because string) (Decision, error) {
	reason := func(why string) string {
		if !noReason(because) {
			return because
		}
		if why == "" {
			why = "proposed by " + a.By.String()
		}
		return why
	}
	switch p := a.Proposal.(type) {
	case ProposeItem:
		return s.Record(by, in, Note{Kind: p.Kind, Text: p.Text}, because)
	case ProposeHandoff:
		return s.HandOff(by, in, Pass{Handoff: p.Handoff, Because: because})
	case ProposePersona:
		return s.OverridePersona(by, in, p.Persona, reason(p.Why))
	case ProposeSkills:
		return s.OverrideSkills(by, in, p.Skills, reason(p.Why))
	}
	return Decision{}, Refuse("this proposal is of a kind that this release does not know").Try("deny " + itoa(a.ID))
}

// Deny turns a proposal down.
func (s Session) Deny(by Human, in Room, id int, because string) (Decision, error) {
	if _, err := s.waiting(by, in, id); err != nil {
		return Decision{}, err
	}
	return decide(by, because, ProposalDenied{id})
}

func (s Session) waiting(by Human, in Room, id int) (Ask, error) {
	if err := s.mayMove(by, in, "decide on a proposal"); err != nil {
		return Ask{}, err
	}
	i, ok := s.find(id, askRef)
	if !ok {
		return Ask{}, s.noSuch("proposal", id)
	}
	a := s.proposals.at(i)
	switch a.State {
	case AskApproved:
		return Ask{}, Refuse("#%d is approved already%s: `undo` takes that back while it is the last decision", id, a.decided.text(in)).Try("undo because …")
	case AskDenied:
		return Ask{}, Refuse("#%d is denied already%s, and changed nothing: what it proposed can be decided without it", id, a.decided.text(in)).
			Try("note …", "override …")
	}
	return a, nil
}

// Waiting are the proposals that nobody has decided on, without those of phases
// sealed now.
func (s Session) Waiting() []Ask {
	var out []Ask
	for _, a := range s.proposals.having(waiting) {
		if !s.sealedPhase(a.Phase) {
			out = append(out, a)
		}
	}
	return out
}
