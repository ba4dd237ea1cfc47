package discordtest

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

// Options change what a server does by default. The zero value is a server on
// the loopback interface, in real time, with Discord's documented limits.
type Options struct {
	// InMemory makes connections without sockets: see [Server.Client] and
	// [Server.DialContext].
	InMemory bool
	// Clock is the time to live by; nil is the machine's, or the bubble's.
	Clock Clock
	// Oracle checks every request and every answer against the platform's own
	// description; nil checks by hand only. A refusal of it is a 400 and a
	// violation.
	Oracle Oracle
	// NonceWindow is how long an enforced nonce finds the earlier message. The
	// documentation says "the past few minutes" (D:resources/message); 0 is 3
	// minutes.
	NonceWindow time.Duration
	// Heartbeat is the interval told in Hello; 0 is 41.25 s, as D:events/gateway
	// shows it.
	Heartbeat time.Duration
	// Limits are the buckets by route ("POST /channels/{channel_id}/messages");
	// the key "" is that of routes without one. Nil is [DefaultLimits].
	Limits map[string]Limit
	// Global is how many requests a bot may send in a second; 0 is 50
	// (D:topics/rate-limits).
	Global int
	// Invalid is how many 401, 403 and 429 an address may get in 10 minutes
	// before it is shut out; 0 is 10,000 (D:topics/rate-limits).
	Invalid int
	// Identifies is how many times an application may identify in 24 hours; 0 is
	// 1000 (D:events/gateway).
	Identifies int
	// Shards is how many shards GET /gateway/bot recommends; 0 is 1.
	Shards int
	// MaxThreads is how many threads of a guild may be active; 0 is 1000. The
	// number is unverified, its code 160006 is documented.
	MaxThreads int
	// OldEdits is how many edits a message older than an hour takes before 30046;
	// 0 is 30. The number is unverified.
	OldEdits int
	// Dial connects to where interactions go over HTTP; nil is the network.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// NoComponentsV2 refuses messages of Components V2, as a proxy or an older API
	// would that does not know the flag.
	NoComponentsV2 bool
	// ListLag hides messages from lists for so long after they were made.
	ListLag time.Duration
}

// Oracle knows what requests and answers look like. The path is as documented,
// without "/api/v10".
type Oracle interface {
	Request(method, path string, body []byte) error
	Response(method, path string, status int, body []byte) error
}

// Server is a fake Discord.
type Server struct {
	opts  Options
	clock Clock
	base  string
	pipe  *Pipe // nil on a socket
	http  *http.Server
	// client reaches the server; it is one, so that connections are used again.
	client *http.Client
	done   chan struct{}

	mu           sync.Mutex
	changed      chan struct{} // closed and replaced whenever something happened
	idCount      int64
	apps         []*Application
	guilds       []*Guild
	users        map[string]*User
	channels     map[string]*Channel
	webhooks     map[string]*webhook
	interactions map[string]*Interaction
	files        map[string]upload
	buckets      map[string]*bucket
	invalid      []time.Time
	requests     []*Request
	violations   []Violation
	faults       []*Fault
	waiting      int // requests that a fault delays
}

// New starts a server. It panics where it cannot listen, as
// [net/http/httptest.NewServer] does, and where the clock shows a time that
// Discord's ids cannot tell.
func New(o Options) *Server {
	s := &Server{
		opts: o.withDefaults(), done: make(chan struct{}), changed: make(chan struct{}),
		users: map[string]*User{}, channels: map[string]*Channel{}, webhooks: map[string]*webhook{},
		interactions: map[string]*Interaction{}, files: map[string]upload{}, buckets: map[string]*bucket{},
	}
	s.clock = s.opts.Clock
	if s.clock.Now().Before(epoch) {
		panic("discordtest: the clock shows a time before 2015, which ids cannot tell; call SkipToEpoch first")
	}
	s.http = &http.Server{Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: time.Minute}
	var l net.Listener
	if o.InMemory {
		s.pipe = NewPipe()
		l, s.base = s.pipe, "http://discord.test"
	} else {
		var err error
		if l, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			panic("discordtest: " + err.Error())
		}
		s.base = "http://" + l.Addr().String()
	}
	s.client = &http.Client{Transport: &http.Transport{DialContext: s.DialContext}}
	go s.http.Serve(l) //nolint:errcheck // It ends with ErrServerClosed.
	return s
}

func (o Options) withDefaults() Options {
	if o.Clock == nil {
		o.Clock = systemClock{}
	}
	if o.Limits == nil {
		o.Limits = DefaultLimits()
	}
	o.NonceWindow = or(o.NonceWindow, 3*time.Minute)
	o.Heartbeat = or(o.Heartbeat, 41250*time.Millisecond)
	o.Global = or(o.Global, 50)
	o.Invalid = or(o.Invalid, 10000)
	o.Identifies = or(o.Identifies, 1000)
	o.Shards = or(o.Shards, 1)
	o.MaxThreads = or(o.MaxThreads, 1000)
	o.OldEdits = or(o.OldEdits, 30)
	return o
}

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// Close ends all connections and requests under way.
func (s *Server) Close() {
	s.mu.Lock()
	select {
	case <-s.done:
	default:
		close(s.done)
	}
	for _, i := range s.interactions {
		i.stopTimer()
	}
	for _, app := range s.apps {
		for _, x := range app.sessions {
			x.hangUp()
		}
	}
	s.mu.Unlock()
	s.http.Close()
	s.client.CloseIdleConnections()
}

// URL is where the server is; the API is below it at "/api/v10".
func (s *Server) URL() string { return s.base }

// DialContext connects to the server whatever the address says; with
// [Options.InMemory] it is the only way to reach it.
func (s *Server) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	if s.pipe != nil {
		return s.pipe.DialContext(ctx, network, addr)
	}
	var d net.Dialer
	return d.DialContext(ctx, network, addr)
}

// Client is an HTTP client that reaches the server.
func (s *Server) Client() *http.Client { return s.client }

// happened wakes everybody who waits for something. s.mu is held.
func (s *Server) happened() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// wait returns when ready does, which is called with s.mu held.
func (s *Server) wait(ctx context.Context, ready func() bool) error {
	for {
		s.mu.Lock()
		ok, changed := ready(), s.changed
		s.mu.Unlock()
		if ok {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		case <-s.done:
			return net.ErrClosed
		}
	}
}
