package orchestration

import (
	"testing"
	"time"
)

func (st *story) dueAt(want time.Time) *story {
	st.Helper()
	if !st.Due().Equal(want) {
		st.Fatalf("due %s, not %s", st.Due(), want)
	}
	return st
}

// zone sets the channel's time zone.
func (st *story) zone(name string) *time.Location {
	st.Helper()
	d, err := st.in.Channel.SetZone(ben, st.in, name, "")
	if err != nil {
		st.Fatal(err)
	}
	st.in.Channel = st.in.Channel.Apply(Entry{Seq: st.in.Channel.Seq() + 1, At: st.in.Now, Decision: d})
	return st.in.Zone()
}

func TestDueAndBegan(t *testing.T) {
	st := begin(t, sprint())
	st.dueAt(monday.AddDate(0, 0, 14))
	st.after(3 * day).pass("a")
	if !st.Began().Equal(monday.Add(3 * day)) {
		t.Errorf("began %s", st.Began())
	}
	st.dueAt(monday.AddDate(0, 0, 17))
	st = begin(t, dive())
	st.dueAt(time.Time{}) // the plan does not say
	st.do(st.Pause(ana, st.in, "")).after(day).do(st.Resume(ana, st.in, "")).dueAt(time.Time{})
}

// A pause stops the clock: what is due moves by it, and nothing moves during it.
func TestPauseMovesWhatIsDue(t *testing.T) {
	st := begin(t, sprint())
	st.no("this session is running")(st.Resume(ana, st.in, ""))
	st.no("Cem is a contributor")(st.Pause(cem, st.in, ""))
	st.after(2 * day).do(st.Pause(ana, st.in, "holidays"))
	if st.State() != PausedState {
		t.Error(st.State())
	}
	st.no("is paused; to pause, go on first")(st.Pause(ana, st.in, ""))
	st.no("is paused; to give it away")(st.GiveAway(ana, st.in, cem, ""))
	st.no("is paused; to ask for work")(st.Ask(ana, st.in, "x", ""))
	st.no("is paused; to announce")(st.Announce(ana, st.in, "x", ""))
	st.no("Cem is a contributor")(st.Resume(cem, st.in, ""))
	st.after(5*day + 90*time.Minute).do(st.Resume(ben, st.in, "")).dueAt(monday.AddDate(0, 0, 19).Add(90 * time.Minute))
	if st.State() != ActiveState {
		t.Error(st.State())
	}
	st.undo().after(day).do(st.Resume(ana, st.in, "")).dueAt(monday.AddDate(0, 0, 20).Add(90 * time.Minute))
	st.undo().undo().dueAt(monday.AddDate(0, 0, 14)) // never paused at all
	if st.State() != ActiveState {
		t.Error(st.State())
	}
}

// A clock that went back between two machines moves nothing.
func TestPauseWithAClockThatGoesBack(t *testing.T) {
	st := begin(t, sprint())
	st.do(st.Pause(ana, st.in, "")).after(-time.Hour).do(st.Resume(ana, st.in, "")).dueAt(monday.AddDate(0, 0, 14))
}

