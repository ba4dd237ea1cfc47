package announce_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/memory"
	"github.com/synthoperator/baton/chat"
	statemem "github.com/synthoperator/baton/state/memory"
)

// world is one in which cards name threads.
func world() *memory.World {
	return memory.NewWorld(memory.Options{Traits: chat.Traits{
		Roots: true, Settle: 30 * time.Second, Channel: chat.Pace{Every: time.Second, Burst: 1},
	}})
}

// A channel is archived, a thread locked, Baton removed from a workspace: what
// is to be said there waits, each place is tried again every five minutes at
// most, its owner hears of it elsewhere, once, and everybody else goes on. When
// the place opens again, everything is said in its order.
func TestPlacesThatTakeNothing(t *testing.T) {
	for _, test := range []struct {
		name  string
		place func(thread chat.Thread) string
		how   memory.Closing
		told  func(thread chat.Thread) chat.Thread
	}{
		{
			"archived", func(thread chat.Thread) string { return thread.Parent().Key() }, memory.Archived,
			func(thread chat.Thread) chat.Thread { return thread.ToPerson(ana) },
		},
		{"locked", chat.Thread.Key, memory.Locked, chat.Thread.Parent},
		{"revoked", chat.Thread.WorkspaceKey, memory.Revoked, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, b := world(), statemem.New()
				x := begin(t, w, b, options{})
				closed, open := x.launched("closed"), x.launched("open")
				beside := []chat.Thread{x.launched("closed"), x.launched("closed"), x.launched("closed")}
				w.Close(test.place(closed), test.how)
				since := time.Now()
				const each = 100
				for n := range each {
					x.call(closed, fmt.Sprintf("announce number %03d;", n))
					if n == 0 && test.how != memory.Locked {
						for _, thread := range beside { // many wait for the same place
							x.call(thread, "announce beside;")
						}
					}
					if test.name != "revoked" {
						x.call(open, fmt.Sprintf("announce number %03d;", n))
					}
					time.Sleep(20 * time.Second)
				}
				x.stop()
				x = begin(t, w, b, options{}) // the pause outlives the process
				time.Sleep(11 * time.Minute)
				synctest.Wait()
				if got := saying(w, closed, "number"); got != 0 {
					t.Errorf("%d were said in a place that takes nothing", got)
				}
				if got := saying(w, open, "number"); test.name != "revoked" && got != each {
					t.Errorf("%d of %d were said where nothing was wrong", got, each)
				}
				if test.told != nil {
					if got := saying(w, test.told(closed), "Baton cannot speak in"); got != 1 {
						t.Errorf("the owner was told %d times", got)
					}
				}
				w.Open(test.place(closed))
				time.Sleep(10 * time.Minute)
				synctest.Wait()
				var want []string
				for n := range each {
					want = append(want, fmt.Sprintf("number %03d;", n))
				}
				once(t, w, closed, want...)
				if refused, most := tries(w), 3+int(time.Since(since)/(5*time.Minute)); refused > most {
					t.Errorf("a place that takes nothing was asked %d times, at most %d are fair", refused, most)
				}
				for _, v := range w.Violations() {
					t.Errorf("%s: %s (%s in %s)", v.Rule, v.What, v.Kind, v.In.Key())
				}
				x.stop()
			})
		})
	}
}

// tries is how many requests were made in vain of places that take nothing.
func tries(w *memory.World) (n int) {
	for _, r := range w.Requests() {
		var blocked chat.Blocked
		if errors.As(r.Err, &blocked) {
			n++
		}
	}
	return n
}

// A card that somebody deletes is said once more, and then left alone; an
// announcement that somebody deletes is never said again.
func TestDeletedByPeople(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := world(), statemem.New()
		x := begin(t, w, b, options{})
		thread := x.launched("launch")
		card := func() (m memory.Message, n int) {
			for _, one := range w.Messages(thread.Parent()) {
				if strings.Contains(one.Text, "0 of 4 done") && one.Deleted == "" && !one.Loud {
					m, n = one, n+1
				}
			}
			return m, n
		}
		x.call(thread, "announce Monday")
		time.Sleep(time.Minute)
		synctest.Wait()
		for _, m := range w.Messages(thread) {
			w.Delete(m.Ref)
		}
		for round, want := range []int{1, 0, 0} {
			m, n := card()
			if n == 0 && round < 2 {
				t.Fatalf("round %d: there is no card", round)
			}
			if n > 0 {
				w.Delete(m.Ref)
			}
			x.call(thread, fmt.Sprintf("note open number %d", round))
			time.Sleep(time.Minute)
			synctest.Wait()
			if _, n := card(); n != want {
				t.Errorf("round %d: %d cards, want %d", round, n, want)
			}
			x.stop()
			x = begin(t, w, b, options{})
		}
		if n := saying(w, thread, "Monday"); n != 0 {
			t.Errorf("the announcement was said again")
		}
		x.stop()
	})
}

// A correction edits what was said, wherever that was, and says nothing anew.
func TestCorrection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := world(), statemem.New()
		x := begin(t, w, b, options{})
		other := w.Channel("v", "sales")
		hear(t, b, w.Channel("w", "launch"), other)
		x.stop()
		x = begin(t, w, b, options{})
		thread := x.launched("launch")
		x.call(thread, "handoff decisions: Postgres")
		time.Sleep(time.Minute)
		x.call(thread, "undo because too early")
		time.Sleep(time.Minute)
		synctest.Wait()
		for _, in := range []chat.Thread{thread, other} {
			if saying(w, in, "Build is done") != 0 || saying(w, in, "Ana took this back, because too early") != 1 {
				t.Errorf("in %s stands:\n%s", in.Key(), strings.Join(texts(w, in), "\n---\n"))
			}
		}
		x.stop()
	})
}
