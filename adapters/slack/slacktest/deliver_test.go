package slacktest_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/slack/slacktest"
)

func TestDeliveryOverHTTP(t *testing.T) {
	bubble(t, slacktest.Options{}, func(t *testing.T, w *world) {
		var mu sync.Mutex // held by the test but while it waits
		mu.Lock()
		defer mu.Unlock()
		pass := func(f func()) { mu.Unlock(); f(); mu.Lock() }
		var got []*http.Request
		status, noRetry, wait := 500, false, time.Duration(0)
		w.app.RequestURL = "http://bot.test/slack"
		w.app.Transport = transport(func(r *http.Request) (*http.Response, error) {
			mu.Lock()
			got = append(got, r)
			status, noRetry, wait := status, noRetry, wait
			mu.Unlock()
			select {
			case <-time.After(wait):
			case <-r.Context().Done():
				return nil, r.Context().Err()
			}
			h := http.Header{}
			if noRetry {
				h.Set("X-Slack-No-Retry", "1")
			}
			return &http.Response{StatusCode: status, Header: h, Body: http.NoBody}, nil
		})
		pass(func() {
			w.bot.Emit(w.team, map[string]any{"type": "app_mention"})
			time.Sleep(10 * time.Minute)
		})
		if len(got) != 4 || got[3].Header.Get("X-Slack-Retry-Num") != "3" || got[3].Header.Get("X-Slack-Retry-Reason") != "http_error" {
			t.Errorf("%d requests, the last with %v", len(got), got[len(got)-1].Header)
		}
		got, noRetry = nil, true
		pass(func() {
			w.bot.Emit(w.team, map[string]any{"type": "app_mention"})
			time.Sleep(10 * time.Minute)
		})
		if len(got) != 1 {
			t.Errorf("%d requests in spite of no-retry", len(got))
		}
		status, wait = 200, 4*time.Second
		var seen *slacktest.Seen
		if pass(func() { seen = w.ana.Slash(w.launch, "/baton", "x") }); !seen.TimedOut {
			t.Error("four seconds were in time")
		}
		wait = 2 * time.Second
		if pass(func() { seen = w.ana.Slash(w.launch, "/baton", "x") }); seen.TimedOut {
			t.Error("two seconds were too late")
		}
	})
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// The vector that Slack publishes (D:authentication/verifying-requests-from-slack).
func TestSignatureVector(t *testing.T) {
	body := "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar" +
		"&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com" +
		"%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
	const want = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
	if got := slacktest.Sign("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", []byte(body)); got != want {
		t.Errorf("got %s", got)
	}
}
