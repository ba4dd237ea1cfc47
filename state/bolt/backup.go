package bolt

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	bbolt "go.etcd.io/bbolt"

	"github.com/synthoperator/baton/state"
)

// Backup writes a consistent copy of the database while it is in use. What is
// freed meanwhile is not used again before the copy is done: a slow reader
// makes the file grow.
func (db *DB) Backup(ctx context.Context, w io.Writer) error {
	return db.view(ctx, "", func(tx *bbolt.Tx) error {
		_, err := tx.WriteTo(stopping{ctx, w})
		return err
	})
}

// stopping is a writer that fails once a context has ended.
type stopping struct {
	ctx context.Context
	to  io.Writer
}

func (s stopping) Write(b []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.to.Write(b)
}

// ErrThere says that a restore would have replaced a database.
var ErrThere = errors.New("there is a database already")

// Unsound says what is wrong with a backup.
type Unsound struct{ Findings []state.Finding }

func (u *Unsound) Error() string {
	return fmt.Sprintf("the backup is damaged in %d places, the first: %s", len(u.Findings), u.Findings[0])
}

// Restore makes a database of a backup, once it was verified. A backup of a
// newer release is a *[state.NewerSchema]. Where there is
// one already it is an [ErrThere], unless replace says so: then the old one is
// kept beside it, under the name that [Aside] says before. A database that is in
// use is not replaced.
//
// mark writes down in the new database that it was restored, before it takes
// the place: nobody ever opens one that does not say so. nil writes nothing.
func Restore(ctx context.Context, path string, r io.Reader, replace bool, mark func(*state.Store) error) (state.Summary, error) {
	_, err := os.Stat(path)
	there := err == nil
	if there && !replace {
		return state.Summary{}, fmt.Errorf("restore to %s: %w", path, ErrThere)
	}
	temporary, err := keep(path, r)
	if err != nil {
		return state.Summary{}, fmt.Errorf("restore to %s: %w", path, err)
	}
	defer os.Remove(temporary)
	var newer *state.NewerSchema
	if err := inspect(temporary, defaultTimeout); errors.As(err, &newer) {
		return state.Summary{}, fmt.Errorf("look at the backup: %w", err)
	}
	var unsound Unsound
	sum, err := VerifyFile(ctx, temporary, func(f state.Finding) { unsound.Findings = append(unsound.Findings, f) })
	switch {
	case len(unsound.Findings) > 0:
		return sum, &unsound
	case err != nil:
		return sum, fmt.Errorf("verify the backup: %w", err)
	}
	if err := marked(temporary, mark); err != nil {
		return sum, fmt.Errorf("mark the backup as restored: %w", err)
	}
	if there {
		if err := exchange(temporary, path); err != nil {
			return sum, fmt.Errorf("restore to %s: %w", path, err)
		}
		return sum, nil
	}
	if err := install(temporary, path); err != nil {
		return sum, fmt.Errorf("restore to %s: %w", path, cmp.Or(existing(err), err))
	}
	return sum, nil
}

// marked has a mark written in a database.
func marked(path string, mark func(*state.Store) error) error {
	if mark == nil {
		return nil
	}
	db, err := Open(path, Options{})
	if err != nil {
		return err
	}
	st, err := state.Open(db, state.Options{})
	if err != nil {
		return errors.Join(err, db.Close())
	}
	return errors.Join(mark(st), st.Close())
}

// existing is [ErrThere] for an error of a name that is taken.
func existing(err error) error {
	if errors.Is(err, os.ErrExist) {
		return ErrThere
	}
	return nil
}

// keep writes what is read into a file beside path.
func keep(path string, r io.Reader) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".restore-*.db")
	if err != nil {
		return "", err
	}
	_, err = io.Copy(f, r)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		_ = os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}
