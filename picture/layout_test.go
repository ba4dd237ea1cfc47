package picture

import (
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/synthoperator/baton/orchestration"
)

var update = flag.Bool("update", false, "write the goldens anew")

func layOut(t failer, line Timeline) (history, page) {
	t.Helper()
	h, err := line.read()
	if err != nil {
		t.Fatal(err)
	}
	ts, err := newTypesetter()
	if err != nil {
		t.Fatal(err)
	}
	return h, lay(h, ts)
}

// TestLayouts holds what every scene's picture says and where it says it.
func TestLayouts(t *testing.T) {
	var b strings.Builder
	for _, s := range scenes {
		line := s.tell(t).timeline()
		_, p := layOut(t, line)
		fmt.Fprintf(&b, "== %s\n%s%s\n\n", s.name, told(p), line.Alt())
	}
	const golden = "testdata/layouts.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")); diff != "" {
		t.Error(diff)
	}
}

var barNames = [...]string{"plan", "worked", "paused", "over"}

// told is a page in words: a row a line, with what lies where.
func told(p page) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%.0fx%.0f\n", p.width, p.height)
	for _, l := range p.head {
		fmt.Fprintln(&b, l.text)
	}
	for _, l := range p.names {
		fmt.Fprintf(&b, "%s@%.0f ", l.text, l.x)
	}
	b.WriteString("\n")
	for _, r := range p.rows {
		for _, l := range r.labels {
			b.WriteString("[" + l.text + "] ")
		}
		for _, bar := range r.bars {
			fmt.Fprintf(&b, "%s %.0f-%.0f ", barNames[bar.kind], bar.x, bar.right())
		}
		for _, m := range r.marks {
			fmt.Fprintf(&b, "%s%s@%.0f ", markNames[m.kind], m.count.text, m.x)
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "%s@%.0f\n", p.today.label.text, p.today.x)
	for _, s := range p.legend {
		b.WriteString(s.label.text + "; ")
	}
	return strings.ReplaceAll(b.String(), string(boxRune), "□") + "\n"
}

// Whatever people do, the picture is in order.
func TestAnySessionIsInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anySession(t)
		h, p := layOut(t, s.timeline())
		if bad := disorder(p); bad != "" {
			t.Fatalf("%s\n%s", bad, told(p))
		}
		holdHistory(t, s, h)
		alt := s.timeline().Alt()
		if n := utf8.RuneCountInString(alt); n > maxAlt || !strings.HasPrefix(alt, "Timeline of ") {
			t.Fatalf("%d: %s", n, alt)
		}
	})
}

func TestScenesAreInOrder(t *testing.T) {
	for _, s := range scenes {
		st := s.tell(t)
		_, p := layOut(t, st.timeline())
		if bad := disorder(p); bad != "" {
			t.Errorf("%s: %s", s.name, bad)
		}
	}
}

var words = rapid.StringOf(rapid.OneOf(rapid.RuneFrom([]rune("abcdefgh iMW…")), rapid.RuneFrom([]rune("中\U0001F680ע\u0301\u200dЖ")), rapid.Rune()))

func anyPlan(t *rapid.T) orchestration.Plan {
	switch rapid.IntRange(0, 4).Draw(t, "pattern") {
	case 0:
		return chain()
	case 1:
		return dive(rapid.SampledFrom([]int{0, 1, 3660}).Draw(t, "days"))
	case 2:
		return review(rapid.Bool().Draw(t, "sealed"))
	}
	var phases []orchestration.Phase
	for i := range rapid.SampledFrom([]int{1, 2, 4, 11, 12, 13, 14, 52}).Draw(t, "phases") {
		name := fmt.Sprintf("%d%s", i, words.Draw(t, "name"))
		for len(name) > 100 { // the longest that a plan takes, in bytes
			_, n := utf8.DecodeLastRuneInString(name)
			name = name[:len(name)-n]
		}
		days := rapid.OneOf(rapid.Just(0), rapid.IntRange(1, 30), rapid.IntRange(0, 3660)).Draw(t, "days")
		who := rapid.SampledFrom([]string{"cto", "customer-research-and-insights-lead"}).Draw(t, "who")
		phases = append(phases, phase(name, days, who))
	}
	plan, err := orchestration.SoloSprint(orchestration.Title{Name: "p", Text: words.Draw(t, "title")}, phases...)
	if err != nil {
		t.Skip(err)
	}
	return plan
}

func anySession(t *rapid.T) *story {
	s := begin(t, anyPlan(t), "x"+words.Draw(t, "objective"))
	for range rapid.IntRange(0, 30).Draw(t, "decisions") {
		wait := rapid.OneOf(rapid.Just(0), rapid.IntRange(-5, 600), rapid.IntRange(0, 40*24*60)).Draw(t, "minutes")
		s.after(time.Duration(wait) * time.Minute)
		d, err := anyDecision(t, s)
		if err == nil {
			s.do(d, nil)
		}
	}
	return s.after(time.Duration(rapid.IntRange(0, 4000).Draw(t, "then")) * time.Hour)
}

