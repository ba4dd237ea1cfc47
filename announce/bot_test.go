package announce_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/memory"
	"github.com/synthoperator/baton/announce"
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/commands"
	"github.com/synthoperator/baton/library"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
	statemem "github.com/synthoperator/baton/state/memory"
)

// shipped is the library that comes with Baton, read once.
var shipped = sync.OnceValues(func() (*library.Library, error) {
	return library.Open([]library.Source{library.Shipped()}, library.Options{})
})

// bot is Baton in a world, from a start to a stop.
type bot struct {
	t         *testing.T
	world     *memory.World
	store     *state.Store
	announcer *announce.Announcer
	router    *commands.Router
	end       context.CancelFunc
	running   sync.WaitGroup
	calls     int
}

// options are what a test changes about a bot.
type options struct {
	step   func(string)
	poster func(chat.Poster) chat.Poster
	more   map[string]chat.Poster
	// answersWait has answers that are posted take turns with all else.
	answersWait bool
	words       func(announce.Words) announce.Words
	now         func() time.Time
	look        time.Duration // how long the clock goes unwatched
}

// begin starts Baton on what a backend holds.
func begin(t *testing.T, w *memory.World, b state.Backend, o options) *bot {
	t.Helper()
	lib, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	x := &bot{t: t, world: w}
	if x.store, err = state.Open(b, state.Options{Log: log, Now: o.now}); err != nil {
		t.Fatal(err)
	}
	x.router = commands.New(commands.Deps{Store: x.store, Library: lib, Log: log, Now: o.now})
	var how memory.AdapterOptions
	if how.Log = log; o.answersWait {
		how.Pace = x.turn
	}
	adapter := memory.NewAdapter(w, how)
	var poster chat.Poster = adapter
	if o.poster != nil {
		poster = o.poster(adapter)
	}
	posters := map[string]chat.Poster{"memory": poster}
	for name, p := range o.more {
		posters[name] = p
	}
	var words announce.Words = x.router
	if o.words != nil {
		words = o.words(words)
	}
	ctx, end := context.WithCancel(t.Context())
	x.end = end
	if x.announcer, err = announce.New(ctx, announce.Deps{Store: x.store, Words: words, Posters: posters, Log: log, Step: o.step, Now: o.now, Unwatched: o.look}); err != nil {
		t.Fatal(err)
	}
	x.running.Go(func() {
		if err := x.announcer.Run(ctx); err != nil && !errors.Is(err, errDead) {
			t.Errorf("the announcer ended: %v", err)
		}
	})
	x.running.Go(func() { _ = adapter.Run(ctx, x.router) })
	return x
}

// turn waits for the turn of an answer.
func (x *bot) turn(ctx context.Context, in chat.Thread) error {
	done, err := x.announcer.Turn(ctx, in)
	if err == nil {
		done()
	}
	return err
}

// call has Ana decide something without a word in the world.
func (x *bot) call(in chat.Thread, text string) chat.Message {
	x.t.Helper()
	x.calls++
	m := x.router.Handle(x.t.Context(), chat.Call{ID: fmt.Sprintf("call-%d", x.calls), Thread: in, Person: ana, Text: text})
	if m.Refused || m.Fault {
		x.t.Fatalf("%s: %v", text, m.Blocks)
	}
	return m
}

// launched is the thread of a session in a channel, once it has one.
func (x *bot) launched(channel string) chat.Thread {
	x.t.Helper()
	in := x.world.Channel("w", channel)
	x.call(in, "start product-launch Launch an invoicing tool")
	for range 100 {
		time.Sleep(time.Second)
		synctest.Wait()
		listed, err := x.store.Sessions(x.t.Context(), orchestration.ChannelKey(in.Key()), state.Page{})
		if err != nil {
			x.t.Fatal(err)
		}
		s, err := x.store.Session(x.t.Context(), listed[0].ID)
		if err != nil {
			x.t.Fatal(err)
		}
		if s.Thread() != "" {
			thread, err := chat.ParseThread(string(s.Thread()))
			if err != nil {
				x.t.Fatal(err)
			}
			return thread
		}
	}
	x.t.Fatalf("the session in %s got no thread", channel)
	return chat.Thread{}
}

// stop ends Baton in order. The backend stays.
func (x *bot) stop() {
	x.end()
	x.running.Wait()
}

var (
	ana = chat.Person{ID: "ana", Name: "Ana"}
	ben = chat.Person{ID: "ben", Name: "Ben"}
)

// texts is what stands in a place and was not taken back, a message each.
func texts(w *memory.World, in chat.Thread) []string {
	var out []string
	for _, m := range w.Messages(in) {
		if m.Deleted == "" {
			out = append(out, m.Text)
		}
	}
	return out
}

// saying is how many messages in a place hold a text.
func saying(w *memory.World, in chat.Thread, text string) int {
	n := 0
	for _, one := range texts(w, in) {
		if strings.Contains(one, text) {
			n++
		}
	}
	return n
}

func TestALaunchIsAnnounced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := memory.NewWorld(memory.Options{Traits: chat.Traits{Roots: true, Settle: 30 * time.Second}})
		x := begin(t, w, statemem.New(), options{})
		defer x.stop()
		launch := w.Channel("w", "launch")
		w.Say(ana, launch, "start product-launch Launch an invoicing tool")
		synctest.Wait()
		for _, m := range texts(w, launch) {
			t.Log(m)
		}
		root := w.Messages(launch)
		thread := launch.Under(root[len(root)-1].Ref.ID)
		w.Say(ana, thread, "handoff decisions: Postgres")
		time.Sleep(time.Minute)
		synctest.Wait()
		t.Log("thread")
		for _, m := range texts(w, thread) {
			t.Log(m)
		}
		t.Log("channel")
		for _, m := range texts(w, launch) {
			t.Log(m)
		}
	})
}
