package orchestration

import (
	"testing"
	"time"
)

// A session knows when it was decided on last, and when what waits was asked.
func TestMoved(t *testing.T) {
	st := begin(t, sprint())
	if !st.Moved().Equal(monday) {
		t.Errorf("started: %s", st.Moved())
	}
	task := st.after(time.Hour).ask("draft the architecture")
	st.after(time.Hour).propose(task, ProposeItem{DecisionItem, "Postgres"})
	asked := st.in.Now
	if got := st.Waiting()[0].At; !got.Equal(asked) || !st.Moved().Equal(asked) {
		t.Errorf("proposed at %s, moved at %s; want %s", got, st.Moved(), asked)
	}
	st.after(day).note(OpenItem, "pricing")
	if got := st.Waiting()[0].At; !got.Equal(asked) || !st.Moved().Equal(asked.Add(day)) {
		t.Errorf("proposed at %s, moved at %s", got, st.Moved())
	}
	st.do(st.Undo(ana, st.in, ""))
	if !st.Moved().Equal(asked.Add(day)) {
		t.Errorf("undone: %s", st.Moved())
	}
}
