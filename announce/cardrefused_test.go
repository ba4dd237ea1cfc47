package announce_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/memory"
	"github.com/synthoperator/baton/announce"
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
	statemem "github.com/synthoperator/baton/state/memory"
)

// The platform does not take a session's card. It is said in a line, with the
// reason, to whoever started the session, and the thread hangs under that line.
// What changes next is shown by the whole card.
func TestACardThatIsRejectedIsSaidInALine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := world(), statemem.New()
		x := begin(t, w, b, options{})
		defer func() { x.stop() }()
		launch := w.Channel("w", "launch")
		w.Fail(memory.Fault{On: memory.Post, Times: 1, Then: memory.Refuse, Why: "a link in it is not allowed"})
		thread := x.launched("launch")
		cards := told(w, launch, "a link in it is not allowed")
		if len(cards) != 1 || !strings.Contains(cards[0].Text, "Session 1") || !slices.Equal(cards[0].Pings, []string{"ana"}) {
			t.Fatalf("%d cards to %v:\n%s", len(cards), pings(cards), strings.Join(texts(w, launch), "\n---\n"))
		}
		if thread != launch.Under(cards[0].Ref.ID) {
			t.Errorf("the thread is %s", thread.Key())
		}
		x.call(thread, "announce Monday;")
		time.Sleep(time.Minute)
		once(t, w, thread, "Monday;")
		x.stop()
		x = begin(t, w, b, options{})
		x.calls = 100
		x.call(thread, "persona finance-lead")
		time.Sleep(time.Minute)
		synctest.Wait()
		if saying(w, launch, "Persona: finance-lead") != 1 || saying(w, launch, "is not allowed") != 0 {
			t.Errorf("there stands:\n%s", strings.Join(texts(w, launch), "\n---\n"))
		}
	})
}

// Neither does it take the line. Whoever started the session hears of it in the
// channel, and there stands what was to go into the thread, each with the reason.
// It is so after a restart too.
func TestACardThatIsRejectedTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := world(), statemem.New()
		x := begin(t, w, b, options{})
		defer func() { x.stop() }()
		launch := w.Channel("w", "launch")
		w.Fail(memory.Fault{On: memory.Post, Times: 2, Then: memory.Refuse, Why: "a link in it is not allowed"})
		x.call(launch, "start product-launch Launch an invoicing tool")
		x.call(launch, "announce Monday;")
		time.Sleep(time.Minute)
		notice := told(w, launch, "So it has no thread")
		if len(notice) != 1 || !strings.Contains(notice[0].Text, "a link in it is not allowed") || !slices.Equal(notice[0].Pings, []string{"ana"}) {
			t.Fatalf("there stands:\n%s", strings.Join(texts(w, launch), "\n---\n"))
		}
		x.stop()
		x = begin(t, w, b, options{})
		x.calls = 100
		x.call(launch, "run draft the architecture")
		agent(t, x, func(s orchestration.Session) (orchestration.Decision, error) {
			return s.ReportByAgent(orchestration.NewAgent("scripted"), 1, "drafted;")
		})
		x.call(launch, "remind in 2 hours look;")
		x.call(launch, "persona finance-lead")
		time.Sleep(3 * time.Hour)
		synctest.Wait()
		once(t, w, launch, "drafted;", "look;")
		for _, text := range []string{"Monday;", "drafted;", "look;"} {
			if m := told(w, launch, text); len(m) != 1 || !strings.Contains(m[0].Text, "Session 1 has no thread") {
				t.Errorf("%s: %v", text, texts(w, launch))
			}
		}
		if s, err := x.store.Session(t.Context(), only(t, x.store)); err != nil || s.Thread() != "" {
			t.Errorf("the thread is %q (%v)", s.Thread(), err)
		}
		for _, v := range w.Violations() {
			t.Errorf("%s: %s (%s in %s)", v.Rule, v.What, v.Kind, v.In.Key())
		}
	})
}

// A card that cannot be put into words does not leave its session without a
// thread either.
func TestACardWithoutWords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := world()
		x := begin(t, w, statemem.New(), options{words: func(w announce.Words) announce.Words { return mute{w} }})
		defer x.stop()
		thread := x.launched("launch")
		x.call(thread, "announce Monday;")
		time.Sleep(time.Minute)
		once(t, w, thread, "Monday;")
		if saying(w, thread.Parent(), "its record cannot be read") != 1 {
			t.Errorf("there stands:\n%s", strings.Join(texts(w, thread.Parent()), "\n---\n"))
		}
	})
}

func pings(all []memory.Message) (out [][]string) {
	for _, m := range all {
		out = append(out, m.Pings)
	}
	return out
}

// mute is words that have none for a card.
type mute struct{ announce.Words }

func (mute) Card(context.Context, state.SessionID) (chat.Message, error) { panic("no words") }
