package main

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/memory"
)

// house is the whole bot in this process and in fake time: log, library, router
// and announcer are wired as bot run wires them.
type house struct {
	t       *testing.T
	backend state.Backend
	parts   *parts
	end     context.CancelFunc
	ended   chan error
}

func newHouse(t *testing.T) *house {
	return &house{t: t, backend: kept{memory.New()}, ended: make(chan error, 2)}
}

// opens assembles the bot over the platforms that posters make.
func (h *house) opens(c Config, posters opening) {
	h.t.Helper()
	var err error
	h.parts, err = assemble(h.backend, c, around{
		now: time.Now, log: slog.New(slog.NewTextHandler(h.t.Output(), nil)),
		fatal: func(err error) { h.t.Error("fatal:", err) }, posters: posters,
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// runs has it speak and listen.
func (h *house) runs(listen func(ctx context.Context, to chat.Handler) error) {
	ctx, end := context.WithCancel(h.t.Context())
	h.end = end
	go func() { h.ended <- speak(ctx, h.parts) }()
	go func() { h.ended <- listen(ctx, faultless{h.t, h.parts.router}) }()
	synctest.Wait()
}

// close ends the bot and leaves its log.
func (h *house) close() {
	h.t.Helper()
	h.end()
	for range 2 {
		if err := <-h.ended; err != nil && !errors.Is(err, context.Canceled) {
			h.t.Error(err)
		}
	}
	if err := h.parts.close(); err != nil {
		h.t.Error(err)
	}
}

// settle lets everything happen that happens by itself, and a moment pass:
// platforms take about one message a second in a channel.
func (h *house) settle() {
	h.t.Helper()
	for range 3 {
		synctest.Wait()
		if err := h.parts.speaker.Settled(h.t.Context()); err != nil {
			h.t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
	}
	synctest.Wait()
}

// recorded is the log of a scenario that was played in the house.
func (h *house) recorded(s scenario) string {
	p := &player{scenario: s, t: h.t}
	p.open = inThis(h.backend)
	return p.recorded()
}

// faultless has no story pass with a fault.
type faultless struct {
	t *testing.T
	chat.Handler
}

func (f faultless) Handle(ctx context.Context, call chat.Call) chat.Message {
	m := f.Handler.Handle(ctx, call)
	if m.Fault {
		f.t.Errorf("%q %q broke something: %v", call.Verb, call.Text, m.Blocks)
	}
	return m
}
