package slack

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"
)

// Adapter is Baton in Slack. It may be used by many goroutines at once.
type Adapter struct {
	o         Options
	clients   *clients
	people    *people
	addresses addresses
	outbound
	current atomic.Pointer[shift]
}

// New makes an adapter. What is missing in the options is a sentence for the
// operator.
func New(o Options) (*Adapter, error) {
	if o.Transport == "" {
		o.Transport = SocketMode
	}
	switch {
	case o.Installs == nil:
		return nil, errors.New("slack: there is nowhere to look up installations")
	case o.Transport == SocketMode && o.AppToken == "":
		return nil, errors.New("slack: Socket Mode needs the app-level token (xapp-…, with the scope connections:write) in SLACK_APP_TOKEN")
	case o.Transport == HTTP && o.SigningSecret == "":
		return nil, errors.New("slack: over HTTP, Slack's requests are checked with the signing secret in SLACK_SIGNING_SECRET, which is missing")
	case o.Transport != SocketMode && o.Transport != HTTP:
		return nil, errors.New(`slack: transport is "socket" or "http"`)
	}
	if o.Client == nil {
		o.Client = &http.Client{Timeout: 30 * time.Second}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Keep == nil {
		o.Keep = newMemory(o.Now)
	}
	a := &Adapter{o: o}
	a.clients = &clients{o: o}
	a.people = &people{a: a, known: map[string]known{}}
	return a, nil
}

// health tells whoever runs Baton how the connection is.
func (a *Adapter) health(up bool, why string) {
	if a.o.Health != nil {
		a.o.Health(up, why)
	}
}

// workspace says where something happened: a workspace, and the organisation it
// belongs to or "".
type workspace struct{ enterprise, team string }

// id is the workspace as threads name it.
func (w workspace) id() string {
	if w.team == "" {
		return w.enterprise
	}
	return w.team
}

// bounded is for requests on the way to an answer that must not be late.
func bounded(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, d)
}
