package announce

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/synthoperator/baton/chat"
)

// askHuman is how long something unknown is looked for. An announcement is then
// said again with a mark; a question to people is not, as two of them could get
// two answers.
const askHuman = 10 * time.Minute

// look finds out whether a row was said whose attempt nobody saw the end of.
func (t turn) look(ctx context.Context, r *stored, to chat.Thread) (bool, error) {
	finder, ok := t.posters[to.Platform()].(chat.Finder)
	if !ok {
		return t.cannotLook(r, errors.New("this platform cannot be asked"))
	}
	// A part that is not needed any more is looked for too: if it is there, it is
	// on record, and taken away.
	p, parts, err := t.post(ctx, r, to)
	switch {
	case errors.Is(err, errNothing):
		return true, t.drop(r)
	case err != nil:
		return t.unsayable(r, err)
	}
	var there []chat.Ref
	_, err = t.request(to, func(ctx context.Context, _ chat.Poster) (ref chat.Ref, err error) {
		there, err = finder.Find(ctx, p)
		return ref, err
	})
	t.a.step("found")
	var later chat.Later
	var blocked chat.Blocked
	switch {
	case errors.As(err, &later):
		t.wait(lookingUp, r, to, later)
	case errors.As(err, &blocked):
		t.park(r, to, blocked)
	case err != nil:
		return t.cannotLook(r, err)
	case len(there) > 0:
		if len(there) > 1 {
			t.removeCopies(finder, to, there[1:])
		}
		r.Why, t.q.shows = "", "" // what a card shows there was made a while ago
		return t.said(ctx, r, to, there[0], parts)
	default: // all of it was seen, and it is not there
		r.Status = pending
		t.w.put(r.stored())
		return true, nil
	}
	t.w.put(r.stored())
	return false, nil
}

// cannotLook waits for a look-up to become possible, and decides without one
// when that takes too long.
func (t turn) cannotLook(r *stored, err error) (bool, error) {
	now := t.a.now()
	if end := r.Since.Add(askHuman); end.After(now) {
		r.Not = now.Add(30 * time.Second)
		if _, ok := t.posters[t.q.key.lane().platform()].(chat.Finder); !ok || r.Not.After(end) {
			r.Not = end
		}
		t.w.put(r.stored())
		return false, nil
	}
	t.a.log.Error("nobody can say whether this was said", "what", r.Kind, "where", t.q.key.lane(), "key", r.row.key(t.a.self), "err", err)
	if t.q.key.class() == urgent && r.Kind != cardRow {
		t.record(r.row, said{At: now.UTC(), Refs: r.Refs, Unknown: true})
		return true, t.drop(r)
	}
	r.Status, r.Repeat = pending, true
	t.w.put(r.stored())
	return true, nil
}

// checkLater looks once more, after a message was said again: the first one may
// have come after it was looked for.
func (t turn) checkLater(r *stored, to chat.Thread, kept chat.Ref) {
	if _, ok := t.posters[to.Platform()].(chat.Finder); !ok {
		return
	}
	c := row{
		Kind: checkRow, Session: r.Session, Pos: r.Pos, Seq: r.Seq, Number: r.Number, Name: r.Name, Part: r.Part,
		Data: encode(checked{To: to.Key(), Keep: kept.ID}), Made: t.a.now().UTC(), Since: r.Since, Back: r.Back, Tries: 1,
		Not: t.a.now().Add(t.posters[to.Platform()].Traits().Settle),
	}
	key := t.q.key.lane().queue(checks)
	t.w.put(key.rows()+r.row.key(t.a.self), encode(c))
	t.w.durable = append(t.w.durable, func() { t.wake(key) })
}

// checked is a message that is looked for once more.
type checked struct {
	To   string `json:"to"`
	Keep string `json:"keep"` // the copy that is on record
}

// checkFor is how long a look-up is tried that would show what was said twice.
const checkFor = time.Hour

// check removes what was said twice, but for what is on record.
func (t turn) check(ctx context.Context, r *stored) (bool, error) {
	where, err := decode[checked](r.key, r.Data)
	if err != nil {
		return false, err
	}
	to, err := chat.ParseThread(where.To)
	if err != nil {
		return false, err
	}
	finder, ok := t.posters[to.Platform()].(chat.Finder)
	if !ok {
		return true, t.drop(r)
	}
	var there []chat.Ref
	_, err = t.request(to, func(ctx context.Context, _ chat.Poster) (ref chat.Ref, err error) {
		there, err = finder.Find(ctx, chat.Post{Key: r.row.key(t.a.self), To: to, Since: r.lookFrom()})
		return ref, err
	})
	var later chat.Later
	switch {
	case errors.As(err, &later):
		t.wait(lookingUp, r, to, later)
		t.w.put(r.stored())
		return false, nil
	case err != nil && t.a.now().Before(r.Made.Add(checkFor)):
		r.Not = t.a.now().Add(time.Minute)
		t.w.put(r.stored())
		return false, nil
	case err != nil:
		t.a.log.Warn("it cannot be found out whether this was said twice", "where", to.Key(), "err", err)
	case len(there) > 1:
		t.removeCopies(finder, to, slices.DeleteFunc(there, func(ref chat.Ref) bool { return ref.ID == where.Keep }))
	}
	return true, t.drop(r)
}

// removeCopies takes back what was said twice, but for the first.
func (t turn) removeCopies(finder chat.Finder, to chat.Thread, copies []chat.Ref) {
	for _, ref := range copies {
		_, err := t.request(to, func(ctx context.Context, _ chat.Poster) (chat.Ref, error) {
			return chat.Ref{}, finder.Remove(ctx, ref)
		})
		t.a.log.Warn("this was said twice; the later one is taken back", "where", to.Key(), "id", ref.ID, "err", err)
	}
}
