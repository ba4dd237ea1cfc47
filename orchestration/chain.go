package orchestration

// RedoStep throws the open step's reports away and keeps the step open.
func (s Session) RedoStep(by Human, in Room, because string) (Decision, error) {
	if err := s.mayMove(by, in, "redo a step"); err != nil {
		return Decision{}, err
	}
	if s.plan.kind != SkillChainKind {
		return Decision{}, Refuse("only a step of a skill-chain is redone; a phase is gone back to").
			Try("override phase back because …")
	}
	if because == "" {
		return Decision{}, Refuse("redoing a step needs its reason: whoever does it again goes by it").Try("handoff redo because …")
	}
	events := []Event{StepRedone{s.at}}
	for _, t := range s.tasks.all() {
		if t.Phase == s.at && (t.State == TaskDone || t.State == TaskGood) {
			events = append(events, TaskRejected{t.ID})
		}
	}
	if len(events) == 1 {
		return Decision{}, Refuse("step %s has no output to redo", s.phase().Name).Try("run …")
	}
	return decide(by, because, events...)
}

// outputFor is the output a handoff passes on: the given one, or the newest
// report of the phase that nobody rejected.
func (s Session) outputFor(given string) (string, error) {
	given, err := parseText("output", given, MaxOutput)
	if err != nil || given != "" {
		return given, err
	}
	if s.plan.kind != SkillChainKind && s.plan.kind != MultiAgentHandoffKind {
		return "", nil
	}
	for i := s.tasks.len() - 1; i >= 0; i-- {
		if t := s.tasks.at(i); t.Phase == s.at && (t.State == TaskDone || t.State == TaskGood) {
			return t.Report, nil
		}
	}
	return "", nil
}

// Input is what the open step works on: the output of the last step of a chain
// that had one, or the author's artifact in a multi-agent-handoff.
func (s Session) Input() (from Passed, ok bool) {
	for i := s.handoffs.len() - 1; i >= 0; i-- {
		h := s.handoffs.at(i)
		if h.Withdrawn || h.Output == "" || h.Index >= s.at {
			continue
		}
		if s.plan.kind == MultiAgentHandoffKind && s.phases[h.Index].Part != Author {
			continue
		}
		return h, true
	}
	return Passed{}, false
}

// Reviews are the reviews a decider compares, in order; before the decision of
// a sealed plan there are none to see.
func (s Session) Reviews() []Passed {
	var out []Passed
	for _, h := range s.Handoffs() {
		if s.phases[h.Index].Part == Reviewer {
			out = append(out, h)
		}
	}
	return out
}

// SealedReviews is how many reviews are kept back now.
func (s Session) SealedReviews() int {
	n := 0
	for _, h := range s.handoffs.all() {
		if !h.Withdrawn && s.sealedPhase(h.Index) {
			n++
		}
	}
	return n
}
