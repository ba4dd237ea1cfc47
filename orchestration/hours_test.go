package orchestration

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// hoursOf are the hours of a channel in which that was set.
func hoursOf(events ...Event) Hours {
	return Room{Channel: Settings{}.Apply(Entry{Seq: 1, At: monday, Decision: Recall(eve, "", events)})}.Hours()
}

func date(t *testing.T, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// years are the zones with what their clocks do to a day, each over two years.
var years = []struct{ zone, from string }{
	{"UTC", "2026-01-01"},
	{"America/New_York", "2026-01-01"},
	{"Europe/Berlin", "2026-01-01"},
	{"Australia/Lord_Howe", "2026-01-01"}, // half an hour
	{"America/Sao_Paulo", "2017-06-01"},   // at midnight
	{"Asia/Kathmandu", "2026-01-01"},      // a quarter of an hour beside the rest
	{"Pacific/Apia", "2011-01-01"},        // without 30 December 2011
	{"America/Nuuk", "2024-01-01"},        // from 23:00 to midnight of the next day
	{"Africa/Casablanca", "2026-01-01"},   // four changes in a year
	{"Antarctica/Troll", "2026-01-01"},    // two hours
	{"America/St_Johns", "2010-01-01"},    // at 00:01, back into the day before
}

// What the clock on the wall shows, where clocks change.
func TestAt(t *testing.T) {
	for _, tt := range []struct {
		zone, day string
		minute    int
		want      string
	}{
		{"America/New_York", "2026-03-08", 2*60 + 30, "2026-03-08T03:00:00-04:00"}, // skipped
		{"America/New_York", "2026-03-08", 2 * 60, "2026-03-08T03:00:00-04:00"},
		{"America/New_York", "2026-03-08", 3 * 60, "2026-03-08T03:00:00-04:00"},
		{"America/New_York", "2026-03-08", 60 + 59, "2026-03-08T01:59:00-05:00"},
		{"America/New_York", "2026-11-01", 60 + 30, "2026-11-01T01:30:00-04:00"}, // twice
		{"America/New_York", "2026-11-01", 2 * 60, "2026-11-01T02:00:00-05:00"},
		{"Europe/Berlin", "2026-03-29", 2*60 + 30, "2026-03-29T03:00:00+02:00"},
		{"Europe/Berlin", "2026-10-25", 2*60 + 30, "2026-10-25T02:30:00+02:00"},
		{"Europe/Berlin", "2026-10-25", 9 * 60, "2026-10-25T09:00:00+01:00"},
		{"Australia/Lord_Howe", "2026-10-04", 2*60 + 10, "2026-10-04T02:30:00+11:00"},
		{"Australia/Lord_Howe", "2026-04-05", 60 + 45, "2026-04-05T01:45:00+11:00"},
		{"America/Sao_Paulo", "2018-11-04", 0, "2018-11-04T01:00:00-02:00"},
		{"America/Sao_Paulo", "2018-02-17", 23*60 + 30, "2018-02-17T23:30:00-02:00"},
		{"America/Sao_Paulo", "2018-02-18", 0, "2018-02-18T00:00:00-03:00"},
		{"Asia/Kathmandu", "2026-07-01", 9 * 60, "2026-07-01T09:00:00+05:45"},
		{"Pacific/Apia", "2011-12-29", 23*60 + 59, "2011-12-29T23:59:00-10:00"},
		{"Pacific/Apia", "2011-12-30", 9 * 60, "2011-12-31T00:00:00+14:00"},
		{"Pacific/Apia", "2011-12-31", 0, "2011-12-31T00:00:00+14:00"},
		{"America/Nuuk", "2024-03-30", 23*60 + 30, "2024-03-31T00:00:00-01:00"},
	} {
		got := hoursOf(TimeZoneSet{tt.zone}).At(date(t, tt.day), tt.minute)
		if text := got.Format(time.RFC3339); text != tt.want {
			t.Errorf("%s %s %s: %s, want %s", tt.zone, tt.day, clock(tt.minute), text, tt.want)
		}
	}
}

// A time of day is a moment of that day, and later times are never earlier.
func TestAtLiesOnItsDay(t *testing.T) {
	for _, y := range years {
		h := hoursOf(TimeZoneSet{y.zone})
		var last time.Time
		for d, end := date(t, y.from), date(t, y.from).Add(731); d.Before(end); d = d.Add(1) {
			for minute := 0; minute < minutesADay; minute += 15 {
				at := h.At(d, minute)
				if at.Before(last) {
					t.Fatalf("%s: %s %s is %s, after %s", y.zone, d, clock(minute), at, last)
				}
				last = at
				if hour, m, s := at.Clock(); DateOf(at) == d && hour*60+m == minute && s == 0 {
					if _, before := at.Add(-3 * time.Hour).Zone(); before == offset(at) {
						continue
					}
					for earlier := at.Add(-time.Minute); at.Sub(earlier) <= 3*time.Hour; earlier = earlier.Add(-time.Minute) {
						if hour, m, _ := earlier.Clock(); hour*60+m == minute && DateOf(earlier) == d {
							t.Fatalf("%s: %s %s comes first at %s, not at %s", y.zone, d, clock(minute), earlier, at)
						}
					}
				} else if before := at.Add(-time.Nanosecond); offset(before) == offset(at) || !DateOf(before).Before(d.Add(1)) {
					t.Fatalf("%s: %s %s is %s, and no gap ends there", y.zone, d, clock(minute), at)
				}
			}
		}
	}
}

func offset(t time.Time) int { _, o := t.Zone(); return o }

// Every morning of two years, in every zone: nine is nine, once.
func TestRoundsOfTwoYears(t *testing.T) {
	for _, y := range years {
		h := hoursOf(TimeZoneSet{y.zone}, QuietSet{20 * 60, 8 * 60})
		at := h.At(date(t, y.from), 0).Add(-time.Nanosecond)
		for d, end := date(t, y.from), date(t, y.from).Add(731); d.Before(end); d = d.Add(1) {
			if w := d.Weekday(); w == time.Saturday || w == time.Sunday || d == (Date{2011, time.December, 30}) && y.zone == "Pacific/Apia" {
				continue
			}
			at = h.Round(at)
			if DateOf(at) != d || at.Hour() != 9 || at.Minute() != 0 || at.Location() != h.Zone() {
				t.Fatalf("%s: the round of %s is at %s", y.zone, d, at)
			}
		}
	}
}

// However a channel is set up: rounds go forward, one on every working day,
// none on a free day, none in quiet hours; and looked at from anywhere between
// two of them, the next is the same one.
func TestRounds(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		y := rapid.SampledFrom(years).Draw(rt, "zone")
		minute := rapid.IntRange(0, minutesADay-1)
		from := minute.Draw(rt, "quiet from")
		quiet := QuietSet{from, (from + rapid.IntRange(0, maxQuiet).Draw(rt, "long")) % minutesADay}
		digest := DigestSet{rapid.SampledFrom([]DigestEvery{DigestOff, DigestDaily, DigestWeekly}).Draw(rt, "every"), minute.Draw(rt, "at"), time.Weekday(rapid.IntRange(0, 6).Draw(rt, "weekday"))}
		var days []time.Weekday
		for d := range time.Weekday(7) {
			if len(days) == 0 && d == 6 || rapid.IntRange(0, 2).Draw(rt, d.String()) > 0 {
				days = append(days, d)
			}
		}
		begin := date(t, y.from).Add(rapid.IntRange(0, 700).Draw(rt, "first day"))
		var free []Holiday
		for n := range 40 {
			if rapid.IntRange(0, 5).Draw(rt, "free") == 0 {
				free = append(free, Holiday{begin.Add(n), "x"})
			}
		}
		h := hoursOf(TimeZoneSet{y.zone}, quiet, digest, WorkdaysSet{days}, HolidaysSet{"", free})
		at := h.At(begin, 0).Add(-time.Nanosecond)
		last, digests := begin.Add(-1), 0
		for last.Before(begin.Add(40)) {
			next := h.Round(at)
			d := DateOf(next)
			if !next.After(at) || !last.Before(d) {
				rt.Fatalf("after %s (of %s) comes %s", at, last, next)
			}
			for missed := last.Add(1); missed.Before(d); missed = missed.Add(1) {
				if why, free := h.Free(missed); !free {
					rt.Fatalf("%s has no round: %q, the next is %s", missed, why, next)
				}
			}
			if why, free := h.Free(d); free || h.Quiet(next) {
				rt.Fatalf("a round at %s: free %t %q, quiet %t", next, free, why, h.Quiet(next))
			}
			between := at.Add(time.Duration(rapid.Int64Range(0, int64(next.Sub(at))-1).Draw(rt, "between")))
			if same := h.Round(between); !same.Equal(next) {
				rt.Fatalf("from %s the next round is %s, from %s it is %s", at, next, between, same)
			}
			if h.Digest(d) {
				digests++
			} else if digest.Every == DigestDaily {
				rt.Fatalf("no digest on %s", d)
			}
			at, last = next, d
		}
		if digest.Every == DigestOff && digests > 0 {
			rt.Fatalf("%d digests", digests)
		}
	})
}

