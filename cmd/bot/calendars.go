package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/synthoperator/baton/internal/ics"
	"github.com/synthoperator/baton/orchestration"
)

// Repeating holidays are known from a year before the start of the program to
// five years after it.
const (
	yearsBack  = 1
	yearsAhead = 5
)

// calendarError says what is wrong with a calendar's file.
type calendarError struct {
	name, path string
	problem    Problem
}

func (e calendarError) Error() string {
	at := e.path
	if e.problem.Line > 0 {
		at += fmt.Sprintf(":%d", e.problem.Line)
	}
	return fmt.Sprintf("calendar %s: %s: %s", e.name, at, e.problem)
}

// openCalendars reads the files of all calendars. What is wrong with them is
// told all at once.
func openCalendars(c Config, now time.Time) (map[string]orchestration.Calendar, error) {
	all := make(map[string]orchestration.Calendar, len(c.Calendar))
	var wrong []error
	for _, name := range slices.Sorted(maps.Keys(c.Calendar)) {
		days, err := readCalendar(name, c.Calendar[name].Path, now)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		all[name] = days
	}
	return all, errors.Join(wrong...)
}

func readCalendar(name, path string, now time.Time) (orchestration.Calendar, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, calendarError{name, path, Problem{What: "it cannot be read, " + cause(err), Instead: fmt.Sprintf("correct calendar.%s in the configuration", name)}}
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, ics.MaxSize+1))
	if err != nil {
		return nil, calendarError{name, path, Problem{What: "it cannot be read, " + cause(err), Instead: fmt.Sprintf("calendar.%s names an iCalendar file", name)}}
	}
	days, err := ics.Parse(data, orchestration.DateOf(now.AddDate(-yearsBack, 0, 0)), orchestration.DateOf(now.AddDate(yearsAhead, 0, 0)))
	var bad *ics.Error
	if errors.As(err, &bad) {
		return nil, calendarError{name, path, Problem{Line: bad.Line, What: bad.What, Instead: bad.Remedy}}
	}
	return days, err
}

// calendarChecked is what a check found of one calendar.
type calendarChecked struct {
	Name   string `json:"name"`
	Path   string `json:"path"`
	Days   int    `json:"days"`
	Line   int    `json:"line,omitempty"`
	What   string `json:"what,omitempty"` // what is wrong with it
	Remedy string `json:"remedy,omitempty"`
}

func checkCalendars(c Config, now time.Time) []calendarChecked {
	all := []calendarChecked{}
	for _, name := range slices.Sorted(maps.Keys(c.Calendar)) {
		one := calendarChecked{Name: name, Path: c.Calendar[name].Path}
		days, err := readCalendar(name, one.Path, now)
		var bad calendarError
		switch {
		case errors.As(err, &bad):
			one.Line, one.What, one.Remedy = bad.problem.Line, bad.problem.What, bad.problem.Instead
		case err != nil:
			one.What = err.Error()
		}
		one.Days = len(days)
		all = append(all, one)
	}
	return all
}

func (c calendarChecked) String() string {
	if c.What != "" {
		return calendarError{c.Name, c.Path, Problem{Line: c.Line, What: c.What, Instead: c.Remedy}}.Error()
	}
	return fmt.Sprintf("calendar       %s (%s): %s", c.Name, c.Path, count(c.Days, "day"))
}
