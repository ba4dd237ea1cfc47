package slack

import (
	"slices"
	"sync"
	"time"
)

// attempts are the times that Slack told one thing, and what it is told of it.
// They are remembered for long after the work is over, and hold nothing of it.
type attempts struct {
	now   func() time.Time
	known []string // what it is known by; the window's
	twin  string   // what was typed, as long as that is told apart; the window's

	mu       sync.Mutex
	receipts []receipt // of attempts that wait for what comes of it
	handled  bool
	payload  []byte // what its acknowledgement says
	failed   bool   // it is to come again
	late     bool   // it was acknowledged before it was handled
	timer    *time.Timer
}

// join adds an attempt to those that are acknowledged.
func (t *attempts) join(r receipt) {
	t.mu.Lock()
	handled, late := t.handled, t.late
	if !handled && !late {
		t.receipts = append(t.receipts, r)
	}
	t.mu.Unlock()
	switch {
	case late && !handled: // the attempt before it was acknowledged already
		r.give(nil)
	case handled:
		t.acknowledge([]receipt{r})
	}
}

// acknowledge tells attempts what came of it, and reports whether one was in time.
func (t *attempts) acknowledge(waiting []receipt) (told bool) {
	now := t.now()
	for _, r := range waiting {
		switch {
		case now.Sub(r.came) > ackWithin: // too late; Slack tries again, and that is acknowledged
		case t.failed:
			r.refuse()
			told = true
		default:
			r.give(t.payload)
			told = true
		}
	}
	return told
}

// isLate reports whether the acknowledgement is gone.
func (t *attempts) isLate() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.late {
		return true
	}
	now := t.now()
	return !slices.ContainsFunc(t.receipts, func(r receipt) bool { return now.Sub(r.came) <= ackWithin })
}
