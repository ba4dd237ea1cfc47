package discordtest_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
)

func atNoon() *discordtest.ManualClock {
	return discordtest.NewManualClock(time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC))
}

func (w *town) say(ch *discordtest.Channel) answered {
	w.Helper()
	return w.do("POST", "/channels/"+ch.ID+"/messages", quiet(object{"content": "x"}))
}

func kinds(all []discordtest.Violation) (out []string) {
	for _, v := range all {
		out = append(out, string(v.Kind))
	}
	return out
}

func TestBuckets(t *testing.T) {
	clock := atNoon()
	w := newTown(t, discordtest.Options{Clock: clock})
	other := w.guild.NewChannel("other", discordtest.Text)
	for left := 4; left >= 0; left-- {
		got := w.say(w.launch)
		if got.status != 200 || got.header.Get("X-RateLimit-Remaining") != strconv.Itoa(left) || got.header.Get("X-RateLimit-Limit") != "5" {
			t.Fatalf("%d, %v", got.status, got.header)
		}
	}
	got := w.say(w.launch)
	if got.status != 429 || got.body["retry_after"] != 5.0 || got.body["global"] != false || got.header.Get("X-RateLimit-Scope") != "user" ||
		got.header.Get("Retry-After") != "5" || got.header.Get("X-RateLimit-Reset-After") != "5.000" || got.header.Get("X-RateLimit-Bucket") == "" {
		t.Errorf("the sixth: %d %s %v", got.status, got.raw, got.header)
	}
	if got := w.say(other); got.status != 200 {
		t.Errorf("another channel: %d", got.status)
	}
	clock.Advance(4999 * time.Millisecond)
	if got := w.say(w.launch); got.status != 429 {
		t.Errorf("too early: %d", got.status)
	}
	if v := w.server.Violations(discordtest.SentEarly); len(v) != 1 {
		t.Errorf("violations: %v", v)
	}
	clock.Advance(time.Millisecond)
	if got := w.say(w.launch); got.status != 200 {
		t.Errorf("in time: %d", got.status)
	}
}

