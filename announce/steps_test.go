package announce_test

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/announce"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
	statemem "github.com/synthoperator/baton/state/memory"
)

// wall is a clock that somebody puts forward and back.
type wall struct{ off atomic.Int64 }

func (c *wall) now() time.Time       { return time.Now().Add(time.Duration(c.off.Load())) }
func (c *wall) step(d time.Duration) { c.off.Add(int64(d)) }

// A clock that is put forward or back by an hour, at any time of the day, makes
// no digest, nudge or reminder come twice, and none be left out.
func TestClockSteps(t *testing.T) {
	for _, forward := range []bool{true, false} {
		for at := range 24 {
			synctest.Test(t, func(t *testing.T) {
				w, b := slackish(), statemem.New()
				launch := w.Channel("w", "launch")
				habits{zone: "Europe/Berlin", digest: orchestration.DigestSet{Every: orchestration.DigestDaily, Minute: 9 * 60}, workdays: everyDay}.settle(t, b, launch)
				var clock wall
				x := begin(t, w, b, options{now: clock.now, words: func(w announce.Words) announce.Words { return inFull{w} }})
				defer x.stop()
				thread := start(t, w, launch, "solo-sprint Something")
				w.Say(ana, thread, "remind in 20 days 9:30 early")
				w.Say(ana, thread, "remind in 483 hours late") // 20 days and 3 hours
				time.Sleep(20*24*time.Hour + time.Duration(at)*30*time.Minute - time.Minute)
				synctest.Wait()
				before := len(told(w, launch, "How things stand"))
				first, then := time.Hour, -time.Hour
				if !forward {
					first, then = then, first
				}
				for range 3 {
					clock.step(first)
					time.Sleep(17 * time.Minute)
					clock.step(then)
					time.Sleep(17 * time.Minute)
				}
				time.Sleep(24*time.Hour - 6*17*time.Minute)
				synctest.Wait()
				if n := len(told(w, launch, "How things stand")) - before; n != 1 {
					t.Errorf("forward %v at %d: %d digests in a day", forward, at, n)
				}
				for _, text := range []string{"Reminder #1", "Reminder #2"} {
					if n := len(told(w, thread, text)); n != 1 {
						t.Errorf("forward %v at %d: %s was said %d times", forward, at, text, n)
					}
				}
				perDay := map[string]int{}
				for _, m := range told(w, thread, "was due") {
					perDay[m.At.In(time.UTC).Format(time.DateOnly)]++
				}
				for day, n := range perDay {
					if n > 1 {
						t.Errorf("forward %v at %d: %d nudges on %s", forward, at, n, day)
					}
				}
			})
		}
	}
}

// A clock that is put forward is noticed within a minute, without anybody
// waking Baton.
func TestClockIsWatched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := slackish()
		var clock wall
		x := begin(t, w, statemem.New(), options{now: clock.now})
		defer x.stop()
		thread := start(t, w, w.Channel("w", "launch"), "solo-sprint Something")
		w.Say(ana, thread, "remind in 3 hours look")
		time.Sleep(time.Minute)
		clock.step(3 * time.Hour)
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := len(told(w, thread, "Reminder #1")); n != 1 {
			t.Errorf("the reminder was said %d times", n)
		}
	})
}

// Reminders that came due while Baton was away are one message, which says so,
// and so is a week of rounds and digests.
func TestAwayIsOneMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := slackish(), statemem.New()
		launch := w.Channel("w", "launch")
		habits{zone: "Europe/Berlin", digest: orchestration.DigestSet{Every: orchestration.DigestDaily, Minute: 9 * 60}, workdays: everyDay}.settle(t, b, launch)
		x := begin(t, w, b, options{})
		thread := start(t, w, launch, "domain-deep-dive Something")
		other := start(t, w, launch, "domain-deep-dive Something else")
		for _, text := range []string{"remind in 1 day one", "remind in 50 hours two", "remind in 5 days three"} {
			w.Say(ana, thread, text)
		}
		w.Say(ben, thread, "remind in 3 days four")
		w.Say(ben, other, "remind in 3 days five")
		w.Say(ben, other, "remind in 30 days much later")
		synctest.Wait()
		x.stop()
		heard := len(told(w, launch, "How things stand"))
		time.Sleep(8*24*time.Hour + 12*time.Hour)
		x = begin(t, w, b, options{})
		defer x.stop()
		time.Sleep(time.Minute)
		synctest.Wait()
		said := told(w, thread, "Reminder")
		if len(said) != 1 {
			t.Fatalf("%d messages:\n%s", len(said), strings.Join(texts(w, thread), "\n---\n"))
		}
		for _, text := range []string{"While Baton was away", "#1 by Ana", "one", "two", "three", "#4 by Ben"} {
			if !strings.Contains(said[0].Text, text) {
				t.Errorf("%q is missing:\n%s", text, said[0].Text)
			}
		}
		if !slices.Equal(said[0].Pings, []string{"ana", "ben"}) {
			t.Errorf("it was said to %v", said[0].Pings)
		}
		if n := len(told(w, other, "five")); n != 1 {
			t.Errorf("the other thread heard %d times", n)
		}
		if n := len(told(w, launch, "How things stand")) - heard; n != 1 {
			t.Errorf("%d digests for a week", n)
		}
		if n := len(told(w, thread, "Nothing was decided")); n != 1 {
			t.Errorf("%d nudges for a week", n)
		}
	})
}