// Quiet hours end where the clock says so, and what is moved is moved no
// further than that.
func TestLoud(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		y := rapid.SampledFrom(years).Draw(rt, "zone")
		from := rapid.IntRange(0, minutesADay-1).Draw(rt, "from")
		h := hoursOf(TimeZoneSet{y.zone}, QuietSet{from, (from + rapid.IntRange(0, maxQuiet).Draw(rt, "long")) % minutesADay})
		at := h.At(date(t, y.from), 0).Add(time.Duration(rapid.Int64Range(0, int64(731*24*time.Hour)).Draw(rt, "at")))
		loud := h.Loud(at)
		if loud.Before(at) || h.Quiet(loud) || !loud.Equal(at) && !h.Quiet(loud.Add(-time.Nanosecond)) || loud.Sub(at) > 48*time.Hour {
			rt.Fatalf("%s becomes %s", at, loud)
		}
		for t := at; t.Before(loud); t = t.Add(7 * time.Minute) {
			if !h.Quiet(t) {
				rt.Fatalf("%s becomes %s, and %s is not quiet", at, loud, t)
			}
		}
	})
	berlin := hoursOf(TimeZoneSet{"Europe/Berlin"}, QuietSet{60, 2*60 + 30})
	for at, want := range map[string]string{
		"2026-10-24T23:30:00Z": "2026-10-25T00:30:00Z", // 01:30 summer time
		"2026-10-25T00:45:00Z": "2026-10-25T00:45:00Z", // 02:45 summer time is over it
		"2026-10-25T01:10:05Z": "2026-10-25T01:30:00Z", // 02:10 winter time is in it again
		"2026-03-29T00:30:00Z": "2026-03-29T01:00:00Z", // 02:30 is skipped
	} {
		at, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := berlin.Loud(at).UTC().Format(time.RFC3339); got != want {
			t.Errorf("%s becomes %s, want %s", at, got, want)
		}
	}
}

