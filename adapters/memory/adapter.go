package memory

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/synthoperator/baton/chat"
)

// AdapterOptions is what an adapter runs with; the zero value works.
type AdapterOptions struct {
	// Log is told what could not be answered; nil discards.
	Log *slog.Logger
	// Pace is asked before an answer is posted, and may wait; with it answers
	// count in the world's paces, as posts do.
	Pace func(ctx context.Context, in chat.Thread) error
	// Grace is how long calls that are under way are waited for when the adapter
	// ends, before they are told to; 0 for 10 seconds.
	Grace time.Duration
}

// Adapter is Baton's side of a world. It may be used by many goroutines at once.
type Adapter struct {
	world *World
	o     AdapterOptions
}

var (
	_ chat.Poster = (*Adapter)(nil)
	_ chat.Finder = (*Adapter)(nil)
)

// NewAdapter makes an adapter of a world.
func NewAdapter(w *World, o AdapterOptions) *Adapter {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Grace == 0 {
		o.Grace = 10 * time.Second
	}
	return &Adapter{world: w, o: o}
}

// Run answers what people do until ctx ends, and returns its cause. Calls of one
// thread are answered one after the other, those of several at once, and some
// verbs at once in any case. A call that was begun is answered before Run
// returns; what was not begun is delivered again to whoever runs next.
func (a *Adapter) Run(ctx context.Context, h chat.Handler) error {
	calls, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	l := &lanes{answer: func(w work) { a.answer(calls, h, w) }, waiting: map[string][]work{}}
	for {
		d, ok := a.world.take(ctx)
		if !ok {
			break
		}
		call, ok := a.decode(d)
		if !ok {
			a.o.Log.Warn("a delivery that means nothing", "delivery", d.ID)
			a.world.ack(d)
			continue
		}
		l.add(work{d, call})
	}
	left, idle := l.stop()
	a.world.giveBack(left)
	return errors.Join(context.Cause(ctx), a.finish(idle, end))
}

// finish waits for calls that are under way, and tells them to end when it has
// waited long enough. One that does not even then is left behind.
func (a *Adapter) finish(idle <-chan struct{}, end func()) error {
	timer := time.NewTimer(a.o.Grace)
	defer timer.Stop()
	select {
	case <-idle:
		return nil
	case <-timer.C:
	}
	end()
	timer.Reset(a.o.Grace)
	select {
	case <-idle:
		return nil
	case <-timer.C:
		return fmt.Errorf("some calls did not end within %v", 2*a.o.Grace)
	}
}
