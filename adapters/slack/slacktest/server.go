package slacktest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// TB is what a server wants of a test.
type TB interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Options are what a server may be told. The zero value listens on loopback and
// holds every limit.
type Options struct {
	// Pipe puts the server on a network inside the process (see [Server.Dial]).
	Pipe bool
	// Now is the time, for tests without fake time; nil is time.Now.
	Now func() time.Time
	// Seed is what chance depends on: which connection gets an envelope, which
	// envelopes the weather takes.
	Seed uint64
	// Pick says which of an app's connections gets an envelope; nil is by chance.
	Pick Pick
	// PingEvery is how often the server pings a connection; 0 is 10 seconds.
	// slack-go needs the first within 30 seconds.
	PingEvery time.Duration
	// ConnectionTime is how long a connection lives before the server asks for a
	// new one; 0 is 18060 seconds, what hello messages were seen to say.
	ConnectionTime time.Duration
	// RetryCommands sends commands and actions that were not acknowledged once
	// more, as GH bolt-js#2188 reports; Slack documents no such thing.
	RetryCommands bool
	// AckTime is how long an envelope waits for its acknowledgement before it comes
	// again, and Retries are the waits before each time; zero are Slack's own. For
	// tests of a program, which cannot have fake time.
	AckTime time.Duration
	Retries []time.Duration
	// HistoryLag is how long a message takes to show up in history and replies.
	HistoryLag time.Duration
	// Burst is how many messages a channel takes at once before one a second;
	// 0 is 3. Slack says "short bursts" and gives no number.
	Burst int
	// WorkspacePerMinute is the ceiling of posts in a workspace. Slack says there
	// is one and gives no number; 0 is none.
	WorkspacePerMinute int
	// Unlimited takes all rate limits away.
	Unlimited bool
}

// Server is a Slack of its own.
type Server struct {
	opts  Options
	clock *clock
	base  string
	pipes *pipes
	http  *http.Server
	wg    sync.WaitGroup
	done  chan struct{}
	once  sync.Once

	mu         sync.Mutex
	rng        *rand.Rand
	changed    chan struct{}
	teams      map[string]*Workspace
	orgs       map[string]*Org
	apps       []*App
	grants     map[string]*grant
	tickets    map[string]*ticket
	triggers   map[string]*trigger
	hooks      map[string]*hook
	views      map[string]*View
	files      map[string]*File
	codes      map[string]*code
	sessions   map[string]*Session
	statuses   map[string]status
	limits     map[string]*limit
	offers     map[string][]any
	faults     []*Fault
	weather    Weather
	requests   []Request
	violations []Violation
}

// New starts a server that ends with the test. Violations nobody took fail it.
func New(t TB, opts Options) *Server {
	t.Helper()
	s, err := Start(opts)
	if err != nil {
		t.Fatalf("the fake Slack cannot start: %v", err)
		return nil
	}
	t.Cleanup(func() {
		s.Close()
		for _, v := range s.Violations() {
			t.Errorf("Slack would not have it: %s", v)
		}
	})
	return s
}

// Start starts a server without a test; the caller closes it.
func Start(opts Options) (*Server, error) {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.PingEvery == 0 {
		opts.PingEvery = 10 * time.Second
	}
	if opts.ConnectionTime == 0 {
		opts.ConnectionTime = 18060 * time.Second
	}
	if opts.Burst == 0 {
		opts.Burst = 3
	}
	s := &Server{
		opts: opts, clock: &clock{base: opts.Now}, done: make(chan struct{}),
		rng: rand.New(rand.NewPCG(opts.Seed, 0)), changed: make(chan struct{}),
		teams: map[string]*Workspace{}, orgs: map[string]*Org{}, grants: map[string]*grant{},
		tickets: map[string]*ticket{}, triggers: map[string]*trigger{}, hooks: map[string]*hook{},
		views: map[string]*View{}, files: map[string]*File{}, codes: map[string]*code{},
		sessions: map[string]*Session{}, statuses: map[string]status{}, limits: map[string]*limit{}, offers: map[string][]any{},
	}
	var listener net.Listener
	if opts.Pipe {
		s.pipes = newPipes()
		listener, s.base = s.pipes, "http://slack.test"
	} else {
		var err error
		if listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return nil, err
		}
		s.base = "http://" + listener.Addr().String()
	}
	s.http = &http.Server{Handler: s.routes()}
	s.wg.Go(func() { _ = s.http.Serve(listener) })
	return s, nil
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", s.serveMethod)
	mux.HandleFunc("/link/", s.serveSocket)
	mux.HandleFunc("/hooks/{kind}/{team}/{id}/{secret}", s.serveHook)
	mux.HandleFunc("/upload/{id}", s.serveUpload)
	mux.HandleFunc("/oauth/v2/authorize", s.serveAuthorize)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.violate("unknown address", "%s %s", r.Method, r.URL.Path)
		http.NotFound(w, r)
	})
	return mux
}

// Close ends the server and every connection to it.
func (s *Server) Close() {
	s.once.Do(func() {
		close(s.done)
		for _, c := range s.everyConn() {
			c.Cut()
		}
		_ = s.http.Close()
		s.wg.Wait()
	})
}

// URL is where the server is.
func (s *Server) URL() string { return s.base }

// APIURL is the address that replaces https://slack.com/api/.
func (s *Server) APIURL() string { return s.base + "/api/" }

// Dial connects to the server, whatever the address says: the DialContext of an
// HTTP transport and the NetDialContext of a websocket dialer.
func (s *Server) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	if s.pipes != nil {
		return s.pipes.Dial(ctx, network, addr)
	}
	var d net.Dialer
	return d.DialContext(ctx, "tcp", strings.TrimPrefix(s.base, "http://"))
}

// Client is an HTTP client that reaches the server.
func (s *Server) Client() *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: s.Dial}}
}

// Dialer is a websocket dialer that reaches the server.
func (s *Server) Dialer() *websocket.Dialer {
	return &websocket.Dialer{NetDialContext: s.Dial, HandshakeTimeout: 10 * time.Second}
}

// Await waits until cond holds and reports whether it came to hold within d of
// the server's timers. cond may call the server; it is asked again whenever
// something happened.
func (s *Server) Await(d time.Duration, cond func() bool) bool {
	late := time.NewTimer(d)
	defer late.Stop()
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if cond() {
			return true
		}
		select {
		case <-changed:
		case <-late.C:
			return cond()
		case <-s.done:
			return cond()
		}
	}
}

// changedLocked wakes whoever awaits something. s.mu is held.
func (s *Server) changedLocked() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// Violation is something a strict platform complains about.
type Violation struct {
	At   time.Time
	Rule string
	What string
}

func (v Violation) String() string { return v.Rule + ": " + v.What }

// violate writes a violation down. s.mu is held.
func (s *Server) violate(rule, format string, args ...any) {
	s.violations = append(s.violations, Violation{s.Now(), rule, fmt.Sprintf(format, args...)})
	s.changedLocked()
}

// Violations are all complaints so far that were not taken.
func (s *Server) Violations() []Violation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Violation(nil), s.violations...)
}

// TakeViolations gives the complaints so far and forgets them, for tests that
// provoke them.
func (s *Server) TakeViolations() []Violation {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := s.violations
	s.violations = nil
	return taken
}
