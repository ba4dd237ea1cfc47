package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"slices"

	bbolt "go.etcd.io/bbolt"

	"github.com/synthoperator/baton/state"
)

// readHead is where a stream ends; zero where there is none.
func readHead(b *bbolt.Bucket, s state.Stream) (head, error) {
	value, err := lookUp(b, headsBucket, []byte(s))
	if err != nil {
		return head{}, &state.Damaged{Stream: s, Why: "its end cannot be found", Err: err}
	}
	if value == nil {
		return head{}, nil
	}
	h, ok := parseHead(value)
	if !ok || h.seq == 0 || h.pos == 0 {
		return h, &state.Damaged{Stream: s, Why: "its end cannot be found"}
	}
	return h, nil
}

// readEntry is what the log holds at a position; known as for [parseEntry].
func readEntry(b *bbolt.Bucket, pos uint64) (e entry, known bool, err error) {
	key := posKey(pos)
	stored := b.Get(key)
	if stored == nil {
		return e, false, &state.Damaged{Why: fmt.Sprintf("the log has nothing at position %d", pos)}
	}
	return parseEntry(key, stored)
}

func posBytes(pos uint64) []byte {
	return binary.AppendUvarint(make([]byte, 0, binary.MaxVarintLen64+sumLen), pos)
}

func parsePos(value []byte) (uint64, bool) {
	pos, rest, ok := uvarint(value)
	return pos, ok && len(rest) == 0 && pos > 0
}

// Read returns records of one stream. It begins at the mark after the last
// that is asked for, or at the end of the stream, and follows it backwards.
func (db *DB) Read(ctx context.Context, s state.Stream, after uint64, limit int) ([][]byte, error) {
	for {
		out, early, err := db.read(ctx, s, after, limit)
		if !early {
			return out, err
		}
		db.accepting.RLock() // until it is accepted
		db.accepting.RUnlock()
	}
}

// read is Read; early reports that a stream was not found while a commit can be
// seen in the file and is not accepted yet: its rows may name that stream.
func (db *DB) read(ctx context.Context, s state.Stream, after uint64, limit int) (out [][]byte, early bool, err error) {
	accepted := db.ledger.Load().last() // when the tail was asked
	e, inTail := db.tail.stream(s)
	if inTail && e.seq <= after {
		return nil, false, nil
	}
	err = db.view(ctx, s, func(tx *bbolt.Tx) (err error) {
		if !inTail {
			if e.head, err = readHead(tx.Bucket([]byte(headsBucket)), s); err != nil {
				return err
			}
			if e.seq == 0 {
				early, err = beyondLast(tx, accepted)
			}
			if after >= e.seq {
				return err
			}
		}
		last := min(e.seq, after+uint64(limit))
		from, err := e.near(tx.Bucket([]byte(marksBucket)), s, last)
		if err != nil {
			return err
		}
		out, err = walk(tx.Bucket([]byte(logBucket)), s, from, after, last)
		return err
	})
	return out, early, err
}

// beyondLast reports whether a reader sees commits after the last that was
// accepted: the file shows one from when its last page is written, which is
// before that is on disk.
func beyondLast(tx *bbolt.Tx, accepted uint64) (bool, error) {
	l, err := readLedger(tx)
	return err == nil && l.last() > accepted, err
}

// near is the nearest known place of a stream at or after a record.
func (e end) near(marks *bbolt.Bucket, s state.Stream, seq uint64) (head, error) {
	mark := (seq + markEvery - 1) / markEvery * markEvery
	if mark >= e.seq {
		return e.head, nil
	}
	for _, m := range e.marks {
		if m.seq == mark {
			return m, nil
		}
	}
	value, err := get(marks, marksBucket, markKey(s, mark))
	pos, ok := parsePos(value)
	if err != nil || !ok {
		return head{}, &state.Damaged{Stream: s, Seq: mark, Why: "its place cannot be found", Err: err}
	}
	return head{mark, pos}, nil
}

// walk follows a stream backwards from h and returns its records after+1 to
// last, copied, in order.
func walk(log *bbolt.Bucket, s state.Stream, h head, after, last uint64) ([][]byte, error) {
	out := make([][]byte, 0, last-after)
	for seq, pos := h.seq, h.pos; seq > after; seq-- {
		e, known, err := readEntry(log, pos)
		if err != nil && (!known || seq <= last) {
			return nil, &state.Damaged{Stream: s, Seq: seq, Why: err.Error(), Err: err}
		}
		if e.stream != s || e.seq != seq || (e.prev == 0) != (seq == 1) || e.prev >= pos {
			return nil, &state.Damaged{Stream: s, Seq: seq, Why: fmt.Sprintf("position %d of the log holds something else", pos)}
		}
		if seq <= last {
			out = append(out, bytes.Clone(e.record))
		}
		pos = e.prev
	}
	slices.Reverse(out)
	return out, nil
}