func anyDecision(t *rapid.T, s *story) (orchestration.Decision, error) {
	switch rapid.IntRange(0, 9).Draw(t, "what") {
	case 0:
		return s.session.Pause(ana, s.in, "")
	case 1:
		return s.session.Resume(ana, s.in, "")
	case 2:
		return s.session.End(ana, s.in, "x")
	case 3, 4:
		return s.session.Undo(ana, s.in, "")
	case 5:
		return s.session.OverridePhase(ana, s.in, rapid.IntRange(0, len(s.session.Phases())-1).Draw(t, "to"), "x")
	case 6:
		return s.session.OverrideHandoff(ana, s.in, "x")
	case 7:
		return s.session.OverridePersona(ana, s.in, persona("finance-lead"), "x")
	}
	return s.session.HandOff(ana, s.in, orchestration.Pass{Handoff: orchestration.Handoff{Decisions: []string{"x"}, Output: "y"}})
}

// holdHistory: every moment from the start on belongs to one phase or, while
// the session was ended, to none; and the handoffs that stand are shown.
func holdHistory(t *rapid.T, s *story, h history) {
	var all []piece
	handoffs := 0
	for _, tr := range h.tracks {
		for _, p := range tr.pieces {
			if !p.from.Equal(p.to) { // entered and left in one moment
				all = append(all, p)
			}
		}
		for _, m := range tr.moments {
			if m.kind == handoffMark {
				handoffs++
			}
		}
	}
	slices.SortFunc(all, func(a, b piece) int { return a.from.Compare(b.from) })
	for i, p := range all {
		if p.to.Before(p.from) || i > 0 && p.from.Before(all[i-1].to) {
			t.Fatalf("%v overlaps %v", p, all)
		}
	}
	var shown time.Duration
	for _, p := range all {
		shown += p.length()
	}
	if open := openFor(s); shown != open {
		t.Fatalf("open for %v, and %v of it is shown", open, shown)
	}
	if !s.session.Plan().Sealed() && handoffs != len(s.session.Handoffs()) {
		t.Fatalf("%d handoffs are shown, %d stand", handoffs, len(s.session.Handoffs()))
	}
}

// openFor is how long a session was not ended, by the log.
func openFor(s *story) (sum time.Duration) {
	var then orchestration.Session
	last := s.entries[0].At
	pass := func(to time.Time) {
		if to.After(last) {
			if then.State() != orchestration.EndedState {
				sum += to.Sub(last)
			}
			last = to
		}
	}
	for _, e := range s.entries {
		pass(e.At)
		then = then.Apply(e)
	}
	pass(s.in.Now)
	return sum
}

// disorder says what on a page lies where it should not.
func disorder(p page) string {
	canvas := box{0, 0, p.width, p.height}
	boxes := map[string][]box{}
	for _, l := range p.texts() {
		boxes["text"] = append(boxes["text"], l.box)
		if w := p.ts.width(l.style, l.text); w > l.w+0.01 || l.style.size < 30 || l.h < l.style.size {
			return fmt.Sprintf("%q is %.1f wide in a box of %.1f", l.text, w, l.w)
		}
	}
	for _, r := range p.rows {
		boxes["row"] = append(boxes["row"], r.box)
		for _, b := range r.bars {
			if !within(b.box, r.lane) || b.w < leastBar-0.01 {
				return fmt.Sprintf("bar %v is not on its lane %v", b, r.lane)
			}
		}
		for _, m := range r.marks {
			boxes["mark"] = append(boxes["mark"], m.box)
		}
		if !within(r.box, box{0, p.chart.y, p.width, p.chart.h + rowGap}) {
			return fmt.Sprintf("row %v is not in the chart %v", r.box, p.chart)
		}
	}
	for _, s := range p.legend {
		boxes["text"] = append(boxes["text"], s.label.box)
		boxes["sign"] = append(boxes["sign"], s.box)
	}
	if p.today.x < p.chart.x || p.today.x > p.chart.right() || !within(p.today.label.box, p.today.pill) {
		return fmt.Sprintf("today is at %.1f", p.today.x)
	}
	if len(p.names) < 2 {
		return fmt.Sprintf("the axis has %d dates", len(p.names))
	}
	boxes["mark"] = append(boxes["mark"], p.today.pill)
	for kind, all := range boxes {
		for i, b := range all {
			if !within(b, canvas) {
				return fmt.Sprintf("%s %v is outside", kind, b)
			}
			for _, o := range all[:i] {
				if b.x < o.right()-0.01 && o.x < b.right()-0.01 && b.y < o.bottom()-0.01 && o.y < b.bottom()-0.01 {
					return fmt.Sprintf("%s %v lies over %v", kind, b, o)
				}
			}
		}
	}
	return ""
}

func within(b, in box) bool {
	const e = 0.01
	return b.x >= in.x-e && b.y >= in.y-e && b.right() <= in.right()+e && b.bottom() <= in.bottom()+e && !math.IsNaN(b.x+b.y+b.w+b.h)
}
