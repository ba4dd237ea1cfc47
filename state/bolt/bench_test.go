package bolt_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	bbolt "go.etcd.io/bbolt"

	o "github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/bolt"
	"github.com/synthoperator/baton/state/statetest"
)

// What one Update writes, measured by TestRowsOfOneUpdate.
const (
	logRow  = 330
	headRow = 10
	keyRow  = 8
)

// command is one durable command by one of several callers.
type command func(caller, n int) error

// run has callers do commands one after another and returns what each took.
func run(tb testing.TB, callers, total int, do command) (took []time.Duration, whole time.Duration) {
	tb.Helper()
	took = make([]time.Duration, total)
	var next atomic.Int64
	var group sync.WaitGroup
	begin := time.Now()
	for c := range callers {
		group.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= total {
					return
				}
				at := time.Now()
				if err := do(c, i); err != nil {
					tb.Error(err)
					return
				}
				took[i] = time.Since(at)
			}
		})
	}
	group.Wait()
	return took, time.Since(begin)
}

type measured struct {
	perSecond float64
	p50, p99  time.Duration
}

func measure(tb testing.TB, callers, total int, do command) measured {
	took, whole := run(tb, callers, total, do)
	slices.Sort(took)
	return measured{float64(total) / whole.Seconds(), took[total/2], took[total*99/100]}
}

// storeCommands is Update through the store, each caller on a stream of its own.
func storeCommands(tb testing.TB, callers int) command {
	st := openStore(tb, filepath.Join(tb.TempDir(), "store.db"))
	ids := statetest.Sessions(tb, st, max(callers, 1000))
	run := time.Now().UnixNano()
	return func(c, n int) error {
		_, err := st.Update(context.Background(), record(fmt.Sprintf("slack/T1/Ev%d-%09d", run, n), ids[c]))
		return err
	}
}

// record edits one item to and fro, so that the session stays as it is.
func record(key string, id state.SessionID) state.Change {
	return statetest.Verb(key, id, func(s o.Session, by o.Human, in o.Room) (o.Decision, error) {
		return s.Announce(by, in, "Postgres, not Dynamo: we know it, and it is there in every region that we need", "")
	})
}

func openStore(tb testing.TB, path string) *state.Store {
	db, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	st, err := state.Open(db, state.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { st.Close() })
	return st
}

// bare is bbolt alone, writing the same rows in three buckets, or the same
// bytes in one.
type bare struct {
	db   *bbolt.DB
	rows bool
	text []byte
}

func openBare(tb testing.TB, rows bool) *bare {
	db, err := bbolt.Open(filepath.Join(tb.TempDir(), "bare.db"), 0o600, nil)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { db.Close() })
	err = db.Update(func(tx *bbolt.Tx) error {
		for _, name := range []string{"log", "heads", "keys"} {
			if _, err := tx.CreateBucket([]byte(name)); err != nil {
				return err
			}
		}
		for i := range 1000 {
			if err := tx.Bucket([]byte("heads")).Put(headKey(i), make([]byte, headRow)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return &bare{db, rows, make([]byte, logRow+headRow+keyRow+36+28+8)}
}

func headKey(c int) []byte { return fmt.Appendf(nil, "s/%026d", c*7919%1000) }

func (b *bare) put(tx *bbolt.Tx, c, n int) error {
	log := tx.Bucket([]byte("log"))
	pos := binary.BigEndian.AppendUint64(nil, uint64(n))
	if !b.rows {
		return log.Put(pos, b.text)
	}
	if err := log.Put(pos, b.text[:logRow]); err != nil {
		return err
	}
	if err := tx.Bucket([]byte("heads")).Put(headKey(c), b.text[:headRow]); err != nil {
		return err
	}
	return tx.Bucket([]byte("keys")).Put(fmt.Appendf(nil, "slack/T1/Ev1234567890123456789-%09d", n), b.text[:keyRow])
}

func (b *bare) update(c, n int) error {
	return b.db.Update(func(tx *bbolt.Tx) error { return b.put(tx, c, n) })
}

func (b *bare) batch(c, n int) error {
	return b.db.Batch(func(tx *bbolt.Tx) error { return b.put(tx, c, n) })
}

// from makes a command number on from another's.
func from(offset *int, do command) command {
	base := *offset
	return func(c, n int) error { return do(c, base+n) }
}

// BenchmarkAgainstBare compares, in turns on the same disk, one durable Update
// through the store with bbolt alone. Each figure is the median over the rounds.
func BenchmarkAgainstBare(b *testing.B) {
	for _, callers := range []int{1, 16, 128} {
		b.Run(fmt.Sprint(callers), func(b *testing.B) { againstBare(b, callers) })
	}
}

func againstBare(b *testing.B, callers int) {
	const each = 4000
	n := max(each*callers/16, 1000)
	sameRows, oneRow := openBare(b, true), openBare(b, false)
	sides := []struct {
		name string
		do   command
		n    int
		got  []measured
	}{
		{name: "store", do: storeCommands(b, callers), n: n},
		{name: "update-rows", do: sameRows.update, n: min(n, 2000)},
		{name: "update-bytes", do: oneRow.update, n: min(n, 2000)},
	}
	if callers > 1 {
		for _, delay := range []time.Duration{200 * time.Microsecond, 500 * time.Microsecond, time.Millisecond} {
			for _, rows := range []bool{true, false} {
				side := openBare(b, rows)
				side.db.MaxBatchSize, side.db.MaxBatchDelay = callers, delay
				name := fmt.Sprintf("batch-%s-%v", map[bool]string{true: "rows", false: "bytes"}[rows], delay)
				sides = append(sides, struct {
					name string
					do   command
					n    int
					got  []measured
				}{name: name, do: side.batch, n: n})
			}
		}
	}
	offset := 0
	for b.Loop() {
		for i := range sides {
			s := &sides[i]
			s.got = append(s.got, measure(b, callers, s.n, from(&offset, s.do)))
		}
		offset += n
	}
	b.ReportMetric(0, "ns/op")
	for _, s := range sides {
		median := func(f func(measured) float64) float64 {
			all := make([]float64, len(s.got))
			for i, m := range s.got {
				all[i] = f(m)
			}
			slices.Sort(all)
			return all[len(all)/2]
		}
		b.ReportMetric(median(func(m measured) float64 { return m.perSecond }), s.name+"/s")
		b.ReportMetric(median(func(m measured) float64 { return float64(m.p50.Microseconds()) }), s.name+"-p50-us")
		b.ReportMetric(median(func(m measured) float64 { return float64(m.p99.Microseconds()) }), s.name+"-p99-us")
	}
}

var _ = os.Getpid

// BenchmarkUpdate is one durable Update through the store.
func BenchmarkUpdate(b *testing.B) {
	for _, callers := range []int{1, 16, 128} {
		b.Run(fmt.Sprint(callers), func(b *testing.B) {
			do := storeCommands(b, callers)
			b.ReportAllocs()
			b.ResetTimer()
			m := measure(b, callers, b.N, do)
			b.ReportMetric(m.perSecond, "updates/s")
			b.ReportMetric(float64(m.p50.Microseconds()), "p50-us")
			b.ReportMetric(float64(m.p99.Microseconds()), "p99-us")
		})
	}
}
