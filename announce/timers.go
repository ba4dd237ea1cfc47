package announce

import (
	"fmt"
	"strconv"
	"time"

	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// Timers are rows in order of their moments. Whatever fires is decided on from
// the log as it stands then, so that a timer which nobody needs any more does
// no harm: it is never looked for, it passes.

// errand is what a timer is for. The texts are stored: they never change
// meaning.
type errand string

const (
	toRemind errand = "remind" // somebody asked to be reminded
	toSayDue errand = "due"    // a phase is due
	toRound  errand = "round"  // a channel's morning round
	toSweep  errand = "sweep"  // a workspace's settings have changed: rounds are at other times
	toShow   errand = "show"   // a backup was restored: cards show what it does not know of
)

// timer is what is to happen at a moment.
type timer struct {
	Do      errand          `json:"do"`
	At      time.Time       `json:"at"` // when it was meant to happen first, before it was put off
	Session state.SessionID `json:"s,omitempty"`
	Number  int             `json:"n,omitempty"` // of the reminder
	Channel string          `json:"c,omitempty"` // or the workspace, of a sweep
	Day     day             `json:"day,omitempty"`
	Before  int             `json:"b,omitempty"`     // a round that goes on: only lower numbers
	Again   bool            `json:"again,omitempty"` // it may have been said
	Missed  bool            `json:"m,omitempty"`     // its session had ended then
	After   string          `json:"a,omitempty"`     // a sweep that goes on: only later channels
}

// set is a timer with its key.
type set struct {
	key string
	timer
}

// moment is what the keys of timers at a moment begin with. Seconds are rounded
// up, so that none fires early.
func moment(at time.Time) string {
	seconds := at.Unix()
	if at.Nanosecond() > 0 {
		seconds++
	}
	return fmt.Sprintf("t%011d", max(seconds, 0))
}

// momentOf is the moment in a timer's key.
func momentOf(key string) (time.Time, error) {
	if len(key) < len("t")+11 || key[0] != 't' {
		return time.Time{}, fmt.Errorf("the row %q of what is to happen has no moment", key)
	}
	seconds, err := strconv.ParseInt(key[1:12], 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("the row %q of what is to happen has no moment: %w", key, err)
	}
	return time.Unix(seconds, 0), nil
}

// put arms a timer for a moment; one of the same name at that moment is it
// already.
func (t timer) put(a *Announcer, tx *state.FollowTx, at time.Time) (key string) {
	key = moment(at) + "\x00" + t.name()
	tx.Put(key, encode(t))
	first, _ := momentOf(key)
	tx.Committed(func() { a.clock.armed(first) })
	return key
}

func (t timer) name() string {
	switch t.Do {
	case toRemind:
		return fmt.Sprintf("r%s %d", t.Session, t.Number)
	case toSayDue:
		return fmt.Sprintf("d%s", t.Session)
	case toRound:
		return fmt.Sprintf("c%s %d", t.Channel, t.Before)
	case toShow:
		return "show"
	}
	return "w" + t.Channel
}

// day is a calendar day as it is kept: "2026-12-24". Later days are greater;
// "" is before all of them.
type day string

func dayOf(t time.Time, h orchestration.Hours) day {
	return day(orchestration.DateOf(t.In(h.Zone())).String())
}

// date is the day; of "" it is the zero one.
func (d day) date() orchestration.Date {
	date, _ := orchestration.ParseDate(string(d))
	return date
}

// believable is a day on which something was done, or "" where it lies so far
// ahead of today that the clock must have been wrong then: nobody waits for it.
func (d day) believable(today orchestration.Date) day {
	if d > day(today.Add(7).String()) {
		return ""
	}
	return d
}
