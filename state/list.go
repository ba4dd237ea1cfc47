package state

import (
	"context"
	"strings"

	"github.com/synthoperator/baton/orchestration"
)

// Listed is a session in a list.
type Listed struct {
	ID      SessionID
	Channel orchestration.ChannelKey
	Number  int // within its channel
}

// Page says which sessions of a channel to list.
type Page struct {
	OnlyOpen bool // without those that have ended
	Before   int  // only lower numbers; 0 begins with the newest
	Limit    int  // at most so many, 0 for 100
}

// defaultLimit is how many sessions a list holds where nobody says.
const defaultLimit = 100

// Session is a session as it stands; the zero Session where there is none.
func (st *Store) Session(ctx context.Context, id SessionID) (orchestration.Session, error) {
	f, err := st.current(ctx, id)
	return f.session, err
}

// Number is a session's number within its channel, or 0 where there is none.
func (st *Store) Number(ctx context.Context, id SessionID) (int, error) {
	f, err := st.current(ctx, id)
	return f.number, err
}

func (st *Store) current(ctx context.Context, id SessionID) (*fold, error) {
	if err := st.usable(ctx); err != nil {
		return &fold{}, err
	}
	return st.catchUp(ctx, SessionStream(id))
}

// InThread is the session bound to a thread, whatever its state.
func (st *Store) InThread(ctx context.Context, thread orchestration.ThreadKey) (SessionID, bool, error) {
	id, ok, err := st.row(ctx, SpaceThread, string(thread))
	return SessionID(id), ok, err
}

// ByNumber is the session with that number in a channel.
func (st *Store) ByNumber(ctx context.Context, channel orchestration.ChannelKey, n int) (SessionID, bool, error) {
	id, ok, err := st.row(ctx, SpaceChannel, numberKey(channel, n))
	return SessionID(id), ok, err
}

// Sessions lists a channel's sessions, newest first.
func (st *Store) Sessions(ctx context.Context, channel orchestration.ChannelKey, p Page) ([]Listed, error) {
	q := Query{Space: SpaceChannel, Prefix: channelRows(channel), Reverse: true, Limit: p.Limit}
	if p.OnlyOpen {
		q.Space = SpaceOpen
	}
	if p.Before > 0 {
		q.After = numberKey(channel, p.Before)
	}
	return st.list(ctx, q)
}

// AllOpen lists the sessions that have not ended, of every channel whose key
// is prefix or goes on from it after a slash: of a workspace, of a platform,
// or with "" of all. At most limit of them, 0 for 100; by channel, oldest first.
func (st *Store) AllOpen(ctx context.Context, prefix string, limit int) ([]Listed, error) {
	return st.list(ctx, Query{Space: SpaceOpen, Prefix: under(prefix), Limit: limit})
}

// All lists sessions whatever their state, as [Store.AllOpen] does those that
// have not ended.
func (st *Store) All(ctx context.Context, prefix string, limit int) ([]Listed, error) {
	return st.list(ctx, Query{Space: SpaceChannel, Prefix: under(prefix), Limit: limit})
}

// under is what the keys of all channels within a prefix begin with.
func under(prefix string) string {
	if prefix != "" && !strings.HasSuffix(prefix, "/") {
		prefix += "/"
	}
	return prefix
}

func (st *Store) list(ctx context.Context, q Query) ([]Listed, error) {
	if err := st.usable(ctx); err != nil {
		return nil, err
	}
	if q.Limit <= 0 {
		q.Limit = defaultLimit
	}
	rows, err := st.backend.Rows(ctx, q)
	if err != nil {
		return nil, st.damaged(err)
	}
	out := make([]Listed, len(rows))
	for i, row := range rows {
		channel, n, err := splitNumberKey(row.Key)
		if err != nil {
			return nil, err
		}
		out[i] = Listed{SessionID(row.Value), channel, n}
	}
	return out, nil
}
