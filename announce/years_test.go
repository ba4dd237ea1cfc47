package announce_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/memory"
	"github.com/synthoperator/baton/announce"
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
	statemem "github.com/synthoperator/baton/state/memory"
)

// inFull makes digests without pictures, which take longer than two years do.
type inFull struct{ announce.Words }

func (w inFull) Digest(_ context.Context, _ orchestration.ChannelKey, _ time.Time, _ []state.SessionID) (chat.Message, error) {
	return chat.Message{Title: "How things stand"}, nil
}

// habits are the settings of a channel.
type habits struct {
	zone     string
	digest   orchestration.DigestSet
	quiet    orchestration.QuietSet
	workdays []time.Weekday
	holidays []orchestration.Holiday
}

// settle sets a channel's habits, beside any process.
func (h habits) settle(t *testing.T, b state.Backend, channel chat.Thread) {
	t.Helper()
	by := orchestration.NewHuman("memory/w/ana", "Ana")
	st := over(t, b)
	set := func(d func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error)) {
		t.Helper()
		_, err := st.UpdateSettings(t.Context(), state.SettingChange{
			Stream: state.ChannelStream(orchestration.ChannelKey(channel.Key())),
			Decide: func(v state.View, s orchestration.Settings) (orchestration.Decision, error) {
				return d(s, orchestration.Room{Now: v.Now(), Channel: s})
			},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	set(func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error) {
		return s.SetZone(by, in, h.zone, "")
	})
	if h.workdays != nil {
		set(func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error) {
			return s.SetWorkdays(by, in, h.workdays, "")
		})
	}
	set(func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error) {
		return s.SetDigest(by, in, h.digest, "")
	})
	set(func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error) {
		return s.SetQuiet(by, in, h.quiet.From, h.quiet.To, "")
	})
	set(func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error) {
		return s.SetHolidays(by, in, "", h.holidays, "")
	})
}

// hours are the hours in force in a channel.
func hoursOf(t *testing.T, b state.Backend, channel chat.Thread) orchestration.Hours {
	t.Helper()
	s, err := over(t, b).Channel(t.Context(), orchestration.ChannelKey(channel.Key()))
	if err != nil {
		t.Fatal(err)
	}
	return orchestration.Room{Channel: s}.Hours()
}

var everyDay = []time.Weekday{0, 1, 2, 3, 4, 5, 6}

// Two years in zones whose clocks change in different ways: at two in the
// morning, by half an hour, at midnight, or never. Baton is stopped, dies at
// any step and stays away for hours or days. Each channel gets its digest once
// on each local day that has one, each thread one nudge a day at most, and each
// reminder is said once; nothing is said in quiet hours or on free days but
// what people asked for.
func TestTwoYears(t *testing.T) {
	for _, one := range []struct {
		zone   string
		from   string
		minute int // of the daily digest: in the gap, and in the hour that comes twice
	}{
		{"America/New_York", "2006-06-01", 2*60 + 30}, // the rules changed in 2007
		{"Europe/Berlin", "2010-01-01", 2*60 + 15},
		{"Australia/Lord_Howe", "2014-01-01", 2*60 + 10},
		{"America/Sao_Paulo", "2017-06-01", 30}, // midnight of 4 November 2018 is skipped
		{"Asia/Kathmandu", "2001-01-01", 9 * 60},
	} {
		t.Run(strings.ReplaceAll(one.zone, "/", "_"), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				from, err := time.Parse(time.DateOnly, one.from)
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Until(from))
				y := newYears(t, one.zone, one.minute)
				y.live(730 * 24 * time.Hour)
				y.check()
			})
		})
	}
}

// years are two of them.
type years struct {
	*lives
	channels []chat.Thread
	threads  []chat.Thread
	set      []reminder
	up       []span
}

type reminder struct {
	thread int
	number int
	at     time.Time
}

// span is a time in which Baton ran.
type span struct{ from, to time.Time }

func newYears(t *testing.T, zone string, minute int) *years {
	w := memory.NewWorld(memory.Options{Seed: 1, Traits: chat.Traits{Roots: true, Settle: 30 * time.Second, Timeout: 10 * time.Second}})
	rng := rand.New(rand.NewPCG(*firstSeed, uint64(len(zone))))
	y := &years{lives: &lives{t: t, w: w, b: statemem.New(), rng: rng, words: func(w announce.Words) announce.Words { return inFull{w} }, look: time.Hour}}
	for i, h := range []habits{
		{zone, orchestration.DigestSet{Every: orchestration.DigestDaily, Minute: minute}, orchestration.QuietSet{}, everyDay, nil},
		{zone, orchestration.DigestSet{Every: orchestration.DigestDaily, Minute: 9 * 60}, orchestration.QuietSet{From: 20 * 60, To: 8 * 60}, nil, holidays(time.Now().Year())},
		{zone, orchestration.DigestSet{Every: orchestration.DigestWeekly, Weekday: time.Monday, Minute: 7 * 60}, orchestration.QuietSet{From: 22 * 60, To: 7*60 + 30}, nil, holidays(time.Now().Year())},
		{zone, orchestration.DigestSet{Every: orchestration.DigestDaily, Minute: 3 * 60}, orchestration.QuietSet{From: 60, To: 2*60 + 20}, everyDay, nil},
	} {
		c := w.Channel("w", fmt.Sprint("c", i))
		h.settle(t, y.b, c)
		y.channels = append(y.channels, c)
	}
	y.start(1 << 30)
	for i, c := range y.channels {
		pattern := []string{"solo-sprint", "domain-deep-dive"}[i%2] // with and without a due date
		y.threads = append(y.threads, start(t, w, c, pattern+" Something that nobody works on"))
	}
	return y
}

