package announce_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/memory"
	"github.com/synthoperator/baton/announce"
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/commands"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/bolt"
)

// town is Baton over a file, in a world without paces.
type town struct {
	b         *testing.B
	world     *memory.World
	store     *state.Store
	router    *commands.Router
	announcer *announce.Announcer
	stop      func()
	calls     int
	mu        sync.Mutex
}

func newTown(b *testing.B) *town {
	b.Helper()
	lib, err := shipped()
	if err != nil {
		b.Fatal(err)
	}
	db, err := bolt.Open(filepath.Join(b.TempDir(), "town.db"), bolt.Options{})
	if err != nil {
		b.Fatal(err)
	}
	t := &town{b: b, world: memory.NewWorld(memory.Options{Numbered: true, Traits: chat.Traits{AtOnce: 256}})}
	if t.store, err = state.Open(db, state.Options{}); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := t.store.Close(); err != nil {
			b.Error(err)
		}
	})
	t.router = commands.New(commands.Deps{Store: t.store, Library: lib})
	return t
}

// speak begins to say what there is.
func (t *town) speak() {
	ctx, cancel := context.WithCancel(context.Background())
	var err error
	t.announcer, err = announce.New(ctx, announce.Deps{
		Store: t.store, Words: t.router,
		Posters: map[string]chat.Poster{"memory": memory.NewAdapter(t.world, memory.AdapterOptions{})},
	})
	if err != nil {
		t.b.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- t.announcer.Run(ctx) }()
	t.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			t.b.Error(err)
		}
	}
}

// say has somebody say something and returns how long the answer took.
func (t *town) say(in chat.Thread, text string) time.Duration {
	t.mu.Lock()
	t.calls++
	id := fmt.Sprintf("call-%d", t.calls)
	t.mu.Unlock()
	begin := time.Now()
	m := t.router.Handle(t.b.Context(), chat.Call{ID: id, Thread: in, Person: ana, Text: text, Numbered: true})
	took := time.Since(begin)
	if m.Refused || m.Fault {
		t.b.Fatalf("%s: %v", text, m.Blocks)
	}
	return took
}

// sessions starts one session in each of n channels and returns their threads.
func (t *town) sessions(name string, n int) []chat.Thread {
	threads := make([]chat.Thread, n)
	t.together(n, func(i int) {
		channel := t.world.Channel("w", fmt.Sprintf("%s-%d", name, i))
		t.say(channel, "start product-launch Launch an invoicing tool")
		threads[i] = channel.Under("1")
	})
	return threads
}

// together does n things, 128 at once.
func (t *town) together(n int, do func(i int)) {
	var group sync.WaitGroup
	next := make(chan int)
	for range min(n, 128) {
		group.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	group.Wait()
}

// How many messages a second are delivered with every step of each durable:
// rows made from the log, an attempt, and what came of it.
func BenchmarkDelivered(b *testing.B) {
	const channels, each = 500, 40
	for b.Loop() {
		t := newTown(b)
		threads := t.sessions("c", channels)
		t.speak() // what was decided before is history
		if err := t.announcer.Settled(b.Context()); err != nil {
			b.Fatal(err)
		}
		t.stop()
		t.together(channels*each, func(i int) { t.say(threads[i%channels], fmt.Sprintf("announce number %d", i)) })
		before := len(t.world.Requests())
		begin := time.Now()
		t.speak()
		if err := t.announcer.Settled(b.Context()); err != nil {
			b.Fatal(err)
		}
		took := time.Since(begin)
		t.stop()
		said := 0
		for _, r := range t.world.Requests()[before:] {
			if r.Kind == memory.Post && r.Err == nil {
				said++
			}
		}
		if said != channels*each {
			b.Fatalf("%d of %d were said", said, channels*each)
		}
		b.ReportMetric(float64(said)/took.Seconds(), "messages/s")
	}
}

// What an answer takes while 100,000 messages wait to be said, as a ratio to
// what it takes once as many have been said, in rounds that take turns.
func BenchmarkAnswerWhilePending(b *testing.B) {
	const pending, rounds, each = 100_000, 20, 200
	full, empty := newTown(b), newTown(b)
	towns := []*town{full, empty}
	threads := make([][]chat.Thread, 2)
	for i, t := range towns {
		threads[i] = t.sessions("c", 200)
		if t == full {
			t.world.Close("memory/w", memory.Revoked)
		}
		t.speak()
		defer t.stop()
		t.together(pending, func(n int) { t.say(threads[i][n%200], fmt.Sprintf("announce number %d", n)) })
	}
	for _, t := range towns {
		if err := t.announcer.Settled(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		var took [2][]time.Duration
		for round := range rounds {
			for i, t := range towns {
				for n := range each {
					took[i] = append(took[i], t.say(threads[i][(round*each+n)%200], "note decision Postgres"))
				}
			}
		}
		for i := range took {
			slices.Sort(took[i])
		}
		at := func(i, percent int) float64 { return float64(took[i][len(took[i])*percent/100]) }
		b.ReportMetric(at(0, 50)/at(1, 50), "×p50")
		b.ReportMetric(at(0, 99)/at(1, 99), "×p99")
		b.ReportMetric(at(0, 50)/1e6, "ms-p50")
	}
}
