package library

import (
	"io"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/synthoperator/baton/patterns"
	"github.com/synthoperator/baton/personas"
	"github.com/synthoperator/baton/skills"
)

// Shipped is the source that is part of the program: seven personas, twelve
// skills, the four patterns and the six-week launch.
func Shipped() Source {
	return Source{Name: "baton", FS: shelves{
		{"patterns", patterns.Files()}, {"personas", personas.Files()}, {"skills", skills.Files()},
	}}
}

// shelves puts file systems side by side, each under a name, in order of names.
type shelves []shelf

type shelf struct {
	name  string
	files fs.FS
}

// Open is that of [fs.FS].
func (s shelves) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if name == "." {
		return &top{shelves: s}, nil
	}
	first, rest, _ := strings.Cut(name, "/")
	for _, one := range s {
		if one.name == first {
			return one.files.Open(path.Clean(rest))
		}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// top is the folder that holds the shelves.
type top struct {
	shelves
	read int
}

func (t *top) Stat() (fs.FileInfo, error) { return folder("."), nil }
func (t *top) Close() error               { return nil }
func (t *top) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: ".", Err: fs.ErrInvalid}
}

// ReadDir is that of [fs.ReadDirFile].
func (t *top) ReadDir(n int) ([]fs.DirEntry, error) {
	rest := t.shelves[t.read:]
	if n > 0 && len(rest) == 0 {
		return nil, io.EOF
	}
	if n > 0 && len(rest) > n {
		rest = rest[:n]
	}
	t.read += len(rest)
	out := make([]fs.DirEntry, len(rest))
	for i, one := range rest {
		out[i] = fs.FileInfoToDirEntry(folder(one.name))
	}
	return out, nil
}

// folder is the name of a folder that exists in the program only.
type folder string

func (f folder) Name() string     { return string(f) }
func (folder) Size() int64        { return 0 }
func (folder) Mode() fs.FileMode  { return fs.ModeDir | 0o555 }
func (folder) ModTime() time.Time { return time.Time{} }
func (folder) IsDir() bool        { return true }
func (folder) Sys() any           { return nil }
