package announce_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/memory"
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

// Announcements wait in a place that takes nothing. By the time it opens, it was
// taken off the list of those that hear them, or the decision was undone: it
// hears nothing, or that it was undone, whichever way those two come, and after
// a restart too.
func TestWhatWaitsIsSaidAsItStands(t *testing.T) {
	for _, off := range []string{"not", "before", "after"} {
		t.Run(off, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { whatWaits(t, off) })
		})
	}
}

func whatWaits(t *testing.T, off string) {
	w, b := world(), statemem.New()
	x := begin(t, w, b, options{})
	launch, other := w.Channel("w", "launch"), w.Channel("v", "sales")
	hear(t, b, launch, other)
	x.stop()
	x = begin(t, w, b, options{})
	thread := x.launched("launch")
	w.Close(other.Key(), memory.Archived)
	w.Close(thread.Key(), memory.Locked)
	x.call(thread, "handoff decisions: Postgres")
	x.call(thread, "announce Monday;")
	time.Sleep(time.Minute)
	x.stop()
	if off == "before" {
		unhear(t, b, launch)
	}
	x = begin(t, w, b, options{})
	x.calls = 100
	x.call(thread, "undo because too early")
	time.Sleep(time.Minute)
	x.stop()
	if off == "after" {
		unhear(t, b, launch)
	}
	x = begin(t, w, b, options{})
	defer func() { x.stop() }()
	w.Open(other.Key())
	w.Open(thread.Key())
	time.Sleep(time.Hour)
	synctest.Wait()
	want := 1
	if off != "not" {
		want = 0
	}
	for _, place := range []struct {
		in   chat.Thread
		want int
	}{{thread, 1}, {other, want}} {
		if saying(w, place.in, "Build is done") != 0 || saying(w, place.in, "Ana took this back, because too early") != place.want ||
			saying(w, place.in, "Monday;") != place.want {
			t.Errorf("off %s: in %s stands:\n%s", off, place.in.Key(), strings.Join(texts(w, place.in), "\n---\n"))
		}
		for _, m := range w.Messages(place.in) {
			if strings.Contains(m.Text, "took this back") && m.Edits > 0 {
				t.Errorf("off %s: it was said uncorrected in %s first", off, place.in.Key())
			}
		}
	}
}

// An announcement is under way when its place is taken off the list and the
// decision undone. What then turns out to have been said is corrected.
func TestWhatWasUnderWayIsCorrected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := world(), statemem.New()
		x := begin(t, w, b, options{})
		launch, other := w.Channel("w", "launch"), w.Channel("v", "sales")
		hear(t, b, launch, other)
		thread := x.launched("launch")
		w.Fail(memory.Fault{On: memory.Post, In: other, Times: 1, Then: memory.LoseReply})
		x.call(thread, "handoff decisions: Postgres")
		time.Sleep(5 * time.Second)
		x.stop()
		unhear(t, b, launch)
		x = begin(t, w, b, options{})
		defer x.stop()
		x.calls = 100
		x.call(thread, "undo because too early")
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if saying(w, other, "Build is done") != 0 || saying(w, other, "Ana took this back, because too early") != 1 {
			t.Errorf("there stands:\n%s", strings.Join(texts(w, other), "\n---\n"))
		}
	})
}
