package state_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/memory"
	"github.com/synthoperator/baton/state/statetest"
)

// counting is a backend that counts the commits of cursors.
type counting struct {
	*memory.DB
	cursors int
}

func (c *counting) Commit(ctx context.Context, w state.Write) error {
	for _, r := range w.Rows {
		if r.Space == state.SpaceCursor {
			c.cursors++
		}
	}
	return c.DB.Commit(ctx, w)
}

// TestSkip: records that are nothing to a follower cost no commit of their own,
// and are met once while the program runs and where it ends in order.
func TestSkip(t *testing.T) {
	b := &counting{DB: memory.New()}
	st := open(t, b, state.Options{})
	ids := statetest.Sessions(t, st, 1)
	enough := errors.New("enough")
	var met []uint64
	// follow passes over what comes until there is nothing more; keeps says
	// which position is not skipped.
	follow := func(st *state.Store, keeps uint64) {
		t.Helper()
		end, err := st.End(ctx)
		if err != nil {
			t.Fatal(err)
		}
		more, cancel := context.WithCancelCause(ctx)
		err = st.FollowBut(more, "f", state.But{Pass: func(_ context.Context, tx *state.FollowTx, r state.Record) (bool, error) {
			met = append(met, r.Pos)
			if r.Pos == end {
				tx.Committed(func() { cancel(enough) })
			}
			return r.Pos != keeps, nil
		}}, func(_ context.Context, _ *state.FollowTx, r state.Record) error {
			if r.Pos != keeps {
				t.Errorf("record %d was passed over and given all the same", r.Pos)
			}
			return nil
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	say := func(n int) {
		t.Helper()
		for range n {
			if _, err := st.Update(ctx, statetest.Record("", ids[0], fmt.Sprint(len(met)))); err != nil {
				t.Fatal(err)
			}
		}
	}
	say(9)
	follow(st, 0)
	if b.cursors != 1 { // at the end
		t.Errorf("%d commits for ten records that are nothing to the follower", b.cursors)
	}
	say(1)
	follow(st, 11)
	if b.cursors != 2 {
		t.Errorf("%d commits after a record that is something to it", b.cursors)
	}
	say(300)
	follow(st, 0)
	if b.cursors != 5 { // after 128, after 256, at the end
		t.Errorf("%d commits after three hundred more", b.cursors)
	}
	other := open(t, b, state.Options{}) // what a restart finds
	if behind, err := other.Behind(ctx, "f"); behind || err != nil {
		t.Errorf("behind %v, %v after it ended in order", behind, err)
	}
	for i, pos := range met {
		if pos != uint64(i+1) {
			t.Fatalf("record %d was met as number %d", pos, i+1)
		}
	}
}

// TestSkippedIsDone: while it runs a follower is not behind with what it skipped,
// and where it says how far it is, it does not fall back from there.
func TestSkippedIsDone(t *testing.T) {
	b := &counting{DB: memory.New()}
	st := open(t, b, state.Options{})
	statetest.Sessions(t, st, 1)
	more, cancel := context.WithCancel(ctx)
	defer cancel()
	skipped := make(chan struct{})
	go func() {
		_ = st.FollowBut(more, "f", state.But{Pass: func(_ context.Context, tx *state.FollowTx, _ state.Record) (bool, error) {
			tx.Committed(func() { close(skipped) })
			return true, nil
		}}, nil)
	}()
	<-skipped
	if behind, err := st.Behind(ctx, "f"); behind || err != nil || b.cursors != 0 {
		t.Errorf("behind %v, %v, %d commits", behind, err, b.cursors)
	}
	for _, from := range []*state.Store{st, open(t, b, state.Options{})} {
		if pos, err := from.Followed(ctx, "f"); pos != 1 || err != nil {
			t.Errorf("%d, %v", pos, err)
		}
	}
}
