package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/bolt"
)

// What is kept for forms is there after a restart until it ends, and makes room.
func TestFormsAreKept(t *testing.T) {
	path, now := filepath.Join(t.TempDir(), databaseName), time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	open := func() (k slackKept, done func()) {
		db, err := bolt.Open(path, bolt.Options{})
		if err != nil {
			t.Fatal(err)
		}
		st, err := state.Open(db, state.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return slackKept{keptRows{st, slackRows, func() time.Time { return now }, 20}}, func() { _ = st.Close() }
	}
	keep := func(k slackKept, name string, d time.Duration) {
		if err := k.Keep(t.Context(), name, []byte(name+"'s"), now.Add(d)); err != nil {
			t.Fatal(err)
		}
	}
	holds := func(k slackKept, name string, want bool) {
		t.Helper()
		data, ok, err := k.Kept(t.Context(), name)
		if err != nil || ok != want || want && !bytes.Equal(data, []byte(name+"'s")) {
			t.Errorf("%s: %q %v %v", name, data, ok, err)
		}
	}
	k, done := open()
	keep(k, "short", time.Hour)
	keep(k, "long", 3*time.Hour)
	done()
	k, done = open()
	defer done()
	holds(k, "short", true)
	holds(k, "long", true)
	holds(k, "never", false)
	now = now.Add(2 * time.Hour)
	holds(k, "short", false)
	holds(k, "long", true)
	for n := range 20 {
		keep(k, fmt.Sprint("more ", n), time.Duration(2+n)*time.Hour)
	}
	holds(k, "long", false) // it would have ended first
	holds(k, fmt.Sprint("more ", 0), true)
	if err := k.Drop(t.Context(), "more 0"); err != nil {
		t.Fatal(err)
	}
	holds(k, "more 0", false)
}
