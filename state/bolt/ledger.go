package bolt

import (
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	bbolt "go.etcd.io/bbolt"

	"github.com/synthoperator/baton/state"
)

// ledger says how many rows each bucket holds and what their checksums add up
// to, and up to which position the index is written. It is part of every
// transaction, so that a row which is missing, or is there twice, does not go
// unnoticed. A ledger does not change once it is committed.
type ledger struct {
	indexed uint64
	buckets map[string]tally
}

type tally struct {
	rows uint64
	sums uint64 // modulo 2^64
}

var ledgerKey = []byte("ledger")

// change is a ledger being changed by one transaction.
func (l *ledger) change() *ledger { return &ledger{l.indexed, maps.Clone(l.buckets)} }

// put counts a row that was put; old is the row there was, or nil.
func (l *ledger) put(bucket string, old, stored []byte) {
	t := l.buckets[bucket]
	if old == nil {
		t.rows++
	} else {
		t.sums -= uint64(sumOf(old))
	}
	t.sums += uint64(sumOf(stored))
	l.buckets[bucket] = t
}

// remove counts a row that was removed.
func (l *ledger) remove(bucket string, old []byte) {
	t := l.buckets[bucket]
	t.rows--
	t.sums -= uint64(sumOf(old))
	l.buckets[bucket] = t
}

// last is the position of the newest record: positions count from 1 without gaps.
func (l *ledger) last() uint64 { return l.buckets[logBucket].rows }

// day is a bucket of inbound keys.
type day struct {
	number int // since 1970, UTC
	bucket string
}

// days are the buckets of inbound keys, newest first.
func (l *ledger) days() []day {
	var out []day
	for name := range l.buckets {
		text, ok := strings.CutPrefix(name, keysPrefix)
		if at, err := time.Parse(time.DateOnly, text); ok && err == nil {
			out = append(out, day{dayOf(at), name})
		}
	}
	slices.SortFunc(out, func(a, b day) int { return b.number - a.number })
	return out
}

// dayBucket is where inbound keys of a day are kept.
func dayBucket(day int) string {
	return keysPrefix + time.Unix(int64(day)*24*60*60, 0).UTC().Format(time.DateOnly)
}

// keepDays is for how many whole days inbound keys are kept beside today's, so
// that each is kept for 48 hours at least.
const keepDays = 2

// outdated reports whether nobody asks any more for the keys of a day.
func outdated(day, today int) bool { return day < today-keepDays }

func (l *ledger) bytes() []byte {
	b := binary.AppendUvarint(make([]byte, 0, 32*len(l.buckets)+16), l.indexed)
	for _, name := range slices.Sorted(maps.Keys(l.buckets)) {
		t := l.buckets[name]
		b = append(binary.AppendUvarint(b, uint64(len(name))), name...)
		b = binary.BigEndian.AppendUint64(binary.AppendUvarint(b, t.rows), t.sums)
	}
	return b
}

func parseLedger(b []byte) (*ledger, bool) {
	l := &ledger{buckets: map[string]tally{}}
	var ok bool
	if l.indexed, b, ok = uvarint(b); !ok {
		return nil, false
	}
	for len(b) > 0 {
		name, rest, ok := text(b)
		if !ok {
			return nil, false
		}
		var t tally
		if t.rows, rest, ok = uvarint(rest); !ok || len(rest) < 8 {
			return nil, false
		}
		t.sums, b = binary.BigEndian.Uint64(rest), rest[8:]
		l.buckets[name] = t
	}
	return l, true
}

// readLedger reads the ledger in force.
func readLedger(tx *bbolt.Tx) (*ledger, error) {
	meta := tx.Bucket([]byte(metaBucket))
	if meta == nil {
		return nil, errors.New("no database of this program")
	}
	value, err := get(meta, metaBucket, ledgerKey)
	if err != nil {
		return nil, err
	}
	l, ok := parseLedger(value)
	if !ok || len(l.buckets) == 0 {
		return nil, &state.Damaged{Why: "the ledger of rows cannot be read"}
	}
	return l, nil
}

func (l *ledger) write(tx *bbolt.Tx) error {
	return tx.Bucket([]byte(metaBucket)).Put(ledgerKey, sealed(metaBucket, ledgerKey, l.bytes()))
}