func TestFiftyASecond(t *testing.T) {
	clock := atNoon()
	w := newTown(t, discordtest.Options{Clock: clock, Limits: map[string]discordtest.Limit{}})
	w.register()
	clock.Advance(time.Second)
	i, err := w.ana.Slash(w.launch, "baton note", nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 50 {
		w.must("GET", "/users/@me", nil)
	}
	got := w.do("GET", "/users/@me", nil)
	if got.status != 429 || got.body["global"] != true || got.header.Get("X-RateLimit-Global") != "true" || got.header.Get("Retry-After") != "1" ||
		got.header.Get("X-RateLimit-Reset-After") != "" {
		t.Errorf("the 51st: %d %s %v", got.status, got.raw, got.header)
	}
	if got := w.do("POST", "/interactions/"+i.ID+"/"+i.Token+"/callback", object{"type": 5}); got.status != 204 {
		t.Errorf("a callback is exempt: %d %s", got.status, got.raw)
	}
	w.do("GET", "/users/@me", nil)
	if got := kinds(w.server.Violations()); strings.Join(got, " ") != "too-fast sent-early" {
		t.Errorf("violations: %v", got)
	}
	clock.Advance(time.Second)
	w.must("GET", "/users/@me", nil)
}

func TestShutOut(t *testing.T) {
	clock := atNoon()
	w := newTown(t, discordtest.Options{Clock: clock, Invalid: 3})
	for range 3 {
		w.as("Bot wrong", "GET", "/users/@me", nil)
	}
	if got := w.do("GET", "/users/@me", nil); got.status != 429 || got.body != nil || !strings.HasPrefix(got.raw, "<!DOCTYPE html>") {
		t.Errorf("the fourth: %d %s", got.status, got.raw)
	}
	clock.Advance(10 * time.Minute)
	w.must("GET", "/users/@me", nil)
}

func TestFaults(t *testing.T) {
	clock := atNoon()
	w := newTown(t, discordtest.Options{Clock: clock})
	toMessages := discordtest.To("POST", "/channels/{channel_id}/messages")
	nonce := quiet(object{"content": "once", "nonce": "r7.s1", "enforce_nonce": true})
	at := "/channels/" + w.launch.ID + "/messages"

	w.server.AddFault(discordtest.Failing(502, true).On(toMessages, 1))
	if got := w.do("POST", at, nonce); got.status != 502 || len(w.launch.Messages()) != 1 {
		t.Errorf("%d, %d messages", got.status, len(w.launch.Messages()))
	}
	w.server.AddFault(discordtest.Failing(500, false).On(toMessages, 1))
	if got := w.do("POST", at, quiet(object{"content": "lost"})); got.status != 500 || len(w.launch.Messages()) != 1 {
		t.Errorf("%d, %d messages", got.status, len(w.launch.Messages()))
	}
	w.server.AddFault(discordtest.Fault{When: toMessages, Times: 1, Store: true, Drop: true})
	if _, err := w.try(t.Context(), "Bot "+w.app.Token, "POST", at, nonce); err == nil {
		t.Error("the connection was not closed")
	}
	w.server.AddFault(discordtest.Fault{When: toMessages, Times: 1, Store: true, Hang: true})
	hung, giveUp := context.WithCancel(t.Context())
	go func() {
		_ = w.server.AwaitDelayed(t.Context(), 1)
		giveUp()
	}()
	if _, err := w.try(hung, "Bot "+w.app.Token, "POST", at, nonce); err == nil {
		t.Error("the request did not hang")
	}

	// All of these were one message; its nonce finds it for three minutes.
	first := w.must("POST", at, nonce).body
	if n := len(w.launch.Messages()); n != 1 || first["nonce"] != "r7.s1" {
		t.Errorf("%d messages, nonce %v", n, first["nonce"])
	}
	if got := w.must("GET", at+"/"+first["id"].(string), nil).body; got["nonce"] != nil {
		t.Errorf("a later read gives the nonce %v", got["nonce"])
	}
	clock.Advance(3 * time.Minute)
	if second := w.must("POST", at, nonce).body; second["id"] == first["id"] {
		t.Error("the nonce is remembered too long")
	}
}

func TestFeignedLimits(t *testing.T) {
	for scope, want := range map[string]struct{ counted, early int }{"user": {2, 1}, "shared": {1, 1}, "global": {2, 1}} {
		t.Run(scope, func(t *testing.T) {
			clock := atNoon()
			w := newTown(t, discordtest.Options{Clock: clock})
			w.server.AddFault(discordtest.RateLimited(scope, 1500*time.Millisecond).On(nil, 1))
			got := w.say(w.launch)
			if got.status != 429 || got.body["retry_after"] != 1.5 || got.header.Get("Retry-After") != "2" || got.header.Get("X-RateLimit-Scope") != scope {
				t.Errorf("%d %s %v", got.status, got.raw, got.header)
			}
			if (got.header.Get("X-RateLimit-Reset-After") == "") != (scope == "global") {
				t.Errorf("headers: %v", got.header)
			}
			if got := w.say(w.launch); got.status != 429 {
				t.Errorf("sent early: %d", got.status)
			}
			if n, v := w.server.InvalidRequests(), w.server.Violations(discordtest.SentEarly); n != want.counted || len(v) != want.early {
				t.Errorf("%d invalid requests, violations %v", n, v)
			}
			clock.Advance(1500 * time.Millisecond)
			if got := w.say(w.launch); got.status != 200 {
				t.Errorf("in time: %d", got.status)
			}
		})
	}
}

func TestCloudflareAndLag(t *testing.T) {
	clock := atNoon()
	w := newTown(t, discordtest.Options{Clock: clock, ListLag: 10 * time.Second})
	w.server.AddFault(discordtest.Cloudflare().On(nil, 1))
	if got := w.say(w.launch); got.status != 429 || got.body != nil || got.header.Get("Content-Type") != "text/html" {
		t.Errorf("%d %.40s %v", got.status, got.raw, got.header)
	}
	w.post(w.launch, "x")
	if got := w.must("GET", "/channels/"+w.launch.ID+"/messages", nil); len(got.list) != 0 {
		t.Errorf("a list shows %d messages at once", len(got.list))
	}
	clock.Advance(10 * time.Second)
	if got := w.must("GET", "/channels/"+w.launch.ID+"/messages", nil); len(got.list) != 1 {
		t.Errorf("a list shows %d messages later", len(got.list))
	}
}

// A delay is the server's: a client that gives up leaves a message behind.
func TestALateAnswer(t *testing.T) {
	clock := atNoon()
	w := newTown(t, discordtest.Options{Clock: clock})
	w.server.AddFault(discordtest.Fault{Times: 1, After: 20 * time.Second})
	answers := make(chan answered, 1)
	go func() { answers <- w.say(w.launch) }()
	if err := w.server.AwaitDelayed(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if n := len(w.launch.Messages()); n != 1 {
		t.Errorf("%d messages before the answer", n)
	}
	clock.Advance(20 * time.Second)
	if got := <-answers; got.status != 200 {
		t.Errorf("%d", got.status)
	}
}

func TestWhatIsRemarked(t *testing.T) {
	for name, c := range map[string]struct {
		body object
		want string
	}{
		"careful":                {quiet(object{"content": "x", "flags": 4}), ""},
		"no allowed_mentions":    {object{"content": "x"}, "mentions"},
		"some kind is parsed":    {object{"content": "x", "allowed_mentions": object{"parse": []string{"roles"}}}, "mentions"},
		"everyone, not parsed":   {quiet(object{"content": "@everyone @here <@&$role> <@$ana>"}), ""},
		"a person":               {object{"content": "<@$ana>"}, "mentions pinged"},
		"a role":                 {object{"content": "<@&$role>"}, "mentions pinged"},
		"everyone without right": {object{"content": "@everyone"}, "mentions"},
		"in code":                {object{"content": "`<@$ana>`"}, "mentions"},
		"listed":                 {object{"content": "<@$ana>", "allowed_mentions": object{"parse": []string{}, "users": []string{"$ana"}}}, "pinged"},
		"a link":                 {quiet(object{"content": "https://example.org"}), "unfurled"},
		"a link, suppressed":     {quiet(object{"content": "https://example.org", "flags": 4}), ""},
		"an unknown key":         {quiet(object{"content": "x", "contents": "y"}), "unknown-key"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newTown(t, discordtest.Options{})
			role := w.guild.NewRole("all", 0)
			fill := func(s string) string {
				return strings.NewReplacer("$ana", w.ana.User.ID, "$role", role.ID).Replace(s)
			}
			c.body["content"] = fill(c.body["content"].(string))
			if m, _ := c.body["allowed_mentions"].(object); m["users"] != nil {
				m["users"] = []string{w.ana.User.ID}
			}
			w.must("POST", "/channels/"+w.launch.ID+"/messages", c.body)
			if got := strings.Join(kinds(w.server.Violations()), " "); got != c.want {
				t.Errorf("remarked: %v", w.server.Violations())
			}
		})
	}
}

func TestUserAgent(t *testing.T) {
	w := newTown(t, discordtest.Options{})
	req, err := http.NewRequestWithContext(t.Context(), "GET", w.server.URL()+"/api/v10/gateway", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.send(req); err != nil {
		t.Fatal(err)
	}
	if got := kinds(w.server.Violations()); len(got) != 1 || got[0] != "user-agent" {
		t.Errorf("violations: %v", got)
	}
}
