package state

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Options are what a [Store] may be told. The zero Options are good.
type Options struct {
	Now   func() time.Time // time.Now if nil
	Log   *slog.Logger     // discarded if nil
	Fatal func(error)      // called once, when a commit failed; the store refuses everything from then on

	CacheSessions int // how many folded streams to keep in memory, 0 for 1024; long ones count for more
}

// Store is the log with its streams folded. It is safe for concurrent use.
type Store struct {
	backend Backend
	now     func() time.Time
	log     *slog.Logger
	fatal   func(error)

	folds  *folds
	counts *lru[int] // channel → number of its newest session
	texts  *lru[struct{}]
	locks  locks
	ahead  ahead
	news   news

	mu      sync.Mutex
	stopped error
}

// Open makes a Store over a backend, which it closes when it is closed.
func Open(b Backend, o Options) (*Store, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.CacheSessions <= 0 {
		o.CacheSessions = 1024
	}
	return &Store{
		backend: b, now: o.Now, log: o.Log, fatal: o.Fatal,
		folds: newFolds(o.CacheSessions), counts: newLRU[int](o.CacheSessions), texts: newLRU[struct{}](4096),
		locks: newLocks(), news: newNews(),
	}, nil
}

// Changed is closed by the next change of any stream, or when the store stops.
// Ask before looking, then wait.
func (st *Store) Changed() <-chan struct{} { return st.news.wait() }

// Close stops the store: calls under way are answered, later ones get
// [ErrClosed].
func (st *Store) Close() error {
	st.mu.Lock()
	already := st.stopped
	if already == nil {
		st.stopped = ErrClosed
	}
	st.mu.Unlock()
	if already == ErrClosed { //nolint:errorlint // closed in order, not by a fault that wraps it
		return nil
	}
	st.news.publish()
	return st.backend.Close()
}

// usable says why nothing can be asked any more, or nil.
func (st *Store) usable(ctx context.Context) error {
	st.mu.Lock()
	stopped := st.stopped
	st.mu.Unlock()
	if stopped != nil {
		return stopped
	}
	return ctx.Err()
}

// commit gives the backend one write. Whether a write that failed is on disk
// cannot be told from within: the process has to start again and read.
func (st *Store) commit(ctx context.Context, w Write) error {
	if err := w.valid(); err != nil {
		return err
	}
	err := st.backend.Commit(ctx, w)
	var seen *Seen
	switch {
	case err == nil:
		if len(w.Appends) > 0 {
			st.news.publish()
		}
		return nil
	case errors.Is(err, ErrDamaged):
		return st.damaged(err)
	case errors.As(err, &seen), errors.Is(err, ErrConflict), errors.Is(err, ErrClosed),
		errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	}
	err = fmt.Errorf("%w: %w", ErrNotAccepted, err)
	st.stop(err)
	return err
}

// stop refuses everything from now on and says so once.
func (st *Store) stop(err error) {
	st.mu.Lock()
	first := st.stopped == nil
	if first {
		st.stopped = fmt.Errorf("%w: %w", ErrClosed, err)
	}
	st.mu.Unlock()
	if !first {
		return
	}
	st.log.Error("the store stopped", "err", err)
	st.news.publish()
	if st.fatal != nil {
		st.fatal(err)
	}
}

// damaged says in the log that a stream is fenced.
func (st *Store) damaged(err error) error {
	var d *Damaged
	if errors.As(err, &d) {
		st.log.Error("damaged", "stream", d.Stream, "seq", d.Seq, "why", d.Why, "err", d.Err)
	}
	return err
}
