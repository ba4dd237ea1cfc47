package statetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	o "github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// testDamaged: a stream with a damaged record is neither read nor written, the
// error names it, and all others go on, followers too.
func testDamaged(t *testing.T, f *fixture) {
	if f.Damage == nil {
		t.Skip("this backend's records cannot be damaged from here")
	}
	bad := must(t)(f.Create(ctx, Start("a", "p/w/c", "p/w/c/1"))).ID
	good := must(t)(f.Create(ctx, Start("b", "p/w/c", "p/w/c/2"))).ID
	for i := range 5 {
		must(t)(f.Update(ctx, Record(fmt.Sprint("a", i), bad, "x")))
		must(t)(f.Update(ctx, Record(fmt.Sprint("b", i), good, "x")))
	}
	if err := f.Store.Close(); err != nil {
		t.Fatal(err)
	}
	f.Damage(t, state.SessionStream(bad), 3)
	f.open(t)
	_, read := f.Session(ctx, bad)
	_, write := f.Update(ctx, Record("a6", bad, "x"))
	_, again := f.Update(ctx, Record("a2", bad, "x"))
	for _, err := range []error{read, write, again} {
		var d *state.Damaged
		if !errors.As(err, &d) || !errors.Is(err, state.ErrDamaged) || d.Stream != state.SessionStream(bad) || d.Seq != 3 {
			t.Fatalf("%#v", err)
		}
	}
	if s, err := f.SessionAt(ctx, bad, 2); err != nil || s.Seq() != 2 {
		t.Fatal("what lies before the damage cannot be read", err)
	}
	must(t)(f.Update(ctx, Record("b6", good, "x")))
	var seen []string
	err := f.Follow(ctx, "f", func(_ context.Context, _ *state.FollowTx, r state.Record) error {
		if seen = append(seen, fmt.Sprint(r.Stream == state.SessionStream(bad), r.Entry.Seq)); r.Entry.Seq == 7 {
			return errEnough
		}
		return nil
	})
	if !errors.Is(err, errEnough) || len(seen) != 12 {
		t.Fatal(err, seen)
	}
	found := 0
	sum, err := f.Verify(ctx, func(x state.Finding) {
		if x.Stream == state.SessionStream(bad) && x.Seq == 3 && x.Thread == "p/w/c/1" {
			found++
		}
	})
	if err != nil || found == 0 || sum.Findings < found {
		t.Fatalf("%d findings name the damage: %+v, %v", found, sum, err)
	}
}

// testVerify: a sound log has nothing to be told of.
func testVerify(t *testing.T, f *fixture) {
	for i := range 30 {
		c := Start(fmt.Sprint("start", i), o.ChannelKey(fmt.Sprint("p/w/c", i%3)), o.ThreadKey(fmt.Sprint("p/w/t", i)))
		c.Content = map[string][]byte{hash("text"): []byte("text")}
		id := must(t)(f.Create(ctx, c)).ID
		for j := range i * 3 {
			must(t)(f.Update(ctx, Record(fmt.Sprint(i, "/", j), id, "x")))
		}
		if i%4 == 0 {
			must(t)(f.Update(ctx, Verb("", id, func(s o.Session, by o.Human, in o.Room) (o.Decision, error) { return s.End(by, in, "x") })))
		}
	}
	if _, err := f.UpdateSettings(ctx, Budget("set", "p/w/c1", 5)); err != nil {
		t.Fatal(err)
	}
	_ = f.Own(ctx, "own", func(tx *state.FollowTx) error { tx.Put("a", []byte("b")); return nil })
	for range 2 {
		sum, err := f.Verify(ctx, func(x state.Finding) { t.Error(x) })
		if err != nil || sum.Sessions != 30 || sum.Streams != 31 || sum.Records < 30 || sum.Findings > 0 {
			t.Fatalf("%+v, %v", sum, err)
		}
		f.reopen(t)
	}
}

// testConcurrent: many callers on the same and on different sessions lose
// nothing and get every number once.
func testConcurrent(t *testing.T, f *fixture) {
	const workers, each = 16, 12
	shared := must(t)(f.Create(ctx, Start("shared", "p/w/c", ""))).ID
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			own, err := f.Create(ctx, Start(fmt.Sprint("start", w), "p/w/c", ""))
			if err != nil {
				t.Error(err)
				return
			}
			for i := range each {
				for _, id := range []state.SessionID{own.ID, shared} {
					if _, err := f.Update(ctx, Record(fmt.Sprint(w, "/", i, "/", id), id, fmt.Sprint(w, "/", i))); err != nil {
						t.Error(err)
					}
				}
				if _, err := f.UpdateSettings(ctx, Budget("", "p/w/c", w*100+i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	f.reopen(t)
	if s, err := f.Session(ctx, shared); err != nil || len(s.Items()) != workers*each {
		t.Fatal(len(s.Items()), err)
	}
	list, err := f.Sessions(ctx, "p/w/c", state.Page{})
	if err != nil || len(list) != workers+1 {
		t.Fatal(len(list), err)
	}
	for i, l := range list {
		if s, err := f.Session(ctx, l.ID); err != nil || l.Number != len(list)-i || l.ID != shared && len(s.Items()) != each {
			t.Fatal(l, err)
		}
	}
	if sum, err := f.Verify(ctx, func(x state.Finding) { t.Error(x) }); err != nil || sum.Sessions != workers+1 {
		t.Fatal(sum, err)
	}
}
