package announce

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// late is how long after its moment something is said with a word of excuse.
const late = time.Hour

// fire does what is due. Each timer goes in one transaction with the rows it
// makes and with the timer that comes after it: it fires once, whatever happens
// in between.
func (a *Announcer) fire(ctx context.Context, now time.Time, all []set) error {
	threads, order := map[string][]set{}, []string{}
	for _, one := range all {
		switch one.Do {
		case toRemind, toSayDue:
			key := a.together(one)
			if threads[key] == nil {
				order = append(order, key)
			}
			threads[key] = append(threads[key], one)
		case toRound:
			if err := a.fireRound(ctx, now, one); err != nil {
				return err
			}
		case toSweep:
			if err := a.sweep(ctx, one); err != nil {
				return err
			}
		case toShow:
			if err := a.show(ctx, one); err != nil {
				return err
			}
		default:
			a.log.Error("a timer that this release does not know has passed", "what", one.Do)
			if err := a.pass(ctx, one); err != nil {
				return err
			}
		}
	}
	for _, key := range order {
		if err := a.fireThread(ctx, now, threads[key]); err != nil {
			return err
		}
	}
	return nil
}

// together is what is said in one message: what is due at the same look in one
// thread. What may have been said before a backup was restored is looked for
// the way it was said then: for its own moment.
func (a *Announcer) together(one set) string {
	if a.maybeSaid(one.At) {
		return string(one.Session) + moment(one.At)
	}
	return string(one.Session)
}

// maybeSaid reports whether what was to be said at a moment may have been said
// by a Baton that this one was restored from.
func (a *Announcer) maybeSaid(at time.Time) bool {
	return !a.past.At.IsZero() && !at.After(a.past.At)
}

// pass lets timers go by.
func (a *Announcer) pass(ctx context.Context, all ...set) error {
	return a.store.Own(ctx, follower, func(tx *state.FollowTx) error {
		for _, one := range all {
			tx.Delete(one.key)
		}
		return nil
	})
}

// nudged is an [orchestration.Nudge] as it is kept.
type nudged struct {
	Reminders []int     `json:"r,omitempty"`
	Concerns  []concern `json:"c,omitempty"`
	Late      bool      `json:"late,omitempty"`
	Ended     bool      `json:"ended,omitempty"`
	Day       day       `json:"day,omitempty"` // of the round that makes it
	Fired     time.Time `json:"at,omitzero"`   // when a reminder was made
}

type concern struct {
	Kind   orchestration.ConcernKind `json:"k"`
	Number int                       `json:"n,omitempty"`
	Since  time.Time                 `json:"s"`
}

func (n nudged) nudge() orchestration.Nudge {
	out := orchestration.Nudge{Reminders: n.Reminders, Late: n.Late, Ended: n.Ended}
	for _, c := range n.Concerns {
		out.Concerns = append(out.Concerns, orchestration.Concern{Kind: c.Kind, Number: c.Number, Since: c.Since})
	}
	return out
}

// fireThread says in one message what is due in one thread.
func (a *Announcer) fireThread(ctx context.Context, now time.Time, all []set) error {
	id := all[0].Session
	s, err := a.store.Session(ctx, id)
	if errors.Is(err, state.ErrDamaged) {
		return a.pass(ctx, all...) // it was told of in the log; the others go on
	}
	if err != nil {
		return err
	}
	in, err := a.settings(ctx, string(s.Channel()))
	if errors.Is(err, state.ErrDamaged) {
		return a.pass(ctx, all...)
	}
	if err != nil {
		return err
	}
	pos, err := a.store.Followed(ctx, follower)
	if err != nil {
		return err
	}
	return a.store.Own(ctx, follower, func(tx *state.FollowTx) error {
		f := &firing{a: a, tx: tx, s: s, in: in, now: now}
		for _, one := range all {
			if _, still, err := tx.Get(one.key); err != nil {
				return err
			} else if !still {
				continue
			}
			tx.Delete(one.key)
			if err := f.one(one); err != nil {
				return err
			}
		}
		if len(f.says.Reminders)+len(f.says.Concerns) > 0 {
			f.says.Fired = now.UTC()
			r := row{Kind: remindRow, Session: id, Data: encode(f.says)}
			a.putTimed(tx, threadLane(id, string(s.Channel())), r, timing{f.first, pos, f.again})
		}
		return nil
	})
}

