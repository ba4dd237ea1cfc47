package main

import (
	"bytes"
	"context"
	"os"
	"strings"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/state"
)

// The guarantees of what is said that a bot can go without, see [broken].
const (
	attemptNotKept  = "the attempt is not kept before the request"
	cursorFirst     = "the cursor is kept before the rows"
	cursorLast      = "the cursor is kept after the rows"
	notLookedFor    = "what may have been said is not looked for"
	boundAfterwards = "a session is bound after its card counts as said"
)

// withoutGuarantee takes a guarantee out of a backend. Between the two writes
// that it makes of one it comes to the step "between".
func withoutGuarantee(b state.Backend, f *fuse) state.Backend {
	switch os.Getenv(broken) {
	case attemptNotKept:
		return &careless{Backend: b}
	case cursorFirst, cursorLast:
		return &torn{Backend: b, fuse: f, last: os.Getenv(broken) == cursorLast}
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

// torn writes what a follower made of the log and how far it came in two
// transactions.
type torn struct {
	state.Backend
	fuse *fuse
	last bool
}

func (t *torn) Commit(ctx context.Context, w state.Write) error {
	first, second := w, state.Write{At: w.At}
	first.Rows = nil
	for _, r := range w.Rows {
		if (r.Space == state.SpaceCursor) != t.last {
			first.Rows = append(first.Rows, r)
		} else {
			second.Rows = append(second.Rows, r)
		}
	}
	if len(first.Rows) == 0 || len(second.Rows) == 0 {
		return t.Backend.Commit(ctx, w)
	}
	if err := t.Backend.Commit(ctx, first); err != nil {
		return err
	}
	t.fuse.reach("between")
	return t.Backend.Commit(ctx, second)
}

// unbound binds a session once its card is off the queue.
type unbound struct {
	state.Backend
	fuse *fuse
	held *state.Write
}

func (u *unbound) Commit(ctx context.Context, w state.Write) error {
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