// holidays are a few, some of them in a row.
func holidays(year int) []orchestration.Holiday {
	var out []orchestration.Holiday
	for y := year; y < year+3; y++ {
		for _, on := range []string{"01-01", "03-12", "05-01", "11-05", "12-24", "12-25", "12-28", "12-29"} {
			d, err := orchestration.ParseDate(fmt.Sprint(y, "-", on))
			if err != nil {
				panic(err)
			}
			out = append(out, orchestration.Holiday{Date: d})
		}
	}
	return out
}

func (y *years) start(steps int) {
	y.t.Helper()
	y.beginAfter(steps)
	y.up = append(y.up, span{from: time.Now()})
}

// live lets time pass, with whatever happens in it.
func (y *years) live(long time.Duration) {
	end := time.Now().Add(long)
	for time.Now().Before(end) {
		for range y.rng.IntN(3) {
			y.remind()
		}
		select {
		case <-y.now.died:
			y.deaths++
		case <-time.After(time.Duration(y.rng.Int64N(int64(14 * 24 * time.Hour)))):
		}
		y.bot.end()
		y.up[len(y.up)-1].to = time.Now()
		y.bot.running.Wait()
		time.Sleep(y.away())
		steps := 1 + y.rng.IntN(120)
		if y.rng.IntN(4) == 0 {
			steps = 1 << 30
		}
		y.start(steps)
	}
	y.bot.end()
	y.up[len(y.up)-1].to = time.Now()
	y.bot.running.Wait()
	y.start(1 << 30)
	time.Sleep(80 * 24 * time.Hour) // the last reminders
	y.bot.stop()
	y.up[len(y.up)-1].to = time.Now()
}

// away is how long Baton does not run.
func (y *years) away() time.Duration {
	switch y.rng.IntN(6) {
	case 0:
		return time.Duration(y.rng.Int64N(int64(4 * 24 * time.Hour)))
	case 1, 2:
		return time.Duration(y.rng.Int64N(int64(12 * time.Hour)))
	}
	return time.Duration(y.rng.Int64N(int64(10 * time.Minute)))
}

// remind sets a reminder for some moment of the next two months.
func (y *years) remind() {
	i := y.rng.IntN(len(y.threads))
	in := 1 + y.rng.IntN(60*24*60)
	var said chat.Message
	said = y.bot.router.Handle(y.t.Context(), chat.Call{
		ID: fmt.Sprint("remind ", len(y.set)), Thread: y.threads[i], Person: ana, At: time.Now(), Text: fmt.Sprintf("remind in %d minutes look", in),
	})
	if said.Refused || said.Fault {
		return // the process had died
	}
	n := 1
	for _, r := range y.set {
		if r.thread == i {
			n++
		}
	}
	y.set = append(y.set, reminder{i, n, time.Now().Add(time.Duration(in) * time.Minute)})
}

// window is the first time from a moment on, and before another, at which Baton
// ran for so long without a break that it can have said anything.
func (y *years) window(from, to time.Time) (time.Time, bool) {
	const enough = 30 * time.Minute
	for _, s := range y.up {
		begin := s.from
		if from.After(begin) {
			begin = from
		}
		if !begin.Add(enough).After(s.to) && !begin.Add(enough).After(to) {
			return begin, true
		}
	}
	return time.Time{}, false
}

func (y *years) check() {
	days, digests, reminders := 0, 0, 0
	for i, c := range y.channels {
		h := hoursOf(y.t, y.b, c)
		d, n := y.checkDigests(c, h)
		days, digests = days+d, digests+n
		y.checkNudges(y.threads[i], h)
		reminders += y.checkReminders(i, h)
	}
	y.t.Logf("%d days with a digest, %d digests, %d reminders, %d starts, %d deaths", days, digests, reminders, len(y.up), y.deaths)
	for _, v := range y.w.Violations() {
		y.t.Errorf("%s: %s", v.Rule, v.What)
	}
}

