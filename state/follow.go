package state

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/synthoperator/baton/orchestration"
)

// Record is one decision of any stream, with its place in the log.
type Record struct {
	Pos    uint64
	Stream Stream
	Entry  orchestration.Entry
}

// followPage is how many records at most share one commit of a cursor.
const followPage = 128

// Follow calls fn for every record after the follower's cursor, in the order
// they were committed, and waits for more until ctx ends. The cursor is kept
// with the log: a follower goes on where it stopped, also after a restart.
//
// fn is called at least once for each record: what it did is committed for
// several records together, and they are repeated after a crash. Rows that it
// writes through tx are committed in one transaction with the cursor, so that
// those come exactly once. An error of fn keeps the cursor before its record
// and ends Follow.
//
// Records of a damaged stream are told of in the log and passed over; one
// that a newer release wrote ends Follow with an *[UnknownEvent].
func (st *Store) Follow(ctx context.Context, name string, fn func(ctx context.Context, tx *FollowTx, r Record) error) error {
	return st.FollowBut(ctx, name, But{}, fn)
}

// But says what a follower has nothing to do with.
type But struct {
	// Pass reports a record that is nothing to the follower, today or whenever it
	// is met again. It is given the record's place, with no Entry, and writes no
	// rows. nil passes over none.
	Pass func(ctx context.Context, tx *FollowTx, r Record) (bool, error)
	// Rest is how long the follower waits after records that were all passed over:
	// more of them are about to come as a rule, and one look for all of them costs
	// whoever decides them less.
	Rest time.Duration
}

