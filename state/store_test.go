package state_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	o "github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/memory"
	"github.com/synthoperator/baton/state/statetest"
)

var ctx = context.Background()

func open(t *testing.T, b state.Backend, opts state.Options) *state.Store {
	t.Helper()
	st, err := state.Open(b, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

// failing is a backend whose commits fail after some.
type failing struct {
	*memory.DB
	after int
}

var errDisk = errors.New("input/output error")

func (f *failing) Commit(ctx context.Context, w state.Write) error {
	if f.after--; f.after < 0 {
		return errDisk
	}
	return f.DB.Commit(ctx, w)
}

// TestFatal: once a commit has failed nobody can say what is on disk. The
// store says so once and refuses everything.
func TestFatal(t *testing.T) {
	var fatal []error
	st := open(t, &failing{memory.New(), 1}, state.Options{Fatal: func(err error) { fatal = append(fatal, err) }})
	r, err := st.Create(ctx, statetest.Start("a", "p/w/c", "p/w/c/1"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.Update(ctx, statetest.Record("b", r.ID, "x")); !errors.Is(err, errDisk) || err.Error() != "not accepted: input/output error" {
		t.Fatal(err)
	}
	follow := st.Follow(ctx, "f", func(context.Context, *state.FollowTx, state.Record) error { return nil })
	_, create := st.Create(ctx, statetest.Start("c", "p/w/c", ""))
	_, update := st.Update(ctx, statetest.Record("d", r.ID, "x"))
	_, session := st.Session(ctx, r.ID)
	_, _, thread := st.InThread(ctx, "p/w/c/1")
	_, list := st.AllOpen(ctx, "", 0)
	_, channel := st.Channel(ctx, "p/w/c")
	own := st.Own(ctx, "f", func(*state.FollowTx) error { return nil })
	for i, err := range []error{follow, create, update, session, thread, list, channel, own} {
		if !errors.Is(err, state.ErrClosed) || !errors.Is(err, errDisk) {
			t.Errorf("%d: %v", i, err)
		}
	}
	if len(fatal) != 1 || !errors.Is(fatal[0], errDisk) {
		t.Errorf("told %d times: %v", len(fatal), fatal)
	}
}

// TestClosed: a closed store says so, and followers end.
func TestClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st, err := state.Open(memory.New(), state.Options{})
		if err != nil {
			t.Fatal(err)
		}
		ended := make(chan error)
		go func() {
			ended <- st.Follow(ctx, "f", func(context.Context, *state.FollowTx, state.Record) error { return nil })
		}()
		synctest.Wait()
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		if err := <-ended; !errors.Is(err, state.ErrClosed) {
			t.Error(err)
		}
		if _, err := st.Session(ctx, "x"); !errors.Is(err, state.ErrClosed) {
			t.Error(err)
		}
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
}

// TestSeveralProcesses: two stores over one log, each with its own memory of
// it, decide on what stands and not on what they remember.
func TestSeveralProcesses(t *testing.T) {
	db := memory.New()
	a, b := open(t, db, state.Options{}), open(t, db, state.Options{})
	r, err := a.Create(ctx, statetest.Start("", "p/w/c", ""))
	if err != nil {
		t.Fatal(err)
	}
	pause := func(s o.Session, by o.Human, in o.Room) (o.Decision, error) { return s.Pause(by, in, "") }
	resume := func(s o.Session, by o.Human, in o.Room) (o.Decision, error) { return s.Resume(by, in, "") }
	for i := range 5 {
		for j, st := range []*state.Store{a, b} {
			if _, err := st.Update(ctx, statetest.Record("", r.ID, fmt.Sprint(i, j))); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := a.Update(ctx, statetest.Verb("", r.ID, pause)); err != nil {
			t.Fatal(err)
		}
		// b remembers a session that runs, of which this would be refused.
		if _, err := b.Update(ctx, statetest.Verb("", r.ID, resume)); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 4 {
		r, err := []*state.Store{a, b}[i%2].Create(ctx, statetest.Start("", "p/w/c", ""))
		if err != nil || r.Number != i+2 {
			t.Fatal(r.Number, err)
		}
	}
	if sum, err := a.Verify(ctx, func(f state.Finding) { t.Error(f) }); err != nil || sum.Records != 1+5*4+4 {
		t.Fatal(sum, err)
	}
}

// TestSmallCache: a store that can remember little answers the same.
func TestSmallCache(t *testing.T) {
	st := open(t, memory.New(), state.Options{CacheSessions: 2})
	ids := statetest.Sessions(t, st, 10)
	for i := range 100 {
		r, err := st.Update(ctx, statetest.Record("", ids[i%10], fmt.Sprint(i)))
		if err != nil || r.Entry.Seq != uint64(i/10+2) || r.Number != i%10+1 {
			t.Fatal(r.Entry.Seq, r.Number, err)
		}
	}
}

// TestWaiting: who waits for a session that somebody decides on can give up,
// and nobody else is held up.
func TestWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := open(t, memory.New(), state.Options{})
		ids := statetest.Sessions(t, st, 2)
		slow := statetest.Verb("", ids[0], func(s o.Session, by o.Human, in o.Room) (o.Decision, error) {
			time.Sleep(time.Hour)
			return s.Announce(by, in, "at last", "")
		})
		done := make(chan error, 1)
		go func() {
			_, err := st.Update(ctx, slow)
			done <- err
		}()
		synctest.Wait()
		short, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		if _, err := st.Update(short, statetest.Record("", ids[0], "x")); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if _, err := st.Update(ctx, statetest.Record("", ids[1], "x")); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// TestNewerRecord: a record that a newer release wrote fences its stream and
// ends followers, which must not pass over it.
func TestNewerRecord(t *testing.T) {
	db := memory.New()
	st := open(t, db, state.Options{})
	ids := statetest.Sessions(t, st, 2)
	statetest.FromTheFuture(t, db, ids[0])
	st = open(t, db, state.Options{})
	var unknown *state.UnknownEvent
	if _, err := st.Session(ctx, ids[0]); !errors.Is(err, state.ErrDamaged) || !errors.As(err, &unknown) || unknown.Type != "brain-uploaded" {
		t.Fatal(err)
	}
	if _, err := st.Update(ctx, statetest.Record("", ids[1], "x")); err != nil {
		t.Fatal(err)
	}
	n := 0
	err := st.Follow(ctx, "f", func(context.Context, *state.FollowTx, state.Record) error { n++; return nil })
	if !errors.As(err, &unknown) || n != 2 {
		t.Fatal(n, err)
	}
}

// TestTooLong: what not every backend can keep is refused, and the store goes on.
func TestTooLong(t *testing.T) {
	st := open(t, memory.New(), state.Options{})
	long := string(make([]byte, 5000))
	if _, err := st.Create(ctx, statetest.Start(long, "p/w/c", "")); err == nil || errors.Is(err, state.ErrClosed) {
		t.Error(err)
	}
	if _, err := st.Create(ctx, statetest.Start("", "p/w/c", o.ThreadKey(long))); err == nil {
		t.Error("a thread of 5000 bytes")
	}
	if err := st.Own(ctx, "f", func(tx *state.FollowTx) error { tx.Put("a", nil); return nil }); err == nil {
		t.Error("a row without a value")
	}
	if _, err := st.Create(ctx, statetest.Start("", "p/w/c", "")); err != nil {
		t.Error(err)
	}
}

// TestMemory: what is kept in memory is bounded by how much was decided, too.
func TestMemory(t *testing.T) {
	st := open(t, memory.New(), state.Options{CacheSessions: 8})
	ids := statetest.Sessions(t, st, 3)
	for _, id := range ids {
		for i := range 1200 {
			if _, err := st.Update(ctx, statetest.Record("", id, fmt.Sprint(i))); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n := st.Remembered(); n > 8 || n < 0 {
		t.Errorf("the memory holds the weight of %d streams, 8 are allowed", n)
	}
	for _, id := range ids {
		if s, err := st.Session(ctx, id); err != nil || len(s.Items()) != 1200 {
			t.Error(len(s.Items()), err)
		}
	}
}
