package discordtest

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"time"
)

// Fault makes the server misbehave on requests that match. The first of the
// faults that matches is taken.
type Fault struct {
	When  func(Request) bool // nil for every request
	Times int                // how often; 0 for always
	// Store carries the request out before the fault shows.
	Store bool
	// Before and After are delays before and after it is carried out.
	Before, After time.Duration
	// What is answered: nothing where Drop closes the connection or Hang lets the
	// client wait until it gives up, else Status, Header and Body. Without a
	// Status the answer is the honest one, only late.
	Drop, Hang bool
	Status     int
	Header     http.Header
	Body       string

	used int
	app  time.Duration // for how long the application is limited as a whole
}

// AddFault makes the server misbehave from now on.
func (s *Server) AddFault(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &f)
}

// ClearFaults makes it behave again.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// Failing answers with a status and, where store is set, does what was asked
// nevertheless.
func Failing(status int, store bool) Fault {
	return Fault{Store: store, Status: status, Header: http.Header{"Content-Type": {"text/plain"}}, Body: http.StatusText(status)}
}

// Refusing answers with a code of Discord's and, where store is set, does what
// was asked nevertheless: 404 and 10062 of a callback that landed
// (GH: discord/discord-api-docs#5558).
func Refusing(status, code int, message string, store bool) Fault {
	body, _ := json.Marshal(refuse(status, code, message).body())
	return Fault{Store: store, Status: status, Body: string(body)}
}

// RateLimited answers 429 of a scope: "user", "shared" or "global".
func RateLimited(scope string, wait time.Duration) Fault {
	f := tooMany(wait, scope, scope == "global")
	body, _ := json.Marshal(f.body())
	out := Fault{Status: f.status, Header: f.header, Body: string(body)}
	if scope == "global" {
		out.app = wait
	}
	return out
}

// Cloudflare answers 429 with a page instead of JSON.
func Cloudflare() Fault {
	f := cloudflare()
	f.header.Set("Content-Type", "text/html")
	return Fault{Status: f.status, Header: f.header, Body: f.raw}
}

// On is the fault for requests that match, so many times.
func (f Fault) On(when func(Request) bool, times int) Fault {
	f.When, f.Times = when, times
	return f
}

// faultFor takes the fault that a request meets. s.mu is held.
func (s *Server) faultFor(r *Request) *Fault {
	i := slices.IndexFunc(s.faults, func(f *Fault) bool { return f.When == nil || f.When(*r) })
	if i < 0 {
		return nil
	}
	f := s.faults[i]
	if f.used++; f.used == f.Times {
		s.faults = slices.Delete(s.faults, i, i+1)
	}
	return f
}

func (s *Server) misbehave(w http.ResponseWriter, r *http.Request, c *call, raw []byte, f *Fault) {
	if !s.pause(f.Before) {
		return
	}
	var a answer
	honest := f.Status == 0 && !f.Drop && !f.Hang
	if f.Store || honest {
		a = s.answer(c, r, raw)
	} else {
		s.mu.Lock()
		_ = c.parse(r, raw) // So that the request is on record with what it said.
		s.mu.Unlock()
	}
	if !s.pause(f.After) {
		return
	}
	switch {
	case f.Drop:
		drop(w)
	case f.Hang:
		s.delayed(1)
		defer s.delayed(-1)
		select {
		case <-r.Context().Done():
		case <-s.done:
		}
	case honest:
		s.respond(w, c, a)
	default:
		s.respond(w, c, s.feigned(c, r, f))
	}
}

// feigned is the answer a fault gives. What it forbids is held against later
// requests as if the limit were real.
func (s *Server) feigned(c *call, r *http.Request, f *Fault) answer {
	a := answer{status: f.Status, header: http.Header{}, body: []byte(f.Body)}
	maps.Copy(a.header, f.Header)
	var body struct {
		Code  int     `json:"code"`
		Retry float64 `json:"retry_after"`
	}
	_ = json.NewDecoder(bytes.NewReader(a.body)).Decode(&body)
	a.code = body.Code
	s.mu.Lock()
	defer s.mu.Unlock()
	s.countInvalid(c, f.Status, a.header)
	if c.route == nil || f.Status != http.StatusTooManyRequests || body.Retry == 0 {
		return a
	}
	_ = c.authenticate(r)
	until := s.clock.Now().Add(time.Duration(body.Retry * float64(time.Second)))
	if f.app > 0 && c.app != nil {
		c.app.limit.until = until
	} else if b := s.bucketOf(c); b.limit.N > 0 {
		b.left, b.until, b.reset = 0, until, until
		s.limitHeaders(c, a.header)
	}
	return a
}

// AwaitDelayed waits until so many requests wait for their answer because of a
// fault, so that a test knows when to move its clock.
func (s *Server) AwaitDelayed(ctx context.Context, n int) error {
	return s.wait(ctx, func() bool { return s.waiting >= n })
}

func (s *Server) delayed(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting += n
	s.happened()
}

// pause waits, whether or not the client still does, and reports whether the
// server is still there.
func (s *Server) pause(d time.Duration) bool {
	if d == 0 {
		return true
	}
	over := make(chan struct{})
	stop := s.clock.AfterFunc(d, func() { close(over) })
	defer stop()
	s.delayed(1)
	defer s.delayed(-1)
	select {
	case <-over:
		return true
	case <-s.done:
		return false
	}
}

// drop closes a connection without an answer.
func drop(w http.ResponseWriter) {
	if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
		conn.Close()
	}
}
