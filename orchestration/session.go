package orchestration

import "time"

// State says whether a session is worked on.
type State string

// The states. The zero state is a thread in which nothing has started.
const (
	None        State = ""
	ActiveState State = "active"
	PausedState State = "paused"
	EndedState  State = "ended"
)

// Session is what has been decided in one thread, folded. The zero Session is a
// thread in which nothing has started. A Session is a value: Apply makes a new
// one and leaves the old as it was.
type Session struct {
	seq     uint64
	channel ChannelKey
	thread  ThreadKey
	plan    Plan
	brief   Brief
	starter Human
	started time.Time
	latest  time.Time

	standing // what an undo can restore

	items     list[Item]
	tasks     list[Task]
	proposals list[Ask]
	reminders list[Reminder]
	handoffs  list[Passed]
	index     list[ref]     // number → what it numbers
	walk      list[stretch] // which phase was open when
	undo      *step
}

// standing is the part of a session that decisions move to and fro. It is
// small and copied whole, so that undoing is restoring.
type standing struct {
	state   State
	owner   Human
	at      int
	persona Persona // one field, not a list: rule 1 cannot be broken
	skills  []Skill // stack freely: rule 2
	began   time.Time
	due     time.Time
	halted  time.Time     // when it was paused or ended
	done    []Outcome     // per phase, how it ended
	thought []PersonaName // per phase, who thinks or thought there last
}

// Outcome is how a phase ended, or "" while it has not.
type Outcome string

// The outcomes.
const (
	Pending   Outcome = ""
	HandedOn  Outcome = "handed off"
	WasPassed Outcome = "skipped"
)

// ref says where in its list a numbered thing is.
type ref struct {
	kind refKind
	at   int
}

type refKind byte

const (
	noRef refKind = iota
	itemRef
	taskRef
	askRef
	reminderRef
)

func (ref) marks() marks { return 0 }

// Passed is a handoff that happened. Its slices are shared: read them only.
type Passed struct {
	Handoff
	By        Actor
	At        time.Time
	Index     int   // the phase, counted from 0
	Brought   []int // the items recorded with the handoff itself
	Withdrawn bool  // it was undone
}

func (p Passed) marks() marks {
	if p.Withdrawn {
		return 0
	}
	return phaseMark(p.Index)
}

// phaseMark marks what belongs to a phase. It is a hint: plans of a later
// release may have more phases than there are bits.
func phaseMark(i int) marks { return 1 << min(i, 62) }

// next is the number that the next item, task, proposal or reminder gets.
func (s Session) next() int { return s.index.len() + 1 }

// Newest is the number of the newest item, task, proposal or reminder; 0 where
// there is none.
func (s Session) Newest() int { return s.index.len() }

// Seq is the number of decisions folded so far.
func (s Session) Seq() uint64 { return s.seq }

// Channel is where the session was started.
func (s Session) Channel() ChannelKey { return s.channel }

// Thread is the one thread the session is bound to, or "" before that is known.
func (s Session) Thread() ThreadKey { return s.thread }

// Plan is the pattern that the session follows.
func (s Session) Plan() Plan { return s.plan }

// Phases are the plan's phases. The slice is shared: read it only.
func (s Session) Phases() []Phase { return s.plan.phases }

// Brief is what the session is for. Its slices are shared: read them only.
func (s Session) Brief() Brief { return s.brief }

// State says whether the session is worked on.
func (s Session) State() State { return s.state }

// Owner is who the session belongs to.
func (s Session) Owner() Human { return s.owner }

// Starter is who started it, and when.
func (s Session) Starter() (Human, time.Time) { return s.starter, s.started }

// Moved is when the last decision in it was made.
func (s Session) Moved() time.Time { return s.latest }

// At is the index of the open phase, or of the last one once ended.
func (s Session) At() int { return s.at }

// Phase is the open phase; open is false where none is.
func (s Session) Phase() (phase Phase, open bool) {
	if s.state == None || s.at >= len(s.plan.phases) {
		return Phase{}, false
	}
	return s.phase(), s.state != EndedState
}

func (s Session) phase() Phase { return s.plan.phases[s.at] }

// called is the open phase as a sentence names it: "phase Build".
func (s Session) called() string { return s.plan.called(s.at) }

// last reports whether no phase follows the open one.
func (s Session) last() bool { return s.at+1 == len(s.plan.phases) }

// Persona is who is thinking; the zero Persona is nobody.
func (s Session) Persona() Persona { return s.persona }

// Skills are loaded, in order. The slice is shared: read it only.
func (s Session) Skills() []Skill { return s.skills }

// Began is when the open phase was entered, Due when it should be done (zero
// where the plan does not say).
func (s Session) Began() time.Time { return s.began }

// Due is when the open phase should be done, or zero.
func (s Session) Due() time.Time { return s.due }

// Outcome is how the phase at that index ended; Pending where there is none.
func (s Session) Outcome(i int) Outcome {
	if i < 0 || i >= len(s.done) {
		return Pending
	}
	return s.done[i]
}

// Items is everything recorded, in order, without what is sealed now.
func (s Session) Items() []Item {
	out := make([]Item, 0, s.items.len())
	for _, item := range s.items.all() {
		if !s.hidden(item) {
			out = append(out, item)
		}
	}
	return out
}

// Item is the item with that number; ok is false where it is sealed now.
func (s Session) Item(id int) (item Item, ok bool) {
	item, ok = s.item(id)
	if !ok || s.hidden(item) {
		return Item{}, false
	}
	return item, true
}

// item is the item with that number, sealed or not.
func (s Session) item(id int) (Item, bool) {
	i, ok := s.find(id, itemRef)
	if !ok {
		return Item{}, false
	}
	return s.items.at(i), true
}

// Handoffs are those that stand, in order, without what is sealed now.
func (s Session) Handoffs() []Passed {
	var out []Passed
	for _, h := range s.handoffs.all() {
		if !h.Withdrawn && !s.sealedPhase(h.Index) {
			out = append(out, h)
		}
	}
	return out
}

// LastHandoff is the newest handoff that stands and is not sealed now.
func (s Session) LastHandoff() (Passed, bool) {
	for i := s.handoffs.len() - 1; i >= 0; i-- {
		if h := s.handoffs.at(i); !h.Withdrawn && !s.sealedPhase(h.Index) {
			return h, true
		}
	}
	return Passed{}, false
}

func (s Session) find(id int, kind refKind) (int, bool) {
	if id < 1 || id > s.index.len() {
		return 0, false
	}
	r := s.index.at(id - 1)
	return r.at, r.kind == kind
}

// Numbered says what kind of thing a number names: "item", "task", "proposal",
// "reminder", or "" for none.
func (s Session) Numbered(id int) string {
	if id < 1 || id > s.index.len() {
		return ""
	}
	return [...]string{"", "item", "task", "proposal", "reminder"}[s.index.at(id-1).kind]
}

// running refuses what only an active session can do.
func (s Session) running(what string) error {
	if s.state == PausedState {
		return Refuse("this session is paused; to %s, go on first", what).Try("resume")
	}
	return s.writable(what)
}

// writable refuses what an ended session cannot do, and a paused one can.
func (s Session) writable(what string) error {
	switch s.state {
	case None:
		return nothingHere()
	case EndedState:
		return Refuse("this session has ended; to %s, open it again first", what).Try("resume because …", "start …")
	}
	return nil
}

// mayMove is the gate and the state check of everything that moves the plan.
func (s Session) mayMove(by Human, in Room, what string) error {
	if err := s.may(by, in, ToSteer, object{}); err != nil {
		return err
	}
	return s.running(what)
}
