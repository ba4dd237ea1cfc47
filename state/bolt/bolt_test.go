package bolt

import (
	"path/filepath"
	"testing"

	bbolt "go.etcd.io/bbolt"

	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/statetest"
)

func TestSuite(t *testing.T) {
	statetest.Run(t, func(t *testing.T) statetest.Harness {
		path := filepath.Join(t.TempDir(), "baton.db")
		return statetest.Harness{
			Open:   func(t *testing.T) state.Backend { return open(t, path, Options{}) },
			Damage: func(t *testing.T, s state.Stream, seq uint64) { damage(t, path, s, seq) },
		}
	})
}

func open(t testing.TB, path string, o Options) *DB {
	t.Helper()
	db, err := Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// damage changes one byte of a record in a file that nobody has open.
func damage(t *testing.T, path string, s state.Stream, seq uint64) {
	t.Helper()
	edit(t, path, func(tx *bbolt.Tx) error {
		log := tx.Bucket([]byte(logBucket))
		return log.ForEach(func(key, stored []byte) error {
			e, _, _ := parseEntry(key, stored)
			if e.stream != s || e.seq != seq {
				return nil
			}
			stored = append([]byte(nil), stored...)
			stored[len(stored)-20] ^= 4
			return log.Put(key, stored)
		})
	})
}

// edit changes a file behind the back of this package.
func edit(t *testing.T, path string, fn func(*bbolt.Tx) error) {
	t.Helper()
	b, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Update(fn); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
}
