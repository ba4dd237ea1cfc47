package statetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/synthoperator/baton/state"
)

// errEnough ends a follower.
var errEnough = errors.New("enough")

// testFollow: a follower sees every record once, in order, also those that
// come while it waits, and goes on after a restart where it stopped.
func testFollow(t *testing.T, f *fixture) {
	id := must(t)(f.Create(ctx, Start("start", "p/w/c", ""))).ID
	var got []uint64
	follow := func(last uint64) {
		t.Helper()
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		err := f.Follow(ctx, "reader", func(_ context.Context, _ *state.FollowTx, r state.Record) error {
			if r.Stream != state.SessionStream(id) || r.Entry.IsZero() {
				t.Errorf("%+v", r)
			}
			got = append(got, r.Entry.Seq)
			if r.Entry.Seq == last {
				cancel()
			}
			return nil
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	must(t)(f.Update(ctx, Record("", id, "x")))
	follow(2)
	var group sync.WaitGroup
	group.Go(func() {
		for i := range 300 {
			must(t)(f.Update(ctx, Record("", id, fmt.Sprint(i))))
		}
	})
	follow(302)
	group.Wait()
	f.reopen(t)
	must(t)(f.Update(ctx, Record("", id, "last")))
	follow(303)
	var want []uint64
	for seq := range uint64(303) {
		want = append(want, seq+1)
	}
	same(t, "records followed", want, got)
}

// testFollowRows: rows that a follower writes are there exactly when its
// cursor is past their record.
func testFollowRows(t *testing.T, f *fixture) {
	id := must(t)(f.Create(ctx, Start("start", "p/w/c", ""))).ID
	for i := range 5 {
		must(t)(f.Update(ctx, Record("", id, fmt.Sprint(i))))
	}
	follow := func(stop uint64) {
		t.Helper()
		err := f.Follow(ctx, "writer", func(_ context.Context, tx *state.FollowTx, r state.Record) error {
			before, _, err := tx.Get("count")
			if err != nil {
				return err
			}
			tx.Put("count", fmt.Append(nil, string(before), r.Entry.Seq, " "))
			tx.Put(fmt.Sprint("row", r.Entry.Seq), []byte("x"))
			if r.Entry.Seq > 2 {
				tx.Delete(fmt.Sprint("row", r.Entry.Seq-2))
			}
			if r.Entry.Seq == stop {
				return errEnough // nothing of this record may stay
			}
			return nil
		})
		if !errors.Is(err, errEnough) {
			t.Fatal(err)
		}
		f.reopen(t)
	}
	follow(3)
	check := func(count string, want ...string) {
		t.Helper()
		err := f.Own(ctx, "writer", func(tx *state.FollowTx) error {
			value, _, err := tx.Get("count")
			if string(value) != count || err != nil {
				t.Fatalf("%q, %v", value, err)
			}
			rows, err := tx.List("row", "", 10)
			var got []string
			for _, row := range rows {
				got = append(got, row.Key)
			}
			same(t, "rows", want, got)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	check("1 2 ", "row1", "row2")
	follow(6)
	check("1 2 3 4 5 ", "row4", "row5")
	if err := f.Own(ctx, "other", func(tx *state.FollowTx) error {
		_, ok, err := tx.Get("count")
		if ok {
			t.Error("another follower's row")
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// testFollowFails: an error of a follower ends it, with what came before kept.
func testFollowFails(t *testing.T, f *fixture) {
	id := must(t)(f.Create(ctx, Start("start", "p/w/c", ""))).ID
	for i := range 9 {
		must(t)(f.Update(ctx, Record("", id, fmt.Sprint(i))))
	}
	seen := map[uint64]int{}
	for try := range 10 {
		err := f.Follow(ctx, "f", func(_ context.Context, _ *state.FollowTx, r state.Record) error {
			seen[r.Entry.Seq]++
			if r.Entry.Seq == uint64(try+1) {
				return errEnough
			}
			return nil
		})
		if !errors.Is(err, errEnough) {
			t.Fatal(err)
		}
	}
	for seq := uint64(1); seq < 10; seq++ {
		if seen[seq] != 2 {
			t.Fatalf("decision %d was seen %d times", seq, seen[seq])
		}
	}
}

// testOwn: rows that others change meanwhile are read again.
func testOwn(t *testing.T, f *fixture) {
	const each, workers = 20, 8
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for range each {
				err := f.Own(ctx, "counter", func(tx *state.FollowTx) error {
					value, _, err := tx.Get("n")
					tx.Put("n", append(value, '.'))
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	inner := false
	err := f.Own(ctx, "counter", func(tx *state.FollowTx) error {
		value, _, err := tx.Get("n")
		if !inner {
			inner = true
			err = errors.Join(err, f.Own(ctx, "counter", func(tx *state.FollowTx) error { tx.Put("n", value[1:]); return nil }))
		}
		tx.Put("n", append(value, '.'))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	err = f.Own(ctx, "counter", func(tx *state.FollowTx) error {
		value, _, err := tx.Get("n")
		if len(value) != each*workers {
			t.Errorf("%d of %d", len(value), each*workers)
		}
		tx.Put("a", []byte("1"))
		tx.Put("b", []byte("2"))
		tx.Delete("a")
		tx.Delete("n")
		rows, listErr := tx.List("", "", 10)
		if len(rows) != 1 || rows[0].Key != "b" {
			t.Errorf("%v", rows)
		}
		return errors.Join(err, listErr)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Own(ctx, "counter", func(tx *state.FollowTx) error { return errEnough }); !errors.Is(err, errEnough) {
		t.Fatal(err)
	}
}

// testFollowTwice: of two followers of one name, by mistake or in two
// processes, only one has its rows and cursor committed for a record.
func testFollowTwice(t *testing.T, f *fixture) {
	id := must(t)(f.Create(ctx, Start("start", "p/w/c", ""))).ID
	for i := range 5 {
		must(t)(f.Update(ctx, Record("", id, fmt.Sprint(i))))
	}
	note := func(tx *state.FollowTx, r state.Record) { tx.Put(fmt.Sprint(r.Entry.Seq, " ", r.Pos), []byte("x")) }
	faster := func() {
		err := f.Follow(ctx, "f", func(_ context.Context, tx *state.FollowTx, r state.Record) error {
			if r.Entry.Seq == 4 {
				return errEnough
			}
			tx.Put("by", []byte("the faster one"))
			note(tx, r)
			return nil
		})
		if !errors.Is(err, errEnough) {
			t.Fatal(err)
		}
	}
	runs := 0
	err := f.Follow(ctx, "f", func(_ context.Context, tx *state.FollowTx, r state.Record) error {
		if runs++; runs == 1 {
			faster()
		}
		if r.Entry.Seq == 6 {
			return errEnough
		}
		if r.Entry.Seq < 4 {
			tx.Put("by", []byte("the slower one"))
		}
		note(tx, r)
		return nil
	})
	if !errors.Is(err, errEnough) {
		t.Fatal(err)
	}
	if err := f.Own(ctx, "f", func(tx *state.FollowTx) error {
		value, _, err := tx.Get("by")
		if string(value) != "the faster one" {
			t.Errorf("committed twice, last by %s", value)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
