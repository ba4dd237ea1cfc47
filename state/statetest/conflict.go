package statetest

import (
	"errors"
	"testing"

	o "github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

func write(s state.Stream, after uint64, text string) state.Write {
	return state.Write{Appends: []state.Append{{Stream: s, After: after, Record: []byte(text)}}}
}

// testConflict: an append after anything but a stream's last record is refused,
// and so is a write whose expectations do not hold.
func testConflict(t *testing.T, f *fixture) {
	b := f.backend
	for i, text := range []string{"one", "two"} {
		if err := b.Commit(ctx, write("s/x", uint64(i), text)); err != nil {
			t.Fatal(err)
		}
	}
	put := state.Row{Space: state.SpaceOwn, Key: "a", Value: []byte("1")}
	if err := b.Commit(ctx, state.Write{Rows: []state.Row{put}}); err != nil {
		t.Fatal(err)
	}
	expecting := func(w state.Write, e state.Head) state.Write { w.Expect = append(w.Expect, e); return w }
	checking := func(w state.Write, r state.Row) state.Write { w.Checks = append(w.Checks, r); return w }
	for name, w := range map[string]state.Write{
		"behind":      write("s/x", 1, "x"),
		"ahead":       write("s/x", 3, "x"),
		"new":         write("s/x", 0, "x"),
		"absent":      write("s/y", 1, "x"),
		"moved":       expecting(write("s/y", 0, "x"), state.Head{Stream: "s/x", Seq: 1}),
		"not there":   expecting(write("s/y", 0, "x"), state.Head{Stream: "s/z", Seq: 1}),
		"row there":   checking(write("s/y", 0, "x"), state.Row{Space: put.Space, Key: "a"}),
		"row differs": checking(write("s/y", 0, "x"), state.Row{Space: put.Space, Key: "a", Value: []byte("2")}),
		"row absent":  checking(write("s/y", 0, "x"), state.Row{Space: put.Space, Key: "b", Value: []byte("1")}),
	} {
		if err := b.Commit(ctx, w); !errors.Is(err, state.ErrConflict) {
			t.Errorf("%s: %v", name, err)
		}
	}
	w := expecting(write("s/y", 0, "x"), state.Head{Stream: "s/x", Seq: 2})
	w = expecting(w, state.Head{Stream: "s/z", Seq: 0})
	w = checking(w, put)
	w = checking(w, state.Row{Space: put.Space, Key: "b"})
	if err := b.Commit(ctx, w); err != nil {
		t.Fatal(err)
	}
}

// testAllOrNothing: of a write that is refused nothing is kept, of one that is
// accepted everything, over several streams.
func testAllOrNothing(t *testing.T, f *fixture) {
	b := f.backend
	w := state.Write{
		At: f.clock.Now(), Key: "k",
		Appends: []state.Append{{Stream: "s/a", Record: []byte("1")}, {Stream: "s/b", After: 7, Record: []byte("2")}},
		Rows:    []state.Row{{Space: state.SpaceOwn, Key: "r", Value: []byte("3")}},
	}
	if err := b.Commit(ctx, w); !errors.Is(err, state.ErrConflict) {
		t.Fatal(err)
	}
	kept := func() int {
		n := 0
		for _, s := range []state.Stream{"s/a", "s/b"} {
			records, err := b.Read(ctx, s, 0, 10)
			if err != nil {
				t.Fatal(err)
			}
			n += len(records)
		}
		for _, q := range []state.Query{{Space: state.SpaceOwn, Limit: 10}, {Space: state.SpaceKey, Key: "k"}} {
			rows, err := b.Rows(ctx, q)
			if err != nil {
				t.Fatal(err)
			}
			n += len(rows)
		}
		return n
	}
	if n := kept(); n != 0 {
		t.Fatalf("%d things kept of a refused write", n)
	}
	w.Appends[1].After = 0
	if err := b.Commit(ctx, w); err != nil {
		t.Fatal(err)
	}
	if n := kept(); n != 4 {
		t.Fatalf("%d of 4 things kept", n)
	}
	w.Appends[0].After, w.Appends[1].After = 1, 1
	var seen *state.Seen
	if err := b.Commit(ctx, w); !errors.As(err, &seen) || *seen != (state.Seen{Stream: "s/a", Seq: 1}) {
		t.Fatal(err)
	}
}

// testQuery: rows come in order of their keys, from either end.
func testQuery(t *testing.T, f *fixture) {
	var w state.Write
	for _, key := range []string{"b\x002", "a", "b\x001", "c", "b\x00\xff\xff", "b", "b\x003"} {
		w.Rows = append(w.Rows, state.Row{Space: state.SpaceOwn, Key: key, Value: []byte(key)})
	}
	w.Rows = append(w.Rows, state.Row{Space: state.SpaceOpen, Key: "b\x004", Value: []byte("other")},
		state.Row{Space: state.SpaceThread, Key: "b\x000", Value: []byte("other")})
	if err := f.backend.Commit(ctx, w); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		q    state.Query
		want []string
	}{
		{state.Query{Key: "b"}, []string{"b"}},
		{state.Query{Key: "b\x00"}, nil},
		{state.Query{Key: "z"}, nil},
		{state.Query{}, []string{"a", "b", "b\x001", "b\x002", "b\x003", "b\x00\xff\xff", "c"}},
		{state.Query{Reverse: true}, []string{"c", "b\x00\xff\xff", "b\x003", "b\x002", "b\x001", "b", "a"}},
		{state.Query{Prefix: "b\x00"}, []string{"b\x001", "b\x002", "b\x003", "b\x00\xff\xff"}},
		{state.Query{Prefix: "b\x00", Reverse: true}, []string{"b\x00\xff\xff", "b\x003", "b\x002", "b\x001"}},
		{state.Query{Prefix: "b\x00", After: "b\x002"}, []string{"b\x003", "b\x00\xff\xff"}},
		{state.Query{Prefix: "b\x00", After: "b\x002", Reverse: true}, []string{"b\x001"}},
		{state.Query{Prefix: "b\x00", After: "b\x0025", Reverse: true}, []string{"b\x002", "b\x001"}},
		{state.Query{Prefix: "b\x00", After: "z", Reverse: true}, []string{"b\x00\xff\xff", "b\x003", "b\x002", "b\x001"}},
		{state.Query{Prefix: "b\x00", After: "a"}, []string{"b\x001", "b\x002", "b\x003", "b\x00\xff\xff"}},
		{state.Query{Prefix: "z"}, nil},
		{state.Query{Prefix: "z", Reverse: true}, nil},
		{state.Query{Prefix: "a", Reverse: true}, []string{"a"}},
	} {
		for _, limit := range []int{1, 2, 100} {
			test.q.Space, test.q.Limit = state.SpaceOwn, limit
			rows, err := f.backend.Rows(ctx, test.q)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, row := range rows {
				if string(row.Value) != row.Key || row.Space != state.SpaceOwn {
					t.Fatalf("%+v", row)
				}
				got = append(got, row.Key)
			}
			same(t, "rows of a query", test.want[:min(limit, len(test.want))], got)
		}
	}
}

