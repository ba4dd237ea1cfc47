package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/adaptertest"
	"github.com/synthoperator/baton/adapters/slack/slacktest"
	"github.com/synthoperator/baton/chat"
)

// TestSuite is the whole suite. Over HTTP deliveries are brought by hand, so that
// they come late, twice or marked as retries; over the socket people act when the
// suite delivers, and Slack delivers by itself.
func TestSuite(t *testing.T) {
	for name, transport := range map[string]Transport{"HTTP": HTTP, "Socket": SocketMode} {
		t.Run(name, func(t *testing.T) {
			adaptertest.Run(t, func(t *testing.T, h chat.Handler) *adaptertest.Harness { return newHarness(t, transport, h) })
		})
	}
}

// hearing is Slack with a whole adapter.
type hearing struct {
	*saying
	transport Transport
	end       context.CancelFunc
	ended     chan error
	acts      sync.WaitGroup

	mu    sync.Mutex
	notes map[string]string // why a form was not taken, by its id
}

// act is what somebody did: by hand, or when it is delivered.
type act func(retry bool)

func newHarness(t *testing.T, transport Transport, h chat.Handler) *adaptertest.Harness {
	cfg := slacktest.AppConfig{
		ID: "A1", SigningSecret: "secret", Commands: []string{"/baton"}, Escape: true, HomeTab: true,
		Scopes: append([]string{"app_mentions:read", "users:read"}, leastScopes...),
		Events: []string{"app_mention", "message.channels", "message.im"},
	}
	s := &hearing{transport: transport, notes: map[string]string{}}
	if transport == HTTP {
		cfg.RequestURL, cfg.Transport = "http://baton.test/", byHand{s}
	}
	s.saying = open(t, slacktest.Options{Pipe: true, Unlimited: true}, cfg)
	s.h = h
	var err error
	if s.a, err = New(Options{
		Transport: transport, AppToken: Secret(s.app.Token), SigningSecret: "secret", APIURL: s.slack.APIURL(), Installs: s.installs,
		Client: &http.Client{Transport: s.saying}, Dial: s.slack.Dial, Now: s.slack.Now, Key: []byte("0123456789abcdef0123456789abcdef"),
	}); err != nil {
		t.Fatal(err)
	}
	s.start()
	lacks := map[adaptertest.Ability]string{
		adaptertest.Lagging: "see TestFindAfterALag", adaptertest.Locking: "the fake unlocks no thread",
		adaptertest.Archiving: "no page says that chat.update is refused there; see TestPlacesThatTakeNothing",
		adaptertest.Removing:  "no page says that chat.update is refused there; see TestPlacesThatTakeNothing",
	}
	if transport == SocketMode {
		lacks[adaptertest.Repeats] = "the fake repeats by itself; see TestRepeats"
	}
	return &adaptertest.Harness{
		Stage: s, People: s, View: s, Moderator: s, Faults: s, Poster: s.a, Lacks: lacks,
		Deliver: func(d adaptertest.Delivery, retry bool) { d.(act)(retry) },
		Restart: func() { s.halt(); s.start() },
		Stop:    func() { s.halt(); s.acts.Wait(); s.stop() },
	}
}

func (s *hearing) start() {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	s.end, s.ended = cancel, ended
	go func() { ended <- s.a.Run(ctx, s.h) }()
	for s.a.current.Load() == nil {
		time.Sleep(time.Millisecond)
	}
	if s.transport == SocketMode {
		s.slack.Await(time.Second, func() bool { return len(s.app.Conns()) > 0 })
	}
}

func (s *hearing) halt() {
	if s.end == nil {
		return
	}
	s.end()
	if err := <-s.ended; !errors.Is(err, context.Canceled) {
		s.t.Errorf("the adapter ended with %v", err)
	}
	s.end = nil
}

// byHand takes what Slack would deliver by itself, since it is delivered by hand;
// except forms, of which the answer is Slack's to show.
type byHand struct{ s *hearing }

