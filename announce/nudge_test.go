package announce_test

import (
	"fmt"
	"slices"
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

var cid = chat.Person{ID: "cid", Name: "Cid"}

// by is a person as the log knows them.
func by(p chat.Person) orchestration.Human {
	return orchestration.NewHuman(orchestration.PersonID("memory/w/"+p.ID), p.Name)
}

// only is the one session there is.
func only(t *testing.T, st *state.Store) state.SessionID {
	t.Helper()
	all, err := st.All(t.Context(), "", 1)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	return all[0].ID
}

// agent has an agent report on a task, or propose something in it.
func agent(t *testing.T, x *bot, d func(orchestration.Session) (orchestration.Decision, error)) {
	t.Helper()
	_, err := x.store.Update(t.Context(), state.Change{
		Session: only(t, x.store),
		Decide:  func(_ state.View, s orchestration.Session) (orchestration.Decision, error) { return d(s) },
	})
	if err != nil {
		t.Fatal(err)
	}
	synctest.Wait()
}

// set decides on settings, as somebody who may.
func (x *bot) set(stream state.Stream, d func(orchestration.Settings, orchestration.Room) (orchestration.Decision, error)) {
	x.t.Helper()
	_, err := x.store.UpdateSettings(x.t.Context(), state.SettingChange{Stream: stream, Decide: func(v state.View, s orchestration.Settings) (orchestration.Decision, error) {
		return d(s, orchestration.Room{Now: v.Now(), Admins: []orchestration.PersonID{by(ana).ID()}})
	}})
	if err != nil {
		x.t.Fatal(err)
	}
	synctest.Wait()
}

// nudgedDays are the days, counted from a moment, on which a thread was told
// something with a text in it, at nine.
func nudgedDays(t *testing.T, w *memory.World, in chat.Thread, from time.Time, text string) []int {
	t.Helper()
	var days []int
	for _, m := range told(w, in, text) {
		at := m.At.UTC()
		if at.Hour() != 9 || at.Minute() != 0 {
			t.Errorf("%q was said at %s", text, at)
		}
		days = append(days, int(at.Sub(from.UTC().Truncate(24*time.Hour)).Hours()/24))
	}
	return days
}

// What waits is told to those who can do something about it, after a while,
// ever less often, and not any more once they have.
func TestNudges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(2*24*time.Hour + 10*time.Hour) // Monday 3 January 2000, 10:00
		w := slackish()
		x := begin(t, w, statemem.New(), options{})
		defer x.stop()
		launch := w.Channel("w", "launch")
		x.set(state.ChannelStream(orchestration.ChannelKey(launch.Key())), func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error) {
			return s.Give(by(ana), in, by(cid), orchestration.Approver, "")
		})
		thread := start(t, w, launch, "domain-deep-dive Something")
		monday := time.Now()
		w.Say(ben, thread, "run draft the architecture")
		w.Say(ben, thread, "note open who pays for it?")
		w.Say(ben, thread, "note open what is it called? owner: <@ben>")
		synctest.Wait()
		bot := orchestration.NewAgent("scripted")
		agent(t, x, func(s orchestration.Session) (orchestration.Decision, error) {
			return s.Propose(bot, 1, orchestration.ProposeItem{Kind: orchestration.DecisionItem, Text: "Postgres"})
		})
		agent(t, x, func(s orchestration.Session) (orchestration.Decision, error) { return s.ReportByAgent(bot, 1, "done") })
		time.Sleep(28 * 24 * time.Hour)
		synctest.Wait()

		for _, want := range []struct {
			text string
			days []int
			to   []string
		}{
			// Wednesday is the first round more than a day after. Then after 1, 2, 4
			// and 7 days, on the next working day if that is none.
			{"report on #1 waits", []int{2, 3, 7, 11, 18, 25}, []string{"ana", "cid"}},
			{"Proposal #4 waits", []int{2, 3, 7, 11, 18, 25}, []string{"ana", "cid"}},
			{"Nobody sees to #2", []int{3, 4, 7, 11, 18, 25}, []string{"ana"}},
			// Five working days have passed on Tuesday.
			{"Nothing was decided here since Mon 3 Jan", []int{8, 9, 11, 15, 22}, []string{"ana"}},
		} {
			got := nudgedDays(t, w, thread, monday, want.text)
			if !slices.Equal(got, want.days) {
				t.Errorf("%q was said on days %v, want %v", want.text, got, want.days)
			}
			for _, m := range told(w, thread, want.text) {
				for _, id := range want.to {
					if !slices.Contains(m.Pings, id) {
						t.Errorf("%q did not ping %s: %v", want.text, id, m.Pings)
					}
				}
				if strings.Contains(m.Text, "waits") != slices.Contains(m.Pings, "cid") {
					t.Errorf("who was pinged for %q: %v", m.Text, m.Pings)
				}
			}
		}
		if n := len(told(w, thread, "Nobody sees to #3")); n > 0 {
			t.Error("an open item that is Ben's was nobody's")
		}
		perDay := map[string]int{}
		for _, m := range told(w, thread, "") {
			if m.Author == (chat.Person{}) && m.At.UTC().Hour() == 9 {
				perDay[m.At.UTC().Format(time.DateOnly)]++
			}
		}
		for day, n := range perDay {
			if n > 1 {
				t.Errorf("%d messages on %s", n, day)
			}
		}

		last := told(w, thread, "report on #1 waits")
		if _, err := w.Press(cid, last[len(last)-1], "Approve #1"); err != nil {
			t.Fatal(err)
		}
		w.Say(cid, thread, "deny 4")
		w.Say(ana, thread, "note assign #2 <@ben>")
		synctest.Wait()
		n := len(told(w, thread, "waits")) + len(told(w, thread, "Nobody sees to #2"))
		time.Sleep(20 * 24 * time.Hour)
		synctest.Wait()
		if more := len(told(w, thread, "waits")) + len(told(w, thread, "Nobody sees to #2")) - n; more > 0 {
			t.Errorf("%d more nudges after all was decided:\n%s", more, strings.Join(texts(w, thread), "\n---\n"))
		}
	})
}

