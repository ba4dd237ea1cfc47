package bolt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	bbolt "go.etcd.io/bbolt"

	"github.com/synthoperator/baton/state"
)

// transaction is one bbolt transaction that several writes share.
type transaction struct {
	tx     *bbolt.Tx
	ledger *ledger
	before *tail // as of the last transaction
	tail   *tail // of this one
	ends   map[state.Stream]head
	days   []day
	today  int // of the newest write
	names  []string
	opened []*bbolt.Bucket
	heads  []head  // of the write at hand
	pos    [8]byte // the key at hand; bbolt copies keys
}

// newTransaction is one for so many writes.
func (db *DB) newTransaction(tx *bbolt.Tx, writes int) *transaction {
	l := db.ledger.Load().change()
	return &transaction{tx: tx, ledger: l, before: db.tail, tail: newTail(writes), ends: db.ends, days: l.days()}
}

// bucket is a bucket by name, found once per transaction.
func (t *transaction) bucket(name string) *bbolt.Bucket {
	for i, n := range t.names {
		if n == name {
			return t.opened[i]
		}
	}
	b := t.tx.Bucket([]byte(name))
	if b != nil {
		if name == logBucket {
			b.FillPercent = 1 // positions only rise
		}
		t.names, t.opened = append(t.names, name), append(t.opened, b)
	}
	return b
}

// do checks one write and does it. Where a page cannot be read the transaction
// is broken: nothing of it may be kept.
func (t *transaction) do(w *state.Write) (err error, broken bool) {
	defer func() {
		if r := recover(); r != nil {
			broken = true
			err = &state.Damaged{Stream: streamOf(w), Why: fmt.Sprintf("a page of the file cannot be read: %v", r)}
		}
	}()
	if err := t.check(w); err != nil {
		return err, false
	}
	if err := t.apply(w); err != nil {
		return &state.Damaged{Stream: streamOf(w), Why: err.Error(), Err: err}, true
	}
	return nil, false
}

func streamOf(w *state.Write) state.Stream {
	if len(w.Appends) > 0 {
		return w.Appends[0].Stream
	}
	return ""
}

// check holds a write against what is there, and notes where the streams end
// that it appends to.
func (t *transaction) check(w *state.Write) error {
	if w.Key != "" {
		if err := t.unseen(w); err != nil {
			return err
		}
	}
	t.heads = t.heads[:0]
	for _, a := range w.Appends {
		h, err := t.head(a.Stream, a.After)
		if err != nil {
			return err
		}
		t.heads = append(t.heads, h)
	}
	for _, e := range w.Expect {
		if _, err := t.head(e.Stream, e.Seq); err != nil {
			return err
		}
	}
	for _, c := range w.Checks {
		value, err := lookUp(t.bucket(rowsBucket), rowsBucket, rowKey(c.Space, c.Key))
		if err != nil {
			return err
		}
		if !bytes.Equal(value, c.Value) {
			return &state.Conflict{Row: state.Row{Space: c.Space, Key: c.Key}}
		}
	}
	return nil
}

// unseen holds a write's inbound key against those of the last days.
func (t *transaction) unseen(w *state.Write) error {
	today := dayOf(w.At)
	k, ok := t.tail.keys[w.Key]
	if !ok {
		k, ok = t.before.keys[w.Key]
	}
	if ok && outdated(k.day, today) {
		return nil
	}
	if !ok {
		var err error
		if k.pos, err = findKey(t.bucket, t.days, w.Key, today); err != nil || k.pos == 0 {
			return err
		}
	}
	e, known, err := readEntry(t.bucket(logBucket), k.pos)
	if !known {
		return err
	}
	return &state.Seen{Stream: e.stream, Seq: e.seq}
}

// head is where a stream ends, which must be after the record of that number.
func (t *transaction) head(s state.Stream, after uint64) (head, error) {
	e, ok := t.tail.streams[s]
	if !ok {
		e, ok = t.before.streams[s]
	}
	if !ok {
		e.head, ok = t.ends[s]
	}
	if !ok {
		var err error
		if e.head, err = readHead(t.bucket(headsBucket), s); err != nil {
			return head{}, err
		}
		remember(t.ends, s, e.head)
	}
	if e.seq != after {
		return head{}, &state.Conflict{Stream: s}
	}
	return e.head, nil
}

// maxEnds bounds how many ends of streams are remembered.
const maxEnds = 8192

// remember keeps the end of a stream as the index has it, so that settings
// which every command of a channel reads are not looked up each time.
func remember(ends map[state.Stream]head, s state.Stream, h head) {
	if len(ends) >= maxEnds {
		clear(ends)
	}
	ends[s] = h
}

// apply does what was checked.
func (t *transaction) apply(w *state.Write) error {
	today := dayOf(w.At)
	for i, a := range w.Appends {
		pos := t.ledger.last() + 1
		e := entry{prev: t.heads[i].pos, seq: a.After + 1, stream: a.Stream, record: a.Record, day: today}
		if i == 0 {
			e.key = w.Key
		}
		binary.BigEndian.PutUint64(t.pos[:], pos)
		if err := t.put(logBucket, t.pos[:], e.bytes(t.pos[:]), true); err != nil {
			return err
		}
		t.tail.add(e, pos)
	}
	for _, row := range w.Rows {
		if err := t.putRow(row); err != nil {
			return err
		}
	}
	t.today = max(t.today, today)
	return nil
}

func (t *transaction) putRow(row state.Row) error {
	key := rowKey(row.Space, row.Key)
	if row.Value != nil {
		return t.put(rowsBucket, key, slices.Clip(row.Value), false)
	}
	b := t.bucket(rowsBucket)
	old := b.Get(key)
	if old == nil {
		return nil
	}
	t.ledger.remove(rowsBucket, old)
	return b.Delete(key)
}

// put writes one row and enters it in the ledger, using what capacity value
// has for the checksum. fresh says that there is no such row yet.
func (t *transaction) put(bucket string, key, value []byte, fresh bool) error {
	b := t.bucket(bucket)
	var old []byte
	if !fresh {
		old = b.Get(key)
	}
	stored := sealed(bucket, key, value)
	t.ledger.put(bucket, old, stored)
	return b.Put(key, stored)
}

// make sees to it that there is a bucket, drop that there is none.
func (t *transaction) make(bucket string) error {
	if t.bucket(bucket) != nil {
		return nil
	}
	_, err := t.tx.CreateBucket([]byte(bucket))
	t.ledger.buckets[bucket] = tally{}
	return err
}

func (t *transaction) drop(bucket string) error {
	delete(t.ledger.buckets, bucket)
	return t.tx.DeleteBucket([]byte(bucket))
}

// due reports whether to write the index: often enough that little is read
// when the file is opened, seldom enough that it costs little, in a
// transaction which is slow anyway where many share it.
func (t *transaction) due(batch int) bool {
	n := t.before.records + t.tail.records
	return n >= maxTail || batch == 1 && n >= maxTail/8
}

// errIndex says that the index could not be written.
var errIndex = errors.New("write the index")

// index writes all that is not indexed yet into the index. A page of it that
// cannot be read is an errIndex; nothing of the transaction may be kept then.
func (t *transaction) index() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: a page of the file cannot be read: %v", errIndex, r)
		}
	}()
	whole := newTail(t.before.records + t.tail.records) // readers must not see what is not committed
	whole.join(t.before)
	whole.join(t.tail)
	if err := whole.write(t, t.today); err != nil {
		return fmt.Errorf("%w: %w", errIndex, err)
	}
	return nil
}
