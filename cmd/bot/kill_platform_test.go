package main

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/memory"
	"github.com/synthoperator/baton/chat"
)

// platforms are two worlds that live on while the bot that serves them dies. As
// platforms do, they keep what was said, deliver again what nobody answered, and
// carry out what was sent by somebody who is dead.
type platforms struct {
	t        *testing.T
	worlds   map[string]*memory.World
	adapters map[string]*memory.Adapter
	listener net.Listener
	ahead    atomic.Int64 // how far their clocks are ahead

	mu       sync.Mutex
	now      *attached     // the bot that is there
	arrived  chan struct{} // closed when the next one is
	answers  map[string]chat.Message
	handed   int // calls that were handed over
	again    int // of these, once more, as whoever had them died
	requests map[string]int
}

// attached is one bot's connection.
type attached struct {
	*wire
	before *attached
	pid    int // 0 before it said so

	mu    sync.Mutex
	ended time.Time // when its last request was over
}

func newPlatforms(t *testing.T, seed uint64) *platforms {
	t.Helper()
	p := &platforms{
		t: t, worlds: map[string]*memory.World{}, adapters: map[string]*memory.Adapter{}, arrived: make(chan struct{}),
		answers: map[string]chat.Message{}, requests: map[string]int{},
	}
	now := func() time.Time { return time.Now().Add(time.Duration(p.ahead.Load())) }
	var err error
	if p.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for _, name := range []string{rooted, numbered} {
		w := worldOf(name, seed, now)
		w.Lag(lag)
		w.Fail(memory.Fault{Before: slowness, After: slowness, Drawn: true})
		a := memory.NewAdapter(w, memory.AdapterOptions{})
		p.worlds[name], p.adapters[name] = w, a
		running.Go(func() { _ = a.Run(ctx, people{p, name}) })
	}
	running.Go(p.accept)
	t.Cleanup(func() {
		end()
		_ = p.listener.Close()
		running.Wait()
	})
	return p
}

// fail makes posts and edits go wrong in the ways of which nobody can tell what
// came of it. Look-ups do not: those are tried again after half a minute only.
func (p *platforms) fail() (end func()) {
	var all []func()
	for _, w := range p.worlds {
		for _, f := range []memory.Fault{
			{On: memory.Post, Rate: 0.1, Then: memory.LoseReply},
			{On: memory.Post, Rate: 0.05, Then: memory.Drop},
			{On: memory.Edit, Rate: 0.01, Then: memory.LoseReply},
		} {
			f.Before, f.After, f.Drawn = slowness, slowness, true
			all = append(all, w.Fail(f))
		}
	}
	return func() {
		for _, end := range all {
			end()
		}
	}
}

func (p *platforms) accept() {
	for {
		conn, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		c := &attached{wire: newWire(conn), before: p.now}
		c.serve = func(f frame) frame { return p.serve(c, f) }
		p.now = c
		p.mu.Unlock()
		c.run()
	}
}

// hello takes in which process a bot is.
func (p *platforms) hello(c *attached, pid int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c.pid = pid
	close(p.arrived)
	p.arrived = make(chan struct{})
}

// bot waits for a bot that fits.
func (p *platforms) bot(ctx context.Context, fits func(*attached) bool) (*attached, error) {
	for {
		p.mu.Lock()
		now, arrived := p.now, p.arrived
		ok := now != nil && fits(now)
		p.mu.Unlock()
		if ok {
			return now, nil
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// serve carries out what a bot asks for.
func (p *platforms) serve(c *attached, f frame) frame {
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.ended = time.Now()
	}()
	p.mu.Lock()
	p.requests[f.Do]++
	p.mu.Unlock()
	a, ctx := p.adapters[f.Platform], context.Background()
	var out frame
	var err error
	switch f.Do {
	case "hello":
		p.hello(c, f.Pid)
	case "post":
		var ref chat.Ref
		ref, err = a.Post(ctx, f.Post.post())
		out.Ref = toWireRef(ref)
	case "edit":
		err = a.Edit(ctx, f.Ref.ref(), f.Post.post())
	case "find":
		c.settled()
		var refs []chat.Ref
		refs, err = a.Find(ctx, f.Post.post())
		for _, ref := range refs {
			out.Refs = append(out.Refs, toWireRef(ref))
		}
	case "remove":
		err = a.Remove(ctx, f.Ref.ref())
	}
	out.Error = toWireError(err)
	return out
}

// settled waits until a look-up shows for sure what earlier bots left. They
// have settled long before as a rule, but on a machine that is so busy that a
// timer comes late.
func (c *attached) settled() {
	for old := c.before; old != nil; old = old.before {
		old.under.Wait()
		old.mu.Lock()
		left := time.Until(old.ended.Add(lag))
		old.mu.Unlock()
		time.Sleep(left)
	}
}

// people hand what people on a platform do to whichever bot is there, until one
// answers.
type people struct {
	*platforms
	platform string
}

func (p people) Handle(ctx context.Context, call chat.Call) chat.Message {
	call.ID = p.platform + "-" + call.ID
	var gone *attached
	for {
		c, err := p.bot(ctx, func(c *attached) bool { return c.pid > 0 && c != gone })
		if err != nil {
			return chat.Message{} // the test is over
		}
		p.mu.Lock()
		p.handed++
		if gone != nil {
			p.again++
		}
		p.mu.Unlock()
		got, err := c.ask(ctx, frame{Do: "call", Call: toWireCall(call)})
		if err != nil {
			gone = c
			continue
		}
		m := got.Message.message()
		p.mu.Lock()
		defer p.mu.Unlock()
		p.answers[call.ID] = m
		return m
	}
}

func (people) Complete(context.Context, chat.Call) []chat.Suggestion { return nil }
func (people) Specs() []chat.Spec                                    { return nil }
