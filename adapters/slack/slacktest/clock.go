package slacktest

import (
	"fmt"
	"sync"
	"time"
)

// clock is the server's time, which can be moved forward.
type clock struct {
	mu     sync.Mutex
	base   func() time.Time
	moved  time.Duration
	last   int64 // the microsecond of the timestamp given out last
	number int64
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.base().Add(c.moved)
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.moved += d
}

// stamp is a message's timestamp: seconds and microseconds, never given twice,
// and later than every one before it.
func (c *clock) stamp() string {
	now := c.Now().UnixMicro()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = max(now, c.last+1)
	return fmt.Sprintf("%d.%06d", c.last/1e6, c.last%1e6)
}

// next is a number that was not used before.
func (c *clock) next() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.number++
	return c.number
}

// id is a name as Slack makes them: a letter for the kind, then letters and digits.
func (s *Server) id(kind string) string { return fmt.Sprintf("%s0%07X", kind, s.clock.next()) }

// Now is the server's time.
func (s *Server) Now() time.Time { return s.clock.Now() }

// Advance moves the server's time forward: lifetimes run out, windows of rate
// limits pass. Timers (deadlines of acknowledgements, pings, retries) are not
// moved; in a synctest bubble nobody needs this.
func (s *Server) Advance(d time.Duration) {
	s.clock.Advance(d)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changedLocked()
}
