package announce

import (
	"context"
	"strconv"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/state"
)

// notice is a sentence about Baton itself.
type notice struct {
	Text    string `json:"text"`
	Starter bool   `json:"starter,omitempty"` // to whoever started the session
}

// notify has a sentence said: once, by its name.
func (t turn) notify(q queueKey, about row, once string, what notice) {
	r := row{
		Kind: noticeRow, Session: about.Session, Pos: about.Pos, Seq: about.Seq, Number: about.Number,
		Data: encode(what), Name: name("notice", once, about.Name), Made: t.a.now().UTC(),
	}
	t.w.put(q.rows()+order(about.Pos, 1<<20)+r.key(t.a.self), encode(r))
	t.w.durable = append(t.w.durable, func() { t.wake(q) })
}

// tell tells somebody elsewhere that a place takes nothing: the channel, where
// it is a thread, else the session's owner alone. Where the whole workspace
// takes nothing, only the log can tell.
func (t turn) tell(r *stored, to chat.Thread, where, why string, since time.Time) {
	var q queueKey
	switch {
	case where == to.WorkspaceKey(), to.Direct() != "":
		return
	case where == to.Parent().Key():
		owner, ok := t.owner(r.Session, to)
		if !ok {
			return
		}
		q = channelLane(owner.Key()).queue(usual)
	default:
		q = channelLane(to.Parent().Key()).queue(usual)
	}
	t.notify(q, r.row, where+" "+strconv.FormatInt(since.UnixNano(), 36), notice{
		Text: "Baton cannot speak in " + t.placeName(to, r) + ": " + why + ". What it has to say there waits; it tries again every " +
			strconv.Itoa(int(retryBlocked/time.Minute)) + " minutes.",
	})
}

// placeName is what to call a place in a sentence.
func (t turn) placeName(to chat.Thread, r *stored) string {
	if id := r.Session; id != "" {
		if n, err := t.a.store.Number(context.Background(), id); err == nil && n > 0 {
			return "the thread of session " + strconv.Itoa(n)
		}
	}
	return "the channel " + to.Channel()
}

// owner is where a session's owner is told something alone.
func (t turn) owner(id state.SessionID, to chat.Thread) (chat.Thread, bool) {
	s, err := t.a.store.Session(context.Background(), id)
	if err != nil || s.Owner().IsZero() {
		return chat.Thread{}, false
	}
	workspace, person, err := chat.ParsePerson(string(s.Owner().ID()))
	if err != nil || workspace != to.WorkspaceKey() {
		return chat.Thread{}, false
	}
	return to.ToPerson(chat.Person{ID: person}), true
}
