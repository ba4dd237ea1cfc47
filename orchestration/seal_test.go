package orchestration

import (
	"fmt"
	"strings"
	"testing"
)

// everything is all that a session tells whoever looks at it now, without its
// log: a prompt can be made of nothing else.
func (s Session) everything() string {
	var b strings.Builder
	fmt.Fprintln(&b, s.Items(), s.Handoffs(), s.Tasks(), s.Carried(), s.Here(), s.Open(), s.Reviews(), s.Waiting(), s.Reminders())
	fmt.Fprintln(&b, s.Draft(), s.Brief())
	here, _ := s.NewestHere(100)
	open, _ := s.NewestOpen(100)
	fmt.Fprintln(&b, here, open)
	last, _ := s.LastHandoff()
	in, _ := s.Input()
	what, _, _ := s.CanUndo()
	fmt.Fprintln(&b, last, in, what)
	for id := range s.index.len() + 1 {
		item, _ := s.Item(id)
		task, _ := s.Task(id)
		fmt.Fprintln(&b, item, task, s.Numbered(id))
	}
	return b.String()
}

// history is what a screen may show of the log now.
func (st *story) history() string {
	var b strings.Builder
	for _, e := range st.log {
		if !st.Hides(e) {
			fmt.Fprintln(&b, e.Seq, e.By(), Describe(e.Decision), e.Because(), e.Events())
		}
	}
	return b.String()
}

// sees checks which secrets can be found by looking.
func (st *story) sees(secrets ...string) *story {
	st.Helper()
	all := st.everything() + st.history()
	for _, secret := range []string{"ARTIFACT", "REVIEW1", "REVIEW2", "VERDICT"} {
		want := false
		for _, s := range secrets {
			want = want || s == secret
		}
		if got := strings.Contains(all, secret); got != want {
			for line := range strings.SplitSeq(all, "\n") {
				if strings.Contains(line, secret) {
					st.Log(line)
				}
			}
			st.Fatalf("step %d: %s is seen: %t", st.At()+1, secret, got)
		}
	}
	return st
}

// contribute leaves a trace of a secret in every way a step can.
func (st *story) contribute(secret string) (item, task, proposal int) {
	st.Helper()
	item = st.note(DecisionItem, secret+" decision")
	st.note(OpenItem, secret+" open")
	gone := st.note(ArtifactItem, secret+" artifact")
	st.do(st.Edit(ana, st.in, gone, secret+" better artifact", secret+" why"))
	st.undo()
	st.do(st.Remind(ana, st.in, st.in.Now.Add(day), secret+" reminder", ""))
	task = st.ask(secret + " brief")
	st.report(task, secret+" report")
	other := st.ask(secret + " other brief")
	st.do(st.Propose(bot, other, ProposeItem{DecisionItem, secret + " proposal"}))
	proposal = st.last.Events()[0].(Proposed).ID
	return item, task, proposal
}

func TestSealedReviews(t *testing.T) {
	st := begin(t, reviewOf(true))
	st.contribute("ARTIFACT")
	st.pass("ARTIFACT is done")
	st.sees("ARTIFACT")

	item, task, proposal := st.contribute("REVIEW1")
	st.sees("ARTIFACT", "REVIEW1")
	st.do(st.HandOff(ana, st.in, Pass{Handoff: Handoff{Decisions: []string{"REVIEW1 says yes"}, Open: []string{"REVIEW1 asks"}}, Because: "REVIEW1 because"}))

	// The second reviewer sees the artifact and nothing of the first review.
	st.sees("ARTIFACT")
	if in, ok := st.Input(); !ok || in.Index != 0 {
		t.Errorf("input is of step %d, %t", in.Index+1, ok)
	}
	if st.SealedReviews() != 1 || len(st.Reviews()) != 0 {
		t.Errorf("%d sealed, %d to be seen", st.SealedReviews(), len(st.Reviews()))
	}
	secret := func(d Decision, err error) {
		t.Helper()
		if err == nil || strings.Contains(fmt.Sprint(err), "REVIEW1") {
			t.Errorf("%v (%s)", err, Describe(d))
		}
		st.no("")(d, err)
	}
	secret(st.Edit(ana, st.in, item, "x", ""))
	secret(st.Supersede(ana, st.in, item, "x", ""))
	secret(st.Resolve(ana, st.in, item+1, ""))
	secret(st.Assign(ana, st.in, item+1, ben, ""))
	secret(st.Accept(ana, st.in, task, ""))
	secret(st.Reject(ana, st.in, task, ""))
	secret(st.Approve(ana, st.in, proposal, ""))
	secret(st.CancelReminder(ana, st.in, task-1, ""))
	st.no("sealed until the decision")(st.Accept(ana, st.in, task, ""))
	st.no("sealed until the decision")(st.Resolve(ana, st.in, item+1, ""))
	if n := st.Numbered(task); n != "task" {
		t.Errorf("a sealed task is called %q", n)
	}
	what, by, ok := st.CanUndo()
	if !ok || by != Actor(ana) || what != "handed off phase 2, entered phase 3 as finance-lead with no skills" {
		t.Errorf("can undo %q by %v", what, by)
	}

	// What an agent still brings for the first review is sealed with it.
	st.no("was asked for in step Market review")(st.Propose(bot, task+1, ProposeItem{DecisionItem, "REVIEW1 too late"}))
	st.do(st.ReportByAgent(bot, task+1, "REVIEW1 late report"))
	st.sees("ARTIFACT")

	st.contribute("REVIEW2")
	st.sees("ARTIFACT", "REVIEW2")
	h := st.Draft()
	st.want("draft", h.Decisions, "REVIEW2 decision").want("open", h.Open, "ARTIFACT open", "REVIEW2 open")
	st.do(st.HandOff(ana, st.in, Pass{}))

	// The decider sees all of it side by side.
	st.sees("ARTIFACT", "REVIEW1", "REVIEW2")
	var by2 []string
	for _, r := range st.Reviews() {
		by2 = append(by2, st.Phases()[r.Index].Name+": "+r.Output)
	}
	st.want("reviews", by2, "Market review: REVIEW1 report", "Cost review: REVIEW2 report")
	if st.SealedReviews() != 0 {
		t.Errorf("%d are sealed still", st.SealedReviews())
	}
	st.no("a person signs at least one decision")(st.HandOff(ana, st.in, Pass{}))
	st.pass("VERDICT")
	st.sees("ARTIFACT", "REVIEW1", "REVIEW2", "VERDICT")
}

