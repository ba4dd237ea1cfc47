// Package statetest is the suite that every backend of the log passes, and
// the sessions that tests of the log are made of.
package statetest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/synthoperator/baton/state"
)

// Harness is one empty log of a backend under test.
type Harness struct {
	// Open opens the log. It is called again after Close and finds what was
	// committed.
	Open func(t *testing.T) state.Backend
	// Damage changes one stored byte of a record while the log is closed. Nil
	// where that cannot be done.
	Damage func(t *testing.T, s state.Stream, seq uint64)
}

// Run runs the suite; fresh makes an empty log.
func Run(t *testing.T, fresh func(t *testing.T) Harness) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, *fixture)
	}{
		{"Order", testOrder},
		{"Log", testLog},
		{"Conflict", testConflict},
		{"AllOrNothing", testAllOrNothing},
		{"Query", testQuery},
		{"Reopen", testReopen},
		{"NothingDecided", testNothingDecided},
		{"DecidedAgain", testDecidedAgain},
		{"Repeated", testRepeated},
		{"RepeatedRefusal", testRepeatedRefusal},
		{"RepeatedAtOnce", testRepeatedAtOnce},
		{"RepeatedLater", testRepeatedLater},
		{"Bound", testBound},
		{"Numbers", testNumbers},
		{"OpenSessions", testOpenSessions},
		{"Settings", testSettings},
		{"Content", testContent},
		{"Follow", testFollow},
		{"FollowRows", testFollowRows},
		{"FollowFails", testFollowFails},
		{"FollowTwice", testFollowTwice},
		{"Own", testOwn},
		{"Damaged", testDamaged},
		{"Verify", testVerify},
		{"Concurrent", testConcurrent},
		{"LongStream", testLongStream},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := &fixture{Harness: fresh(t), clock: &clock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}}
			f.open(t)
			t.Cleanup(func() { f.Store.Close() })
			test.run(t, f)
		})
	}
}

// fixture is a store over the backend under test, with a clock of its own.
type fixture struct {
	Harness
	*state.Store
	backend state.Backend
	clock   *clock
}

func (f *fixture) open(t *testing.T) {
	t.Helper()
	f.backend = f.Harness.Open(t)
	st, err := state.Open(f.backend, state.Options{Now: f.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	f.Store = st
}

func (f *fixture) reopen(t *testing.T) {
	t.Helper()
	if err := f.Store.Close(); err != nil {
		t.Fatal(err)
	}
	f.open(t)
}

// clock is a time that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

var ctx = context.Background()

// must is the result of a change that has to be accepted.
func must(t *testing.T) func(state.Result, error) state.Result {
	return func(r state.Result, err error) state.Result {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
}