// A reminder that a Baton said which lived on after the backup is looked for,
// and not said again; one that it did not get to is said.
func TestRestoredBackupLooksFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := slackish(), statemem.New()
		x := begin(t, w, b, options{})
		thread := start(t, w, w.Channel("w", "launch"), "domain-deep-dive Something")
		w.Say(ana, thread, "remind in 2 hours first")
		w.Say(ana, thread, "remind in 3 hours second")
		w.Say(ana, thread, "remind in 5 hours third")
		time.Sleep(time.Minute)
		synctest.Wait()
		x.stop()
		backup := copied(t, b)
		x = begin(t, w, b, options{})
		time.Sleep(4 * time.Hour)
		synctest.Wait()
		x.stop()
		time.Sleep(2 * time.Hour)
		if err := announce.Restored(t.Context(), over(t, backup), 1000, time.Now()); err != nil {
			t.Fatal(err)
		}
		x = begin(t, w, backup, options{})
		defer x.stop()
		time.Sleep(time.Hour)
		synctest.Wait()
		for _, text := range []string{"first", "second", "third"} {
			if n := len(told(w, thread, text)); n != 1 {
				t.Errorf("%s was said %d times:\n%s", text, n, strings.Join(texts(w, thread), "\n---\n"))
			}
		}
	})
}

// copied is a backend with the same records and rows.
func copied(t *testing.T, b *statemem.DB) *statemem.DB {
	t.Helper()
	out := statemem.New()
	heads := map[state.Stream]uint64{}
	log, err := b.Log(t.Context(), 0, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range log {
		w := state.Write{At: time.Now(), Appends: []state.Append{{Stream: l.Stream, After: heads[l.Stream], Record: l.Record}}}
		heads[l.Stream] = l.Seq
		if err := out.Commit(t.Context(), w); err != nil {
			t.Fatal(err)
		}
	}
	for _, space := range []state.Space{state.SpaceChannel, state.SpaceOpen, state.SpaceThread, state.SpaceCursor, state.SpaceOwn} {
		rows, err := b.Rows(t.Context(), state.Query{Space: space, Limit: 1 << 20})
		if err != nil {
			t.Fatal(err)
		}
		if err := out.Commit(t.Context(), state.Write{At: time.Now(), Rows: rows}); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// What is set for a channel or its workspace counts for the round that comes.
func TestSettingsMoveTheRound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := slackish()
		launch := w.Channel("w", "launch")
		b := statemem.New()
		x := begin(t, w, b, options{})
		defer x.stop()
		start(t, w, launch, "solo-sprint Something") // Saturday 1 January 2000, 00:01
		by, set := by(ana), x.set
		channel, workspace := state.ChannelStream(orchestration.ChannelKey(launch.Key())), state.WorkspaceStream(launch.WorkspaceKey())
		set(channel, func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error) {
			return s.SetWorkdays(by, in, everyDay, "")
		})
		set(workspace, func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error) {
			return s.SetDigest(by, in, orchestration.DigestSet{Every: orchestration.DigestDaily, Minute: 60}, "")
		})
		want := func(hour, minute int) {
			t.Helper()
			all := told(w, launch, "How things stand")
			if len(all) == 0 {
				t.Fatal("no digest")
			}
			if at := all[len(all)-1].At.UTC(); at.Hour() != hour || at.Minute() != minute || time.Since(at) > 24*time.Hour {
				t.Errorf("the digest came at %s", at)
			}
		}
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		want(1, 0)
		set(channel, func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error) {
			return s.SetDigest(by, in, orchestration.DigestSet{Every: orchestration.DigestDaily, Minute: 10 * 60}, "")
		})
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		if n := len(told(w, launch, "How things stand")); n != 1 {
			t.Errorf("%d digests by two in the morning", n)
		}
		time.Sleep(9 * time.Hour)
		synctest.Wait()
		want(10, 0)
		set(workspace, func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error) {
			return s.SetZone(by, in, "Asia/Kathmandu", "")
		})
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		want(4, 15) // ten o'clock there
		set(channel, func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error) {
			return s.SetAnnouncements(by, in, orchestration.AnnounceOff, nil, "")
		})
		n := len(told(w, launch, "How things stand"))
		time.Sleep(48 * time.Hour)
		synctest.Wait()
		if more := len(told(w, launch, "How things stand")) - n; more > 0 {
			t.Errorf("%d digests where nothing is announced", more)
		}
		set(channel, func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error) {
			return s.SetAnnouncements(by, in, orchestration.AnnouncePhases, nil, "")
		})
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		want(4, 15)
	})
}
