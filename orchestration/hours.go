package orchestration

import "time"

// minutesADay is how many minutes the clock on the wall shows in a day.
const minutesADay = 24 * 60

// roundAt is when the morning round is made where no digest says so: 09:00.
const roundAt = 9 * 60

// Calendar is days with the names they have in it: holidays. It is never
// changed once made.
type Calendar map[Date]string

// Hours is when a channel may be spoken to unasked, and when its day begins.
// [Room.Hours] makes one. It goes by the clock on the wall and by calendar
// days, so that nine stays nine when the clocks change.
type Hours struct {
	zone    *time.Location
	quiet   QuietSet
	work    [7]bool // by weekday
	digest  DigestSet
	own     Calendar
	further Calendar
}

// Hours is what is in force in a room: for each setting the channel's, the
// workspace's, or the default.
func (in Room) Hours() Hours {
	h := Hours{zone: in.Zone(), digest: DigestSet{Every: DigestOff}}
	work, holidays := workWeek, (*holidays)(nil)
	for _, s := range [...]Settings{in.Workspace, in.Channel} {
		if s.quiet != nil {
			h.quiet = *s.quiet
		}
		if s.workdays != nil {
			work = s.workdays
		}
		if s.digest != nil {
			h.digest = *s.digest
		}
		if s.holidays != nil {
			holidays = s.holidays
		}
	}
	for _, d := range work {
		if d >= 0 && int(d) < len(h.work) {
			h.work[d] = true
		}
	}
	if holidays != nil {
		h.own, h.further = holidays.on, in.Calendars[holidays.set.Calendar]
	}
	return h
}

// Zone is the zone whose clocks count.
func (h Hours) Zone() *time.Location {
	if h.zone == nil {
		return time.UTC
	}
	return h.zone
}

// At is that minute of the day, counted from midnight, on that day. A time that
// the clocks skip is the first moment after the gap, one that comes twice is
// the first of the two; of a day that the zone skipped it is the first moment
// of the day after. Later days and minutes are never earlier moments.
func (h Hours) At(d Date, minute int) time.Time {
	// The moment is the first at which the clock on the wall shows this or more.
	// No zone is a whole day off, so that the clock shows less a day before.
	wall := time.Date(d.Year, d.Month, d.Day, 0, minute, 0, 0, time.UTC)
	for t := wall.Add(-24 * time.Hour).In(h.Zone()); ; {
		_, end := t.ZoneBounds()
		_, offset := t.Zone()
		at := wall.Add(-time.Duration(offset) * time.Second).In(h.Zone())
		if at.Before(t) {
			return t // the clocks went past it at t
		}
		if end.IsZero() || at.Before(end) {
			return at
		}
		t = end
	}
}

// Quiet reports whether a moment is within quiet hours. Their first minute is,
// the one they end at is not.
func (h Hours) Quiet(t time.Time) bool {
	t = t.In(h.Zone())
	return h.quiet.holds(t.Hour()*60 + t.Minute())
}

// Loud is t, or the first moment after it outside quiet hours.
func (h Hours) Loud(t time.Time) time.Time {
	if !h.Quiet(t) {
		return t
	}
	for at := t.In(h.Zone()); ; {
		// Until the clocks change, the end is as far away as the clock shows.
		_, end := at.ZoneBounds()
		hour, minute, second := at.Clock()
		left := (h.quiet.To-hour*60-minute+minutesADay)%minutesADay*60 - second
		loud := at.Add(time.Duration(left)*time.Second - time.Duration(at.Nanosecond()))
		if end.IsZero() || loud.Before(end) {
			return loud
		}
		if at = end; !h.Quiet(at) {
			return at
		}
	}
}

// Free says whether nobody works on a day, and why: the name of the holiday, or
// of the day of the week.
func (h Hours) Free(d Date) (why string, free bool) {
	for _, c := range [...]Calendar{h.own, h.further} {
		if name, ok := c[d]; ok {
			if name == "" {
				name = "holiday"
			}
			return name, true
		}
	}
	if !h.works(d.Weekday()) {
		return d.Weekday().String(), true
	}
	if DateOf(h.At(d, 0)) != d {
		return "a day that the clocks skipped", true
	}
	return "", false
}

func (h Hours) works(d time.Weekday) bool {
	if h.work == ([7]bool{}) { // the zero Hours
		return d != time.Saturday && d != time.Sunday
	}
	return h.work[d]
}