func (b byHand) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	rec := httptest.NewRecorder()
	if bytes.Contains(body, []byte("view_submission")) {
		r.Body = io.NopCloser(bytes.NewReader(body))
		b.s.a.Routes().ServeHTTP(rec, r)
	}
	return rec.Result(), nil
}

// Mention is how people type somebody's name; Slack puts the id in its place.
func (s *hearing) Mention(p chat.Person) string { return "@" + p.Name }

// Say is a command in a channel, and a mention of Baton in a thread.
func (s *hearing) Say(p chat.Person, in chat.Thread, text string) adaptertest.Delivery {
	who, ch := s.people[in.Workspace()+p.ID], s.channels[in.Parent()]
	if in.InChannel() {
		return s.did(func() slacktest.Delivery { return who.Slash(ch, "/baton", text).Delivery() })
	}
	text = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
	for key, other := range s.people {
		if id, ok := strings.CutPrefix(key, in.Workspace()); ok {
			text = strings.ReplaceAll(text, "@"+other.Name, "<@"+id+">")
		}
	}
	return s.did(func() slacktest.Delivery {
		return who.Mention(ch, in.Root(), s.bots[in.Workspace()], text).Deliveries()[0]
	})
}

// did is something that is brought to Baton when it is delivered.
func (s *hearing) did(do func() slacktest.Delivery) adaptertest.Delivery {
	if s.transport == HTTP {
		d := do()
		return act(func(retry bool) { s.bring(d, retry) })
	}
	return act(func(bool) { s.now(func() { do() }) })
}

// now has somebody do something that waits for Baton, and does not wait for it
// longer than it takes to have it on its way.
func (s *hearing) now(do func()) {
	done := make(chan struct{})
	s.acts.Go(func() {
		defer close(done)
		do()
	})
	select {
	case <-done:
	case <-time.After(time.Millisecond):
	}
}

// bring brings a delivery over HTTP and shows what the answer shows.
func (s *hearing) bring(d slacktest.Delivery, retry bool) {
	raw, _ := json.Marshal(d.Payload)
	kind, body := "application/json", raw
	switch d.Kind {
	case slacktest.Command:
		form := url.Values{}
		for name, v := range d.Payload {
			form.Set(name, fmt.Sprint(v))
		}
		kind, body = "application/x-www-form-urlencoded", []byte(form.Encode())
	case slacktest.Interactive:
		kind, body = "application/x-www-form-urlencoded", []byte(url.Values{"payload": {string(raw)}}.Encode())
	}
	r := httptest.NewRequest(http.MethodPost, "http://baton.test/", bytes.NewReader(body))
	ts := strconv.FormatInt(s.slack.Now().Unix(), 10)
	r.Header.Set("Content-Type", kind)
	r.Header.Set("X-Slack-Request-Timestamp", ts)
	r.Header.Set("X-Slack-Signature", slacktest.Sign("secret", ts, body))
	if retry {
		r.Header.Set("X-Slack-Retry-Num", "1")
		r.Header.Set("X-Slack-Retry-Reason", "http_timeout")
	}
	s.now(func() {
		rec := httptest.NewRecorder()
		s.a.Routes().ServeHTTP(rec, r)
		if rec.Code == http.StatusUnauthorized || rec.Code == http.StatusBadRequest {
			s.t.Errorf("a delivery got %d %s", rec.Code, rec.Body)
		}
		if d.Kind == slacktest.Command && rec.Body.Len() > 0 && rec.Code == http.StatusOK {
			s.display(d.Payload["response_url"].(string), rec.Body.Bytes())
		}
	})
}

// display shows what came with an acknowledgement, the way the fake has for it.
func (s *hearing) display(address string, body []byte) {
	answer, err := s.a.o.Client.Post(address, "application/json", bytes.NewReader(body))
	if err != nil || answer.StatusCode != http.StatusOK {
		s.t.Errorf("an acknowledgement cannot be shown: %v %v", err, answer)
		return
	}
	_ = answer.Body.Close()
}