// FollowBut is [Store.Follow] for all records but some. Those are not read, and
// the cursor is not written for them alone; it may stand a page behind. That would
// cost whoever decided them as much as the decision did.
func (st *Store) FollowBut(ctx context.Context, name string, but But, fn func(ctx context.Context, tx *FollowTx, r Record) error) error {
	if but.Pass == nil {
		but.Pass = func(context.Context, *FollowTx, Record) (bool, error) { return false, nil }
	}
	f := following{name, but, fn}
	defer st.arrive(context.WithoutCancel(ctx), name)
	for {
		wait := st.news.wait()
		n, passed, err := st.followPage(ctx, f)
		if err != nil {
			return err
		}
		if passed && f.Rest > 0 {
			select {
			case <-time.After(f.Rest):
			case <-ctx.Done():
			}
		}
		if n > 0 {
			continue
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// following is somebody who follows the log.
type following struct {
	name string
	But
	fn func(context.Context, *FollowTx, Record) error
}

// followPage works off the next records and reports how many there were, and
// whether all of them were passed over.
func (st *Store) followPage(ctx context.Context, f following) (n int, passed bool, err error) {
	for {
		durable, cursor, err := st.cursor(ctx, f.name)
		if err != nil {
			return 0, false, err
		}
		after := max(durable, st.ahead.of(f.name))
		located, err := st.backend.Log(ctx, after, followPage)
		if err != nil || len(located) == 0 {
			return 0, false, err
		}
		tx := &FollowTx{ctx: ctx, st: st, name: f.name, checks: []Row{cursor}}
		at, fnErr := st.follow(ctx, tx, located, f)
		switch {
		case at <= after:
		case tx.idle() && at-durable < followPage:
			passed = true
			st.ahead.put(f.name, at)
			tx.committed()
		default:
			tx.write(cursorRow(f.name, at))
			err = tx.commit(context.WithoutCancel(ctx)) // what was done is done
			if errors.Is(err, ErrConflict) {
				continue // another writer of the follower's rows was first: do these records again
			}
		}
		if err = errors.Join(err, fnErr); err != nil {
			return 0, false, err
		}
		return len(located), passed, nil
	}
}

// arrive makes the cursor durable where it stands behind.
func (st *Store) arrive(ctx context.Context, name string) {
	durable, cursor, err := st.cursor(ctx, name)
	at := st.ahead.of(name)
	if err != nil || at <= durable {
		return // whoever follows anew is told of what is wrong there
	}
	tx := &FollowTx{ctx: ctx, st: st, name: name, checks: []Row{cursor}}
	tx.write(cursorRow(name, at))
	_ = tx.commit(ctx) // where that fails, what was skipped is met again
}

// follow calls fn for each record and returns the position of the last that
// was done.
func (st *Store) follow(ctx context.Context, tx *FollowTx, located []Located, f following) (uint64, error) {
	var at uint64
	for _, l := range located {
		if err := st.usable(ctx); err != nil {
			return at, err
		}
		if l.Damage == nil {
			passed, err := f.Pass(ctx, tx, Record{Pos: l.Pos, Stream: l.Stream})
			if err != nil {
				return at, fmt.Errorf("follow %s: %w", tx.name, err)
			}
			if passed {
				at = l.Pos
				continue
			}
		}
		tx.moved = true
		e, err := readAlone(l)
		var unknown *UnknownEvent
		if errors.As(err, &unknown) {
			return at, fmt.Errorf("follow %s: %w", tx.name, err)
		}
		if err != nil {
			_ = st.damaged(err)
			at = l.Pos
			continue
		}
		tx.begin()
		if err := f.fn(ctx, tx, Record{l.Pos, l.Stream, e}); err != nil {
			tx.undo()
			return at, fmt.Errorf("follow %s: %w", tx.name, err)
		}
		at = l.Pos
	}
	return at, nil
}

// At is the record at a position of the log: one that a follower was given
// before. Its checksum holds; its place in the chain is not looked at.
func (st *Store) At(ctx context.Context, pos uint64) (Record, error) {
	if err := st.usable(ctx); err != nil {
		return Record{}, err
	}
	located, err := st.backend.Log(ctx, pos-1, 1)
	if err != nil {
		return Record{}, err
	}
	if len(located) == 0 || located[0].Pos != pos {
		return Record{}, fmt.Errorf("the log holds nothing at position %d", pos)
	}
	e, err := readAlone(located[0])
	if err != nil {
		return Record{}, st.damaged(err)
	}
	return Record{pos, located[0].Stream, e}, nil
}

// End is the position of the newest record in the log, 0 where there is none.
func (st *Store) End(ctx context.Context) (uint64, error) {
	if err := st.usable(ctx); err != nil {
		return 0, err
	}
	return st.backend.End(ctx)
}

// Behind reports whether there are records that a follower has not done yet.
func (st *Store) Behind(ctx context.Context, name string) (bool, error) {
	if err := st.usable(ctx); err != nil {
		return false, err
	}
	after, _, err := st.cursor(ctx, name)
	if err != nil {
		return false, err
	}
	located, err := st.backend.Log(ctx, max(after, st.ahead.of(name)), 1)
	return len(located) > 0, err
}

// Followed is the position of the last record that a follower has done, and does
// not fall back from whatever happens.
func (st *Store) Followed(ctx context.Context, name string) (uint64, error) {
	if err := st.usable(ctx); err != nil {
		return 0, err
	}
	st.arrive(ctx, name)
	pos, _, err := st.cursor(ctx, name)
	return pos, err
}

// ahead is how far followers are where their cursors stand behind.
type ahead struct {
	mu  sync.Mutex
	pos map[string]uint64
}

func (a *ahead) of(name string) uint64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.pos[name]
}

func (a *ahead) put(name string, pos uint64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.pos == nil {
		a.pos = map[string]uint64{}
	}
	a.pos[name] = pos
}

// readAlone decodes a record without the one before it: its checksum holds,
// its place in the chain is not looked at.
func readAlone(l Located) (orchestration.Entry, error) {
	if l.Damage != nil {
		return orchestration.Entry{}, l.Damage
	}
	at := place{stream: l.Stream, seq: l.Seq}
	payload, err := at.peek(l.Record)
	if err != nil {
		return orchestration.Entry{}, err
	}
	e, _, err := decode(l.Seq, payload)
	if err != nil {
		return e, &Damaged{Stream: l.Stream, Seq: l.Seq, Why: err.Error(), Err: err}
	}
	return e, nil
}

func cursorRow(name string, pos uint64) Row {
	return Row{SpaceCursor, name, binary.AppendUvarint(nil, pos)}
}

// cursor is a follower's position, and the row that says so.
func (st *Store) cursor(ctx context.Context, name string) (uint64, Row, error) {
	value, ok, err := st.row(ctx, SpaceCursor, name)
	row := Row{SpaceCursor, name, value}
	if err != nil || !ok {
		return 0, row, err
	}
	pos, n := binary.Uvarint(value)
	if n != len(value) || n == 0 {
		return 0, row, &Damaged{Why: fmt.Sprintf("the cursor of %s cannot be read", name)}
	}
	return pos, row, nil
}
