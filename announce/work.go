package announce

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/state"
)

// work is what a queue does with its turn: it says its first row, and goes on
// with the next as long as nobody else has to wait for that.
func (o *outbox) work(q *queue, d *desk) {
	w := &writes{}
	t := turn{outbox: o, q: q, w: w}
	for {
		goOn, err := t.once()
		if err != nil {
			goOn, err = t.fault(err)
		}
		if err != nil || !goOn || !o.next(q, d) {
			break
		}
	}
	if q.probe && !q.asked {
		o.passOn(q)
	}
	q.probe, q.asked, q.probes = false, false, nil
	_ = o.commit(w) // an error has ended run
	d.done(q.key.lane().channel())
	o.attend(q)
}

// next reports whether a queue may go on at once: there is a row, and a turn
// that nobody waits for.
func (o *outbox) next(q *queue, d *desk) bool {
	if len(q.rows) == 0 || q.key.class() == edits {
		return false
	}
	h, err := o.head(q)
	return err == nil && h.ready && !h.edit && o.running() && d.more(q.key.lane().channel())
}

func (o *outbox) running() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return !o.stopped
}

// turn is a queue at work. What it writes is committed with the next attempt,
// or at the end of the turn.
type turn struct {
	*outbox
	q *queue
	w *writes
}

// once does what is next about the first row. goOn says that it is done with,
// and the next row's turn.
func (t turn) once() (goOn bool, err error) {
	r := &t.q.rows[0]
	to, known, err := t.to(t.q.key.lane(), r)
	if err != nil || !known {
		return false, err
	}
	if until := t.held(t.q, to, t.a.now()); !until.IsZero() {
		return false, nil // attend finds out
	}
	ctx := context.Background()
	switch {
	case r.Kind == cardEdit:
		return false, t.edit(ctx, r)
	case r.Kind == correctRow:
		return t.correct(ctx, r, to)
	case r.Kind == checkRow:
		return t.check(ctx, r)
	case r.Status == unknown:
		return t.look(ctx, r, to)
	}
	return t.say(ctx, r, to)
}

// fault settles an error that is no platform's. A row that cannot be read for
// what it says or for where it belongs ends no other's work; an error of the log
// ends all of it.
func (t turn) fault(err error) (bool, error) {
	if len(t.q.rows) > 0 && (errors.Is(err, state.ErrDamaged) || errors.Is(err, errUnreadable)) {
		return t.unsayable(&t.q.rows[0], err)
	}
	t.fail(err)
	return false, err
}

// post is a row's part at hand.
func (t turn) post(ctx context.Context, r *stored, to chat.Thread) (p chat.Post, parts int, err error) {
	body, err := t.a.compose(ctx, t.q.key.lane(), r.row)
	if err != nil {
		return p, 0, err
	}
	if r.Plain != "" {
		t.q.whole = t.a.whole(ctx, r.Session)
	}
	if body, err = t.homeless(ctx, r, to, body); err != nil {
		return p, 0, err
	}
	unmarked := body
	if r.Repeat {
		body.Blocks = append(body.Blocks, chat.Remark("This may have been said before: Baton could not find out."))
	}
	poster := t.posters[to.Platform()]
	split := poster.Split(body)
	card := r.Kind == cardRow || r.Kind == moreRow
	p = chat.Post{
		Key: r.row.key(t.a.self), To: to, Loud: r.Loud, Since: r.lookFrom(), Card: card,
		Root: r.Kind == cardRow && r.Part == 0 && poster.Traits().Roots && t.q.key.lane().session() == "",
	}
	if t.q.shows = ""; r.Part >= len(split) {
		return p, len(split), nil // it became shorter meanwhile: all of it was said
	}
	p.Body = split[r.Part]
	if card {
		if shows := poster.Split(unmarked); r.Part < len(shows) {
			t.q.shows = showing(shows[r.Part])
		}
	}
	return p, len(split), nil
}

// say says the part at hand of a row.
func (t turn) say(ctx context.Context, r *stored, to chat.Thread) (bool, error) {
	if timely, err := t.timely(ctx, r); err != nil || !timely {
		return err == nil, err
	}
	if stands, err := t.stands(ctx, r); err != nil || !stands {
		return err == nil, err
	}
	p, parts, err := t.post(ctx, r, to)
	switch {
	case errors.Is(err, errNothing):
		return true, t.drop(r)
	case err != nil:
		return t.unsayable(r, err)
	case r.Part >= parts:
		return true, t.done(ctx, r, to)
	}
	r.Status = attempting
	r.Tries++
	r.Not = time.Time{}
	if r.Since.IsZero() {
		r.Since = t.a.now().UTC()
	}
	t.w.put(r.stored())
	if err := t.commit(t.w); err != nil {
		return false, err
	}
	t.a.step("attempting")
	reached, err := t.request(to, func(ctx context.Context, poster chat.Poster) (ref chat.Ref, err error) {
		return poster.Post(ctx, p)
	})
	t.a.step("posted")
	return t.after(ctx, r, to, reached, parts, err)
}

// stored is a row as it is written.
func (r *stored) stored() (string, []byte) { return r.key, encode(r.row) }

