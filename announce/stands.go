package announce

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// takenBack is the decision that undid another one.
type takenBack struct {
	Pos uint64 `json:"p"`
	Seq uint64 `json:"q"`
}

// undoneKey says of a decision that it was undone.
func undoneKey(id state.SessionID, seq uint64) string { return fmt.Sprintf("u%s\x00%016x", id, seq) }

// furtherKey says in which further places a decision is told of: a correction
// finds those that have not been told yet, too.
func furtherKey(id state.SessionID, seq uint64) string { return fmt.Sprintf("h%s\x00%016x", id, seq) }

// further are the further places in which a decision of the session is told of.
func (n *news) further(seq uint64) ([]lane, error) {
	data, ok, err := n.tx.Get(furtherKey(n.id, seq))
	if err != nil || !ok {
		return nil, err
	}
	n.tx.Delete(furtherKey(n.id, seq)) // a decision is undone once
	return decode[[]lane](furtherKey(n.id, seq), data)
}

// stands settles what has become of an announcement while it waited. A place
// that was taken off the list meanwhile hears nothing; of a decision that was
// undone meanwhile is told that it was.
func (t turn) stands(ctx context.Context, r *stored) (bool, error) {
	if r.Part > 0 || r.Kind != eventRow && r.Kind != wordsRow {
		return true, nil
	}
	s, err := t.a.store.Session(ctx, r.Session)
	if err != nil {
		return false, err
	}
	if listed, err := t.listed(ctx, s.Channel()); err != nil || !listed {
		if err == nil {
			t.a.log.Info("this is not said any more where it waited, which was taken off the list", "what", r.Kind, "where", t.q.key.lane())
			t.record(r.row, said{At: t.a.now().UTC(), Rejected: "this place was taken off the list of those that hear it"})
			err = t.drop(r)
		}
		return false, err
	}
	if r.Kind != eventRow || s.Seq() == r.Seq {
		return true, nil
	}
	by, undone, err := t.a.own(ctx, undoneKey(r.Session, r.Seq))
	if err == nil && undone {
		r.Data = by
	}
	return true, err
}

// listed reports whether the queue's place is to hear what a channel hears.
// Where nobody can read what the channel wants, it is not.
func (t turn) listed(ctx context.Context, channel orchestration.ChannelKey) (bool, error) {
	l := t.q.key.lane()
	if l.session() != "" {
		return true, nil
	}
	settings, err := t.a.store.Channel(ctx, channel)
	if errors.Is(err, state.ErrDamaged) {
		return false, nil
	}
	_, further := settings.Announce()
	return slices.Contains(further, orchestration.ChannelKey(l.channel())), err
}
