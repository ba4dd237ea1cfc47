package orchestration

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// DigestEvery is how often a channel is told how its sessions stand.
type DigestEvery string

// The frequencies; the zero one is DigestOff.
const (
	DigestOff    DigestEvery = "off"
	DigestDaily  DigestEvery = "daily"
	DigestWeekly DigestEvery = "weekly"
)

// Holiday is a day on which nobody works, and what it is called, or "".
type Holiday struct {
	Date Date
	Name string
}

const (
	maxQuiet    = 20 * 60 // minutes of a day that may be quiet: four hours are left to speak in
	maxHolidays = 400     // more than a year has; a calendar file holds more
	maxHoliday  = 100     // bytes of a name
)

// workWeek are the working days where none were set.
var workWeek = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}

// holidays are those that were set, with the days to be looked up.
type holidays struct {
	set HolidaysSet
	on  Calendar
}

func newHolidays(e HolidaysSet) *holidays {
	h := &holidays{set: e, on: make(Calendar, len(e.Days))}
	for _, d := range e.Days {
		h.on[d.Date] = d.Name
	}
	return h
}

// Quiet is the quiet hours that were set; ok is false where none were.
func (s Settings) Quiet() (quiet QuietSet, ok bool) {
	if s.quiet == nil {
		return QuietSet{}, false
	}
	return *s.quiet, true
}

// Workdays are the working days that were set; ok is false where none were.
func (s Settings) Workdays() (days WorkdaysSet, ok bool) {
	return WorkdaysSet{s.workdays}, s.workdays != nil
}

// Holidays are those that were set; ok is false where none were. The slice is
// shared: read it only.
func (s Settings) Holidays() (days HolidaysSet, ok bool) {
	if s.holidays == nil {
		return HolidaysSet{}, false
	}
	return s.holidays.set, true
}

// Digest is the digest that was set; ok is false where none was.
func (s Settings) Digest() (digest DigestSet, ok bool) {
	if s.digest == nil {
		return DigestSet{}, false
	}
	return *s.digest, true
}

// SetDigest says how often, and when, a channel is told how its sessions stand.
// The minute is also that of the morning round, which a digest comes with.
func (s Settings) SetDigest(by Human, in Room, d DigestSet, because string) (Decision, error) {
	if err := in.setter(by); err != nil {
		return Decision{}, err
	}
	if d.Every == DigestOff {
		return decide(by, because, DigestSet{Every: DigestOff})
	}
	if d.Every != DigestDaily && d.Every != DigestWeekly {
		return Decision{}, Refuse("a digest can be daily, weekly or off, not %q", d.Every).Try("settings digest: daily 9:00", "settings digest: weekly monday 9:30")
	}
	if !minuteOfDay(d.Minute) {
		return Decision{}, Refuse("a digest has a time of day from 0:00 to 23:59").Try("settings digest: daily 9:00")
	}
	if d.Every == DigestDaily {
		d.Weekday = 0
	} else if !weekday(d.Weekday) {
		return Decision{}, Refuse("a weekly digest has a day of the week").Try("settings digest: weekly monday 9:30")
	} else if h := in.meant().Hours(); !h.works(d.Weekday) {
		return Decision{}, Refuse("nobody works on %ss here", d.Weekday).
			Try("settings digest: weekly "+strings.ToLower(h.firstWorkday().String())+" "+clock(d.Minute), "settings workdays: …")
	}
	return decide(by, because, d)
}

// SetQuiet sets the quiet hours, in minutes after midnight. They may span
// midnight; where they begin when they end there are none.
func (s Settings) SetQuiet(by Human, in Room, from, to int, because string) (Decision, error) {
	if err := in.setter(by); err != nil {
		return Decision{}, err
	}
	if !minuteOfDay(from) || !minuteOfDay(to) {
		return Decision{}, Refuse("quiet hours go from one time of day to another").Try("settings quiet: 20:00-08:00")
	}
	if from == to {
		return decide(by, because, QuietSet{})
	}
	if long := (to - from + minutesADay) % minutesADay; long > maxQuiet {
		return Decision{}, Refuse("quiet hours are at most %d hours a day, and %s are %d:%02d", maxQuiet/60, QuietSet{from, to}, long/60, long%60).
			Try("settings quiet: 20:00-08:00", "announce off")
	}
	return decide(by, because, QuietSet{from, to})
}

// SetWorkdays sets the days of the week on which people work.
func (s Settings) SetWorkdays(by Human, in Room, days []time.Weekday, because string) (Decision, error) {
	if err := in.setter(by); err != nil {
		return Decision{}, err
	}
	if len(days) == 0 {
		return Decision{}, Refuse("a week has a working day or more").Try("settings workdays: mon-fri", "settings workdays: mon, tue, wed")
	}
	for _, d := range days {
		if !weekday(d) {
			return Decision{}, Refuse("working days are days of the week").Try("settings workdays: mon-fri")
		}
	}
	days = slices.Clone(days)
	slices.Sort(days)
	return decide(by, because, WorkdaysSet{slices.Compact(days)})
}

