package announce

import (
	"context"
	"errors"

	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// show has the cards of open sessions shown anew: what stands in them may be
// what a backup does not know of.
func (a *Announcer) show(ctx context.Context, one set) error {
	return a.store.Own(ctx, follower, func(tx *state.FollowTx) error {
		tx.Delete(one.key)
		rows, err := tx.List("k", one.After, swept)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := a.showAnew(ctx, tx, r); err != nil {
				return err
			}
		}
		if len(rows) == swept {
			next := one.timer
			next.After = rows[len(rows)-1].Key
			next.put(a, tx, one.At)
		}
		return nil
	})
}

// showAnew has the card of a session shown anew, whatever it is known to show.
func (a *Announcer) showAnew(ctx context.Context, tx *state.FollowTx, r state.Row) error {
	id := state.SessionID(r.Key[1:])
	s, err := a.store.Session(ctx, id)
	if errors.Is(err, state.ErrDamaged) {
		return nil // it was told of in the log; the others go on
	}
	if err != nil || s.State() == orchestration.None || s.State() == orchestration.EndedState {
		return err
	}
	c, err := decode[card](r.Key, r.Value)
	if err != nil {
		return err
	}
	for i := range 1 + len(c.More) {
		c = c.show(i, "")
	}
	tx.Put(r.Key, encode(c))
	a.refreshCard(tx, id, string(s.Channel()), a.now())
	return nil
}
