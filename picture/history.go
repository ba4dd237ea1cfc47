package picture

import (
	"time"

	"github.com/synthoperator/baton/orchestration"
)

// barKind is what was going on in a phase for a while.
type barKind byte

const (
	planned barKind = iota
	worked
	paused
	over // worked on after it was due
)

// piece is a while in which one thing was going on in a phase.
type piece struct {
	kind     barKind
	from, to time.Time
}

func (p piece) length() time.Duration { return p.to.Sub(p.from) }

// markKind is a decision that the picture points at.
type markKind byte

const (
	handoffMark markKind = iota
	overrideMark
	undoMark
	markKinds
)

type moment struct {
	kind markKind
	at   time.Time
	seq  uint64
}

// track is what became of one phase.
type track struct {
	phase      orchestration.Phase
	persona    string // who thought there last, or is meant to
	outcome    orchestration.Outcome
	plan       piece // zero where the plan gives no duration
	pieces     []piece
	moments    []moment
	began, due time.Time // of its last visit
}

// history is a session's log as the picture needs it.
type history struct {
	session orchestration.Session
	tracks  []track
	zone    *time.Location
	start   time.Time
	now     time.Time // never before the last entry
	until   time.Time // when it ended, else now
}

// readHistory folds the log entry by entry, so that what an undo restored is
// what the rules restored. Clocks of machines differ: time never runs backward
// in the picture.
func readHistory(s orchestration.Session, log []orchestration.Entry, zone *time.Location, now time.Time) history {
	h := history{session: s, zone: zone, tracks: make([]track, len(s.Phases()))}
	_, h.start = s.Starter()
	h.start = h.start.In(zone)
	h.until = h.start
	var then orchestration.Session
	for _, e := range log {
		h.pass(then, e.At)
		before := then
		then = then.Apply(e)
		h.note(before, then, e)
	}
	h.now = now.In(zone)
	if h.now.Before(h.until) {
		h.now = h.until
	}
	h.pass(then, h.now)
	h.outline()
	return h
}

// pass says that until then a session stood as it stands.
func (h *history) pass(s orchestration.Session, to time.Time) {
	at := s.At()
	if state := s.State(); state == orchestration.None || state == orchestration.EndedState || at >= len(h.tracks) {
		return
	}
	from := h.until
	if to = to.In(h.zone); to.Before(from) {
		to = from
	}
	h.until = to
	t, due := &h.tracks[at], s.Due().In(h.zone)
	switch {
	case s.State() == orchestration.PausedState:
		t.add(piece{paused, from, to})
	case s.Due().IsZero() || !to.After(due):
		t.add(piece{worked, from, to})
	case !from.Before(due):
		t.add(piece{over, from, to})
	default:
		t.add(piece{worked, from, due})
		t.add(piece{over, due, to})
	}
}

// add joins a piece to the one before where nothing lies between.
func (t *track) add(p piece) {
	if n := len(t.pieces); n > 0 && t.pieces[n-1].kind == p.kind && t.pieces[n-1].to.Equal(p.from) {
		t.pieces[n-1].to = p.to
		return
	}
	t.pieces = append(t.pieces, p)
}

// note keeps what a decision means for the picture. Of what is sealed it keeps
// no more than that the session moved.
func (h *history) note(before, after orchestration.Session, e orchestration.Entry) {
	at := e.At.In(h.zone)
	if at.Before(h.until) {
		at = h.until
	}
	if after.State() == orchestration.None || after.At() >= len(h.tracks) {
		return
	}
	if before.State() == orchestration.EndedState && after.State() != orchestration.EndedState {
		h.until = at // nothing was open in between
	}
	hidden := h.session.Hides(e)
	t := &h.tracks[after.At()]
	if !hidden || before.At() != after.At() {
		t.persona = after.Persona().Name.String()
	}
	t.began, t.due = after.Began(), after.Due()
	for _, event := range e.Events() {
		switch event := event.(type) {
		case orchestration.HandedOff:
			h.mark(event.Phase, handoffMark, at, e.Seq)
		case orchestration.Overridden:
			if !hidden {
				h.mark(before.At(), overrideMark, at, e.Seq)
			}
		case orchestration.Undone:
			if h.unmark(event.Seq) || moved(before, after) {
				h.mark(after.At(), undoMark, at, e.Seq)
			}
		}
	}
}

// moved reports whether a session was taken to another phase or state.
func moved(before, after orchestration.Session) bool {
	return before.At() != after.At() || before.State() != after.State()
}

func (h *history) mark(phase int, kind markKind, at time.Time, seq uint64) {
	if phase < len(h.tracks) {
		h.tracks[phase].moments = append(h.tracks[phase].moments, moment{kind, at, seq})
	}
}

// unmark takes the marks of an undone decision away: the undo has its own.
func (h *history) unmark(seq uint64) (was bool) {
	for i := range h.tracks {
		var kept []moment
		for _, m := range h.tracks[i].moments {
			if m.seq != seq {
				kept = append(kept, m)
			}
		}
		was = was || len(kept) < len(h.tracks[i].moments)
		h.tracks[i].moments = kept
	}
	return was
}

// outline adds the plan: each phase's days, one after the other from the start.
func (h *history) outline() {
	from := h.start
	for i, p := range h.session.Phases() {
		t := &h.tracks[i]
		t.phase, t.outcome = p, h.session.Outcome(i)
		if len(t.pieces) == 0 && t.began.IsZero() {
			t.persona = p.Persona.String()
		}
		if p.Days > 0 {
			to := from.AddDate(0, 0, p.Days)
			t.plan = piece{planned, from, to}
			from = to
		}
	}
}

// planEnd is when the plan says that all is done; zero where it does not say.
func (h history) planEnd() time.Time {
	var end time.Time
	for _, t := range h.tracks {
		if !t.plan.to.IsZero() {
			end = t.plan.to
		}
	}
	return end
}

// open reports whether a phase is the one that is worked on, or paused in.
func (h history) open(i int) bool {
	return i == h.session.At() && h.session.State() != orchestration.EndedState
}

func (h history) ended() bool { return h.session.State() == orchestration.EndedState }

// spent is the time worked on a phase's last visit, and how much of it came
// after it was due.
func (t track) spent() (all, late time.Duration) {
	for _, p := range t.pieces {
		if p.kind == paused || p.from.Before(t.began) {
			continue
		}
		all += p.length()
		if p.kind == over {
			late += p.length()
		}
	}
	return all, late
}
