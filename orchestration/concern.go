package orchestration

import (
	"slices"
	"time"
)

// ConcernKind says what does not move by itself.
type ConcernKind string

// The kinds. The texts are kept by whoever remembers what was told: they never
// change meaning.
const (
	DueSoon       ConcernKind = "due soon" // no working day lies before the day it is due
	DueNow        ConcernKind = "due"      // this is the moment
	Overdue       ConcernKind = "overdue"
	ReportWaits   ConcernKind = "report"   // nobody has decided on it
	ProposalWaits ConcernKind = "proposal" // nobody has decided on it
	Unowned       ConcernKind = "unowned"  // nobody sees to an open item
	StandsStill   ConcernKind = "still"    // nothing is decided
)

// Concern is something in a session that people are told of until somebody sees
// to it.
type Concern struct {
	Kind   ConcernKind
	Number int       // of the item, task or proposal; 0 where it is about the phase
	Since  time.Time // since when; of what is due, when it is
}

// Nudge is what a session's thread is to be told at some moment.
type Nudge struct {
	Reminders []int // that somebody set, by their numbers
	Concerns  []Concern
	// Late says that the moment was missed: nothing could be said then.
	Late bool
	// Ended says that the session had ended when a reminder fell due.
	Ended bool
}

// How long something waits before anybody is told.
const (
	waitDecision = 24 * time.Hour // a report or proposal
	waitOwner    = 48 * time.Hour // an open item that nobody sees to
	waitWorkdays = 5              // working days between the last decision and today
)

// Concerns are those of a session on a working day, at a moment, of those that
// are told in the round: what is due today is told when it is due. A session
// that is not worked on has none.
func (s Session) Concerns(h Hours, now time.Time) []Concern {
	if s.state != ActiveState {
		return nil
	}
	var out []Concern
	today := DateOf(now.In(h.Zone()))
	if !s.due.IsZero() {
		switch due := DateOf(s.due.In(h.Zone())); {
		case due.Before(today):
			out = append(out, Concern{Kind: Overdue, Since: s.due})
		case today.Before(due) && h.freeBetween(today, due):
			out = append(out, Concern{Kind: DueSoon, Since: s.due})
		}
	}
	if len(out) == 0 && h.workdaysBetween(DateOf(s.latest.In(h.Zone())), today, waitWorkdays) {
		out = append(out, Concern{Kind: StandsStill, Since: s.latest})
	}
	for _, t := range s.Tasks() {
		if t.State == TaskDone && now.Sub(t.DoneAt) > waitDecision {
			out = append(out, Concern{ReportWaits, t.ID, t.DoneAt})
		}
	}
	for _, a := range s.Waiting() {
		if now.Sub(a.At) > waitDecision {
			out = append(out, Concern{ProposalWaits, a.ID, a.At})
		}
	}
	for _, item := range s.Open() {
		if item.Owner.IsZero() && now.Sub(item.At) > waitOwner {
			out = append(out, Concern{Unowned, item.ID, item.At})
		}
	}
	return out
}

// Stands reports whether a concern is still one: nobody has seen to it.
func (s Session) Stands(c Concern) bool {
	if s.state != ActiveState {
		return false
	}
	switch c.Kind {
	case DueSoon, DueNow, Overdue:
		return s.due.Equal(c.Since)
	case StandsStill:
		return s.latest.Equal(c.Since)
	case ReportWaits:
		t, ok := s.Task(c.Number)
		return ok && t.State == TaskDone && t.DoneAt.Equal(c.Since)
	case ProposalWaits:
		return slices.ContainsFunc(s.Waiting(), func(a Ask) bool { return a.ID == c.Number })
	case Unowned:
		item, ok := s.Item(c.Number)
		return ok && item.State == Live && item.Kind == OpenItem && item.Owner.IsZero()
	}
	return false
}

// freeBetween reports whether nobody works on any day between two days.
func (h Hours) freeBetween(a, b Date) bool {
	return a.Before(b) && !h.workdaysBetween(a, b, 1)
}

// workdaysBetween reports whether there are at least n working days between two
// days, neither of them counted.
func (h Hours) workdaysBetween(a, b Date, n int) bool {
	for d, left := a.Add(1), maxSearch; d.Before(b) && left > 0; d, left = d.Add(1), left-1 {
		if _, free := h.Free(d); !free {
			if n--; n == 0 {
				return true
			}
		}
	}
	return n == 0
}

// DueMoment is the moment on the day a phase is due at which that is told: due
// itself, or the end of quiet hours. ok is false where that is no moment of a
// working day; then the next round tells that it was due.
func (h Hours) DueMoment(due time.Time) (at time.Time, ok bool) {
	at = h.Loud(due)
	day := DateOf(due.In(h.Zone()))
	if _, free := h.Free(day); free || DateOf(at.In(h.Zone())) != day {
		return at, false
	}
	return at, true
}

// RoundOn is the round of a day; ok is false where it has none.
func (h Hours) RoundOn(d Date) (at time.Time, ok bool) {
	if _, free := h.Free(d); free {
		return time.Time{}, false
	}
	return h.round(d)
}

// DigestIn reports whether one of the rounds from one day to another brings the
// digest.
func (h Hours) DigestIn(first, last Date) bool {
	for n, d := 0, last; n < 14 && !d.Before(first); n, d = n+1, d.Add(-1) { // a weekly one comes within a fortnight
		if h.Digest(d) {
			return true
		}
	}
	return false
}

// Digests reports whether a channel is told how its sessions stand.
func (in Room) Digests() bool { return in.Hours().digest.on() }
