package slacktest

import (
	"net/http"
	"slices"
	"time"
)

// Answer is what becomes of the answer to a call.
type Answer int

// What a fault may do to an answer.
const (
	Honest      Answer = iota // nothing
	Status500                 // an HTML page with status 500
	Internal                  // ok false, internal_error
	Cut                       // the connection ends without an answer
	Hang                      // nothing comes until the caller gives up
	TooMany                   // 429 with Retry-After
	TooManyBare               // 429 without Retry-After
	Ratelimited               // 200, ok false, ratelimited
)

var answerNames = [...]string{"", "500", "internal_error", "cut", "hang", "429", "429 without Retry-After", "200 ratelimited"}

func (a Answer) taken() bool    { return a != Honest }
func (a Answer) String() string { return answerNames[a] }

// Fault is something that goes wrong with calls of the Web API.
type Fault struct {
	// When says which calls it hits; nil is all.
	When func(Call) bool
	// Times is how often it happens; 0 is always.
	Times int
	// Before and After are how long the call waits before and after it is done.
	Before, After time.Duration
	// Kept says that what was asked is done, whatever is answered.
	Kept       bool
	Answer     Answer
	RetryAfter int // seconds, for TooMany; 0 is 1

	hit int
}

// Fault makes calls go wrong from now on. The first fault that fits is used.
func (s *Server) Fault(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &f)
}

// Mend takes all faults away.
func (s *Server) Mend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// Calls is a condition for a [Fault]: the methods of these names.
func Calls(names ...string) func(Call) bool {
	return func(c Call) bool {
		for _, n := range names {
			if n == c.Method {
				return true
			}
		}
		return false
	}
}

// faultFor is the fault that hits a call, or nil. Conditions are asked without the
// lock, so that they may look at the server.
func (s *Server) faultFor(c *Call) *Fault {
	s.mu.Lock()
	faults := slices.Clone(s.faults)
	s.mu.Unlock()
	for _, f := range faults {
		if f.When != nil && !f.When(*c) {
			continue
		}
		s.mu.Lock()
		free := f.Times == 0 || f.hit < f.Times
		if free {
			f.hit++
		}
		s.mu.Unlock()
		if free {
			return f
		}
	}
	return nil
}

// pause waits; false says that the caller has gone or the server ended.
func (s *Server) pause(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.Context().Done():
	case <-s.done:
	}
	return false
}

// spoil answers as the fault says.
func (s *Server) spoil(w http.ResponseWriter, r *http.Request, c *Call, f *Fault, refused *refusal) {
	named := f.Answer.String()
	switch f.Answer {
	case Status500:
		s.note(c, http.StatusInternalServerError, refused, named)
		http.Error(w, "<html>Server Error</html>", http.StatusInternalServerError)
	case Cut:
		s.note(c, 0, refused, named)
		panic(http.ErrAbortHandler)
	case Hang:
		s.note(c, 0, refused, named)
		select {
		case <-r.Context().Done():
		case <-s.done:
		}
		panic(http.ErrAbortHandler)
	case TooMany, TooManyBare:
		wait := 0
		if f.Answer == TooMany {
			wait = max(f.RetryAfter, 1)
			s.mu.Lock()
			s.block(c, time.Duration(wait)*time.Second)
			s.mu.Unlock()
		}
		limited := tooMany(wait)
		s.reply(w, c, limited.body(), limited)
	default:
		code := map[Answer]string{Internal: "internal_error", Ratelimited: "ratelimited"}[f.Answer]
		answer := refuseFairly(code)
		s.reply(w, c, answer.body(), answer)
	}
}