// testDecidedAgain: where something that a decision read has moved by the time
// it is committed, it is taken again.
func testDecidedAgain(t *testing.T, f *fixture) {
	id := must(t)(f.Create(ctx, Start("start", "p/w/c", ""))).ID
	set := func(tokens int) {
		if _, err := f.UpdateSettings(ctx, Budget("", "p/w/c", tokens)); err != nil {
			t.Fatal(err)
		}
	}
	var read []int
	must(t)(f.Update(ctx, state.Change{Key: "k", Session: id, Decide: func(v state.View, s o.Session) (o.Decision, error) {
		in, err := v.Channel("p/w/c")
		if err != nil {
			return o.Decision{}, err
		}
		read = append(read, in.Budget())
		if len(read) < 3 {
			set(len(read) * 1000) // somebody else is faster
		}
		return s.Record(ana, room(v), o.Note{Kind: o.DecisionItem, Text: "x"}, "")
	}}))
	same(t, "what was read", []int{0, 1000, 2000}, read)
	other := state.NewSessionID()
	var counts []int
	must(t)(f.Update(ctx, state.Change{Session: id, Decide: func(v state.View, s o.Session) (o.Decision, error) {
		n, err := v.Count("p/w/c")
		counts = append(counts, n)
		if len(counts) == 1 {
			c := Start("late", "p/w/c", "")
			c.Session = other
			must(t)(f.Create(ctx, c))
		}
		if err != nil {
			return o.Decision{}, err
		}
		return s.Record(ana, room(v), o.Note{Kind: o.DecisionItem, Text: "y"}, "")
	}}))
	same(t, "the counts", []int{1, 2}, counts)
}
