package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/slack/slacktest"
	"github.com/synthoperator/baton/chat"
)

// acked checks that every delivery was acknowledged, and once each attempt.
func (w *world) acked() {
	w.t.Helper()
	for _, d := range w.app.Deliveries() {
		if !d.Acked {
			w.t.Errorf("%s was never acknowledged: %+v", d.Kind, d.Attempts)
		}
	}
}

// Case 10: a connection that is about to end is used until it ends; nothing that
// comes over it or the other one is lost, and there are never more than two.
func TestConnectionIsRenewed(t *testing.T) {
	for _, reason := range []string{"warning", "refresh_requested"} {
		t.Run(reason, func(t *testing.T) {
			socket(t, setting{}, func(w *world) {
				pass(40 * time.Second)
				if n := len(w.app.Conns()); n != 2 {
					w.t.Fatalf("%d connections", n)
				}
				old := w.app.Conns()[0]
				old.Disconnect(reason)
				root := w.ana.Say(w.launch, "", "a topic").Message.TS
				for i := range 40 {
					w.ana.Mention(w.launch, root, w.bot, fmt.Sprint("note ", i))
					pass(400 * time.Millisecond)
					if n := len(w.app.Conns()); n > 2 {
						w.t.Fatalf("%d connections", n)
					}
				}
				if old.State().Ended != reason || old.State().Sent == 0 || len(w.app.Conns()) != 2 {
					w.t.Errorf("the old one ended by %q, with %d envelopes; there are %d", old.State().Ended, old.State().Sent, len(w.app.Conns()))
				}
				for _, d := range w.app.Deliveries() {
					if !d.Acked || len(d.Attempts) != 1 {
						w.t.Errorf("%d attempts", len(d.Attempts))
					}
				}
			})
		})
	}
}

// Where both connections are about to end, a new one is there before they do, and
// never a third.
func TestBothConnectionsAreRenewed(t *testing.T) {
	socket(t, setting{}, func(w *world) {
		pass(40 * time.Second)
		old := w.app.Conns()
		for _, c := range old {
			c.Disconnect("refresh_requested")
		}
		pass(9 * time.Second)
		now := w.app.Conns()
		renewed := slices.ContainsFunc(now, func(c *slacktest.Conn) bool { return !slices.Contains(old, c) })
		if len(now) != 2 || !renewed {
			w.t.Errorf("%d connections, and a new one is %v", len(now), renewed)
		}
		pass(20 * time.Second)
		if n := len(w.app.Conns()); n != 2 {
			w.t.Errorf("%d connections", n)
		}
	})
}

// Case 11: when Socket Mode is turned off, nobody dials any more, and whoever runs
// Baton is told.
func TestLinkDisabled(t *testing.T) {
	socket(t, setting{}, func(w *world) {
		pass(40 * time.Second)
		opened := w.app.Opened()
		w.app.LinkDisabled()
		pass(time.Hour)
		if n := w.app.Opened(); n != opened {
			w.t.Errorf("%d connections were asked for", n-opened)
		}
		if last := w.tidings()[len(w.tidings())-1]; !strings.HasPrefix(last, "down: Socket Mode was turned off") {
			w.t.Errorf("%q", w.tidings())
		}
	})
}

// A token that Slack does not take is not tried again and again.
func TestWrongAppToken(t *testing.T) {
	socket(t, setting{options: func(o *Options) { o.AppToken = "xapp-1-wrong" }}, func(w *world) {
		pass(time.Hour)
		if v := w.TakeViolations(); len(v) != 1 {
			w.t.Errorf("%d attempts: %v", len(v), v)
		}
		if len(w.tidings()) != 1 || !strings.Contains(w.tidings()[0], "SLACK_APP_TOKEN") {
			w.t.Errorf("%q", w.tidings())
		}
	})
}

// roundTrip is a transport.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A network whose errors only sound like Slack's word on the token is tried again.
func TestNoWordOnTheAppToken(t *testing.T) {
	var broken atomic.Bool
	broken.Store(true)
	socket(t, setting{options: func(o *Options) {
		under := o.Client.Transport
		o.Client = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			if broken.Load() && strings.HasSuffix(r.URL.Path, "apps.connections.open") {
				return nil, errors.New("lookup token_revoked.example: invalid_auth by the proxy")
			}
			return under.RoundTrip(r)
		})}
	}}, func(w *world) {
		pass(time.Minute)
		if len(w.tidings()) > 0 {
			w.t.Errorf("%q", w.tidings())
		}
		broken.Store(false)
		pass(time.Minute)
		if len(w.app.Conns()) != 2 {
			w.t.Errorf("%d connections\n%s", len(w.app.Conns()), w.log)
		}
	})
}

// A request for a connection that is under way when Baton ends blames nobody.
func TestEndWhileDialling(t *testing.T) {
	socket(t, setting{options: func(o *Options) {
		under := o.Client.Transport
		o.Client = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "apps.connections.open") {
				<-r.Context().Done()
				r = r.WithContext(context.WithoutCancel(r.Context())) // the answer was on its way
				r.Header.Set("Authorization", "Bearer xapp-1-wrong")
			}
			return under.RoundTrip(r)
		})}
	}}, func(w *world) {
		w.stop()
		if len(w.tidings()) > 0 {
			w.t.Errorf("%q", w.tidings())
		}
		w.TakeViolations() // of the wrong token
	})
}

