package slacktest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// ticket is an address for one connection.
type ticket struct {
	app  *App
	used bool
}

// Conn is one connection of Socket Mode.
type Conn struct {
	ID      int64
	Opened  time.Time
	Ended   string // why it ended; empty while it lives
	Sent    int    // envelopes
	Pongs   int    // answers to the server's pings
	Pinged  int    // pings of the client
	s       *Server
	app     *App
	ws      *websocket.Conn
	out     chan []byte
	gone    chan struct{}
	once    sync.Once
	warned  bool
	dead    bool // half-open: nothing comes in and nothing gets out
	stalled chan struct{}
	heard   time.Time
}

func (s *Server) connectionsOpen(c *Call) (map[string]any, *refusal) {
	app := c.grant.app
	if app.linkOff {
		// Slack says to stop after link_disabled; the name of the error is unverified.
		return nil, refuse("socket_mode_not_enabled", "[ERROR] called after link_disabled")
	}
	id := s.secret()
	s.tickets[id] = &ticket{app: app}
	app.opened++
	address := strings.Replace(s.base, "http", "ws", 1) + "/link/?" + url.Values{"ticket": {id}, "app_id": {app.ID}}.Encode()
	return map[string]any{"url": address}, nil
}

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	t := s.tickets[r.URL.Query().Get("ticket")]
	if t == nil || t.used || t.app.linkOff {
		s.violate("ticket", "a connection with a ticket that is unknown or was used")
		s.mu.Unlock()
		http.Error(w, "invalid ticket", http.StatusUnauthorized)
		return
	}
	t.used = true
	s.mu.Unlock()
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	life := s.opts.ConnectionTime
	if r.URL.Query().Get("debug_reconnects") == "true" {
		life = 360 * time.Second // D:apis/events-api/using-socket-mode
	}
	c := &Conn{
		ID: s.clock.next(), Opened: s.Now(), s: s, app: t.app, ws: ws, out: make(chan []byte, 4096), gone: make(chan struct{}), heard: time.Now(),
	}
	if !c.join(life) {
		return
	}
	s.wg.Go(func() { c.write(life) })
	c.read()
}

// join says hello and counts the connection; one too many is turned away.
func (c *Conn) join(life time.Duration) bool {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if len(c.app.conns) >= maxConnections {
		c.s.violate("too_many_websockets", "%s has %d connections", c.app.ID, len(c.app.conns))
		_ = c.ws.WriteJSON(map[string]any{"type": "disconnect", "reason": "too_many_websockets", "debug_info": map[string]any{"host": "h"}})
		_ = c.ws.Close()
		return false
	}
	hello, _ := json.Marshal(map[string]any{
		"type": "hello", "num_connections": len(c.app.conns) + 1, "connection_info": map[string]any{"app_id": c.app.ID},
		"debug_info": map[string]any{"host": "h", "build_number": 1, "approximate_connection_time": int(life.Seconds())},
	})
	c.out <- hello
	c.app.conns = append(c.app.conns, c)
	c.s.changedLocked()
	return true
}

// notice is how long before its end a connection is told (slack.md §1.5).
const notice = 10 * time.Second

func (c *Conn) write(life time.Duration) {
	ping := time.NewTicker(c.s.opts.PingEvery)
	defer ping.Stop()
	end := time.NewTimer(max(life-notice, 0))
	defer end.Stop()
	for {
		select {
		case frame := <-c.out:
			if c.half() {
				continue
			}
			_ = c.ws.SetWriteDeadline(time.Now().Add(notice))
			if c.ws.WriteMessage(websocket.TextMessage, frame) != nil {
				c.end("write failed")
			}
		case <-ping.C:
			c.ping()
		case <-end.C:
			c.Disconnect("warning")
		case <-c.gone:
			return
		}
	}
}

func (c *Conn) ping() {
	if c.half() {
		return
	}
	c.s.mu.Lock()
	silent := time.Since(c.heard)
	c.s.mu.Unlock()
	if silent > 3*c.s.opts.PingEvery {
		c.end("pings were not answered")
		return
	}
	_ = c.ws.WriteControl(websocket.PingMessage, []byte("ping"), time.Now().Add(notice))
}

