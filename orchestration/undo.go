package orchestration

// step is one decision that can be taken back. Steps form a stack that shares
// its tail with the sessions before it.
type step struct {
	prev   *step
	seq    uint64
	by     Actor
	what   string
	before *standing // nil where it only touched items: its author may take those back
	items  []int     // recorded by it: withdrawn when it is undone
	closed []Item    // what it changed about items, as they were
	tasks  []Task    // what it changed about tasks, as they were
	passed int       // the handoff it made, counted from 1, or 0
}

// Undo takes the last decision that changed something back, by recording its
// opposite. Contributors can take back what they recorded themselves.
func (s Session) Undo(by Human, in Room, because string) (Decision, error) {
	if s.state == None {
		return Decision{}, errNothingHere
	}
	u := s.undo
	if u == nil {
		return Decision{}, Refuse("there is nothing to take back").Try("history")
	}
	obj := onSession
	right := ToSteer
	if h, ok := u.by.(Human); ok && u.before == nil {
		right, obj = ToAmend, object{author: h.ID()}
	}
	if err := s.may(by, in, right, obj); err != nil {
		return Decision{}, err
	}
	return decide(by, because, Undone{u.seq, u.what})
}

// CanUndo says which decision an undo would take back, in words.
func (s Session) CanUndo() (what string, by Actor, ok bool) {
	if s.undo == nil {
		return "", nil, false
	}
	return s.undo.what, s.undo.by, true
}

// takeBack restores what stood before the newest step.
func (s Session) takeBack(e Undone) Session {
	u := s.undo
	if u == nil || u.seq != e.Seq {
		return s // the log of another release; what it undid is not known here
	}
	if u.before != nil {
		s.standing = *u.before
	}
	if u.before == nil { // what a handoff brought stays on record for the next try
		for _, id := range u.items {
			s = s.changeItem(id, func(item *Item) { item.State = Withdrawn })
		}
	}
	for _, old := range u.closed {
		s = s.changeItem(old.ID, func(item *Item) { *item = old })
	}
	for _, old := range u.tasks {
		if i, ok := s.find(old.ID, taskRef); ok {
			s.tasks = s.tasks.set(i, old)
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
