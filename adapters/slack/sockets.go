package slack

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	slackgo "github.com/slack-go/slack"
)

// links are the connections of Socket Mode: two, so that one is there while the
// other one is renewed. Slack sends each thing over any one of them
// (https://docs.slack.dev/apis/events-api/using-socket-mode).
//
// A connection that Slack is about to end is used until Slack ends it, and then
// replaced, so there are never more than two. Where both are about to end at once
// one of them is given up before: Slack does not repeat commands that find none.
type links struct {
	s    *shift
	dead chan struct{} // closed when nothing will be dialled any more
	once sync.Once

	asking chan struct{} // whoever asks for an address puts something in

	mu     sync.Mutex
	open   []*link
	wanted context.CancelFunc // of dialling
	closed bool
	up     bool
	off    bool      // for good
	until  time.Time // no connection is asked for before
	early  bool      // a connection is being replaced before Slack ends it
}

// slots is how many connections there are.
const slots = 2

// apart is how much later the second connection is opened, so that Slack does not
// end both at the same time; it tells the end of each ten seconds before.
const apart = 30 * time.Second

// The waits between attempts that fail, and how long an attempt may take.
const (
	waitFirst = 500 * time.Millisecond
	waitMost  = 30 * time.Second
	dialWait  = 10 * time.Second
)

func newLinks(s *shift) *links {
	return &links{s: s, dead: make(chan struct{}), asking: make(chan struct{}, 1)}
}

// run keeps connections open while ctx lasts. What it returns is closed when all
// of them have ended, which is after close.
func (l *links) run(ctx context.Context) <-chan struct{} {
	dial, cancel := context.WithCancel(ctx)
	l.wanted = cancel
	var all sync.WaitGroup
	for n := range slots {
		all.Go(func() { l.slot(dial, &all, time.Duration(n)*apart) })
	}
	done := make(chan struct{})
	go func() {
		all.Wait()
		close(done)
	}()
	return done
}

// close ends all connections; what was written to them arrives.
func (l *links) close() {
	l.wanted()
	l.mu.Lock()
	l.closed = true
	open := slices.Clone(l.open)
	l.mu.Unlock()
	for _, c := range open {
		c.close()
	}
}

// slot keeps one connection open.
func (l *links) slot(ctx context.Context, all *sync.WaitGroup, first time.Duration) {
	failed := 0
	for wait := first; ; {
		if !l.pause(ctx, wait) {
			return
		}
		began := time.Now()
		c, err := l.dial(ctx)
		if err == nil {
			err = l.serve(ctx, c, all)
		}
		if ctx.Err() != nil {
			return
		}
		switch {
		case err == nil || time.Since(began) > waitMost:
			failed = 0
		default:
			failed++
		}
		wait = l.after(failed)
	}
}

func (l *links) pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	case <-l.dead:
	}
	select {
	case <-l.dead:
		return false
	default:
		return ctx.Err() == nil
	}
}

// after is how long to wait before the next attempt. It is not the same for all,
// so that not everybody comes back at once.
func (l *links) after(failed int) time.Duration {
	if failed == 0 {
		return 0
	}
	wait := min(waitFirst<<min(failed-1, 10), waitMost)
	return wait/2 + rand.N(wait/2+1)
}

// fatal are the answers that do not change by asking again
// (https://docs.slack.dev/reference/methods/apps.connections.open).
var fatal = []string{
	"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type", "missing_scope",
	"socket_mode_not_enabled", "app_not_found", "forbidden_team",
}

// dial opens a connection and waits until Slack greets.
func (l *links) dial(ctx context.Context) (*link, error) {
	address, err := l.ask(ctx)
	if err != nil {
		return nil, l.refused(ctx, err)
	}
	var out *outlet
	reach := l.s.a.o.Dial
	if reach == nil {
		reach = new(net.Dialer).DialContext
	}
	d := websocket.Dialer{HandshakeTimeout: dialWait, Proxy: http.ProxyFromEnvironment, NetDialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := reach(ctx, network, address)
		out = &outlet{Conn: conn}
		return out, err
	}}
	ws, answer, err := d.DialContext(ctx, address, nil)
	if answer != nil && answer.Body != nil {
		_ = answer.Body.Close()
	}
	if err != nil {
		return nil, l.failed("connect to Slack", err)
	}
	c := newLink(ws, out)
	hello, err := c.next()
	if err == nil && hello.Type != "hello" {
		err = fmt.Errorf("Slack begins with %.40q %.40q", hello.Type, hello.Reason)
	}
	if err != nil {
		c.cut()
		return nil, l.failed("be greeted by Slack", err)
	}
	return c, nil
}

