package slack

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/slack/slacktest"
	"github.com/synthoperator/baton/chat"
)

// world is a workspace in which Baton runs.
type world struct {
	*slacktest.Server
	t      *testing.T
	team   *slacktest.Workspace
	app    *slacktest.App
	bot    *slacktest.Install
	launch *slacktest.Channel
	ana    *slacktest.Person
	ben    *slacktest.Person
	a      *Adapter
	h      *script
	log    *lines

	installs *installations
	told     sync.Mutex
	health   []string // see tidings
	heard    []string
	end      context.CancelFunc
	ended    chan error
}

// tidings are what Baton said of its health so far.
func (w *world) tidings() []string {
	w.told.Lock()
	defer w.told.Unlock()
	return slices.Clone(w.health)
}

// setting is how a world differs from others.
type setting struct {
	server  slacktest.Options
	app     func(*slacktest.AppConfig)
	options func(*Options)
	http    bool
	answer  func(context.Context, chat.Call) chat.Message
}

var allScopes = strings.Fields("commands chat:write chat:write.customize app_mentions:read channels:history groups:history im:history " +
	"channels:read groups:read im:read im:write users:read team:read reactions:write files:write")

// both runs a story over both transports, with fake time.
func both(t *testing.T, s setting, story func(w *world)) {
	t.Helper()
	for name, over := range map[string]bool{"Socket": false, "HTTP": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := s
				s.http = over
				w := newWorld(t, s)
				w.run()
				t.Cleanup(w.stop)
				story(w)
			})
		})
	}
}

// socket runs a story over Socket Mode alone, with fake time.
func socket(t *testing.T, s setting, story func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, s)
		w.run()
		t.Cleanup(w.stop)
		story(w)
	})
}

func newWorld(t *testing.T, s setting) *world {
	t.Helper()
	s.server.Pipe = true
	if s.server.Burst == 0 {
		s.server.Burst = 100
	}
	cfg := slacktest.AppConfig{
		ID: "A1", Name: "baton", Scopes: allScopes, Commands: []string{"/baton"}, Escape: true, HomeTab: true,
		SigningSecret: "8f742231b10e8888abcd99yyyzzz85a5",
		Events:        []string{"app_mention", "message.channels", "message.im", "app_home_opened", "tokens_revoked", "app_uninstalled"},
		Shortcuts: map[string]string{
			"baton_decision": "message", "baton_artifact": "message", "baton_open": "message", "baton_handoff": "message",
		},
	}
	w := &world{Server: slacktest.New(t, s.server), t: t, h: &script{answer: s.answer, first: s.answer}, log: &lines{}}
	if s.http {
		cfg.RequestURL, cfg.Transport = "http://baton.test/slack", w
	}
	if s.app != nil {
		s.app(&cfg)
	}
	w.team, w.app = w.Workspace("T1", "acme"), w.App(cfg)
	w.bot = w.app.InstallAs(w.team, slacktest.Install{Token: "xoxb-secret-1", UserID: "UBATON", BotID: "BBATON"})
	w.launch = w.team.Channel("C1", "launch")
	w.ana, w.ben = w.team.Person("U1", "ana"), w.team.Person("U2", "ben")
	w.launch.Join("U1", "U2", "UBATON")
	w.installs = &installations{}
	w.installs.Put(t.Context(), Install{Team: "T1", App: "A1", BotUser: "UBATON", Bot: "BBATON", Token: "xoxb-secret-1"})
	o := Options{
		Transport: SocketMode, APIURL: w.APIURL(), AppToken: Secret(w.app.Token), SigningSecret: Secret(w.app.SigningSecret), Installs: w.installs,
		Client: w.Client(), Dial: w.Dial, Log: slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Key: []byte("0123456789abcdef0123456789abcdef"),
		Health: func(up bool, why string) {
			w.told.Lock()
			defer w.told.Unlock()
			w.health = append(w.health, map[bool]string{true: "up: ", false: "down: "}[up]+why)
		},
		Heard: func(in chat.Thread, key string) error {
			w.heard = append(w.heard, in.Key()+" "+key)
			return nil
		},
	}
	if s.http {
		o.Transport = HTTP
	}
	if s.options != nil {
		s.options(&o)
	}
	var err error
	if w.a, err = New(o); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) run() {
	ctx, cancel := context.WithCancel(context.Background())
	w.end, w.ended = cancel, make(chan error, 1)
	ended := w.ended
	go func() { ended <- w.a.Run(ctx, w.h) }()
	synctest.Wait()
}