// Nine o'clock stays nine o'clock, whatever the clocks do between.
func TestDueAcrossClockChanges(t *testing.T) {
	tell := func(zone string, year int, month time.Month, dom, hour int) (*story, *time.Location) {
		st := tell(t)
		loc := st.zone(zone)
		st.in.Now = time.Date(year, month, dom, hour, 0, 0, 0, loc).UTC()
		st.do(st.Start(ana, st.in, "c", "c/1", sprint(), Brief{Objective: "x"}, ""))
		return st, loc
	}
	// Europe went back an hour on 25 October 2026.
	st, berlin := tell("Europe/Berlin", 2026, time.October, 20, 9)
	st.dueAt(time.Date(2026, time.November, 3, 9, 0, 0, 0, berlin))
	if got := st.Due().Sub(st.Began()); got != 14*day+time.Hour {
		t.Errorf("due after %s", got)
	}
	st.in.Now = time.Date(2026, time.October, 24, 9, 0, 0, 0, berlin)
	st.do(st.Pause(ana, st.in, ""))
	st.in.Now = time.Date(2026, time.October, 26, 9, 30, 0, 0, berlin)
	st.do(st.Resume(ana, st.in, ""))
	st.dueAt(time.Date(2026, time.November, 5, 9, 30, 0, 0, berlin)) // two days and half an hour, not 49.5 hours

	// New York went forward on 8 March 2026.
	st, york := tell("America/New_York", 2026, time.March, 2, 9)
	st.dueAt(time.Date(2026, time.March, 16, 9, 0, 0, 0, york))
	st.in.Now = time.Date(2026, time.March, 7, 22, 0, 0, 0, york)
	st.do(st.Pause(ana, st.in, ""))
	st.in.Now = time.Date(2026, time.March, 8, 8, 0, 0, 0, york) // nine hours later
	st.do(st.Resume(ana, st.in, ""))
	st.dueAt(time.Date(2026, time.March, 16, 18, 0, 0, 0, york))
}

// A day of twenty-three hours is a day, and twenty-four and a half hours of one
// of twenty-five are none.
func TestPauseOverShortAndLongDays(t *testing.T) {
	for _, tt := range []struct {
		zone           string
		from, to, want [4]int // month, day, hour, minute
	}{
		{"America/New_York", [4]int{3, 7, 9, 0}, [4]int{3, 8, 9, 0}, [4]int{4, 2, 9, 0}},
		{"Europe/Berlin", [4]int{10, 24, 9, 0}, [4]int{10, 25, 8, 30}, [4]int{4, 2, 9, 30}},
	} {
		zone, err := time.LoadLocation(tt.zone)
		if err != nil {
			t.Fatal(err)
		}
		at := func(m [4]int) time.Time { return time.Date(2026, time.Month(m[0]), m[1], m[2], m[3], 0, 0, zone) }
		due := at([4]int{4, 1, 9, 0})
		if got := later(due, at(tt.from), at(tt.to), zone); !got.Equal(at(tt.want)) {
			t.Errorf("%s: %s, want %s", tt.zone, got, at(tt.want))
		}
	}
}

