package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// longestSocket is how long the path of a socket may be on every system, in
// bytes: 104 with the closing zero on the BSDs and macOS, 108 on Linux
// (https://man.freebsd.org/cgi/man.cgi?query=unix&sektion=4,
// https://man7.org/linux/man-pages/man7/unix.7.html).
const longestSocket = 103

// doorPath is the socket of the process that holds a database: baton.sock
// beside baton.db. Where that is longer than a socket's path may be, it is in
// the system's folder for temporary files, under a name made of the database's
// path; both sides then have to agree on that folder (TMPDIR).
func doorPath(database string) string {
	dir, name := filepath.Dir(database), filepath.Base(database)
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real // however it was named
	}
	path := filepath.Join(dir, strings.TrimSuffix(name, filepath.Ext(name))+".sock")
	if len(path) <= longestSocket {
		return path
	}
	sum := sha256.Sum256([]byte(filepath.Join(dir, name)))
	return filepath.Join(os.TempDir(), "baton-"+hex.EncodeToString(sum[:8])+".sock")
}

// doorway is a socket that is listened on.
type doorway struct {
	net.Listener
	path string
	file fs.FileInfo // what path named when it was made
	shut func() error
}

// openDoorway makes the socket of a database, for this user alone. Only who
// holds the database may call it: a socket that is there is then of a process
// that was killed, and is replaced.
func openDoorway(database string) (*doorway, error) {
	path := doorPath(database)
	there, err := os.Lstat(path)
	if err == nil && there.Mode()&fs.ModeSocket == 0 {
		return nil, fmt.Errorf("%s is no socket; move it away", path)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("replace the socket %s: %s", path, cause(err))
	}
	l, err := listenPrivately(path)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", path, err)
	}
	l.SetUnlinkOnClose(false) // the name may be another's by then
	d := &doorway{Listener: l, path: path}
	d.shut = sync.OnceValue(d.close)
	if err = os.Chmod(path, 0o600); err == nil {
		d.file, err = os.Lstat(path)
	}
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// Close stops listening and removes the socket, unless another process has put
// its own there: the database was moved away, and that one began a new one.
func (d *doorway) Close() error { return d.shut() }

func (d *doorway) close() error {
	err := d.Listener.Close()
	now, statErr := os.Lstat(d.path)
	if statErr == nil && d.file != nil && os.SameFile(now, d.file) && now.ModTime().Equal(d.file.ModTime()) {
		err = errors.Join(err, os.Remove(d.path))
	}
	return err
}

// copyName is the name of copies that are made for who asks at the door, as
// [os.CreateTemp] takes it.
func copyName(database string) string { return "." + filepath.Base(database) + ".copy-*" }

// removeCopies removes the copies that a killed process left.
func removeCopies(database string) {
	prefix := strings.TrimSuffix(copyName(database), "*")
	dir := filepath.Dir(database)
	all, err := os.ReadDir(dir)
	if err != nil {
		return // they only take room
	}
	for _, f := range all {
		if strings.HasPrefix(f.Name(), prefix) {
			_ = os.Remove(filepath.Join(dir, f.Name()))
		}
	}
}
