package announce_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/memory"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
	statemem "github.com/synthoperator/baton/state/memory"
)

// marred is a backend in which one stream cannot be read.
type marred struct {
	state.Backend
	stream state.Stream
}

func (m *marred) Close() error { return nil }

func (m *marred) Read(ctx context.Context, s state.Stream, after uint64, limit int) ([][]byte, error) {
	if s == m.stream {
		return nil, &state.Damaged{Stream: s, Seq: 1, Why: "its checksum does not match"}
	}
	return m.Backend.Read(ctx, s, after, limit)
}

func (m *marred) Log(ctx context.Context, after uint64, limit int) ([]state.Located, error) {
	all, err := m.Backend.Log(ctx, after, limit)
	for i, l := range all {
		if l.Stream == m.stream {
			all[i].Record, all[i].Damage = nil, &state.Damaged{Stream: l.Stream, Seq: l.Seq, Why: "its checksum does not match"}
		}
	}
	return all, err
}

// A session is damaged while something is still to be said in its thread. Baton
// starts, and says what it has to say everywhere else.
func TestADamagedSessionHoldsUpNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := world(), &mortal{Backend: statemem.New()}
		x := begin(t, w, b, options{})
		bad, good := x.launched("bad"), x.launched("good")
		w.Close(bad.Parent().Key(), memory.Archived)
		x.call(bad, "announce first;")
		time.Sleep(time.Minute)
		x.call(bad, "announce second;")
		x.stop()
		listed, err := x.store.Sessions(t.Context(), orchestration.ChannelKey(bad.Parent().Key()), state.Page{})
		if err != nil {
			t.Fatal(err)
		}
		x = begin(t, w, &marred{b, state.SessionStream(listed[0].ID)}, options{})
		x.calls = 100
		time.Sleep(10 * time.Minute)
		x.call(good, "announce third;")
		time.Sleep(10 * time.Minute)
		if saying(w, good, "third;") != 1 {
			t.Error("third was not said")
		}
		x.stop()
	})
}

// The settings of a channel or a workspace are damaged, with rounds and
// reminders to come there. Baton starts, and speaks everywhere else.
func TestDamagedSettingsHoldUpNoOther(t *testing.T) {
	for _, what := range []state.Stream{state.ChannelStream("memory/w/bad"), state.WorkspaceStream("memory/v")} {
		synctest.Test(t, func(t *testing.T) {
			w, b := world(), &mortal{Backend: statemem.New()}
			x := begin(t, w, b, options{})
			bad, good := x.launched("bad"), x.launched("good")
			x.call(bad, "remind in 3 hours look")
			x.stop()
			x = begin(t, w, &marred{b, what}, options{})
			time.Sleep(time.Minute)
			x.calls = 100
			time.Sleep(10 * time.Hour)
			x.call(good, "announce third;")
			time.Sleep(10 * time.Minute)
			if saying(w, good, "third;") != 1 {
				t.Error("third was not said")
			}
			x.stop()
		})
	}
}
