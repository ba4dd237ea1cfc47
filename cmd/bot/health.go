package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"sync"
)

// health is whether a platform can be reached. It answers for load balancers.
type health struct {
	title string // the platform's, as people write it
	log   *slog.Logger

	first chan struct{} // closed once it could be reached

	mu   sync.Mutex
	up   bool
	been bool // up at some time
	why  string
}

func newHealth(title string, log *slog.Logger) *health {
	return &health{title: title, log: log, why: "starting", first: make(chan struct{})}
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
		h.log.Info(h.title+" is connected", "what", why)
	default:
		h.log.Error(h.title+" is not connected", "why", why)
	}
}

// now is how it stands.
func (h *health) now() (up bool, why string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.up, h.why
}

// ServeHTTP says whether it can be reached: 200, or 503 with why not.
func (h *health) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	up, why := h.now()
	tellHealth(w, up, why)
}

func tellHealth(w http.ResponseWriter, up bool, why string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if !up {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	fmt.Fprintln(w, why)
}
