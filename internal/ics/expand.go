package ics

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"

	"github.com/synthoperator/baton/orchestration"
)

// expansion collects the days that events touch.
type expansion struct {
	from, to orchestration.Date
	days     orchestration.Calendar
	rules    int
	// replaced are the days of a repeating event that an event of their own
	// stands for, by the event's UID.
	replaced map[string]map[orchestration.Date]bool
}

// noteReplaced notes which single days stand for one of a repeating event.
func (x *expansion) noteReplaced(events []event) {
	x.replaced = map[string]map[orchestration.Date]bool{}
	for _, e := range events {
		uid, ok := e.first("UID")
		id, ok2 := e.first("RECURRENCE-ID")
		if !ok || !ok2 {
			continue
		}
		if m, err := e.moment(id, id.Value); err == nil {
			if x.replaced[uid.Value] == nil {
				x.replaced[uid.Value] = map[orchestration.Date]bool{}
			}
			x.replaced[uid.Value][orchestration.DateOf(m.at)] = true
		}
	}
}

// add adds the days of one event.
func (x *expansion) add(e event) error {
	if status, ok := e.first("STATUS"); ok && strings.EqualFold(strings.TrimSpace(status.Value), "CANCELLED") {
		return nil
	}
	first, span, err := e.span()
	if err != nil {
		return err
	}
	starts, err := x.starts(e, first)
	if err != nil {
		return err
	}
	name := e.name()
	for _, start := range starts {
		for n := range span {
			d := start.Add(n)
			if _, known := x.days[d]; known {
				continue // the first event of a day names it
			}
			if len(x.days) >= maxDays {
				return &Error{e.at, fmt.Sprintf("the file names more than %d days", maxDays), "export the holidays alone"}
			}
			x.days[d] = name
		}
	}
	return nil
}

// starts are the days on which an event begins, each time it does.
func (x *expansion) starts(e event, first orchestration.Date) ([]orchestration.Date, error) {
	all := []orchestration.Date{first}
	if rule, ok := e.first("RRULE"); ok {
		if x.rules++; x.rules > maxRules {
			return nil, &Error{rule.at, fmt.Sprintf("more than %d events repeat", maxRules), "export the holidays alone"}
		}
		repeated, err := x.follow(rule, first)
		if err != nil {
			return nil, err
		}
		all = repeated
	}
	more, err := e.dates("RDATE")
	if err != nil {
		return nil, err
	}
	all = append(all, more...)
	without, err := e.dates("EXDATE")
	if err != nil {
		return nil, err
	}
	gone := map[orchestration.Date]bool{}
	for _, d := range without {
		gone[d] = true
	}
	uid, _ := e.first("UID")
	_, single := e.first("RECURRENCE-ID")
	var out []orchestration.Date
	for _, d := range all {
		if !gone[d] && (single || uid.BaseProperty == nil || !x.replaced[uid.Value][d]) {
			out = append(out, d)
		}
	}
	return out, nil
}

// Parts of a rule that are read for each frequency: those with which it comes
// true again in any case, so that following it ends. Yearly and monthly rules
// are followed with any.
var rulePartRE = map[rrule.Frequency]*regexp.Regexp{
	rrule.WEEKLY: regexp.MustCompile(`^(FREQ|INTERVAL|COUNT|UNTIL|WKST|BYDAY)$`),
	rrule.DAILY:  regexp.MustCompile(`^(FREQ|INTERVAL|COUNT|UNTIL|WKST)$`),
}

// follow follows a rule. It goes by days: times of day do not matter here.
func (x *expansion) follow(p prop, first orchestration.Date) ([]orchestration.Date, error) {
	const remedy = "a rule is as in RRULE:FREQ=YEARLY, yearly, monthly, weekly or daily; or list the days one by one"
	text := strings.ToUpper(strings.Trim(strings.TrimSpace(p.Value), ";"))
	o, err := rrule.StrToROption(text)
	if err != nil {
		return nil, &Error{p.at, fmt.Sprintf("RRULE %q cannot be read", cut(text)), remedy}
	}
	for part := range strings.SplitSeq(text, ";") {
		name, _, _ := strings.Cut(part, "=")
		switch read := rulePartRE[o.Freq]; {
		case o.Freq > rrule.DAILY, name == "DTSTART", name == "BYHOUR", name == "BYMINUTE", name == "BYSECOND", read != nil && !read.MatchString(name):
			return nil, &Error{p.at, fmt.Sprintf("RRULE %q is not one of days that Baton can follow", cut(text)), remedy}
		}
	}
	if o.Interval > 1000 || first.Year < 1900 {
		return nil, &Error{p.at, "the rule begins before 1900 or has gaps of more than 1000", remedy}
	}
	begin, end := utc(first), utc(x.to)
	o.Dtstart = begin
	if o.Until.IsZero() || o.Until.After(end) {
		o.Until = end
	} else {
		o.Until = utc(orchestration.DateOf(o.Until))
	}
	rule, err := rrule.NewRRule(*o)
	if err != nil {
		return nil, &Error{p.at, fmt.Sprintf("RRULE %q cannot be followed, since %s", cut(text), err), remedy}
	}
	var all []orchestration.Date
	for next := rule.Iterator(); ; {
		at, ok := next()
		if !ok {
			return all, nil
		}
		if d := orchestration.DateOf(at); !d.Before(x.from) {
			all = append(all, d)
		}
	}
}

