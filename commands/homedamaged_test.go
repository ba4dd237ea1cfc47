package commands_test

import (
	"context"
	"testing"

	"github.com/synthoperator/baton/commands"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/memory"
)

// marred is a backend in which one stream cannot be read.
type marred struct {
	state.Backend
	stream state.Stream
}

func (m *marred) Read(ctx context.Context, s state.Stream, after uint64, limit int) ([][]byte, error) {
	if s == m.stream {
		return nil, &state.Damaged{Stream: s, Seq: 1, Why: "its checksum does not match"}
	}
	return m.Backend.Read(ctx, s, after, limit)
}

// One damaged session takes nobody's overview of all others away.
func TestHomeBesideADamagedSession(t *testing.T) {
	b := newBot(t)
	backend := &marred{Backend: memory.New()}
	reopen := func() {
		st, err := state.Open(backend, state.Options{})
		if err != nil {
			t.Fatal(err)
		}
		b.store, b.router = st, commands.New(commands.Deps{Store: st, Library: b.library})
	}
	reopen()
	b.ok("ana", 0, "start solo-sprint Ship the beta")
	b.ok("eve", 0, "start solo-sprint Buy the competitor")
	all, err := b.store.All(t.Context(), "", 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		if one.Number == 2 {
			backend.stream = state.SessionStream(one.ID)
		}
	}
	reopen()
	ana := words(b.home("ana"))
	must(t, ana, "Session 1, ", "Ship the beta", "1 session here is damaged")
	mustNot(t, ana, "competitor")
}
