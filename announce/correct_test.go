package announce_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
	statemem "github.com/synthoperator/baton/state/memory"
)

// A channel hears of a decision and is then taken off the list of those that do.
// The decision is undone: what stands there is corrected all the same.
func TestCorrectionWhereNothingMoreIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := world(), statemem.New()
		x := begin(t, w, b, options{})
		other := w.Channel("v", "sales")
		hear(t, b, w.Channel("w", "launch"), other)
		x.stop()
		x = begin(t, w, b, options{})
		thread := x.launched("launch")
		x.call(thread, "handoff decisions: Postgres")
		time.Sleep(time.Minute)
		x.stop()
		unhear(t, b, w.Channel("w", "launch"))
		x = begin(t, w, b, options{})
		x.calls = 100
		x.call(thread, "undo because too early")
		time.Sleep(time.Minute)
		synctest.Wait()
		if saying(w, other, "Build is done") != 0 || saying(w, other, "Ana took this back, because too early") != 1 {
			t.Errorf("there stands:\n%s", strings.Join(texts(w, other), "\n---\n"))
		}
		x.stop()
	})
}

// unhear has a channel's announcements said nowhere else.
func unhear(t *testing.T, b state.Backend, channel chat.Thread) {
	t.Helper()
	_, err := over(t, b).UpdateSettings(t.Context(), state.SettingChange{
		Stream: state.ChannelStream(orchestration.ChannelKey(channel.Key())),
		Decide: func(v state.View, s orchestration.Settings) (orchestration.Decision, error) {
			by := orchestration.NewHuman("memory/w/ana", "Ana")
			return s.SetAnnouncements(by, orchestration.Room{Now: v.Now()}, orchestration.AnnouncePhases, nil, "")
		},
	})
	if err != nil {
		t.Fatal(err)
	}
}