// stop ends Baton and checks that no secret was logged on the way.
func (w *world) stop() {
	w.t.Helper()
	if w.end == nil {
		return
	}
	w.end()
	if err := <-w.ended; !errors.Is(err, context.Canceled) {
		w.t.Errorf("Run ended with %v", err)
	}
	w.end = nil
	for _, secret := range []string{"xoxb-secret", w.app.Token, w.app.SigningSecret, "/hooks/", "ticket="} {
		if strings.Contains(w.log.String(), secret) {
			w.t.Errorf("%q is in the log:\n%s", secret, w.log.String())
		}
	}
	w.a.o.Client.CloseIdleConnections()
}

// RoundTrip brings a request of Slack's to Baton without a network.
func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.a.Routes().ServeHTTP(rec, r)
	}()
	select {
	case <-done:
		return rec.Result(), nil
	case <-r.Context().Done():
		<-done
		return nil, r.Context().Err()
	}
}

// pass lets everything happen that happens by itself within d.
func pass(d time.Duration) {
	synctest.Wait()
	time.Sleep(d)
	synctest.Wait()
}

// lines is a log that tests read.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// installations keeps installations in memory.
type installations struct {
	mu  sync.Mutex
	all []Install
}

func (s *installations) Find(_ context.Context, enterprise, team string) (Install, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, in := range s.all {
		if in.Team == team || in.Team == "" && in.Enterprise == enterprise && enterprise != "" {
			return in, true, nil
		}
	}
	return Install{}, false, nil
}

func (s *installations) Put(_ context.Context, in Install) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, in)
	return nil
}

func (s *installations) Remove(_ context.Context, enterprise, team string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var left []Install
	for _, in := range s.all {
		if in.Team != team || in.Enterprise != enterprise {
			left = append(left, in)
		}
	}
	s.all = left
	return nil
}

func (s *installations) All(context.Context) ([]Install, error) { return s.all, nil }

// script is a handler that remembers its calls and answers as it is told.
type script struct {
	mu     sync.Mutex
	calls  []chat.Call
	answer func(context.Context, chat.Call) chat.Message
	first  func(context.Context, chat.Call) chat.Message // as it was at the beginning
	whole  chat.Handler                                  // that completes too; nil knows three personas
}

func (s *script) Handle(ctx context.Context, c chat.Call) chat.Message {
	s.mu.Lock()
	s.calls = append(s.calls, c)
	answer := s.answer
	s.mu.Unlock()
	if answer == nil {
		return says("heard " + c.Verb + c.Text)
	}
	return answer(ctx, c)
}

func (s *script) Complete(ctx context.Context, c chat.Call) []chat.Suggestion {
	if s.whole != nil {
		return s.whole.Complete(ctx, c)
	}
	var all []chat.Suggestion
	for name, typed := range c.Args {
		for _, one := range []string{"startup-cto", "startup-cmo", "growth-marketer"} {
			if strings.HasPrefix(one, typed) {
				all = append(all, chat.Suggestion{Text: one, Label: strings.ToUpper(one), Detail: c.Verb + " " + name})
			}
		}
	}
	return all
}

func (s *script) Specs() []chat.Spec { return nil }

func (s *script) answers(f func(context.Context, chat.Call) chat.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = f
}

func (s *script) called() []chat.Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]chat.Call(nil), s.calls...)
}

func says(text string) chat.Message {
	return chat.Message{Blocks: []chat.Block{chat.Paragraph(text)}}
}

func whispers(text string) chat.Message {
	m := says(text)
	m.Only = true
	return m
}

// one is the one call there was.
func (w *world) one() chat.Call {
	w.t.Helper()
	calls := w.h.called()
	if len(calls) != 1 {
		w.t.Fatalf("%d calls, want one: %+v\n%s", len(calls), calls, w.log)
	}
	return calls[0]
}
