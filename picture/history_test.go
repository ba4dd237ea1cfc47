package picture

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/synthoperator/baton/orchestration"
)

// Of a sealed review the picture tells what everybody is told, when it was open
// and that it was handed off, and not who else thought in it.
func TestSealed(t *testing.T) {
	s := begin(t, review(true), "x").days(1).pass().days(1)
	s.do(s.session.OverridePersona(ana, s.in, persona("finance-chief"), "x")).days(1).pass().days(1)
	h, _ := layOut(t, s.timeline())
	if got := h.tracks[1]; got.persona != "growth-marketer" || len(got.moments) != 1 || got.moments[0].kind != handoffMark {
		t.Errorf("%+v", got)
	}
	if alt := s.timeline().Alt(); strings.Contains(alt, "finance-chief") || strings.Contains(alt, "override") {
		t.Error(alt)
	}
	h, _ = layOut(t, s.pass().days(1).timeline()) // the decider sees it all
	if got := h.tracks[1]; got.persona != "finance-chief" || len(got.moments) != 2 {
		t.Errorf("%+v", got)
	}
}

// How a phase stands is said in words, so that colour tells nothing alone.
func TestStanding(t *testing.T) {
	open := func() *story { return begin(t, launch(), "x") }
	for _, tt := range []struct {
		s    *story
		i    int
		want string
		late bool
	}{
		{open(), 0, "day 1 of 14", false},
		{open().days(13).after(23 * time.Hour), 0, "day 14 of 14", false},
		{open().days(14), 0, "day 14 of 14", false},
		{open().days(14).after(time.Minute), 0, "1 min over", true},
		{open().days(16), 0, "2 days over", true},
		{open().days(16).pause().days(9), 0, "paused, 2 days over", true},
		{open().days(3).pause().days(90), 0, "paused, day 4 of 14", false},
		{open().days(3).pause().days(90).resume().days(2), 0, "day 6 of 14", false},
		{open().days(3).pass().days(1), 0, "done, 3 of 14 days", false},
		{open().after(5 * time.Hour).pass(), 0, "done, 5 h of 14 days", false},
		{open().days(15).pass().days(1), 0, "done, 1 day late", true},
		{open().days(1).skip(), 0, "skipped after 1 day", false},
		{open().days(1).goTo(3), 1, "skipped", false},
		{open().days(5).goTo(3).days(2).goTo(1), 2, "left after 2 days", false},
		{open(), 3, "7 days planned", false},
		{open().days(2).end(), 0, "ended after 2 days", false},
		{open().days(2).end(), 3, "not reached", false},
		{begin(t, chain(), "x"), 0, "under 1 min", false},
		{begin(t, chain(), "x").after(50 * time.Hour), 0, "day 3", false},
		{begin(t, chain(), "x").after(50 * time.Hour).pass(), 0, "done, 2 days", false},
		{begin(t, chain(), "x"), 2, "to come", false},
	} {
		h, _ := layOut(t, tt.s.timeline())
		if got, late := h.standing(tt.i); got != tt.want || late != tt.late {
			t.Errorf("%q, %t, want %q, %t", got, late, tt.want, tt.late)
		}
	}
}

// A phase that was come back to shows each of its stretches, an undo its mark,
// and what it took back none.
func TestUndoneHandoff(t *testing.T) {
	s := begin(t, launch(), "x").days(5).pass().days(2).undo().days(1)
	h, _ := layOut(t, s.timeline())
	build, prepare := h.tracks[0], h.tracks[1]
	if len(build.pieces) != 2 || len(prepare.pieces) != 1 || prepare.pieces[0].length() != 2*day {
		t.Errorf("build %v, prepare %v", build.pieces, prepare.pieces)
	}
	if len(build.moments) != 1 || build.moments[0].kind != undoMark || len(prepare.moments) != 0 {
		t.Errorf("build %v, prepare %v", build.moments, prepare.moments)
	}
	if prepare.persona != "growth-marketer" {
		t.Error(prepare.persona)
	}
}

