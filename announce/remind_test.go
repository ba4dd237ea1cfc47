package announce_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/memory"
	"github.com/synthoperator/baton/chat"
	statemem "github.com/synthoperator/baton/state/memory"
)

// told is what Baton said in a place that holds a text, oldest first.
func told(w *memory.World, in chat.Thread, text string) []memory.Message {
	return slices.DeleteFunc(w.Messages(in), func(m memory.Message) bool {
		return m.Key == "" || m.Deleted != "" || !strings.Contains(m.Text, text)
	})
}

// slackish is a platform whose threads hang under messages.
func slackish() *memory.World {
	return memory.NewWorld(memory.Options{Traits: chat.Traits{Roots: true, Settle: 30 * time.Second}})
}

// start starts a session in a channel and returns its thread.
func start(t *testing.T, w *memory.World, in chat.Thread, text string) chat.Thread {
	t.Helper()
	w.Say(ana, in, "start "+text)
	time.Sleep(time.Minute)
	synctest.Wait()
	var root string
	for _, m := range w.Messages(in) {
		if m.Author == (chat.Person{}) && m.Key != "" && m.Ref.Thread == in {
			root = m.Ref.ID
		}
	}
	if root == "" {
		t.Fatal("the session has no card")
	}
	return in.Under(root)
}

// A reminder is said at its moment, in the session's thread, to whoever set it,
// once. One that was cancelled is not, nor one of a session that has ended.
func TestReminded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := slackish(), statemem.New()
		x := begin(t, w, b, options{})
		thread := start(t, w, w.Channel("w", "launch"), "product-launch Launch an invoicing tool")
		set := time.Now()
		w.Say(ben, thread, "remind in 2 hours check the landing page")
		w.Say(ben, thread, "remind in 3 hours call it off")
		w.Say(ben, thread, "remind in 5 hours too late")
		synctest.Wait()
		w.Say(ben, thread, "remind cancel #2")
		time.Sleep(2*time.Hour - time.Second)
		synctest.Wait()
		if n := len(told(w, thread, "landing page")); n > 0 {
			t.Fatal("it was said early")
		}
		time.Sleep(2 * time.Hour)
		w.Say(ana, thread, "end because we are done")
		time.Sleep(48 * time.Hour)
		x.stop()
		begin(t, w, b, options{}).stop()
		said := told(w, thread, "Reminder #1 by Ben: check the landing page")
		if len(said) != 1 {
			t.Fatalf("it was said %d times:\n%s", len(said), strings.Join(texts(w, thread), "\n---\n"))
		}
		if at := said[0].At.Sub(set); at != 2*time.Hour {
			t.Errorf("it was said after %s", at)
		}
		if !slices.Equal(said[0].Pings, []string{"ben"}) {
			t.Errorf("it was said to %v", said[0].Pings)
		}
		if n := len(told(w, thread, "Reminder")); n != 1 {
			t.Errorf("%d reminders were said:\n%s", n, strings.Join(texts(w, thread), "\n---\n"))
		}
	})
}

// Two reminders of one thread that are meant for the same second, and not for
// the same moment of it, are two messages.
func TestRemindersWithinASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := slackish()
		x := begin(t, w, statemem.New(), options{})
		defer x.stop()
		thread := start(t, w, w.Channel("w", "launch"), "solo-sprint Something") // a minute past midnight
		time.Sleep(500 * time.Millisecond)
		w.Say(ana, thread, "remind in 30 minutes second")
		time.Sleep(9*time.Minute + 500*time.Millisecond)
		w.Say(ana, thread, "remind in 20 minutes early")
		time.Sleep(500 * time.Millisecond)
		w.Say(ana, thread, "remind in 20 minutes first")
		time.Sleep(time.Hour)
		synctest.Wait()
		for _, text := range []string{"early", "first", "second"} {
			if n := len(told(w, thread, text)); n != 1 {
				t.Errorf("%s was said %d times", text, n)
			}
		}
		for _, v := range w.Violations() {
			t.Errorf("%s: %s", v.Rule, v.What)
		}
	})
}

// A reminder falls due while its session has ended: it is said once the session
// is opened again, or its end taken back. One that was cancelled meanwhile is
// not. A paused session is reminded at the moment itself.
func TestRemindedOfWhatWasMissed(t *testing.T) {
	for _, test := range []struct {
		end, again string
		moment     bool
	}{{"end because we are done", "resume because we are not", false}, {"end because we are done", "undo because we are not", false}, {"pause", "resume", true}} {
		synctest.Test(t, func(t *testing.T) {
			w, b := slackish(), statemem.New()
			x := begin(t, w, b, options{})
			defer func() { x.stop() }()
			thread := start(t, w, w.Channel("w", "launch"), "solo-sprint Something")
			set := time.Now()
			w.Say(ben, thread, "remind in 2 hours look;")
			w.Say(ben, thread, "remind in 2 hours no more;")
			synctest.Wait()
			w.Say(ana, thread, test.end)
			time.Sleep(time.Hour)
			w.Say(ben, thread, "remind cancel #2")
			time.Sleep(5 * time.Hour)
			x.stop()
			x = begin(t, w, b, options{})
			time.Sleep(time.Hour)
			if n := len(told(w, thread, "Reminder #1")); test.moment != (n == 1) {
				t.Errorf("%s: it was said %d times", test.end, n)
			}
			w.Say(ana, thread, test.again)
			time.Sleep(48 * time.Hour)
			synctest.Wait()
			said := told(w, thread, "look;")
			if len(said) != 1 || len(told(w, thread, "no more;")) != 0 || strings.Contains(said[0].Text, "Baton was away") {
				t.Fatalf("%s, %s:\n%s", test.end, test.again, strings.Join(texts(w, thread), "\n---\n"))
			}
			if test.moment && said[0].At.Sub(set) != 2*time.Hour {
				t.Errorf("it was said after %s", said[0].At.Sub(set))
			}
		})
	}
}
