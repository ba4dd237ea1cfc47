package announce

import (
	"context"
	"errors"
	"fmt"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
)

// errNothing says that there is nothing to be said any more.
var errNothing = errors.New("there is nothing to be said any more")

// compose makes the message of a row from the log. It is the same however often
// it is made, but for a card, which shows what stands now.
func (a *Announcer) compose(ctx context.Context, l lane, r row) (chat.Message, error) {
	switch r.Kind {
	case cardRow:
		if r.Plain != "" {
			return a.plainCard(ctx, r)
		}
		return a.words.Card(ctx, r.Session)
	case moreRow:
		return a.words.Card(ctx, r.Session)
	case eventRow, wordsRow, correctRow:
		return a.told(ctx, l, r)
	case reportRow, askRow:
		m, err := a.words.Waiting(ctx, r.Session, r.Number)
		if err == nil && m.IsZero() {
			err = errNothing // decided on meanwhile
		}
		return m, err
	case remindRow, nudgeRow:
		n, err := decode[nudged](string(r.Kind), r.Data)
		if err != nil {
			return chat.Message{}, err
		}
		m, err := a.words.Nudge(ctx, r.Session, n.nudge())
		if err == nil && m.IsZero() {
			err = errNothing // seen to meanwhile
		}
		return m, err
	case digestRow:
		d, err := decode[digest](string(r.Kind), r.Data)
		if err != nil {
			return chat.Message{}, err
		}
		return a.words.Digest(ctx, orchestration.ChannelKey(l.channel()), d.Since, d.Ended)
	case noticeRow:
		what, err := decode[notice](string(r.Kind), r.Data)
		m := chat.Message{Blocks: []chat.Block{chat.Paragraph(what.Text)}}
		if err == nil && what.Starter {
			m.To, err = a.starter(ctx, r.Session, l)
		}
		return m, err
	}
	return chat.Message{}, fmt.Errorf("a row of the kind %q, which this release does not know", r.Kind)
}

// told is what a decision did, with a way to the session for those who are in
// another channel.
func (a *Announcer) told(ctx context.Context, l lane, r row) (chat.Message, error) {
	if r.Kind == eventRow && len(r.Data) > 0 {
		by, err := decode[takenBack](string(r.Kind), r.Data)
		if err != nil {
			return chat.Message{}, err
		}
		r.Pos, r.Seq = by.Pos, by.Seq
	}
	record, err := a.store.At(ctx, r.Pos)
	if err != nil {
		return chat.Message{}, err
	}
	if id, ok := record.Stream.Session(); !ok || id != r.Session || record.Entry.Seq != r.Seq {
		return chat.Message{}, errNothing // the log of a backup went another way
	}
	to, err := chat.ParseThread(l.channel())
	if err != nil {
		return chat.Message{}, err
	}
	m, err := a.words.Told(ctx, r.Session, record.Entry, to)
	if err != nil || l.session() != "" {
		return m, err
	}
	return a.withPointer(ctx, m, r)
}

// withPointer adds a way to the session's card, where that stands.
func (a *Announcer) withPointer(ctx context.Context, m chat.Message, r row) (chat.Message, error) {
	c, ok, err := a.card(ctx, r.Session)
	if err != nil || !ok {
		return m, err
	}
	at, err := c.Ref.chat()
	if err != nil || at.IsZero() {
		return m, err
	}
	s, err := a.store.Session(ctx, r.Session)
	if err != nil {
		return m, err
	}
	if thread, err := chat.ParseThread(string(s.Thread())); err == nil && thread != at.Thread {
		at.Thread = thread
	}
	m.Blocks = append(m.Blocks[:len(m.Blocks):len(m.Blocks)], chat.Pointer{Label: short(s), To: at})
	return m, nil
}

// short is what to call a session in a link.
func short(s orchestration.Session) string { return s.Plan().Title() }
