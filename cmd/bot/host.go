package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"
)

// hosts are the addresses at which platforms are reached.
type hosts struct {
	all     []*host
	healths []*health // of all platforms, also of those that need no address
	names   []string  // those platforms, as threads name them
}

// host serves HTTP at one address for all that are reached there.
type host struct {
	address   string
	mux       *http.ServeMux
	here      []*health     // of those that are reached here
	listening chan struct{} // closed once it listens
	at        string        // where, from then on
}

// on is the host at an address, the same for all who ask for it.
func (h *hosts) on(address string) *host {
	for _, one := range h.all {
		if one.address == address {
			return one
		}
	}
	one := &host{address: address, mux: http.NewServeMux(), listening: make(chan struct{})}
	h.all = append(h.all, one)
	one.mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { h.health(w, one) })
	return one
}

// watch has a platform's health told at every address: "/healthz" is for a proxy
// in front of it, and red only where nothing that is reached there works, so that
// one platform's end takes no other's deliveries away. "/healthz/discord" is
// about that one alone.
func (h *hosts) watch(platform string, one *health) {
	h.healths, h.names = append(h.healths, one), append(h.names, platform)
	for _, host := range h.all {
		host.mux.Handle("GET /healthz/"+platform, one)
	}
}

func (h *hosts) health(w http.ResponseWriter, at *host) {
	works := false
	for _, one := range at.here {
		up, _ := one.now()
		works = works || up
	}
	if len(h.healths) == 1 {
		_, why := h.healths[0].now()
		tellHealth(w, works, why)
		return
	}
	var lines []string
	for _, one := range h.healths {
		up, why := one.now()
		if !up {
			why = "not connected: " + why
		}
		lines = append(lines, one.title+": "+why)
	}
	tellHealth(w, works, strings.Join(lines, "\n"))
}

// Limits of the server. Slack and Discord wait three seconds for an answer and
// their deliveries are small (https://docs.slack.dev/apis/events-api,
// https://docs.discord.com/developers/interactions/receiving-and-responding);
// nobody else has reason to send more or slower.
const (
	headerTime = 5 * time.Second
	readTime   = 10 * time.Second
	writeTime  = 15 * time.Second
	idleTime   = 2 * time.Minute
	headerSize = 64 << 10
	closeTime  = 5 * time.Second
)

// listen serves HTTP until ctx ends, and then finishes what is under way.
func (j *job) listen(ctx context.Context, h *host) error {
	l, err := net.Listen("tcp", h.address)
	if err != nil {
		return fmt.Errorf("listen on %s: %s; listen under [slack], [discord] or [web] in the configuration takes another", h.address, netCause(err))
	}
	server := &http.Server{
		Handler: h.mux, ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime, IdleTimeout: idleTime,
		MaxHeaderBytes: headerSize, ErrorLog: slog.NewLogLogger(j.log.Handler(), slog.LevelDebug),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	h.at = l.Addr().String()
	close(h.listening)
	select {
	case err = <-ended:
		return fmt.Errorf("serve on %s: %w", h.address, err)
	case <-ctx.Done():
	}
	finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
	defer cancel()
	if server.Shutdown(finish) != nil {
		_ = server.Close()
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve on %s: %w", h.address, err)
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
