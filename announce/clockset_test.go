package announce_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/memory"
	"github.com/synthoperator/baton/announce"
	"github.com/synthoperator/baton/orchestration"
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

// The clock is days ahead while rounds are set, or made, and is put right while
// Baton runs or before it is started again. The next round is that of the next
// day, and so on.
func TestClockAheadWhileRoundsAreSet(t *testing.T) {
	for _, test := range []struct {
		ahead time.Duration
		long  time.Duration // how long the clock is ahead
		stops bool
	}{{72 * time.Hour, time.Hour, true}, {72 * time.Hour, time.Hour, false}, {72 * time.Hour, 24 * time.Hour, true}, {400 * 24 * time.Hour, 24 * time.Hour, false}} {
		synctest.Test(t, func(t *testing.T) {
			w, b := world(), statemem.New()
			launch := w.Channel("w", "launch")
			habits{zone: "UTC", digest: orchestration.DigestSet{Every: orchestration.DigestDaily, Minute: 9 * 60}, workdays: everyDay}.settle(t, b, launch)
			var clock wall
			clock.step(test.ahead)
			o := options{now: clock.now, words: func(w announce.Words) announce.Words { return inFull{w} }}
			x := begin(t, w, b, o)
			defer func() { x.stop() }()
			time.Sleep(10 * time.Hour)
			x.launched("launch")
			time.Sleep(test.long)
			if test.stops {
				x.stop()
			}
			clock.step(-test.ahead)
			if test.stops {
				x = begin(t, w, b, o)
			}
			right := time.Now()
			time.Sleep(5 * 24 * time.Hour)
			synctest.Wait()
			days := map[string]int{}
			for _, m := range told(w, launch, "How things stand") {
				if m.At.After(right) {
					days[m.At.Format("2 15:04")]++
				}
			}
			for n := 1; n <= 5; n++ {
				if at := right.Truncate(24*time.Hour).AddDate(0, 0, n).Format("2") + " 09:00"; days[at] != 1 {
					t.Errorf("%+v: at %s there were %d digests of %v", test, at, days[at], days)
				}
			}
		})
	}
}
