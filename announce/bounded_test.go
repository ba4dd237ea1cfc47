package announce

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/state"
	statemem "github.com/synthoperator/baton/state/memory"
)

// Ten thousand places ask for a minute of patience, one after the other, and
// nothing is said there any more. Neither their rows stay, nor the places
// themselves; one that takes nothing is not forgotten.
func TestPlacesAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st, err := state.Open(statemem.New(), state.Options{})
		if err != nil {
			t.Fatal(err)
		}
		a, err := New(t.Context(), Deps{Store: st})
		if err != nil {
			t.Fatal(err)
		}
		d := newDesk(chat.Traits{Channel: chat.Pace{Every: time.Second, Burst: 1}})
		defer d.close()
		w := &writes{}
		a.box.pause(w, "memory/w/closed", pause{Until: time.Now().Add(retryBlocked), Blocked: true, Since: time.Now()})
		for n := range 10_000 {
			now, place := time.Now(), fmt.Sprintf("memory/w/c%d", n)
			a.box.pause(w, patience(place, posting), pause{Until: now.Add(time.Minute), Since: now})
			if err := a.box.commit(w); err != nil {
				t.Fatal(err)
			}
			back, err := d.forAnswer(context.Background(), place)
			if err != nil {
				t.Fatal(err)
			}
			back()
			time.Sleep(10 * time.Second)
		}
		rows := func() (n int) {
			err := st.Own(t.Context(), follower, func(tx *state.FollowTx) error {
				all, err := tx.List("p", "", 10_000)
				n = len(all)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if most := 2 * fewPauses; len(a.box.pauses) > most || rows() > most || len(d.places) > most {
			t.Errorf("%d pauses in %d rows and %d places", len(a.box.pauses), rows(), len(d.places))
		}
		time.Sleep(time.Hour)
		next := newOutbox(a, nil)
		if err := next.readPauses(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := rows(); n != 1 || next.pauses["memory/w/closed"] == nil {
			t.Errorf("%d rows after a restart", n)
		}
	})
}
