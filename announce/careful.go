package announce

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// careful is [Words] in which a panic is an error: a session that nobody can put
// into words keeps no other from being told of, and does not end Baton at every start.
type careful struct{ Words }

// caught makes an error of a panic.
func caught(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
	}
}

func (c careful) Card(ctx context.Context, id state.SessionID) (m chat.Message, err error) {
	defer caught(&err)
	return c.Words.Card(ctx, id)
}

func (c careful) Told(ctx context.Context, id state.SessionID, e orchestration.Entry, to chat.Thread) (m chat.Message, err error) {
	defer caught(&err)
	return c.Words.Told(ctx, id, e, to)
}

func (c careful) Waiting(ctx context.Context, id state.SessionID, number int) (m chat.Message, err error) {
	defer caught(&err)
	return c.Words.Waiting(ctx, id, number)
}

func (c careful) Nudge(ctx context.Context, id state.SessionID, n orchestration.Nudge) (m chat.Message, err error) {
	defer caught(&err)
	return c.Words.Nudge(ctx, id, n)
}

func (c careful) Digest(ctx context.Context, channel orchestration.ChannelKey, since time.Time, ended []state.SessionID) (m chat.Message, err error) {
	defer caught(&err)
	return c.Words.Digest(ctx, channel, since, ended)
}
