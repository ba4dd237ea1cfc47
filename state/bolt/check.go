package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"runtime/debug"
	"slices"

	bbolt "go.etcd.io/bbolt"

	"github.com/synthoperator/baton/state"
)

// VerifyFile checks everything in a file that no process has open, and does
// not change it: both meta pages, every page that is in use and the list of
// those that are not, every row's checksum, that each row is found by its key
// and none is missing, and what [state.Store.Verify] checks. Pages are read
// with every bound checked before bbolt gets to see the file, so that a damaged
// one does not end the process. An error says that the file could not be
// checked; damage is a finding.
func VerifyFile(ctx context.Context, path string, tell func(state.Finding)) (sum state.Summary, err error) {
	found := 0
	count := func(f state.Finding) { found++; tell(f) }
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil { // nothing known does this
			count(state.Finding{What: fmt.Sprintf("the file cannot be read: %v", r)})
			sum.Findings = found
		}
	}()
	_, err = readMetas(path)
	if errors.Is(err, state.ErrDamaged) {
		count(badFile(err))
	}
	if err != nil {
		return failed(found, err)
	}
	locked, err := openFile(path, bbolt.Options{Timeout: defaultTimeout, ReadOnly: true, NoStatistics: true})
	if err != nil {
		if errors.Is(err, state.ErrDamaged) {
			count(badFile(err))
		}
		return failed(found, err)
	}
	defer locked.Close()
	ms, err := readMetas(path) // again, now that nobody writes
	if err != nil {
		return failed(found, err)
	}
	for _, m := range ms.both {
		if m.err != nil {
			count(badFile(m.err))
		}
	}
	before := found
	if err := checkPages(ctx, path, ms.now, count); err != nil {
		return failed(found, err)
	}
	if found > before { // bbolt could go astray in it
		return state.Summary{Findings: found}, nil
	}
	if err := checkByBolt(locked, count); err != nil {
		return failed(found, err)
	}
	sum, err = verifyRows(ctx, path, locked, count)
	sum.Findings = found
	return sum, err
}

// checkByBolt has bbolt's own check of its pages confirm what the walk found.
func checkByBolt(b *bbolt.DB, tell func(state.Finding)) error {
	return b.View(func(tx *bbolt.Tx) error {
		for err := range tx.Check() {
			tell(badFile(err))
		}
		return nil
	})
}

// failed is the answer where no more can be checked: damage that was told of
// is no error.
func failed(found int, err error) (state.Summary, error) {
	if errors.Is(err, state.ErrDamaged) {
		err = nil
	}
	return state.Summary{Findings: found}, err
}

func verifyRows(ctx context.Context, path string, b *bbolt.DB, tell func(state.Finding)) (state.Summary, error) {
	db, err := newDB(path, b, Options{})
	if err != nil {
		if errors.Is(err, state.ErrDamaged) {
			tell(badFile(err))
		}
		return failed(0, err)
	}
	st, err := state.Open(db, state.Options{})
	if err != nil {
		return state.Summary{}, err
	}
	return st.Verify(ctx, tell)
}

// checkPages walks over the file by its pages and compares the rows with the
// ledger.
func checkPages(ctx context.Context, path string, m meta, tell func(state.Finding)) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	c := counting{tell: tell, ledger: &ledger{buckets: map[string]tally{}}}
	p := &pages{
		ctx: ctx, file: f, meta: m, row: c.row,
		tell: func(format string, args ...any) { tell(state.Finding{What: fmt.Sprintf(format, args...)}) },
	}
	p.check()
	c.compare()
	return ctx.Err()
}

// Check tells of rows that are not as they were written, that are missing or
// not found by their key, and of a log that does not agree with its index. It
// looks at one moment and does not hinder commits.
func (db *DB) Check(ctx context.Context, tell func(state.Finding)) error {
	return db.view(ctx, "", func(tx *bbolt.Tx) error {
		c := counting{tell: tell, ledger: &ledger{buckets: map[string]tally{}}}
		err := tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			return b.ForEach(func(key, value []byte) error {
				if !bytes.Equal(b.Get(key), value) {
					tell(state.Finding{What: fmt.Sprintf("row %q in %s is not found by its key", key, name)})
				}
				c.row(string(name), key, value)
				return ctx.Err()
			})
		})
		if err != nil {
			return err
		}
		c.compare()
		return checkIndex(ctx, tx, tell)
	})
}

