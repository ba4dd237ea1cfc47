package orchestration

import (
	"testing"
)

func TestUndoIsRefused(t *testing.T) {
	st := tell(t)
	st.no("nothing has been started")(st.Undo(ana, st.in, ""))
	st = begin(t, sprint())
	st.no("there is nothing to take back")(st.Undo(ana, st.in, ""))
	if _, _, ok := st.CanUndo(); ok {
		t.Error("a start can be undone")
	}
	st.do(st.Switch(ana, st.in, persona("x"), ""))
	st.no("Cem is a contributor")(st.Undo(cem, st.in, ""))
	st.no("Dot is an observer")(st.Undo(dot, st.in, ""))
	st.undo()
	st.no("there is nothing to take back")(st.Undo(ana, st.in, ""))
}

// Contributors take back what they recorded, and nobody else's.
func TestUndoOwnItems(t *testing.T) {
	st := begin(t, sprint())
	st.do(st.Record(cem, st.in, Note{Kind: DecisionItem, Text: "a"}, ""))
	st.do(st.Undo(cem, st.in, "")).want("here", texts(st.Here()))
	st.note(DecisionItem, "b")
	st.no("only its author")(st.Undo(cem, st.in, ""))
	st.do(st.Undo(ben, st.in, "")).want("here", texts(st.Here()))
	item, _ := st.Item(2)
	if item.State != Withdrawn || item.Text != "b" {
		t.Errorf("%+v", item)
	}
}

// Each step back finds exactly what was there.
func TestUndoAllTheWay(t *testing.T) {
	st := begin(t, sprint())
	o := st.note(OpenItem, "pricing")
	st.do(st.Edit(ana, st.in, o, "pricing for teams", ""))
	st.do(st.Assign(ana, st.in, o, cem, ""))
	st.do(st.Resolve(cem, st.in, o, ""))
	item, _ := st.Item(o)
	if item.State != Resolved || item.Owner != cem || item.Edits != 1 {
		t.Fatalf("%+v", item)
	}
	st.undo()
	st.want("open", texts(st.Open()), "pricing for teams")
	st.undo()
	if item, _ = st.Item(o); !item.Owner.IsZero() || item.Settled != "" {
		t.Errorf("%+v", item)
	}
	st.undo().want("open", texts(st.Open()), "pricing")
	st.undo().want("open", texts(st.Open()))
	st.no("nothing to take back")(st.Undo(ana, st.in, ""))
}

// A handoff that is taken back finds its words again: what was typed into it
// stays recorded in the phase.
func TestUndoHandoff(t *testing.T) {
	st := begin(t, sprint())
	st.note(DecisionItem, "a joke")
	st.do(st.HandOff(ana, st.in, Pass{Handoff: Handoff{Decisions: []string{"b"}, Open: []string{"c"}}, Exact: true}))
	st.undo().stands("Build", "startup-cto", "aws-solution-architect", "senior-frontend")
	st.want("here", texts(st.Here()), "a joke", "b", "c").outcomes(Pending, Pending, Pending, Pending)
	if len(st.Handoffs()) != 0 {
		t.Errorf("%d handoffs stand", len(st.Handoffs()))
	}
	if _, ok := st.LastHandoff(); ok {
		t.Error("the last handoff stands")
	}
	st.pass().want("carried", texts(st.Carried()), "a joke", "b", "c")
	st.undo().undo().want("here", texts(st.Here()), "b", "c") // and the joke was a decision of its own
}

// The binding to the thread is not a decision that can be taken back, nor one
// that hides those before it.
func TestUndoCrossesTheBinding(t *testing.T) {
	st := tell(t)
	st.do(st.Start(ana, st.in, "c", "", sprint(), Brief{Objective: "x"}, ""))
	st.note(DecisionItem, "a")
	st.do(st.Switch(ana, st.in, persona("x"), ""))
	st.do(st.Bind(ana, "c/1"))
	st.undo().undo()
	if st.Thread() != "c/1" || st.Persona().Name.String() != "startup-cto" || len(st.Here()) != 0 {
		t.Errorf("%s as %s with %v", st.Thread(), st.Persona(), texts(st.Here()))
	}
}

// A report that came after a rejection survives the rejection's undo.
func TestUndoLosesNoReport(t *testing.T) {
	st := begin(t, sprint())
	id := st.ask("draft")
	st.report(id, "first")
	st.do(st.Reject(ana, st.in, id, "thin"))
	st.report(id, "second")
	st.undo()
	if task, _ := st.Task(id); task.Report != "second" || task.State != TaskDone {
		t.Errorf("%s: %s", task.State, task.Report)
	}
	st.do(st.Accept(ana, st.in, id, ""))
	st.undo()
	if task, _ := st.Task(id); task.State != TaskDone {
		t.Errorf("%s", task.State)
	}
	st.do(st.Reject(ana, st.in, id, "thin"))
	st.do(st.Stop(cem, st.in, id, ""))
	st.undo()
	if task, _ := st.Task(id); task.State != TaskCalledOff {
		t.Errorf("the undo called a stopped task on: %s", task.State)
	}
}

// What an accepted report brought goes with the acceptance.
func TestUndoAccept(t *testing.T) {
	st := begin(t, sprint())
	id := st.ask("draft")
	st.report(id, "Decisions:\n- Postgres\nOpen items:\n- pricing")
	st.do(st.Accept(ana, st.in, id, "")).want("here", texts(st.Here()), "Postgres", "pricing")
	st.undo().want("here", texts(st.Here()))
	if task, _ := st.Task(id); task.State != TaskDone {
		t.Error(task.State)
	}
}

// The owner who gave a session away cannot take that back; the new one can.
func TestUndoGivingAway(t *testing.T) {
	st := begin(t, sprint())
	st.do(st.GiveAway(ana, st.in, cem, ""))
	st.no("Ana is a contributor")(st.Undo(ana, st.in, ""))
	st.do(st.Undo(cem, st.in, "thanks, but no"))
	if st.Owner() != ana {
		t.Error(st.Owner())
	}
}

// The log of a release that counted its steps otherwise folds all the same.
func TestUndoOfSomethingElse(t *testing.T) {
	st := begin(t, sprint())
	st.note(DecisionItem, "a")
	st.do(Recall(ana, "", []Event{Undone{Seq: 1, What: "the start"}}), nil)
	st.want("here", texts(st.Here()), "a")
	st.undo().want("here", texts(st.Here()))
}
