package announce

import (
	"context"

	"github.com/synthoperator/baton/state"
)

// rightRounds sets the rounds anew that were set by a clock which was put back
// since.
func (a *Announcer) rightRounds(ctx context.Context) error {
	for after := ""; ; {
		var rows []state.Row
		err := a.store.Own(ctx, follower, func(tx *state.FollowTx) (err error) {
			rows, err = tx.List("c", after, swept)
			return err
		})
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, one := range rows {
			after = one.Key
			r, err := decode[rounds](one.Key, one.Value)
			if err != nil {
				return err
			}
			if !r.Set.After(a.now()) {
				continue
			}
			err = a.store.Own(ctx, follower, func(tx *state.FollowTx) error { return a.rearmChannel(ctx, tx, one.Key[1:]) })
			if err != nil {
				return err
			}
		}
	}
}
