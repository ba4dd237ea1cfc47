package slacktest

import (
	"encoding/json"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// ConnState is a connection at one moment.
type ConnState struct {
	Opened time.Time
	Ended  string // why it ended; empty while it lives
	Warned bool   // it was told that it ends
	Sent   int    // envelopes
	Pongs  int    // answers to the server's pings
	Pinged int    // pings of the client
}

// Conn is one connection of Socket Mode.
type Conn struct {
	ID      int64
	state   ConnState
	s       *Server
	app     *App
	ws      *websocket.Conn
	out     chan []byte
	gone    chan struct{}
	once    sync.Once
	dead    bool // half-open: nothing comes in and nothing gets out
	stalled chan struct{}
	heard   time.Time
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
	c.state.Warned = true
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

// State is the connection as it is now.
func (c *Conn) State() ConnState {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.state
}
