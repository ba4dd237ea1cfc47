package orchestration

import (
	"strings"
	"testing"
)

func TestTasks(t *testing.T) {
	st := begin(t, sprint())
	id := st.ask("draft the\narchitecture\u200b ")
	task, _ := st.Task(id)
	if task.Brief != "draft the\narchitecture" || task.By != ana || task.Persona.Name.String() != "startup-cto" || len(task.Skills) != 2 || task.State != TaskOpen {
		t.Errorf("%+v", task)
	}
	st.do(st.Switch(ana, st.in, persona("x"), "")) // what it was to be done with is pinned
	st.after(day).do(st.Session.Report(cem, st.in, id, "the report\r\n", "some assistant", ""))
	task, _ = st.Task(id)
	if task.Report != "the report" || task.Via != "some assistant" || task.DoneBy != Actor(cem) || !task.DoneAt.Equal(monday.Add(day)) ||
		task.State != TaskDone || task.Persona.Name.String() != "startup-cto" {
		t.Errorf("%+v", task)
	}
	st.do(st.Reject(ben, st.in, id, "thin"))
	st.do(st.ReportByAgent(bot, id, "a longer report"))
	task, _ = st.Task(id)
	if task.Report != "a longer report" || task.Via != "bot" || task.DoneBy != Actor(bot) {
		t.Errorf("%+v", task)
	}
	st.do(st.Accept(ana, st.in, id, ""))
	st.no("#1 is accepted already, by Ana on 24 Nov 2026 09:00: `undo` takes that back")(st.Reject(ben, st.in, id, "on second thoughts"))
	st.undo().do(st.Reject(ana, st.in, id, "on second thoughts"))
	st.no("is rejected already, by Ana on 24 Nov 2026 09:00: `undo` takes that back")(st.Accept(ben, st.in, id, ""))
	other := st.ask("something else")
	st.do(st.Stop(cem, st.in, other, ""))
	if len(st.Tasks()) != 2 || st.Tasks()[1].State != TaskCalledOff {
		t.Errorf("%+v", st.Tasks())
	}
}

func TestTasksAreRefused(t *testing.T) {
	st := begin(t, sprint())
	report := func(id int, text string) (Decision, error) { return st.Session.Report(ana, st.in, id, text, "", "") }
	st.no("only observes")(st.Ask(dot, st.in, "x", ""))
	st.no("the task has no words")(st.Ask(ana, st.in, " \n ", ""))
	st.no("this task has 4.0 KiB")(st.Ask(ana, st.in, strings.Repeat("x", 4097), ""))
	item := st.note(DecisionItem, "a")
	id := st.ask("draft")
	st.no("#1 is an item, not a task")(report(item, "x"))
	st.no("there is no task #9 here")(report(9, "x"))
	st.no("the report on #2 has no words")(report(id, "\u200b"))
	st.no("this report has 32.0 KiB")(report(id, strings.Repeat("x", MaxOutput+1)))
	st.no("this name has 101 bytes")(st.Session.Report(ana, st.in, id, "x", strings.Repeat("x", 101), ""))
	st.no("only observes")(st.Session.Report(dot, st.in, id, "x", "", ""))
	st.no("#2 is open: there is no report to decide on")(st.Accept(ana, st.in, id, ""))
	st.no("#2 is open: there is no report to decide on")(st.Reject(ana, st.in, id, ""))
	st.no("#1 is an item, not a task")(st.Accept(ana, st.in, item, ""))
	st.no("only observes")(st.Stop(dot, st.in, id, ""))
	st.no("there is no task #9")(st.Stop(ana, st.in, 9, ""))
	st.no("an agent has a name, and this one none")(st.ReportByAgent(NewAgent(""), id, "x"))
	st.no("an agent has a name, and this one none")(st.Propose(Agent{}, id, ProposeItem{DecisionItem, "x"}))
	st.report(id, "x")
	st.no("#2 has its report already")(report(id, "y"))
	st.no("#2 is reported: there is nothing to stop")(st.Stop(ana, st.in, id, ""))
	st.no("Cem is a contributor")(st.Accept(cem, st.in, id, ""))
	st.no("Cem is a contributor")(st.Reject(cem, st.in, id, ""))
	st.do(st.Accept(ana, st.in, id, ""))
	st.no("#2 is accepted already")(st.Accept(ana, st.in, id, ""))
	id = st.ask("more")
	st.do(st.Stop(ana, st.in, id, ""))
	st.no("was stopped")(report(id, "x"))
	st.no("is stopped: there is nothing to stop")(st.Stop(ana, st.in, id, ""))

	// Work that is done is taken while the session is paused, and not after.
	id = st.ask("one more")
	other := st.ask("and another")
	st.do(st.Pause(ana, st.in, ""))
	st.do(st.ReportByAgent(bot, id, "done"))
	st.no("is paused; to accept a report")(st.Accept(ana, st.in, id, ""))
	st.do(st.End(ana, st.in, "x"))
	st.no("has ended; to report on a task")(report(other, "x"))
	st.no("has ended; to report on a task")(st.ReportByAgent(bot, other, "x"))
	st.do(st.Stop(ana, st.in, other, "")) // stopping never waits

	empty := tell(t)
	empty.no("nothing has been started")(empty.Ask(ana, empty.in, "x", ""))
	empty.no("nothing has been started")(empty.Stop(ana, empty.in, 1, ""))
	empty.no("nothing has been started")(empty.ReportByAgent(bot, 1, "x"))
}

