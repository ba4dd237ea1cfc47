package announce

import (
	"context"
	"errors"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/state"
)

// head is what is to be done about the first row of a queue.
type head struct {
	ready bool
	edit  bool      // it needs no turn to post
	at    time.Time // where it is not ready: when to look again; zero: when woken
}

// head reads the first row of a queue, if there is one, and says whether its
// turn may come.
func (o *outbox) head(q *queue) (head, error) {
	if err := o.load(q); err != nil || len(q.rows) == 0 {
		return head{}, err
	}
	r := &q.rows[0]
	lane := q.key.lane()
	if o.posters[lane.platform()] == nil {
		return head{}, nil // nobody speaks there in this process
	}
	now := o.a.now()
	if r.Not.After(now) {
		return head{at: r.Not}, nil
	}
	to, known, err := o.to(lane, r)
	if err != nil || !known {
		return head{}, err
	}
	if r.Kind == cardEdit && r.Not.After(now) {
		return head{at: r.Not}, nil
	}
	if until := o.paused(q, to, now); until.After(now) {
		return head{at: until}, nil
	}
	return head{ready: true, edit: r.Kind == cardEdit || r.Kind == correctRow || r.Status == unknown || r.Kind == checkRow}, nil
}

// load reads the first rows of a queue. Rows that are in memory are newer than
// those on disk, but for the one that says that a card has changed.
func (o *outbox) load(q *queue) error {
	if len(q.rows) > 0 && q.key.class() != edits {
		return nil
	}
	var rows []state.Row
	err := o.a.store.Own(context.Background(), follower, func(tx *state.FollowTx) (err error) {
		rows, err = tx.List(q.key.rows(), "", queuePage)
		return err
	})
	if err != nil {
		return err
	}
	q.rows = q.rows[:0]
	for _, stands := range rows {
		r, err := decode[row](stands.Key, stands.Value)
		if err != nil {
			return err
		}
		o.found(&r, q.key.lane().platform())
		q.rows = append(q.rows, stored{stands.Key, r})
	}
	return nil
}

// found settles what an earlier process left of a row: an attempt whose end
// nobody saw, or a row of a backup that may have been said since.
func (o *outbox) found(r *row, platform string) {
	o.putBack(r, platform)
	switch {
	case r.Status == attempting:
		r.Status, r.Why = unknown, "Baton ended while it was being said"
		r.Not = o.a.now().Add(o.settle(platform))
	case r.Status == pending && r.Tries == 0 && o.a.ofBackup(*r):
		r.Status, r.Since, r.Not = unknown, r.Made, o.a.past.At.Add(o.settle(platform))
		r.Tries++
	default:
		return
	}
	if r.Since.IsZero() {
		r.Since = r.Made
	}
}

// putBack settles a row whose times are ahead of the clock, which was put back
// since: the pause of its place tells what a platform asked for, and a look-up
// goes further back, since nobody knows when it was tried.
func (o *outbox) putBack(r *row, platform string) {
	now := o.a.now()
	switch {
	case r.Kind == correctRow && r.Not.After(now.Add(mostBackOff)):
		r.Not = time.Time{}
	case !now.Before(r.Since):
	case r.Status == pending:
		r.Since, r.Not, r.Back = now.UTC(), time.Time{}, true
	default:
		r.Since, r.Not, r.Back = now.UTC(), now.Add(o.settle(platform)), true
	}
}

// ofBackup reports whether a row was there when a backup was made that this
// database was restored from. A row of the log goes by its place there, whatever
// the clock said where it was restored.
func (a *Announcer) ofBackup(r row) bool {
	switch {
	case a.past.At.IsZero(), r.Kind == cardEdit:
		return false
	case r.Pos == 0, r.Kind == remindRow, r.Kind == nudgeRow, r.Kind == digestRow, r.Kind == noticeRow:
		return !r.Made.After(a.past.At)
	}
	return r.Pos <= a.past.Pos
}

// settle is how long after a request a look-up shows for sure what it left.
func (o *outbox) settle(platform string) time.Duration {
	if poster := o.posters[platform]; poster != nil {
		return poster.Traits().Settle
	}
	return 0
}

// to is where a row is said; known is false while a session's thread has no
// name yet. Of a card's edit it is where the card stands, and the row is given
// the time before which it may not be edited.
func (o *outbox) to(l lane, r *stored) (to chat.Thread, known bool, err error) {
	if r.Kind == cardEdit {
		to, err = chat.ParseThread(l.channel())
		if c, ok, err := o.a.card(context.Background(), r.Session); err != nil || !ok {
			return to, true, err
		} else if at, err := c.Ref.chat(); err == nil && !at.IsZero() {
			if r.Not = c.Not; c.Not.After(o.a.now().Add(mostBackOff)) {
				r.Not = time.Time{} // the place's pause tells, if the clock is right
			}
			return at.Thread, true, nil
		}
		return to, true, err
	}
	id := l.session()
	if id == "" {
		to, err = chat.ParseThread(l.channel())
		return to, true, err
	}
	s, err := o.a.store.Session(context.Background(), id)
	if errors.Is(err, state.ErrDamaged) {
		return chat.Thread{}, false, nil // it was told of in the log; the others go on, and this waits for a repair
	}
	if err == nil && s.Thread() == "" {
		return o.homeless(l)
	}
	if err != nil {
		return chat.Thread{}, false, err
	}
	to, err = chat.ParseThread(string(s.Thread()))
	return to, true, err
}
