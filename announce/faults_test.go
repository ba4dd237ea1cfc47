package announce_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
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

var (
	seeds     = flag.Int("seeds", 1000, "how many seeds TestReplyLost runs")
	firstSeed = flag.Uint64("seed", 1, "the first of them")
)

// mortal is a backend of a process that can die: from then on nothing is
// written, whatever the goroutines that are left try.
type mortal struct {
	state.Backend
	dead atomic.Bool
}

var errDead = errors.New("this process is dead")

func (m *mortal) Commit(ctx context.Context, w state.Write) error {
	if m.dead.Load() {
		return fmt.Errorf("%w: %w", state.ErrClosed, errDead)
	}
	return m.Backend.Commit(ctx, w)
}

func (m *mortal) Close() error { return nil } // the file outlives the process

// dying is a process that dies at the n-th step it takes.
type dying struct {
	*mortal
	left atomic.Int64
	died chan struct{}
}

func newDying(b state.Backend, after int) *dying {
	d := &dying{mortal: &mortal{Backend: b}, died: make(chan struct{})}
	d.left.Store(int64(after))
	return d
}

func (d *dying) step(string) {
	if d.left.Add(-1) == 0 {
		d.dead.Store(true)
		close(d.died)
	}
	if d.dead.Load() {
		runtime.Goexit() // a dead process does nothing more
	}
}

// The platform stores what is said and loses the reply, delays it, hangs or
// refuses; look-ups lag; Baton dies at any step and is started again. Each
// announcement is there once in the end, in order, and nothing is said early.
func TestReplyLost(t *testing.T) {
	for lane := range 2 {
		t.Run(fmt.Sprint(lane), func(t *testing.T) {
			t.Parallel()
			for i := lane; i < *seeds && !t.Failed(); i += 2 {
				seed := *firstSeed + uint64(i)
				if !t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) { synctest.Test(t, func(t *testing.T) { replyLost(t, seed) }) }) {
					return
				}
			}
		})
	}
}

func replyLost(t *testing.T, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 1))
	w := memory.NewWorld(memory.Options{
		Seed: seed,
		Traits: chat.Traits{
			Roots: true, Settle: 30 * time.Second, Timeout: 10 * time.Second, AtOnce: 4,
			Channel: chat.Pace{Every: time.Second, Burst: 1}, Edits: chat.Pace{Every: time.Second, Burst: 5},
		},
	})
	if rng.IntN(2) == 0 {
		w.Lag(20 * time.Second)
	}
	faults := []func(){}
	faults = append(faults, w.Fail(memory.Fault{On: memory.Find, Rate: 0.2, Then: memory.LoseReply}))
	for _, outcome := range []memory.Outcome{memory.LoseReply, memory.Hang, memory.Drop, memory.TryLater} {
		faults = append(faults, w.Fail(memory.Fault{
			On: []memory.Kind{memory.Post, memory.Edit}[rng.IntN(2)], Rate: rng.Float64() * 0.3, Then: outcome, Wait: time.Duration(1+rng.IntN(60)) * time.Second,
			Before: 3 * time.Second, After: 3 * time.Second, Drawn: true,
		}))
	}
	b := statemem.New()
	launch, sales := w.Channel("w", "launch"), w.Channel("v", "launch")
	l := &lives{t: t, w: w, b: b, rng: rng}
	l.begin()
	say := func(in chat.Thread, text string) {
		for before := -1; before != saying(w, in, "Not accepted"); { // then people say it again
			before = saying(w, in, "Not accepted")
			w.Say(ana, in, text)
			l.pass(time.Duration(rng.IntN(120)) * time.Second)
		}
	}
	hear(t, b, launch, sales)
	say(launch, "start product-launch Launch an invoicing tool")
	thread := threadOf(t, b, func() { l.pass(time.Minute) })
	say(thread, "handoff decisions: Postgres")
	say(thread, "override phase 4 because the date moved")
	say(thread, "undo because it moved back")
	say(thread, "announce We launch on Monday")
	for _, end := range faults {
		end()
	}
	for range 30 {
		l.pass(time.Minute)
	}
	l.bot.stop()
	once(t, w, thread, "Session 1: Build is done", "Session 1: Ana took this back", "Session 1: Ana announces: We launch on Monday")
	once(t, w, sales, "Ana started it", "Build is done", "Ana took this back", "Ana announces: We launch on Monday")
	if n := saying(w, launch, "Six-week product launch: Launch an invoicing tool"); n != 1 {
		t.Errorf("%d cards", n)
	}
	for _, v := range w.Violations() {
		if v.Rule == memory.Early && (l.deaths > 0 || crossed(w, v)) {
			continue // who died with the reply in hand cannot know how long to wait
		}
		t.Errorf("%s: %s (%s in %s at %s)", v.Rule, v.What, v.Kind, v.In.Key(), v.Began.Format("04:05.000"))
	}
	if t.Failed() {
		for _, in := range []chat.Thread{launch, thread, sales} {
			t.Logf("in %s:\n%s", in.Key(), strings.Join(texts(w, in), "\n---\n"))
		}
	}
}