func (c *Conn) half() bool {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.dead
}

// open waits while the connection is stalled and reports whether what came in
// is to be looked at.
func (c *Conn) open() bool {
	c.s.mu.Lock()
	wait, dead := c.stalled, c.dead
	c.heard = time.Now()
	c.s.mu.Unlock()
	if wait != nil {
		select {
		case <-wait:
		case <-c.gone:
			return false
		}
	}
	return !dead
}

func (c *Conn) read() {
	c.ws.SetPingHandler(func(data string) error {
		if !c.open() {
			return nil
		}
		c.s.mu.Lock()
		c.Pinged++
		c.s.mu.Unlock()
		_ = c.ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(notice))
		return nil
	})
	c.ws.SetPongHandler(func(string) error {
		c.open()
		c.s.mu.Lock()
		c.Pongs++
		c.s.mu.Unlock()
		return nil
	})
	for {
		kind, frame, err := c.ws.ReadMessage()
		if err != nil {
			c.end("client: " + err.Error())
			return
		}
		if c.open() {
			c.take(kind, frame)
		}
	}
}

func (c *Conn) end(why string) {
	c.once.Do(func() {
		close(c.gone)
		_ = c.ws.Close()
		c.s.mu.Lock()
		defer c.s.mu.Unlock()
		c.Ended = why
		c.app.conns = slices.DeleteFunc(c.app.conns, func(o *Conn) bool { return o == c })
		c.s.changedLocked()
	})
}

// Cut ends the connection without a word.
func (c *Conn) Cut() { c.end("cut") }

// HalfOpen makes the connection dead without the client being told: nothing is
// read or answered any more, and what is sent gets lost.
func (c *Conn) HalfOpen() {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.dead = true
}

// Stall stops looking at what comes in until the returned function is called.
func (c *Conn) Stall() (resume func()) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.stalled = make(chan struct{})
	wait := c.stalled
	return sync.OnceFunc(func() {
		c.s.mu.Lock()
		c.stalled = nil
		c.s.mu.Unlock()
		close(wait)
	})
}

// Disconnect says that the connection is about to end, and ends it: with
// warning and refresh_requested after ten seconds in which it is used as before,
// with link_disabled at once. After link_disabled there are no more tickets.
func (c *Conn) Disconnect(reason string) {
	frame, _ := json.Marshal(map[string]any{"type": "disconnect", "reason": reason, "debug_info": map[string]any{"host": "h"}})
	c.s.mu.Lock()
	c.warned = true
	off := reason == "link_disabled"
	if off {
		c.app.linkOff = true
	}
	c.s.mu.Unlock()
	c.Raw(frame)
	wait := notice
	if off {
		wait = 100 * time.Millisecond // long enough for the frame to be written
	}
	c.s.wg.Go(func() {
		t := time.NewTimer(wait)
		defer t.Stop()
		select {
		case <-t.C:
			c.end(reason)
		case <-c.gone:
		}
	})
}

// Raw sends a frame as it is.
func (c *Conn) Raw(frame []byte) {
	select {
	case c.out <- frame:
	case <-c.gone:
	}
}

// Warned reports whether the connection was told that it ends.
func (c *Conn) Warned() bool {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.warned
}

// Conns are the app's open connections, oldest first.
func (a *App) Conns() []*Conn {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	return slices.Clone(a.conns)
}

// Opened is how many tickets the app was given.
func (a *App) Opened() int {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	return a.opened
}

// LinkDisabled turns Socket Mode off, as somebody does in the app's settings.
func (a *App) LinkDisabled() {
	a.s.mu.Lock()
	a.linkOff = true
	a.s.mu.Unlock()
	for _, c := range a.Conns() {
		c.Disconnect("link_disabled")
	}
}

// LinkEnabled turns Socket Mode on again.
func (a *App) LinkEnabled() {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	a.linkOff = false
}

func (s *Server) everyConn() []*Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []*Conn
	for _, a := range s.apps {
		all = append(all, a.conns...)
	}
	return all
}
