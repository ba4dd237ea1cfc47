package announce

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// said is what became of a row: where it was said, or why not.
type said struct {
	At       time.Time `json:"at"`
	Refs     []ref     `json:"refs,omitempty"` // a part each
	Shown    []string  `json:"shown,omitempty"`
	Rejected string    `json:"rejected,omitempty"`
	Unknown  bool      `json:"unknown,omitempty"` // nobody knows, and nobody asks any more
	Undone   bool      `json:"undone,omitempty"`  // it was said as undone: there is nothing to correct
}

// saidKey is under what a row is on record.
func saidKey(r row, l lane) string {
	return saidIn(r) + string(l)
}

// saidIn is what the keys begin with under which a row is on record, wherever it
// was said.
func saidIn(r row) string {
	return fmt.Sprintf("l%s\x00%016x %s %d ", r.Session, r.Seq, r.Kind, r.Number)
}

// laneOf is where a row was said that is on record under a key.
func laneOf(saidKey string) lane {
	parts := strings.SplitN(saidKey, " ", 4)
	return lane(parts[len(parts)-1])
}

// record puts on record what became of a row.
func (t turn) record(r row, s said) {
	t.w.put(saidKey(r, t.q.key.lane()), encode(s))
}

// saidOf is what became of a row, if it was said.
func (a *Announcer) saidOf(ctx context.Context, r row, l lane) (s said, ok bool, err error) {
	data, ok, err := a.own(ctx, saidKey(r, l))
	if err != nil || !ok {
		return s, ok, err
	}
	s, err = decode[said]("said", data)
	return s, err == nil, err
}

// own reads one of the announcer's rows.
func (a *Announcer) own(ctx context.Context, key string) (data []byte, ok bool, err error) {
	err = a.store.Own(ctx, follower, func(tx *state.FollowTx) (err error) {
		data, ok, err = tx.Get(key)
		return err
	})
	return data, ok, err
}

// bind ties a session to the thread under its card. Until that is durable the
// card does not count as said, so that a crash in between is made up for.
func (t turn) bind(ctx context.Context, r *stored, to chat.Thread, root chat.Ref) error {
	if !t.posters[to.Platform()].Traits().Roots || !to.InChannel() {
		return nil
	}
	key := orchestration.ThreadKey(to.Under(root.ID).Key())
	_, err := t.a.store.Update(ctx, state.Change{
		Key: "bind " + r.row.key(t.a.self), Session: r.Session,
		Decide: func(_ state.View, s orchestration.Session) (orchestration.Decision, error) {
			if s.Thread() != "" {
				return orchestration.Decision{}, nil // a card that was said once more
			}
			by, _ := s.Starter()
			return s.Bind(by, key)
		},
	})
	if err != nil {
		return err
	}
	t.a.step("bound")
	t.w.durable = append(t.w.durable, func() {
		l := threadLane(r.Session, to.Key())
		for c := urgent; c <= checks; c++ {
			t.wake(l.queue(c))
		}
	})
	return nil
}
