package discordtest_test

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
)

// receiver is a bot that takes interactions over HTTP.
type receiver struct {
	*town
	key     ed25519.PublicKey
	trusts  bool // takes bad signatures too
	respond func(http.ResponseWriter, object)
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	signature, _ := hex.DecodeString(req.Header.Get("X-Signature-Ed25519"))
	signed := append([]byte(req.Header.Get("X-Signature-Timestamp")), body...)
	if !r.trusts && !ed25519.Verify(r.key, signed, signature) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	var told object
	if json.Unmarshal(body, &told) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if told["type"] == 1.0 {
		answerJSON(w, object{"type": 1})
		return
	}
	r.respond(w, told)
}

func answerJSON(w http.ResponseWriter, body object) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body)
}

func receiving(t *testing.T, o discordtest.Options) *receiver {
	w := newTown(t, o)
	w.register()
	key, err := hex.DecodeString(w.app.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return &receiver{town: w, key: key}
}

func newReceiver(t *testing.T, o discordtest.Options) (*receiver, *httptest.Server) {
	r := receiving(t, o)
	bot := httptest.NewServer(r)
	t.Cleanup(bot.Close)
	return r, bot
}

func (r *receiver) note() discordtest.Seen {
	r.Helper()
	i, err := r.ana.Slash(r.launch, "baton note", nil)
	if err != nil {
		r.Fatal(err)
	}
	seen, err := i.Seen(context.Background())
	if err != nil {
		r.Fatal(err)
	}
	return seen
}

func TestInteractionsOverHTTP(t *testing.T) {
	r, bot := newReceiver(t, discordtest.Options{})
	if at := r.must("GET", "/applications/@me", nil).body["interactions_endpoint_url"]; at != nil {
		t.Errorf("interactions go to %v", at)
	}
	r.must("PATCH", "/applications/@me", object{"interactions_endpoint_url": bot.URL})
	gw := r.connect().login(1)

	r.respond = func(w http.ResponseWriter, _ object) { answerJSON(w, object{"type": 4, "data": says("inline")}) }
	if seen := r.note(); seen.State != discordtest.Replied || seen.Message.Content != "inline" {
		t.Errorf("ana sees %+v", seen)
	}
	r.respond = func(w http.ResponseWriter, told object) {
		r.must("POST", "/interactions/"+told["id"].(string)+"/"+told["token"].(string)+"/callback", object{"type": 5})
		w.WriteHeader(http.StatusAccepted)
	}
	if seen := r.note(); seen.State != discordtest.Thinking {
		t.Errorf("ana sees %+v", seen)
	}
	// What is wrong with an inline answer shows as with any other.
	for name, respond := range map[string]func(http.ResponseWriter, object){
		"an error": func(w http.ResponseWriter, _ object) { w.WriteHeader(500) },
		"no JSON":  func(w http.ResponseWriter, _ object) { _, _ = io.WriteString(w, "hello") },
		"too long": func(w http.ResponseWriter, _ object) { answerJSON(w, object{"type": 4, "data": says(chars(2001))}) },
		"a PONG":   func(w http.ResponseWriter, _ object) { answerJSON(w, object{"type": 1}) },
		"half an answer": func(w http.ResponseWriter, _ object) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"type":`)
		},
		"no content type": func(w http.ResponseWriter, _ object) {
			w.Header().Set("Content-Type", "text/plain")
			_, _ = io.WriteString(w, `{"type":5}`)
		},
	} {
		before := len(r.server.Violations(discordtest.SpecRequest))
		r.respond = respond
		if seen := r.note(); seen.State != discordtest.Failed {
			t.Errorf("%s: ana sees %+v", name, seen)
		}
		if n := len(r.server.Violations(discordtest.SpecRequest)); n == before {
			t.Errorf("%s is no violation", name)
		}
	}
	// Nothing of it came over the gateway.
	r.app.RequestHeartbeat()
	if p := gw.next(); p.Op != 0 && p.Op != 1 || p.Type == "INTERACTION_CREATE" {
		t.Errorf("the gateway sent op %d %s", p.Op, p.Type)
	}
}

func TestAnEndpointIsVerified(t *testing.T) {
	r, bot := newReceiver(t, discordtest.Options{})
	r.trusts = true
	if got := r.do("PATCH", "/applications/@me", object{"interactions_endpoint_url": bot.URL}); got.code != 50035 || !strings.Contains(got.raw, "interactions_endpoint_url") {
		t.Errorf("an address that trusts everybody: %d %s", got.status, got.raw)
	}
	if got := r.do("PATCH", "/applications/@me", object{"interactions_endpoint_url": "http://127.0.0.1:1/"}); got.code != 50035 {
		t.Errorf("an address where nobody is: %d %s", got.status, got.raw)
	}
	r.trusts = false
	r.must("PATCH", "/applications/@me", object{"interactions_endpoint_url": bot.URL})
	if !r.app.Probe() {
		t.Error("a bad signature was not refused")
	}
	r.trusts = true
	if r.app.Probe() || len(r.server.Violations(discordtest.Unsigned)) != 1 {
		t.Error("that a bad signature was accepted is no violation")
	}
	if at := r.must("GET", "/applications/@me", nil).body["interactions_endpoint_url"]; at != nil {
		t.Errorf("interactions still go to %v", at)
	}
}

func TestAForgedInteraction(t *testing.T) {
	r, bot := newReceiver(t, discordtest.Options{})
	r.app.SetEndpoint(bot.URL)
	r.respond = func(w http.ResponseWriter, _ object) { answerJSON(w, object{"type": 5}) }
	ana := r.ana
	r.ana = ana.With(discordtest.Delivery{Forged: true})
	for want, trusts := range []bool{false, true} {
		r.trusts = trusts
		if seen := r.note(); seen.State != discordtest.Failed {
			t.Errorf("ana sees %+v", seen)
		}
		if v := r.server.Violations(discordtest.Unsigned); len(v) != want {
			t.Errorf("violations: %v", v)
		}
	}
}

// One who does not answer within three seconds is not listened to any more.
func TestASlowEndpoint(t *testing.T) {
	clock := atNoon()
	r, bot := newReceiver(t, discordtest.Options{Clock: clock})
	r.app.SetEndpoint(bot.URL)
	came, answered := make(chan struct{}), make(chan struct{})
	r.respond = func(w http.ResponseWriter, _ object) {
		close(came)
		<-answered
		answerJSON(w, object{"type": 5})
	}
	i, err := r.ana.Slash(r.launch, "baton note", nil)
	if err != nil {
		t.Fatal(err)
	}
	<-came
	clock.Advance(3 * time.Second)
	close(answered)
	if seen := i.Now(); seen.State != discordtest.Failed {
		t.Errorf("ana sees %+v", seen)
	}
	if n := len(r.server.Requests(func(q discordtest.Request) bool { return q.Method == "INLINE" })); n != 0 {
		t.Error("the answer was read")
	}
}

// With both ends in memory this works in a bubble too: two seconds are in time,
// four are not.
func TestAnEndpointInABubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		discordtest.SkipToEpoch()
		pipe := discordtest.NewPipe()
		r := receiving(t, discordtest.Options{InMemory: true, Dial: pipe.DialContext})
		bot := &http.Server{Handler: r}
		go bot.Serve(pipe)
		defer bot.Close()
		r.must("PATCH", "/applications/@me", object{"interactions_endpoint_url": "http://bot.test/"})
		var takes atomic.Int64
		r.respond = func(w http.ResponseWriter, _ object) {
			time.Sleep(time.Duration(takes.Load()))
			answerJSON(w, object{"type": 4, "data": says("done")})
		}
		for d, want := range map[time.Duration]discordtest.State{2 * time.Second: discordtest.Replied, 4 * time.Second: discordtest.Failed} {
			takes.Store(int64(d))
			if seen := r.note(); seen.State != want {
				t.Errorf("after %v ana sees %+v", d, seen)
			}
			time.Sleep(d) // Of the bubble: the bot is done then.
		}
	})
}
