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
	db, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		return err
	}
	n, err := writeWhole(j, c.File, func(w io.Writer) error { return db.Backup(j, w) })
	if err := errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("back up %s: %w", path, err)
	}
	return j.told(copied{From: path, To: c.File, Bytes: n}, "%s is backed up in %s (%s), and the copy was checked\n", path, c.File, bytesText(n))
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
func writeWhole(ctx context.Context, path string, write func(io.Writer) error) (n int64, err error) {
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
	found, err := inspect(ctx, f.Name(), false)
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
// that stood there is moved aside, never deleted.
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
	if err := makeFolder(path); err != nil {
		return err
	}
	done := copied{From: c.File, To: path}
	_, err = os.Stat(path)
	there := err == nil
	if there && !c.Force {
		return fmt.Errorf("there is a database at %s; --force moves it aside and puts the backup in its place", path)
	}
	if there {
		if err := unheld(path); err != nil {
			return err
		}
	}
	whole := path + ".restored"
	if done.Bytes, err = writeWhole(j, whole, func(w io.Writer) error { _, err := io.Copy(w, in); return err }); err != nil {
		return fmt.Errorf("restore %s: %w", c.File, err)
	}
	if there {
		done.Moved = path + ".replaced-" + time.Now().UTC().Format("20060102T150405.000Z")
	}
	if err := exchange(whole, path, done.Moved); err != nil {
		return fmt.Errorf("restore %s: %w", c.File, err)
	}
	if done.Moved != "" {
		return j.told(done, "%s is restored from %s (%s); what stood there is %s now\n", path, c.File, bytesText(done.Bytes), done.Moved)
	}
	return j.told(done, "%s is restored from %s (%s)\n", path, c.File, bytesText(done.Bytes))
}

// unheld refuses while another process has the database. A damaged one can be
// replaced: that is what backups are for.
func unheld(path string) error {
	db, err := bolt.Open(path, bolt.Options{})
	var newer *state.NewerSchema
	switch {
	case err == nil:
		return db.Close()
	case errors.Is(err, state.ErrDamaged), errors.As(err, &newer):
		return nil
	}
	return err
}

// exchange puts a file in another's place. What stood there gets the name aside
// first, so that at no moment there is no database: a bot that started then
// would begin an empty one.
func exchange(whole, path, aside string) error {
	if aside != "" {
		if err := os.Link(path, aside); err != nil {
			if err := os.Rename(path, aside); err != nil { // a file system without links
				return err
			}
		}
	}
	if err := os.Rename(whole, path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
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
