package discordtest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Kind says what a violation is about.
type Kind string

// The kinds of violations.
const (
	SpecRequest  Kind = "spec-request"  // the platform's description refuses the request
	SpecAnswer   Kind = "spec-answer"   // it refuses the fake's own answer: the fake is wrong
	UnknownKey   Kind = "unknown-key"   // a key that Discord would ignore
	UnknownRoute Kind = "unknown-route" // a route this fake does not have
	NoUserAgent  Kind = "user-agent"    // no User-Agent as D:reference demands it
	NoMentions   Kind = "mentions"      // text without allowed_mentions that parse nothing
	Pinged       Kind = "pinged"        // somebody was notified
	Unfurled     Kind = "unfurled"      // a link whose preview was not suppressed
	SentEarly    Kind = "sent-early"    // a request in a time for which a 429 had forbidden it
	TooFast      Kind = "too-fast"      // over the limit of all routes together
	ShutOut      Kind = "shut-out"      // too many 401, 403 and 429
	GatewayRule  Kind = "gateway"       // something a gateway client must not do
	Unsigned     Kind = "unsigned"      // a bad signature was accepted
	LateAnswer   Kind = "late"          // an answer to an interaction whose time was over
)

// Violation is something a client should not have done, whatever it was
// answered.
type Violation struct {
	Kind    Kind
	Time    time.Time
	Text    string
	Request string // "POST /channels/1/messages", or ""
}

func (v Violation) String() string {
	if v.Request == "" {
		return fmt.Sprintf("%s: %s", v.Kind, v.Text)
	}
	return fmt.Sprintf("%s: %s: %s", v.Kind, v.Request, v.Text)
}

// Request is one request to the API, as it came and as it was answered.
type Request struct {
	Time    time.Time
	Method  string
	Path    string // without "/api/v10"
	Route   string // "/channels/{channel_id}/messages", or "" for an unknown one
	Version int    // of the API
	Query   url.Values
	Header  http.Header
	Body    []byte // the JSON, also that of a multipart form
	AppID   string // whose token it bore
	Status  int    // 0 where no answer was given
	Code    int    // Discord's code of a refusal

	Violations []Violation
}

func (r *Request) name() string { return r.Method + " " + r.Path }

// violate keeps a violation; r may be nil. s.mu is held.
func (s *Server) violate(r *Request, kind Kind, text string, args ...any) {
	v := Violation{Kind: kind, Time: s.clock.Now(), Text: fmt.Sprintf(text, args...)}
	if r != nil {
		v.Request = r.name()
		r.Violations = append(r.Violations, v)
	}
	s.violations = append(s.violations, v)
}

// Violations are those of the named kinds, or all, in the order they happened.
func (s *Server) Violations(kinds ...Kind) []Violation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.violations), func(v Violation) bool {
		return len(kinds) > 0 && !slices.Contains(kinds, v.Kind)
	})
}

// Requests are the requests so far that match, or all, in the order they came.
func (s *Server) Requests(match func(Request) bool) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.matching(match)
}

func (s *Server) matching(match func(Request) bool) []Request {
	var out []Request
	for _, r := range s.requests {
		if match == nil || match(*r) {
			out = append(out, *r)
		}
	}
	return out
}

// AwaitRequests waits until so many requests that match were answered.
func (s *Server) AwaitRequests(ctx context.Context, n int, match func(Request) bool) ([]Request, error) {
	var out []Request
	err := s.wait(ctx, func() bool {
		out = s.matching(func(r Request) bool { return r.Status != 0 && (match == nil || match(r)) })
		return len(out) >= n
	})
	return out, err
}

// To matches requests by method and route: To("POST",
// "/channels/{channel_id}/messages").
func To(method, route string) func(Request) bool {
	return func(r Request) bool { return r.Method == method && r.Route == route }
}
