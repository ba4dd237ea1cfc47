package orchestration

import (
	"fmt"
	"time"
)

// Date is a calendar day, wherever that day is lived.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf is the day of a moment, in the zone the moment is told in.
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{year, month, day}
}

// ParseDate reads a day as "2026-12-24".
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, Refuse("%q is no day", cut(cleanLine(s), 40)).Try("settings holidays: 2026-12-24 Christmas Eve")
	}
	return DateOf(t), nil
}

// String is the day as "2026-12-24".
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// Add is the day that many days later.
func (d Date) Add(days int) Date { return DateOf(d.utc().AddDate(0, 0, days)) }

// Before reports whether the day is earlier than another.
func (d Date) Before(o Date) bool { return d.utc().Before(o.utc()) }

// Since is how many days this is after another one; negative before it.
func (d Date) Since(o Date) int { return int(d.utc().Sub(o.utc()) / (24 * time.Hour)) }

// Weekday is its day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// IsZero reports whether this is no day.
func (d Date) IsZero() bool { return d == Date{} }

// real reports whether the calendar has such a day.
func (d Date) real() bool { return d.Year > 0 && d.Year < 10000 && DateOf(d.utc()) == d }

func (d Date) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }
