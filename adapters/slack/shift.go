package slack

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/internal/lanes"
)

// shift is one run of an adapter: what it heard and has not done with yet.
type shift struct {
	a       *Adapter
	h       chat.Handler
	ctx     context.Context // of calls; it outlives the listening
	end     context.CancelFunc
	calls   *lanes.Lanes // what is heard, up to its acknowledgement
	answers *lanes.Lanes // what is said about it afterwards, so that nobody's command waits for a slow post
	seen    *window
}

// How many deliveries wait or are under way at most; more are not accepted.
const (
	mostCalls   = 2000
	mostAnswers = 4000
)

// grace is how long what is under way is waited for when the adapter ends,
// before it is told to end.
const grace = 10 * time.Second

// Run listens to Slack until ctx ends, and returns its cause. Calls of one thread
// are handled one after the other, those of several at once, and stop, approve and
// deny at once in any case. A delivery is acknowledged when what it changed is
// durable; what was begun is answered before Run returns, and what was not begun is
// not acknowledged, or visibly not accepted where Slack would not tell it again.
//
// Where Socket Mode was turned off, or its token is not valid any more, Run says
// so through Health and dials no more; it does not return, since the rest of the
// program works on.
func (a *Adapter) Run(ctx context.Context, h chat.Handler) error {
	calls, end := context.WithCancel(context.WithoutCancel(ctx))
	s := &shift{
		a: a, h: h, ctx: calls, end: end, calls: lanes.New(mostCalls), answers: lanes.New(mostAnswers), seen: newWindow(a.o.Now),
	}
	defer end()
	if !a.current.CompareAndSwap(nil, s) {
		return errors.New("slack: the adapter runs already")
	}
	defer a.current.Store(nil)
	if a.o.Transport == HTTP {
		a.health(true, "Slack reaches Baton over HTTP")
		<-ctx.Done()
		return errors.Join(context.Cause(ctx), s.finish())
	}
	links := newLinks(s)
	done := links.run(ctx)
	<-ctx.Done()
	err := s.finish()
	links.close()
	<-done
	return errors.Join(context.Cause(ctx), err)
}

// finish begins nothing more, and waits for what is under way. One that does not
// even end when it is told to is left behind.
func (s *shift) finish() error {
	if !lanes.Finish(s.calls, s.answers, grace, s.end) {
		return fmt.Errorf("slack: some calls did not end within %v", 2*grace)
	}
	return nil
}

// take takes a delivery in. It does not wait for what comes of it.
func (s *shift) take(d delivery) {
	r, err := s.a.decode(s.ctx, d)
	if err != nil {
		s.a.o.Log.Warn("Slack told something that Baton does not understand", "kind", d.kind, "error", s.a.plain(err))
		payload, rest := s.puzzled(d, err)
		d.receipt.give(payload)
		if rest != nil {
			s.answers.Add("", lanes.Job{Do: func() { rest(s.ctx) }})
		}
		return
	}
	if r.door == doorNone {
		d.receipt.give(nil)
		return
	}
	w := &work{shift: s, request: r, retry: d.retry, attempts: &attempts{now: s.a.o.Now, receipts: []receipt{d.receipt}}}
	if earlier := s.seen.claim(w); earlier != nil {
		earlier.join(d.receipt)
		return
	}
	w.soon()
	w.early()
	if !s.calls.Add(r.lane(), lanes.Job{Do: w.do, Leave: w.leave}) {
		w.leave()
	}
}
