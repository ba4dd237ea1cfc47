package picture

import (
	"strconv"
	"time"
)

// axis puts moments on the canvas. It reckons in seconds as floating point:
// ten years a phase and 52 phases are more than a time.Duration holds.
type axis struct {
	from, to float64 // seconds since 1970
	x0, x1   float64
}

// shortest keeps a session that has just begun from filling the picture with
// one bar and the axis with seconds.
const shortest = 5 * 60

func newAxis(from, to time.Time, x0, x1 float64) axis {
	a := axis{seconds(from), seconds(to), x0, x1}
	a.to = max(a.to, a.from+shortest)
	return a
}

func seconds(t time.Time) float64 { return float64(t.Unix()) + float64(t.Nanosecond())/1e9 }

// x is where a moment is.
func (a axis) x(t time.Time) float64 {
	return a.x0 + (seconds(t)-a.from)/(a.to-a.from)*(a.x1-a.x0)
}

// unit is what the ticks of an axis count.
type unit byte

const (
	minutes unit = iota
	hours
	days
	weeks
	months
	years
)

// length is about how many seconds a unit has.
func (u unit) length() float64 {
	const day = 24 * 3600
	return [...]float64{60, 3600, day, 7 * day, 30.4 * day, 365.25 * day}[u]
}

// step is the distance from one tick to the next.
type step struct {
	unit unit
	n    int
}

var steps = []step{
	{minutes, 1},
	{minutes, 2},
	{minutes, 5},
	{minutes, 15},
	{minutes, 30},
	{hours, 1},
	{hours, 2},
	{hours, 4},
	{hours, 8},
	{days, 1},
	{days, 2},
	{days, 4},
	{weeks, 1},
	{weeks, 2},
	{months, 1},
	{months, 2},
	{months, 4},
	{years, 1},
	{years, 2},
	{years, 5},
	{years, 10},
	{years, 20},
	{years, 50},
	{years, 100},
	{years, 200},
}

// tickRoom is the least distance of two ticks: the widest label and some air.
const tickRoom = 150

// step is the finest that leaves room for its labels.
func (a axis) step() step {
	for _, s := range steps {
		if s.unit.length()*float64(s.n)/(a.to-a.from)*(a.x1-a.x0) >= tickRoom {
			return s
		}
	}
	return steps[len(steps)-1]
}

// ticks are the moments that a step falls on within the axis.
func (a axis) ticks(s step, zone *time.Location) []time.Time {
	start := time.Unix(int64(a.from), 0).In(zone)
	first := s.floor(start)
	var out []time.Time
	for i := 0; ; i++ {
		t := s.after(first, i)
		if seconds(t) > a.to {
			return out
		}
		if seconds(t) >= a.from && (len(out) == 0 || t.After(out[len(out)-1])) {
			out = append(out, t)
		}
	}
}

// floor is the last moment at or before t that the step may count from.
func (s step) floor(t time.Time) time.Time {
	y, m, d := t.Date()
	switch s.unit {
	case minutes:
		return time.Date(y, m, d, t.Hour(), t.Minute()/s.n*s.n, 0, 0, t.Location())
	case hours:
		return time.Date(y, m, d, t.Hour()/s.n*s.n, 0, 0, 0, t.Location())
	case days:
		return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
	case weeks:
		return time.Date(y, m, d-(int(t.Weekday())+6)%7, 0, 0, 0, 0, t.Location())
	case months:
		return time.Date(y, (m-1)/time.Month(s.n)*time.Month(s.n)+1, 1, 0, 0, 0, 0, t.Location())
	}
	return time.Date(y/s.n*s.n, 1, 1, 0, 0, 0, 0, t.Location())
}

// after is the i-th tick after the first, by the calendar of its zone.
func (s step) after(first time.Time, i int) time.Time {
	n := i * s.n
	switch s.unit {
	case minutes:
		return first.Add(time.Duration(n) * time.Minute)
	case hours:
		return time.Date(first.Year(), first.Month(), first.Day(), first.Hour()+n, 0, 0, 0, first.Location())
	case days:
		return first.AddDate(0, 0, n)
	case weeks:
		return first.AddDate(0, 0, 7*n)
	case months:
		return first.AddDate(0, n, 0)
	}
	return first.AddDate(n, 0, 0)
}

// name is what stands at a tick.
func (s step) name(t time.Time, first bool) string {
	switch {
	case s.unit == years:
		return strconv.Itoa(t.Year())
	case s.unit == months && (first || t.Month() == time.January):
		return t.Format("Jan 2006")
	case s.unit == months:
		return t.Format("Jan")
	case s.unit <= hours && (t.Hour() > 0 || t.Minute() > 0):
		return t.Format("15:04")
	}
	return t.Format("2 Jan")
}

// moment is how an axis with this step names a moment on it.
func (s step) moment(t time.Time) string {
	switch {
	case s.unit <= hours:
		return t.Format("15:04")
	case s.unit == years || s.unit == months:
		return t.Format("2 Jan 2006")
	}
	return t.Format("2 Jan")
}