func TestFreeDays(t *testing.T) {
	in := Room{Calendars: map[string]Calendar{"berlin": {Date{2026, time.December, 25}: "1. Weihnachtstag"}}}
	in.Channel = Settings{}.Apply(Entry{Seq: 1, Decision: Recall(eve, "", []Event{
		HolidaysSet{"berlin", []Holiday{{Date{2026, time.December, 24}, ""}, {Date{2026, time.December, 28}, "Bridge day"}}},
	})})
	for day, want := range map[string]string{
		"2026-12-23": "", "2026-12-24": "holiday", "2026-12-25": "1. Weihnachtstag", "2026-12-26": "Saturday", "2026-12-28": "Bridge day",
	} {
		if why, free := in.Hours().Free(date(t, day)); why != want || free != (want != "") {
			t.Errorf("%s: %q, %t", day, why, free)
		}
	}
	if got := in.Hours().Round(time.Date(2026, 12, 23, 9, 0, 0, 0, time.UTC)); got != time.Date(2026, 12, 29, 9, 0, 0, 0, time.UTC) {
		t.Errorf("the round after the holidays is at %s", got)
	}
	apia := hoursOf(TimeZoneSet{"Pacific/Apia"})
	if why, free := apia.Free(date(t, "2011-12-30")); !free || why != "a day that the clocks skipped" {
		t.Errorf("%q, %t", why, free)
	}
	never := Calendar{}
	for d, n := date(t, "2026-01-01"), 0; n < 2*maxSearch; d, n = d.Add(1), n+1 {
		never[d] = "x"
	}
	in.Calendars["berlin"] = never
	if got := in.Hours().Round(monday); !got.IsZero() {
		t.Errorf("without a working day there is a round at %s", got)
	}
}

