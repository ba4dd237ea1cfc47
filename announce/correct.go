package announce

import (
	"context"
	"errors"

	"github.com/synthoperator/baton/chat"
)

// corrected is which decision was undone.
type corrected struct {
	Seq uint64 `json:"seq"`
}

// correct edits what was announced of a decision that has been undone since.
// Where nothing was announced, nothing is said.
func (t turn) correct(ctx context.Context, r *stored, to chat.Thread) (bool, error) {
	of, err := decode[corrected](r.key, r.Data)
	if err != nil {
		return false, err
	}
	was := row{Kind: eventRow, Session: r.Session, Seq: of.Seq}
	s, ok, err := t.a.saidOf(ctx, was, t.q.key.lane())
	if err != nil {
		return false, err
	}
	if !ok || len(s.Refs) == 0 || s.Undone {
		return true, t.drop(r)
	}
	at, err := s.Refs[0].chat()
	if err != nil {
		return false, err
	}
	body, err := t.a.compose(ctx, t.q.key.lane(), r.row)
	if err != nil {
		return t.unsayable(r, err)
	}
	_, err = t.request(at.Thread, func(ctx context.Context, poster chat.Poster) (chat.Ref, error) {
		parts := poster.Split(body)
		return at, poster.Edit(ctx, at, chat.Post{Key: r.row.key(t.a.self), To: at.Thread, Body: parts[0]})
	})
	var (
		later    chat.Later
		blocked  chat.Blocked
		rejected chat.Rejected
		gone     chat.Gone
	)
	switch {
	case err == nil, errors.As(err, &gone): // whoever deleted it wants it said no more
		t.open(t.w, at.Thread)
		t.record(r.row, said{At: t.a.now().UTC(), Refs: s.Refs[:1]})
		return true, t.drop(r)
	case errors.As(err, &later):
		t.wait(editing, r, to, later)
	case errors.As(err, &blocked):
		t.park(r, to, blocked)
	case errors.As(err, &rejected):
		return t.unsayable(r, err)
	default: // an edit may be repeated without harm
		r.Tries++
		r.Not = t.a.now().Add(backOff(r.Tries))
	}
	t.w.put(r.stored())
	return false, nil
}
