package orchestration

import (
	"fmt"
	"go/ast"
	"runtime"
	"slices"
	"testing"
	"time"
)

// long is a session with n decisions in its log, in its second phase, as
// threads become that a team lives in: a few open items, the rest settled.
func long(t testing.TB, n int) (Session, Room) {
	in := Room{Now: monday, Shelf: newShelf()}
	var s Session
	do := func(d Decision, err error) {
		if err != nil {
			t.Fatal(err)
		}
		s = s.Apply(Entry{Seq: s.Seq() + 1, At: monday, Decision: d})
	}
	do(s.Start(ana, in, "c", "c/1", sprint(), Brief{Objective: "x"}, ""))
	for i := range n {
		switch {
		case i == n-5:
			h := Handoff{Decisions: []string{"done"}}
			do(s.HandOff(ana, in, Pass{Handoff: h, Exact: true}))
		case i%10 == 3:
			do(s.Ask(ana, in, "do it", ""))
		case i%10 == 4:
			do(s.Stop(ana, in, s.index.len(), ""))
		case i%10 == 5:
			do(s.Switch(ana, in, persona("p"+itoa(i)), ""))
		case i%10 == 6:
			do(s.Remind(ana, in, monday.Add(time.Hour), "x", ""))
		case i%10 == 7:
			do(s.CancelReminder(ana, in, s.index.len(), ""))
		case i%10 == 8 && i > 20:
			do(s.Record(ana, in, Note{Kind: OpenItem, Text: "open " + itoa(i)}, ""))
		case i%10 == 9 && i > 20:
			do(s.Resolve(ana, in, s.index.len(), ""))
		default:
			do(s.Record(ana, in, Note{Kind: DecisionItem, Text: "decision " + itoa(i)}, ""))
		}
	}
	return s, in
}

// plainDecisions are what people do all day; none needs the whole record.
var plainDecisions = []struct {
	name string
	do   func(Session, Room) (Decision, error)
}{
	{"record", func(s Session, in Room) (Decision, error) {
		return s.Record(ana, in, Note{Kind: DecisionItem, Text: "one more"}, "")
	}},
	{"edit", func(s Session, in Room) (Decision, error) { return s.Edit(ana, in, 1, "other words", "") }},
	{"supersede", func(s Session, in Room) (Decision, error) { return s.Supersede(ana, in, 1, "other words", "") }},
	{"load", func(s Session, in Room) (Decision, error) { return s.Load(ana, in, skills("x"), "") }},
	{"switch", func(s Session, in Room) (Decision, error) { return s.Switch(ana, in, persona("y"), "") }},
	{"override", func(s Session, in Room) (Decision, error) { return s.OverridePhase(ana, in, 3, "x") }},
	{"ask", func(s Session, in Room) (Decision, error) { return s.Ask(ana, in, "x", "") }},
	{"remind", func(s Session, in Room) (Decision, error) { return s.Remind(ana, in, monday.Add(day), "x", "") }},
	{"pause", func(s Session, in Room) (Decision, error) { return s.Pause(ana, in, "") }},
	{"undo", func(s Session, in Room) (Decision, error) { return s.Undo(ana, in, "") }},
	{"end", func(s Session, in Room) (Decision, error) { return s.End(ana, in, "x") }},
}

// status is what a screen asks for.
func status(s Session) {
	s.Phase()
	s.LastHandoff()
	s.CanUndo()
	s.Here()
	s.Open()
	s.Waiting()
	s.Reminders()
	s.SealedReviews()
	s.Reviews()
	s.Input()
	s.Item(1)
	s.Draft()
	s.NewestHere(15)
	s.NewestOpen(15)
}

// A decision in a thread with ten thousand records costs little more memory
// than in one with ten, and so does a look at where it stands.
func TestLongThreadsAreNoSlower(t *testing.T) {
	short, in := long(t, 25)
	big, _ := long(t, 10_000)
	for _, d := range plainDecisions {
		cost := func(s Session) uint64 {
			return allocated(func() {
				d, err := d.do(s, in)
				if err != nil {
					t.Fatal(err)
				}
				s.Apply(Entry{Seq: s.Seq() + 1, At: monday, Decision: d})
			})
		}
		if a, b := cost(short), cost(big); b > 2*a+16<<10 {
			t.Errorf("%s: %d bytes in a short thread, %d in a long one", d.name, a, b)
		}
	}
	if a, b := allocated(func() { status(short) }), allocated(func() { status(big) }); b > 2*a+16<<10 {
		t.Errorf("status: %d bytes for a short thread, %d for a long one", a, b)
	}
}

// allocated is how many bytes one run takes, by the best of three counts.
func allocated(f func()) uint64 {
	const runs = 20
	best := ^uint64(0)
	f()
	for range 3 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range runs {
			f()
		}
		runtime.ReadMemStats(&after)
		best = min(best, (after.TotalAlloc-before.TotalAlloc)/runs)
	}
	return best
}

// Only these read a whole list: what copies it for its caller, and what has to
// look at all of it because a person asked for just that.
func TestWhoReadsAll(t *testing.T) {
	may := []string{"Items", "Carried", "Handoffs", "Tasks", "Accept", "rejected"}
	for _, path := range []string{
		"adjust.go", "apply.go", "carried.go", "chain.go", "handoff.go", "item.go", "override.go", "proposal.go", "remind.go",
		"run.go", "seal.go", "session.go", "start.go", "task.go", "undo.go", "wear.go",
	} {
		for _, decl := range parse(t, path).Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if call, ok := n.(*ast.SelectorExpr); ok && call.Sel.Name == "all" && !slices.Contains(may, f.Name.Name) {
					t.Errorf("%s: %s reads a whole list", path, f.Name.Name)
				}
				return true
			})
		}
	}
}

// An undo keeps no more of the session before it than what it restores.
func TestUndoKeepsLittle(t *testing.T) {
	s, in := long(t, 10_000)
	perStep := func(n int) uint64 {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		for i := range n {
			d, err := s.Switch(ana, in, persona("q"+itoa(i%7)), "")
			if err != nil {
				t.Fatal(err)
			}
			s = s.Apply(Entry{Seq: s.Seq() + 1, At: monday, Decision: d})
			d, err = s.Record(ana, in, Note{Kind: DecisionItem, Text: "x"}, "")
			if err != nil {
				t.Fatal(err)
			}
			s = s.Apply(Entry{Seq: s.Seq() + 1, At: monday, Decision: d})
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(s)
		return (after.HeapAlloc - before.HeapAlloc) / uint64(n)
	}
	if got := perStep(1000); got > 4<<10 {
		t.Errorf("a switch and a record keep %d bytes", got)
	}
}

func BenchmarkDecide(b *testing.B) {
	for _, n := range []int{25, 10_000} {
		s, in := long(b, n)
		for _, d := range plainDecisions {
			b.Run(fmt.Sprintf("%s/n=%d", d.name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					d, err := d.do(s, in)
					if err != nil {
						b.Fatal(err)
					}
					s.Apply(Entry{Seq: s.Seq() + 1, At: monday, Decision: d})
				}
			})
		}
		b.Run(fmt.Sprintf("status/n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				status(s)
			}
		})
	}
}
