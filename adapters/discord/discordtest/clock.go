package discordtest

import (
	"slices"
	"sync"
	"time"
)

// Clock is the time a server lives by.
type Clock interface {
	Now() time.Time
	// AfterFunc calls f in its own goroutine when d has passed, unless stop was
	// called before.
	AfterFunc(d time.Duration, f func()) (stop func() bool)
}

// epoch is the moment Discord's ids count from (D:reference, Snowflakes).
var epoch = time.UnixMilli(1420070400000).UTC()

// SkipToEpoch sleeps until the year 2026 where the time is earlier than
// Discord's ids can tell: in a bubble of testing/synctest, where that takes no
// time. Outside of a bubble it does nothing on a machine whose clock is right.
func SkipToEpoch() {
	if time.Now().Before(epoch) {
		time.Sleep(time.Until(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)))
	}
}

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) AfterFunc(d time.Duration, f func()) func() bool {
	return time.AfterFunc(d, f).Stop
}

// ManualClock is a clock that moves only when it is told to.
type ManualClock struct {
	mu     sync.Mutex
	now    time.Time
	timers []*manualTimer
}

type manualTimer struct {
	at time.Time
	f  func()
}

// NewManualClock is a clock that shows start.
func NewManualClock(start time.Time) *ManualClock { return &ManualClock{now: start} }

// Now is what the clock shows.
func (c *ManualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// AfterFunc is [Clock.AfterFunc], but f runs in the goroutine that advances the
// clock, so that its effect is there when Advance returns.
func (c *ManualClock) AfterFunc(d time.Duration, f func()) func() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &manualTimer{c.now.Add(d), f}
	c.timers = append(c.timers, t)
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		i := slices.Index(c.timers, t)
		if i < 0 {
			return false
		}
		c.timers = slices.Delete(c.timers, i, i+1)
		return true
	}
}

// Advance moves the clock on and calls what became due, in its order.
func (c *ManualClock) Advance(d time.Duration) {
	c.mu.Lock()
	end := c.now.Add(d)
	for {
		due := c.due(end)
		if due == nil {
			break
		}
		if due.at.After(c.now) {
			c.now = due.at
		}
		c.mu.Unlock()
		due.f()
		c.mu.Lock()
	}
	c.now = end
	c.mu.Unlock()
}

// due takes the earliest timer that ends by then. c.mu is held.
func (c *ManualClock) due(by time.Time) *manualTimer {
	best := -1
	for i, t := range c.timers {
		if !t.at.After(by) && (best < 0 || t.at.Before(c.timers[best].at)) {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	t := c.timers[best]
	c.timers = slices.Delete(c.timers, best, best+1)
	return t
}
