// Package bolt keeps the log in one file, by bbolt.
//
// Every accepted write is on disk when Commit returns: bbolt syncs the pages,
// then the page that points at them. Writes that wait while another is being
// synced share the next transaction, each checked on its own.
//
// Every row ends with a checksum over its bucket, key and value, and the
// number and sum of them is kept per bucket, so that neither a changed row nor
// a missing one goes unnoticed. See package state for the buckets.
package bolt

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	bbolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"github.com/synthoperator/baton/state"
)

// Options are what [Open] may be told. The zero Options are good.
type Options struct {
	// Timeout is how long to wait for a file that another process has open; 0
	// is four seconds.
	Timeout time.Duration
	// Log is told of an index that cannot be written; nil for nobody.
	Log *slog.Logger
	// Step is for tests that end the process at a named step of a commit:
	// "enqueued", "before-commit", "in-transaction", "visible", "committed",
	// "before-reply".
	Step func(name string)
}

// DB is a [state.Backend] in one file.
type DB struct {
	path string
	file os.FileInfo // what path named when it was opened
	bolt *bbolt.DB
	step func(string)
	log  *slog.Logger

	ledger atomic.Pointer[ledger] // as of the last commit
	// accepting is held from when a commit may be seen in the file until it is
	// accepted.
	accepting sync.RWMutex
	tail      *tail
	ends      map[state.Stream]head // of streams in the index; only the leading caller uses it
	// unindexed says that the index cannot be written, since a page of it is
	// damaged: the tail grows, and all that does not need the page goes on.
	// Only the leading caller uses it.
	unindexed bool

	mu       sync.Mutex
	waiting  []*waiting
	leading  bool // a caller is committing, or about to
	crowd    int  // how many callers were answered last, or waited then
	closed   error
	finished chan struct{} // closed when the last leader is done after Close
}

var (
	_ state.Backend  = (*DB)(nil)
	_ state.Backuper = (*DB)(nil)
	_ state.Checker  = (*DB)(nil)
)

// Lost says whether the path still names the file that is open. Where the file
// was moved or replaced, what is written goes where nobody will look.
func (db *DB) Lost() error {
	now, err := os.Stat(db.path)
	if err != nil {
		return fmt.Errorf("the database is not where it was: %w", err)
	}
	if !os.SameFile(db.file, now) {
		return fmt.Errorf("%s is another file than the one that was opened", db.path)
	}
	return nil
}

// Close waits for the commits under way and closes the file.
func (db *DB) Close() error {
	db.mu.Lock()
	if db.finished == nil {
		db.finished = make(chan struct{})
		if db.closed == nil {
			db.closed = state.ErrClosed
		}
		if !db.leading {
			close(db.finished)
		}
	}
	db.mu.Unlock()
	<-db.finished
	return errors.Join(db.index(), db.bolt.Close())
}

// index writes what is left of the index, so that a file at rest needs no
// reading of its log. Where that fails the log still has it all.
func (db *DB) index() (err error) {
	if db.bolt.IsReadOnly() || db.tail.records == 0 || db.unindexed || db.failed() != nil {
		return nil
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	tx, err := db.bolt.Begin(true)
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		return nil // closed already
	}
	if err != nil {
		return err
	}
	defer func() {
		if r := recover(); r != nil {
			err = tx.Rollback()
		}
	}()
	t := db.newTransaction(tx, 0)
	if err := t.index(); err != nil {
		return tx.Rollback()
	}
	if err := t.ledger.write(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	db.accept(t, true)
	return nil
}

// view runs fn in a read transaction. A page that cannot be read is a
// *[state.Damaged], not the end of the process.
func (db *DB) view(ctx context.Context, s state.Stream, fn func(*bbolt.Tx) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = &state.Damaged{Stream: s, Why: fmt.Sprintf("a page of the file cannot be read: %v", r)}
		}
	}()
	err = db.bolt.View(fn)
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		return state.ErrClosed
	}
	return err
}