// A weekly digest that falls on a free day comes on the next working day.
func TestWeeklyDigest(t *testing.T) {
	free := HolidaysSet{"", []Holiday{{Date{2026, time.April, 3}, "Good Friday"}, {Date{2026, time.April, 6}, "Easter Monday"}}}
	for _, tt := range []struct {
		on   time.Weekday
		want []string
	}{
		{time.Monday, []string{"2026-03-30", "2026-04-07", "2026-04-13"}},
		{time.Friday, []string{"2026-03-27", "2026-04-07", "2026-04-10"}},
		{time.Saturday, []string{"2026-03-30", "2026-04-07", "2026-04-13"}},
	} {
		h := hoursOf(DigestSet{DigestWeekly, 570, tt.on}, free)
		var got []string
		for at := time.Date(2026, 3, 27, 0, 0, 0, 0, time.UTC); at.Before(time.Date(2026, 4, 16, 0, 0, 0, 0, time.UTC)); {
			at = h.Round(at)
			if d := DateOf(at); h.Digest(d) {
				got = append(got, d.String())
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.on, got, tt.want)
		}
	}
}

// The channel's hours beat the workspace's, each setting for itself, and none
// is a setting too.
func TestHoursOfARoom(t *testing.T) {
	set := func(events ...Event) Settings {
		return Settings{}.Apply(Entry{Seq: 1, At: monday, Decision: Recall(eve, "", events)})
	}
	noon := monday.Truncate(24 * time.Hour).Add(12 * time.Hour)
	h := Room{}.Hours()
	if h.Zone() != time.UTC || h.Quiet(noon) || !h.Loud(noon).Equal(noon) || h.RoundMinute() != roundAt || h.Digest(DateOf(noon)) {
		t.Errorf("untouched: %+v", h)
	}
	workspace := set(QuietSet{11 * 60, 13 * 60}, DigestSet{DigestDaily, 11 * 60, 0}, HolidaysSet{"", []Holiday{{DateOf(noon), "x"}}})
	h = Room{Workspace: workspace}.Hours()
	if !h.Quiet(noon) || !h.Loud(noon).Equal(noon.Add(time.Hour)) || h.RoundMinute() != 13*60 {
		t.Errorf("the workspace's: %+v", h)
	}
	h = Room{Workspace: workspace, Channel: set(QuietSet{}, HolidaysSet{}, WorkdaysSet{[]time.Weekday{noon.Weekday()}})}.Hours()
	if _, free := h.Free(DateOf(noon).Add(1)); !free || h.Quiet(noon) || !h.Digest(DateOf(noon)) || h.RoundMinute() != 11*60 {
		t.Errorf("the channel's: %+v", h)
	}
}
