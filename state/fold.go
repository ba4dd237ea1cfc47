package state

import (
	"context"

	"github.com/synthoperator/baton/orchestration"
)

// fold is a stream as far as it was read: the session or the settings that
// its decisions make. A fold that others can see does not change.
type fold struct {
	seq      uint64
	link     chain
	number   int // of the session in its channel
	session  orchestration.Session
	settings orchestration.Settings
}

// with is the fold with one more entry.
func (f *fold) with(s Stream, e orchestration.Entry, n note, link chain) *fold {
	next := &fold{seq: e.Seq, link: link, number: max(f.number, n.number)}
	if _, ok := s.Session(); ok {
		next.session = f.session.Apply(e)
	} else {
		next.settings = f.settings.Apply(e)
	}
	return next
}

// read opens and decodes the record after the fold.
func (f *fold) read(s Stream, record []byte) (orchestration.Entry, note, chain, error) {
	at := place{s, f.seq + 1, f.link}
	payload, link, err := at.open(record)
	if err != nil {
		return orchestration.Entry{}, note{}, chain{}, err
	}
	e, n, err := decode(at.seq, payload)
	if err != nil {
		return e, n, link, &Damaged{Stream: s, Seq: at.seq, Why: err.Error(), Err: err}
	}
	return e, n, link, nil
}

// folds keeps folded streams, the ones used last.
type folds struct{ *lru[*fold] }

func newFolds(max int) *folds {
	c := &folds{newLRU[*fold](max)}
	c.weigh = func(f *fold) int { return 1 + int(f.seq/decisionsPerUnit) }
	return c
}

// decisionsPerUnit is how many decisions make a stream weigh one more in the
// cache: a long one takes the room of many short ones.
const decisionsPerUnit = 500

// keep puts a fold unless a later one is there.
func (c *folds) keep(s Stream, f *fold) {
	c.put(string(s), f, func(old *fold) bool { return old.seq > f.seq })
}

// page is how many records or rows are asked for at once: no read of the
// backend is held open for longer than that takes.
const page = 512

// fold is a stream folded to its end, from memory if it is there. The memory
// may lag behind where several processes write; a commit then says so.
func (st *Store) fold(ctx context.Context, s Stream) (*fold, error) {
	if f, ok := st.folds.get(string(s)); ok {
		return f, nil
	}
	return st.catchUp(ctx, s)
}

// catchUp folds what was added since the stream was read last.
func (st *Store) catchUp(ctx context.Context, s Stream) (*fold, error) {
	f, ok := st.folds.get(string(s))
	if !ok {
		f = &fold{}
	}
	f, err := st.foldTo(ctx, s, f, ^uint64(0))
	if err != nil {
		return &fold{}, err
	}
	st.folds.keep(s, f)
	return f, nil
}

// foldTo reads on from f, up to and including a number.
func (st *Store) foldTo(ctx context.Context, s Stream, f *fold, last uint64) (*fold, error) {
	for f.seq < last {
		limit := int(min(page, last-f.seq))
		records, err := st.backend.Read(ctx, s, f.seq, limit)
		if err != nil {
			return f, st.damaged(err)
		}
		for _, record := range records {
			e, n, link, err := f.read(s, record)
			if err != nil {
				return f, st.damaged(err)
			}
			f = f.with(s, e, n, link)
		}
		if len(records) < limit {
			break
		}
	}
	return f, nil
}