// Going back seals again; whoever goes back into a review sees that one only,
// and the author sees none.
func TestSealWhenGoingBack(t *testing.T) {
	st := begin(t, reviewOf(true))
	st.pass("ARTIFACT").pass("REVIEW1").pass("REVIEW2").sees("ARTIFACT", "REVIEW1", "REVIEW2")
	st.note(DecisionItem, "VERDICT on REVIEW1 and REVIEW2")
	st.sees("ARTIFACT", "REVIEW1", "REVIEW2", "VERDICT")
	st.do(st.OverridePhase(ana, st.in, 1, "once more")).sees("ARTIFACT", "REVIEW1") // nor what the decider said of them
	st.do(st.OverridePhase(ana, st.in, 2, "the other one")).sees("ARTIFACT", "REVIEW2")
	st.do(st.OverridePhase(ana, st.in, 0, "from the start")).sees("ARTIFACT")
	if st.SealedReviews() != 2 {
		t.Errorf("%d are sealed", st.SealedReviews())
	}
	st.undo().sees("ARTIFACT", "REVIEW2")
	st.undo().sees("ARTIFACT", "REVIEW1")
	st.undo().sees("ARTIFACT", "REVIEW1", "REVIEW2", "VERDICT")

	// A review that is done again counts once, as it reads now.
	st.do(st.OverridePhase(ana, st.in, 1, "once more"))
	st.pass("REVIEW1 in other words")
	st.do(st.OverridePhase(ana, st.in, 3, "the costs stand"))
	var got []string
	for _, r := range st.Reviews() {
		got = append(got, strings.Join(r.Decisions, ", "))
	}
	st.want("reviews", got, "REVIEW1, REVIEW1 in other words", "REVIEW2")
}

// Every reviewer finds the artifact as it was handed over: what one could
// change of it, another would see.
func TestReviewersLeaveTheArtifactAlone(t *testing.T) {
	st := begin(t, reviewOf(true))
	d, o := st.note(DecisionItem, "a"), st.note(OpenItem, "b")
	task := st.ask("draw it")
	st.report(task, "Decisions:\n- a drawing")
	st.pass()
	st.no("every reviewer finds it")(st.Accept(ana, st.in, task, ""))
	st.no("every reviewer finds it")(st.Reject(ana, st.in, task, ""))
	st.no("is of step Design, and every reviewer finds it as it was handed over")(st.Edit(ana, st.in, d, "x", ""))
	st.no("every reviewer finds it")(st.Supersede(ana, st.in, d, "x", ""))
	st.no("every reviewer finds it")(st.Resolve(ana, st.in, o, ""))
	st.no("every reviewer finds it")(st.Assign(ana, st.in, o, ben, ""))
	st.no("every reviewer finds it")(st.Withdraw(ana, st.in, d, ""))
	own := st.note(DecisionItem, "c")
	st.do(st.Edit(ana, st.in, own, "d", ""))
	st.pass().pass("e").do(st.Resolve(ana, st.in, o, "")).do(st.Edit(ana, st.in, d, "x", "")) // the decider may

	st = begin(t, reviewOf(false))
	d = st.note(DecisionItem, "a")
	st.pass().do(st.Edit(ana, st.in, d, "x", ""))
}

// Undoing the handoff of a review opens that review, and what was said of it
// stays sealed in the next.
func TestSealAfterUndo(t *testing.T) {
	st := begin(t, reviewOf(true))
	st.pass("ARTIFACT").pass("REVIEW1").sees("ARTIFACT")
	st.undo().sees("ARTIFACT", "REVIEW1")
	st.pass("REVIEW1 again").sees("ARTIFACT")
	st.do(st.End(ana, st.in, "that is enough")).sees("ARTIFACT", "REVIEW1") // an export shows all
	st.do(st.Resume(ana, st.in, "it is not")).sees("ARTIFACT")
}

// Without sealing, each reviewer sees the ones before.
func TestOpenReviews(t *testing.T) {
	st := begin(t, reviewOf(false))
	st.pass("ARTIFACT").pass("REVIEW1").sees("ARTIFACT", "REVIEW1")
	if len(st.Reviews()) != 1 || st.SealedReviews() != 0 {
		t.Errorf("%d reviews, %d sealed", len(st.Reviews()), st.SealedReviews())
	}
}
