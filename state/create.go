package state

import (
	"context"
	"fmt"

	"github.com/synthoperator/baton/orchestration"
)

// Create is [Store.Update] for a session that does not exist yet: decide gets
// the zero Session and must start it, the id is Change.Session, fresh from
// [NewSessionID]. The session's number in its channel is given in the same
// commit. A decision that binds a thread which has a session gets [ErrBound].
func (st *Store) Create(ctx context.Context, c Change) (Result, error) {
	if c.Session == "" {
		return Result{}, fmt.Errorf("create a session: it has no id")
	}
	unlock := func() {}
	var locked orchestration.ChannelKey
	defer func() { unlock() }()
	done, err := st.change(ctx, change{
		key: c.Key, stream: SessionStream(c.Session), content: c.Content, contents: c.Contents,
		decide: func(v View, f *fold) (orchestration.Decision, error) {
			if f.seq > 0 {
				return orchestration.Decision{}, ErrExists
			}
			return c.Decide(v, f.session)
		},
		rows: func(before, after *fold, d orchestration.Decision, w *Write) error {
			channel := after.session.Channel()
			if after.session.State() == orchestration.None {
				return fmt.Errorf("create session %s: the decision starts none", c.Session)
			}
			if channel != locked {
				unlock()
				var err error
				if unlock, err = st.locks.lock(ctx, "number of "+string(channel)); err != nil {
					unlock = func() {}
					return err
				}
				locked = channel
			}
			n, err := st.count(ctx, channel)
			if err != nil {
				return err
			}
			after.number = n + 1
			key := numberKey(channel, n+1)
			w.Checks = append(w.Checks, Row{Space: SpaceChannel, Key: key})
			w.Rows = append(w.Rows, Row{SpaceChannel, key, []byte(c.Session)})
			st.sessionRows(c.Session, before, after, d, w)
			return nil
		},
	})
	if err == nil && !done.repeated && !done.entry.IsZero() {
		n := done.after.number
		st.counts.put(string(done.after.session.Channel()), n, func(old int) bool { return old > n })
	}
	return done.result(), err
}

// sessionRows adds the rows that follow from a decision: the thread it binds,
// and whether the session is among those that have not ended.
func (st *Store) sessionRows(id SessionID, before, after *fold, d orchestration.Decision, w *Write) {
	for _, event := range d.Events() {
		if b, ok := event.(orchestration.Bound); ok {
			w.Checks = append(w.Checks, Row{Space: SpaceThread, Key: string(b.Thread)})
			w.Rows = append(w.Rows, Row{SpaceThread, string(b.Thread), []byte(id)})
		}
	}
	was, is := isOpen(before.session), isOpen(after.session)
	if was == is {
		return
	}
	row := Row{Space: SpaceOpen, Key: numberKey(after.session.Channel(), after.number)}
	if is {
		row.Value = []byte(id)
	}
	w.Rows = append(w.Rows, row)
}

// isOpen reports whether a session is among those that have not ended.
func isOpen(s orchestration.Session) bool {
	return s.State() == orchestration.ActiveState || s.State() == orchestration.PausedState
}
