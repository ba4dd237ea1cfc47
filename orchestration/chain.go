package orchestration

// RedoStep throws the open step's reports away, with what accepting them
// recorded, and keeps the step open.
func (s Session) RedoStep(by Human, in Room, because string) (Decision, error) {
	if err := s.mayMove(by, in, "redo a step"); err != nil {
		return Decision{}, err
	}
	if s.plan.kind != SkillChainKind {
		return Decision{}, Refuse("only a step of a skill-chain is redone; a phase is gone back to").
			Try("override phase back because …")
	}
	if noReason(because) {
		return Decision{}, Refuse("redoing a step needs its reason: whoever does it again goes by it").Try("handoff redo because …")
	}
	events := []Event{StepRedone{s.at}}
	for _, t := range s.tasks.having(phaseMark(s.at)) {
		if t.Phase == s.at && t.counts() {
			events = append(events, s.rejected(t)...)
		}
	}
	if len(events) == 1 {
		return Decision{}, Refuse("%s has no output to redo", s.called()).Try("run …")
	}
	return decide(by, because, events...)
}

// outputFor is the output a handoff passes on: the given one, or of the
// phase's reports that nobody rejected the one that came last.
func (s Session) outputFor(given string) (string, error) {
	given, err := parseText("output", given, MaxOutput)
	if err != nil || given != "" {
		return given, err
	}
	if s.plan.kind != SkillChainKind && s.plan.kind != MultiAgentHandoffKind {
		return "", nil
	}
	var newest Task
	for _, t := range s.tasks.having(phaseMark(s.at)) {
		if t.Phase == s.at && t.counts() && t.reported >= newest.reported {
			newest = t
		}
	}
	return newest.Report, nil
}

// Input is what the open step works on: the output of the last step of a chain
// that had one, or the author's artifact in a multi-agent-handoff.
func (s Session) Input() (from Passed, ok bool) {
	for i := s.handoffs.len() - 1; i >= 0; i-- {
		h := s.handoffs.at(i)
		if h.Withdrawn || h.Output == "" || h.Index >= s.at {
			continue
		}
		if s.plan.kind == MultiAgentHandoffKind && s.plan.phases[h.Index].Part != Author {
			continue
		}
		return h, true
	}
	return Passed{}, false
}

// Reviews are the reviews a decider compares, in the order of the steps, of
// each step its newest. None is among them that is sealed now.
func (s Session) Reviews() []Passed {
	var out []Passed
	for i, p := range s.plan.phases {
		if p.Part != Reviewer || s.sealedPhase(i) {
			continue
		}
		var newest Passed
		for _, h := range s.handoffs.having(phaseMark(i)) {
			if h.Index == i {
				newest = h
			}
		}
		if newest.Phase > 0 {
			out = append(out, newest)
		}
	}
	return out
}