// A due date is told on the working day before, at its moment, and when it has
// passed; a paused session's is not, and where nothing is announced none is.
func TestDueDates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(2*24*time.Hour + 10*time.Hour) // Monday 3 January 2000, 10:00
		w := slackish()
		x := begin(t, w, statemem.New(), options{})
		defer x.stop()
		launch, quiet := w.Channel("w", "launch"), w.Channel("w", "quiet")
		w.Say(ana, quiet, "announce off")
		synctest.Wait()
		monday := time.Now()
		thread := start(t, w, launch, "product-launch Something") // Build: two weeks
		resting := start(t, w, launch, "product-launch Something that rests")
		w.Say(ana, resting, "pause because the team is away")
		silent := start(t, w, quiet, "product-launch Something nobody hears of")
		w.Say(ana, silent, "remind in 2 days look")
		time.Sleep(20 * 24 * time.Hour)
		synctest.Wait()
		if got := nudgedDays(t, w, thread, monday, "Build is due Mon 17 Jan"); !slices.Equal(got, []int{11}) {
			t.Errorf("before: on days %v", got)
		}
		now := told(w, thread, "Build is due now")
		if len(now) != 1 || now[0].At.Sub(monday).Round(time.Minute) != 14*24*time.Hour || !slices.Equal(now[0].Pings, []string{"ana"}) {
			t.Errorf("at: %v", now)
		}
		if got := nudgedDays(t, w, thread, monday, "Build was due Mon 17 Jan"); !slices.Equal(got, []int{15, 16, 18}) {
			t.Errorf("after: on days %v", got)
		}
		if !strings.Contains(w.Messages(launch)[1].Text, "days over") && !strings.Contains(fmt.Sprint(texts(w, launch)), "days over") {
			t.Errorf("the card shows no overdue date:\n%s", strings.Join(texts(w, launch), "\n---\n"))
		}
		for _, in := range []chat.Thread{resting, silent} {
			if n := len(told(w, in, "due")); n > 0 {
				t.Errorf("%s: %d messages:\n%s", in.Key(), n, strings.Join(texts(w, in), "\n---\n"))
			}
		}
		if n := len(told(w, silent, "Reminder")); n != 1 {
			t.Errorf("a reminder was said %d times where nothing else is announced", n)
		}
		w.Say(ana, thread, "handoff decisions: Postgres")
		synctest.Wait()
		n := len(told(w, thread, "was due"))
		time.Sleep(5 * 24 * time.Hour)
		synctest.Wait()
		if more := len(told(w, thread, "was due")) - n; more > 0 {
			t.Errorf("%d more nudges after the handoff", more)
		}
	})
}

// A due date on a free day, or at night, is told by the next round, once.
func TestDueOnAFreeDay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := slackish()
		b := statemem.New()
		launch := w.Channel("w", "launch")
		habits{zone: "UTC", digest: orchestration.DigestSet{Every: orchestration.DigestOff}, quiet: orchestration.QuietSet{From: 20 * 60, To: 8 * 60}}.settle(t, b, launch)
		x := begin(t, w, b, options{})
		defer x.stop()
		thread := start(t, w, launch, "product-launch Something") // Saturday 1 January 2000, due Saturday 15
		time.Sleep(16*24*time.Hour + 12*time.Hour)                // Monday 17, noon
		synctest.Wait()
		if got := nudgedDays(t, w, thread, time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), "Build was due Sat 15 Jan"); !slices.Equal(got, []int{16}) {
			t.Errorf("on days %v", got)
		}
		if got := nudgedDays(t, w, thread, time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), "Build is due Sat 15 Jan"); !slices.Equal(got, []int{13}) {
			t.Errorf("before: on days %v", got)
		}
		if n := len(told(w, thread, "due now")); n > 0 {
			t.Error("it was said on a Saturday")
		}
	})
}

// A due date is told once, also where the clock goes back and the session is
// decided on again before it comes a second time.
func TestDueOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(2*24*time.Hour + 10*time.Hour) // Monday 3 January 2000, 10:00
		w := slackish()
		var clock wall
		x := begin(t, w, statemem.New(), options{now: clock.now})
		defer x.stop()
		thread := start(t, w, w.Channel("w", "launch"), "product-launch Something")
		time.Sleep(14 * 24 * time.Hour)
		synctest.Wait()
		clock.step(-time.Hour)
		w.Say(ana, thread, "override persona growth-marketer because we look at it from there")
		time.Sleep(time.Minute)
		w.Say(ana, thread, "undo")
		time.Sleep(3 * time.Hour)
		synctest.Wait()
		if n := len(told(w, thread, "Build is due now")); n != 1 {
			t.Errorf("it was told %d times", n)
		}
	})
}