// putTimed makes a row that no record of the log asks for now. Its name goes by
// the moment it was meant for, so that it is found again where a backup was
// restored and makes it once more.
func (a *Announcer) putTimed(tx *state.FollowTx, l lane, r row, t timing) {
	q := l.queue(usual)
	r.Pos, r.Number, r.Made = t.pos, int(t.at.UnixNano()), t.at.UTC()
	r.Name = name("timer", q, r.Kind, t.at.UnixNano())
	if t.again || a.maybeSaid(t.at) {
		r.Status, r.Since, r.Tries = unknown, t.at.UTC(), 1
		r.Not = a.past.At.Add(a.box.settle(l.platform()))
	}
	tx.Put(q.rows()+timed(t.pos, t.at, r.Kind), encode(r))
	tx.Committed(func() {
		a.step("fired")
		a.box.lineUp(q)
	})
}

// timing is when a row was meant to be made, and after what of the log it is.
type timing struct {
	at    time.Time
	pos   uint64
	again bool // it may have been said
}

// missedKey keeps a reminder that fell due while its session had ended, until
// somebody opens it again.
func missedKey(id state.SessionID, number int) string { return fmt.Sprintf("o%s\x00%08x", id, number) }

// firing is one thread's timers while they fire.
type firing struct {
	a     *Announcer
	tx    *state.FollowTx
	s     orchestration.Session
	in    orchestration.Room
	now   time.Time
	says  nudged
	first time.Time // the first moment of what is said
	again bool      // it may have been said
}

func (f *firing) one(t set) error {
	switch {
	case f.s.State() == orchestration.EndedState && t.Do == toRemind:
		t.Missed = true
		f.tx.Put(missedKey(t.Session, t.Number), encode(t.timer))
		return nil
	case f.s.State() == orchestration.EndedState:
		return nil
	case t.Do == toRemind:
		f.remind(t)
		return nil
	}
	return f.due(t)
}

// remind says what somebody wanted to hear, when it may be said. What was
// cancelled, or is sealed now, is not said.
func (f *firing) remind(t set) {
	h := f.in.Hours()
	for _, r := range f.s.Reminders() {
		if r.ID != t.Number {
			continue
		}
		if h.Quiet(f.now) {
			t.put(f.a, f.tx, h.Loud(f.now))
			return
		}
		f.says.Reminders = append(f.says.Reminders, r.ID)
		f.say(t, h.Loud(t.At))
		return
	}
}

func (f *firing) say(t set, at time.Time) {
	if f.first.IsZero() || t.At.Before(f.first) {
		f.first = t.At
	}
	f.again = f.again || t.Again
	f.says.Ended = f.says.Ended || t.Missed
	f.says.Late = f.says.Late || !t.Missed && f.now.Sub(at) > late
}

// due says that a phase is due, on the day that it is, once. After that day,
// and where the day is nobody's, the round tells of it.
func (f *firing) due(t set) error {
	c := orchestration.Concern{Kind: orchestration.DueNow, Since: t.At}
	h := f.in.Hours()
	mode, _ := f.in.Channel.Announce()
	at, ok := h.DueMoment(t.At)
	if !ok || mode == orchestration.AnnounceOff || !f.s.Stands(c) || dayOf(f.now, h) != dayOf(t.At, h) {
		return nil
	}
	if h.Quiet(f.now) {
		if at = h.Loud(f.now); dayOf(at, h) == dayOf(t.At, h) {
			t.put(f.a, f.tx, at)
		}
		return nil
	}
	told, err := f.a.toldOf(f.tx, t.Session)
	if err != nil || told.Due.Equal(t.At) {
		return err
	}
	told.Due = t.At.UTC()
	f.tx.Put(toldKey(t.Session), encode(told))
	f.says.Concerns = append(f.says.Concerns, concern{Kind: c.Kind, Since: c.Since})
	f.say(t, at)
	f.a.refreshCard(f.tx, t.Session, string(f.s.Channel()), f.now)
	return nil
}

// refreshCard says that a session's card shows an old date.
func (a *Announcer) refreshCard(tx *state.FollowTx, id state.SessionID, channel string, now time.Time) {
	q := threadLane(id, channel).queue(edits)
	tx.Put(q.rows()+newest, encode(row{Kind: cardEdit, Session: id, Made: now.UTC()}))
	tx.Committed(func() { a.box.lineUp(q) })
}
