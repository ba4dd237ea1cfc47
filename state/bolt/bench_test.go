package bolt

import (
	"encoding/binary"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	bbolt "go.etcd.io/bbolt"

	o "github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
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
		_, err := st.Update(ctx, record(fmt.Sprintf("slack/T1/Ev%d-%09d", run, n), ids[c]))
		return err
	}
}

// record edits one item to and fro, so that the session stays as it is.
func record(key string, id state.SessionID) state.Change {
	return statetest.Verb(key, id, func(s o.Session, by o.Human, in o.Room) (o.Decision, error) {
		return s.Announce(by, in, "Postgres, not Dynamo: we know it, and it is there in every region that we need", "")
	})
}

func openStore(tb testing.TB, path string) *state.Store { return store(tb, open(tb, path, Options{})) }

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

// side is one of those that a benchmark compares.
type side struct {
	name string
	do   command
	n    int // commands a round
	got  []measured
}

// inTurns runs the sides round by round, so that what else the machine does
// falls on all of them, and reports each one's median.
func inTurns(b *testing.B, callers int, sides []*side) {
	offset := 0
	for b.Loop() {
		base := offset
		for _, s := range sides {
			s.got = append(s.got, measure(b, callers, s.n, func(c, n int) error { return s.do(c, base+n) }))
			offset = max(offset, base+s.n)
		}
	}
	b.ReportMetric(0, "ns/op")
	for _, s := range sides {
		of := func(f func(measured) float64) float64 {
			all := make([]float64, len(s.got))
			for i, m := range s.got {
				all[i] = f(m)
			}
			return median(all)
		}
		b.ReportMetric(of(func(m measured) float64 { return m.perSecond }), s.name+"/s")
		b.ReportMetric(of(func(m measured) float64 { return float64(m.p50.Microseconds()) }), s.name+"-p50-us")
		b.ReportMetric(of(func(m measured) float64 { return float64(m.p99.Microseconds()) }), s.name+"-p99-us")
	}
}

func median(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}

// BenchmarkAgainstBare compares, in turns on the same disk, one durable Update
// through the store with bbolt alone. Each figure is the median over the rounds.
func BenchmarkAgainstBare(b *testing.B) {
	for _, callers := range []int{1, 16, 128} {
		b.Run(fmt.Sprint(callers), func(b *testing.B) { againstBare(b, callers) })
	}
}

func againstBare(b *testing.B, callers int) {
	n := max(250*callers, 1000)
	sameRows, sameBytes := openBare(b, true), openBare(b, false)
	sides := []*side{
		{name: "store", do: storeCommands(b, callers), n: n},
		{name: "update-rows", do: sameRows.update, n: min(n, 2000)},
		{name: "update-bytes", do: sameBytes.update, n: min(n, 2000)},
	}
	if callers > 1 {
		for _, delay := range []time.Duration{200 * time.Microsecond, 500 * time.Microsecond, time.Millisecond} {
			for _, kind := range []string{"rows", "bytes"} {
				bare := openBare(b, kind == "rows")
				bare.db.MaxBatchSize, bare.db.MaxBatchDelay = callers, delay
				sides = append(sides, &side{name: fmt.Sprintf("batch-%s-%v", kind, delay), do: bare.batch, n: n})
			}
		}
	}
	inTurns(b, callers, sides)
}

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

// BenchmarkLongStream compares one Update of a stream of ten decisions with
// one of ten thousand.
func BenchmarkLongStream(b *testing.B) {
	st := openStore(b, filepath.Join(b.TempDir(), "long.db"))
	ids := statetest.Sessions(b, st, 2)
	grow := func(id state.SessionID, n int) {
		for i := range n {
			if _, err := st.Update(ctx, statetest.Record("", id, fmt.Sprint("item ", i))); err != nil {
				b.Fatal(err)
			}
		}
	}
	grow(ids[0], 9)
	grow(ids[1], 9999)
	sides := []*side{{name: "short"}, {name: "long"}}
	for i, s := range sides {
		s.n = 300
		s.do = func(_, n int) error {
			_, err := st.Update(ctx, record("", ids[i]))
			return err
		}
	}
	inTurns(b, 1, sides)
}