// SetHolidays sets the days nobody works on: those of a calendar that the
// operator configured, some that are listed, or both; neither is none.
func (s Settings) SetHolidays(by Human, in Room, calendar string, days []Holiday, because string) (Decision, error) {
	if err := in.setter(by); err != nil {
		return Decision{}, err
	}
	if _, known := in.Calendars[calendar]; calendar != "" && !known {
		return Decision{}, in.noCalendar(calendar)
	}
	if len(days) > maxHolidays {
		return Decision{}, Refuse("at most %d holidays can be listed, not %d; a calendar holds more, and the operator configures it", maxHolidays, len(days)).
			Try("settings holidays: 2026-12-24 Christmas Eve")
	}
	days = slices.Clone(days)
	seen := map[Date]bool{}
	for i, d := range days {
		if !d.Date.real() {
			return Decision{}, Refuse("%s is no day", d.Date).Try("settings holidays: 2026-12-24 Christmas Eve")
		}
		if seen[d.Date] {
			return Decision{}, Refuse("%s is there twice", d.Date).Try("settings holidays: " + d.Date.String())
		}
		seen[d.Date] = true
		name, err := parseLine("holiday's name", d.Name, maxHoliday)
		if err != nil {
			return Decision{}, err
		}
		days[i].Name = name
	}
	slices.SortFunc(days, func(a, b Holiday) int { return a.Date.utc().Compare(b.Date.utc()) })
	return decide(by, because, HolidaysSet{calendar, days})
}

func (in Room) noCalendar(name string) Refusal {
	r := Refuse("no calendar called %q is configured here, and none at all: the operator names an iCalendar file in the configuration", cut(cleanLine(name), 40))
	if len(in.Calendars) > 0 {
		known := slices.Sorted(maps.Keys(in.Calendars))
		return Refuse("no calendar called %q is configured here; there is %s", cut(cleanLine(name), 40), strings.Join(known, ", ")).
			Try("settings holidays: " + known[0])
	}
	return r.Try("settings holidays: 2026-12-24 Christmas Eve; 2026-12-25")
}

// meant is the room as those see it for whom a setting is made: what holds for
// the whole workspace is not judged by one channel's settings.
func (in Room) meant() Room {
	if in.Everywhere {
		in.Channel = Settings{}
	}
	return in
}

func (h Hours) firstWorkday() time.Weekday {
	for d := range time.Weekday(7) {
		if day := (time.Monday + d) % 7; h.works(day) {
			return day
		}
	}
	return time.Monday
}

func minuteOfDay(m int) bool      { return m >= 0 && m < minutesADay }
func weekday(d time.Weekday) bool { return d >= time.Sunday && d <= time.Saturday }

// clock is a minute of the day as "09:00".
func clock(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

func (d DigestSet) on() bool { return d.Every == DigestDaily || d.Every == DigestWeekly }

// String is "daily 09:00", "weekly Monday 09:30" or "off".
func (d DigestSet) String() string {
	switch d.Every {
	case DigestDaily:
		return "daily " + clock(d.Minute)
	case DigestWeekly:
		return "weekly " + d.Weekday.String() + " " + clock(d.Minute)
	}
	return string(DigestOff)
}

// holds reports whether a minute of the day is one of the quiet hours.
func (q QuietSet) holds(minute int) bool {
	if q.From <= q.To {
		return minute >= q.From && minute < q.To
	}
	return minute >= q.From || minute < q.To
}

// String is "20:00-08:00", or "off".
func (q QuietSet) String() string {
	if q.From == q.To {
		return "off"
	}
	return clock(q.From) + "-" + clock(q.To)
}

// String is "Mon-Fri", or the days one by one where they do not follow each
// other.
func (w WorkdaysSet) String() string {
	var on [7]bool
	for _, d := range w.Days {
		if weekday(d) {
			on[d] = true
		}
	}
	name := func(d int) string { return time.Weekday(d % 7).String()[:3] }
	var names []string
	runs, first := 0, 0
	for d := 1; d <= 7; d++ { // from Monday
		if !on[d%7] {
			continue
		}
		names = append(names, name(d))
		if !on[(d+6)%7] {
			runs, first = runs+1, d
		}
	}
	switch {
	case len(names) == 7:
		return "every day"
	case runs == 1 && len(names) > 2:
		return name(first) + "-" + name(first+len(names)-1)
	}
	return strings.Join(names, ", ")
}

// String is the calendar and the number of days, or "none".
func (h HolidaysSet) String() string {
	var parts []string
	if h.Calendar != "" {
		parts = append(parts, "calendar "+h.Calendar)
	}
	switch n := len(h.Days); {
	case n > 3:
		parts = append(parts, itoa(n)+" days")
	default:
		for _, d := range h.Days {
			parts = append(parts, strings.TrimSpace(d.Date.String()+" "+d.Name))
		}
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, ", ")
}
