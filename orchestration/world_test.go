package orchestration

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// world is a session, everybody around it, and what an observer notes of it
// without asking it.
type world struct {
	Session
	in      Room
	team    *shelf
	log     []Entry
	before  []standing // per entry, what stood before it
	memory  []memory   // sessions that were kept, with how they looked
	secrets int
}

type memory struct {
	s    Session
	look string
}

var everybody = []Human{ana, ben, cem, dot, eve}

var personas = []PersonaName{{}, persona("startup-cto"), persona("growth-marketer"), persona("solo-founder"), persona("finance-lead"), persona("ghost"), persona("src:dom/x.y")}

var library = skills("aws-solution-architect", "senior-security", "copywriting", "seo-audit", "ghost", "eng/review", "mkt/review", "decisions:x")

// awkward are words that look like something else where they are read back.
var awkward = []string{
	"Decisions:", "- x", "Open items: none", "Switching to: a + b", "none", "; ;", "Phase 1 complete.", "[list]", "## Artifacts",
	"1. x", "\u202eabc", "two\nlines", "ö東🏗\ufe0f", "**b**", "Switching to Phase 2. Load x persona.", "\xff", " ", "…", "> q", "```",
}

// words are some text of the phase it is said in, so that a leak is seen.
func (w *world) words(t *rapid.T, phase int) string {
	w.secrets++
	return strings.Join([]string{fmt.Sprintf("said-%d-%d", phase, w.secrets), rapid.SampledFrom(awkward).Draw(t, "awkward"), rapid.StringN(0, 8, -1).Draw(t, "text")},
		rapid.SampledFrom([]string{"", " ", "; "}).Draw(t, "sep"))
}

func (w *world) list(t *rapid.T, name string) []string {
	var out []string
	for range rapid.IntRange(0, 2).Draw(t, name) {
		switch rapid.IntRange(0, 3).Draw(t, "again") {
		case 0:
			out = append(out, rapid.SampledFrom(awkward).Draw(t, "word"))
		case 1:
			if here := w.Here(); len(here) > 0 {
				out = append(out, rapid.SampledFrom(here).Draw(t, "item").Text)
			}
		default:
			out = append(out, w.words(t, w.At()))
		}
	}
	return out
}

func (w *world) reason(t *rapid.T) string {
	if rapid.IntRange(0, 2).Draw(t, "why") == 0 {
		return rapid.SampledFrom([]string{"", " ", "\u200b"}).Draw(t, "no reason")
	}
	return w.words(t, w.At())
}

func (w *world) handoff(t *rapid.T) Handoff {
	h := Handoff{Decisions: w.list(t, "decisions"), Artifacts: w.list(t, "artifacts"), Open: w.list(t, "open")}
	if rapid.IntRange(0, 4).Draw(t, "switch") == 0 {
		h.Persona, h.Skills = rapid.SampledFrom(personas).Draw(t, "to"), w.stack(t)
	}
	if rapid.Bool().Draw(t, "output") {
		h.Output = w.words(t, w.At())
	}
	if rapid.IntRange(0, 5).Draw(t, "phase") == 0 {
		h.Phase = w.At() + rapid.IntRange(0, 2).Draw(t, "n")
	}
	return h
}

func (w *world) stack(t *rapid.T) []SkillName {
	return rapid.SliceOfN(rapid.SampledFrom(library), 0, 3).Draw(t, "skills")
}

func (w *world) id(t *rapid.T) int { return rapid.IntRange(0, w.index.len()+1).Draw(t, "id") }

// taskPhase is the phase a task was asked for in, sealed or not.
func (w *world) taskPhase(id int) int {
	task, _ := w.task(id)
	return task.Phase
}

func newWorld(t *rapid.T) *world {
	w := &world{team: newShelf()}
	w.in = Room{Now: monday, Shelf: w.team}
	for i, p := range everybody[1:] {
		role := rapid.SampledFrom([]Role{Admin, Approver, Contributor, Observer, ""}).Draw(t, "role of "+p.Name())
		if role != "" {
			w.in.Channel = w.in.Channel.Apply(Entry{Seq: uint64(i + 1), At: monday, Decision: Recall(eve, "", []Event{RoleGiven{p, role}})})
		}
	}
	if rapid.Bool().Draw(t, "defaults") {
		w.in.Channel = w.in.Channel.Apply(Entry{Seq: 9, At: monday, Decision: Recall(eve, "", []Event{DefaultSkillLoaded{Skill{Name: library[2], Pin: Pin{"test", "copywriting", "00"}}}})})
	}
	thread := rapid.SampledFrom([]ThreadKey{"", "c/1"}).Draw(t, "thread")
	plan := rapid.SampledFrom([]func() Plan{sprint, dive, chain, func() Plan { return reviewOf(false) }, func() Plan { return reviewOf(true) }}).Draw(t, "plan")()
	w.check(t, func() (Decision, error) {
		return w.Start(ana, w.in, "c", thread, plan, Brief{Objective: "x"}, "")
	})
	if w.State() != ActiveState {
		t.Fatal("nothing started")
	}
	w.team.missing["ghost"] = true
	return w
}

