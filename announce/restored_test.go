package announce_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/memory"
	"github.com/synthoperator/baton/announce"
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/state"
	statemem "github.com/synthoperator/baton/state/memory"
)

// A backup is made of what was decided and not yet said, and restored the moment
// after it was said. A look-up does not show that yet: nothing is said again.
// Neither is it where the clock is behind on the machine it is restored on.
func TestRestoredRightAfterItWasSaid(t *testing.T) {
	for _, test := range []struct {
		rows   bool // the backup holds rows, not only the log
		lag    time.Duration
		behind time.Duration
	}{{false, 20 * time.Second, 0}, {true, 20 * time.Second, 0}, {false, 0, time.Hour}, {true, 0, time.Hour}} {
		synctest.Test(t, func(t *testing.T) {
			w := memory.NewWorld(memory.Options{Traits: chat.Traits{Roots: true, Settle: 30 * time.Second}})
			launch := w.Channel("w", "launch")
			b := &recording{Backend: statemem.New()}
			x := begin(t, w, b, options{})
			w.Say(ana, launch, "start product-launch Launch an invoicing tool")
			time.Sleep(time.Minute)
			thread := threadOf(t, b, func() {})
			w.Lag(test.lag)
			w.Fail(memory.Fault{On: memory.Post, Before: time.Second})
			w.Say(ana, thread, "announce We launch on Monday")
			synctest.Wait()
			backup := b.copied(test.rows)
			time.Sleep(time.Second)
			x.stop()
			st := over(t, backup)
			end, err := st.End(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if err := announce.Restored(t.Context(), st, end, time.Now().Add(-test.behind)); err != nil {
				t.Fatal(err)
			}
			x = begin(t, w, backup, options{})
			time.Sleep(5 * time.Minute)
			x.stop()
			if n := saying(w, thread, "Ana announces: We launch on Monday"); n != 1 {
				t.Errorf("it was said %d times", n)
			}
			for _, v := range w.Violations() {
				t.Errorf("%s: %s", v.Rule, v.What)
			}
		})
	}
}

// The same of a reminder: the backup holds that it is to be said at a moment,
// which passed just before the restore.
func TestRestoredRightAfterAReminder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := memory.NewWorld(memory.Options{Traits: chat.Traits{Roots: true, Settle: 30 * time.Second}}), statemem.New()
		x := begin(t, w, b, options{})
		thread := start(t, w, w.Channel("w", "launch"), "solo-sprint Something")
		w.Say(ana, thread, "remind in 2 hours look")
		time.Sleep(time.Hour)
		backup := copied(t, b)
		w.Lag(20 * time.Second)
		for len(told(w, thread, "Reminder #1")) == 0 {
			time.Sleep(100 * time.Millisecond)
		}
		x.stop()
		if err := announce.Restored(t.Context(), over(t, backup), 1000, time.Now()); err != nil {
			t.Fatal(err)
		}
		x = begin(t, w, backup, options{})
		time.Sleep(time.Hour)
		x.stop()
		if n := len(told(w, thread, "Reminder #1")); n != 1 {
			t.Errorf("it was said %d times", n)
		}
	})
}

// recording keeps what was written, so that it can be written elsewhere.
type recording struct {
	state.Backend
	mu  sync.Mutex
	all []state.Write
}

func (r *recording) Commit(ctx context.Context, w state.Write) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	err := r.Backend.Commit(ctx, w)
	if err == nil {
		r.all = append(r.all, w)
	}
	return err
}

func (r *recording) Close() error { return nil }

// copied is what stood there when the last decision was made, or, with rows,
// when it had been followed.
func (r *recording) copied(rows bool) state.Backend {
	r.mu.Lock()
	defer r.mu.Unlock()
	end := 0
	for i, w := range r.all {
		if len(w.Appends) > 0 {
			end = i + 1
		}
	}
	for followed := false; rows && !followed; end++ {
		followed = slices.ContainsFunc(r.all[end].Rows, func(row state.Row) bool { return row.Space == state.SpaceCursor })
	}
	b := statemem.New()
	for _, w := range r.all[:end] {
		if err := b.Commit(context.Background(), w); err != nil {
			panic(err)
		}
	}
	return b
}

// A backup is restored, and a card stands there as it was in the time that is
// lost. It is shown anew, once, though nothing happens in its session; that of a
// session that has ended is left alone.
func TestRestoredCardsShowWhatStands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := world(), &recording{Backend: statemem.New()}
		x := begin(t, w, b, options{})
		thread, other := x.launched("launch"), x.launched("other")
		x.call(other, "end because we are done")
		time.Sleep(time.Minute)
		synctest.Wait()
		x.stop()
		backup := statemem.New()
		for _, one := range b.all {
			if err := backup.Commit(t.Context(), one); err != nil {
				t.Fatal(err)
			}
		}
		x = begin(t, w, b, options{})
		x.calls = 100
		x.call(thread, "persona finance-lead")
		time.Sleep(time.Minute)
		x.stop()
		if saying(w, thread.Parent(), "Persona: finance-lead") != 1 {
			t.Fatal("the card shows nothing of the time that is lost")
		}
		st := over(t, backup)
		end, err := st.End(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := announce.Restored(t.Context(), st, end, time.Now().Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
		edits := func() (n int) {
			for _, r := range w.Requests() {
				if r.Kind == memory.Edit {
					n++
				}
			}
			return n
		}
		before := edits()
		for range 2 {
			x = begin(t, w, &mortal{Backend: backup}, options{})
			time.Sleep(time.Hour)
			synctest.Wait()
			x.stop()
		}
		if saying(w, thread.Parent(), "Persona: startup-cto") != 1 || edits() != before+1 {
			t.Errorf("after %d edits there stands:\n%v", edits()-before, texts(w, thread.Parent()))
		}
	})
}
