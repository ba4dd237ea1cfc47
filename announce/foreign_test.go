package announce_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/memory"
	"github.com/synthoperator/baton/chat"
	statemem "github.com/synthoperator/baton/state/memory"
)

// Two Batons with databases of their own speak with one account: within a
// minute one of them keeps silent, and the other goes on.
func TestTwoBatons(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := memory.NewWorld(memory.Options{Traits: chat.Traits{Settle: 30 * time.Second}, Numbered: true})
		a, b := begin(t, w, statemem.New(), options{}), begin(t, w, statemem.New(), options{})
		channel := w.Channel("w", "launch")
		var heard int
		hear := func() {
			for _, m := range w.Messages(channel)[heard:] {
				for _, x := range []*bot{a, b} {
					if err := x.announcer.Heard(channel, m.Key); err != nil {
						t.Fatal(err)
					}
				}
				heard++
			}
		}
		say := func(x *bot, text string) {
			m := x.router.Handle(t.Context(), chat.Call{ID: text + time.Now().String(), Thread: channel, Person: ana, Text: text, Numbered: true})
			if m.Refused || m.Fault {
				t.Fatal(m.Blocks)
			}
		}
		say(a, "start product-launch Launch A")
		say(b, "start product-launch Launch B")
		for range 6 {
			time.Sleep(10 * time.Second)
			synctest.Wait()
			hear()
		}
		before := len(w.Messages(channel))
		for range 5 {
			say(a, "announce in: 1 A speaks")
			say(b, "announce in: 1 B speaks")
			time.Sleep(time.Minute)
			synctest.Wait()
			hear()
		}
		spokeA, spokeB := saying(w, channel, "A speaks"), saying(w, channel, "B speaks")
		if spokeA+spokeB != 5 || spokeA != 0 && spokeB != 0 {
			t.Errorf("A spoke %d times and B %d times after they had heard each other", spokeA, spokeB)
		}
		if got := len(w.Messages(channel)) - before; got > 10 {
			t.Errorf("%d messages", got)
		}
		a.stop()
		b.stop()
	})
}
