package bolt

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	bbolt "go.etcd.io/bbolt"

	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/statetest"
)

var ctx = context.Background()

func store(t testing.TB, b state.Backend) *state.Store {
	t.Helper()
	st, err := state.Open(b, state.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

func digest(t *testing.T, path string) [32]byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return sha256.Sum256(b)
}

// TestInUse: a second process gets an error that names the file and what to
// do, as soon as its patience is over.
func TestInUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "baton.db")
	first := open(t, path, Options{})
	for name, try := range map[string]func() error{
		"open":    func() error { _, err := Open(path, Options{Timeout: 60 * time.Millisecond}); return err },
		"replace": func() error { _, err := Restore(ctx, path, backup(t, first), true, nil); return err },
	} {
		err := try()
		if !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "stop that one") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, path, Options{})
}

// TestNewerSchema: what a newer release wrote is not touched.
func TestNewerSchema(t *testing.T) {
	path := filepath.Join(t.TempDir(), "baton.db")
	if err := open(t, path, Options{}).Close(); err != nil {
		t.Fatal(err)
	}
	edit(t, path, func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte(metaBucket)).Put(schemaKey, sealed(metaBucket, schemaKey, binary.AppendUvarint(nil, Schema+1)))
	})
	before := digest(t, path)
	_, err := Open(path, Options{})
	var newer *state.NewerSchema
	if !errors.As(err, &newer) || *newer != (state.NewerSchema{Found: Schema + 1, Known: Schema}) {
		t.Fatal(err)
	}
	if digest(t, path) != before {
		t.Fatal("the file was changed")
	}
}

// TestNoDatabase: files that are something else are refused and left alone.
func TestNoDatabase(t *testing.T) {
	dir := t.TempDir()
	foreign := filepath.Join(dir, "foreign.db")
	b, err := bbolt.Open(foreign, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	b.Close()
	for name, content := range map[string]string{"empty.db": "", "short.db": "hello", "text.db": strings.Repeat("no database\n", 5000)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"foreign.db", "empty.db", "short.db", "text.db"} {
		path := filepath.Join(dir, name)
		before := digest(t, path)
		if _, err := Open(path, Options{}); !errors.Is(err, state.ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
		found := 0
		if sum, err := VerifyFile(ctx, path, func(state.Finding) { found++ }); err != nil || found == 0 || sum.Findings != found {
			t.Errorf("%s: %d findings, %+v, %v", name, found, sum, err)
		}
		if digest(t, path) != before {
			t.Errorf("%s was changed", name)
		}
	}
	if _, err := VerifyFile(ctx, filepath.Join(dir, "none.db"), func(state.Finding) {}); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

// TestCreate: of many that make the database at once all find the same one,
// and nothing else is left.
func TestCreate(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "baton.db")
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if err := create(path); err != nil && !errors.Is(err, os.ErrExist) {
				t.Error(err)
			}
		})
	}
	group.Wait()
	open(t, path, Options{})
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	if info, err := files[0].Info(); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatal(info.Mode(), err)
	}
	if _, err := Open(filepath.Join(dir, "none", "baton.db"), Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
}

// TestLost: a file that was moved away or replaced is noticed.
func TestLost(t *testing.T) {
	path := filepath.Join(t.TempDir(), "baton.db")
	db := open(t, path, Options{})
	if err := db.Lost(); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path, path+".moved"); err != nil {
		t.Fatal(err)
	}
	if err := db.Lost(); !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	if err := create(path); err != nil {
		t.Fatal(err)
	}
	if err := db.Lost(); err == nil {
		t.Fatal("another file took its place")
	}
}

// TestDays: inbound keys of days that are over are dropped, a bucket a day.
func TestDays(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "baton.db"), Options{})
	db.bolt.NoSync = true
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	st, err := state.Open(db, state.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	id := statetest.Sessions(t, st, 1)[0]
	n := 0
	for range 10 {
		for range maxTail {
			n++
			if _, err := st.Update(ctx, statetest.Record(string(rune('a'+n%26))+time.Duration(n).String(), id, "x")); err != nil {
				t.Fatal(err)
			}
		}
		now = now.Add(24 * time.Hour)
	}
	days := db.ledger.Load().days()
	if len(days) != keepDays+1 || days[0].bucket != keysPrefix+"2026-12-02" {
		t.Fatal(days)
	}
	if rows := db.ledger.Load().buckets[days[0].bucket].rows; rows < maxTail/2 || rows > 2*maxTail {
		t.Fatal(rows)
	}
}
