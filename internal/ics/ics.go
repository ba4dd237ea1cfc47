// Package ics reads the days off from an iCalendar file (RFC 5545): which days
// its events touch, and what they are called. It knows nothing of channels.
package ics

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	ical "github.com/arran4/golang-ical"

	"github.com/synthoperator/baton/orchestration"
)

// MaxSize bounds a file, in bytes.
const MaxSize = 4 << 20

const (
	maxDays  = 100_000 // days that a file may name in all
	maxRules = 500     // events that repeat: following a rule that never comes true takes its time
	maxLine  = 8 << 10 // bytes of a line that is read; longer ones are pictures and descriptions
	maxSpan  = 366     // days that one event may last
	maxName  = 100     // bytes of a day's name
)

// Error says what is wrong with a file, and what to do about it.
type Error struct {
	Line   int // from 1; 0 where it concerns the whole file
	What   string
	Remedy string
}

func (e *Error) Error() string {
	text := e.What + ": " + e.Remedy
	if e.Line > 0 {
		text = fmt.Sprintf("line %d: %s", e.Line, text)
	}
	return text
}

// Parse reads the days that the events of a file touch. Events that repeat are
// followed from one day to another; those that do not are read whenever they
// are. A file is taken whole or refused.
func Parse(data []byte, from, to orchestration.Date) (orchestration.Calendar, error) {
	if len(data) > MaxSize {
		return nil, &Error{0, fmt.Sprintf("it is larger than %d MiB", MaxSize>>20), "export the holidays alone"}
	}
	events, err := readEvents(data)
	if err != nil {
		return nil, err
	}
	x := expansion{from: from, to: to, days: orchestration.Calendar{}}
	x.noteReplaced(events)
	for _, e := range events {
		if err := x.add(e); err != nil {
			return nil, err
		}
	}
	return x.days, nil
}

// line is one line of a file, unfolded.
type line struct {
	at   int
	text string
}

// lines are those of a file. A line that begins with a blank goes on with the
// one before it (RFC 5545, 3.1).
func lines(data []byte) []line {
	var all []line
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	n := 0
	var folded strings.Builder
	flush := func() {
		if len(all) > 0 && folded.Len() > 0 {
			all[len(all)-1].text = folded.String()
		}
	}
	for raw := range bytes.Lines(data) {
		n++
		raw = bytes.TrimRight(raw, "\r\n")
		if len(raw) > 0 && (raw[0] == ' ' || raw[0] == '\t') && len(all) > 0 {
			folded.Write(raw[1:])
			continue
		}
		flush()
		folded.Reset()
		if len(bytes.TrimSpace(raw)) > 0 {
			all = append(all, line{at: n})
			folded.Write(raw)
		}
	}
	flush()
	return all
}

// event is what is read of a VEVENT.
type event struct {
	at    int // the line it begins in
	props map[string][]prop
	zone  *time.Location // of the calendar, for times in UTC
}

type prop struct {
	at int
	*ical.BaseProperty
}

// wanted are the properties that say which days an event touches.
var wanted = []string{"DTSTART", "DTEND", "DURATION", "SUMMARY", "RRULE", "RDATE", "EXDATE", "STATUS", "UID", "RECURRENCE-ID"}

// readEvents reads the events of a file, in order.
func readEvents(data []byte) ([]event, error) {
	var events []event
	var open []string
	zone := time.UTC
	last := 0
	for _, l := range lines(data) {
		last = l.at
		end := strings.IndexAny(l.text, ":;")
		if end < 1 {
			return nil, &Error{l.at, "this is no line of a calendar", "a line is a name, a colon and a value"}
		}
		name := strings.ToUpper(l.text[:end])
		value := strings.ToUpper(strings.TrimSpace(l.text[end+1:]))
		switch {
		case len(open) == 0 && (name != "BEGIN" || value != "VCALENDAR"):
			return nil, &Error{l.at, "this is no iCalendar file", "it begins with BEGIN:VCALENDAR"}
		case name == "BEGIN":
			if len(open) >= 8 {
				return nil, &Error{l.at, "this is nested too deeply", "export the calendar again"}
			}
			open = append(open, value)
			if value == "VEVENT" && len(open) == 2 {
				events = append(events, event{at: l.at, props: map[string][]prop{}, zone: zone})
			}
		case name == "END":
			if value != open[len(open)-1] {
				return nil, &Error{l.at, "END:" + cut(value) + " ends what did not begin", "here END:" + cut(open[len(open)-1]) + " belongs"}
			}
			open = open[:len(open)-1]
		case name == "X-WR-TIMEZONE" && len(open) == 1:
			if z, err := time.LoadLocation(strings.TrimSpace(l.text[end+1:])); err == nil {
				zone = z
			}
		case len(open) == 2 && open[1] == "VEVENT" && slices.Contains(wanted, name):
			p, err := readProp(l, name)
			if err != nil {
				return nil, err
			}
			e := events[len(events)-1]
			e.props[name] = append(e.props[name], p)
		}
	}
	if len(open) > 0 {
		return nil, &Error{last, "the file ends too early", "it was cut off: END:" + cut(open[len(open)-1]) + " is missing"}
	}
	if last == 0 {
		return nil, &Error{0, "it is empty", "it begins with BEGIN:VCALENDAR"}
	}
	return events, nil
}

func readProp(l line, name string) (prop, error) {
	if len(l.text) > maxLine {
		if name == "SUMMARY" {
			l.text = l.text[:maxLine]
		} else {
			return prop{}, &Error{l.at, fmt.Sprintf("%s is longer than %d KiB", name, maxLine>>10), "export the holidays alone"}
		}
	}
	p, err := ical.ParseProperty(ical.ContentLine(strings.ToValidUTF8(l.text, "\ufffd")))
	if err != nil || p == nil {
		return prop{}, &Error{l.at, name + " cannot be read", "a line is a name, a colon and a value, as in DTSTART;VALUE=DATE:20261224"}
	}
	return prop{l.at, p}, nil
}

// param is a parameter's value, or "".
func (p prop) param(name string) string {
	for key, values := range p.ICalParameters {
		if strings.EqualFold(key, name) && len(values) > 0 {
			return values[0]
		}
	}
	return ""
}

// first is the first property of a name.
func (e event) first(name string) (prop, bool) {
	if all := e.props[name]; len(all) > 0 {
		return all[0], true
	}
	return prop{}, false
}

// name is what the event is called, on one short line.
func (e event) name() string {
	p, ok := e.first("SUMMARY")
	if !ok {
		return ""
	}
	text := strings.Join(strings.Fields(p.Value), " ")
	if len(text) > maxName {
		text = strings.ToValidUTF8(text[:maxName-len("…")], "") + "…"
	}
	return text
}

func cut(s string) string {
	if len(s) > 40 {
		s = strings.ToValidUTF8(s[:40], "") + "…"
	}
	return s
}
