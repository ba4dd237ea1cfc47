package announce_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/memory"
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
	statemem "github.com/synthoperator/baton/state/memory"
)

// agent has an agent do something in a thread's session.
func (x *bot) agent(in chat.Thread, decide func(s orchestration.Session, a orchestration.Agent) (orchestration.Decision, error)) {
	x.t.Helper()
	id, ok, err := x.store.InThread(x.t.Context(), orchestration.ThreadKey(in.Key()))
	if err != nil || !ok {
		x.t.Fatal(ok, err)
	}
	x.calls++
	_, err = x.store.Update(x.t.Context(), state.Change{
		Key: fmt.Sprintf("agent-%d", x.calls), Session: id,
		Decide: func(_ state.View, s orchestration.Session) (orchestration.Decision, error) {
			return decide(s, orchestration.NewAgent("writer"))
		},
	})
	if err != nil {
		x.t.Fatal(err)
	}
}

// propose has an agent propose a decision.
func (x *bot) propose(in chat.Thread, text string) {
	x.agent(in, func(s orchestration.Session, a orchestration.Agent) (orchestration.Decision, error) {
		return s.Propose(a, 1, orchestration.ProposeItem{Kind: orchestration.DecisionItem, Text: text})
	})
}

// What an agent brings is told in the thread, to those who may decide on it,
// with the buttons to do so; what was decided before it could be said is not
// asked any more.
func TestAgentsAreHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := world()
		x := begin(t, w, statemem.New(), options{})
		thread := x.launched("launch")
		x.call(thread, "run draft the plan")
		x.propose(thread, "Postgres")
		x.propose(thread, "Dynamo")
		x.call(thread, "deny 3")
		x.agent(thread, func(s orchestration.Session, a orchestration.Agent) (orchestration.Decision, error) {
			return s.ReportByAgent(a, 1, "Decisions:\n- One region")
		})
		time.Sleep(time.Minute)
		synctest.Wait()
		once(t, w, thread, "writer (agent) proposes (#2)", "Report on #1 from writer (agent)")
		if saying(w, thread, "proposes (#3)") != 0 {
			t.Error("a proposal was asked about that was decided on")
		}
		for _, m := range w.Messages(thread) {
			if len(m.Pings) != 1 || m.Pings[0] != ana.ID {
				t.Errorf("%q notified %v", m.Text, m.Pings)
			}
		}
		var asked memory.Message
		for _, m := range w.Messages(thread) {
			if strings.Contains(m.Text, "proposes (#2)") {
				asked = m
			}
		}
		if _, err := w.Press(ana, asked, "Approve"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		once(t, w, thread, "Approved #2")
		x.stop()
	})
}

// Where look-ups are impossible, an announcement comes again after ten minutes,
// marked; a question to people does not, so that no two answers are given to
// one.
func TestNobodyCanLook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := world()
		x := begin(t, w, statemem.New(), options{})
		thread := x.launched("launch")
		x.call(thread, "run draft the plan")
		time.Sleep(time.Minute)
		w.Blind(true)
		w.Fail(memory.Fault{On: memory.Post, Then: memory.LoseReply, Times: 2})
		x.call(thread, "announce Monday")
		time.Sleep(10 * time.Second)
		x.propose(thread, "Postgres")
		time.Sleep(9 * time.Minute)
		synctest.Wait()
		if n := saying(w, thread, "Monday"); n != 1 {
			t.Fatalf("said %d times before ten minutes had passed", n)
		}
		time.Sleep(20 * time.Minute)
		synctest.Wait()
		if n := saying(w, thread, "Monday"); n != 2 || saying(w, thread, "may have been said before") != 1 {
			t.Errorf("the announcement stands there:\n%s", strings.Join(texts(w, thread), "\n---\n"))
		}
		if n := saying(w, thread, "proposes"); n != 1 {
			t.Errorf("the question was asked %d times", n)
		}
		// Later the platform can be asked again: the copy is taken back.
		w.Blind(false)
		time.Sleep(time.Hour)
		synctest.Wait()
		if n := saying(w, thread, "Monday"); n != 1 {
			t.Errorf("%d copies are left", n)
		}
		x.stop()
	})
}

// Where a workspace takes little, questions to people overtake announcements,
// and both overtake edits; each thread keeps its order.
func TestUrgentFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := memory.NewWorld(memory.Options{Traits: chat.Traits{
			Roots: true, Settle: 30 * time.Second, Workspace: chat.Pace{Every: time.Minute, Burst: 1}, AtOnce: 1,
		}})
		x := begin(t, w, statemem.New(), options{answersWait: true})
		a, b := x.launched("a"), x.launched("b")
		x.call(b, "run draft the plan")
		time.Sleep(time.Hour)
		for n := range 10 {
			x.call(a, fmt.Sprintf("announce number %d;", n))
		}
		time.Sleep(90 * time.Second)
		x.propose(b, "Postgres")
		w.Say(ben, b, "status")
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if saying(w, b, "Pattern") != 1 || saying(w, b, "proposes (#2)") != 1 {
			t.Errorf("after two minutes stands in b:\n%s", strings.Join(texts(w, b), "\n---\n"))
		}
		if n := saying(w, a, "number"); n > 3 {
			t.Errorf("%d announcements came before", n)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		var want []string
		for n := range 10 {
			want = append(want, fmt.Sprintf("number %d;", n))
		}
		once(t, w, a, want...)
		x.stop()
	})
}
