package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/synthoperator/baton/adapters/slack"
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/state/bolt"
)

// slackSteps are the steps from an envelope to its acknowledgement and the answer,
// beside those of a commit and of what is said unasked. "half-acked" is what a
// connection holds of an acknowledgement of which only a part was written.
var slackSteps = []string{
	"received", "enqueued", "before-commit", "in-transaction", "committed", "before-reply", "handled", "half-acked", "acked",
	"asked", "rows", "attempting", "posted", "delivered",
}

// slackDying is the bot over the database in the folder that is its argument,
// serving the Slack that the environment names, which kills itself where it is told
// to. When its input ends, it says what there is to say by then and ends in order.
// As [dying] it is a program of its own.
func slackDying() {
	f := newFuse(os.Getenv(speakerDies))
	db, err := bolt.Open(filepath.Join(os.Args[1], databaseName), bolt.Options{Step: f.reach})
	orExit(err)
	later, err := time.ParseDuration(os.Getenv(ahead))
	orExit(err)
	now := func() time.Time { return time.Now().Add(later) }
	c := DefaultConfig()
	c.Slack.APIURL = os.Getenv("SLACK_API_URL")
	ctx, end := context.WithCancel(context.Background())
	j := &job{Context: ctx, config: c, streams: streams{out: io.Discard}, log: newLogger(LogConfig{Format: "text", Level: "info"}, os.Stderr)}
	s := &slackServed{service: j.newService(nil, slack.Platform, "Slack", false, ""), config: c.Slack, tokens: slackTokens{bot: Secret{os.Getenv(slackBotToken)}, app: Secret{os.Getenv(slackAppToken)}}}
	p, err := assemble(breakIt(db), c, around{now: now, log: j.log.Logger, fatal: orExit, step: f.reach, posters: func(p *parts) (map[string]chat.Poster, error) {
		o, err := s.options(p)
		if err != nil {
			return nil, err
		}
		o.Now, o.Dial = now, f.dial
		o.Client = &http.Client{Transport: dyingTransport{f}, Timeout: 30 * time.Second}
		s.adapter, err = slack.New(o)
		return map[string]chat.Poster{slack.Platform: s.adapter}, err
	}})
	orExit(err)
	var all errgroup.Group
	all.Go(func() error { return s.identify(ctx) })
	all.Go(func() error { return speak(ctx, p) })
	all.Go(func() error { return s.adapter.Run(ctx, &condemned{p.router, f}) })
	_, err = io.Copy(io.Discard, os.Stdin)
	orExit(err)
	soon, cancel := context.WithTimeout(ctx, 50*time.Second) // what an attempt left is looked up half a minute after the start
	defer cancel()
	if (&speaker{parts: p}).quiet(soon) != nil {
		fmt.Println("more is to be said later")
	}
	end()
	if err := all.Wait(); !errors.Is(err, context.Canceled) {
		orExit(err)
	}
	orExit(p.close())
}

// condemned comes to the steps before and after a call is handled.
type condemned struct {
	chat.Handler
	f *fuse
}

func (c *condemned) Handle(ctx context.Context, call chat.Call) chat.Message {
	c.f.reach("received")
	m := c.Handler.Handle(ctx, call)
	c.f.reach("handled")
	return m
}

// dial opens a connection of Socket Mode that comes to steps as acknowledgements
// are written to it.
func (f *fuse) dial(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := new(net.Dialer).DialContext(ctx, network, address)
	return dyingConn{c, f}, err
}

type dyingConn struct {
	net.Conn
	f *fuse
}

// textFrame begins a whole message of text (RFC 6455, section 5.2), which for a
// client of Slack's is an acknowledgement.
const textFrame = 0x81

func (c dyingConn) Write(p []byte) (int, error) {
	if p[0] != textFrame {
		return c.Conn.Write(p)
	}
	if c.f.step == "half-acked" {
		_, _ = c.Conn.Write(p[:len(p)/2])
		c.f.reach("half-acked")
		n, err := c.Conn.Write(p[len(p)/2:])
		return len(p)/2 + n, err
	}
	n, err := c.Conn.Write(p)
	c.f.reach("acked")
	return n, err
}

// dyingTransport comes to a step when Slack has been asked something.
type dyingTransport struct{ f *fuse }

func (d dyingTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := http.DefaultTransport.RoundTrip(r)
	if filepath.Base(r.URL.Path) == "chat.postMessage" {
		d.f.reach("asked")
	}
	return answer, err
}
