package orchestration

import "time"

// maxSearch bounds how far ahead a round is looked for, in days: holidays may
// name every day there is.
const maxSearch = maxAhead

// Round is the first morning round strictly after a moment. Each working day
// has exactly one, on that day: at the digest's time of day, or at 09:00 where
// none was set; where that is in quiet hours, when they end on that day. It is
// the zero time where the next ten years have no working day.
func (h Hours) Round(after time.Time) time.Time {
	d := DateOf(after.In(h.Zone()))
	for range maxSearch {
		if _, free := h.Free(d); !free {
			if at, ok := h.round(d); ok && at.After(after) {
				return at
			}
		}
		d = d.Add(1)
	}
	return time.Time{}
}

// round is the round of a day. Where the clocks skip the time meant and the
// gap leads into the next day or into quiet hours, it is made earlier.
func (h Hours) round(d Date) (time.Time, bool) {
	minute := h.RoundMinute()
	for m := minute; m >= 0; m-- {
		if at := h.At(d, m); DateOf(at) == d && !h.Quiet(at) {
			return at, true
		}
	}
	for m := minute; m < minutesADay; m++ {
		if at := h.At(d, m); DateOf(at) == d && !h.Quiet(at) {
			return at, true
		}
	}
	return time.Time{}, false
}

// RoundMinute is the minute of the day of the round: the digest's, 09:00, or
// the end of quiet hours where that falls into them.
func (h Hours) RoundMinute() int {
	minute := roundAt
	if h.digest.on() {
		minute = h.digest.Minute
	}
	if h.quiet.holds(minute) {
		minute = h.quiet.To
	}
	return minute
}

// Digest reports whether the round of a day brings the digest: daily on every
// working day, weekly once in the seven days that begin with its day of the
// week, on the first of them that is a working day.
func (h Hours) Digest(d Date) bool {
	if _, free := h.Free(d); free {
		return false
	}
	switch h.digest.Every {
	case DigestDaily:
		return true
	case DigestWeekly:
		since := (int(d.Weekday()-h.digest.Weekday)%7 + 7) % 7
		for n := 1; n <= since; n++ {
			if _, free := h.Free(d.Add(-n)); !free {
				return false
			}
		}
		return true
	}
	return false
}
