package orchestration

import (
	"slices"
	"time"
)

// Apply folds one decision. It never refuses: what is in the log has happened.
func (s Session) Apply(e Entry) Session {
	f := &folding{Session: s, at: e.At, by: e.By(), seq: e.Seq, undo: step{seq: e.Seq, decision: e.Decision}}
	if recordsOnly(e.Events()) {
		f.because = e.Because()
	}
	for _, event := range e.Events() {
		f.apply(event)
	}
	if f.counts {
		undo := f.undo
		undo.prev = f.Session.undo
		if f.stood {
			before := s.standing
			undo.before = &before
		}
		f.Session.undo = &undo
	}
	if s.state == None || f.Session.at != s.at {
		f.walk = f.walk.add(stretch{e.Seq, f.Session.at})
	}
	f.Session.seq, f.Session.latest = e.Seq, e.At
	return f.Session
}

// recordsOnly reports whether a decision does nothing but change items.
func recordsOnly(events []Event) bool {
	for _, event := range events {
		switch event.(type) {
		case ItemRecorded, ItemEdited, ItemSuperseded:
		default:
			return false
		}
	}
	return true
}

// Fold folds a whole stream.
func Fold(entries []Entry) Session {
	var s Session
	for _, e := range entries {
		s = s.Apply(e)
	}
	return s
}

// folding is a session while one decision is folded into it.
type folding struct {
	Session
	at time.Time
	by Actor
	// because is the reason of a decision that only records: what explains a
	// handoff or an approval does not explain each item in it.
	because string
	seq     uint64
	undo    step
	counts  bool // the decision can be taken back
	stood   bool // it changed where the session stands
}

// moved notes that the decision changed where the session stands.
func (f *folding) moved() {
	f.counts, f.stood = true, true
}

func (f *folding) apply(event Event) {
	switch e := event.(type) {
	case Started:
		f.start(e)
	case Bound:
		f.thread = e.Thread
	case PhaseEntered, PhaseSkipped, PhaseReopened, HandedOff, Paused, Resumed, Ended, Reopened, OwnerChanged:
		f.applyMove(e)
	case PersonaSwitched:
		f.moved()
		f.think(e.Persona)
	case SkillLoaded:
		f.moved()
		f.skills = loaded(f.skills, e.Skill)
	case SkillUnloaded:
		f.moved()
		f.skills = unloaded(f.skills, e.Skill)
	case Overridden:
		f.moved()
	case Undone:
		f.Session = f.takeBack(e)
	case ItemRecorded, ItemEdited, ItemResolved, ItemSuperseded, ItemWithdrawn, ItemAssigned:
		f.applyItem(e)
	default:
		f.applyTask(event)
	}
}

func (f *folding) start(e Started) {
	f.channel, f.plan, f.brief = e.Channel, e.Plan, e.Brief
	f.state = ActiveState
	f.done = make([]Outcome, len(e.Plan.phases))
	f.thought = make([]PersonaName, len(e.Plan.phases))
	f.started = f.at
	if h, ok := f.by.(Human); ok {
		f.starter, f.owner = h, h
	}
}

func (f *folding) applyMove(event Event) {
	if _, first := event.(PhaseEntered); !first || !f.began.IsZero() {
		f.moved()
	}
	switch e := event.(type) {
	case PhaseEntered:
		f.Session.at, f.skills, f.due, f.began = e.Phase, e.Skills, e.Due, f.at
		f.finish(e.Phase, Pending)
		f.think(e.Persona)
	case PhaseSkipped:
		f.finish(e.Phase, WasPassed)
	case PhaseReopened:
		f.finish(e.Phase, Pending)
	case HandedOff:
		f.handOff(e)
	case Paused:
		f.state, f.halted = PausedState, f.at
	case Resumed:
		f.state, f.due, f.halted = ActiveState, e.Due, time.Time{}
	case Ended:
		f.state = EndedState
		if f.halted.IsZero() {
			f.halted = f.at
		}
	case Reopened:
		f.state, f.halted = ActiveState, time.Time{}
		f.finish(f.Session.at, Pending)
	case OwnerChanged:
		f.owner = e.Owner
	}
}

// finish notes how a phase ended. The slice is copied: an undo may hold it.
func (f *folding) finish(phase int, how Outcome) {
	if phase < len(f.done) && f.done[phase] != how {
		f.done = slices.Clone(f.done)
		f.done[phase] = how
	}
}

// think notes who thinks in the open phase now.
func (f *folding) think(p Persona) {
	f.persona = p
	if at := f.Session.at; at < len(f.thought) && f.thought[at] != p.Name {
		f.thought = slices.Clone(f.thought)
		f.thought[at] = p.Name
	}
}

// handOff notes what was handed off. What was kept out earlier and is in this
// handoff travels again.
func (f *folding) handOff(e HandedOff) {
	f.finish(e.Phase, HandedOn)
	out := make(map[int]bool, len(e.LeftOut))
	for _, id := range e.LeftOut {
		out[id] = true
	}
	passed := Passed{Handoff: e.Handoff, By: f.by, At: f.at, Index: e.Phase}
	for _, item := range f.items.having(phaseMark(e.Phase)) {
		if item.Phase != e.Phase {
			continue
		}
		if item.leftOut != out[item.ID] {
			f.changeOwn(item.ID, func(item *Item) { item.leftOut = out[item.ID] })
		}
	}
	passed.Brought = slices.Clone(f.undo.items)
	f.handoffs = f.handoffs.add(passed)
	f.undo.passed = f.handoffs.len()
}

