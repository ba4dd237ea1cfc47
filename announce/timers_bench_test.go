package announce_test

import (
	"context"
	"flag"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/synthoperator/baton/announce"
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/commands"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/bolt"
)

var dueDates = flag.Int("due-dates", 100_000, "how many sessions BenchmarkManyDueDates has")

// nowhere takes every post, so that only Baton's own work is measured.
type nowhere struct{ said atomic.Int64 }

func (*nowhere) Traits() chat.Traits                             { return chat.Traits{AtOnce: 256} }
func (*nowhere) Split(m chat.Message) []chat.Message             { return []chat.Message{m} }
func (*nowhere) Edit(context.Context, chat.Ref, chat.Post) error { return nil }
func (n *nowhere) Post(_ context.Context, p chat.Post) (chat.Ref, error) {
	n.said.Add(1)
	return chat.Ref{Thread: p.To, ID: "1"}, nil
}

// cpu is the processor time that this process has used.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// A hundred thousand sessions with due dates in a thousand channels cost next
// to nothing while nothing is due, and the rounds of a whole day little. Both
// are given as a share of one core: the bound is 0.05 for the two together.
func BenchmarkManyDueDates(b *testing.B) {
	lib, err := shipped()
	if err != nil {
		b.Fatal(err)
	}
	db, err := bolt.Open(filepath.Join(b.TempDir(), "log"), bolt.Options{})
	if err != nil {
		b.Fatal(err)
	}
	var clock wall
	tuesday := time.Date(2026, 3, 17, 8, 59, 0, 0, time.UTC)
	at := func(t time.Time) { clock.off.Store(int64(time.Until(t))) }
	st, err := state.Open(db, state.Options{Now: clock.now})
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	router := commands.New(commands.Deps{Store: st, Library: lib, Now: clock.now})
	for day := range 13 { // so that dates lie on all days around the one that is measured
		at(tuesday.AddDate(0, 0, day-15))
		startMany(b, router, *dueDates/13*day, *dueDates/13*(day+1))
	}
	at(tuesday)
	poster := &nowhere{}
	a, err := announce.New(b.Context(), announce.Deps{Store: st, Words: router, Posters: map[string]chat.Poster{"bench": poster}, Now: clock.now})
	if err != nil {
		b.Fatal(err)
	}
	ctx, end := context.WithCancel(b.Context())
	var running sync.WaitGroup
	running.Go(func() {
		if err := a.Run(ctx); err != nil {
			b.Error(err)
		}
	})
	defer running.Wait()
	defer end()
	if err := a.Settled(ctx); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		const idle = 10 * time.Second
		at(tuesday)
		runtime.GC() // what setting all this up left is not what waiting costs
		time.Sleep(5 * time.Second)
		before := cpu(b)
		time.Sleep(idle)
		waiting := float64(cpu(b)-before) / float64(idle)

		said := poster.said.Load()
		before = cpu(b)
		at(tuesday.Add(14 * time.Hour))
		for poster.said.Load() == said { // the clock is looked at every minute
			time.Sleep(time.Second)
		}
		for n := int64(-1); n != poster.said.Load(); {
			n = poster.said.Load()
			time.Sleep(2 * time.Second)
			if err := a.Settled(ctx); err != nil {
				b.Fatal(err)
			}
		}
		rounds := float64(cpu(b)-before) / float64(24*time.Hour)
		b.ReportMetric(waiting, "idle-cores")
		b.ReportMetric(rounds, "rounds-cores")
		b.ReportMetric(waiting+rounds, "cores")
		b.ReportMetric(float64(poster.said.Load()-said), "messages")
		tuesday = tuesday.AddDate(0, 0, 1)
	}
	b.ReportMetric(0, "ns/op")
}

// startMany starts sessions, a hundred to a channel.
func startMany(b *testing.B, r *commands.Router, from, to int) {
	b.Helper()
	var next atomic.Int64
	next.Store(int64(from))
	var all sync.WaitGroup
	for range 128 {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < to; i = int(next.Add(1)) - 1 {
				in, err := chat.NewThread("bench", "w", fmt.Sprint("c", i%(*dueDates/100+1)), "")
				if err != nil {
					b.Error(err)
					return
				}
				m := r.Handle(b.Context(), chat.Call{ID: fmt.Sprint("start ", i), Thread: in, Person: ana, Text: "start product-launch Something", Numbered: true})
				if m.Refused || m.Fault {
					b.Errorf("it was not started: %v", m)
					return
				}
			}
		})
	}
	all.Wait()
}
