package announce

import (
	"context"
	"errors"
	"time"

	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// rounds is how far a channel's rounds are.
type rounds struct {
	Day    day       `json:"day,omitempty"`   // of the last
	Digest time.Time `json:"digest,omitzero"` // when the last digest was made
	Timer  string    `json:"timer,omitempty"` // the key of the next; "" where none is set
	Owed   day       `json:"owed,omitempty"`  // the first day of those that the next one is for
	Set    time.Time `json:"set,omitzero"`    // when Timer was set
	Made   time.Time `json:"made,omitzero"`   // when the last was made
}

// mostAhead is how far the clock may have been ahead when a round was made that
// still counts as that of its day.
const mostAhead = 2 * time.Hour

// believe forgets a round that was made for a day to come, by a clock that was
// put back since.
func (r *rounds) believe(now time.Time, today orchestration.Date) {
	if r.Made.After(now.Add(mostAhead)) && r.Day > day(today.String()) {
		r.Day, r.Made, r.Owed = "", time.Time{}, ""
	}
	if r.Digest.After(now.Add(mostAhead)) {
		r.Digest = now.UTC()
	}
}

func roundsKey(channel string) string { return "c" + channel }

func (a *Announcer) roundsOf(tx *state.FollowTx, channel string) (r rounds, err error) {
	data, ok, err := tx.Get(roundsKey(channel))
	if err != nil || !ok {
		return r, err
	}
	return decode[rounds](roundsKey(channel), data)
}

// armRound sets a channel's next round, unless there is one; anew puts one that
// is to come where the settings want it now.
func (a *Announcer) armRound(tx *state.FollowTx, channel string, in orchestration.Room, anew bool) error {
	r, err := a.roundsOf(tx, channel)
	if err != nil {
		return err
	}
	if r.Timer != "" {
		anew = anew || r.Set.After(in.Now) // by a clock that was put back since
		if at, err := momentOf(r.Timer); err != nil || !anew || !at.After(in.Now) {
			return err // what is due already is fired as soon as the clock looks
		}
		tx.Delete(r.Timer)
	}
	was := r
	a.next(tx, channel, in, &r)
	if r != was {
		tx.Put(roundsKey(channel), encode(r))
	}
	return nil
}

// next sets the timer of a channel's next round: of the first day from now on
// that had none.
func (a *Announcer) next(tx *state.FollowTx, channel string, in orchestration.Room, r *rounds) {
	h := in.Hours()
	r.Timer = ""
	mode, _ := in.Channel.Announce()
	if mode == orchestration.AnnounceOff {
		r.Owed = ""
		return
	}
	r.believe(in.Now, orchestration.DateOf(in.Now.In(h.Zone())))
	last := r.Day.believable(orchestration.DateOf(in.Now.In(h.Zone())))
	at := h.Round(in.Now)
	for !at.IsZero() && dayOf(at, h) <= last {
		at = h.Round(at)
	}
	if at.IsZero() {
		a.log.Error("this channel has no working day in ten years, and no rounds", "channel", channel)
		return
	}
	if r.Owed == "" || r.Owed > dayOf(at, h) {
		r.Owed = dayOf(at, h)
	}
	r.Timer, r.Set = timer{Do: toRound, Channel: channel, At: at}.put(a, tx, at), in.Now.UTC()
}

// roundPage is how many sessions one transaction of a round looks at.
const roundPage = 100

// fireRound makes a channel's round, once a local day: at its moment or, where
// that was missed, as soon as people may be spoken to on that day. Days on
// which nobody was there to make it are not made up for: the round of today
// says what stands.
func (a *Announcer) fireRound(ctx context.Context, now time.Time, one set) error {
	in, err := a.settings(ctx, one.Channel)
	if errors.Is(err, state.ErrDamaged) {
		return a.noRound(ctx, one)
	}
	if err != nil {
		return err
	}
	in.Now = now
	pos, err := a.store.Followed(ctx, follower)
	if err != nil {
		return err
	}
	h := in.Hours()
	today := orchestration.DateOf(now.In(h.Zone()))
	if one.Day != day(today.String()) {
		one.Day, one.Before = "", 0 // what was left of another day's is part of today's
	}
	page, err := a.store.Sessions(ctx, orchestration.ChannelKey(one.Channel), state.Page{OnlyOpen: true, Before: one.Before, Limit: roundPage})
	if err != nil {
		return err
	}
	return a.store.Own(ctx, follower, func(tx *state.FollowTx) error {
		r, err := a.roundsOf(tx, one.Channel)
		if err != nil {
			return err
		}
		tx.Delete(one.key)
		if r.Timer != one.key {
			return nil // it was put off meanwhile
		}
		r.believe(now, today)
		round := &round{a: a, tx: tx, in: in, h: h, today: today, pos: pos, channel: one.Channel, rounds: &r}
		if err := round.page(ctx, one, page); err != nil {
			return err
		}
		tx.Put(roundsKey(one.Channel), encode(r))
		return nil
	})
}

// noRound lets the round of a channel go by whose settings cannot be read.
// Whatever moves there once they can be sets the next.
func (a *Announcer) noRound(ctx context.Context, one set) error {
	return a.store.Own(ctx, follower, func(tx *state.FollowTx) error {
		tx.Delete(one.key)
		r, err := a.roundsOf(tx, one.Channel)
		if err != nil || r.Timer != one.key {
			return err
		}
		r.Timer = ""
		tx.Put(roundsKey(one.Channel), encode(r))
		return nil
	})
}

// round is a channel's round while it is made.
type round struct {
	a       *Announcer
	tx      *state.FollowTx
	in      orchestration.Room
	h       orchestration.Hours
	today   orchestration.Date
	at      time.Time // today's moment
	pos     uint64
	channel string
	rounds  *rounds
}

// page makes the round for some sessions, and sets the timer for the others or
// for the next day.
func (r *round) page(ctx context.Context, one set, page []state.Listed) error {
	mode, _ := r.in.Channel.Announce()
	at, ok := r.h.RoundOn(r.today)
	goesOn := one.Day != ""
	if !ok || at.After(r.in.Now) || r.h.Quiet(r.in.Now) || mode == orchestration.AnnounceOff ||
		!goesOn && day(r.today.String()) <= r.rounds.Day.believable(r.today) {
		r.a.next(r.tx, r.channel, r.in, r.rounds)
		return nil
	}
	r.at = at
	r.rounds.Day, r.rounds.Made = day(r.today.String()), r.in.Now.UTC()
	digests := r.h.DigestIn(max(r.rounds.Owed, day(r.today.Add(-31).String())).date(), r.today)
	for _, l := range page {
		if err := r.nudge(ctx, l.ID, digests); err != nil {
			return err
		}
	}
	if len(page) == roundPage {
		next := one.timer
		next.Day, next.Before = r.rounds.Day, page[len(page)-1].Number
		moment, err := momentOf(one.key)
		r.rounds.Timer = next.put(r.a, r.tx, moment)
		return err
	}
	some := goesOn || len(page) > 0
	if digests {
		if err := r.digest(some); err != nil {
			return err
		}
	}
	r.rounds.Timer, r.rounds.Owed = "", ""
	if some {
		r.a.next(r.tx, r.channel, r.in, r.rounds)
	}
	return nil
}

// nudge tells a session's thread, in one message, what waits there.
func (r *round) nudge(ctx context.Context, id state.SessionID, digests bool) error {
	s, err := r.a.store.Session(ctx, id)
	if errors.Is(err, state.ErrDamaged) {
		return nil // it was told of in the log; the others go on
	}
	if err != nil {
		return err
	}
	concerns := s.Concerns(r.h, r.in.Now)
	if len(concerns) == 0 {
		return nil
	}
	was, err := r.a.toldOf(r.tx, id)
	if err != nil {
		return err
	}
	says, next := was.nudges(concerns, r.today)
	if concerns[0].Kind == orchestration.Overdue && (len(says) > 0 || digests) {
		r.a.refreshCard(r.tx, id, r.channel, r.in.Now)
	}
	if len(says) == 0 {
		return nil
	}
	r.tx.Put(toldKey(id), encode(next))
	line := row{Kind: nudgeRow, Session: id, Data: encode(nudged{Concerns: says, Day: day(r.today.String())})}
	r.a.putTimed(r.tx, threadLane(id, r.channel), line, timing{at: r.at, pos: r.pos})
	return nil
}
