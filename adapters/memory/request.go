package memory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/synthoperator/baton/chat"
)

// Kind is what a request asks for.
type Kind string

// The requests.
const (
	Post   Kind = "post"
	Edit   Kind = "edit"
	Find   Kind = "find"
	Remove Kind = "remove"
)

// Request is one request of Baton's and what came of it.
type Request struct {
	Kind         Kind
	In           chat.Thread
	Key          string // of the post, or the id of the message
	Began, Ended time.Time
	Err          error // what the sender was told; nil while it is under way
}

// Violation is something that a well-behaved sender would not have done.
type Violation struct {
	Rule Rule
	Request
	What string
}

// Rule is what a violation broke.
type Rule string

// The rules.
const (
	Hasty     Rule = "sooner than the pace"
	Early     Rule = "sooner than it was told to"
	Pestered  Rule = "a closed place was asked again"
	Crowded   Rule = "too many at once"
	Duplicate Rule = "two messages with one key"
	Oversized Rule = "over the limits"
)

// Requests are all requests so far, in the order in which they began.
func (w *World) Requests() []Request {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.requests)
}

// Violations are all violations so far.
func (w *World) Violations() []Violation {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.violations)
}

func (w *World) violate(rule Rule, r Request, what string) {
	w.violations = append(w.violations, Violation{rule, r, what})
}

// errLost says that a reply did not arrive.
var errLost = errors.New("the connection ended before the reply came")

// do carries out one request: what it asks for happens in act, which is called
// with the world locked, at most once. Nothing is sent once ctx has ended.
func (w *World) do(ctx context.Context, r Request, act func() error) (err error) {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("not sent: %w", err)
	}
	n, fault, err := w.begin(r)
	defer func() { w.end(n, err) }()
	if err != nil {
		return err
	}
	if fault.Then == Drop {
		return errLost
	}
	if err := w.arrive(ctx, fault.Before, act); err != nil {
		return err
	}
	switch fault.Then {
	case LoseReply:
		return errLost
	case Hang:
		<-ctx.Done()
		return fmt.Errorf("no reply: %w", ctx.Err())
	}
	return pause(ctx, fault.After)
}

// begin records a request and says at once what the world refuses.
func (w *World) begin(r Request) (int, Fault, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	r.Began = w.o.Now()
	n := len(w.requests)
	w.requests = append(w.requests, r)
	space := w.place(r.In.WorkspaceKey())
	space.active++
	if most := w.o.Traits.AtOnce; most > 0 && space.active > most {
		w.violate(Crowded, r, fmt.Sprintf("%d are under way, at most %d may be", space.active, most))
	}
	for _, refuse := range []func(Request) error{w.blocked, w.early, w.paced} {
		if err := refuse(r); err != nil {
			return n, Fault{}, err
		}
	}
	fault, err := w.fault(r)
	return n, fault, err
}

func (w *World) end(n int, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	r := &w.requests[n]
	r.Ended, r.Err = w.o.Now(), err
	w.place(r.In.WorkspaceKey()).active--
}

// arrive lets the request take effect after a delay. It takes effect also where
// the sender has given up by then: what was sent cannot be called back.
func (w *World) arrive(ctx context.Context, delay time.Duration, act func() error) error {
	locked := func() error {
		w.mu.Lock()
		defer w.mu.Unlock()
		return act()
	}
	if delay <= 0 {
		return locked()
	}
	done := make(chan error, 1)
	time.AfterFunc(delay, func() { done <- locked() })
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("no reply: %w", ctx.Err())
	}
}

func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("no reply: %w", ctx.Err())
	}
}
