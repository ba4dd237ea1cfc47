package slacktest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// ticket is an address for one connection.
type ticket struct {
	app  *App
	used bool
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
		ID: s.clock.next(), state: ConnState{Opened: s.Now()}, s: s, app: t.app, ws: ws, out: make(chan []byte, 4096), gone: make(chan struct{}), heard: time.Now(),
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
		c.state.Pinged++
		c.s.mu.Unlock()
		_ = c.ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(notice))
		return nil
	})
	c.ws.SetPongHandler(func(string) error {
		c.open()
		c.s.mu.Lock()
		c.state.Pongs++
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
		c.state.Ended = why
		c.app.conns = slices.DeleteFunc(c.app.conns, func(o *Conn) bool { return o == c })
		c.s.changedLocked()
	})
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
