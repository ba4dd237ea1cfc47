package announce_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/memory"
	statemem "github.com/synthoperator/baton/state/memory"
)

// The clock is three days ahead when Baton starts for the first time, and is put
// right. What is decided from then on is announced.
func TestClockAheadAtTheFirstStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := world(), statemem.New()
		ahead := 72 * time.Hour
		x := begin(t, w, b, options{now: func() time.Time { return time.Now().Add(ahead) }})
		time.Sleep(time.Minute)
		x.stop()
		x = begin(t, w, b, options{})
		x.launched("launch")
		x.stop()
	})
}

// The clock is three days ahead while a workspace asks for a minute of patience,
// and is put right. Nobody waits for three days.
func TestClockAheadWhileAPlaceWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := world(), statemem.New()
		x := begin(t, w, b, options{})
		thread := x.launched("launch")
		x.stop()
		ahead := 72 * time.Hour
		x = begin(t, w, b, options{now: func() time.Time { return time.Now().Add(ahead) }})
		x.calls = 100
		w.Fail(memory.Fault{On: memory.Post, Then: memory.TryLater, Wait: time.Minute, Scope: memory.WholeWorkspace, Times: 1})
		x.call(thread, "announce one")
		time.Sleep(10 * time.Second)
		x.stop()
		x = begin(t, w, b, options{})
		x.calls = 200
		time.Sleep(time.Hour)
		x.call(thread, "announce two")
		time.Sleep(time.Hour)
		if saying(w, thread, "one") != 1 || saying(w, thread, "two") != 1 {
			t.Errorf("%v", texts(w, thread))
		}
		x.stop()
	})
}

// The clock is three days ahead when Baton ends in the middle of a request, and is
// put right. What was said is found, and not said again.
func TestClockAheadWhileSomethingIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := world(), statemem.New()
		x := begin(t, w, b, options{})
		thread := x.launched("launch")
		x.stop()
		x = begin(t, w, b, options{now: func() time.Time { return time.Now().Add(72 * time.Hour) }})
		x.calls = 100
		time.Sleep(time.Minute)
		w.Fail(memory.Fault{On: memory.Post, Then: memory.LoseReply, Times: 1})
		x.call(thread, "announce one;")
		time.Sleep(10 * time.Second)
		x.stop()
		x = begin(t, w, b, options{})
		time.Sleep(80 * time.Hour)
		x.stop()
		once(t, w, thread, "one;")
	})
}
