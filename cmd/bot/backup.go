package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/synthoperator/baton/announce"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/bolt"
)

// backupCmd is bot backup.
type backupCmd struct {
	File  string `arg:"" help:"Where the copy goes." type:"path"`
	Force bool   `help:"Replace a file that is there."`
}

// copied is what a backup or a restore did.
type copied struct {
	From  string `json:"from"`
	To    string `json:"to"`
	Bytes int64  `json:"bytes"`
	Moved string `json:"moved,omitempty"` // where what stood there before is now
}

// Run copies the database, checks the copy, and only then gives it its name.
func (c *backupCmd) Run(j *job) error {
	path, err := j.existing()
	if err != nil {
		return err
	}
	if err := mayWrite(c.File, c.Force); err != nil {
		return err
	}
	n, err := writeWhole(j, c.File, func(f *os.File) error { return j.backup(path, f) })
	switch {
	case errors.Is(err, bolt.ErrInUse):
		return err
	case err != nil:
		return fmt.Errorf("back up %s: %w", path, err)
	}
	return j.told(copied{From: path, To: c.File, Bytes: n}, "%s is backed up in %s (%s), and the copy was checked\n", path, c.File, bytesText(n))
}

// backup writes a copy of the database, also while another process holds it.
func (j *job) backup(path string, f *os.File) error {
	begin := func() (io.Writer, error) {
		_, err := f.Seek(0, io.SeekStart)
		return f, errors.Join(err, f.Truncate(0))
	}
	return j.reach(path, request{Do: "backup"}, begin, func(patience time.Duration) error {
		return j.withStore(path, patience, func(st *state.Store) error {
			w, err := begin()
			if err != nil {
				return err
			}
			return st.Backup(j, w)
		})
	})
}

// told prints what was done.
func (j *job) told(what any, format string, args ...any) error {
	if j.JSON {
		return printJSON(j.out, what)
	}
	_, err := fmt.Fprintf(j.out, format, args...)
	return err
}

// mayWrite refuses to replace a file without being told to.
func mayWrite(path string, force bool) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("look at %s: %s", path, cause(err))
	case info.IsDir():
		return fmt.Errorf("%s is a folder; name a file in it", path)
	case !force:
		return fmt.Errorf("%s exists already; --force replaces it, or choose another name", path)
	}
	return nil
}

// writeWhole writes a database file under another name, checks it, and gives it
// its name when it is whole on disk. A file that stood there stays if anything
// goes wrong.
func writeWhole(ctx context.Context, path string, write func(*os.File) error) (n int64, err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".baton-*.tmp") // 0600
	if err != nil {
		return 0, fmt.Errorf("write to %s: %s", filepath.Dir(path), cause(err))
	}
	defer func() { _ = os.Remove(f.Name()) }() // not there any more where all went well
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if info, statErr := f.Stat(); statErr == nil {
		n = info.Size()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return n, err
	}
	found, err := inspect(ctx, f.Name(), looking{})
	if err == nil {
		found.Path = "the copy"
		err = found.err()
	}
	if err != nil {
		return n, err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return n, fmt.Errorf("give the copy its name: %s", cause(err))
	}
	return n, syncFolder(filepath.Dir(path))
}

// syncFolder makes a new name last through a power cut, where the system can.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // directories cannot be synced there
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// restoreCmd is bot restore.
type restoreCmd struct {
	File  string `arg:"" help:"The backup." type:"path"`
	Force bool   `help:"Move a database that is there aside."`
}

// Run puts a backup in the database's place, after checking it. The database
// that stood there is moved aside, never deleted. What was still to be said when
// the backup was made is looked for before it is said: it may have been said
// since.
func (c *restoreCmd) Run(j *job) error {
	path, err := j.database()
	if err != nil {
		return err
	}
	in, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("read the backup %s: %s", c.File, cause(err))
	}
	defer func() { _ = in.Close() }()
	info, err := in.Stat()
	if err != nil {
		return fmt.Errorf("read the backup %s: %s", c.File, cause(err))
	}
	if err := makeFolder(path); err != nil {
		return err
	}
	done := copied{From: c.File, To: path, Bytes: info.Size()}
	if _, err := os.Stat(path); err == nil {
		done.Moved = bolt.Aside(path)
	}
	restored := func(st *state.Store) error {
		end, err := st.End(j)
		if err != nil {
			return err
		}
		return announce.Restored(j, st, end, time.Now())
	}
	if _, err := bolt.Restore(j, path, in, c.Force, restored); err != nil {
		return unrestored(path, err)
	}
	if done.Moved != "" {
		return j.told(done, "%s is restored from %s (%s); what stood there is %s now\n", path, c.File, bytesText(done.Bytes), done.Moved)
	}
	return j.told(done, "%s is restored from %s (%s)\n", path, c.File, bytesText(done.Bytes))
}

// unrestored says why a backup did not take a database's place.
func unrestored(path string, err error) error {
	var unsound *bolt.Unsound
	switch {
	case errors.As(err, &unsound):
		return damage{err}
	case errors.Is(err, bolt.ErrThere):
		return fmt.Errorf("there is a database at %s; --force moves it aside and puts the backup in its place", path)
	}
	return err
}

// bytesText prints a number of bytes as people say it.
func bytesText(n int64) string {
	switch {
	case n < 1<<10:
		return fmt.Sprintf("%d bytes", n)
	case n < 1<<20:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
}
