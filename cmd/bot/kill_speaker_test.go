package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/synthoperator/baton/adapters/memory"
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/bolt"
)

// The two kinds of platforms: one where a thread is named by the message it
// hangs under, and one where it is named by the number of its session.
const (
	rooted   = "rooted"
	numbered = "numbered"
)

// How slow the platforms are. A look-up shows what was said after settle.
const (
	slowness = 20 * time.Millisecond // before and after a request takes effect, each
	lag      = 50 * time.Millisecond
	settle   = 150 * time.Millisecond
)

func worldOf(platform string, seed uint64, now func() time.Time) *memory.World {
	return memory.NewWorld(memory.Options{
		Platform: platform, Numbered: platform == numbered, Seed: seed, Now: now,
		Traits: chat.Traits{Roots: platform == rooted, Settle: settle, Timeout: 10 * time.Second},
	})
}

// What the speaking bot is told by its environment, beside [broken].
const (
	speakerDies = "BATON_TEST_SPEAKER_DIES" // step@n: the n-th time it comes to the step
	mute        = "BATON_TEST_MUTE"         // it hears and decides, and says nothing by itself
	ahead       = "BATON_TEST_AHEAD"        // how far its clock is ahead
)

// speaking is the bot over the database in the folder that is its first
// argument, serving the platforms at the address that is its second, which kills
// itself where it is told to. As [dying] it is a program of its own.
func speaking() {
	fail := func(err error) {
		fmt.Fprintln(os.Stderr, "speaking:", err)
		os.Exit(exitFailed)
	}
	f := newFuse(os.Getenv(speakerDies))
	db, err := bolt.Open(filepath.Join(os.Args[1], databaseName), bolt.Options{Step: f.reach})
	if err != nil {
		fail(err)
	}
	conn, err := net.Dial("tcp", os.Args[2])
	if err != nil {
		fail(err)
	}
	s := &speaker{wire: newWire(conn)}
	posters := map[string]chat.Poster{}
	for _, name := range []string{rooted, numbered} {
		like := memory.NewAdapter(worldOf(name, 0, nil), memory.AdapterOptions{})
		posters[name] = unseeing(remote{like, name, s.wire})
	}
	log := newLogger(LogConfig{Format: "text", Level: "info"}, os.Stderr)
	later, err := time.ParseDuration(os.Getenv(ahead))
	if err != nil {
		fail(err)
	}
	s.parts, err = assemble(withoutGuarantee(db, f), DefaultConfig(), around{
		now: func() time.Time { return time.Now().Add(later) }, log: log.Logger, fatal: fail, posters: fixed(posters), step: f.reach,
	})
	if err != nil {
		fail(err)
	}
	if err := s.run(); err != nil {
		fail(err)
	}
}

// speaker is the bot at its end of the wire.
type speaker struct {
	*parts
	wire *wire
}

// run serves until the other end is gone, and ends in order then.
func (s *speaker) run() error {
	ctx, end := context.WithCancel(context.Background())
	s.wire.serve = func(f frame) frame { return s.serve(ctx, f) }
	var speaking sync.WaitGroup
	var err error
	if os.Getenv(mute) == "" {
		speaking.Go(func() {
			if err = speak(ctx, s.parts); err != nil {
				fmt.Fprintln(os.Stderr, "speaking:", err) // as the real one ends with
				os.Exit(exitFailed)
			}
		})
	}
	speaking.Go(func() { _, _ = s.wire.ask(ctx, frame{Do: "hello", Pid: os.Getpid()}) })
	s.wire.run()
	s.wire.under.Wait()
	end()
	speaking.Wait()
	if err == nil {
		err = s.close()
	}
	return err
}

func (s *speaker) serve(ctx context.Context, f frame) frame {
	switch f.Do {
	case "call":
		return frame{Message: toWireMessage(s.router.Handle(ctx, f.Call.call()))}
	case "quiet":
		return frame{Error: toWireError(s.quiet(ctx))}
	}
	return frame{Error: &wireError{Text: "what is " + f.Do + "?"}}
}

// quiet waits until nothing is to be said any more, later neither.
func (s *speaker) quiet(ctx context.Context) error {
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for {
		if err := s.parts.speaker.Settled(ctx); err != nil {
			return err
		}
		left, err := toSay(ctx, s.store)
		if err != nil || left == 0 {
			return err
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// toSay is how many rows the outbox holds, up to 100: see package announce for
// their keys.
func toSay(ctx context.Context, st *state.Store) (n int, err error) {
	err = st.Own(ctx, "announce", func(tx *state.FollowTx) error {
		rows, err := tx.List("q", "", 100)
		n = len(rows)
		return err
	})
	return n, err
}

// fuse ends the process when it has come to a step so many times.
type fuse struct {
	step string

	mu   sync.Mutex
	left int
}

// newFuse reads step@n; "" never ends anything.
func newFuse(text string) *fuse {
	step, n, _ := strings.Cut(text, "@")
	f := &fuse{step: step}
	f.left, _ = strconv.Atoi(n)
	return f
}

// reach does not return when the time has come: everything else in the process
// stops as well, at whatever it was about to do.
func (f *fuse) reach(step string) {
	if step != f.step {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.left--; f.left > 0 {
		return
	}
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	panic(fmt.Sprint("still alive: ", err))
}