// perDay counts messages by local day, and complains of those on free days and
// in quiet hours.
func (y *years) perDay(all []memory.Message, h orchestration.Hours) map[orchestration.Date]int {
	y.t.Helper()
	days := map[orchestration.Date]int{}
	for _, m := range all {
		day := orchestration.DateOf(m.At.In(h.Zone()))
		days[day]++
		if h.Quiet(m.At) {
			y.t.Errorf("%s: said in quiet hours, at %s", m.Ref.Thread.Key(), m.At.In(h.Zone()))
		}
		if why, free := h.Free(day); free {
			y.t.Errorf("%s: said on %s (%s)", m.Ref.Thread.Key(), day, why)
		}
		if days[day] > 1 {
			y.t.Errorf("%s: said %d times on %s", m.Ref.Thread.Key(), days[day], day)
		}
	}
	return days
}

// checkDigests checks that each day which has a digest got it, if Baton ran on
// that day from its moment on, or any time later.
func (y *years) checkDigests(c chat.Thread, h orchestration.Hours) (n, said int) {
	all := told(y.w, c, "How things stand")
	got := y.perDay(all, h)
	first, last := y.up[0].from, y.up[len(y.up)-1].to
	owed := false // a weekly one that was missed
	for d := orchestration.DateOf(first.In(h.Zone())).Add(1); h.At(d.Add(1), 0).Before(last); d = d.Add(1) {
		at, ok := h.RoundOn(d)
		if !ok {
			continue
		}
		owed = owed || h.Digest(d)
		if owed && h.Digest(d) {
			n++
		}
		ran, could := y.window(at, y.loudUntil(h, d, at))
		switch {
		case got[d] > 0 && !owed:
			y.t.Errorf("%s: a digest on %s, which has none", c.Key(), d)
		case got[d] > 0:
			owed = false
		case owed && could:
			y.t.Errorf("%s: no digest on %s: its moment was %s, and Baton ran at %s", c.Key(), d, at.In(h.Zone()), ran.In(h.Zone()))
			for _, s := range y.up {
				if s.to.After(at.AddDate(0, 0, -5)) && s.from.Before(at.AddDate(0, 0, 2)) {
					y.t.Logf("  ran from %s to %s", s.from.In(h.Zone()), s.to.In(h.Zone()))
				}
			}
			for _, m := range y.w.Messages(c) {
				if m.At.After(at.AddDate(0, 0, -10)) && m.At.Before(at.AddDate(0, 0, 2)) {
					y.t.Logf("  %s %s", m.At.In(h.Zone()), m.Text)
				}
			}
		}
	}
	return n, len(all)
}

// loudUntil is when, on a day, people may not be spoken to any more.
func (y *years) loudUntil(h orchestration.Hours, d orchestration.Date, at time.Time) time.Time {
	end := h.At(d.Add(1), 0)
	for t := at; t.Before(end); t = t.Add(10 * time.Minute) {
		if h.Quiet(t) {
			return t
		}
	}
	return end
}

func (y *years) checkNudges(thread chat.Thread, h orchestration.Hours) {
	all := slices.DeleteFunc(told(y.w, thread, ""), func(m memory.Message) bool {
		return strings.Contains(m.Text, "Reminder") || !strings.Contains(m.Text, "was due") && !strings.Contains(m.Text, "is due") && !strings.Contains(m.Text, "Nothing was decided")
	})
	all = slices.DeleteFunc(all, func(m memory.Message) bool { return strings.Contains(m.Text, "is due now") })
	y.perDay(all, h)
	if len(all) < 60 {
		y.t.Errorf("%s: only %d nudges", thread.Key(), len(all))
	}
}

func (y *years) checkReminders(i int, h orchestration.Hours) int {
	n := 0
	all := told(y.w, y.threads[i], "Reminder")
	for _, r := range y.set {
		if r.thread != i {
			continue
		}
		n++
		var said []time.Time
		for _, m := range all {
			if strings.Contains(m.Text, fmt.Sprintf("Reminder #%d by", r.number)) {
				said = append(said, m.At)
			}
		}
		due := h.Loud(r.at)
		if len(said) != 1 {
			y.t.Errorf("%s: reminder #%d for %s was said %d times", y.threads[i].Key(), r.number, r.at, len(said))
			continue
		}
		at := said[0]
		if at.Before(due) || h.Quiet(at) {
			y.t.Errorf("%s: reminder #%d for %s was said at %s", y.threads[i].Key(), r.number, r.at.In(h.Zone()), at.In(h.Zone()))
		}
		if ran, ok := y.window(due, at); ok && !h.Quiet(ran) {
			y.t.Errorf("%s: reminder #%d for %s was said at %s, and Baton ran at %s", y.threads[i].Key(), r.number, r.at.In(h.Zone()), at.In(h.Zone()), ran.In(h.Zone()))
		}
	}
	return n
}
