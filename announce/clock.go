package announce

import (
	"context"
	"sync"
	"time"

	"github.com/synthoperator/baton/state"
)

// unwatched is how long the clock goes unwatched at most: it may have been put
// forward, or the machine slept.
const unwatched = time.Minute

// clock fires timers. While none is due it reads nothing but the time: the
// first timer's moment is in memory.
type clock struct {
	a     *Announcer
	most  time.Duration // unwatched
	woken chan struct{}

	mu      sync.Mutex
	first   time.Time // the first timer's moment; zero: there is none
	watched bool      // it waits for that, having fired all before
}

func newClock(a *Announcer, most time.Duration) *clock {
	if most <= 0 {
		most = unwatched
	}
	return &clock{a: a, most: most, woken: make(chan struct{}, 1)}
}

// run fires timers until ctx ends. Those that came due while nobody watched are
// fired first.
func (c *clock) run(ctx context.Context) error {
	wait := time.NewTimer(c.most)
	defer wait.Stop()
	var last time.Time
	for again := true; ; again = c.due() {
		c.watch(!again)
		// Rounds that were set while the clock was ahead come on the wrong day: they
		// are looked at at the start, and when it is put back.
		now := c.a.now().Round(0)
		if last.IsZero() || now.Before(last.Add(-time.Second)) {
			if err := c.a.rightRounds(ctx); err != nil {
				return err
			}
		}
		last = now
		for again {
			var err error
			if again, err = c.strike(ctx); err != nil {
				return err
			}
		}
		c.watch(true)
		c.a.box.notice()
		wait.Reset(c.until())
		select {
		case <-c.woken:
		case <-wait.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// strike fires what is due and reports whether there was any.
func (c *clock) strike(ctx context.Context) (bool, error) {
	now := c.a.now()
	all, err := c.a.timers(ctx, now)
	if err != nil || len(all) > 0 {
		if err == nil {
			err = c.a.fire(ctx, now, all)
		}
		return true, err
	}
	// A timer that is armed from now on says so itself.
	c.mu.Lock()
	c.first = time.Time{}
	c.mu.Unlock()
	err = c.a.store.Own(ctx, follower, func(tx *state.FollowTx) error {
		rows, err := tx.List("t", "", 1)
		if err != nil || len(rows) == 0 {
			return err
		}
		first, err := momentOf(rows[0].Key)
		c.armed(first)
		return err
	})
	return false, err
}

// armed has the clock know of a timer.
func (c *clock) armed(at time.Time) {
	c.mu.Lock()
	earlier := c.first.IsZero() || at.Before(c.first)
	if earlier {
		c.first = at
	}
	c.mu.Unlock()
	if !earlier {
		return
	}
	select {
	case c.woken <- struct{}{}:
	default:
	}
}

func (c *clock) watch(watched bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.watched = watched
}

// idle reports whether nothing is due and nothing is being fired.
func (c *clock) idle() bool {
	c.mu.Lock()
	watched := c.watched
	c.mu.Unlock()
	return watched && !c.due()
}

func (c *clock) due() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.first.IsZero() && !c.first.After(c.a.now())
}

// until is how long nothing has to be looked at.
func (c *clock) until() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.first.IsZero() {
		return c.most
	}
	return min(max(c.first.Sub(c.a.now()), time.Millisecond), c.most)
}

// timers are all that are due.
func (a *Announcer) timers(ctx context.Context, now time.Time) ([]set, error) {
	var all []set
	for after, end := "", moment(time.Unix(now.Unix()+1, 0)); ; {
		var rows []state.Row
		err := a.store.Own(ctx, follower, func(tx *state.FollowTx) (err error) {
			rows, err = tx.List("t", after, 256)
			return err
		})
		if err != nil || len(rows) == 0 {
			return all, err
		}
		for _, r := range rows {
			if r.Key >= end {
				return all, nil
			}
			t, err := decode[timer](r.Key, r.Value)
			if err != nil {
				return all, err
			}
			all = append(all, set{r.Key, t})
			after = r.Key
		}
	}
}
