package bolt

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	bbolt "go.etcd.io/bbolt"

	o "github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/statetest"
)

var (
	flips = flag.Int("flips", 1000, "how many single bits to flip")
	seed  = flag.Uint64("seed", 20261123, "of the random bits, cuts and kills")
)

// original is a database with some hundred records, closed in good order, or
// copied while it was open so that its newest records are not indexed yet.
type original struct {
	file []byte
	rows map[string]string
	ids  []state.SessionID
	seqs map[state.SessionID]uint64
}

func makeOriginal(t *testing.T, indexed bool) *original {
	t.Helper()
	path := filepath.Join(t.TempDir(), "baton.db")
	db := open(t, path, Options{})
	st := store(t, db)
	out := &original{ids: statetest.Sessions(t, st, 10), seqs: map[state.SessionID]uint64{}}
	for i := range 190 {
		id := out.ids[i*7%10]
		c := statetest.Record(fmt.Sprint("key ", i), id, fmt.Sprint("decision ", i))
		c.Content = statetest.Text(fmt.Sprint("text ", i%9))
		r, err := st.Update(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		out.seqs[id] = r.Entry.Seq
	}
	for range 70 { // so that there is a mark
		if _, err := st.UpdateSettings(ctx, statetest.Budget("", "test/w/c0", 7)); err != nil {
			t.Fatal(err)
		}
	}
	must(t, st.Own(ctx, "outbox", func(tx *state.FollowTx) error { tx.Put("row", []byte("value")); return nil }))
	if indexed {
		must(t, db.index())
	}
	out.file = backup(t, db).Bytes() // without the room that the file has to grow
	if err := os.WriteFile(path+".copy", out.file, 0o600); err != nil {
		t.Fatal(err)
	}
	out.rows = dump(t, path+".copy")
	return out
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// dump is every row as iteration and as its key finds it, and what the meta
// pages say; nil where that cannot be read.
func dump(t *testing.T, path string) map[string]string {
	ms, err := readMetas(path)
	if err != nil {
		return nil
	}
	rows := map[string]string{"metas": fmt.Sprint(ms.both)}
	db, err := Open(path, Options{})
	if err != nil {
		return nil
	}
	defer db.bolt.Close()
	err = db.view(ctx, "", func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			return b.ForEach(func(k, v []byte) error {
				rows[fmt.Sprintf("%s/%x", name, k)] = fmt.Sprintf("%x %x", v, b.Get(k))
				return nil
			})
		})
	})
	if err != nil {
		return nil
	}
	return rows
}

// TestBitFlips: of any bit that flips in the file it is told, or it changed
// nothing that can be read. Nothing false is ever served: a session reads as
// it was or is damaged.
func TestBitFlips(t *testing.T) {
	for name, indexed := range map[string]bool{"indexed": true, "not indexed": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			was := makeOriginal(t, indexed)
			chance := rand.New(rand.NewPCG(*seed, 1))
			path := filepath.Join(t.TempDir(), "flipped.db")
			must(t, os.WriteFile(path, was.file, 0o600))
			told, served, fenced, refused := 0, 0, 0, 0
			for range *flips / 2 {
				bit := chance.IntN(len(was.file) * 8)
				flip(t, path, bit)
				found := 0
				if _, err := VerifyFile(ctx, path, func(state.Finding) { found++ }); err != nil {
					t.Errorf("bit %d: %v", bit, err)
				}
				if found == 0 { // it must have changed nothing
					if diff := cmp.Diff(was.rows, dump(t, path)); diff != "" {
						t.Errorf("bit %d was not told of, and changed:\n%s", bit, diff)
					}
					flip(t, path, bit)
					continue
				}
				told++
				right, damaged := was.serve(t, path, bit, true)
				served, fenced = served+right, fenced+damaged
				if right == 0 {
					refused++
				}
				flip(t, path, bit)
			}
			t.Logf("%d flips, %d told of; sessions read %d right, %d damaged; %d files refused as a whole", *flips/2, told, served, fenced, refused)
			if told < *flips/10 || fenced == 0 || served < fenced {
				t.Error("the flips are not what they should be")
			}
		})
	}
}

func flip(t *testing.T, path string, bit int) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	defer f.Close()
	var b [1]byte
	_, err = f.ReadAt(b[:], int64(bit/8))
	must(t, err)
	b[0] ^= 1 << (bit % 8)
	_, err = f.WriteAt(b[:], int64(bit/8))
	must(t, err)
}

// serve reads every session of a damaged file: each is as it was, or damaged,
// or the file is refused.
func (was *original) serve(t *testing.T, path string, bit int, told bool) (right, damaged int) {
	db, err := Open(path, Options{})
	if err != nil {
		if !errors.Is(err, state.ErrDamaged) && !errors.As(err, new(*state.NewerSchema)) {
			t.Errorf("bit %d: open: %v", bit, err)
		}
		return 0, 0
	}
	st, err := state.Open(db, state.Options{})
	must(t, err)
	defer db.bolt.Close() // without writing the index
	for i, id := range was.ids {
		s, err := st.Session(ctx, id)
		switch {
		case errors.Is(err, state.ErrDamaged):
			damaged++
		case err == nil && s.Seq() == 0 && told:
			// The number of rows in a page was changed. Nothing else can hide
			// a row from a lookup.
			t.Logf("bit %d: session %d is not found", bit, i)
		case err != nil || s.Seq() != was.seqs[id] || s.State() != o.ActiveState || len(s.Items()) != int(s.Seq())-1:
			t.Errorf("bit %d: session %d reads as %d decisions of %d: %v", bit, i, s.Seq(), was.seqs[id], err)
		default:
			right++
		}
	}
	return right, damaged
}

