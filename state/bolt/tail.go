package bolt

import (
	"encoding/binary"
	"maps"
	"sync"
	"time"

	bbolt "go.etcd.io/bbolt"

	"github.com/synthoperator/baton/state"
)

// tail is the index of the newest records: where streams end, and inbound
// keys. Of a command only its record is written at once, at the end of the log;
// what finds it is kept here, written for many records together, and read from
// the log again when the file is opened. A page of the file that is touched
// for one command is touched for all its neighbours.
//
// Only the committing caller changes a tail. Readers ask the tail before they
// begin their transaction: what is not here any more by then is in the file.
type tail struct {
	mu      sync.RWMutex
	streams map[state.Stream]end
	keys    map[string]keyed
	records int
}

// end is where a stream ends, and the marks in this tail.
type end struct {
	head
	marks []head // never changed in place
}

// keyed is where an inbound key was recorded, and on which day.
type keyed struct {
	pos uint64
	day int // since 1970, UTC
}

// maxTail is how many records share one writing of the index. It bounds what
// is read when the file is opened.
const maxTail = 512

func newTail(size int) *tail {
	return &tail{streams: make(map[state.Stream]end, size), keys: make(map[string]keyed, size)}
}

// dayOf is the day of a moment since 1970, UTC, and the first one before.
func dayOf(at time.Time) int { return max(0, int(at.Unix()/(24*60*60))) }

// add enters a record.
func (t *tail) add(e entry, pos uint64) {
	s := t.streams[e.stream]
	s.head = head{e.seq, pos}
	if e.seq%markEvery == 0 {
		s.marks = append(s.marks[:len(s.marks):len(s.marks)], s.head)
	}
	t.streams[e.stream] = s
	if e.key != "" {
		t.keys[e.key] = keyed{pos, e.day}
	}
	t.records++
}

// join takes over what another tail holds, which lies after this one.
func (t *tail) join(later *tail) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for s, e := range later.streams {
		e.marks = append(t.streams[s].marks[:len(t.streams[s].marks):len(t.streams[s].marks)], e.marks...)
		t.streams[s] = e
	}
	maps.Copy(t.keys, later.keys)
	t.records += later.records
}

// empty forgets everything: it is in the file.
func (t *tail) empty() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.streams)
	clear(t.keys)
	t.records = 0
}

func (t *tail) stream(s state.Stream) (end, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	e, ok := t.streams[s]
	return e, ok
}

func (t *tail) key(key string) (keyed, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	k, ok := t.keys[key]
	return k, ok
}

// replay reads the tail from the log: all after the position up to which the
// index is written. Where it cannot be told whose record a row is, the end of
// some stream is not known, and the file cannot be used.
func replay(tx *bbolt.Tx, indexed uint64) (*tail, error) {
	t := newTail(0)
	c := tx.Bucket([]byte(logBucket)).Cursor()
	for key, stored := c.Seek(posKey(indexed + 1)); key != nil; key, stored = c.Next() {
		e, known, err := parseEntry(key, stored)
		if !known {
			return nil, err
		}
		t.add(e, binary.BigEndian.Uint64(key))
	}
	return t, nil
}

// write writes the tail into the index, and drops the keys of days that are
// over.
func (t *tail) write(tx *transaction, today int) error {
	for s, e := range t.streams {
		if err := tx.put(headsBucket, []byte(s), e.bytes(), false); err != nil {
			return err
		}
		for _, m := range e.marks {
			if err := tx.put(marksBucket, markKey(s, m.seq), posBytes(m.pos), true); err != nil {
				return err
			}
		}
	}
	buckets := map[int]string{}
	for key, k := range t.keys {
		if outdated(k.day, today) {
			continue
		}
		bucket, ok := buckets[k.day]
		if !ok {
			bucket = dayBucket(k.day)
			buckets[k.day] = bucket
			if err := tx.make(bucket); err != nil {
				return err
			}
		}
		if err := tx.put(bucket, []byte(key), posBytes(k.pos), true); err != nil {
			return err
		}
	}
	for _, d := range tx.ledger.days() {
		if outdated(d.number, today) {
			if err := tx.drop(d.bucket); err != nil {
				return err
			}
		}
	}
	tx.ledger.indexed = tx.ledger.last()
	return nil
}
