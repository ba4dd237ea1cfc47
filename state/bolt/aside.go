package bolt

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	bbolt "go.etcd.io/bbolt"
)

// Aside is the name that a restore gives the database at path: path.replaced,
// or the first of path.replaced-2, path.replaced-3 and so on that is free. What
// an earlier restore moved aside stays.
func Aside(path string) string {
	name := path + ".replaced"
	for n := 2; ; n++ {
		if _, err := os.Lstat(name); errors.Is(err, fs.ErrNotExist) {
			return name
		}
		name = fmt.Sprintf("%s.replaced-%d", path, n)
	}
}

// exchange puts a file that is whole on disk in the place of the database at
// path, if nobody uses that. The old one gets its other name first, and loses
// this one only to the new: at no moment is there no database, for a bot that
// started then would begin an empty one.
func exchange(whole, path string) error {
	b, err := openFile(path, bbolt.Options{Timeout: time.Second, ReadOnly: true, NoStatistics: true})
	if errors.Is(err, ErrInUse) {
		return err // any other error: it is damaged, and that is why it is replaced
	}
	if b != nil && runtime.GOOS == "windows" { // where an open file keeps its name
		_ = b.Close()
	} else if b != nil {
		defer func() { _ = b.Close() }()
	}
	aside := Aside(path)
	if err := os.Link(path, aside); err != nil {
		if err := os.Rename(path, aside); err != nil { // a file system without links
			return err
		}
	}
	if err := os.Rename(whole, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}