// BenchmarkManySessions compares a database of a thousand sessions with one of
// a million: opening it, one Update, and resident memory. It takes minutes to
// fill; -sessions makes it smaller.
func BenchmarkManySessions(b *testing.B) {
	small, large := filepath.Join(b.TempDir(), "small.db"), filepath.Join(b.TempDir(), "large.db")
	sides := []*side{{name: "small"}, {name: "large"}}
	var opened [2][]float64
	var stores [2]*state.Store
	ids := [2][]state.SessionID{fillSessions(b, small, 1000), fillSessions(b, large, *sessions)}
	for i, path := range []string{small, large} {
		for range 15 {
			if stores[i] != nil {
				stores[i].Close()
			}
			at := time.Now()
			stores[i] = openStore(b, path)
			if _, err := stores[i].Session(ctx, ids[i][7]); err != nil {
				b.Fatal(err)
			}
			opened[i] = append(opened[i], float64(time.Since(at).Microseconds()))
		}
		sides[i].n = 500
		sides[i].do = func(_, n int) error { // every time another session
			_, err := stores[i].Update(ctx, record(fmt.Sprint("k", time.Now().UnixNano()), ids[i][(n*7919)%len(ids[i])]))
			return err
		}
	}
	resident := residentMB(b)
	inTurns(b, 1, sides)
	for i, s := range sides {
		b.ReportMetric(median(opened[i]), s.name+"-open-us")
		stores[i].Close()
	}
	b.ReportMetric(resident, "RSS-before-MB")
	b.ReportMetric(residentMB(b), "RSS-after-MB")
	info, err := os.Stat(large)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(info.Size())/1e6, "file-MB")
}

var sessions = flag.Int("sessions", 1_000_000, "of the large database in BenchmarkManySessions")

// filled, if it is set, is the database that this process fills.
const filled = "BATON_TEST_FILL"

// fillSessions makes a database with that many sessions in a process of its
// own, and returns the ids of a thousand of them.
func fillSessions(b *testing.B, path string, n int) []state.SessionID {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), filled+"="+path, fmt.Sprint("BATON_TEST_SESSIONS=", n))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		b.Fatal(err)
	}
	var ids []state.SessionID
	for _, line := range strings.Fields(string(out)) {
		ids = append(ids, state.SessionID(line))
	}
	return ids
}

// fill starts n sessions, each in a thread, in channels of 500, without
// waiting for the disk until the end.
func fill(path string, n int) error {
	db, err := Open(path, Options{})
	if err != nil {
		return err
	}
	db.bolt.NoSync = true
	st, err := state.Open(db, state.Options{})
	if err != nil {
		return err
	}
	const callers = 64
	var group sync.WaitGroup
	var failed atomic.Value
	for c := range callers {
		group.Go(func() {
			for i := c * n / callers; i < (c+1)*n/callers; i++ {
				channel := o.ChannelKey(fmt.Sprintf("slack/T1/C%07d", i/500))
				r, err := st.Create(ctx, statetest.Start(fmt.Sprintf("slack/T1/Ev%09d", i), channel, o.ThreadKey(fmt.Sprintf("%s/%09d", channel, i))))
				if err != nil {
					failed.Store(err)
					return
				}
				if i%(n/1000) == 0 {
					fmt.Println(r.ID)
				}
			}
		})
	}
	group.Wait()
	if err, ok := failed.Load().(error); ok {
		return err
	}
	if err := db.index(); err != nil {
		return err
	}
	if err := db.bolt.Sync(); err != nil {
		return err
	}
	return st.Close()
}

// residentMB is the memory of this process that is in use, in megabytes: all of
// it, with the pages of the file that were looked at.
func residentMB(b *testing.B) float64 {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip("resident memory is read from /proc")
	}
	var kB float64
	for line := range strings.Lines(string(status)) {
		if _, err := fmt.Sscanf(line, "VmRSS: %f kB", &kB); err == nil {
			break
		}
	}
	return kB / 1e3
}