// Log returns records of all streams in the order of their commits, of those
// that are on disk: a reader may see more, whose streams cannot be read yet.
func (db *DB) Log(ctx context.Context, after uint64, limit int) ([]state.Located, error) {
	var out []state.Located
	last := db.ledger.Load().last()
	err := db.view(ctx, "", func(tx *bbolt.Tx) error {
		c := tx.Bucket([]byte(logBucket)).Cursor()
		for key, stored := c.Seek(posKey(after + 1)); key != nil && len(out) < limit; key, stored = c.Next() {
			l := locate(key, stored)
			if l.Pos > last {
				break
			}
			out = append(out, l)
		}
		return nil
	})
	return out, err
}

// End is the position of the newest record.
func (db *DB) End(ctx context.Context) (uint64, error) { return db.ledger.Load().last(), ctx.Err() }

func locate(key, stored []byte) state.Located {
	if len(key) != 8 {
		return state.Located{Damage: &state.Damaged{Why: fmt.Sprintf("the log has a row %q", key)}}
	}
	e, known, err := parseEntry(key, stored)
	l := state.Located{Pos: binary.BigEndian.Uint64(key), Stream: e.stream, Seq: e.seq}
	switch {
	case err == nil:
		l.Record = bytes.Clone(e.record)
	case known:
		l.Damage = &state.Damaged{Stream: e.stream, Seq: e.seq, Why: "its checksum does not match", Err: err}
	default:
		l.Stream, l.Seq, l.Damage = "", 0, err
	}
	return l
}

// Rows returns rows of one space.
func (db *DB) Rows(ctx context.Context, q state.Query) ([]state.Row, error) {
	if q.Space == state.SpaceKey {
		return db.seen(ctx, q.Key)
	}
	var out []state.Row
	err := db.view(ctx, "", func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte(rowsBucket))
		if q.Key == "" {
			var err error
			out, err = scan(b.Cursor(), q)
			return err
		}
		value, err := lookUp(b, rowsBucket, rowKey(q.Space, q.Key))
		if value != nil {
			out = append(out, state.Row{Space: q.Space, Key: q.Key, Value: bytes.Clone(value)})
		}
		return err
	})
	return out, err
}

// scan walks over the keys of a query.
func scan(c *bbolt.Cursor, q state.Query) ([]state.Row, error) {
	prefix := rowKey(q.Space, q.Prefix)
	skip := len(q.Space) + 1
	var out []state.Row
	key, stored := first(c, q, prefix)
	for key != nil && bytes.HasPrefix(key, prefix) && len(out) < q.Limit {
		value, err := opened(rowsBucket, key, stored)
		if err != nil {
			return nil, err
		}
		out = append(out, state.Row{Space: q.Space, Key: string(key[skip:]), Value: bytes.Clone(value)})
		if q.Reverse {
			key, stored = c.Prev()
		} else {
			key, stored = c.Next()
		}
	}
	return out, nil
}

// first goes to where a query begins.
func first(c *bbolt.Cursor, q state.Query, prefix []byte) (key, stored []byte) {
	after := rowKey(q.Space, q.After)
	if !q.Reverse {
		if q.After == "" || bytes.Compare(after, prefix) < 0 {
			return c.Seek(prefix)
		}
		if key, stored = c.Seek(after); bytes.Equal(key, after) {
			return c.Next()
		}
		return key, stored
	}
	end := beyond(prefix)
	if q.After != "" && bytes.Compare(after, end) < 0 {
		end = after
	}
	if key, _ = c.Seek(end); key == nil {
		return c.Last()
	}
	return c.Prev()
}

// beyond is the smallest key above all that begin with prefix. A prefix begins
// with the name of a space, so that there always is one.
func beyond(prefix []byte) []byte {
	end := bytes.Clone(prefix)
	for i := len(end) - 1; ; i-- {
		if end[i]++; end[i] != 0 {
			return end[:i+1]
		}
	}
}

// seen is the row that says where an inbound key was recorded, if it was.
func (db *DB) seen(ctx context.Context, key string) ([]state.Row, error) {
	var out []state.Row
	k, _ := db.tail.key(key)
	err := db.view(ctx, "", func(tx *bbolt.Tx) (err error) {
		if k.pos == 0 {
			l, err := readLedger(tx)
			if err != nil {
				return err
			}
			bucket := func(name string) *bbolt.Bucket { return tx.Bucket([]byte(name)) }
			if k.pos, err = findKey(bucket, l.days(), key, 0); err != nil || k.pos == 0 {
				return err
			}
		}
		e, known, err := readEntry(tx.Bucket([]byte(logBucket)), k.pos)
		if !known {
			return err
		}
		out = append(out, state.Row{Space: state.SpaceKey, Key: key, Value: state.Head{Stream: e.stream, Seq: e.seq}.Where()})
		return nil
	})
	return out, err
}

// findKey is the position at which an inbound key was recorded, by the buckets
// of days, newest first; 0 where it was not.
func findKey(bucket func(string) *bbolt.Bucket, days []day, key string, today int) (uint64, error) {
	for _, d := range days {
		if outdated(d.number, today) {
			break
		}
		value, err := get(bucket(d.bucket), d.bucket, []byte(key))
		if err != nil {
			return 0, err
		}
		if value == nil {
			continue
		}
		pos, ok := parsePos(value)
		if !ok {
			return 0, &state.Damaged{Why: fmt.Sprintf("inbound key %q says no place", key)}
		}
		return pos, nil
	}
	return 0, nil
}