// check has a decision made, holds what is true of every decision, and folds it.
func (w *world) check(t *rapid.T, do func() (Decision, error)) {
	w.in.Now = w.in.Now.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "hours")) * time.Hour)
	d, err := do()
	if err != nil {
		if !d.IsZero() {
			t.Fatalf("refused with %v, and decided %s", err, Describe(d))
		}
		r, ok := err.(Refusal) //nolint:errorlint // nothing may be wrapped around it here
		if !ok || illFormed(r) != "" {
			t.Fatalf("%#v %s", err, illFormed(r))
		}
		w.unsealed(t, "a refusal", r.Why+strings.Join(r.Instead, " "))
		return
	}
	if d.IsZero() {
		t.Fatal("neither refused nor decided")
	}
	if text := Describe(d); text == "" || strings.Contains(text, "\n") {
		t.Fatalf("described as %q", text)
	}
	w.apply(t, d)
}

func (w *world) apply(t *rapid.T, d Decision) {
	e := Entry{Seq: w.Seq() + 1, At: w.in.Now, Decision: d}
	old := w.Session
	if rapid.IntRange(0, 9).Draw(t, "remember") == 0 {
		w.memory = append(w.memory, memory{old, old.look()})
	}
	w.log, w.before = append(w.log, e), append(w.before, old.standing)
	w.Session = old.Apply(e)
	if _, ok := d.By().(Agent); ok {
		if !reflect.DeepEqual(old.standing, w.standing) || len(old.Items()) != len(w.Items()) || len(old.Handoffs()) != len(w.Handoffs()) {
			t.Fatalf("an agent changed the plan: %s", Describe(d))
		}
		for _, event := range d.Events() {
			if _, ok := event.(agentEvent); !ok {
				t.Fatalf("an agent decided %T", event)
			}
		}
	} else if d.By() == nil || d.By().(Human).IsZero() {
		t.Fatal("nobody decided")
	}
	for _, event := range d.Events() {
		switch event := event.(type) {
		case HandedOff:
			checkPrinted(t, event.Handoff)
		case Undone:
			want := old.standing // an undo of items moves nothing
			if old.undo.before != nil {
				want = w.before[event.Seq-1]
			}
			if !reflect.DeepEqual(want, w.standing) {
				t.Fatalf("undone %s: stands\n%+v\nnot\n%+v", event.What, w.standing, want)
			}
		}
	}
}

// look is all that can be seen of a session.
func (s Session) look() string { return s.everything() + fmt.Sprintf("%+v", s.standing) }

func checkPrinted(t *rapid.T, h Handoff) {
	if n := len(h.Text(ProtocolText)); n > MaxHandoff {
		t.Fatalf("%d bytes were handed off", n)
	}
	h.Output = ""
	for _, d := range []Dialect{ProtocolText, LongText} {
		got, err := ParseHandoff(h.Text(d))
		if err != nil || !cmp.Equal(h, got, sameHandoff) {
			t.Fatalf("%v\n%s\n%s", err, cmp.Diff(h, got, sameHandoff), h.Text(d))
		}
	}
}

// unsealed holds that a text says nothing of a phase that is sealed now.
func (w *world) unsealed(t *rapid.T, what, text string) {
	if !w.plan.sealed || w.State() == EndedState || w.phase().Part == Decider {
		return
	}
	for i, p := range w.Phases() {
		if p.Part != Author && i != w.At() && strings.Contains(text, fmt.Sprintf("said-%d-", i)) {
			t.Fatalf("in step %d, %s tells of step %d:\n%s", w.At()+1, what, i+1, text)
		}
	}
}

// note is an item as the observer knows it.
type note struct {
	kind    ItemKind
	phase   int
	state   ItemState
	leftOut bool
}

