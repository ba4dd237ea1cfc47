package slack

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/slack/slacktest"
)

// The example that Slack publishes
// (https://docs.slack.dev/authentication/verifying-requests-from-slack).
const (
	exampleSecret = "8f742231b10e8888abcd99yyyzzz85a5"
	exampleBody   = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar" +
		"&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands" +
		"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)

func TestExampleSignature(t *testing.T) {
	if got := slacktest.Sign(exampleSecret, "1531420618", []byte(exampleBody)); got != "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503" {
		t.Error(got)
	}
}

// overHTTP runs a story over HTTP alone.
func overHTTP(t *testing.T, story func(w *world)) {
	t.Helper()
	t.Run("HTTP", func(t *testing.T) {
		both(t, setting{}, func(w *world) {
			if w.a.o.Transport == HTTP {
				story(w)
			}
		})
	})
}

// Case 14: what Slack did not sign, now and byte by byte, is turned away.
func TestSignatures(t *testing.T) {
	overHTTP(t, func(w *world) {
		form := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
		body := []byte(strings.Replace(exampleBody, "T1DC2JH3J", "T1", 1))
		post := func(h http.Header, body []byte) int {
			got, err := w.app.Post(h, body)
			if err != nil {
				w.t.Fatal(err)
			}
			return got.Status
		}
		if got := post(form, body); got != 200 {
			w.t.Errorf("a good one: %d", got)
		}
		before := len(w.h.called())
		stale, err := w.app.PostStale(301*time.Second, form, body)
		if err != nil || stale.Status != 401 {
			w.t.Errorf("an old one: %d %v", stale.Status, err)
		}
		wrong := form.Clone()
		wrong.Set("X-Slack-Signature", "v0="+strings.Repeat("0", 64))
		other := form.Clone()
		ts := "946684800"
		other.Set("X-Slack-Request-Timestamp", ts)
		other.Set("X-Slack-Signature", slacktest.Sign(w.app.SigningSecret, ts, body))
		changed := append([]byte(nil), body...)
		changed[len(changed)-1] ^= 1
		if a, b := post(wrong, body), post(other, changed); a != 401 || b != 401 {
			w.t.Errorf("forged: %d, changed: %d", a, b)
		}
		if err := w.app.CheckSSL(); err != nil {
			w.t.Error(err)
		}
		if err := w.app.Verify(); err != nil {
			w.t.Error(err)
		}
		if n := len(w.h.called()); n != before {
			w.t.Errorf("%d calls came of that", n-before)
		}
		if strings.Contains(w.log.String(), "v0=") {
			w.t.Errorf("a signature is in the log:\n%s", w.log)
		}
	})
}

// Case 14: a payload in the address is none, however well the body is signed.
func TestPayloadInTheAddress(t *testing.T) {
	overHTTP(t, func(w *world) {
		h := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
		got, err := w.app.PostTo(w.app.RequestURL+`?payload={"type":"block_actions"}`, h, []byte("x=1"))
		if err != nil || got.Status != 400 || len(w.h.called()) != 0 {
			w.t.Errorf("%d %v", got.Status, err)
		}
	})
}

// What is no request of Slack's is turned away before anything is read of it.
func TestNoRequest(t *testing.T) {
	overHTTP(t, func(w *world) {
		for _, r := range []*http.Request{
			httptest.NewRequest(http.MethodGet, "/slack", nil),
			httptest.NewRequest(http.MethodPost, "/slack", strings.NewReader("{}")),
			httptest.NewRequest(http.MethodPost, "/slack", strings.NewReader(strings.Repeat("x", maxBody+1))),
		} {
			rec := httptest.NewRecorder()
			w.a.Routes().ServeHTTP(rec, r)
			if rec.Code < 400 {
				w.t.Errorf("%s got %d", r.Method, rec.Code)
			}
		}
	})
}

// Before Baton runs, and after, Slack is told to come again.
func TestNotRunning(t *testing.T) {
	overHTTP(t, func(w *world) {
		w.stop()
		got, err := w.app.Post(http.Header{"Content-Type": {"application/json"}}, []byte(`{"type":"event_callback","event":{"type":"message"}}`))
		if err != nil || got.Status != 503 {
			w.t.Errorf("%d %v", got.Status, err)
		}
	})
}
