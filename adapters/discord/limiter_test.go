package discord

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
	"github.com/synthoperator/baton/chat"
)

// bubble runs a test in a small Discord where time is the bubble's.
func bubble(t *testing.T, o discordtest.Options, mine Options, test func(*town)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		discordtest.SkipToEpoch()
		o.InMemory = true
		if o.Limits == nil {
			o.Limits = unlimited
		}
		w := newTown(t, o, mine)
		test(w)
		w.server.Close()
		synctest.Wait()
	})
}

// say posts one paragraph.
func (w *town) say(in chat.Thread, n int) error {
	_, err := w.a.Post(w.Context(), chat.Post{Key: testKey(n), To: in, Body: paragraph(fmt.Sprintf("number%04d", n))})
	return err
}

func paragraph(text string) chat.Message {
	return chat.Message{Blocks: []chat.Block{chat.Paragraph(text)}}
}

func testKey(n int) string { return "abcdef" + digest(fmt.Sprint(n))[:20] }

// TestCase16ChannelLimit: one channel that has to wait keeps no other from going on,
// and nothing is sent to it early.
func TestCase16ChannelLimit(t *testing.T) {
	bubble(t, discordtest.Options{}, Options{}, func(w *town) {
		other := w.thread(w.guild.NewChannel("other", discordtest.Text))
		w.server.AddFault(discordtest.RateLimited("user", 1500*time.Millisecond).On(discordtest.To("POST", routeMessages), 1))
		var wait chat.Later
		if err := w.say(w.where, 1); !errors.As(err, &wait) || wait.After != 1500*time.Millisecond || wait.Where != w.where.Key() {
			w.Fatalf("%#v", err)
		}
		if err := w.say(other, 2); err != nil {
			w.Errorf("the other channel: %v", err)
		}
		sent := len(w.server.Requests(nil))
		time.Sleep(time.Second)
		if err := w.say(w.where, 1); !errors.As(err, &wait) || wait.After != 500*time.Millisecond {
			w.Errorf("half a second early: %#v", err)
		}
		if n := len(w.server.Requests(nil)); n != sent {
			w.Error("a request was sent early")
		}
		time.Sleep(500 * time.Millisecond)
		if err := w.say(w.where, 1); err != nil {
			w.Error(err)
		}
		w.clean()
	})
}

// TestCase17GlobalLimit: while the bot as a whole has to wait nothing is sent but
// answers to interactions.
func TestCase17GlobalLimit(t *testing.T) {
	bubble(t, discordtest.Options{}, Options{}, func(w *town) {
		other := w.thread(w.guild.NewChannel("other", discordtest.Text))
		w.server.AddFault(discordtest.RateLimited("global", 3*time.Second).On(discordtest.To("POST", routeMessages), 1))
		var wait chat.Later
		if err := w.say(w.where, 1); !errors.As(err, &wait) || wait.Where != w.where.WorkspaceKey() || wait.After != 3*time.Second {
			w.Fatalf("%#v", err)
		}
		sent := len(w.server.Requests(nil))
		if err := w.say(other, 2); !errors.As(err, &wait) || wait.Where != w.where.WorkspaceKey() {
			w.Errorf("another channel: %#v", err)
		}
		if n := len(w.server.Requests(nil)); n != sent {
			w.Error("a request was sent meanwhile")
		}
		err := w.a.rest.do(w.Context(), "POST", "/interactions/{interaction_id}/{interaction_token}/callback", "/interactions/1/token/callback", map[string]int{"type": 5}, nil, nil)
		if !coded(err, 10062) { // it was sent: the fake does not know it
			w.Errorf("a callback: %v", err)
		}
		time.Sleep(3 * time.Second)
		if err := w.say(other, 2); err != nil {
			w.Error(err)
		}
		w.clean()
	})
}

// TestCase18Cloudflare: a page instead of JSON is a pause for everything.
func TestCase18Cloudflare(t *testing.T) {
	bubble(t, discordtest.Options{}, Options{}, func(w *town) {
		w.server.AddFault(discordtest.Cloudflare().On(nil, 1))
		var wait chat.Later
		if err := w.say(w.where, 1); !errors.As(err, &wait) || wait.After < time.Minute || wait.Where != w.where.WorkspaceKey() {
			w.Fatalf("%#v", err)
		}
		if err := w.say(w.where, 1); !errors.As(err, &wait) {
			w.Errorf("%#v", err)
		}
		if n := len(w.server.Requests(nil)); n != 1 {
			w.Errorf("%d requests", n)
		}
		time.Sleep(wait.After)
		if err := w.say(w.where, 1); err != nil {
			w.Error(err)
		}
	})
}

