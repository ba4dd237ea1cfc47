package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"sync"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/state"
)

// The guarantees of what is said that a bot can go without, see [broken].
const (
	attemptNotKept  = "the attempt is not kept before the request"
	cursorFirst     = "the cursor is kept before the rows"
	cursorLate      = "the cursor is not kept with the rows"
	notLookedFor    = "what may have been said is not looked for"
	boundAfterwards = "a session is bound after its card counts as said"
)

// withoutGuarantee takes a guarantee out of a backend. Between the two writes
// that it makes of one it comes to the step "between".
func withoutGuarantee(b state.Backend, f *fuse) state.Backend {
	switch os.Getenv(broken) {
	case attemptNotKept:
		return &careless{Backend: b}
	case cursorFirst:
		return &torn{b, f}
	case cursorLate:
		return &late{Backend: b}
	case boundAfterwards:
		return &unbound{Backend: b, fuse: f}
	}
	return b
}

// careless forgets that something is about to be said.
type careless struct{ state.Backend }

func (c *careless) Commit(ctx context.Context, w state.Write) error {
	var kept []state.Row
	for _, r := range w.Rows {
		if !bytes.Contains(r.Value, []byte(`"st":"attempting"`)) {
			kept = append(kept, r)
		}
	}
	w.Rows = kept
	return c.Backend.Commit(ctx, w)
}

// torn writes how far a follower came before what it made of the log.
type torn struct {
	state.Backend
	fuse *fuse
}

func (t *torn) Commit(ctx context.Context, w state.Write) error {
	cursor, others := cursorOf(w.Rows)
	if len(cursor) == 0 || len(others) == 0 {
		return t.Backend.Commit(ctx, w)
	}
	first := w
	first.Rows = cursor
	if err := t.Backend.Commit(ctx, first); err != nil {
		return err
	}
	t.fuse.reach("between")
	return t.Backend.Commit(ctx, state.Write{At: w.At, Rows: others})
}

// cursorOf tells the cursor from the other rows.
func cursorOf(rows []state.Row) (cursor, others []state.Row) {
	for _, r := range rows {
		if r.Space == state.SpaceCursor {
			cursor = append(cursor, r)
		} else {
			others = append(others, r)
		}
	}
	return cursor, others
}

// late keeps how far a follower came in memory and writes what it made of the
// log.
type late struct {
	state.Backend

	mu     sync.Mutex
	cursor []state.Row
}

func (l *late) Commit(ctx context.Context, w state.Write) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, w.Checks = cursorOf(w.Checks)
	cursor, others := cursorOf(w.Rows)
	w.Rows = others
	if len(w.Rows)+len(w.Appends) > 0 {
		if err := l.Backend.Commit(ctx, w); err != nil {
			return err
		}
	}
	if len(cursor) > 0 {
		l.cursor = cursor
	}
	return nil
}

func (l *late) Rows(ctx context.Context, q state.Query) ([]state.Row, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if q.Space == state.SpaceCursor && len(l.cursor) > 0 {
		return l.cursor, nil
	}
	return l.Backend.Rows(ctx, q)
}

// unbound binds a session once its card is off the queue.
type unbound struct {
	state.Backend
	fuse *fuse

	mu   sync.Mutex
	held *state.Write
}

func (u *unbound) Commit(ctx context.Context, w state.Write) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if strings.HasPrefix(w.Key, "bind ") {
		u.held = &w
		return nil
	}
	if err := u.Backend.Commit(ctx, w); err != nil || u.held == nil {
		return err
	}
	u.fuse.reach("between")
	held := *u.held
	u.held = nil
	return u.Backend.Commit(ctx, held)
}

// unseeing is a poster that finds nothing, where that is to be gone without.
func unseeing(r remote) chat.Poster {
	if os.Getenv(broken) == notLookedFor {
		return blind{r}
	}
	return r
}

type blind struct{ remote }

func (blind) Find(context.Context, chat.Post) ([]chat.Ref, error) { return nil, nil }
