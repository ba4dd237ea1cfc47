package library

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"
)

// settled is how long a file or folder must have been left alone before its
// time stamp is trusted: a change within one tick of the clock leaves none.
const settled = 2 * time.Second

// stamp is what is remembered of a file or a folder to see whether it changed.
type stamp struct {
	info fs.FileInfo
	sure bool // it had been left alone when it was read
}

func newStamp(info fs.FileInfo, now time.Time) stamp {
	return stamp{info, now.Sub(info.ModTime()).Abs() > settled}
}

// same reports whether nothing points to a change.
func (s stamp) same(info fs.FileInfo) bool {
	return s.sure && s.info != nil && s.info.Size() == info.Size() && s.info.ModTime().Equal(info.ModTime()) &&
		(s.info == info || os.SameFile(s.info, info) || info.Sys() == nil)
}

// listing is the names in one folder.
type listing struct {
	stamp
	dirs, files, links, odd []string // sorted
	dangling                int
	full                    bool // there are more names than were read
}

// listings are the folders of one source, by path.
type listings map[string]*listing

// sameNames reports whether two readings of a folder found the same.
func (l *listing) sameNames(o *listing) bool {
	return slices.Equal(l.dirs, o.dirs) && slices.Equal(l.files, o.files) && slices.Equal(l.links, o.links) &&
		slices.Equal(l.odd, o.odd) && l.dangling == o.dangling && l.full == o.full
}

// list reads a folder, or takes what is known of it where it is not dirty.
func (w *walk) list(path string) (*listing, error) {
	if old, ok := w.old[path]; ok && !w.dirty[path] {
		w.dirs[path] = old
		return old, nil
	}
	info, err := w.tree.lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("is no folder")
	}
	entries, err := w.tree.list(path)
	if err != nil {
		return nil, err
	}
	l := &listing{stamp: newStamp(info, w.now), full: len(entries) >= maxNames}
	for _, e := range entries {
		name := e.Name()
		switch mode := e.Type(); {
		case mode.IsDir():
			l.dirs = append(l.dirs, name)
		case mode.IsRegular():
			l.files = append(l.files, name)
		case mode&fs.ModeSymlink != 0:
			l.links = append(l.links, name)
			if w.dangles(join(path, name)) {
				l.dangling++
			}
		default:
			l.odd = append(l.odd, name)
		}
	}
	for _, names := range [][]string{l.dirs, l.files, l.links, l.odd} {
		slices.Sort(names)
	}
	w.dirs[path] = l
	return l, nil
}

// dangles reports whether a symbolic link leads nowhere inside the source.
func (w *walk) dangles(path string) bool {
	f, err := w.tree.open(path)
	if err == nil {
		f.Close()
	}
	return err != nil
}

func join(dir, name string) string {
	if dir == "." {
		return name
	}
	return dir + "/" + name
}

// skillFile is the name of a folder's SKILL.md, and the others that differ from
// it only in case.
func skillFile(names []string) (name string, twins []string) {
	for _, n := range names {
		if !strings.EqualFold(n, "SKILL.md") {
			continue
		}
		if name == "" {
			name = n // SKILL.md sorts first
		} else {
			twins = append(twins, n)
		}
	}
	return name, twins
}
