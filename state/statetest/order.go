package statetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	o "github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// shown is what can be seen of a session.
type shown struct {
	Seq      uint64
	State    o.State
	Thread   o.ThreadKey
	Plan     []o.Phase
	Owner    string
	At       int
	Persona  o.Persona
	Skills   []o.Skill
	Due      time.Time
	Items    []string
	Handoffs []string
}

func show(s o.Session) shown {
	out := shown{
		Seq: s.Seq(), State: s.State(), Thread: s.Thread(), Plan: s.Phases(), Owner: s.Owner().Name(), At: s.At(),
		Persona: s.Persona(), Skills: s.Skills(), Due: s.Due(),
	}
	for _, i := range s.Items() {
		out.Items = append(out.Items, fmt.Sprint(i.ID, i.Kind, i.Text, i.By, i.At, i.State, i.Edits))
	}
	for _, h := range s.Handoffs() {
		out.Handoffs = append(out.Handoffs, h.Text(o.ProtocolText))
	}
	return out
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b o.PersonaName) bool { return a == b }),
		cmp.Comparer(func(a, b o.SkillName) bool { return a == b })); diff != "" {
		t.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}

// testOrder: decisions of a session are numbered from 1 without gaps, and what
// each made can be had again.
func testOrder(t *testing.T, f *fixture) {
	id := must(t)(f.Create(ctx, Start("start", "p/w/c", "p/w/c/1"))).ID
	var after []shown
	for i := range 9 {
		f.clock.add(time.Minute)
		r := must(t)(f.Update(ctx, Record(fmt.Sprint("key", i), id, fmt.Sprint("item ", i))))
		if want := uint64(i + 2); r.Entry.Seq != want || r.Before.Seq() != want-1 || r.After.Seq() != want || r.Number != 1 {
			t.Fatalf("decision %d became %+v", want, r)
		}
		if !r.Entry.At.Equal(f.clock.Now()) {
			t.Fatalf("decided at %v, recorded at %v", f.clock.Now(), r.Entry.At)
		}
		after = append(after, show(r.After))
	}
	for i, want := range after {
		s, err := f.SessionAt(ctx, id, uint64(i+2))
		if err != nil {
			t.Fatal(err)
		}
		same(t, fmt.Sprint("after decision ", i+2), want, show(s))
	}
	next := uint64(4)
	for e, err := range f.Entries(ctx, state.SessionStream(id), 3) {
		if err != nil || e.Seq != next || e.By() != ana {
			t.Fatalf("entry %d is %v, %v", next, e, err)
		}
		next++
	}
	if next != 11 {
		t.Fatalf("entries end before %d", next)
	}
}

// testLog: all streams together come in the order of their commits.
func testLog(t *testing.T, f *fixture) {
	if end, err := f.End(ctx); err != nil || end != 0 {
		t.Fatalf("an empty log ends at %d, %v", end, err)
	}
	a := must(t)(f.Create(ctx, Start("a", "p/w/c", ""))).ID
	b := must(t)(f.Create(ctx, Start("b", "p/w/c", ""))).ID
	want := []string{string(a) + " 1", string(b) + " 1"}
	for i := range 10 {
		id := []state.SessionID{a, b}[i%2]
		r := must(t)(f.Update(ctx, Record("", id, fmt.Sprint(i))))
		want = append(want, fmt.Sprint(id, " ", r.Entry.Seq))
	}
	var got []string
	pos := uint64(0)
	for {
		page, err := f.backend.Log(ctx, pos, 5)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range page {
			if l.Pos <= pos || l.Damage != nil {
				t.Fatalf("%d after %d: %v", l.Pos, pos, l.Damage)
			}
			pos = l.Pos
			id, _ := l.Stream.Session()
			got = append(got, fmt.Sprint(id, " ", l.Seq))
		}
		if len(page) == 0 {
			break
		}
	}
	same(t, "the log", want, got)
	if end, err := f.End(ctx); err != nil || end != pos {
		t.Fatalf("the log ends at %d, %v; its newest record is at %d", end, err, pos)
	}
}