func utc(d orchestration.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// span is the day an event begins on and how many days it touches.
func (e event) span() (first orchestration.Date, days int, err error) {
	p, ok := e.first("DTSTART")
	if !ok {
		return first, 0, &Error{e.at, "an event has no DTSTART", "write when it is, as in DTSTART;VALUE=DATE:20261224"}
	}
	start, err := e.moment(p, p.Value)
	if err != nil {
		return first, 0, err
	}
	end, at := start, p.at
	if start.day {
		end.at = start.at.AddDate(0, 0, 1)
	}
	if p, ok := e.first("DTEND"); ok {
		if end, err = e.moment(p, p.Value); err != nil {
			return first, 0, err
		}
		at = p.at
	} else if p, ok := e.first("DURATION"); ok {
		long, err := duration(p)
		if err != nil {
			return first, 0, err
		}
		end.at, at = start.at.Add(long), p.at
	}
	first = orchestration.DateOf(start.at)
	if end.at.Before(start.at) {
		return first, 0, &Error{at, "an event ends before it begins", "correct DTSTART or DTEND"}
	}
	// The end is the first moment after the event.
	last := first
	if end.at.After(start.at) {
		last = orchestration.DateOf(end.at.Add(-time.Nanosecond))
	}
	days = 1 + int(utc(last).Sub(utc(first))/(24*time.Hour))
	if days > maxSpan {
		return first, 0, &Error{at, fmt.Sprintf("an event lasts %d days", days), "days off last a year at most; take it out of the file"}
	}
	return first, days, nil
}

// moment is a DATE or a DATE-TIME. A time with a zone, or with none, is taken as
// it is written: a holiday is a day on the wall. One in UTC is told in the
// calendar's zone.
type moment struct {
	at  time.Time
	day bool
}

func (e event) moment(p prop, value string) (moment, error) {
	value = strings.ToUpper(strings.TrimSpace(value))
	at, err := time.Parse("20060102", value)
	day := err == nil
	if !day {
		at, err = time.Parse("20060102T150405", strings.TrimSuffix(value, "Z"))
	}
	if err != nil || at.Year() < 1 || day != strings.EqualFold(p.param("VALUE"), "DATE") && p.param("VALUE") != "" && !strings.EqualFold(p.param("VALUE"), "PERIOD") {
		return moment{}, &Error{p.at, fmt.Sprintf("%s is no day and no time: %q", p.IANAToken, cut(value)), "a day is as in 20261224, a time as in 20261224T090000"}
	}
	if strings.HasSuffix(value, "Z") {
		wall := at.In(e.zone)
		at = time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), 0, time.UTC)
	}
	return moment{at, day}, nil
}

// dates are the days of all properties of a name, which hold several each.
func (e event) dates(name string) ([]orchestration.Date, error) {
	var all []orchestration.Date
	for _, p := range e.props[name] {
		for value := range strings.SplitSeq(p.Value, ",") {
			value, _, _ = strings.Cut(value, "/") // a period is told by its begin
			m, err := e.moment(p, value)
			if err != nil {
				return nil, err
			}
			all = append(all, orchestration.DateOf(m.at))
		}
	}
	return all, nil
}

var durationRE = regexp.MustCompile(`^\+?P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$`)

// duration reads "P1D", "P1W", "PT24H" (RFC 5545, 3.3.6).
func duration(p prop) (time.Duration, error) {
	value := strings.ToUpper(strings.TrimSpace(p.Value))
	m := durationRE.FindStringSubmatch(value)
	if m == nil {
		return 0, &Error{p.at, fmt.Sprintf("DURATION %q cannot be read", cut(value)), "a duration is as in P1D or PT24H"}
	}
	var long time.Duration
	for i, unit := range []time.Duration{7 * 24 * time.Hour, 24 * time.Hour, time.Hour, time.Minute, time.Second} {
		n, _ := strconv.Atoi(m[i+1]) // "" is none
		long += time.Duration(n) * unit
	}
	return long, nil
}
