package bolt

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	bbolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/statetest"
)

// transactions is how many there were so far.
func (db *DB) transactions(t *testing.T) (n int) {
	t.Helper()
	if err := db.bolt.View(func(tx *bbolt.Tx) error { n = tx.ID(); return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

func appendTo(s state.Stream, after uint64, key string) state.Write {
	return state.Write{Key: key, Appends: []state.Append{{Stream: s, After: after, Record: []byte("record")}}}
}

// held is a database whose first leader waits, so that others gather.
type held struct {
	*DB
	enqueued chan struct{} // one for each write
	release  chan struct{}
}

func hold(t *testing.T) *held {
	h := &held{enqueued: make(chan struct{}, 1000), release: make(chan struct{})}
	h.DB = open(t, filepath.Join(t.TempDir(), "baton.db"), Options{Step: func(name string) {
		switch name {
		case "enqueued":
			h.enqueued <- struct{}{}
		case "before-commit":
			<-h.release
		}
	}})
	return h
}

// TestAlone: a caller who is alone has a transaction of their own.
func TestAlone(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "baton.db"), Options{})
	before := db.transactions(t)
	for i := range uint64(5) {
		if err := db.Commit(ctx, appendTo("s/a", i, "")); err != nil {
			t.Fatal(err)
		}
	}
	if n := db.transactions(t) - before; n != 5 {
		t.Fatalf("%d transactions for 5 commits", n)
	}
}

// TestTogether: who comes while another is committing shares the next
// transaction, each checked alone: what fails does not fail the others.
func TestTogether(t *testing.T) {
	h := hold(t)
	before := h.transactions(t)
	answers := make([]error, 41)
	var group sync.WaitGroup
	commit := func(i int, w state.Write) {
		group.Go(func() { answers[i] = h.Commit(ctx, w) })
		<-h.enqueued
	}
	commit(0, appendTo("s/first", 0, "first"))
	for i := range 20 {
		commit(2*i+1, appendTo(state.Stream(fmt.Sprint("s/", i)), 0, fmt.Sprint("good ", i)))
		switch i % 3 {
		case 0: // a conflict with the disk
			commit(2*i+2, appendTo(state.Stream(fmt.Sprint("s/", i)), 7, ""))
		case 1: // with another of this transaction
			commit(2*i+2, appendTo(state.Stream(fmt.Sprint("s/", i)), 0, ""))
		case 2: // a key of this transaction
			commit(2*i+2, appendTo(state.Stream(fmt.Sprint("s/other", i)), 0, fmt.Sprint("good ", i)))
		}
	}
	close(h.release)
	group.Wait()
	if n := h.transactions(t) - before; n != 2 {
		t.Errorf("%d transactions", n)
	}
	for i, err := range answers {
		var seen *state.Seen
		switch {
		case i == 0 || i%2 == 1:
			if err != nil {
				t.Errorf("%d: %v", i, err)
			}
		case (i/2-1)%3 == 2:
			if !errors.As(err, &seen) {
				t.Errorf("%d: %v", i, err)
			}
		case !errors.Is(err, state.ErrConflict):
			t.Errorf("%d: %v", i, err)
		}
	}
	if got, err := h.Log(ctx, 0, 100); err != nil || len(got) != 21 {
		t.Fatal(len(got), err)
	}
}

// TestCommitFails: an error of the commit itself is everybody's who waits, and
// nothing is tried again.
func TestCommitFails(t *testing.T) {
	h := hold(t)
	h.bolt.MaxSize = 1 // as a full disk
	answers := make([]error, 10)
	var group sync.WaitGroup
	for i := range answers {
		group.Go(func() {
			w := appendTo(state.Stream(fmt.Sprint("s/", i)), 0, "")
			w.Appends[0].Record = make([]byte, 100_000) // more than the file has room for
			answers[i] = h.Commit(ctx, w)
		})
		<-h.enqueued
	}
	close(h.release)
	group.Wait()
	for i, err := range answers {
		if !errors.Is(err, berrors.ErrMaxSizeReached) {
			t.Errorf("%d: %v", i, err)
		}
	}
	h.bolt.MaxSize = 0
	if err := h.Commit(ctx, appendTo("s/after", 0, "")); !errors.Is(err, berrors.ErrMaxSizeReached) {
		t.Errorf("accepted after a commit failed: %v", err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	db := open(t, h.path, Options{})
	if got, err := db.Log(ctx, 0, 10); err != nil || len(got) != 0 {
		t.Fatal(got, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := VerifyFile(ctx, h.path, func(f state.Finding) { t.Error(f) }); err != nil {
		t.Fatal(err)
	}
}

// TestCloseWaits: what waits when the database is closed is still done, what
// comes later is refused.
func TestCloseWaits(t *testing.T) {
	h := hold(t)
	var group sync.WaitGroup
	for i := range 5 {
		group.Go(func() {
			if err := h.Commit(ctx, appendTo(state.Stream(fmt.Sprint("s/", i)), 0, "")); err != nil {
				t.Error(err)
			}
		})
		<-h.enqueued
	}
	closed := make(chan error)
	go func() { closed <- h.Close() }()
	h.release <- struct{}{}
	close(h.release)
	group.Wait()
	if err := <-closed; err != nil {
		t.Fatal(err)
	}
	if err := h.Commit(ctx, appendTo("s/late", 0, "")); !errors.Is(err, state.ErrClosed) {
		t.Fatal(err)
	}
	if _, err := h.Log(ctx, 0, 1); !errors.Is(err, state.ErrClosed) {
		t.Fatal(err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := open(t, h.path, Options{}).Log(ctx, 0, 10); err != nil || len(got) != 5 {
		t.Fatal(len(got), err)
	}
}

// TestBrokenPage: a write that meets a page which cannot be read gets its
// answer, and the others of its transaction are done.
func TestBrokenPage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "baton.db")
	db := open(t, path, Options{})
	st := store(t, db)
	ids := statetest.Sessions(t, st, 400) // the rows of more than one page
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	breakPageOf(t, path, []byte(state.SessionStream(ids[7])))
	db = open(t, path, Options{})
	st = store(t, db)
	accepted, refused := everySession(t, st, ids, 0)
	if accepted < len(ids)/2 || refused == 0 {
		t.Fatalf("%d accepted, %d refused", accepted, refused)
	}
	if _, err := st.Update(ctx, statetest.Record("", ids[7], "x")); !errors.Is(err, state.ErrDamaged) {
		t.Fatal("the session whose page is broken was updated:", err)
	}
}

// TestBrokenIndex: where the index cannot be written since a page of it cannot
// be read, the log goes on without, also after it was opened again.
func TestBrokenIndex(t *testing.T) {
	path := filepath.Join(t.TempDir(), "baton.db")
	db := open(t, path, Options{})
	st := store(t, db)
	ids := statetest.Sessions(t, st, 400)
	if err := db.index(); err != nil {
		t.Fatal(err)
	}
	everySession(t, st, ids, 0)
	for round := 10; db.tail.records < 400 && round < 14; round++ { // the index was just written
		everySession(t, st, ids, round)
	}
	copied := path + ".copy" // as a kill leaves it
	if err := os.WriteFile(copied, backup(t, db).Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	breakPageOf(t, copied, []byte(state.SessionStream(ids[7])))
	for range 2 {
		db = open(t, copied, Options{})
		if db.tail.records < 400 {
			t.Fatalf("%d records are not indexed", db.tail.records)
		}
		st := store(t, db)
		for round := 1; round < 4; round++ {
			if accepted, _ := everySession(t, st, ids, round); accepted != len(ids) {
				t.Fatalf("round %d: %d accepted", round, accepted)
			}
		}
		if !db.unindexed {
			t.Fatal("the index was written")
		}
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// everySession updates all sessions at once.
func everySession(t *testing.T, st *state.Store, ids []state.SessionID, round int) (accepted, refused int) {
	t.Helper()
	var mu sync.Mutex
	var group sync.WaitGroup
	for i, id := range ids {
		group.Go(func() {
			_, err := st.Update(ctx, statetest.Record("", id, fmt.Sprint(round, "/", i)))
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				accepted++
			case errors.Is(err, state.ErrDamaged):
				refused++
			default:
				t.Error(err)
			}
		})
	}
	group.Wait()
	return accepted, refused
}

// breakPageOf makes the leaf pages that hold a row with that key unreadable.
func breakPageOf(t *testing.T, path string, key []byte) {
	t.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	broken := 0
	for page := range slices.Chunk(file, os.Getpagesize()) {
		if _, found := keyIn(page, key); found {
			page[8] = 0x40
			broken++
		}
	}
	if err := os.WriteFile(path, file, 0o600); err != nil || broken == 0 {
		t.Fatal(broken, err)
	}
}

// keyIn finds a key in a leaf page.
func keyIn(page, key []byte) (at int, found bool) {
	if order.Uint16(page[8:]) != leafPage {
		return 0, false
	}
	for i := range int(order.Uint16(page[10:])) {
		e := pageHeader + i*elementLen
		begin, size := e+int(order.Uint32(page[e+4:])), int(order.Uint32(page[e+8:]))
		if bytes.Equal(page[begin:begin+size], key) {
			return begin, true
		}
	}
	return 0, false
}

// TestSeenBeforeItIsOnDisk: the file shows a commit to readers before it is on
// disk. Nobody is given a record then, and who follows a row to its stream
// finds it.
func TestSeenBeforeItIsOnDisk(t *testing.T) {
	type read struct {
		records [][]byte
		err     error
	}
	reading := make(chan read, 1)
	var db *DB
	var rows []state.Row
	var located []state.Located
	var errs error
	db = open(t, filepath.Join(t.TempDir(), "baton.db"), Options{Step: func(name string) {
		if name != "visible" {
			return
		}
		var err, again error
		rows, err = db.Rows(ctx, state.Query{Space: state.SpaceThread, Key: "thread"})
		located, again = db.Log(ctx, 0, 10)
		errs = errors.Join(errs, err, again)
		began := make(chan struct{})
		go func() {
			close(began)
			records, err := db.Read(ctx, "s/a", 0, 10)
			reading <- read{records, err}
		}()
		<-began
	}})
	w := appendTo("s/a", 0, "")
	w.Rows = []state.Row{{Space: state.SpaceThread, Key: "thread", Value: []byte("s/a")}}
	if err := errors.Join(db.Commit(ctx, w), errs); err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1 {
		t.Errorf("the commit could not be seen yet: this test shows nothing")
	}
	if len(located) > 0 {
		t.Errorf("a record is given to followers before it is on disk: %+v", located)
	}
	if got := <-reading; len(got.records) != 1 || got.err != nil {
		t.Errorf("the stream that a row names has %d records, %v", len(got.records), got.err)
	}
}