// An accepted report's lists are recorded with it, once, and say where they
// are from.
func TestAcceptRecordsWhatIsListed(t *testing.T) {
	st := begin(t, sprint())
	st.note(DecisionItem, "Postgres")
	id := st.ask("draft")
	st.report(id, "Here it is.\n\n## Decisions\n- Postgres\n- magic links\n- magic links\n## Artifacts\n- ADR-1\n## Open questions\n- pricing")
	st.do(st.Accept(ben, st.in, id, ""))
	st.want("here", texts(st.Here()), "Postgres", "magic links", "ADR-1", "pricing")
	for _, item := range st.Here()[1:] {
		if item.Task != id || item.By != Actor(ben) {
			t.Errorf("%+v", item)
		}
	}
	// An item that was taken back in the meantime may come again.
	st.undo().do(st.Reject(ana, st.in, id, "once more"))
	st.report(id, "Open items: pricing; legal")
	st.do(st.Accept(ana, st.in, id, "")).want("open", texts(st.Open()), "pricing", "legal")
}

// An accepted report is not sent back in silence: the acceptance is undone, with
// what it recorded and nothing else.
func TestAcceptedIsTakenBackByUndo(t *testing.T) {
	st := begin(t, sprint())
	id := st.ask("draft")
	st.report(id, "Decisions:\n- Postgres\n- magic links")
	st.pass("a")
	st.do(st.Accept(ana, st.in, id, "")).want("here", texts(st.Here()), "Postgres", "magic links")
	st.note(DecisionItem, "b")
	st.no("#1 is accepted already, by Ana on ")(st.Reject(ben, st.in, id, "on second thoughts"))
	st.undo().undo().want("here", texts(st.Here())).want("carried", texts(st.Carried()), "a")
	if task, _ := st.Task(id); task.State != TaskDone {
		t.Error(task.State)
	}
	st.do(st.Reject(ben, st.in, id, "on second thoughts"))
	st.undo().do(st.Accept(ana, st.in, id, "")).want("here", texts(st.Here()), "Postgres", "magic links")
}

// Whoever decides on a proposal that was decided on hears who did, and when. An
// approval that is undone leaves it to be decided on again.
func TestDecidedProposals(t *testing.T) {
	st := begin(t, sprint())
	task := st.ask("draft")
	first, second := st.propose(task, ProposeItem{DecisionItem, "Postgres"}), st.propose(task, ProposeItem{DecisionItem, "MySQL"})
	st.do(st.Deny(ben, st.in, second, "no"))
	st.no("#3 is denied already, by Ben on 23 Nov 2026 09:00")(st.Approve(ana, st.in, second, ""))
	st.do(st.Approve(ana, st.in, first, ""))
	st.no("#2 is approved already, by Ana on 23 Nov 2026 09:00: `undo` takes that back")(st.Deny(ben, st.in, first, ""))
	st.undo().want("here", texts(st.Here()))
	st.do(st.Deny(ben, st.in, first, "no"))
}

func TestReminders(t *testing.T) {
	st := begin(t, sprint())
	at := monday.Add(2 * day)
	st.do(st.Remind(cem, st.in, at, " check  the page ", ""))
	if r := st.Reminders(); len(r) != 1 || r[0].Text != "check the page" || !r[0].At.Equal(at) || r[0].By != Actor(cem) {
		t.Errorf("%+v", r)
	}
	st.no("only observes")(st.Remind(dot, st.in, at, "x", ""))
	st.no("the reminder has no words")(st.Remind(ana, st.in, at, "", ""))
	st.no("this reminder has 1001 bytes")(st.Remind(ana, st.in, at, strings.Repeat("x", 1001), ""))
	st.no("23 Nov 2026 09:00 is over already")(st.Remind(ana, st.in, monday, "x", ""))
	st.no("more than ten years away")(st.Remind(ana, st.in, monday.AddDate(11, 0, 0), "x", ""))
	st.no("there is no reminder #9")(st.CancelReminder(ana, st.in, 9, ""))
	st.no("only observes")(st.CancelReminder(dot, st.in, 1, ""))
	item := st.note(DecisionItem, "a")
	st.no("#2 is an item, not a reminder")(st.CancelReminder(ana, st.in, item, ""))
	st.do(st.CancelReminder(ana, st.in, 1, ""))
	st.no("#1 was cancelled already")(st.CancelReminder(ana, st.in, 1, ""))
	if len(st.Reminders()) != 0 {
		t.Errorf("%+v", st.Reminders())
	}
	// A moment is said in the channel's zone.
	st.zone("Europe/Berlin")
	st.no("23 Nov 2026 10:00 is over already")(st.Remind(ana, st.in, monday, "x", ""))
	empty := tell(t)
	empty.no("nothing has been started")(empty.CancelReminder(ana, empty.in, 1, ""))
	empty.no("nothing has been started")(empty.Remind(ana, empty.in, at, "x", ""))
}

func TestAnnounce(t *testing.T) {
	st := begin(t, sprint())
	before := st.Session
	st.do(st.Announce(ana, st.in, " We launch\non Monday ", ""))
	if e := st.last.Events()[0].(Announced); e.Text != "We launch\non Monday" {
		t.Errorf("%q", e.Text)
	}
	if before.everything() != st.everything() {
		t.Error("an announcement changed the session")
	}
	st.no("the announcement has no words")(st.Announce(ana, st.in, " ", ""))
	st.no("this announcement has 2.0 KiB")(st.Announce(ana, st.in, strings.Repeat("x", 2001), ""))
	st.no("Cem is a contributor")(st.Announce(cem, st.in, "x", ""))
}