// TestCutOff: a file that lost its end is told of in one sentence.
func TestCutOff(t *testing.T) {
	was := makeOriginal(t, true)
	chance := rand.New(rand.NewPCG(*seed, 2))
	path := filepath.Join(t.TempDir(), "cut.db")
	for i := range 100 {
		n := chance.IntN(len(was.file))
		if i < 10 {
			n = i * 1000
		}
		must(t, os.WriteFile(path, was.file[:n], 0o600))
		var found []state.Finding
		if _, err := VerifyFile(ctx, path, func(f state.Finding) { found = append(found, f) }); err != nil || len(found) == 0 {
			t.Errorf("%d bytes: %v, %v", n, found, err)
		}
		if _, err := Open(path, Options{}); !errors.Is(err, state.ErrDamaged) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}

// TestZeroedPages: pages that were emptied are told of where they are in use.
func TestZeroedPages(t *testing.T) {
	was := makeOriginal(t, true)
	path := filepath.Join(t.TempDir(), "zeroed.db")
	size := os.Getpagesize()
	for at := 0; at < len(was.file); at += size {
		file := append([]byte(nil), was.file...)
		clear(file[at : at+size])
		must(t, os.WriteFile(path, file, 0o600))
		found := 0
		if _, err := VerifyFile(ctx, path, func(state.Finding) { found++ }); err != nil {
			t.Errorf("page %d: %v", at/size, err)
		}
		if found == 0 && !maps.Equal(was.rows, dump(t, path)) {
			t.Errorf("page %d is empty, and nobody noticed", at/size)
		}
		was.serve(t, path, at*8, found > 0)
	}
}

// TestRows: in every bucket a row that is changed, missing, moved or too many
// is told of.
func TestRows(t *testing.T) {
	was := makeOriginal(t, true)
	path := filepath.Join(t.TempDir(), "rows.db")
	for _, bucket := range []string{metaBucket, logBucket, headsBucket, marksBucket, rowsBucket, ""} {
		for name, change := range map[string]func(b *bbolt.Bucket, key, value []byte) error{
			"changed": func(b *bbolt.Bucket, key, value []byte) error {
				value[len(value)-sumLen-1] ^= 8
				return b.Put(key, value)
			},
			"missing": func(b *bbolt.Bucket, key, value []byte) error { return b.Delete(key) },
			"moved": func(b *bbolt.Bucket, key, value []byte) error {
				return errors.Join(b.Delete(key), b.Put(append(key, 'x'), value))
			},
			"too many": func(b *bbolt.Bucket, key, value []byte) error { return b.Put(append(key, 'x'), value) },
		} {
			must(t, os.WriteFile(path, was.file, 0o600))
			edit(t, path, func(tx *bbolt.Tx) error {
				return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
					if string(name) != bucket && (bucket != "" || !strings.HasPrefix(string(name), keysPrefix)) {
						return nil
					}
					key, value := b.Cursor().First()
					return change(b, bytes.Clone(key), bytes.Clone(value))
				})
			})
			found := 0
			if _, err := VerifyFile(ctx, path, func(state.Finding) { found++ }); err != nil || found == 0 {
				t.Errorf("a row of %q is %s: %d findings, %v", bucket, name, found, err)
			}
		}
	}
}

// TestHiddenRow: a row whose key was changed is not taken for one that never
// was.
func TestHiddenRow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hidden.db")
	st := store(t, open(t, path, Options{}))
	id := statetest.Sessions(t, st, 100)[4]
	must(t, st.Close())
	sound, err := os.ReadFile(path)
	must(t, err)
	for name, test := range map[string]struct {
		key []byte
		ask func(st *state.Store) error
	}{
		"stream": {[]byte(state.SessionStream(id)), func(st *state.Store) error { _, err := st.Session(ctx, id); return err }},
		"thread": {rowKey(state.SpaceThread, "test/w/c0/t4"), func(st *state.Store) error {
			_, _, err := st.InThread(ctx, "test/w/c0/t4")
			return err
		}},
		"bound again": {rowKey(state.SpaceThread, "test/w/c0/t4"), func(st *state.Store) error {
			_, err := st.Create(ctx, statetest.Start("", "test/w/c0", "test/w/c0/t4"))
			return err
		}},
	} {
		file, hidden := bytes.Clone(sound), 0
		for page := range slices.Chunk(file, os.Getpagesize()) {
			if at, found := keyIn(page, test.key); found {
				page[at+len(test.key)-1] ^= 1
				hidden++
			}
		}
		if hidden == 0 {
			t.Fatalf("%s: no such row", name)
		}
		must(t, os.WriteFile(path, file, 0o600))
		db, err := Open(path, Options{})
		must(t, err)
		if err := test.ask(store(t, db)); !errors.Is(err, state.ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
		must(t, db.bolt.Close())
	}
}

// TestMissingRow: a row that nothing but the ledger knows of is missed.
func TestMissingRow(t *testing.T) {
	was := makeOriginal(t, true)
	path := filepath.Join(t.TempDir(), "missing.db")
	must(t, os.WriteFile(path, was.file, 0o600))
	edit(t, path, func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte(rowsBucket)).Delete(rowKey(state.SpaceOwn, "outbox\x00row"))
	})
	found := 0
	if _, err := VerifyFile(ctx, path, func(state.Finding) { found++ }); err != nil || found != 1 {
		t.Errorf("%d findings, %v", found, err)
	}
}