// counting checks rows and makes a ledger of them.
type counting struct {
	tell   func(state.Finding)
	ledger *ledger
	said   *ledger // as the file has it
}

func (c *counting) row(bucket string, key, stored []byte) {
	value, err := opened(bucket, key, stored)
	if err != nil {
		c.tell(findingOf(bucket, key, stored, err))
	}
	if bucket != metaBucket {
		c.ledger.put(bucket, nil, stored)
		return
	}
	if bytes.Equal(key, ledgerKey) && err == nil {
		c.said, _ = parseLedger(value)
	}
}

// findingOf names the stream where a row tells it.
func findingOf(bucket string, key, stored []byte, err error) state.Finding {
	f := state.Finding{What: err.Error()}
	switch bucket {
	case logBucket:
		if e, known, _ := parseEntry(key, stored); known {
			f.Stream, f.Seq = e.stream, e.seq
		}
	case headsBucket:
		f.Stream = state.Stream(key)
	}
	return f
}

func (c *counting) compare() {
	if c.said == nil {
		c.tell(state.Finding{What: "the ledger of rows is missing"})
		return
	}
	names := slices.Collect(maps.Keys(c.ledger.buckets))
	for name := range c.said.buckets {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if is, said := c.ledger.buckets[name], c.said.buckets[name]; is != said {
			c.tell(state.Finding{What: fmt.Sprintf("bucket %s holds %d rows with the sum %x, the ledger says %d with %x",
				name, is.rows, is.sums, said.rows, said.sums)})
		}
	}
}

// checkIndex holds the index against the log: where each stream ends, its
// marks, and each inbound key of the days that are kept.
func checkIndex(ctx context.Context, tx *bbolt.Tx, tell func(state.Finding)) error {
	l, err := readLedger(tx)
	if err != nil {
		return err
	}
	var days []string
	for _, d := range l.days() {
		days = append(days, d.bucket)
	}
	bucket := func(name string) *bbolt.Bucket { return tx.Bucket([]byte(name)) }
	ends := map[state.Stream]head{}
	want := uint64(0)
	err = bucket(logBucket).ForEach(func(key, stored []byte) error {
		e, known, _ := parseEntry(key, stored)
		want++
		if pos := posKey(want); !bytes.Equal(pos, key) {
			tell(state.Finding{What: fmt.Sprintf("the log has %x where %x follows", key, pos)})
		}
		if !known || want > l.indexed {
			return ctx.Err()
		}
		if was := ends[e.stream]; was.pos != e.prev || was.seq+1 != e.seq {
			tell(state.Finding{Stream: e.stream, Seq: e.seq, What: fmt.Sprintf("it follows position %d, not %d", e.prev, was.pos)})
		}
		ends[e.stream] = head{e.seq, want}
		if e.seq%markEvery == 0 {
			value, err := get(bucket(marksBucket), marksBucket, markKey(e.stream, e.seq))
			if pos, ok := parsePos(value); err == nil && (!ok || pos != want) {
				tell(state.Finding{Stream: e.stream, Seq: e.seq, What: "its mark is missing or wrong"})
			}
		}
		if day := dayBucket(e.day); e.key != "" && slices.Contains(days, day) {
			value, err := get(bucket(day), day, []byte(e.key))
			if pos, ok := parsePos(value); err == nil && (!ok || pos != want) {
				tell(state.Finding{Stream: e.stream, Seq: e.seq, What: fmt.Sprintf("its inbound key %q is missing or leads elsewhere", e.key)})
			}
		}
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	heads := bucket(headsBucket)
	for s, end := range ends {
		if h, err := readHead(heads, s); err == nil && h != end {
			tell(state.Finding{Stream: s, Seq: end.seq, What: "the index has another end for this stream"})
		}
	}
	if l.indexed > want {
		tell(state.Finding{What: fmt.Sprintf("the log ends at %d, the index at %d", want, l.indexed)})
	}
	return nil
}
