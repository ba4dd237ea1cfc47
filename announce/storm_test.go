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

// A platform that asks for patience in three of ten requests: nothing is sent
// before its time, nothing is lost, the order in a thread holds, and channels
// that are left in peace notice nothing. People are answered before all that.
func TestStorm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const channels, each = 20, 50
		w := memory.NewWorld(memory.Options{Seed: 7, Traits: chat.Traits{
			Roots: true, Settle: 30 * time.Second, AtOnce: 8,
			Channel: chat.Pace{Every: time.Second, Burst: 1}, Edits: chat.Pace{Every: 1200 * time.Millisecond, Burst: 5},
		}})
		x := begin(t, w, statemem.New(), options{answersWait: true})
		busy := make([]chat.Thread, channels)
		for i := range busy {
			busy[i] = x.launched(fmt.Sprintf("busy-%d", i))
			for wait := 1; wait <= 60; wait += 6 { // ten in all: 1 − 0.965^10 = 30 %
				w.Fail(memory.Fault{
					On: memory.Post, In: busy[i].Parent(), Rate: 0.035,
					Then: memory.TryLater, Wait: time.Duration(wait) * time.Second, Scope: memory.WholeChannel,
				})
			}
		}
		quiet := x.launched("quiet")
		time.Sleep(time.Minute)
		for n := range each {
			for _, thread := range busy {
				x.call(thread, fmt.Sprintf("announce number %03d;", n))
			}
			asked := time.Now()
			w.Say(ben, busy[n%channels], "status")
			x.call(quiet, fmt.Sprintf("announce number %03d;", n))
			time.Sleep(3 * time.Second)
			synctest.Wait()
			if at := answeredAt(w, busy[n%channels], asked); at.IsZero() || at.Sub(asked) > 2*time.Second {
				t.Errorf("round %d: somebody was answered after %s", n, at.Sub(asked))
			}
			if got := saying(w, quiet, fmt.Sprintf("number %03d;", n)); got != 1 {
				t.Errorf("round %d: the quiet channel heard it %d times", n, got)
			}
		}
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		for _, thread := range busy {
			var want []string
			for n := range each {
				want = append(want, fmt.Sprintf("number %03d;", n))
			}
			once(t, w, thread, want...)
		}
		refused := 0
		for _, r := range w.Requests() {
			var later chat.Later
			if errors.As(r.Err, &later) && r.Kind == memory.Post {
				refused++
			}
		}
		if refused < 300 {
			t.Errorf("only %d requests were refused", refused)
		}
		for _, v := range w.Violations() {
			t.Errorf("%s: %s (%s in %s)", v.Rule, v.What, v.Kind, v.In.Key())
		}
		x.stop()
	})
}

// answeredAt is when the first answer since then was given in a place.
func answeredAt(w *memory.World, in chat.Thread, since time.Time) time.Time {
	for _, m := range w.Messages(in) {
		if m.Key == "" && m.Author == (chat.Person{}) && !m.At.Before(since) && strings.Contains(m.Text, "Pattern") {
			return m.At
		}
	}
	return time.Time{}
}
