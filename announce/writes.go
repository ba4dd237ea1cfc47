package announce

import (
	"bytes"
	"context"

	"github.com/synthoperator/baton/state"
)

// writes are rows to be written in one transaction. What was put last counts.
type writes struct {
	all     []write
	durable []func() // called once they are
}

type write struct {
	key   string
	value []byte // nil deletes
	// as is what must stand there for the row to be written or deleted; nil is
	// anything.
	as []byte
}

func (w *writes) put(key string, value []byte) { w.all = append(w.all, write{key: key, value: value}) }

func (w *writes) delete(key string) { w.all = append(w.all, write{key: key}) }

// deleteAs deletes a row if it is still as it was read.
func (w *writes) deleteAs(key string, as []byte) { w.all = append(w.all, write{key: key, as: as}) }

// commit makes rows durable. The outcome of a request is written down also
// when Baton is told to stop.
func (o *outbox) commit(w *writes) error {
	if len(w.all) == 0 {
		return nil
	}
	err := o.a.store.Own(context.Background(), follower, func(tx *state.FollowTx) error {
		for _, one := range w.all {
			if one.as != nil {
				stands, _, err := tx.Get(one.key)
				if err != nil {
					return err
				}
				if !bytes.Equal(stands, one.as) {
					continue
				}
			}
			if one.value == nil {
				tx.Delete(one.key)
			} else {
				tx.Put(one.key, one.value)
			}
		}
		return nil
	})
	if err != nil {
		o.fail(err)
		return err
	}
	for _, fn := range w.durable {
		fn()
	}
	*w = writes{}
	return nil
}
