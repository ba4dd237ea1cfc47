package statetest

import (
	"errors"
	"fmt"
	"testing"

	o "github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// testBound: a thread belongs to one session for good; a second one that would
// bind it is refused, and nothing of it is kept.
func testBound(t *testing.T, f *fixture) {
	a := must(t)(f.Create(ctx, Start("a", "p/w/c", "p/w/c/1"))).ID
	if _, err := f.Create(ctx, Start("b", "p/w/c", "p/w/c/1")); !errors.Is(err, state.ErrBound) {
		t.Fatal(err)
	}
	if _, _, ok, err := f.Seen(ctx, "b"); ok || err != nil {
		t.Fatal(ok, err)
	}
	bind := func(id state.SessionID, thread o.ThreadKey) state.Change {
		return Verb("", id, func(s o.Session, by o.Human, in o.Room) (o.Decision, error) { return s.Bind(by, thread) })
	}
	later := must(t)(f.Create(ctx, Start("c", "p/w/c", "")))
	if later.Number != 2 {
		t.Fatalf("number %d", later.Number)
	}
	if _, err := f.Update(ctx, bind(later.ID, "p/w/c/1")); !errors.Is(err, state.ErrBound) {
		t.Fatal(err)
	}
	must(t)(f.Update(ctx, bind(later.ID, "p/w/c/2")))
	f.reopen(t)
	for thread, want := range map[o.ThreadKey]state.SessionID{"p/w/c/1": a, "p/w/c/2": later.ID} {
		if id, ok, err := f.InThread(ctx, thread); id != want || !ok || err != nil {
			t.Fatal(thread, id, ok, err)
		}
	}
	if _, ok, err := f.InThread(ctx, "p/w/c"); ok || err != nil {
		t.Fatal("a prefix of a thread is a thread", err)
	}
	again := Start("d", "p/w/c", "p/w/c/3")
	again.Session = a
	if _, err := f.Create(ctx, again); !errors.Is(err, state.ErrExists) {
		t.Fatal(err)
	}
}

// testNumbers: sessions are numbered within their channel, from 1.
func testNumbers(t *testing.T, f *fixture) {
	var ids []state.SessionID
	for i := range 7 {
		for _, channel := range []o.ChannelKey{"p/w/c", "p/w/c1"} {
			c := Start("", channel, "")
			decide := c.Decide
			c.Decide = func(v state.View, s o.Session) (o.Decision, error) {
				if n, err := v.Count(channel); n != i || err != nil {
					t.Errorf("%d sessions, %v", n, err)
				}
				return decide(v, s)
			}
			r := must(t)(f.Create(ctx, c))
			if r.Number != i+1 {
				t.Fatalf("number %d of %s is %d", i+1, channel, r.Number)
			}
			if channel == "p/w/c" {
				ids = append(ids, r.ID)
			}
		}
	}
	f.reopen(t)
	for i, want := range ids {
		if id, ok, err := f.ByNumber(ctx, "p/w/c", i+1); id != want || !ok || err != nil {
			t.Fatal(id, ok, err)
		}
		if n, err := f.Number(ctx, want); n != i+1 || err != nil {
			t.Fatal(n, err)
		}
	}
	if _, ok, err := f.ByNumber(ctx, "p/w/c", 8); ok || err != nil {
		t.Fatal(ok, err)
	}
	var got []int
	for before := 0; ; before = got[len(got)-1] {
		page, err := f.Sessions(ctx, "p/w/c", state.Page{Before: before, Limit: 3})
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range page {
			if l.ID != ids[l.Number-1] || l.Channel != "p/w/c" {
				t.Fatalf("%+v", l)
			}
			got = append(got, l.Number)
		}
		if len(page) < 3 {
			break
		}
	}
	same(t, "numbers, newest first", []int{7, 6, 5, 4, 3, 2, 1}, got)
}

// testOpenSessions: those that have not ended are listed, whatever way they
// took there.
func testOpenSessions(t *testing.T, f *fixture) {
	var ids []state.SessionID
	for i := range 4 {
		ids = append(ids, must(t)(f.Create(ctx, Start("", "p/w/c", o.ThreadKey(fmt.Sprint("p/w/c/", i))))).ID)
	}
	must(t)(f.Create(ctx, Start("", "p/w2/c", "")))
	do := func(i int, verb func(s o.Session, by o.Human, in o.Room) (o.Decision, error)) {
		t.Helper()
		must(t)(f.Update(ctx, Verb("", ids[i], verb)))
	}
	open := func(want ...int) {
		t.Helper()
		var got []int
		list, err := f.Sessions(ctx, "p/w/c", state.Page{OnlyOpen: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range list {
			got = append(got, l.Number)
		}
		same(t, "open sessions", want, got)
	}
	end := func(s o.Session, by o.Human, in o.Room) (o.Decision, error) { return s.End(by, in, "over") }
	open(4, 3, 2, 1)
	do(0, end)
	do(1, func(s o.Session, by o.Human, in o.Room) (o.Decision, error) { return s.Pause(by, in, "") })
	do(2, end)
	open(4, 2)
	do(0, func(s o.Session, by o.Human, in o.Room) (o.Decision, error) { return s.Resume(by, in, "") })
	do(2, func(s o.Session, by o.Human, in o.Room) (o.Decision, error) { return s.Undo(by, in, "") })
	do(3, end)
	open(3, 2, 1)
	f.reopen(t)
	open(3, 2, 1)
	for prefix, want := range map[string]int{"": 4, "p": 4, "p/w": 3, "p/w/": 3, "p/w2": 1, "x": 0} {
		list, err := f.AllOpen(ctx, prefix, 0)
		if err != nil || len(list) != want {
			t.Fatalf("%q: %v, %v", prefix, list, err)
		}
	}
	if list, err := f.AllOpen(ctx, "", 2); err != nil || len(list) != 2 || list[0].Channel != "p/w/c" || list[0].Number != 1 {
		t.Fatal(list, err)
	}
}
