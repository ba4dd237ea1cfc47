package announce

import (
	"context"
	"errors"

	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// timely reports whether a row may be said now. What a timer made may have had
// to wait: for a place that took nothing, or for Baton to be started again.
// Where its day is over meanwhile, or people may not be spoken to, it is given
// back: a reminder is said when quiet hours end, and the next round tells what
// this one would have.
func (t turn) timely(ctx context.Context, r *stored) (bool, error) {
	if r.Part > 0 || r.Kind != remindRow && r.Kind != nudgeRow && r.Kind != digestRow {
		return true, nil
	}
	in, err := t.a.settings(ctx, t.q.key.lane().channel())
	if err != nil {
		return false, err
	}
	h := in.Hours()
	b := giving{a: t.a, in: in, h: h, channel: t.q.key.lane().channel(), row: r}
	switch r.Kind {
	case digestRow:
		d, err := decode[digest](r.key, r.Data)
		if err != nil || d.Day == dayOf(in.Now, h) && !h.Quiet(in.Now) {
			return true, err
		}
		if made, err := b.overtaken(ctx, d); err != nil || made && !h.Quiet(in.Now) {
			return err == nil, err
		}
		return false, t.giveBack(ctx, r, func(tx *state.FollowTx) error { return b.digest(tx, d) })
	case nudgeRow:
		n, err := decode[nudged](r.key, r.Data)
		if err != nil || n.Day == dayOf(in.Now, h) && !h.Quiet(in.Now) {
			return true, err
		}
		return false, t.giveBack(ctx, r, func(tx *state.FollowTx) error { return b.nudge(tx, n) })
	}
	n, err := decode[nudged](r.key, r.Data)
	if err != nil {
		return true, err
	}
	if h.Quiet(in.Now) {
		return false, t.giveBack(ctx, r, func(tx *state.FollowTx) error { return b.remind(ctx, tx, n) })
	}
	if !b.today(n) {
		return false, t.drop(r)
	}
	return true, nil
}

// giveBack takes a row off its queue in one transaction with what is to be said
// instead of it later.
func (t turn) giveBack(ctx context.Context, r *stored, give func(*state.FollowTx) error) error {
	err := t.a.store.Own(ctx, follower, func(tx *state.FollowTx) error {
		tx.Delete(r.key)
		return give(tx)
	})
	if err != nil {
		return err
	}
	return t.drop(r) // and whatever was to be written of it
}

// giving is a row while it is given back.
type giving struct {
	a       *Announcer
	in      orchestration.Room
	h       orchestration.Hours
	channel string
	row     *stored
}

// today leaves out of a row, before it is said, what has passed since it was
// made, and says with it that it is late. false is that nothing is left.
func (b giving) today(n nudged) bool {
	var concerns []concern
	for _, c := range n.Concerns {
		if c.Kind != orchestration.DueNow || dayOf(c.Since, b.h) == dayOf(b.in.Now, b.h) {
			concerns = append(concerns, c)
		}
	}
	n.Concerns = concerns
	n.Late = n.Late || b.in.Now.Sub(n.Fired) > late
	b.row.Data = encode(n)
	return len(n.Reminders)+len(n.Concerns) > 0
}

// remind sets the timers of reminders once more.
func (b giving) remind(ctx context.Context, tx *state.FollowTx, n nudged) error {
	s, err := b.a.store.Session(ctx, b.row.Session)
	if errors.Is(err, state.ErrDamaged) {
		return nil
	}
	for _, r := range s.Reminders() {
		for _, number := range n.Reminders {
			if r.ID == number {
				timer{Do: toRemind, Session: b.row.Session, Number: number, At: r.At, Again: b.row.Tries > 0}.put(b.a, tx, b.h.Loud(b.in.Now))
			}
		}
	}
	return err
}

// nudge counts a nudge as not told.
func (b giving) nudge(tx *state.FollowTx, n nudged) error {
	was, err := b.a.toldOf(tx, b.row.Session)
	if err != nil {
		return err
	}
	for _, c := range n.Concerns {
		if t, ok := was.Nudges[c.name()]; ok && t.Day == n.Day {
			was.Nudges[c.name()] = tell{Times: t.Times - 1}
			tx.Put(toldKey(b.row.Session), encode(was))
		}
	}
	return nil
}

// overtaken reports whether today's round was made and brought no digest: then
// this one is today's.
func (b giving) overtaken(ctx context.Context, d digest) (made bool, err error) {
	err = b.a.store.Own(ctx, follower, func(tx *state.FollowTx) error {
		r, err := b.a.roundsOf(tx, b.channel)
		made = r.Day == dayOf(b.in.Now, b.h) && r.Digest.Equal(d.Made)
		return err
	})
	if made {
		d.Day = dayOf(b.in.Now, b.h)
		b.row.Data = encode(d)
	}
	return made, err
}

// digest has the next round owe a digest, unless there was another one.
func (b giving) digest(tx *state.FollowTx, d digest) error {
	r, err := b.a.roundsOf(tx, b.channel)
	if err != nil || !r.Digest.Equal(d.Made) {
		return err
	}
	r.Digest = d.Since
	if r.Owed == "" || d.Owed < r.Owed {
		r.Owed = d.Owed
	}
	for _, id := range d.Ended {
		tx.Put(endedKey(b.channel, id), []byte(id))
	}
	if r.Timer == "" {
		b.a.next(tx, b.channel, b.in, &r)
	}
	tx.Put(roundsKey(b.channel), encode(r))
	return nil
}
