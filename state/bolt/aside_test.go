package bolt

import (
	"bytes"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/synthoperator/baton/state"
)

// TestAside: what a restore moved aside stays, however often one restores.
func TestAside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "baton.db")
	db := open(t, path, Options{})
	copied := backup(t, db).Bytes()
	_ = db.Close()
	was := map[string][32]byte{}
	for n := range 3 {
		db, err := Open(path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		err = db.Commit(ctx, state.Write{Rows: []state.Row{{Space: state.SpaceOwn, Key: fmt.Sprint(n), Value: []byte("x")}}})
		if err != nil {
			t.Fatal(err)
		}
		_ = db.Close()
		aside := Aside(path)
		if _, there := was[aside]; there {
			t.Fatalf("%s is taken", aside)
		}
		was[aside] = digest(t, path)
		if _, err := Restore(ctx, path, bytes.NewReader(copied), true, nil); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range was {
		if digest(t, name) != want {
			t.Errorf("%s is not what stood there", name)
		}
	}
}
