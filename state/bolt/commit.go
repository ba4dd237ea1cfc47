package bolt

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/synthoperator/baton/state"
)

// waiting is a write that somebody waits for.
type waiting struct {
	state.Write
	turn chan bool // true: answered; false: lead the next transaction
	err  error     // the answer
	// broken says that the answer is final: the write met a page that cannot be
	// read.
	broken bool
}

// maxBatch bounds how many writes share a transaction, so that none waits for
// more than a few milliseconds of others' work.
const maxBatch = 1024

// Commit does all of w or nothing. Whoever comes first commits for everybody
// who comes meanwhile: a caller who is alone waits for nobody and no timer.
// Once w waits its turn the end of ctx has no effect any more.
func (db *DB) Commit(ctx context.Context, w state.Write) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	me := &waiting{Write: w}
	db.mu.Lock()
	if db.closed != nil {
		defer db.mu.Unlock()
		return db.closed
	}
	lead := !db.leading
	db.leading = true
	if !lead {
		me.turn = make(chan bool, 1)
	}
	db.waiting = append(db.waiting, me)
	db.mu.Unlock()
	db.step("enqueued")
	if lead || !<-me.turn {
		db.lead(me)
	}
	db.step("before-reply")
	return me.err
}

// lead commits what waits, answers it, and hands the lead to the first of
// those who came meanwhile.
func (db *DB) lead(me *waiting) {
	batch := db.gather()
	db.step("before-commit")
	err := db.commit(batch)
	db.mu.Lock()
	if err != nil && db.closed == nil {
		db.closed = err
	}
	db.crowd = len(batch) + len(db.waiting)
	db.mu.Unlock()
	for _, w := range batch {
		if err != nil {
			w.err = err
		}
		if w != me {
			w.turn <- true
		}
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	if len(db.waiting) > 0 {
		db.waiting[0].turn <- false
		return
	}
	db.leading = false
	if db.finished != nil {
		close(db.finished)
	}
}

// gather takes what waits. Those who were answered last are about to come back:
// it lets them run first, and goes on as soon as nobody new appears. It never
// sleeps, and a caller who is alone does not even yield.
func (db *DB) gather() []*waiting {
	db.mu.Lock()
	defer db.mu.Unlock()
	for have, idle := len(db.waiting), 0; have < db.crowd && idle < maxIdle; {
		db.mu.Unlock()
		runtime.Gosched()
		db.mu.Lock()
		if idle++; len(db.waiting) > have {
			have, idle = len(db.waiting), 0
		}
	}
	n := min(len(db.waiting), maxBatch)
	batch := append([]*waiting(nil), db.waiting[:n]...)
	db.waiting = append(db.waiting[:0], db.waiting[n:]...)
	clear(db.waiting[len(db.waiting):cap(db.waiting)])
	return batch
}

// maxIdle is how often a leader yields in vain before it goes on.
const maxIdle = 2

// commit does a batch in one transaction. Its error concerns all: what is on
// disk is not known then.
func (db *DB) commit(batch []*waiting) error {
	if closed := db.failed(); closed != nil {
		return closed
	}
	for {
		again, err := db.attempt(batch)
		if err != nil || !again {
			return err
		}
	}
}

func (db *DB) failed() error {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.closed == state.ErrClosed { //nolint:errorlint // closed in order, not by a fault that wraps it
		return nil // what waited already is still done
	}
	return db.closed
}

// attempt is one transaction. again is true where it met a page that cannot be
// read: the write that did has its answer, or the index is left alone, and the
// others are done without.
func (db *DB) attempt(batch []*waiting) (again bool, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	tx, err := db.bolt.Begin(true)
	if err != nil {
		return false, fmt.Errorf("begin a transaction: %w", err)
	}
	index := false
	defer func() {
		if r := recover(); r != nil {
			_ = tx.Rollback()
			if err = fmt.Errorf("commit: %v", r); index {
				again, err = db.withoutIndex(err), nil
			}
		}
	}()
	t := db.newTransaction(tx, len(batch))
	done, broken := t.doAll(batch)
	if broken {
		return true, tx.Rollback()
	}
	if done == 0 {
		return false, tx.Rollback()
	}
	index = !db.unindexed && t.due(len(batch))
	if index {
		if err := t.index(); err != nil {
			return db.withoutIndex(err), tx.Rollback()
		}
	}
	if err := t.ledger.write(tx); err != nil {
		_ = tx.Rollback()
		return false, err
	}
	db.step("in-transaction")
	db.accepting.Lock()
	defer db.accepting.Unlock()
	if err := tx.Commit(); err != nil {
		return false, fmt.Errorf("commit: %w", err)
	}
	db.step("visible")
	db.accept(t, index)
	db.step("committed")
	return false, nil
}

// withoutIndex lets the log go on without its index, of which a page cannot be
// read.
func (db *DB) withoutIndex(err error) (again bool) {
	db.unindexed = true
	db.log.Error("the index cannot be written; verify the database", "path", db.path, "err", err)
	return true
}

// doAll does the writes of a batch that have no answer yet from a broken
// transaction before, and counts those that were accepted.
func (t *transaction) doAll(batch []*waiting) (done int, broken bool) {
	for _, w := range batch {
		if w.broken {
			continue
		}
		if w.err, w.broken = t.do(&w.Write); w.broken {
			return 0, true
		}
		if w.err == nil {
			done++
		}
	}
	return done, false
}

// accept takes over what was committed: the tail first, so that who is shown a
// record finds its stream.
func (db *DB) accept(t *transaction, indexed bool) {
	db.tail.join(t.tail)
	db.ledger.Store(t.ledger)
	if indexed {
		for s, e := range db.tail.streams {
			remember(db.ends, s, e.head)
		}
		db.tail.empty()
	}
}
