package library

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"unicode"
)

// Source is one place that personas, skills and patterns come from: a folder on
// disk, or files inside the program (which count as shipped, and give way to a
// folder that has the same name for something).
type Source struct {
	Name string // short, lower case; the first part of every ID
	FS   fs.FS  // shipped content, or nil
	Path string // a folder on disk, or ""
}

func (s Source) check() error {
	switch {
	case s.Name == "" || strings.ContainsAny(s.Name, "/:@") || sanitise(s.Name) != s.Name:
		return fmt.Errorf("library source %q: a name is lower-case letters, digits, dots and hyphens", s.Name)
	case (s.FS == nil) == (s.Path == ""):
		return fmt.Errorf("library source %s: needs a path", s.Name)
	}
	return nil
}

// shipped reports whether the source is part of the program.
func (s Source) shipped() bool { return s.FS != nil }

// tree is the files of a source. Paths have slashes and are relative to it.
type tree interface {
	list(path string) ([]fs.DirEntry, error)
	lstat(path string) (fs.FileInfo, error)
	open(path string) (fs.File, error)
}

// openTree opens a source. keep is the tree it had before; it is used on while
// the folder is still the same one.
func openTree(s Source, keep tree) (tree, error) {
	if s.shipped() {
		return &shippedTree{s.FS}, nil
	}
	now, err := os.Stat(s.Path)
	if err != nil {
		return nil, cause(err)
	}
	if old, ok := keep.(diskTree); ok {
		if then, err := old.root.Stat("."); err == nil && os.SameFile(now, then) {
			return old, nil
		}
	}
	root, err := os.OpenRoot(s.Path)
	if err != nil {
		return nil, cause(err)
	}
	return diskTree{root, s.Path}, nil
}

// cause is an error without the path it happened at, which the reader knows.
func cause(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// maxNames bounds how many names of one folder are read.
const maxNames = 50_000

// diskTree reads a folder through an [os.Root]: nothing outside it opens,
// whatever links are put into it.
type diskTree struct {
	root *os.Root
	path string
}

func (d diskTree) list(path string) ([]fs.DirEntry, error) {
	f, err := d.root.Open(filepath.FromSlash(path))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	names, err := f.ReadDir(maxNames)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return names, err
}

// lstat asks without the root: it learns nothing of the content, and what it
// finds changed is opened through the root.
func (d diskTree) lstat(path string) (fs.FileInfo, error) {
	return os.Lstat(d.path + string(filepath.Separator) + filepath.FromSlash(path))
}

// open does not wait for the other end where the file turns out to be a pipe.
func (d diskTree) open(path string) (fs.File, error) {
	return d.root.OpenFile(filepath.FromSlash(path), os.O_RDONLY|syscall.O_NONBLOCK, 0)
}

type shippedTree struct{ files fs.FS }

func (s *shippedTree) list(path string) ([]fs.DirEntry, error) { return fs.ReadDir(s.files, path) }
func (s *shippedTree) lstat(path string) (fs.FileInfo, error)  { return fs.Stat(s.files, path) }
func (s *shippedTree) open(path string) (fs.File, error)       { return s.files.Open(path) }

// errOdd says that something is no ordinary file.
var errOdd = errors.New("is no regular file")

// readFile reads a regular file of at most limit bytes. want is what lstat said
// of it, or nil; a file that was swapped in between is not read.
func readFile(t tree, path string, want fs.FileInfo, limit int64) ([]byte, error) {
	f, err := t.open(path)
	if err != nil {
		return nil, cause(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, cause(err)
	}
	_, onDisk := t.(diskTree)
	switch {
	case !info.Mode().IsRegular(), onDisk && want != nil && !os.SameFile(info, want):
		return nil, errOdd
	case info.Size() > limit:
		return nil, fmt.Errorf("has %d bytes; at most %d are read", info.Size(), limit)
	}
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, cause(err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("has more than %d bytes", limit)
	}
	return data, nil
}

// printable reports whether a file name can be shown as it is.
func printable(name string) bool {
	return fs.ValidPath(name) && !strings.ContainsFunc(name, func(r rune) bool {
		return r == '\\' || r == unicode.ReplacementChar || !unicode.IsPrint(r) && r != ' '
	})
}