// Moving a due time is never backward, and whole days are whole days.
func TestLater(t *testing.T) {
	utc := time.UTC
	at := func(text string) time.Time {
		v, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	due := at("2026-12-01T09:00:00Z")
	for _, tt := range []struct{ from, to, want string }{
		{"2026-11-01T09:00:00Z", "2026-11-01T09:00:00Z", "2026-12-01T09:00:00Z"},
		{"2026-11-01T09:00:00Z", "2026-11-01T09:00:01Z", "2026-12-01T09:00:01Z"},
		{"2026-11-01T09:00:00Z", "2026-11-02T08:59:59Z", "2026-12-02T08:59:59Z"},
		{"2026-11-01T09:00:00Z", "2026-11-02T09:00:00Z", "2026-12-02T09:00:00Z"},
		{"2026-11-02T09:00:00Z", "2026-11-01T09:00:00Z", "2026-12-01T09:00:00Z"},
		{"2024-11-01T09:00:00Z", "2026-11-01T09:00:00Z", "2028-11-30T09:00:00Z"}, // 730 days
	} {
		if got := later(due, at(tt.from), at(tt.to), utc); !got.Equal(at(tt.want)) {
			t.Errorf("from %s to %s: %s, want %s", tt.from, tt.to, got, tt.want)
		}
	}
	if got := later(time.Time{}, due, due.Add(day), utc); !got.IsZero() {
		t.Errorf("nothing is due at %s", got)
	}
	if got := later(due, time.Time{}, due.Add(day), utc); !got.Equal(due) {
		t.Errorf("nothing stood still, and %s is due", got)
	}
}

func TestEndAndReopen(t *testing.T) {
	st := begin(t, sprint())
	st.no("phase Build has not been handed off; to end without, say why")(st.End(ana, st.in, " "))
	st.no("Cem is a contributor")(st.End(cem, st.in, "x"))
	st.after(day).do(st.End(ana, st.in, "no budget"))
	if st.State() != EndedState || st.At() != 0 {
		t.Errorf("%s in phase %d", st.State(), st.At()+1)
	}
	st.no("this session has ended already")(st.End(ana, st.in, "x"))
	st.no("has ended; to pause")(st.Pause(ana, st.in, ""))
	st.no("Cem is a contributor")(st.Resume(cem, st.in, ""))
	st.after(7*day).do(st.Resume(ana, st.in, "budget!")).stands("Build", "startup-cto", "aws-solution-architect", "senior-frontend")
	st.dueAt(monday.AddDate(0, 0, 21)) // the clock stood still
	st.undo()
	if st.State() != EndedState {
		t.Error(st.State())
	}
	st.undo().dueAt(monday.AddDate(0, 0, 14))
	if st.State() != ActiveState {
		t.Error(st.State())
	}
	st.pass("a").stands("Prepare", "growth-marketer", "launch-strategy", "copywriting", "seo-audit")

	empty := tell(t)
	empty.no("nothing has been started")(empty.End(ana, empty.in, "x"))
	empty.no("nothing has been started")(empty.Resume(ana, empty.in, "x"))
}

// Ended while paused, the clock stood still since the pause.
func TestEndWhilePaused(t *testing.T) {
	st := begin(t, sprint())
	st.do(st.Pause(ana, st.in, "")).after(2 * day).do(st.End(ana, st.in, "x")).after(3 * day).do(st.Resume(ana, st.in, ""))
	st.dueAt(monday.AddDate(0, 0, 19))
	st.do(st.Pause(ana, st.in, "")).after(day).do(st.Resume(ana, st.in, "")).dueAt(monday.AddDate(0, 0, 20))
}

// Each end stops the clock anew.
func TestEndTwice(t *testing.T) {
	st := begin(t, must(SoloSprint(Title{"p", "P"}, Phase{Name: "A", Persona: persona("x")}, Phase{Name: "B", Days: 7, Persona: persona("x")})))
	st.do(st.End(ana, st.in, "x")).after(30 * day).do(st.Resume(ana, st.in, "")).pass("a")
	st.dueAt(monday.AddDate(0, 0, 37))
	st.after(day).do(st.End(ana, st.in, "x")).after(2 * day).do(st.Resume(ana, st.in, "")).dueAt(monday.AddDate(0, 0, 39))
}

// After a session has run to its end, opening it again lets its last phase be
// handed off once more, in every pattern.
func TestReopenAfterTheLastHandoff(t *testing.T) {
	for _, tt := range []struct {
		plan Plan
		run  func(*story)
	}{
		{sprint(), func(st *story) { st.pass("a").pass("b").pass("c").pass("d") }},
		{dive(), func(st *story) { st.pass("a") }},
		{reviewOf(true), func(st *story) { st.pass("a").pass("b").pass("c").pass("d") }},
		{chain(), func(st *story) { st.passOutput("a").passOutput("b").passOutput("c") }},
	} {
		t.Run(tt.plan.Name(), func(t *testing.T) {
			st := begin(t, tt.plan)
			tt.run(st)
			n := len(st.Handoffs())
			last := len(st.Phases()) - 1
			st.after(day).do(st.Resume(ana, st.in, "one thing is missing"))
			if p, open := st.Phase(); !open || st.At() != last || st.Outcome(last) != Pending {
				t.Fatalf("%s is open: %t, %s", p.Name, open, st.Outcome(last))
			}
			st.do(st.HandOff(ana, st.in, Pass{Handoff: Handoff{Decisions: []string{"the missing thing"}, Output: "out"}}))
			if st.State() != EndedState || st.Outcome(last) != HandedOn || len(st.Handoffs()) != n+1 {
				t.Errorf("%s, %s, %d handoffs", st.State(), st.Outcome(last), len(st.Handoffs()))
			}
			h, _ := st.LastHandoff()
			if h.Phase != last+1 || h.Decisions[len(h.Decisions)-1] != "the missing thing" {
				t.Errorf("%+v", h)
			}
		})
	}
}