// request makes one request, for as long as the platform is given.
func (t turn) request(to chat.Thread, do func(context.Context, chat.Poster) (chat.Ref, error)) (ref chat.Ref, err error) {
	defer caught(&err) // nobody knows then what came of it
	t.q.asked = true
	poster := t.posters[to.Platform()]
	limit := poster.Traits().Timeout
	if limit <= 0 {
		limit = 30 * time.Second
	}
	ctx, cancel := context.WithTimeout(t.requests, limit)
	defer cancel()
	return do(ctx, poster)
}

// after settles what came of a request that said a part.
func (t turn) after(ctx context.Context, r *stored, to chat.Thread, reached chat.Ref, parts int, err error) (bool, error) {
	var (
		later    chat.Later
		blocked  chat.Blocked
		rejected chat.Rejected
		gone     chat.Gone
	)
	switch {
	case err == nil:
		return t.said(ctx, r, to, reached, parts)
	case errors.As(err, &later):
		r.Status = pending
		t.wait(posting, r, to, later)
	case errors.As(err, &blocked):
		r.Status = pending
		t.park(r, to, blocked)
	case errors.As(err, &rejected), errors.As(err, &gone):
		return t.unsayable(r, err)
	default:
		r.Status, r.Why = unknown, err.Error()
		r.Not = t.a.now().Add(max(t.posters[to.Platform()].Traits().Settle, backOff(r.Tries)))
		t.a.log.Warn("it is not known whether this was said", "what", r.Kind, "where", to.Key(), "key", r.row.key(t.a.self), "err", err)
	}
	t.w.put(r.stored())
	return false, nil
}

// said writes down that a part was said.
func (t turn) said(ctx context.Context, r *stored, to chat.Thread, reached chat.Ref, parts int) (bool, error) {
	t.open(t.w, to)
	if r.Tries > 1 && r.Why != "" {
		t.checkLater(r, to, reached)
	}
	if r.Kind == cardRow && r.Part == 0 {
		if err := t.bind(ctx, r, to, reached); err != nil {
			return false, err
		}
	}
	r.Refs = append(r.Refs, toRef(reached))
	if r.Kind == cardRow || r.Kind == moreRow {
		r.Shown = append(r.Shown, t.q.shows)
	}
	r.Part++
	r.Status, r.Since, r.Back, r.Tries, r.Not, r.Why, r.Repeat = pending, time.Time{}, false, 0, time.Time{}, "", false
	if r.Part < parts {
		t.w.put(r.stored())
		return true, nil
	}
	return true, t.done(ctx, r, to)
}

// done puts a row that was said on record.
func (t turn) done(ctx context.Context, r *stored, to chat.Thread) error {
	t.record(r.row, said{At: t.a.now().UTC(), Refs: r.Refs, Shown: r.Shown, Undone: r.Kind == eventRow && len(r.Data) > 0})
	if r.Kind == cardRow {
		if err := t.cardSaid(ctx, r, to); err != nil {
			return err
		}
	}
	if r.Kind == moreRow {
		t.markCard(t.w, r.Session, t.q.key.lane().channel())
	}
	t.a.step("delivered")
	return t.drop(r)
}

// drop takes a row off its queue.
func (t turn) drop(r *stored) error {
	t.w.delete(r.key)
	t.q.rows = t.q.rows[1:]
	return nil
}

// wait has a row wait for as long as the platform said, and every request of
// its kind at the place it named.
func (t turn) wait(m method, r *stored, to chat.Thread, e chat.Later) {
	after, where := e.After, e.Where
	if after <= 0 {
		after = time.Second
	}
	if where == "" {
		where = to.Key()
	}
	r.Not = t.a.now().Add(after)
	t.pause(t.w, patience(where, m), pause{Until: r.Not, Why: e.Why, Since: t.a.now().UTC()})
}

// park has everything at a place wait that takes nothing, and tells about it
// elsewhere, once.
func (t turn) park(r *stored, to chat.Thread, e chat.Blocked) {
	where, around := e.Where, places(to)
	if !slices.Contains(around[:], where) {
		where = to.Key() // nothing waits for another place
	}
	now := t.a.now().UTC()
	if t.pause(t.w, where, pause{Until: now.Add(retryBlocked), Blocked: true, Why: e.Why, Since: now}) {
		t.a.log.Error("a place takes nothing", "place", where, "why", e.Why)
		t.tell(r, to, where, e.Why, now)
	}
}

// unsayable puts on record that a row cannot be said, and says so in its place
// in a message that can.
func (t turn) unsayable(r *stored, err error) (bool, error) {
	if errors.Is(err, state.ErrClosed) {
		return false, err
	}
	t.a.log.Error("this cannot be said", "what", r.Kind, "where", t.q.key.lane(), "key", r.row.key(t.a.self), "err", err)
	if r.Kind == cardRow {
		return t.cardRejected(r, err)
	}
	t.record(r.row, said{At: t.a.now().UTC(), Refs: r.Refs, Shown: r.Shown, Rejected: err.Error()})
	if r.Kind == moreRow {
		t.markCard(t.w, r.Session, t.q.key.lane().channel())
	}
	if r.Kind != noticeRow {
		t.notify(t.q.key.lane().queue(usual), r.row, "rejected", notice{
			Text: "Something that was to be said here could not be: " + plainReason(err) + ". `status` shows what stands.",
		})
	}
	return true, t.drop(r)
}

// plainReason is why a message was refused, for people.
func plainReason(err error) string {
	var rejected chat.Rejected
	if errors.As(err, &rejected) {
		return rejected.Why
	}
	return "its record cannot be read"
}
