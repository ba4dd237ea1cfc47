package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/statetest"
)

func backup(t *testing.T, db *DB) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	if err := db.Backup(ctx, &b); err != nil {
		t.Fatal(err)
	}
	return &b
}

// TestBackup: a copy made while others write is sound, holds everything that
// was accepted before it began, and nothing by halves.
func TestBackup(t *testing.T) {
	dir := t.TempDir()
	db := open(t, filepath.Join(dir, "baton.db"), Options{})
	st := store(t, db)
	ids := statetest.Sessions(t, st, 4)
	stop := make(chan struct{})
	var group sync.WaitGroup
	var mu sync.Mutex
	accepted := map[state.SessionID]uint64{}
	for _, id := range ids {
		group.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				r, err := st.Update(ctx, statetest.Record(fmt.Sprint(id, i), id, "x"))
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				accepted[id] = r.Entry.Seq
				mu.Unlock()
			}
		})
	}
	for i := range 8 {
		mu.Lock()
		before := map[state.SessionID]uint64{}
		for id, seq := range accepted {
			before[id] = seq
		}
		mu.Unlock()
		path := filepath.Join(dir, fmt.Sprint("copy", i))
		if _, err := Restore(ctx, path, backup(t, db), false, nil); err != nil {
			t.Fatal(err)
		}
		copied := store(t, open(t, path, Options{}))
		for id, seq := range before {
			if s, err := copied.Session(ctx, id); err != nil || s.Seq() < seq {
				t.Fatalf("accepted %d, in the copy %d: %v", seq, s.Seq(), err)
			}
		}
		if err := copied.Close(); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	group.Wait()
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if err := st.Backup(ended, new(bytes.Buffer)); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

// TestRestoreIsMarked: what is written in a restored database is there when it
// takes the place, and one in which it cannot be written does not take it.
func TestRestoreIsMarked(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "baton.db"), Options{})
	statetest.Sessions(t, store(t, db), 1)
	path := filepath.Join(t.TempDir(), "other.db")
	no := errors.New("no")
	if _, err := Restore(ctx, path, backup(t, db), false, func(*state.Store) error { return no }); !errors.Is(err, no) {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	mark := func(st *state.Store) error {
		return st.Own(ctx, "test", func(tx *state.FollowTx) error {
			tx.Put("restored", []byte("yes"))
			return nil
		})
	}
	if _, err := Restore(ctx, path, backup(t, db), false, mark); err != nil {
		t.Fatal(err)
	}
	if _, err := VerifyFile(ctx, path, func(f state.Finding) { t.Error(f) }); err != nil {
		t.Fatal(err)
	}
	err := store(t, open(t, path, Options{})).Own(ctx, "test", func(tx *state.FollowTx) error {
		value, _, err := tx.Get("restored")
		if string(value) != "yes" {
			t.Errorf("%q", value)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestRestore: only a sound backup takes the place, and a database that is
// there is not replaced unless that is said; then it is kept.
func TestRestore(t *testing.T) {
	dir := t.TempDir()
	db := open(t, filepath.Join(dir, "baton.db"), Options{})
	st := store(t, db)
	id := statetest.Sessions(t, st, 1)[0]
	copied := backup(t, db).Bytes()
	path := filepath.Join(dir, "other.db")
	sum, err := Restore(ctx, path, bytes.NewReader(copied), false, nil)
	if err != nil || sum.Sessions != 1 {
		t.Fatal(sum, err)
	}
	if _, err := Restore(ctx, path, bytes.NewReader(copied), false, nil); !errors.Is(err, ErrThere) {
		t.Fatal(err)
	}
	if _, err := st.Update(ctx, statetest.Record("k", id, "x")); err != nil {
		t.Fatal(err)
	}
	before := digest(t, path)
	damagedCopy := bytes.Clone(copied)
	damagedCopy[bytes.Index(damagedCopy, []byte("invoicing"))] ^= 1
	var unsound *Unsound
	for name, bad := range map[string][]byte{"flipped": damagedCopy, "cut off": copied[:len(copied)/2], "empty": nil} {
		if _, err := Restore(ctx, path, bytes.NewReader(bad), true, nil); !errors.As(err, &unsound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if digest(t, path) != before {
		t.Fatal("an unsound backup changed the database")
	}
	if _, err := Restore(ctx, path, backup(t, db), true, nil); err != nil {
		t.Fatal(err)
	}
	if digest(t, path+".replaced") != before {
		t.Fatal("the old database was not kept")
	}
	if s, err := store(t, open(t, path, Options{})).Session(ctx, id); err != nil || s.Seq() != 2 {
		t.Fatal(s.Seq(), err)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".*"))
	if err != nil || len(left) != 0 {
		t.Fatal(left, err)
	}
	_ = os.Remove(path)
}
