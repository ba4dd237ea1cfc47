package discord

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
)

// Over HTTP people are answered as over the gateway, and Discord takes the
// address as it checks it.
func TestCase24OverHTTP(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		discordtest.SkipToEpoch()
		door := discordtest.NewPipe()
		r := newRunning(t, discordtest.Options{InMemory: true, Limits: unlimited, Dial: door.DialContext}, Options{Transport: HTTP})
		server := &http.Server{Handler: r.a.Routes()}
		go server.Serve(door)
		r.start()
		at := map[string]string{"interactions_endpoint_url": "http://baton.test/interactions"}
		if err := r.a.rest.do(r.Context(), http.MethodPatch, routeMe, routeMe, at, nil, nil); err != nil {
			r.Fatalf("Discord does not take the address: %v", err)
		}
		seen := r.slash(r.ana, r.launch, "baton persona", discordtest.Args{"name": "x"})
		if now := seen.Now(); now.State != discordtest.Replied || !strings.Contains(text(now.Message), "heard persona") {
			r.Errorf("ana sees %+v", now)
		}
		seen.Redeliver()
		r.settle()
		r.slash(r.ana.With(discordtest.Delivery{Forged: true}), r.launch, "baton status", nil)
		if len(r.h.calls()) != 1 || !r.app.Probe() {
			r.Errorf("%+v", r.h.calls())
		}
		r.h.answers(noting)
		form := r.slash(r.ana, r.launch, "baton note", nil)
		if form.Now().Modal == nil {
			r.Fatalf("ana sees %+v", form.Now())
		}
		if _, err := r.ana.Submit(form, discordtest.Values{"kind": "open", "text": "x"}); err != nil {
			r.Fatal(err)
		}
		r.settle()
		if c := r.h.calls()[2]; c.Args["text"] != "x" {
			r.Errorf("%+v", c)
		}
		r.clean()
		r.halt()
		_ = server.Close()
		_ = door.Close()
	})
}

// What is not signed by Discord, or long ago, or is too large, is turned away;
// PING is answered as it has to be.
func TestCase24Door(t *testing.T) {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := New(Options{Transport: HTTP, Token: "t", PublicKey: hex.EncodeToString(public), Keep: &memoryKeep{}})
	if err != nil {
		t.Fatal(err)
	}
	ping := `{"type":1}`
	for name, c := range map[string]struct {
		body, signed string
		at           time.Time
		change       func(http.Header)
		want         int
	}{
		"a ping":           {body: ping, signed: ping, want: 200},
		"another body":     {body: ping, signed: ping + " ", want: 401},
		"no signature":     {body: ping, signed: ping, change: func(h http.Header) { h.Del("X-Signature-Ed25519") }, want: 401},
		"half a signature": {body: ping, signed: ping, change: func(h http.Header) { h.Set("X-Signature-Ed25519", "abcd") }, want: 401},
		"no time":          {body: ping, signed: ping, change: func(h http.Header) { h.Del("X-Signature-Timestamp") }, want: 401},
		"another time":     {body: ping, signed: ping, change: func(h http.Header) { h.Set("X-Signature-Timestamp", strconv.FormatInt(time.Now().Unix()+1, 10)) }, want: 401},
		"long ago":         {body: ping, signed: ping, at: time.Now().Add(-time.Hour), want: 401},
		"no JSON":          {body: "{", signed: "{", want: 400},
		"not running":      {body: `{"type":2}`, signed: `{"type":2}`, want: 503},
		"too large":        {body: strings.Repeat(" ", maxBody) + ping, signed: ping, want: 413},
	} {
		t.Run(name, func(t *testing.T) {
			at := c.at
			if at.IsZero() {
				at = time.Now()
			}
			when := strconv.FormatInt(at.Unix(), 10)
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(c.body))
			r.Header.Set("X-Signature-Timestamp", when)
			r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(private, []byte(when+c.signed))))
			if c.change != nil {
				c.change(r.Header)
			}
			w := httptest.NewRecorder()
			a.Routes().ServeHTTP(w, r)
			if w.Code != c.want {
				t.Errorf("%d %s, want %d", w.Code, w.Body, c.want)
			}
			if c.want == 200 && (!bytes.Equal(w.Body.Bytes(), []byte(`{"type":1}`)) || w.Header().Get("Content-Type") != "application/json") {
				t.Errorf("%s %v", w.Body, w.Header())
			}
		})
	}
}

// What is missing is said in the operator's words.
func TestOptions(t *testing.T) {
	for name, o := range map[string]Options{
		"DISCORD_BOT_TOKEN": {Keep: &memoryKeep{}}, "keep": {Token: "t"}, "public key": {Token: "t", Keep: &memoryKeep{}, Transport: HTTP},
		"transport": {Token: "t", Keep: &memoryKeep{}, Transport: "carrier pigeon"},
	} {
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
