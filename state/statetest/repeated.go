package statetest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	o "github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// first compares a repeated answer with the one that was given first.
func first(t *testing.T, want, got state.Result) {
	t.Helper()
	if !got.Repeated || got.ID != want.ID || got.Number != want.Number || got.Entry.Seq != want.Entry.Seq ||
		!got.Entry.At.Equal(want.Entry.At) || o.Describe(got.Entry.Decision) != o.Describe(want.Entry.Decision) {
		t.Fatalf("first %+v\nagain %+v", want.Entry, got.Entry)
	}
	same(t, "the session before", show(want.Before), show(got.Before))
	same(t, "the session after", show(want.After), show(got.After))
}

// testRepeated: a key that comes again has no further effect and gets the same
// answer, whatever happened in between, also after a restart.
func testRepeated(t *testing.T, f *fixture) {
	created := must(t)(f.Create(ctx, Start("start", "p/w/c", "p/w/c/1")))
	f.clock.add(time.Minute)
	updated := must(t)(f.Update(ctx, Record("note", created.ID, "Postgres")))
	must(t)(f.Update(ctx, Record("more", created.ID, "more")))
	for range 2 {
		f.clock.add(time.Minute)
		first(t, created, must(t)(f.Create(ctx, Start("start", "p/w/c", "p/w/c/1"))))
		first(t, updated, must(t)(f.Update(ctx, Record("note", created.ID, "Postgres"))))
		f.reopen(t)
	}
	if s, err := f.Session(ctx, created.ID); err != nil || s.Seq() != 3 {
		t.Fatal(s.Seq(), err)
	}
	stream, seq, ok, err := f.Seen(ctx, "note")
	if stream != state.SessionStream(created.ID) || seq != 2 || !ok || err != nil {
		t.Fatal(stream, seq, ok, err)
	}
	if _, _, ok, err := f.Seen(ctx, "never"); ok || err != nil {
		t.Fatal(ok, err)
	}
}

// testRepeatedRefusal: a repeated call that would be refused now, because its
// first time did what it asks for, gets the first answer.
func testRepeatedRefusal(t *testing.T, f *fixture) {
	id := must(t)(f.Create(ctx, Start("start", "p/w/c", ""))).ID
	pause := Verb("pause", id, func(s o.Session, by o.Human, in o.Room) (o.Decision, error) { return s.Pause(by, in, "") })
	want := must(t)(f.Update(ctx, pause))
	first(t, want, must(t)(f.Update(ctx, pause)))
	f.reopen(t)
	first(t, want, must(t)(f.Update(ctx, pause)))
	pause.Key = "another"
	if _, err := f.Update(ctx, pause); err == nil {
		t.Fatal("paused twice")
	}
}

// testRepeatedAtOnce: of one key delivered many times at once one has effect.
func testRepeatedAtOnce(t *testing.T, f *fixture) {
	id := must(t)(f.Create(ctx, Start("start", "p/w/c", ""))).ID
	for round := range 10 {
		var group sync.WaitGroup
		var mu sync.Mutex
		fresh := 0
		for i := range 8 {
			group.Go(func() {
				var r state.Result
				var err error
				if i%2 == 0 {
					r, err = f.Update(ctx, Record(fmt.Sprint("k", round), id, "x"))
				} else {
					r, err = f.Create(ctx, Start(fmt.Sprint("k", round), "p/w/c", ""))
				}
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				if !r.Repeated {
					fresh++
				}
			})
		}
		group.Wait()
		if fresh != 1 {
			t.Fatalf("%d effects of one key", fresh)
		}
	}
}

// testRepeatedLater: a key is kept for 48 hours at least, and not for ever.
func testRepeatedLater(t *testing.T, f *fixture) {
	id := must(t)(f.Create(ctx, Start("start", "p/w/c", ""))).ID
	f.clock.add(14*time.Hour + 59*time.Minute) // a minute to midnight
	must(t)(f.Update(ctx, Record("k", id, "x")))
	step := 12 * time.Hour
	for age := time.Duration(0); age < 48*time.Hour; age += step {
		if r := must(t)(f.Update(ctx, Record("k", id, "x"))); !r.Repeated {
			t.Fatalf("forgotten after %v", age)
		}
		for i := range 100 {
			must(t)(f.Update(ctx, Record(fmt.Sprint(age, i), id, "other")))
		}
		f.reopen(t)
		f.clock.add(step)
	}
	f.clock.add(48 * time.Hour)
	must(t)(f.Update(ctx, Record("today", id, "other")))
	if r := must(t)(f.Update(ctx, Record("k", id, "x"))); r.Repeated {
		t.Fatal("kept for ever")
	}
}