// crossed reports whether a request was begun at the moment another one was
// told to wait: its sender could not know.
func crossed(w *memory.World, v memory.Violation) bool {
	return slices.ContainsFunc(w.Requests(), func(r memory.Request) bool {
		var later chat.Later
		return r.Ended.Equal(v.Began) && errors.As(r.Err, &later)
	})
}

// lives are the processes of one bot, one after the other.
type lives struct {
	t      *testing.T
	w      *memory.World
	b      state.Backend
	rng    *rand.Rand
	bot    *bot
	now    *dying
	deaths int
	words  func(announce.Words) announce.Words
	look   time.Duration
}

// begin begins a process that dies at some step, or does not.
func (l *lives) begin() {
	l.t.Helper()
	after := 1 + l.rng.IntN(40)
	if l.rng.IntN(3) == 0 {
		after = 1 << 30
	}
	l.beginAfter(after)
}

// beginAfter begins a process that dies at that step.
func (l *lives) beginAfter(steps int) {
	l.t.Helper()
	l.now = newDying(l.b, steps)
	l.bot = begin(l.t, l.w, l.now, options{step: l.now.step, words: l.words, look: l.look})
}

// pass lets time pass; who dies meanwhile is started again.
func (l *lives) pass(long time.Duration) {
	l.t.Helper()
	select {
	case <-l.now.died:
		l.bot.end()
		time.Sleep(time.Duration(l.rng.IntN(int(time.Minute))))
		l.deaths++
		l.begin()
	case <-time.After(long):
		synctest.Wait()
	}
}

// over opens the log beside a process, to look at it.
func over(t *testing.T, b state.Backend) *state.Store {
	t.Helper()
	st, err := state.Open(&mortal{Backend: b}, state.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// hear has a channel's announcements said in another one too.
func hear(t *testing.T, b state.Backend, channel, other chat.Thread) {
	t.Helper()
	_, err := over(t, b).UpdateSettings(t.Context(), state.SettingChange{
		Stream: state.ChannelStream(orchestration.ChannelKey(channel.Key())),
		Decide: func(v state.View, s orchestration.Settings) (orchestration.Decision, error) {
			by := orchestration.NewHuman("memory/w/ana", "Ana")
			return s.SetAnnouncements(by, orchestration.Room{Now: v.Now()}, orchestration.AnnouncePhases,
				[]orchestration.ChannelKey{orchestration.ChannelKey(other.Key())}, "")
		},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// threadOf is the thread of the first session, once it has one.
func threadOf(t *testing.T, b state.Backend, wait func()) chat.Thread {
	t.Helper()
	for range 60 {
		st := over(t, b)
		all, err := st.All(t.Context(), "", 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(all) == 1 {
			s, err := st.Session(t.Context(), all[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			if s.Thread() != "" {
				thread, err := chat.ParseThread(string(s.Thread()))
				if err != nil {
					t.Fatal(err)
				}
				return thread
			}
		}
		wait()
	}
	t.Fatal("the session got no thread")
	return chat.Thread{}
}

// once checks that texts stand in a place once each, in order.
func once(t *testing.T, w *memory.World, in chat.Thread, want ...string) {
	t.Helper()
	last, before := -1, ""
	for _, text := range want {
		at := -1
		for i, one := range texts(w, in) {
			if !strings.Contains(one, text) {
				continue
			}
			if at >= 0 {
				t.Errorf("%q was said twice in %s", text, in.Key())
			}
			at = i
		}
		if at < 0 {
			t.Errorf("%q was not said in %s", text, in.Key())
		} else if at < last {
			t.Errorf("%q was said before %q in %s", text, before, in.Key())
		}
		last, before = max(at, last), text
	}
}
