package announce

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/state"
)

// card is a session's status card, where it was said.
type card struct {
	Ref   ref       `json:"ref"`
	Shows string    `json:"shows"`           // a hash of what stands in it; "" where nobody knows
	Again bool      `json:"again,omitempty"` // somebody deleted it, and it was said once more
	Left  bool      `json:"left,omitempty"`  // it was deleted again: it is left alone
	Not   time.Time `json:"not,omitzero"`    // no edit before
	Tries int       `json:"tries,omitempty"` // of an edit nobody saw the end of
	None  string    `json:"none,omitempty"`  // why there is none, and no thread under it
}

func cardKey(id state.SessionID) string { return "k" + string(id) }

// card is what is known of a session's card; ok is false where none was said.
func (a *Announcer) card(ctx context.Context, id state.SessionID) (c card, ok bool, err error) {
	data, ok, err := a.own(ctx, cardKey(id))
	if err != nil || !ok {
		return c, ok, err
	}
	c, err = decode[card](cardKey(id), data)
	return c, err == nil, err
}

// showing is a hash of what a message shows.
func showing(m chat.Message) string {
	data, err := json.Marshal(m)
	if err != nil {
		return "" // shown again each time
	}
	sum := sha256.Sum256(data)
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// cardSaid puts on record where a session's card stands. What has changed
// since it was made is shown by an edit.
func (t turn) cardSaid(ctx context.Context, r *stored, to chat.Thread) error {
	was, _, err := t.a.card(ctx, r.Session)
	if err != nil {
		return err
	}
	t.w.put(cardKey(r.Session), encode(card{Ref: r.Refs[0], Shows: t.q.shows, Again: was.Left || was.Again}))
	t.markCard(t.w, r.Session, to.Parent().Key())
	return nil
}

// markCard says that a session's card may show something old.
func (o *outbox) markCard(w *writes, id state.SessionID, channel string) {
	key := threadLane(id, channel).queue(edits)
	w.put(key.rows()+newest, encode(row{Kind: cardEdit, Session: id}))
	w.durable = append(w.durable, func() { o.wake(key) })
}

// edit shows a session as it stands in its card. An edit may be repeated
// without harm, so that one whose end nobody saw is done again.
func (t turn) edit(ctx context.Context, r *stored) error {
	r.Not = time.Time{} // that is the card's, and no part of the row as it is kept
	mark := encode(r.row)
	t.q.rows = nil
	settled := func() error {
		t.w.deleteAs(r.key, mark)
		return nil
	}
	c, ok, err := t.a.card(ctx, r.Session)
	if err != nil {
		return err
	}
	if !ok || c.Left || c.Ref.ID == "" {
		return settled() // it is made anew when it is said
	}
	at, err := c.Ref.chat()
	if err != nil {
		return err
	}
	body, err := t.a.words.Card(ctx, r.Session)
	if err != nil {
		t.a.log.Error("a card cannot be made", "session", r.Session, "err", err)
		return settled()
	}
	shows := showing(body)
	if c.Shows == shows {
		return settled()
	}
	asked := c
	asked.Shows = "" // a process that dies from here on leaves a card of which nobody knows what it shows
	t.w.put(cardKey(r.Session), encode(asked))
	if err := t.commit(t.w); err != nil {
		return err
	}
	poster := t.posters[at.Thread.Platform()]
	parts := poster.Split(body)
	_, err = t.request(at.Thread, func(ctx context.Context, poster chat.Poster) (chat.Ref, error) {
		return at, poster.Edit(ctx, at, chat.Post{Key: r.row.key(t.a.self), To: at.Thread, Body: parts[0], Card: true})
	})
	t.a.step("edited")
	return t.edited(ctx, r, at, c, shows, err)
}

// edited settles what came of an edit.
func (t turn) edited(ctx context.Context, r *stored, at chat.Ref, c card, shows string, err error) error {
	var (
		later    chat.Later
		blocked  chat.Blocked
		rejected chat.Rejected
		gone     chat.Gone
	)
	mark := encode(r.row)
	switch {
	case err == nil:
		t.open(t.w, at.Thread)
		c.Shows, c.Tries, c.Not = shows, 0, time.Time{}
		t.w.deleteAs(r.key, mark)
	case errors.As(err, &gone):
		t.w.deleteAs(r.key, mark)
		if c.Again {
			c.Left = true
			t.a.log.Info("a card was deleted twice and is left alone", "session", r.Session)
			break
		}
		c.Left, c.Again = true, true // until it is said once more
		t.cardAgain(r, at.Thread)
	case errors.As(err, &later):
		t.wait(editing, r, at.Thread, later)
		c.Not = r.Not
	case errors.As(err, &blocked):
		t.park(r, at.Thread, blocked)
	case errors.As(err, &rejected):
		t.a.log.Error("a card cannot be shown", "session", r.Session, "err", err)
		c.Shows = shows // the next change is tried again
		t.w.deleteAs(r.key, mark)
	default:
		c.Shows = "" // what it showed before may come back before the next try
		c.Tries++
		c.Not = t.a.now().Add(backOff(c.Tries))
		t.a.log.Warn("it is not known whether a card was edited", "session", r.Session, "err", err)
	}
	t.w.put(cardKey(r.Session), encode(c))
	return nil
}

// backOff is how long an edit waits that is to be repeated.
func backOff(tries int) time.Duration { return min(mostBackOff, time.Second<<min(tries, 6)) }

const mostBackOff = time.Minute

// cardAgain says a card once more that a person deleted.
func (t turn) cardAgain(r *stored, to chat.Thread) {
	q := channelLane(to.Key()).queue(urgent)
	again := row{Kind: cardRow, Session: r.Session, Number: 1, Name: name("card again", r.Session), Made: t.a.now().UTC()}
	t.w.put(q.rows()+"again "+string(r.Session), encode(again))
	t.w.durable = append(t.w.durable, func() { t.wake(q) })
}
