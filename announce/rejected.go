package announce

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/state"
)

// cardRejected says a card in a line, once, where the platform does not take it
// as it is. Where that is not taken either, whoever started the session hears of
// it, and what was to go into the thread goes to the channel.
func (t turn) cardRejected(r *stored, err error) (bool, error) {
	if r.Part > 0 {
		return t.cardCut(r, err)
	}
	if r.Plain == "" && !errors.Is(err, state.ErrDamaged) && !errors.Is(err, errUnreadable) {
		r.Plain = plainReason(err)
		r.Status, r.Since, r.Back, r.Tries = pending, time.Time{}, false, 0
		t.w.put(r.stored())
		return true, nil
	}
	t.record(r.row, said{At: t.a.now().UTC(), Rejected: err.Error()})
	l := t.q.key.lane()
	text := "The card of " + t.a.called(r.Session) + " could not be said here: " + plainReason(err) + "."
	if l.session() == "" && t.posters[l.platform()].Traits().Roots && r.Number == 0 {
		t.w.put(cardKey(r.Session), encode(card{None: plainReason(err)}))
		text += " So it has no thread: what was to be said there is said here, and here it takes every command."
		t.w.durable = append(t.w.durable, func() {
			home := threadLane(r.Session, l.channel())
			for c := urgent; c <= checks; c++ {
				t.wake(home.queue(c))
			}
		})
	}
	t.notify(l.queue(usual), r.row, "no card", notice{Text: text + " `status` shows what stands.", Starter: true})
	return true, t.drop(r)
}

// cardCut ends a card of which the platform took some parts only. The thread
// hangs under the first.
func (t turn) cardCut(r *stored, err error) (bool, error) {
	to, parseErr := chat.ParseThread(r.Refs[0].Thread)
	if parseErr != nil {
		return false, parseErr
	}
	t.notify(t.q.key.lane().queue(usual), r.row, "rejected", notice{
		Text:    "Some of the card of " + t.a.called(r.Session) + " could not be said here: " + plainReason(err) + ". `status` shows what stands.",
		Starter: true,
	})
	return true, t.done(context.Background(), r, to)
}

// called is what to call a session in a sentence.
func (a *Announcer) called(id state.SessionID) string {
	if n, err := a.store.Number(context.Background(), id); err == nil && n > 0 {
		return "session " + strconv.Itoa(n)
	}
	return "this session"
}

// plainCard is a card in a line, to whoever started the session. It has nothing
// in it that people typed, which may be what the platform does not take.
func (a *Announcer) plainCard(ctx context.Context, r row) (m chat.Message, err error) {
	line := "Session"
	if whole, err := a.words.Card(ctx, r.Session); err == nil && whole.Short != "" {
		line = whole.Short
	} else if n, err := a.store.Number(ctx, r.Session); err == nil && n > 0 {
		line = fmt.Sprintf("Session %d", n)
	}
	m.Short = line
	m.Blocks = []chat.Block{
		chat.Paragraph(line),
		chat.Remark("More of it could not be shown here: " + r.Plain + ". `status` shows what stands."),
	}
	s, err := a.store.Session(ctx, r.Session)
	if err != nil {
		return m, err
	}
	m.To, err = a.starter(ctx, r.Session, channelLane(string(s.Channel())))
	return m, err
}

// starter is who started a session, where they can be told of something in a
// place.
func (a *Announcer) starter(ctx context.Context, id state.SessionID, l lane) ([]chat.Person, error) {
	s, err := a.store.Session(ctx, id)
	if err != nil {
		return nil, err
	}
	who, _ := s.Starter()
	workspace, person, err := chat.ParsePerson(string(who.ID()))
	if err != nil || workspace != l.workspace() {
		return nil, nil //nolint:nilerr // somebody whom this platform does not know
	}
	return []chat.Person{{ID: person, Name: who.Name()}}, nil
}

// whole is a hash of the card that is said in a line instead; "" where there are
// no words for it.
func (a *Announcer) whole(ctx context.Context, id state.SessionID) string {
	m, err := a.words.Card(ctx, id)
	if err != nil {
		return ""
	}
	return showing(m)
}

// homeless is where something is said that belongs into the thread of a session
// without one: in the channel, once it is known that there will be none.
func (o *outbox) homeless(l lane) (to chat.Thread, known bool, err error) {
	c, ok, err := o.a.card(context.Background(), l.session())
	if err != nil || !ok || c.None == "" {
		return to, false, err
	}
	to, err = chat.ParseThread(l.channel())
	return to, err == nil, err
}

// homeless says with a message why it does not stand in its session's thread.
func (t turn) homeless(ctx context.Context, r *stored, to chat.Thread, m chat.Message) (chat.Message, error) {
	l := t.q.key.lane()
	if l.session() == "" || to.Key() != l.channel() {
		return m, nil
	}
	c, ok, err := t.a.card(ctx, l.session())
	if err != nil || !ok || c.None == "" {
		return m, err
	}
	name := t.a.called(r.Session)
	m.Blocks = append(m.Blocks[:len(m.Blocks):len(m.Blocks)], chat.Remark(upper(name)+" has no thread: "+c.None+"."))
	return m, nil
}

// upper begins a sentence with a word of Baton's own.
func upper(text string) string { return string(text[0]-'a'+'A') + text[1:] }