func (s *hearing) message(on adaptertest.Seen) slacktest.Message {
	m, ok := s.channels[on.Ref.Thread.Parent()].Message(on.Ref.ID)
	if !ok {
		s.t.Fatalf("there is no message %v", on.Ref)
	}
	return m
}

func (s *hearing) Press(p chat.Person, on adaptertest.Seen, label string) adaptertest.Delivery {
	who, m := s.people[on.Ref.Thread.Workspace()+p.ID], s.message(on)
	return s.did(func() slacktest.Delivery { return who.Click(m, label).Delivery() })
}

func (s *hearing) Choose(p chat.Person, on adaptertest.Seen, label, choice string) adaptertest.Delivery {
	who, m := s.people[on.Ref.Thread.Workspace()+p.ID], s.message(on)
	for _, b := range m.Blocks {
		elements, _ := b.(map[string]any)["elements"].([]any)
		for _, e := range elements {
			e := e.(map[string]any)
			if hint, _ := e["placeholder"].(map[string]any); hint["text"] == label {
				return s.did(func() slacktest.Delivery { return who.Select(m, e["action_id"].(string), choice).Delivery() })
			}
		}
	}
	s.t.Fatalf("there is no menu %q", label)
	return nil
}

func (s *hearing) Tamper(p chat.Person, on adaptertest.Seen, payload string) adaptertest.Delivery {
	tampered := func(d slacktest.Delivery) slacktest.Delivery {
		d.Payload["actions"].([]any)[0].(map[string]any)["value"] = payload
		return d
	}
	who, m := s.people[on.Ref.Thread.Workspace()+p.ID], s.message(on)
	if s.transport == HTTP {
		d := tampered(who.Click(m, on.Buttons[0]).Delivery())
		return act(func(retry bool) { s.bring(d, retry) })
	}
	return act(func(bool) { // as if it had been another one, under an envelope that the fake does not know
		s.app.Next(slacktest.Omen{Drop: true})
		s.now(func() { who.Click(m, on.Buttons[0]) })
		all := s.app.Deliveries(slacktest.Interactive)
		d := tampered(all[len(all)-1])
		frame, _ := json.Marshal(map[string]any{
			"envelope_id": d.Attempts[0].EnvelopeID, "type": d.Kind, "accepts_response_payload": true, "payload": d.Payload,
		})
		s.app.Conns()[0].Raw(frame)
	})
}

// Submit is always done when it is delivered: what comes of it is Slack's to show.
func (s *hearing) Submit(p chat.Person, f adaptertest.Form, values map[string]string) adaptertest.Delivery {
	return act(func(bool) {
		s.now(func() {
			for key, who := range s.people {
				v := who.Modal()
				if !strings.HasSuffix(key, p.ID) || v == nil || v.ID != f.ID {
					continue
				}
				seen := who.Submit(v, values)
				s.mu.Lock()
				s.notes[v.ID] = ""
				for _, said := range seen.Errors {
					s.notes[v.ID] += said
				}
				s.mu.Unlock()
			}
		})
	})
}

func (s *hearing) Forms(p chat.Person, in chat.Thread) []adaptertest.Form {
	modal := s.people[in.Workspace()+p.ID].Modal()
	if modal == nil {
		return nil
	}
	data, _ := json.Marshal(modal.JSON())
	var v view
	if err := json.Unmarshal(data, &v); err != nil {
		s.t.Fatal(err)
	}
	meta, err := s.a.unstow(context.Background(), v.Metadata)
	if err != nil || meta.Thread != in.Key() {
		return nil
	}
	f := adaptertest.Form{ID: v.ID, Title: v.Title.Text, Values: map[string]string{}}
	entered := formValues(v.State, meta)
	for name := range v.stood() {
		f.Values[name] = entered[name]
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f.Note = s.notes[v.ID]
	for _, b := range modal.JSON()["blocks"].([]any) {
		if b.(map[string]any)["type"] == "section" {
			f.Note += shown(b)
		}
	}
	return []adaptertest.Form{f}
}
