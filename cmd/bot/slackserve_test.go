package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/synthoperator/baton/adapters/slack"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/memory"
)

// The key of Slack's messages stays with the log, and is no other log's.
func TestTheKeyOfMessagesStays(t *testing.T) {
	one, other := openStore(t, memory.New()), openStore(t, memory.New())
	first, err := postKey(t.Context(), one)
	if err != nil || len(first) != 32 || bytes.Equal(first, make([]byte, 32)) {
		t.Fatalf("%x, %v", first, err)
	}
	if again, err := postKey(t.Context(), one); err != nil || !bytes.Equal(again, first) {
		t.Errorf("%v: another key after a restart", err)
	}
	if theirs, err := postKey(t.Context(), other); err != nil || bytes.Equal(theirs, first) {
		t.Errorf("%v: two logs sign alike", err)
	}
	_ = one.Own(t.Context(), slackRows, func(tx *state.FollowTx) error {
		tx.Put("m key", []byte("short"))
		return nil
	})
	if _, err := postKey(t.Context(), one); err == nil {
		t.Error("a key that was cut is used")
	}
}

// What the operator's token is for is waited for; what it is not for is not
// served.
func TestTheOperatorsOwnInstallation(t *testing.T) {
	own := newOwnInstall()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := own.Find(ctx, "", "T1"); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waits: %v", err)
	}
	found := make(chan bool)
	go func() {
		in, ok, err := own.Find(t.Context(), "", "T1")
		found <- ok && err == nil && in.Team == "T1"
	}()
	own.identified(slack.Install{Team: "T1", Token: "t"})
	if !<-found {
		t.Error("it is not found once it is known")
	}
	if _, ok, _ := own.Find(t.Context(), "", "T2"); ok {
		t.Error("another workspace is served with this one's token")
	}
	_ = own.Remove(t.Context(), "", "T2")
	if all, err := own.All(t.Context()); len(all) != 1 || err != nil {
		t.Errorf("%v, %v", all, err)
	}
	_ = own.Remove(t.Context(), "", "T1")
	if _, ok, _ := own.Find(t.Context(), "", "T1"); ok {
		t.Error("a token that was revoked is used")
	}
	if own.Put(t.Context(), slack.Install{}) == nil {
		t.Error("the operator's token can be replaced")
	}
	org := newOwnInstall()
	org.identified(slack.Install{Enterprise: "E1", Token: "t"})
	for enterprise, want := range map[string]bool{"E1": true, "": true, "E2": false} {
		if _, ok, _ := org.Find(t.Context(), enterprise, "T7"); ok != want {
			t.Errorf("organisation %q is served: %v", enterprise, ok)
		}
	}
}

func TestHealth(t *testing.T) {
	var log bytes.Buffer
	h := newHealth("Slack", newLogger(LogConfig{"text", "info"}, &log).Logger)
	ask := func() (int, string) {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/healthz", nil))
		return w.Code, strings.TrimSpace(w.Body.String())
	}
	if code, why := ask(); code != http.StatusServiceUnavailable || why != "starting" {
		t.Errorf("%d %s", code, why)
	}
	h.set(true, "connected")
	h.set(true, "connected")
	<-h.first
	if code, why := ask(); code != http.StatusOK || why != "connected" {
		t.Errorf("%d %s", code, why)
	}
	h.set(false, "the token was revoked")
	if code, why := ask(); code != http.StatusServiceUnavailable || why != "the token was revoked" {
		t.Errorf("%d %s", code, why)
	}
	h.set(true, "connected")
	if n := strings.Count(log.String(), "\n"); n != 3 {
		t.Errorf("%d lines: %s", n, log.String())
	}
}

// It is said that Slack is served once Baton can be reached there, not before:
// whoever reads it types.
func TestServingIsSaidOnceItIsTrue(t *testing.T) {
	for name, ready := range map[string]func(s *slackServed){
		"neither":           func(*slackServed) {},
		"no listener yet":   func(s *slackServed) { s.health.set(true, "connected") },
		"no connection yet": func(s *slackServed) { close(s.host.listening) },
		"both":              func(s *slackServed) { close(s.host.listening); s.health.set(true, "connected") },
	} {
		synctest.Test(t, func(t *testing.T) {
			var out bytes.Buffer
			j := testJob(t, &out)
			j.config.Slack.Transport = SlackTransport(slack.HTTP)
			s := j.newSlack(&hosts{}, j.config.Slack, slackTokens{})
			s.host.at = "127.0.0.1:8421"
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			ready(s)
			go func() {
				done <- s.greet(ctx, slack.Identity{Install: slack.Install{Team: "T1"}, TeamName: "acme", BotName: "baton"})
			}()
			synctest.Wait()
			want := ""
			if name == "both" {
				want = "Baton serves slack over http: acme (T1), as @baton on 127.0.0.1:8421\n"
			}
			if out.String() != want {
				t.Errorf("%s: %q", name, out.String())
			}
			cancel()
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	}
}

// What is under way when Baton ends is finished.
func TestARequestUnderWayIsFinished(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	under, ended := make(chan struct{}), make(chan error, 1)
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(under)
		<-ctx.Done()
		_, _ = io.WriteString(w, "done")
	})
	at := (&hosts{}).on("127.0.0.1:0")
	at.mux.Handle("/", h)
	go func() { ended <- testJob(t, io.Discard).listen(ctx, at) }()
	go func() { <-under; stop() }()
	<-at.listening
	answer, err := http.Get("http://" + at.at)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if body, err := io.ReadAll(answer.Body); err != nil || string(body) != "done" {
		t.Errorf("%q, %v", body, err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