// While Slack gives no connection, Baton asks again, and not often.
func TestSlackIsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, setting{})
		w.Fault(slacktest.Fault{When: slacktest.Calls("apps.connections.open"), Answer: slacktest.Status500})
		w.run()
		t.Cleanup(w.stop)
		pass(10 * time.Minute)
		if n := len(w.Requests("apps.connections.open")); n < 20 || n > 100 {
			t.Errorf("%d attempts in ten minutes", n)
		}
		w.Mend()
		pass(time.Minute)
		if seen := w.ana.Slash(w.launch, "/baton", "status"); seen.TimedOut || seen.Refused != "" {
			t.Errorf("%+v", seen)
		}
		if last := w.tidings()[len(w.tidings())-1]; last != "up: connected to Slack" {
			t.Errorf("%q", w.tidings())
		}
	})
}

// A connection that is dead without a word is found within twenty seconds.
func TestHalfOpen(t *testing.T) {
	socket(t, setting{}, func(w *world) {
		pass(40 * time.Second)
		for _, c := range w.app.Conns() {
			c.HalfOpen()
		}
		dead := w.app.Conns()
		pass(20 * time.Second)
		for _, c := range w.app.Conns() {
			for _, d := range dead {
				if c == d {
					w.t.Error("a dead connection is kept")
				}
			}
		}
		if seen := w.ana.Slash(w.launch, "/baton", "status"); seen.TimedOut {
			w.t.Errorf("%+v", seen)
		}
	})
}

// Case 9: what nobody knows is acknowledged, logged, and harms nothing.
func TestUnknownEnvelope(t *testing.T) {
	socket(t, setting{}, func(w *world) {
		c := w.app.Conns()[0]
		for _, raw := range []string{`{"type":"brand_new","envelope_id":"e1","payload":{}}`, `not json`, `{}`, `[]`, `{"type":"slash_commands"}`, `{"envelope_id":"e2","type":"interactive","payload":7}`} {
			c.Raw([]byte(raw))
		}
		pass(time.Second)
		known := 0
		for _, v := range w.TakeViolations() { // the fake never sent these envelopes by itself
			if v.Rule == "ack" && (strings.Contains(v.What, "e1") || strings.Contains(v.What, "e2")) {
				known++
			} else {
				w.t.Error(v)
			}
		}
		if known != 2 || !strings.Contains(w.log.String(), "brand_new") {
			w.t.Errorf("%d acknowledgements\n%s", known, w.log)
		}
		w.ana.Slash(w.launch, "/baton", "status")
		w.one()
	})
}

// Case 12: what is under way when Baton is told to end is finished, acknowledged and
// answered.
func TestEndFlushesAcks(t *testing.T) {
	socket(t, setting{answer: func(_ context.Context, c chat.Call) chat.Message {
		time.Sleep(2 * time.Second)
		return says("done with " + c.Text)
	}}, func(w *world) {
		root := w.ana.Say(w.launch, "", "a topic").Message.TS
		pass(time.Second)
		one := w.ana.Mention(w.launch, root, w.bot, "note one")
		two := w.ana.Mention(w.launch, root, w.bot, "note two")
		var slash *slacktest.Seen
		go func() { slash = w.ana.Slash(w.launch, "/baton", "status") }()
		pass(time.Second)
		w.stop()
		pass(time.Second)
		if got := w.texts(root); len(got) != 1 || !strings.Contains(got[0], "done with note one") {
			w.t.Errorf("%q", got)
		}
		if slash == nil || slash.TimedOut || !strings.Contains(slash.Text, "done with status") {
			w.t.Errorf("%+v", slash)
		}
		if !one.Deliveries()[0].Acked || two.Deliveries()[0].Acked {
			w.t.Errorf("one: %v, two: %v", one.Deliveries()[0].Acked, two.Deliveries()[0].Acked)
		}
	})
}

// A command that was not begun when Baton ends is visibly not accepted.
func TestEndRefusesCommands(t *testing.T) {
	socket(t, setting{answer: func(context.Context, chat.Call) chat.Message {
		time.Sleep(2 * time.Second)
		return says("done")
	}}, func(w *world) {
		var first, second *slacktest.Seen
		go func() { first = w.ana.Slash(w.launch, "/baton", "note one") }()
		pass(100 * time.Millisecond)
		go func() { second = w.ana.Slash(w.launch, "/baton", "note two") }()
		pass(100 * time.Millisecond)
		w.stop()
		pass(3 * time.Second)
		if !strings.Contains(first.Text, "done") || !strings.Contains(second.Text, "Not accepted") {
			w.t.Errorf("%+v %+v", first, second)
		}
		w.one()
	})
}

// An acknowledgement carries a payload only where Slack takes one.
func TestAckFrame(t *testing.T) {
	for _, c := range []struct {
		accepts bool
		payload string
		want    string
	}{
		{true, `{"text":"x"}`, `{"envelope_id":"e","payload":{"text":"x"}}`},
		{false, `{"text":"x"}`, `{"envelope_id":"e"}`},
		{true, "", `{"envelope_id":"e"}`},
	} {
		got := string(ackFrame("e", c.accepts, []byte(c.payload)))
		if got != c.want || !json.Valid([]byte(got)) {
			t.Errorf("%s", got)
		}
	}
}
