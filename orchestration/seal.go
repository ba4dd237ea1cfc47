package orchestration

// A reviewer of a sealed plan sees the author's artifact and not the other
// reviews; nothing of a review is seen by another step until the decision, or
// until the session ends. Whatever a Session tells keeps to that. Where a plan
// goes back, what the decider said of the reviews is sealed like them.

// sealedPhase reports whether what was said in a phase is kept from the open
// one.
func (s Session) sealedPhase(i int) bool {
	phases := s.plan.phases
	if !s.plan.sealed || s.state == EndedState || phases[s.at].Part == Decider || i >= len(phases) {
		return false
	}
	return phases[i].Part != Author && i != s.at
}

// reviewing reports whether the open step is one of several reviews that may
// not know of each other.
func (s Session) reviewing() bool {
	return s.plan.sealed && s.state != EndedState && s.phase().Part == Reviewer
}

// Reviewing reports whether the open step is a review that others may not know
// of. How the session stands is then for whoever asks alone: the next reviewer
// reads the same thread.
func (s Session) Reviewing() bool { return s.reviewing() }

// Keeps reports whether an entry, as this session stands after it, is part of a
// review that others may not know of, so that what is said of it is for whoever
// decided it alone. What the author hands over is for everybody.
func (s Session) Keeps(e Entry) bool {
	return s.reviewing() && s.plan.phases[s.phaseOf(e.Seq)].Part != Author || s.Hides(e)
}

func (s Session) hidden(item Item) bool { return s.sealedPhase(item.Phase) }

// leaveAlone refuses to change in one review what the others are about too.
func (s Session) leaveAlone(id, phase int) Refusal {
	return Refuse("#%d is of %s, and every reviewer finds it as it was handed over", id, s.plan.called(phase)).
		Try("note decision …", "note open …")
}

// SealedReviews is how many reviews are kept back now.
func (s Session) SealedReviews() int {
	n := 0
	for i := range s.plan.phases {
		if s.plan.phases[i].Part == Reviewer && s.sealedPhase(i) && s.reviewed(i) {
			n++
		}
	}
	return n
}

// reviewed reports whether a phase has a handoff that stands.
func (s Session) reviewed(i int) bool {
	for _, h := range s.handoffs.having(phaseMark(i)) {
		if h.Index == i {
			return true
		}
	}
	return false
}

// stretch says that from the decision after seq on, a phase was open.
type stretch struct {
	seq   uint64
	phase int
}

func (stretch) marks() marks { return 0 }

// phaseOf is the phase in which the decision with that number was made: the
// one that was open just before it.
func (s Session) phaseOf(seq uint64) int {
	i, j := 0, s.walk.len()
	for i < j {
		if m := (i + j) / 2; s.walk.at(m).seq < seq {
			i = m + 1
		} else {
			j = m
		}
	}
	if i == 0 {
		return 0
	}
	return s.walk.at(i - 1).phase
}

// Hides reports whether an entry of this session's log holds what is sealed
// now, so that a history may say that it is there and not what it says.
func (s Session) Hides(e Entry) bool {
	if !s.plan.sealed {
		return false
	}
	if s.sealedPhase(s.phaseOf(e.Seq)) {
		return true
	}
	for _, event := range e.Events() {
		if s.hides(event) {
			return true
		}
	}
	return false
}

// hides reports whether an event belongs to a sealed phase although it was
// decided in another.
func (s Session) hides(event Event) bool {
	switch e := event.(type) {
	case Undone:
		return s.sealedPhase(s.phaseOf(e.Seq))
	case TaskReported:
		t, ok := s.task(e.ID)
		return ok && s.sealedPhase(t.Phase)
	}
	return false
}
