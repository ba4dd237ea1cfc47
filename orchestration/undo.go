package orchestration

import (
	"slices"
	"strings"
)

// step is one decision that can be taken back. Steps form a stack that shares
// its tail with the sessions before it.
type step struct {
	prev     *step
	seq      uint64
	decision Decision
	before   *standing    // nil where it only touched items: its author may take those back
	items    []int        // recorded by it: withdrawn when it is undone
	closed   []Item       // what it changed about items, as they were
	tasks    []taskChange // what it changed about tasks
	asks     []int        // the proposals it decided on: they wait again
	passed   int          // the handoff it made, counted from 1, or 0
}

// taskChange is how a decision moved a task on.
type taskChange struct {
	id       int
	from, to TaskState
	decided  verdict // of before
}

// Undo takes the last decision that changed something back, by recording its
// opposite. Contributors can take back what they recorded themselves.
func (s Session) Undo(by Human, in Room, because string) (Decision, error) {
	if s.state == None {
		return Decision{}, nothingHere()
	}
	u := s.undo
	if u == nil {
		return Decision{}, Refuse("there is nothing to take back").Try("history")
	}
	obj := object{}
	right := ToSteer
	if h, ok := u.decision.by.(Human); ok && u.before == nil {
		right, obj = ToAmend, object{author: h.ID()}
	}
	if err := s.may(by, in, right, obj); err != nil {
		return Decision{}, err
	}
	return decide(by, because, Undone{u.seq, Describe(u.decision)})
}

// CanUndo says which decision an undo would take back, in words, without those
// that are sealed now.
func (s Session) CanUndo() (what string, by Actor, ok bool) {
	if s.undo == nil {
		return "", nil, false
	}
	d := s.undo.decision
	if !s.sealedPhase(s.phaseOf(s.undo.seq)) {
		return Describe(d), d.by, true
	}
	var moves []string
	for _, event := range d.events {
		switch event.(type) {
		case PhaseEntered, PhaseSkipped, PhaseReopened, HandedOff:
			moves = append(moves, describe(event))
		}
	}
	return strings.Join(moves, ", "), d.by, true
}

// takeBack restores what stood before the newest step. What a decision that
// moved the session recorded beside the move stays on record: a handoff that
// is taken back finds its words again.
func (s Session) takeBack(e Undone) Session {
	u := s.undo
	if u == nil || u.seq != e.Seq {
		return s // the log of another release; what it undid is not known here
	}
	if u.before != nil {
		s.standing = *u.before
	} else {
		for _, id := range u.items {
			s = s.changeItem(id, func(item *Item) { item.State = Withdrawn })
		}
	}
	for _, old := range slices.Backward(u.closed) {
		s = s.changeItem(old.ID, func(item *Item) { *item = old })
	}
	for _, c := range slices.Backward(u.tasks) {
		s = s.changeTaskBack(c)
	}
	for _, id := range u.asks {
		if i, ok := s.find(id, askRef); ok {
			a := s.proposals.at(i)
			a.State, a.decided = AskWaiting, verdict{}
			s.proposals = s.proposals.set(i, a)
		}
	}
	if u.passed > 0 {
		h := s.handoffs.at(u.passed - 1)
		h.Withdrawn = true
		s.handoffs = s.handoffs.set(u.passed-1, h)
	}
	s.undo = u.prev
	return s
}

// changeTaskBack undoes a change of a task, unless somebody moved it on since:
// a report that came in the meantime is not lost.
func (s Session) changeTaskBack(c taskChange) Session {
	if i, ok := s.find(c.id, taskRef); ok {
		if t := s.tasks.at(i); t.State == c.to {
			t.State, t.decided = c.from, c.decided
			s.tasks = s.tasks.set(i, t)
		}
	}
	return s
}
