package library

import (
	"context"
	"maps"
	"path"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// open is one source and what was read of it. It never changes; a reload makes
// another, which shares what stayed the same.
type open struct {
	Source
	tree     tree
	dirs     listings
	paths    []string       // of dirs
	order    []candidate    // in the order of the walk
	records  []*record      // of order
	at       map[string]int // where in order a path stands
	findings []Finding      // of the walk
	lost     error          // why it could not be read the last time
}

// without is the source as it was, with the reason why it is not newer.
func (o *open) without(err error) *open {
	old := *o
	old.lost = err
	return &old
}

// dirt is what may have changed in a source.
type dirt struct {
	dirs  map[string]bool
	files []int // in order
}

// read finds out what has changed in a source, and reads it.
func (l *Library) read(ctx context.Context, s *open) (*open, error) {
	if s.shipped() && s.dirs != nil {
		return s, nil // part of the program
	}
	t, err := openTree(s.Source, s.tree)
	if err != nil {
		return nil, err
	}
	if t != s.tree || s.dirs == nil {
		return l.walk(ctx, s, t, nil)
	}
	d := s.sweep()
	if len(d.dirs) == 0 && len(d.files) == 0 && s.lost == nil {
		return s, nil
	}
	return l.refresh(ctx, s, d)
}

// sweep looks at the time stamp of every folder and file.
func (o *open) sweep() dirt {
	dirs := make([]bool, len(o.paths))
	each(len(o.paths), func(i int) {
		info, err := o.tree.lstat(o.paths[i])
		dirs[i] = err != nil || !o.dirs[o.paths[i]].same(info)
	})
	files := make([]bool, len(o.order))
	each(len(o.order), func(i int) {
		info, err := o.tree.lstat(o.order[i].path)
		files[i] = err != nil || !o.records[i].same(info)
	})
	d := dirt{dirs: map[string]bool{}}
	for i, dirty := range dirs {
		if dirty {
			d.dirs[o.paths[i]] = true
		}
	}
	for i, dirty := range files {
		if dirty {
			d.files = append(d.files, i)
		}
	}
	return d
}

// touched is the dirt of these paths: they themselves, the folders above them,
// and the files directly in them.
func (o *open) touched(paths []string) dirt {
	d := dirt{dirs: map[string]bool{}}
	for _, p := range paths {
		p = path.Clean(p)
		if i, ok := o.at[p]; ok {
			d.files = append(d.files, i)
		}
		for dir := path.Dir(p); ; dir = path.Dir(dir) {
			d.dirs[dir] = true
			if dir == "." || dir == "/" {
				break
			}
		}
		if l, ok := o.dirs[p]; ok {
			d.dirs[p] = true
			for _, name := range l.files {
				if i, ok := o.at[join(p, name)]; ok {
					d.files = append(d.files, i)
				}
			}
		}
	}
	return d
}

// refresh reads what is dirty. Where no folder has other names in it than
// before, nothing else is looked at.
func (l *Library) refresh(ctx context.Context, s *open, d dirt) (*open, error) {
	fresh := *s
	fresh.lost = nil
	if len(d.dirs) > 0 {
		fresh.dirs = maps.Clone(s.dirs)
	}
	w := walk{source: s.Source, tree: s.tree, caps: l.caps, now: time.Now(), dirs: fresh.dirs}
	for dir := range d.dirs {
		before := s.dirs[dir]
		after, err := w.list(dir)
		if err != nil || before == nil || !before.sameNames(after) {
			return l.walk(ctx, s, s.tree, d.dirs)
		}
	}
	fresh.records = slices.Clone(s.records)
	each(len(d.files), func(n int) {
		i := d.files[n]
		fresh.records[i] = load(s.Source, s.tree, s.order[i], s.records[i], w.now)
	})
	return &fresh, ctx.Err()
}

// walk goes through a source. Folders that are not dirty are taken as they were;
// dirty may be nil where nothing is known.
func (l *Library) walk(ctx context.Context, s *open, t tree, dirty map[string]bool) (*open, error) {
	w := walk{source: s.Source, tree: t, caps: l.caps, now: time.Now(), old: s.dirs, dirty: dirty}
	if dirty == nil {
		w.old = nil
	}
	if err := w.run(ctx); err != nil {
		return nil, err
	}
	fresh := &open{
		Source: s.Source, tree: t, dirs: w.dirs, order: w.found, findings: w.findings,
		paths: slices.Sorted(maps.Keys(w.dirs)), records: make([]*record, len(w.found)), at: make(map[string]int, len(w.found)),
	}
	each(len(w.found), func(i int) {
		if ctx.Err() == nil {
			fresh.records[i] = load(s.Source, t, w.found[i], s.record(w.found[i].path), w.now)
		}
	})
	for i, c := range w.found {
		fresh.at[c.path] = i
	}
	return fresh, ctx.Err()
}

func (o *open) record(path string) *record {
	if i, ok := o.at[path]; ok {
		return o.records[i]
	}
	return nil
}

// each calls f for 0 to n-1, in stretches, on all processors.
func each(n int, f func(int)) {
	const stretch = 64
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n/stretch+1) {
		wg.Go(func() {
			for {
				end := int(next.Add(stretch))
				for i := end - stretch; i < min(end, n); i++ {
					f(i)
				}
				if end >= n {
					return
				}
			}
		})
	}
	wg.Wait()
}
