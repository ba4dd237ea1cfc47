package orchestration

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

// Ask is a proposal that waits for a person, or what became of it.
type Ask struct {
	ID       int
	Task     int
	By       Actor
	Phase    int // the phase that was open when it was made
	Proposal Proposal
	State    AskState
}

// AskState says what became of a proposal.
type AskState string

// The states.
const (
	AskWaiting  AskState = "waiting"
	AskApproved AskState = "approved"
	AskDenied   AskState = "denied"
)

// Propose records an agent's wish. It changes nothing else.
func (s Session) Propose(by Agent, task int, p Proposal) (Decision, error) {
	if _, err := s.openTask(task); err != nil {
		return Decision{}, err
	}
	if item, ok := p.(ProposeItem); ok {
		e, err := s.newItem(s.next(), Note{Kind: item.Kind, Text: item.Text})
		if err != nil {
			return Decision{}, err
		}
		p = ProposeItem{e.Kind, e.Text}
	}
	return decideAgent(by, Proposed{s.next(), task, p}), nil
}

// Approve lets a proposal take effect, as the person's own decision.
func (s Session) Approve(by Human, in Room, id int, because string) (Decision, error) {
	a, err := s.waiting(by, in, id)
	if err != nil {
		return Decision{}, err
	}
	if a.Phase != s.at {
		return Decision{}, Refuse("#%d was proposed for %s, and %s is open now", id, s.phases[a.Phase].Name, s.phase().Name).
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
		if because != "" {
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
	if a.State != AskWaiting {
		return Ask{}, Refuse("#%d is %s already", id, a.State)
	}
	return a, nil
}

// Waiting are the proposals that nobody has decided on.
func (s Session) Waiting() []Ask {
	var out []Ask
	for _, a := range s.proposals.all() {
		if a.State == AskWaiting {
			out = append(out, a)
		}
	}
	return out
}