// observe reads the log from the start, passing over what was undone, and says
// what must be on record: for items, that is all an undo is. What a handoff
// that was taken back had recorded stays.
func (w *world) observe() map[int]*note {
	undone := map[uint64]bool{}
	for _, e := range w.log {
		for _, event := range e.Events() {
			if u, ok := event.(Undone); ok {
				undone[u.Seq] = true
			}
		}
	}
	out := map[int]*note{}
	for i, e := range w.log {
		gone := undone[e.Seq]
		moved := slices.ContainsFunc(e.Events(), func(e Event) bool { _, ok := e.(HandedOff); return ok })
		for _, event := range e.Events() {
			switch event := event.(type) {
			case ItemRecorded:
				n := &note{kind: event.Kind, phase: w.before[i].at}
				if gone && !moved {
					n.state = Withdrawn
				}
				out[event.ID] = n
			case ItemResolved:
				if !gone {
					out[event.ID].state = Resolved
				}
			case ItemSuperseded:
				if !gone {
					out[event.ID].state = Superseded
				}
			case ItemWithdrawn:
				if !gone {
					out[event.ID].state = Withdrawn
				}
			case HandedOff:
				if gone {
					continue
				}
				for id, n := range out {
					if n.phase == event.Phase && n.state == Live {
						n.leftOut = slices.Contains(event.LeftOut, id)
					}
				}
			}
		}
	}
	return out
}

// hold is what is true at every moment.
func (w *world) hold(t *rapid.T) {
	w.holdItems(t)
	w.holdPattern(t)
	var history strings.Builder
	for _, e := range w.log {
		if !w.Hides(e) {
			fmt.Fprintln(&history, Describe(e.Decision), e.Because(), e.Events())
		}
	}
	w.unsealed(t, "the session", w.everything())
	w.unsealed(t, "the history", history.String())
	if what, _, ok := w.CanUndo(); ok != (w.undo != nil) || ok && what == "" {
		t.Fatalf("can undo %q, %t", what, ok)
	}
	for id := range w.index.len() {
		if w.Numbered(id+1) == "" {
			t.Fatalf("#%d is nothing", id+1)
		}
	}
}

// holdItems: nothing carried is lost, and nothing settled comes back.
func (w *world) holdItems(t *rapid.T) {
	var carried, here, open []int
	expected := w.observe()
	for id := range w.index.len() + 1 {
		n := expected[id]
		if n == nil {
			continue
		}
		item, _ := w.item(id)
		if item.State != n.state || item.Phase != n.phase || n.state == Live && item.leftOut != n.leftOut {
			t.Fatalf("#%d is %+v, want %+v", id, item, *n)
		}
		if n.state != Live || w.sealedPhase(n.phase) {
			continue
		}
		if n.kind == OpenItem {
			open = append(open, id)
		}
		if n.phase == w.At() {
			here = append(here, id)
		}
		if !n.leftOut && (n.phase != w.At() || w.State() == EndedState) {
			carried = append(carried, id)
		}
	}
	for _, list := range []struct {
		name string
		got  []Item
		want []int
	}{{"carried", w.Carried(), carried}, {"here", w.Here(), here}, {"open", w.Open(), open}} {
		var ids []int
		for _, item := range list.got {
			ids = append(ids, item.ID)
		}
		if !slices.Equal(ids, list.want) {
			t.Fatalf("%s: %v, want %v", list.name, ids, list.want)
		}
	}
}

// holdPattern: what each pattern promises of persona, skills and outcomes.
func (w *world) holdPattern(t *rapid.T) {
	who, stack := w.Persona().Name, len(w.Skills())
	switch w.Plan().Kind() {
	case SkillChainKind:
		if !who.IsZero() || stack != 1 {
			t.Fatalf("a chain as %s with %d skills", who, stack)
		}
	case DomainDeepDiveKind:
		if who.IsZero() || stack < 2 {
			t.Fatalf("a deep dive as %s with %d skills", who, stack)
		}
	case MultiAgentHandoffKind:
		if who.IsZero() || w.At() > 0 && w.thought[w.At()-1] == who {
			t.Fatalf("step %d as %q, after %v", w.At()+1, who, w.thought)
		}
	}
	for i := range w.At() {
		if w.Outcome(i) == Pending {
			t.Fatalf("phase %d of %d is pending", i+1, w.At()+1)
		}
	}
	if w.State() != EndedState && w.Outcome(w.At()) != Pending {
		t.Fatalf("the open phase is %s", w.Outcome(w.At()))
	}
	for i, e := range w.log { // whoever may ever have been thinking, it was one
		n := 0
		for _, event := range e.Events() {
			switch event.(type) {
			case PersonaSwitched, PhaseEntered:
				n++
			}
		}
		if n > 1 {
			t.Fatalf("decision %d sets %d personas", i+1, n)
		}
	}
}

// end is what is true of the whole.
func (w *world) end(t *rapid.T) {
	if again := Fold(w.log); !reflect.DeepEqual(again, w.Session) {
		t.Fatalf("folding the log again gives\n%s\nnot\n%s", again.look(), w.look())
	}
	for _, m := range w.memory {
		if now := m.s.look(); now != m.look {
			t.Fatalf("a session that was kept became\n%s\nfrom\n%s", now, m.look)
		}
	}
}
