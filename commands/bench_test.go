package commands_test

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	bbolt "go.etcd.io/bbolt"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/commands"
	"github.com/synthoperator/baton/library"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/bolt"
)

// BenchmarkDurable compares one durable command through router and log with
// bare bbolt writing the same rows, in one run on the same disk. The rounds
// alternate, so that other load falls on all of them:
//
//	x-update-1     commands a second by one caller, over bare Update's
//	x-batch-128    by 128 callers in 128 threads, over the best bare Batch
//	x-update-128   the same, over one bare Update per command
//	x-p99-128      the 99th percentile at 128 callers, over the best Batch's
func BenchmarkDurable(b *testing.B) {
	dir := b.TempDir()
	shape := measureRows(b, filepath.Join(dir, "shape.db"))
	b.Logf("a command writes %v rows (key, value bytes)", shape)
	baton := newBaton(b, filepath.Join(dir, "baton.db"), 128)
	bare := newBare(b, filepath.Join(dir, "bare.db"), shape)
	const round = 400 * time.Millisecond
	var rates [5][]float64
	var p99 [2][]float64
	for b.Loop() {
		one := drive(1, round, baton.command)
		update := drive(1, round, bare.update)
		many := drive(128, round, baton.command)
		best := run{}
		for _, delay := range []time.Duration{200 * time.Microsecond, 500 * time.Microsecond, time.Millisecond, 2 * time.Millisecond} {
			bare.db.MaxBatchDelay, bare.db.MaxBatchSize = delay, 128
			if r := drive(128, round, bare.batch); r.rate > best.rate {
				best = r
			}
		}
		single := drive(128, round, bare.update)
		for i, r := range []float64{one.rate, update.rate, many.rate, best.rate, single.rate} {
			rates[i] = append(rates[i], r)
		}
		p99[0], p99[1] = append(p99[0], many.p99.Seconds()*1e3), append(p99[1], best.p99.Seconds()*1e3)
	}
	m := func(v []float64) float64 { slices.Sort(v); return v[len(v)/2] }
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(m(rates[0]), "baton-1/s")
	b.ReportMetric(m(rates[0])/m(rates[1]), "x-update-1")
	b.ReportMetric(m(rates[2]), "baton-128/s")
	b.ReportMetric(m(rates[2])/m(rates[3]), "x-batch-128")
	b.ReportMetric(m(rates[2])/m(rates[4]), "x-update-128")
	b.ReportMetric(m(p99[0]), "p99-128-ms")
	b.ReportMetric(m(p99[0])/m(p99[1]), "x-p99-128")
}

// run is what one round measured.
type run struct {
	rate float64
	p99  time.Duration
}

// drive has n callers call do one after the other for that long.
func drive(n int, length time.Duration, do func(caller, i int) error) run {
	took := make([][]time.Duration, n)
	var wg sync.WaitGroup
	start := time.Now()
	for c := range n {
		wg.Go(func() {
			for i := 0; time.Since(start) < length; i++ {
				at := time.Now()
				if err := do(c, i); err != nil {
					panic(err)
				}
				took[c] = append(took[c], time.Since(at))
			}
		})
	}
	wg.Wait()
	all := slices.Concat(took...)
	slices.Sort(all)
	return run{float64(len(all)) / time.Since(start).Seconds(), all[len(all)*99/100]}
}

// benched is a bot with one session in each of some threads.
type benched struct {
	router  *commands.Router
	threads []chat.Thread
	run     string
}

func newBaton(b *testing.B, path string, threads int) *benched {
	b.Helper()
	db, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		b.Fatal(err)
	}
	st, err := state.Open(db, state.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { st.Close() })
	lib, err := library.Open([]library.Source{library.Shipped()}, library.Options{})
	if err != nil {
		b.Fatal(err)
	}
	x := &benched{router: commands.New(commands.Deps{Store: st, Library: lib}), run: rand.Text()[:6]}
	for i := range threads {
		channel, _ := chat.NewThread("console", "local", fmt.Sprintf("bench-%d", i), "")
		m := x.router.Handle(context.Background(), chat.Call{
			ID: fmt.Sprintf("%s-start-%d", x.run, i), Thread: channel, Numbered: true,
			Person: chat.Person{ID: "ana", Name: "ana"}, Text: "start solo-sprint Ship the beta",
		})
		if m.Refused || m.Fault {
			b.Fatal(m)
		}
		x.threads = append(x.threads, channel.Under("1"))
	}
	return x
}

var serial sync.Map

func (x *benched) command(caller, _ int) error {
	n, _ := serial.LoadOrStore(caller, new(int))
	*n.(*int)++
	m := x.router.Handle(context.Background(), chat.Call{
		ID:     fmt.Sprintf("%s-%d-%d", x.run, caller, *n.(*int)),
		Thread: x.threads[caller%len(x.threads)], Numbered: true, Person: chat.Person{ID: "ana", Name: "ana"},
		Text: "note decision Postgres, not Dynamo because we need transactions",
	})
	if m.Refused || m.Fault {
		return fmt.Errorf("%v", m)
	}
	return nil
}

// row is the size of one row that a command writes.
type row struct{ key, value int }