// TestCase18ClosedPlace: a channel that keeps Baton out ten times is not asked any
// more for a while.
func TestCase18ClosedPlace(t *testing.T) {
	bubble(t, discordtest.Options{}, Options{}, func(w *town) {
		w.launch.Overwrite(w.app, 0, discordtest.ViewChannel)
		var blocked chat.Blocked
		for n := range 30 {
			if err := w.say(w.where, n); !errors.As(err, &blocked) || blocked.Where != w.where.Key() {
				w.Fatalf("%#v", err)
			}
		}
		if n := len(w.server.Requests(nil)); n != closedAfter {
			w.Errorf("%d requests", n)
		}
		w.launch.Overwrite(w.app, discordtest.ViewChannel, 0)
		time.Sleep(askAgain)
		if err := w.say(w.where, 1); err != nil {
			w.Errorf("open again: %v", err)
		}
		if err := w.say(w.where, 2); err != nil {
			w.Errorf("open again: %v", err)
		}
	})
}

// TestInvalidRequests: long before Discord shuts an address out nothing is sent
// any more.
func TestInvalidRequests(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	l := newLimiter(func() time.Time { return now })
	for i := range maxInvalid {
		c := newCounted("POST", routeMessages, fmt.Sprintf("/channels/%d/messages", i))
		if wait, err := l.try(c); wait == 0 && err != nil {
			t.Fatalf("request %d: %v", i, err)
		}
		l.learn(c, http.StatusForbidden, http.Header{})
	}
	c := newCounted("POST", routeMessages, "/channels/x/messages")
	var wait *limited
	if _, err := l.try(c); !errors.As(err, &wait) || wait.Scope != scopeGlobal || wait.After != invalidWindow {
		t.Errorf("%v", err)
	}
	now = now.Add(invalidWindow)
	if _, err := l.try(c); err != nil {
		t.Errorf("ten minutes later: %v", err)
	}
}

// TestCase19FiftyASecond: 55 messages at once into 55 channels are sent, and not more
// than 50 of them in one second.
func TestCase19FiftyASecond(t *testing.T) {
	bubble(t, discordtest.Options{}, Options{}, func(w *town) {
		var all sync.WaitGroup
		for n := range 55 {
			in := w.thread(w.guild.NewChannel(fmt.Sprint("c", n), discordtest.Text))
			all.Go(func() {
				if err := w.say(in, n); err != nil {
					w.Errorf("message %d: %v", n, err)
				}
			})
		}
		all.Wait()
		w.clean()
		if n := len(w.server.Requests(discordtest.To("POST", routeMessages))); n != 55 {
			w.Errorf("%d requests", n)
		}
	})
}

// TestBucketsFollowHeaders: against Discord's usual limits nothing is sent that
// it would refuse, once it has told them.
func TestBucketsFollowHeaders(t *testing.T) {
	bubble(t, discordtest.Options{Limits: discordtest.DefaultLimits()}, Options{}, func(w *town) {
		n := 0
		for n < 23 {
			err := w.say(w.where, n)
			var wait chat.Later
			switch {
			case err == nil:
				n++
			case errors.As(err, &wait) && wait.Where == w.where.Key():
				time.Sleep(wait.After)
			default:
				w.Fatalf("%#v", err)
			}
		}
		w.clean()
		for _, r := range w.server.Requests(nil) {
			if r.Status == http.StatusTooManyRequests {
				w.Errorf("it was refused: %s", r.Path)
			}
		}
	})
}

// TestBucketsEnd: each interaction has a bucket of its own, and none is kept.
func TestBucketsEnd(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	l := newLimiter(func() time.Time { return now })
	for i := range 10_000 {
		c := newCounted("POST", "/interactions/{interaction_id}/{interaction_token}/callback", fmt.Sprintf("/interactions/%d/t/callback", i))
		if _, err := l.try(c); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Second)
	}
	if n := len(l.buckets); n > 100 {
		t.Errorf("%d buckets", n)
	}
}

// TestNoSecrets: neither the bot's token nor that of an interaction or webhook
// stands in an error or in the log, whatever goes wrong.
func TestNoSecrets(t *testing.T) {
	var log strings.Builder
	mine := Options{Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	bubble(t, discordtest.Options{}, mine, func(w *town) {
		const secret = "aW50ZXJhY3Rpb246c2VjcmV0"
		path, route := "/webhooks/1/"+secret, "/webhooks/{webhook_id}/{webhook_token}"
		ctx, cancel := context.WithTimeout(w.Context(), time.Second)
		defer cancel()
		for _, f := range []discordtest.Fault{{Drop: true}, {Hang: true}, discordtest.Failing(502, false), discordtest.Cloudflare()} {
			w.server.AddFault(f.On(nil, 1))
			err := w.a.rest.do(ctx, "POST", route, path, map[string]string{"content": "x"}, nil, nil)
			if err == nil || strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), w.app.Token) {
				w.Errorf("%v", err)
			}
		}
		if strings.Contains(log.String(), secret) || strings.Contains(log.String(), w.app.Token) {
			w.Errorf("the log has a secret: %s", log.String())
		}
	})
}
