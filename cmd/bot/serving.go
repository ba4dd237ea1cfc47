package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// served is what a platform is served as, told once it is.
type served struct {
	Platform  string `json:"platform"`
	Transport string `json:"transport"`
	Workspace string `json:"workspace,omitempty"`
	ID        string `json:"id,omitempty"`
	As        string `json:"as,omitempty"`
	Listen    string `json:"listen,omitempty"`
	Install   string `json:"install,omitempty"` // where others install the app
}

func (s served) String() string {
	text := "Baton serves " + s.Platform + " over " + s.Transport
	if s.Workspace != "" {
		text += fmt.Sprintf(": %s, as @%s", withDetail(s.Workspace, s.ID), s.As)
	}
	if s.Listen != "" {
		text += " on " + s.Listen
	}
	if s.Install != "" {
		text += "; others install it at " + s.Install
	}
	return text
}

// announceStart prints that a platform is served. With --json it is one line.
func (j *job) announceStart(s served) error {
	if j.JSON {
		return printLine(j.out, s)
	}
	_, err := fmt.Fprintln(j.out, s)
	return err
}

// health is whether a platform can be reached. It answers for load balancers.
type health struct {
	log *slog.Logger

	first chan struct{} // closed once it could be reached

	mu   sync.Mutex
	up   bool
	been bool // up at some time
	why  string
}

func newHealth(log *slog.Logger) *health {
	return &health{log: log, why: "starting", first: make(chan struct{})}
}

// set notes a change and tells the operator.
func (h *health) set(up bool, why string) {
	h.mu.Lock()
	changed := h.up != up || h.why != why
	h.up, h.why = up, why
	if up && !h.been {
		h.been = true
		close(h.first)
	}
	h.mu.Unlock()
	switch {
	case !changed:
	case up:
		h.log.Info("Slack is connected", "what", why)
	default:
		h.log.Error("Slack is not connected", "why", why)
	}
}

// ServeHTTP says whether it can be reached: 200, or 503 with why not.
func (h *health) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	h.mu.Lock()
	up, why := h.up, h.why
	h.mu.Unlock()
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if !up {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	fmt.Fprintln(w, why)
}

// Limits of the server. Slack waits three seconds for an answer and its
// deliveries are small (https://docs.slack.dev/apis/events-api); nobody else has
// reason to send more or slower.
const (
	headerTime = 5 * time.Second
	readTime   = 10 * time.Second
	writeTime  = 15 * time.Second
	idleTime   = 2 * time.Minute
	headerSize = 64 << 10
	closeTime  = 5 * time.Second
)

// listen serves HTTP until ctx ends, and then finishes what is under way. ready
// is told the address.
func (j *job) listen(ctx context.Context, address string, h http.Handler, ready func(at string) error) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("listen on %s: %s; [slack] listen or [web] listen in the configuration takes another", address, netCause(err))
	}
	server := &http.Server{
		Handler: h, ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime, IdleTimeout: idleTime,
		MaxHeaderBytes: headerSize, ErrorLog: slog.NewLogLogger(j.log.Handler(), slog.LevelDebug),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	if err := ready(l.Addr().String()); err != nil {
		return errors.Join(err, server.Close())
	}
	select {
	case err = <-ended:
		return fmt.Errorf("serve on %s: %w", address, err)
	case <-ctx.Done():
	}
	finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
	defer cancel()
	if server.Shutdown(finish) != nil {
		_ = server.Close()
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve on %s: %w", address, err)
	}
	return nil
}

// netCause is why an address cannot be used, without repeating it.
func netCause(err error) string {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err.Error()
	}
	return err.Error()
}
