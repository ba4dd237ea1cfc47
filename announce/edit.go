package announce

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/synthoperator/baton/chat"
)

// revision is a card while it is shown as it should be.
type revision struct {
	turn
	r      *stored
	mark   []byte // the row as it was read
	was, c card
	thread chat.Thread // where it stands
	parts  []chat.Message
	whole  string // a hash of all of it
}

// edit shows a session as it stands in its card, one part a turn. An edit may be
// repeated without harm, so that one whose end nobody saw is done again.
func (t turn) edit(ctx context.Context, r *stored) error {
	r.Not = time.Time{} // that is the card's, and no part of the row as it is kept
	v := &revision{turn: t, r: r, mark: encode(r.row)}
	t.q.rows = nil
	c, ok, err := t.a.card(ctx, r.Session)
	if err != nil {
		return err
	}
	if !ok || c.Left || c.Ref.ID == "" {
		v.settled() // it is made anew when it is said
		return nil
	}
	first, err := c.Ref.chat()
	if err != nil {
		return err
	}
	body, err := t.a.words.Card(ctx, r.Session)
	if err != nil {
		t.a.log.Error("a card cannot be made", "session", r.Session, "err", err)
		v.settled()
		return nil
	}
	v.was, v.c, v.thread, v.whole = c, c, first.Thread, showing(body)
	if c.Whole == v.whole {
		v.settled() // that was not taken
		return nil
	}
	v.c.Whole = ""
	v.parts = t.posters[v.thread.Platform()].Split(body)
	if err := v.collect(ctx); err != nil {
		return err
	}
	if i := v.c.differs(v.parts); i >= 0 {
		return v.revise(ctx, i)
	}
	v.finish()
	return nil
}

// settled says that there is nothing more to be edited.
func (v *revision) settled() { v.w.deleteAs(v.r.key, v.mark) }

// lane is where further parts are said.
func (v *revision) lane() lane {
	if v.thread.InChannel() {
		return channelLane(v.thread.Key())
	}
	return threadLane(v.r.Session, v.thread.Parent().Key())
}

// collect takes up the parts that were said since.
func (v *revision) collect(ctx context.Context) error {
	if !v.c.Waits {
		return nil
	}
	s, ok, err := v.a.saidOf(ctx, row{Kind: moreRow, Session: v.r.Session, Number: v.c.Asked}, v.lane())
	if err != nil || !ok {
		return err
	}
	v.c.More = append(slices.Clone(v.c.More), partsSaid(s.Refs, s.Shown)...)
	if v.c.Waits = false; s.Rejected != "" {
		v.c.Refused = v.whole
	}
	return nil
}

// finish has parts said that are lacking, where all others show what they should.
func (v *revision) finish() {
	if v.c.lacks(v.parts, v.whole) {
		v.c.Asked, v.c.Waits = v.c.Asked+1, true
		now := v.a.now().UTC()
		q := v.lane().queue(usual)
		v.w.put(q.rows()+"more "+string(v.r.Session), encode(row{
			Kind: moreRow, Session: v.r.Session, Number: v.c.Asked, Part: 1 + len(v.c.More),
			Name: name("more of a card", v.r.Session, now.UnixNano()), Made: now,
		}))
		v.w.durable = append(v.w.durable, func() { v.wake(q) })
	}
	if !bytes.Equal(encode(v.c), encode(v.was)) {
		v.w.put(cardKey(v.r.Session), encode(v.c))
	}
	v.settled()
}

// revise makes one part show what it should, or nothing where the card became
// too short for it.
func (v *revision) revise(ctx context.Context, i int) error {
	at, err := v.c.at(i).chat()
	if err != nil {
		return err
	}
	// A process that dies from here on leaves a part of which nobody knows what it
	// shows.
	v.w.put(cardKey(v.r.Session), encode(v.c.show(i, "")))
	if err := v.commit(v.w); err != nil {
		return err
	}
	finder, removes := v.posters[v.thread.Platform()].(chat.Finder)
	removes = removes && i >= len(v.parts)
	shows, body := emptied, chat.Message{Blocks: []chat.Block{chat.Remark("The card above is shorter now.")}}
	if i < len(v.parts) {
		shows, body = showing(v.parts[i]), v.parts[i]
	}
	_, err = v.request(at.Thread, func(ctx context.Context, poster chat.Poster) (chat.Ref, error) {
		if removes {
			return at, finder.Remove(ctx, at)
		}
		return at, poster.Edit(ctx, at, chat.Post{Key: v.r.row.key(v.a.self), To: at.Thread, Body: body, Card: true})
	})
	v.a.step("edited")
	v.revised(i, shows, removes, err)
	return nil
}

// revised settles what came of an edit.
func (v *revision) revised(i int, shows string, removed bool, err error) {
	var (
		later    chat.Later
		blocked  chat.Blocked
		rejected chat.Rejected
		gone     chat.Gone
	)
	switch {
	case err == nil:
		v.open(v.w, v.thread)
		v.c.Tries, v.c.Not = 0, time.Time{}
		v.showed(i, shows, removed)
	case errors.As(err, &gone) && i > 0:
		v.c = v.c.show(i, shows)
		v.c.More[i-1].Gone = true
		v.more()
	case errors.As(err, &gone):
		v.deleted()
	case errors.As(err, &later):
		v.turn.wait(editing, v.r, v.thread, later)
		v.c.Not = v.r.Not
	case errors.As(err, &blocked):
		v.park(v.r, v.thread, blocked)
	case errors.As(err, &rejected):
		v.a.log.Error("a card cannot be shown", "session", v.r.Session, "err", err)
		v.showed(i, shows, removed) // the next change is tried again
	default:
		v.c = v.c.show(i, "") // what it showed before may come back before the next try
		v.c.Tries++
		v.c.Not = v.a.now().Add(backOff(v.c.Tries))
		v.a.log.Warn("it is not known whether a card was edited", "session", v.r.Session, "err", err)
	}
	v.w.put(cardKey(v.r.Session), encode(v.c))
}

// showed notes what a part shows, or that it was taken away.
func (v *revision) showed(i int, shows string, removed bool) {
	v.c = v.c.show(i, shows)
	if removed {
		v.c.More = slices.Delete(v.c.More, i-1, i)
	}
	v.more()
}

// more ends the edit, unless there are other parts to be seen to: those have the
// next turn.
func (v *revision) more() {
	if v.c.differs(v.parts) < 0 {
		v.finish()
	}
}

// deleted has a card said once more that a person deleted, and leaves it alone
// the second time.
func (v *revision) deleted() {
	v.settled()
	if v.c.Again {
		v.c.Left = true
		v.a.log.Info("a card was deleted twice and is left alone", "session", v.r.Session)
		return
	}
	v.c.Left, v.c.Again = true, true // until it is said once more
	v.cardAgain(v.r, v.thread)
}

// backOff is how long a request waits that is to be repeated, where the platform
// gives no answer: ever longer.
func backOff(tries int) time.Duration { return min(mostBackOff, time.Second<<min(tries, 9)) }

const mostBackOff = 5 * time.Minute
