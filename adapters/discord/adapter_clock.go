package discord

import (
	"net/http"
	"sync/atomic"
	"time"
)

// clock is by how much Discord's clock is ahead of ours, as the dates of its
// answers tell. The age of an interaction is a difference of the two: with a wrong
// clock everything would look too old to be done.
type clock struct {
	now   func() time.Time
	ahead atomic.Int64 // time.Duration
}

// tolerated is the difference that is not one: dates are whole seconds, and an
// answer is on its way for a while.
const tolerated = 2 * time.Second

// ours is a moment of Discord's clock by ours.
func (c *clock) ours(t time.Time) time.Time { return t.Add(-time.Duration(c.ahead.Load())) }

// theirs is a moment of our clock by Discord's, by which ids are made.
func (c *clock) theirs(t time.Time) time.Time { return t.Add(time.Duration(c.ahead.Load())) }

// watching is a network whose answers set a clock.
type watching struct {
	http.RoundTripper
	clock *clock
}

func (w watching) RoundTrip(r *http.Request) (*http.Response, error) {
	began := w.clock.now()
	resp, err := w.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	ended := w.clock.now()
	at, err := http.ParseTime(resp.Header.Get("Date"))
	switch {
	case err != nil || ended.Sub(began) > tolerated: // it says nothing about now
	case at.Before(began.Add(-tolerated)), at.After(ended.Add(tolerated)):
		w.clock.ahead.Store(int64(at.Sub(began.Truncate(time.Second))))
	default:
		w.clock.ahead.Store(0)
	}
	return resp, nil
}

// watched is a client whose answers set a clock.
func watched(client *http.Client, c *clock) *http.Client {
	if client == nil {
		client = &http.Client{Timeout: time.Minute}
	}
	out := *client
	if out.Transport == nil {
		out.Transport = http.DefaultTransport
	}
	out.Transport = watching{out.Transport, c}
	return &out
}