func (f *folding) applyItem(event Event) {
	f.counts = true
	switch e := event.(type) {
	case ItemRecorded:
		f.number(e.ID, itemRef, f.items.len())
		f.items = f.items.add(Item{
			ID: e.ID, Kind: e.Kind, Text: e.Text, By: f.by, At: f.at,
			Phase: f.Session.at, Because: f.because, Owner: e.Owner, Link: e.Link, Task: e.Task,
		})
		f.undo.items = append(f.undo.items, e.ID)
	case ItemEdited:
		f.changeOwn(e.ID, func(item *Item) {
			item.Text = e.Text
			item.Edits++
			if f.because != "" {
				item.Because = f.because
			}
		})
	case ItemResolved:
		f.changeOwn(e.ID, func(item *Item) { item.State, item.Settled = Resolved, f.by.String() })
	case ItemSuperseded:
		f.changeOwn(e.ID, func(item *Item) { item.State, item.Replaced, item.Settled = Superseded, e.By, f.by.String() })
	case ItemWithdrawn:
		f.changeOwn(e.ID, func(item *Item) { item.State, item.Settled = Withdrawn, f.by.String() })
	case ItemAssigned:
		f.changeOwn(e.ID, func(item *Item) { item.Owner = e.Owner })
	}
}

// changeOwn changes an item and keeps what it was for the undo.
func (f *folding) changeOwn(id int, change func(*Item)) {
	if old, ok := f.item(id); ok {
		f.undo.closed = append(f.undo.closed, old)
		f.Session = f.changeItem(id, change)
	}
}

func (s Session) changeItem(id int, change func(*Item)) Session {
	if i, ok := s.find(id, itemRef); ok {
		item := s.items.at(i)
		change(&item)
		s.items = s.items.set(i, item)
	}
	return s
}

// number gives a thing the next number of the session.
func (f *folding) number(id int, kind refKind, at int) {
	for f.index.len() < id-1 {
		f.index = f.index.add(ref{})
	}
	f.index = f.index.add(ref{kind, at})
}

func (f *folding) applyTask(event Event) {
	switch e := event.(type) {
	case TaskAsked:
		f.number(e.ID, taskRef, f.tasks.len())
		by, _ := f.by.(Human)
		f.tasks = f.tasks.add(Task{
			ID: e.ID, Brief: e.Brief, By: by, At: f.at, Phase: f.Session.at,
			Persona: f.persona, Skills: f.skills, State: TaskOpen,
		})
	case TaskStopped:
		f.changeTask(e.ID, func(t *Task) { t.State = TaskCalledOff })
	case TaskReported:
		f.changeTask(e.ID, func(t *Task) {
			t.State, t.Report, t.Via, t.DoneBy, t.DoneAt, t.reported = TaskDone, e.Text, e.Via, f.by, f.at, f.seq
		})
	case TaskAccepted:
		f.counts = true
		f.changeTask(e.ID, func(t *Task) { t.State, t.decided = TaskGood, verdict{f.by, f.at} })
	case TaskRejected:
		f.counts = true
		f.changeTask(e.ID, func(t *Task) { t.State, t.decided = TaskBad, verdict{f.by, f.at} })
	case StepRedone:
		f.moved()
	case Proposed:
		f.number(e.ID, askRef, f.proposals.len())
		f.proposals = f.proposals.add(Ask{ID: e.ID, Task: e.Task, By: f.by, At: f.at, Phase: f.Session.at, Proposal: e.Proposal, State: AskWaiting})
	case ProposalApproved:
		f.changeAsk(e.ID, AskApproved)
	case ProposalDenied:
		f.changeAsk(e.ID, AskDenied)
	case ReminderSet:
		f.number(e.ID, reminderRef, f.reminders.len())
		f.reminders = f.reminders.add(Reminder{ID: e.ID, At: e.At, Text: e.Text, By: f.by, Phase: f.Session.at})
	case ReminderCancelled:
		if i, ok := f.find(e.ID, reminderRef); ok {
			r := f.reminders.at(i)
			r.Cancelled = true
			f.reminders = f.reminders.set(i, r)
		}
	}
}

func (f *folding) changeTask(id int, change func(*Task)) {
	if i, ok := f.find(id, taskRef); ok {
		t := f.tasks.at(i)
		was := t
		change(&t)
		f.undo.tasks = append(f.undo.tasks, taskChange{id, was.State, t.State, was.decided})
		f.tasks = f.tasks.set(i, t)
	}
}

func (f *folding) changeAsk(id int, state AskState) {
	if i, ok := f.find(id, askRef); ok {
		a := f.proposals.at(i)
		a.State, a.decided = state, verdict{f.by, f.at}
		f.undo.asks = append(f.undo.asks, id)
		f.proposals = f.proposals.set(i, a)
	}
}