// refused is why Slack gave no connection. Only its own word that it never will
// ends the dialling; a request that was broken off because Baton ends says nothing
// about the token.
func (l *links) refused(ctx context.Context, err error) error {
	name := code(err)
	if context.Cause(ctx) == nil && slices.Contains(fatal, name) {
		l.stop("Slack does not let Baton connect (" + name + "): check that Socket Mode is on in the app's settings and that SLACK_APP_TOKEN is an app-level token with the scope connections:write; then start Baton again")
		return errors.New(name)
	}
	return l.failed("ask Slack for a connection", err)
}

// ask asks Slack for an address to connect to, one at a time: what one is told,
// to wait above all, holds for the other one too.
func (l *links) ask(ctx context.Context) (address string, err error) {
	select {
	case l.asking <- struct{}{}:
		defer func() { <-l.asking }()
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
	for wait := l.patience(); wait > 0; wait = l.patience() {
		if !l.pause(ctx, wait) {
			return "", context.Cause(ctx)
		}
	}
	ctx, cancel := bounded(ctx, dialWait)
	defer cancel()
	_, address, err = l.s.a.clients.app().StartSocketModeContext(ctx)
	var limited *slackgo.RateLimitedError
	if errors.As(err, &limited) {
		l.mu.Lock()
		l.until = l.s.a.o.Now().Add(limited.RetryAfter)
		l.mu.Unlock()
	}
	return address, err
}

// patience is how long no connection may be asked for.
func (l *links) patience() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.until.Sub(l.s.a.o.Now())
}

func (l *links) failed(what string, err error) error {
	err = fmt.Errorf("%s: %w", what, l.s.a.plain(err))
	l.s.a.o.Log.Warn("no connection to Slack yet", "error", err)
	return err
}

// stop dials no more, and says so.
func (l *links) stop(why string) {
	l.once.Do(func() {
		close(l.dead)
		l.s.a.o.Log.Error("Socket Mode has ended", "why", why)
		l.mu.Lock()
		defer l.mu.Unlock()
		l.up, l.off = false, true
		l.s.a.health(false, why)
	})
}

// serve takes in what comes over a connection until it ends. It ends it itself
// where the connection is about to end and so is the other one.
func (l *links) serve(ctx context.Context, c *link, all *sync.WaitGroup) error {
	if !l.join(c) {
		c.close()
	}
	end := make(chan struct{})
	var result error
	all.Go(func() { c.ping(end) })
	all.Go(func() {
		defer close(end)
		result = l.read(c)
		l.leave(ctx, c)
	})
	select {
	case <-end:
		return result
	case <-c.retiring:
	}
	if l.alone() {
		c.close()
	}
	<-end
	return nil
}

func (l *links) read(c *link) error {
	for {
		f, err := c.next()
		if err != nil {
			c.cut()
			return l.s.a.plain(err)
		}
		switch f.Type {
		case "disconnect":
			if f.Reason == "link_disabled" {
				l.stop("Socket Mode was turned off in the app's settings: turn it on again and start Baton again")
			}
			c.retire()
		case "hello", "":
		default:
			l.take(c, f)
		}
	}
}

func (l *links) take(c *link, f frame) {
	if f.EnvelopeID == "" {
		l.s.a.o.Log.Warn("Slack sent something without an envelope", "type", f.Type)
		return
	}
	l.s.take(delivery{kind: f.Type, payload: f.Payload, retry: f.Retry, receipt: receipt{
		came:   l.s.a.o.Now(),
		give:   func(payload []byte) { l.acknowledge(c, ackFrame(f.EnvelopeID, f.Accepts, payload)) },
		refuse: func() {}, // what is not acknowledged comes again
	}})
}

// acknowledge sends an acknowledgement over the connection on which the envelope
// came, or another one where that has ended.
func (l *links) acknowledge(c *link, data []byte) {
	if c.write(data) == nil {
		return
	}
	l.mu.Lock()
	open := slices.Clone(l.open)
	l.mu.Unlock()
	for _, other := range open {
		if other != c && other.write(data) == nil {
			return
		}
	}
	l.s.a.o.Log.Info("an acknowledgement found no connection; Slack delivers that again")
}

func (l *links) join(c *link) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open = append(l.open, c)
	l.early = false
	l.tell(true, "connected to Slack")
	return !l.closed
}

func (l *links) leave(ctx context.Context, c *link) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open = slices.DeleteFunc(l.open, func(o *link) bool { return o == c })
	if len(l.open) == 0 && ctx.Err() == nil {
		l.tell(false, "the connection to Slack has ended; Baton connects again")
	}
}

// tell says how the connection is, if that is new. l.mu is held, so that what is
// said last is how it is.
func (l *links) tell(up bool, why string) {
	if l.up == up || l.off {
		return
	}
	l.up = up
	l.s.a.health(up, why)
}

// alone reports whether every connection is about to end, so that one is to be
// replaced before they do. It says so to one who asks.
func (l *links) alone() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.early || slices.ContainsFunc(l.open, func(c *link) bool {
		select {
		case <-c.retiring:
			return false
		default:
			return true
		}
	}) {
		return false
	}
	l.early = true
	return true
}