// measureRows runs commands and looks at what they left in the file: the rows a
// command adds, by their mean size in each bucket.
func measureRows(b *testing.B, path string) []row {
	b.Helper()
	db, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		b.Fatal(err)
	}
	st, err := state.Open(db, state.Options{})
	if err != nil {
		b.Fatal(err)
	}
	lib, err := library.Open([]library.Source{library.Shipped()}, library.Options{})
	if err != nil {
		b.Fatal(err)
	}
	x := &benched{router: commands.New(commands.Deps{Store: st, Library: lib}), run: "shape"}
	channel, _ := chat.NewThread("console", "local", "bench-0", "")
	x.router.Handle(context.Background(), chat.Call{
		ID: "start", Thread: channel, Numbered: true,
		Person: chat.Person{ID: "ana", Name: "ana"}, Text: "start solo-sprint Ship the beta",
	})
	x.threads = []chat.Thread{channel.Under("1")}
	const commandsRun = 100
	for i := range commandsRun {
		if err := x.command(1000, i); err != nil {
			b.Fatal(err)
		}
	}
	if err := st.Close(); err != nil {
		b.Fatal(err)
	}
	return rowsOf(b, path, commandsRun)
}

func rowsOf(b *testing.B, path string, n int) []row {
	b.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, Timeout: time.Second})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	var rows []row
	err = db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(_ []byte, bucket *bbolt.Bucket) error {
			count, keys, values := 0, 0, 0
			bucket.ForEach(func(k, v []byte) error {
				count, keys, values = count+1, keys+len(k), values+len(v)
				return nil
			})
			for range count / n {
				rows = append(rows, row{keys / count, values / count})
			}
			return nil
		})
	})
	if err != nil || len(rows) == 0 {
		b.Fatal(err, rows)
	}
	return rows
}

// bare writes rows of given sizes with bbolt and nothing else.
type bare struct {
	db    *bbolt.DB
	shape []row
	mu    sync.Mutex
	next  uint64
}

func newBare(b *testing.B, path string, shape []row) *bare {
	b.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	err = db.Update(func(tx *bbolt.Tx) error {
		for i := range shape {
			if _, err := tx.CreateBucket(fmt.Append(nil, i)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return &bare{db: db, shape: shape}
}

// put writes one command's rows. The first bucket's keys are in order, as a
// log's are; the others' are spread over the callers, as streams and keys are.
func (x *bare) put(tx *bbolt.Tx, caller int, n uint64) error {
	for i, r := range x.shape {
		key, value := make([]byte, max(r.key, 16)), make([]byte, r.value)
		if i > 0 {
			binary.BigEndian.PutUint64(key, uint64(caller))
		}
		binary.BigEndian.PutUint64(key[8:], n)
		if err := tx.Bucket(fmt.Append(nil, i)).Put(key, value); err != nil {
			return err
		}
	}
	return nil
}

func (x *bare) number() uint64 {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.next++
	return x.next
}

func (x *bare) update(caller, _ int) error {
	n := x.number()
	return x.db.Update(func(tx *bbolt.Tx) error { return x.put(tx, caller, n) })
}

func (x *bare) batch(caller, _ int) error {
	n := x.number()
	return x.db.Batch(func(tx *bbolt.Tx) error { return x.put(tx, caller, n) })
}

// BenchmarkLongThread compares a command in a thread of ten thousand decisions
// with one in a thread of ten, in one run over one database; x-note and
// x-status are the ratios of the medians.
func BenchmarkLongThread(b *testing.B) {
	x := newBaton(b, filepath.Join(b.TempDir(), "long.db"), 2)
	const short, long = 0, 1
	for range 10 {
		if err := x.say(short, "note decision Postgres, not Dynamo"); err != nil {
			b.Fatal(err)
		}
	}
	for range 10_000 {
		if err := x.say(long, "note decision Postgres, not Dynamo"); err != nil {
			b.Fatal(err)
		}
	}
	took := map[string][2][]time.Duration{}
	for b.Loop() {
		for _, text := range []string{"note decision one more", "status", "undo"} {
			for thread := range 2 {
				at := time.Now()
				if err := x.say(thread, text); err != nil {
					b.Fatal(err)
				}
				times := took[text]
				times[thread] = append(times[thread], time.Since(at))
				took[text] = times
			}
		}
	}
	b.ReportMetric(0, "ns/op")
	for text, name := range map[string]string{"note decision one more": "x-note", "status": "x-status", "undo": "x-undo"} {
		b.ReportMetric(median(took[text][long])/median(took[text][short]), name)
	}
}

func median(d []time.Duration) float64 {
	slices.Sort(d)
	return d[len(d)/2].Seconds()
}

// say has the thread's owner say something in it.
func (x *benched) say(thread int, text string) error {
	m := x.router.Handle(context.Background(), chat.Call{
		ID: rand.Text(), Thread: x.threads[thread], Numbered: true,
		Person: chat.Person{ID: "ana", Name: "ana"}, Text: text,
	})
	if m.Refused || m.Fault {
		return fmt.Errorf("%s: %v", text, m)
	}
	return nil
}
