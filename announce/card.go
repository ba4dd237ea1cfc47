package announce

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/state"
)

// card is a session's status card, where it was said. A long one has several
// parts: where a platform holds 4,000 characters, five open items of the longest
// kind fill one.
type card struct {
	Ref   ref       `json:"ref"`
	Shows string    `json:"shows"`           // a hash of what stands in it; "" where nobody knows
	More  []part    `json:"more,omitempty"`  // its parts after the first
	Again bool      `json:"again,omitempty"` // somebody deleted it, and it was said once more
	Left  bool      `json:"left,omitempty"`  // it was deleted again: it is left alone
	Not   time.Time `json:"not,omitzero"`    // no edit before
	Tries int       `json:"tries,omitempty"` // of an edit nobody saw the end of
	None  string    `json:"none,omitempty"`  // why there is none, and no thread under it

	// Whole is a hash of the card that was said in a line instead. It is tried
	// when it has changed.
	Whole string `json:"whole,omitempty"`
	// Asked is the number of the last row that says parts which were added, Waits
	// that nobody has looked yet at what became of it, Refused a hash of the card
	// of which those parts were not taken.
	Asked   int    `json:"asked,omitempty"`
	Waits   bool   `json:"waits,omitempty"`
	Refused string `json:"refused,omitempty"`
}

// part is one part of a card after the first.
type part struct {
	Ref   ref    `json:"ref"`
	Shows string `json:"shows"`
	Gone  bool   `json:"gone,omitempty"` // somebody deleted it: it is left alone
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
// since it was made is shown by an edit, and what is left of one that somebody
// deleted a part of is taken away by it.
func (t turn) cardSaid(ctx context.Context, r *stored, to chat.Thread) error {
	was, _, err := t.a.card(ctx, r.Session)
	if err != nil {
		return err
	}
	now := card{Ref: r.Refs[0], Shows: shown(r.Shown, 0), Again: was.Left || was.Again, Asked: was.Asked, Waits: was.Waits}
	if r.Plain != "" {
		now.Whole = t.q.whole
	}
	now.More = append(partsSaid(r.Refs[1:], r.Shown[min(1, len(r.Shown)):]), was.More...)
	t.w.put(cardKey(r.Session), encode(now))
	t.markCard(t.w, r.Session, to.Parent().Key())
	return nil
}

func shown(all []string, i int) string {
	if i < len(all) {
		return all[i]
	}
	return ""
}

func partsSaid(refs []ref, hashes []string) (all []part) {
	for i, one := range refs {
		all = append(all, part{Ref: one, Shows: shown(hashes, i)})
	}
	return all
}

// markCard says that a session's card may show something old. No two marks are
// the same, so that an edit which is under way ends none but its own.
func (o *outbox) markCard(w *writes, id state.SessionID, channel string) {
	key := threadLane(id, channel).queue(edits)
	w.put(key.rows()+newest, encode(row{Kind: cardEdit, Session: id, Number: int(o.marks.Add(1)), Made: o.a.now().UTC()}))
	w.durable = append(w.durable, func() { o.wake(key) })
}

// at is the ref of a part.
func (c card) at(i int) ref {
	if i == 0 {
		return c.Ref
	}
	return c.More[i-1].Ref
}

// show is the card with a part that shows something else. It shares nothing with
// the one it was.
func (c card) show(i int, shows string) card {
	c.More = slices.Clone(c.More)
	if i == 0 {
		c.Shows = shows
	} else {
		c.More[i-1].Shows = shows
	}
	return c
}

// emptied is what a part shows that the card became too short for, where a
// platform cannot take it away.
const emptied = "-"

// differs is the first part that shows something else than it should; -1 where
// none does.
func (c card) differs(parts []chat.Message) int {
	if c.Shows != showing(parts[0]) {
		return 0
	}
	for i, one := range c.More {
		switch {
		case one.Gone:
		case i+1 < len(parts) && one.Shows != showing(parts[i+1]), i+1 >= len(parts) && one.Shows != emptied:
			return i + 1
		}
	}
	return -1
}

// lacks reports whether parts are to be added, which nobody has tried yet.
func (c card) lacks(parts []chat.Message, whole string) bool {
	return len(parts) > 1+len(c.More) && !c.Waits && c.Refused != whole
}

// cardAgain says a card once more that a person deleted.
func (t turn) cardAgain(r *stored, to chat.Thread) {
	q := channelLane(to.Key()).queue(urgent)
	again := row{Kind: cardRow, Session: r.Session, Number: 1, Name: name("card again", r.Session), Made: t.a.now().UTC()}
	t.w.put(q.rows()+"again "+string(r.Session), encode(again))
	t.w.durable = append(t.w.durable, func() { t.wake(q) })
}
