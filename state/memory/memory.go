// Package memory is a log in memory, for tests and for trying things out. It
// keeps nothing when the process ends.
package memory

import (
	"bytes"
	"context"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/synthoperator/baton/state"
)

// DB is a [state.Backend] in maps. Close keeps the data, so that a test can
// open another store over it.
type DB struct {
	mu      sync.Mutex
	log     []state.Located // position-1 → record
	streams map[state.Stream][]int
	rows    map[state.Space]*space
	keys    map[string]seen
}

type seen struct {
	state.Head
	at time.Time
}

// space is the rows of one space: a map, and its keys in order as needed.
type space struct {
	values map[string][]byte
	keys   []string
	// moved are keys that came or went since keys was in order; many says that
	// they are too many to be listed.
	moved []string
	many  bool
}

var _ state.Backend = (*DB)(nil)

// New is an empty log.
func New() *DB {
	return &DB{streams: map[state.Stream][]int{}, rows: map[state.Space]*space{}, keys: map[string]seen{}}
}

// keepKeys is how long an inbound key is remembered.
const keepKeys = 48 * time.Hour

// Commit does all of w or nothing.
func (db *DB) Commit(_ context.Context, w state.Write) error {
	db.mu.Lock()
	defer db.mu.Unlock()
	if err := db.check(w); err != nil {
		return err
	}
	for _, a := range w.Appends {
		db.log = append(db.log, state.Located{Pos: uint64(len(db.log) + 1), Stream: a.Stream, Seq: a.After + 1, Record: bytes.Clone(a.Record)})
		db.streams[a.Stream] = append(db.streams[a.Stream], len(db.log)-1)
	}
	if w.Key != "" && len(w.Appends) > 0 {
		db.keys[w.Key] = seen{state.Head{Stream: w.Appends[0].Stream, Seq: w.Appends[0].After + 1}, w.At}
	}
	for _, row := range w.Rows {
		db.space(row.Space).put(row.Key, row.Value)
	}
	return nil
}

func (db *DB) check(w state.Write) error {
	if s, ok := db.keys[w.Key]; ok && w.Key != "" && w.At.Sub(s.at) < keepKeys {
		return &state.Seen{Stream: s.Stream, Seq: s.Seq}
	}
	heads := w.Expect
	for _, a := range w.Appends {
		heads = append(heads[:len(heads):len(heads)], state.Head{Stream: a.Stream, Seq: a.After})
	}
	for _, h := range heads {
		if uint64(len(db.streams[h.Stream])) != h.Seq {
			return &state.Conflict{Stream: h.Stream}
		}
	}
	for _, c := range w.Checks {
		if !bytes.Equal(db.space(c.Space).values[c.Key], c.Value) {
			return &state.Conflict{Row: state.Row{Space: c.Space, Key: c.Key}}
		}
	}
	return nil
}

// Read returns records of one stream.
func (db *DB) Read(_ context.Context, s state.Stream, after uint64, limit int) ([][]byte, error) {
	db.mu.Lock()
	defer db.mu.Unlock()
	all := db.streams[s]
	if after >= uint64(len(all)) {
		return nil, nil
	}
	all = all[after:]
	var out [][]byte
	for _, at := range all[:min(limit, len(all))] {
		out = append(out, bytes.Clone(db.log[at].Record))
	}
	return out, nil
}

// Log returns records of all streams.
func (db *DB) Log(_ context.Context, after uint64, limit int) ([]state.Located, error) {
	db.mu.Lock()
	defer db.mu.Unlock()
	if after >= uint64(len(db.log)) {
		return nil, nil
	}
	out := append([]state.Located(nil), db.log[after:min(len(db.log), int(after)+limit)]...)
	for i := range out {
		out[i].Record = bytes.Clone(out[i].Record)
	}
	return out, nil
}

// End is the position of the newest record.
func (db *DB) End(context.Context) (uint64, error) {
	db.mu.Lock()
	defer db.mu.Unlock()
	return uint64(len(db.log)), nil
}

// Rows returns rows of one space.
func (db *DB) Rows(_ context.Context, q state.Query) ([]state.Row, error) {
	db.mu.Lock()
	defer db.mu.Unlock()
	if q.Space == state.SpaceKey {
		if s, ok := db.keys[q.Key]; ok {
			return []state.Row{{Space: q.Space, Key: q.Key, Value: s.Where()}}, nil
		}
		return nil, nil
	}
	sp := db.space(q.Space)
	if q.Key != "" {
		if value, ok := sp.values[q.Key]; ok {
			return []state.Row{{Space: q.Space, Key: q.Key, Value: bytes.Clone(value)}}, nil
		}
		return nil, nil
	}
	sp.sort()
	i := sort.SearchStrings(sp.keys, q.Prefix)
	step := 1
	if q.Reverse {
		i = sort.Search(len(sp.keys), func(i int) bool { return sp.keys[i] >= q.Prefix && !strings.HasPrefix(sp.keys[i], q.Prefix) }) - 1
		step = -1
	}
	var out []state.Row
	for ; i >= 0 && i < len(sp.keys) && len(out) < q.Limit && strings.HasPrefix(sp.keys[i], q.Prefix); i += step {
		key := sp.keys[i]
		if q.After != "" && (!q.Reverse && key <= q.After || q.Reverse && key >= q.After) {
			continue
		}
		out = append(out, state.Row{Space: q.Space, Key: key, Value: bytes.Clone(sp.values[key])})
	}
	return out, nil
}

// Close does nothing: the data stays for the next store over it.
func (db *DB) Close() error { return nil }

func (db *DB) space(name state.Space) *space {
	sp, ok := db.rows[name]
	if !ok {
		sp = &space{values: map[string][]byte{}}
		db.rows[name] = sp
	}
	return sp
}

// few is how many keys are put in their places one by one.
const few = 32

func (sp *space) put(key string, value []byte) {
	_, had := sp.values[key]
	if value == nil {
		delete(sp.values, key)
	} else {
		sp.values[key] = bytes.Clone(value)
	}
	if had == (value != nil) || sp.many {
		return
	}
	sp.moved = append(sp.moved, key)
	sp.many = len(sp.moved) > few
}

func (sp *space) sort() {
	if sp.many {
		sp.keys = sp.keys[:0]
		for key := range sp.values {
			sp.keys = append(sp.keys, key)
		}
		slices.Sort(sp.keys)
	} else {
		for _, key := range sp.moved {
			at, listed := slices.BinarySearch(sp.keys, key)
			switch _, there := sp.values[key]; {
			case there && !listed:
				sp.keys = slices.Insert(sp.keys, at, key)
			case !there && listed:
				sp.keys = slices.Delete(sp.keys, at, at+1)
			}
		}
	}
	sp.moved, sp.many = sp.moved[:0], false
}
