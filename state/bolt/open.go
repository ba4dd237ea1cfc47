package bolt

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"time"

	bbolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"github.com/synthoperator/baton/state"
)

// Schema is the version of the buckets and rows that this release writes.
const Schema = 1

var schemaKey = []byte("schema")

const (
	fileMode       = 0o600
	defaultTimeout = 4 * time.Second
	// mapSize is how much address space is reserved at least. The file can
	// grow that far without waiting for a backup that is being read.
	mapSize = 1 << 30
)

// ErrInUse says that another process has the file open.
var ErrInUse = errors.New("is in use by another process")

// Open opens the database in a file, and makes it where there is none. A file
// that a newer release wrote is a *[state.NewerSchema], one that cannot be
// trusted a *[state.Damaged]; neither is touched. A file that another process
// has open is an [ErrInUse] after Options.Timeout.
func Open(path string, o Options) (*DB, error) {
	patience := time.Now().Add(cmp.Or(o.Timeout, defaultTimeout))
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		if err := create(path); err != nil && !errors.Is(err, os.ErrExist) {
			return nil, fmt.Errorf("create the database %s: %w", path, err)
		}
	}
	if err := inspect(path, time.Until(patience)); err != nil {
		return nil, err
	}
	left := max(time.Until(patience), time.Millisecond) // 0 would wait for ever
	b, err := openFile(path, bbolt.Options{Timeout: left, InitialMmapSize: reserve(), NoStatistics: true})
	if err != nil {
		return nil, err
	}
	return newDB(path, b, o)
}

func newDB(path string, b *bbolt.DB, o Options) (*DB, error) {
	if o.Step == nil {
		o.Step = func(string) {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	db := &DB{path: path, bolt: b, step: o.Step, log: o.Log, ends: map[state.Stream]head{}}
	var err error
	if db.file, err = os.Stat(path); err == nil {
		err = db.view(context.Background(), "", func(tx *bbolt.Tx) error {
			l, err := readLedger(tx)
			if err != nil {
				return err
			}
			db.ledger.Store(l)
			db.tail, err = replay(tx, l.indexed)
			return err
		})
	}
	if err != nil {
		_ = b.Close()
		return nil, fmt.Errorf("open the database %s: %w", path, err)
	}
	return db, nil
}

// reserve is the address space to reserve: none where addresses are short, or
// where the file would be made as large (Windows).
func reserve() int {
	if runtime.GOOS == "windows" || ^uint(0)>>32 == 0 {
		return 0
	}
	return mapSize
}

// inspect looks at the file without being able to change it.
func inspect(path string, timeout time.Duration) error {
	ms, err := readMetas(path)
	if err != nil {
		return fmt.Errorf("open the database %s: %w", path, err)
	}
	b, err := openFile(path, bbolt.Options{Timeout: timeout, ReadOnly: true, NoStatistics: true})
	if err != nil {
		return err
	}
	defer b.Close()
	db := &DB{bolt: b}
	err = db.view(context.Background(), "", checkSchema)
	if err == nil {
		err = checkFree(path, ms.now)
	}
	if err != nil {
		return fmt.Errorf("open the database %s: %w", path, err)
	}
	return nil
}

// checkFree looks at the list of free pages: what is written there by mistake
// would be written over.
func checkFree(path string, m meta) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	p := &pages{ctx: context.Background(), file: f, meta: m}
	p.tell = func(format string, args ...any) {
		err = &state.Damaged{Why: fmt.Sprintf(format, args...)}
	}
	p.free(m.freelist)
	return err
}

func checkSchema(tx *bbolt.Tx) error {
	meta := tx.Bucket([]byte(metaBucket))
	if meta == nil {
		return &state.Damaged{Why: "this is no database of this program"}
	}
	value, err := get(meta, metaBucket, schemaKey)
	if err != nil {
		return err
	}
	found, _, ok := uvarint(value)
	switch {
	case !ok:
		return &state.Damaged{Why: "the database says no schema"}
	case found > Schema:
		return &state.NewerSchema{Found: int(found), Known: Schema}
	}
	return nil
}

// openFile opens a file by bbolt, which panics on some damaged ones.
func openFile(path string, o bbolt.Options) (b *bbolt.DB, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	var file *os.File
	o.OpenFile = func(name string, flag int, mode os.FileMode) (f *os.File, err error) {
		file, err = os.OpenFile(name, flag, mode)
		return file, err
	}
	defer func() {
		if r := recover(); r != nil {
			_ = file.Close() // and with it the lock
			err = fmt.Errorf("open the database %s: %w", path, &state.Damaged{Why: fmt.Sprint(r)})
		}
	}()
	b, err = bbolt.Open(path, fileMode, &o)
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return nil, fmt.Errorf("the database %s %w: stop that one, or give this one a directory of its own", path, ErrInUse)
	case err != nil:
		return nil, fmt.Errorf("open the database %s: %w", path, err)
	}
	return b, nil
}

// create makes an empty database under another name and moves it to its place
// when it is whole on disk: bbolt's first writes are not safe against a power
// cut (https://github.com/etcd-io/bbolt#known-issues). Of two processes that
// do so at once, one finds the other's.
func create(path string) error {
	temporary, err := os.CreateTemp(filepath.Dir(path), ".new-*.db")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	if err := temporary.Close(); err != nil {
		return err
	}
	b, err := bbolt.Open(temporary.Name(), fileMode, nil)
	if err != nil {
		return err
	}
	if err := errors.Join(b.Update(initialize), b.Close()); err != nil {
		return err
	}
	return install(temporary.Name(), path)
}

// install gives a file that is whole its name, for good, unless the name is
// taken.
func install(from, to string) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	err = os.Link(from, to)
	if err != nil && !errors.Is(err, os.ErrExist) { // a file system without links
		err = os.Rename(from, to)
	}
	if err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return errors.Join(err, syncDir(filepath.Dir(to)))
}

func syncDir(path string) error {
	if runtime.GOOS == "windows" {
		return nil // directories cannot be synced there
	}
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

func initialize(tx *bbolt.Tx) error {
	l := &ledger{buckets: map[string]tally{}}
	for _, name := range []string{metaBucket, logBucket, headsBucket, marksBucket, rowsBucket} {
		if _, err := tx.CreateBucket([]byte(name)); err != nil {
			return err
		}
		if name != metaBucket {
			l.buckets[name] = tally{}
		}
	}
	meta := tx.Bucket([]byte(metaBucket))
	if err := meta.Put(schemaKey, sealed(metaBucket, schemaKey, binary.AppendUvarint(nil, Schema))); err != nil {
		return err
	}
	return l.write(tx)
}