// testReopen: what was accepted is there after closing, and prints as it did.
func testReopen(t *testing.T, f *fixture) {
	if _, err := f.UpdateSettings(ctx, state.SettingChange{
		Stream: state.ChannelStream("p/w/c"),
		Decide: func(v state.View, s o.Settings) (o.Decision, error) {
			return s.SetZone(ana, room(v), "Asia/Kolkata", "")
		},
	}); err != nil {
		t.Fatal(err)
	}
	id := must(t)(f.Create(ctx, Start("start", "p/w/c", "p/w/c/1"))).ID
	due := must(t)(f.Update(ctx, Record("", id, "x"))).After.Due()
	if due.IsZero() {
		t.Fatal("nothing is due")
	}
	r := must(t)(f.Update(ctx, Record("k", id, "Postgres")))
	f.reopen(t)
	s, err := f.Session(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "the session", show(r.After), show(s))
	same(t, "when it is due", due.String(), s.Due().String())
	if bound, ok, err := f.InThread(ctx, "p/w/c/1"); bound != id || !ok || err != nil {
		t.Fatal(bound, ok, err)
	}
	if n, err := f.Number(ctx, id); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	must(t)(f.Update(ctx, Record("k2", id, "go on")))
}

// testNothingDecided: a refusal comes back as it is, and neither it nor an
// empty decision writes anything.
func testNothingDecided(t *testing.T, f *fixture) {
	id := must(t)(f.Create(ctx, Start("start", "p/w/c", ""))).ID
	refusal := o.Refuse("not today").Try("status")
	r, err := f.Update(ctx, Verb("k", id, func(o.Session, o.Human, o.Room) (o.Decision, error) { return o.Decision{}, refusal }))
	var got o.Refusal
	if !errors.As(err, &got) || got.Why != refusal.Why || r.Before.Seq() != 1 || !r.Entry.IsZero() {
		t.Fatalf("%v, %+v", err, r)
	}
	r, err = f.Update(ctx, Verb("k", id, func(o.Session, o.Human, o.Room) (o.Decision, error) { return o.Decision{}, nil }))
	if err != nil || !r.Entry.IsZero() || r.After.Seq() != 1 {
		t.Fatalf("%v, %+v", err, r)
	}
	if _, _, ok, err := f.Seen(ctx, "k"); ok || err != nil {
		t.Fatal("the key of what was refused is kept", err)
	}
	if r := must(t)(f.Update(ctx, Record("k", id, "yes"))); r.Repeated || r.Entry.Seq != 2 {
		t.Fatalf("%+v", r)
	}
	if _, err := f.Update(ctx, Record("k3", state.NewSessionID(), "x")); err == nil {
		t.Fatal("a session that was never created was updated")
	}
}

// testLongStream: a stream of many pages reads from any place.
func testLongStream(t *testing.T, f *fixture) {
	id := must(t)(f.Create(ctx, Start("start", "p/w/c", ""))).ID
	const n = 700
	for i := range n {
		if _, err := f.Update(ctx, Verb("", id, func(s o.Session, by o.Human, in o.Room) (o.Decision, error) {
			return s.Announce(by, in, fmt.Sprint(i), "")
		})); err != nil {
			t.Fatal(err)
		}
		if i == n/2 {
			f.reopen(t)
		}
	}
	for _, after := range []uint64{0, 1, 63, 64, 65, 127, 128, 500, n - 1, n, n + 1, n + 2} {
		for _, limit := range []int{1, 64, 100, 1000} {
			got, err := f.backend.Read(ctx, state.SessionStream(id), after, limit)
			want := max(0, min(limit, n+1-int(after)))
			if err != nil || len(got) != want {
				t.Fatalf("after %d at most %d: %d records, want %d: %v", after, limit, len(got), want, err)
			}
		}
	}
	f.reopen(t)
	seq := uint64(0)
	for e, err := range f.Entries(ctx, state.SessionStream(id), 0) {
		if seq++; err != nil || e.Seq != seq {
			t.Fatal(seq, e.Seq, err)
		}
	}
	if seq != n+1 {
		t.Fatalf("%d entries", seq)
	}
}
