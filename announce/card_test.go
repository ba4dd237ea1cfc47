package announce_test

import (
	"context"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/memory"
	"github.com/synthoperator/baton/chat"
	statemem "github.com/synthoperator/baton/state/memory"
)

// An edit arrives whose end nobody sees, since its reply is lost or Baton dies,
// and what it showed is taken back before the next one. The card shows what
// stands, though that is what it was known to show before.
func TestACardAfterAnEditNobodySawTheEndOf(t *testing.T) {
	for _, dies := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := memory.NewWorld(memory.Options{Traits: chat.Traits{Roots: true, Settle: 30 * time.Second}})
			launch := w.Channel("w", "launch")
			shows := func(persona string) {
				t.Helper()
				for _, text := range texts(w, launch) {
					if strings.HasPrefix(text, "Six-week product launch") && !strings.Contains(text, "Persona: "+persona) {
						t.Errorf("the card does not show %s: %s", persona, text)
					}
				}
			}
			var die atomic.Bool
			first := &mortal{Backend: statemem.New()}
			x := begin(t, w, first, options{step: func(name string) {
				if die.Load() && name == "edited" {
					first.dead.Store(true)
				}
				if first.dead.Load() {
					runtime.Goexit() // a dead process does nothing more
				}
			}})
			w.Say(ana, launch, "start product-launch Launch an invoicing tool")
			time.Sleep(time.Minute)
			thread := threadOf(t, first, func() {})
			w.Say(ana, thread, "persona finance-lead")
			time.Sleep(time.Minute)
			shows("finance-lead")
			end := w.Fail(memory.Fault{On: memory.Edit, Then: memory.LoseReply})
			die.Store(dies)
			w.Say(ana, thread, "persona growth-marketer")
			synctest.Wait()
			shows("growth-marketer")
			end()
			if dies {
				x.end()
				x = begin(t, w, &mortal{Backend: first.Backend}, options{})
			}
			w.Say(ana, thread, "undo")
			time.Sleep(time.Minute)
			shows("finance-lead")
			x.stop()
		})
	}
}

// The platform asks for patience, and by the time it may be asked again the card
// shows what stands already. That is the end of it.
func TestACardThatShowsWhatStandsIsNotEdited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := memory.NewWorld(memory.Options{Traits: chat.Traits{Roots: true}})
		b := &mortal{Backend: statemem.New()}
		looks := 0
		x := begin(t, w, b, options{poster: func(p chat.Poster) chat.Poster { return counting{p, &looks} }})
		defer x.stop()
		w.Say(ana, w.Channel("w", "launch"), "start product-launch Launch an invoicing tool")
		time.Sleep(time.Minute)
		thread := threadOf(t, b, func() {})
		w.Fail(memory.Fault{On: memory.Edit, Times: 1, Then: memory.TryLater, Wait: 10 * time.Second})
		w.Say(ana, thread, "persona growth-marketer")
		synctest.Wait()
		w.Say(ana, thread, "undo")
		synctest.Wait()
		before := looks
		time.Sleep(time.Minute)
		if looks > before {
			t.Errorf("it was edited %d times more", looks-before)
		}
	})
}

// counting counts edits.
type counting struct {
	chat.Poster
	edits *int
}

func (c counting) Edit(ctx context.Context, r chat.Ref, p chat.Post) error {
	*c.edits++
	return c.Poster.Edit(ctx, r, p)
}
