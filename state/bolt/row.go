package bolt

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"

	bbolt "go.etcd.io/bbolt"

	"github.com/synthoperator/baton/state"
)

// The buckets; see the documentation of package state.
const (
	metaBucket  = "meta"
	logBucket   = "log"
	headsBucket = "heads"
	marksBucket = "marks"
	rowsBucket  = "rows"
	keysPrefix  = "keys " // and the day
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sumLen is the length of a row's checksum, its last bytes.
const sumLen = 4

// sum is the checksum of a row. The bucket and the length of the key are
// taken byte by byte: as a slice they would have to be allocated.
func sum(bucket string, key, value []byte) uint32 {
	c := ^uint32(0)
	for i := range len(bucket) {
		c = castagnoli[byte(c)^bucket[i]] ^ c>>8
	}
	c = castagnoli[byte(c)^byte(len(key)>>8)] ^ c>>8
	c = castagnoli[byte(c)^byte(len(key))] ^ c>>8
	return crc32.Update(crc32.Update(^c, castagnoli, key), castagnoli, value)
}

// sealed is a value with its checksum. It may write beyond value's length.
func sealed(bucket string, key, value []byte) []byte {
	return binary.BigEndian.AppendUint32(value, sum(bucket, key, value))
}

// opened is the value of a row whose checksum holds.
func opened(bucket string, key, stored []byte) ([]byte, error) {
	if len(stored) <= sumLen {
		return nil, &state.Damaged{Why: fmt.Sprintf("row %q in %s holds %d bytes", key, bucket, len(stored))}
	}
	value := stored[:len(stored)-sumLen]
	if sumOf(stored) != sum(bucket, key, value) {
		return nil, &state.Damaged{Why: fmt.Sprintf("the checksum of row %q in %s does not match", key, bucket)}
	}
	return value, nil
}

// sumOf is the checksum that a row ends with.
func sumOf(stored []byte) uint32 {
	if len(stored) < sumLen {
		return 0
	}
	return binary.BigEndian.Uint32(stored[len(stored)-sumLen:])
}

// get is a row's value, nil where there is none.
func get(b *bbolt.Bucket, bucket string, key []byte) ([]byte, error) {
	if b == nil {
		return nil, nil
	}
	stored := b.Get(key)
	if stored == nil {
		return nil, nil
	}
	return opened(bucket, key, stored)
}

// lookUp is get for rows whose absence somebody relies on: where there is none,
// the rows on either side must be sound and in order. A changed bit in a key,
// or in a page on the way to it, would else hide the row.
func lookUp(b *bbolt.Bucket, bucket string, key []byte) ([]byte, error) {
	value, err := get(b, bucket, key)
	if value != nil || err != nil || b == nil {
		return value, err
	}
	c := b.Cursor()
	next, stored := c.Seek(key)
	wrong := next != nil && bytes.Compare(next, key) <= 0
	if next != nil {
		_, err = opened(bucket, next, stored)
		next, stored = c.Prev()
	} else {
		next, stored = c.Last()
	}
	if err == nil && next != nil {
		_, err = opened(bucket, next, stored)
		wrong = wrong || bytes.Compare(next, key) >= 0
	}
	if err != nil || wrong {
		return nil, &state.Damaged{Why: fmt.Sprintf("row %q in %s cannot be looked for", key, bucket), Err: err}
	}
	return nil, nil
}

// rowKey is the key of a row in the rows bucket.
func rowKey(space state.Space, key string) []byte {
	return append(append(append(make([]byte, 0, len(space)+1+len(key)), space...), 0), key...)
}

// entry is what the log bucket holds at a position. What says whose record it
// is has a checksum of its own: where only the record is damaged, its stream
// is known, and all others go on.
type entry struct {
	prev   uint64 // position of the record before it in its stream, 0 for the first
	seq    uint64
	stream state.Stream
	key    string // the inbound key, or ""
	day    int    // of the commit, since 1970, UTC
	record []byte
}

func (e entry) bytes(pos []byte) []byte {
	b := make([]byte, 0, 40+len(e.stream)+len(e.key)+len(e.record)+2*sumLen)
	b = binary.AppendUvarint(b, e.prev)
	b = binary.AppendUvarint(b, e.seq)
	b = binary.AppendUvarint(b, uint64(e.day))
	b = append(binary.AppendUvarint(b, uint64(len(e.stream))), e.stream...)
	b = append(binary.AppendUvarint(b, uint64(len(e.key))), e.key...)
	return append(sealed(logBucket, pos, b), e.record...)
}

// parseEntry reads what bytes wrote, as it lies in the file, with the row's
// checksum. The record is not copied. known is true where it is sure whose
// record this is, though err says that the record is not as it was written.
func parseEntry(pos, stored []byte) (e entry, known bool, err error) {
	value, err := opened(logBucket, pos, stored)
	if err != nil {
		if len(stored) <= sumLen {
			return e, false, err
		}
		value = stored[:len(stored)-sumLen]
	}
	rest, ok := e.parse(value)
	if !ok || len(rest) < sumLen || binary.BigEndian.Uint32(rest) != sum(logBucket, pos, value[:len(value)-len(rest)]) {
		return e, false, &state.Damaged{Why: fmt.Sprintf("row %x of the log cannot be read", pos), Err: err}
	}
	e.record = rest[sumLen:]
	return e, true, err
}

func (e *entry) parse(value []byte) (rest []byte, ok bool) {
	var day uint64
	if e.prev, rest, ok = uvarint(value); !ok {
		return nil, false
	}
	if e.seq, rest, ok = uvarint(rest); !ok {
		return nil, false
	}
	if day, rest, ok = uvarint(rest); !ok {
		return nil, false
	}
	stream, rest, ok := text(rest)
	if !ok {
		return nil, false
	}
	e.stream, e.day = state.Stream(stream), int(day)
	e.key, rest, ok = text(rest)
	return rest, ok
}

// text takes a length and so many bytes off the front.
func text(b []byte) (string, []byte, bool) {
	n, rest, ok := uvarint(b)
	if !ok || n > uint64(len(rest)) {
		return "", nil, false
	}
	return string(rest[:n]), rest[n:], true
}

// uvarint takes one number off the front. None that is kept is near 2^56.
func uvarint(b []byte) (uint64, []byte, bool) {
	v, n := binary.Uvarint(b)
	if n <= 0 || v>>56 != 0 {
		return 0, nil, false
	}
	return v, b[n:], true
}

// head is what the heads bucket holds for a stream: where it ends.
type head struct{ seq, pos uint64 }

func (h head) bytes() []byte {
	b := make([]byte, 0, 20+sumLen)
	return binary.AppendUvarint(binary.AppendUvarint(b, h.seq), h.pos)
}

func parseHead(value []byte) (h head, ok bool) {
	if h.seq, value, ok = uvarint(value); !ok {
		return h, false
	}
	h.pos, value, ok = uvarint(value)
	return h, ok && len(value) == 0
}

// posKey is the key of a position in the log bucket.
func posKey(pos uint64) []byte { return binary.BigEndian.AppendUint64(nil, pos) }

// markEvery is how far apart the marks of a stream are: a read in the middle
// of a stream begins at a mark and follows the log backwards.
const markEvery = 64

// markKey is the key of a stream's mark in the marks bucket.
func markKey(s state.Stream, seq uint64) []byte {
	b := append(make([]byte, 0, len(s)+9), s...)
	return binary.BigEndian.AppendUint64(append(b, 0), seq)
}
