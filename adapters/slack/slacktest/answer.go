package slacktest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Request is one request that came in, for tests to look at. It holds no token.
type Request struct {
	At     time.Time
	Method string // of the Web API, or hooks/… for a response_url
	App    string
	Team   string
	Args   Args
	Status int
	Error  string // of an answer with ok false, empty for ok
	Fault  string // what a fault did to it
}

// Requests are all requests so far; with names, only of those methods.
func (s *Server) Requests(names ...string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []Request
	for _, r := range s.requests {
		if len(names) == 0 || slices.Contains(names, r.Method) {
			found = append(found, r)
		}
	}
	return found
}

type handler func(*Server, *Call) (map[string]any, *refusal)

func (s *Server) serveMethod(w http.ResponseWriter, r *http.Request) {
	c, broken := decode(r)
	c.At = s.Now()
	s.mu.Lock()
	if r.URL.Query().Has("token") {
		s.violate("token in the address", "%s", c.Method)
	}
	refused := s.admit(c, broken)
	s.mu.Unlock()
	fault := s.faultFor(c)

	var body map[string]any
	if fault == nil {
		fault = &Fault{}
	}
	if refused == nil && !s.pause(r, fault.Before) {
		return
	}
	if refused == nil && fault.Answer.taken() && !fault.Kept {
		s.spoil(w, r, c, fault, nil)
		return
	}
	if refused == nil {
		body, refused = s.perform(c)
	}
	if refused != nil {
		body = refused.body()
	}
	if !s.pause(r, fault.After) {
		return
	}
	if fault.Answer.taken() {
		s.spoil(w, r, c, fault, refused)
		return
	}
	s.reply(w, c, body, refused)
}

// admit looks at the caller and the pace before anything is done. s.mu is held.
func (s *Server) admit(c *Call, broken string) *refusal {
	if broken != "" {
		return refuse(broken)
	}
	facts, known := methods[c.Method]
	if !known {
		return &refusal{code: "unknown_method", more: map[string]any{"req_method": c.Method}}
	}
	c.facts = facts
	if c.Method == "oauth.v2.access" {
		return nil
	}
	if c.token == "" {
		return refuse("not_authed")
	}
	c.grant = s.grants[c.token]
	if c.grant == nil {
		return refuse("invalid_auth")
	}
	c.App = c.grant.app.ID
	if in := c.grant.install; in != nil && in.team != nil {
		c.Team = in.team.ID
	}
	if c.grant.revoked {
		return refuseFairly("token_revoked")
	}
	if c.grant.level != (c.Method == "apps.connections.open") {
		return refuse("not_allowed_token_type")
	}
	return s.pace(c)
}

// perform checks scope and arguments and does what is asked.
func (s *Server) perform(c *Call) (map[string]any, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock() // also when a handler panics, which the HTTP server reports
	if refused := s.permit(c); refused != nil {
		return nil, refused
	}
	for name := range c.Args {
		// team_id picks the workspace for an org token (D:enterprise).
		if !c.facts.Takes(name) && name != "team_id" {
			return nil, refuse("invalid_arguments", "[ERROR] "+c.Method+" takes no argument "+name)
		}
	}
	for _, name := range strings.Fields(c.facts.Required) {
		// K marks markdown_text of appendStream as required, while Slack's own
		// client sends only chunks.
		if !c.Args.Has(name) && (c.Method != "chat.appendStream" || name != "markdown_text") {
			return nil, refuse("invalid_arguments", "[ERROR] missing required field: "+name)
		}
	}
	body, refused := handlers[c.Method](s, c)
	if refused == nil {
		s.changedLocked()
	}
	return body, refused
}

// permit holds the scopes. Where a method has one per kind of conversation, the
// method itself asks for the right one.
func (s *Server) permit(c *Call) *refusal {
	scopes := strings.Fields(c.facts.Scopes)
	if c.Method == "apps.connections.open" {
		scopes = []string{"connections:write"} // D:apis/events-api/using-socket-mode
	}
	if len(scopes) == 0 || slices.ContainsFunc(scopes, func(n string) bool { return slices.Contains(c.grant.scopes, n) }) {
		return nil
	}
	return c.lacks(strings.Join(scopes, ","))
}

func (c *Call) lacks(needed string) *refusal {
	return &refusal{code: "missing_scope", more: map[string]any{"needed": needed, "provided": strings.Join(c.grant.scopes, ",")}}
}

func (c *Call) may(scope string) *refusal {
	if slices.Contains(c.grant.scopes, scope) {
		return nil
	}
	return c.lacks(scope)
}

func (s *Server) reply(w http.ResponseWriter, c *Call, body map[string]any, refused *refusal) {
	status := http.StatusOK
	if refused != nil {
		if refused.status != 0 {
			status = refused.status
		}
		if refused.header > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(refused.header))
		}
	} else {
		if body == nil {
			body = map[string]any{}
		}
		body["ok"] = true
	}
	s.note(c, status, refused, "")
	if c.grant != nil {
		w.Header().Set("X-OAuth-Scopes", strings.Join(c.grant.scopes, ","))
		w.Header().Set("X-Accepted-OAuth-Scopes", strings.Join(strings.Fields(c.facts.Scopes), ","))
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// note writes the request down, and the violation that it was.
func (s *Server) note(c *Call, status int, refused *refusal, fault string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := Request{At: c.At, Method: c.Method, App: c.App, Team: c.Team, Args: c.Args, Status: status, Fault: fault}
	if refused != nil {
		r.Error = refused.code
		if !refused.fair {
			s.violate(refused.code, "%s", describe(c, refused))
		}
	}
	s.requests = append(s.requests, r)
	s.changedLocked()
}

func describe(c *Call, r *refusal) string {
	text := c.Method
	if len(r.messages) > 0 {
		text += ": " + strings.Join(r.messages, "; ")
	}
	if needed, ok := r.more["needed"]; ok {
		text += fmt.Sprintf(": needs %v, has %v", needed, r.more["provided"])
	}
	return text
}