// Undoing what the picture does not show is not shown either.
func TestUndoneNote(t *testing.T) {
	s := begin(t, launch(), "x").days(1)
	s.do(s.session.Record(ana, s.in, orchestration.Note{Kind: orchestration.OpenItem, Text: "x"}, "")).undo()
	if h, _ := layOut(t, s.timeline()); len(h.tracks[0].moments) != 0 {
		t.Error(h.tracks[0].moments)
	}
}

// However long the plan, there are no more rows than a phone shows, the open
// phase has one of its own, and every phase is in exactly one.
func TestFold(t *testing.T) {
	for n := 1; n <= 60; n++ {
		for at := range n {
			rows, next, own := fold(n, at), 0, false
			for _, g := range rows {
				if g.first != next || g.last < g.first || (g.folded == "") != (g.first == g.last) {
					t.Fatalf("%d of %d: %v", at, n, rows)
				}
				next = g.last + 1
				own = own || g.first == at && g.folded == ""
			}
			if next != n || !own || len(rows) > maxRows || n > maxRows && len(rows) < maxRows {
				t.Fatalf("%d of %d: %v", at, n, rows)
			}
		}
	}
}

// An axis of any length has a few dates, in order, by the calendar of its zone.
func TestTicks(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, 3, 27, 10, 20, 0, 0, zone) // two days before the clocks change
	for _, tt := range []struct {
		to   time.Time
		want string
	}{
		{start.Add(time.Minute), "10:20 10:21 10:22 10:23 10:24 10:25"},
		{start.Add(3 * time.Hour), "10:30 11:00 11:30 12:00 12:30 13:00"},
		{start.AddDate(0, 0, 1), "12:00 16:00 20:00 28 Mar 04:00 08:00"},
		{start.AddDate(0, 0, 5), "28 Mar 29 Mar 30 Mar 31 Mar 1 Apr"},
		{start.AddDate(0, 0, 42), "30 Mar 6 Apr 13 Apr 20 Apr 27 Apr 4 May"},
		{start.AddDate(1, 0, 0), "May 2026 Jul Sep Nov Jan 2027 Mar"},
		{start.AddDate(10, 0, 0), "2028 2030 2032 2034 2036"},
		{start.AddDate(521, 0, 0), "2100 2200 2300 2400 2500"},
	} {
		a := newAxis(start, tt.to, margin, pageWidth-margin)
		by := a.step()
		var got []string
		for i, m := range a.ticks(by, zone) {
			got = append(got, by.name(m, i == 0))
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("to %v: %s, want %s", tt.to, s, tt.want)
		}
	}
}

// Where the clocks jump, two dates come closer than the step says; one of them
// is left out then.
func TestDatesWhereTheClocksJump(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	s := begin(t, chain(), "x")
	start := time.Date(2026, 3, 29, 0, 0, 0, 0, zone)
	s.entries[0].At = start
	line := Timeline{Session: orchestration.Fold(s.entries), Entries: s.entries, Zone: zone, Now: start.Add(26 * time.Hour)}
	_, p := layOut(t, line)
	if bad := disorder(p); bad != "" || len(p.names) != len(p.ticks)-1 {
		t.Errorf("%s, %d of %d dates", bad, len(p.names), len(p.ticks))
	}
}

// The alternative text of the longest plan still says how each row stands.
func TestAltOfMany(t *testing.T) {
	var phases []orchestration.Phase
	for i := range 52 {
		phases = append(phases, phase(fmt.Sprintf("%d %s", i, strings.Repeat("long ", 18)), 7, "customer-research-and-insights-lead"))
	}
	s := begin(t, sprint(strings.Repeat("title ", 50), phases...), strings.Repeat("objective ", 150)).days(3)
	alt := s.timeline().Alt()
	if n := len([]rune(alt)); n > maxAlt {
		t.Errorf("%d characters", n)
	}
	if !strings.Contains(alt, "day 4 of 7") || !strings.Contains(alt, "41 later phases") {
		t.Error(alt)
	}
}
