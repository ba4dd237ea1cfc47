package announce_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/memory"
	"github.com/synthoperator/baton/chat"
	statemem "github.com/synthoperator/baton/state/memory"
)

// answers reports whether an answer says something.
func answers(m chat.Message, text string) bool {
	for _, block := range m.Blocks {
		if p, ok := block.(chat.Paragraph); ok && strings.Contains(string(p), text) {
			return true
		}
	}
	return false
}

// People answer under a card before Baton has heard which thread hangs under
// it: what they say waits for that, and is told to wait where it takes long.
func TestSaidUnderACardThatIsNew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := world()
		x := begin(t, w, statemem.New(), options{})
		launch := w.Channel("w", "launch")
		end := w.Fail(memory.Fault{On: memory.Post, Then: memory.Pass, After: 1500 * time.Millisecond})
		x.call(launch, "start product-launch Launch an invoicing tool")
		time.Sleep(1200 * time.Millisecond) // the first post after a start waits for its pace
		synctest.Wait()
		card := w.Messages(launch)[0]
		said := func(id, text string) chat.Message {
			return x.router.Handle(t.Context(), chat.Call{ID: id, Thread: launch.Under(card.Ref.ID), Person: ana, Text: text})
		}
		if m := said("1", "note decision Postgres"); m.Refused || !answers(m, "Decision #1 recorded") {
			t.Errorf("what was said before the thread had a name: %v", m.Blocks)
		}
		end()
		w.Fail(memory.Fault{On: memory.Post, Then: memory.Hang, Times: 1})
		x.call(w.Channel("w", "slow"), "start product-launch Launch something else")
		time.Sleep(2 * time.Second)
		slow := w.Channel("w", "slow")
		at := time.Now()
		m := x.router.Handle(t.Context(), chat.Call{ID: "2", Thread: slow.Under("1"), Person: ana, Text: "status"})
		if !m.Refused || !answers(m, "say that again in a moment") || time.Since(at) > 3*time.Second {
			t.Errorf("after %s: %v", time.Since(at), m.Blocks)
		}
		if m := x.router.Handle(t.Context(), chat.Call{ID: "3", Thread: w.Channel("w", "other").Under("1"), Person: ana, Text: "status"}); !answers(m, "Nothing has been started") {
			t.Errorf("in a channel without a session: %v", m.Blocks)
		}
		x.stop()
	})
}

// A command that was held up for more than ten minutes is not carried out
// unasked; what came in time once is answered as it was then.
func TestLateCommands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := world()
		x := begin(t, w, statemem.New(), options{})
		thread := x.launched("launch")
		at := time.Now()
		say := func(id string, b *chat.Button) chat.Message {
			c := chat.Call{ID: id, Thread: thread, Person: ana, At: at, Text: "handoff decisions: Postgres because we agreed"}
			if b != nil {
				c.Text, c.Verb, c.Args, c.At = "", b.Verb, b.Args, time.Now()
			}
			return x.router.Handle(t.Context(), c)
		}
		if m := say("in time", nil); m.Refused {
			t.Fatal(m.Blocks)
		}
		x.call(thread, "undo")
		time.Sleep(11 * time.Minute)
		late := say("late", nil)
		if !late.Refused || !answers(late, "11 minutes ago") || len(late.Buttons) != 1 {
			t.Fatalf("a late command: %v", late)
		}
		if m := say("in time", nil); m.Refused || !answers(m, "Phase 2 of 4") && m.Title == "" {
			t.Errorf("what came in time, delivered again: %v", m)
		}
		if m := say("done now", &late.Buttons[0]); m.Refused {
			t.Errorf("the button does not do it: %v", m.Blocks)
		}
		x.stop()
	})
}

// A button on a card that shows an earlier phase hands off no later one.
func TestButtonOnAnOldCard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := world()
		x := begin(t, w, statemem.New(), options{})
		thread := x.launched("launch")
		old := w.Messages(thread.Parent())[0]
		press := func(m memory.Message) {
			if _, err := w.Press(ana, m, "Hand off"); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		x.call(thread, "handoff decisions: Postgres")
		press(old)
		if n := saying(w, thread.Parent(), "That button was for phase 1, and phase 2 is open by now"); n != 1 {
			t.Errorf("told %d times that the button is old", n)
		}
		if forms := w.Forms(ana, thread.Parent()); len(forms) != 0 {
			t.Errorf("a form was opened: %v", forms)
		}
		time.Sleep(time.Minute) // the card is edited
		press(w.Messages(thread.Parent())[0])
		if forms := w.Forms(ana, thread.Parent()); len(forms) != 1 {
			t.Errorf("%d forms were opened from the card as it stands", len(forms))
		}
		x.stop()
	})
}
