package state

import (
	"context"
	"iter"

	"github.com/synthoperator/baton/orchestration"
)

// SessionAt is a session as it stood after its decision of that number.
func (st *Store) SessionAt(ctx context.Context, id SessionID, seq uint64) (orchestration.Session, error) {
	if err := st.usable(ctx); err != nil {
		return orchestration.Session{}, err
	}
	f, err := st.foldTo(ctx, SessionStream(id), &fold{}, seq)
	return f.session, err
}

// Entries are the decisions of a stream from the one numbered after+1, as far
// as there are any now. They are checked against all before them, so that the
// first of them costs reading the whole stream.
func (st *Store) Entries(ctx context.Context, s Stream, after uint64) iter.Seq2[orchestration.Entry, error] {
	return func(yield func(orchestration.Entry, error) bool) {
		var f fold // only its place: nothing is applied
		for {
			if err := st.usable(ctx); err != nil {
				yield(orchestration.Entry{}, err)
				return
			}
			records, err := st.backend.Read(ctx, s, f.seq, page)
			if err != nil {
				yield(orchestration.Entry{}, st.damaged(err))
				return
			}
			for _, record := range records {
				e, _, link, err := f.read(s, record)
				if err != nil {
					yield(orchestration.Entry{}, st.damaged(err))
					return
				}
				f.seq, f.link = e.Seq, link
				if e.Seq > after && !yield(e, nil) {
					return
				}
			}
			if len(records) < page {
				return
			}
		}
	}
}

// Seen says where an inbound key was recorded, if it was in the last 48 hours.
func (st *Store) Seen(ctx context.Context, key string) (s Stream, seq uint64, ok bool, err error) {
	if key == "" {
		return "", 0, false, nil
	}
	value, ok, err := st.row(ctx, SpaceKey, key)
	if err != nil || !ok {
		return "", 0, false, err
	}
	h, err := ParseWhere(value)
	return h.Stream, h.Seq, err == nil, err
}
