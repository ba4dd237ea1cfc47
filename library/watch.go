package library

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	quiet   = 200 * time.Millisecond // an editor or a checkout writes several times
	patient = 2 * time.Second        // but nobody waits longer for a change to be seen
	sweeps  = time.Minute            // what no event told is found by looking
)

// Watch keeps the library in step with its folders until ctx ends: what changes
// is read a moment later, and once a minute everything is looked at, for folders
// on a network tell of nothing. Where the system watches too few folders it says
// so in the log and looks only. It blocks; it returns nil when ctx ends.
func (l *Library) Watch(ctx context.Context) error {
	fs, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watch the library: %w", err)
	}
	defer fs.Close()
	w := watch{library: l, events: fs, watched: map[string]bool{}, dirty: map[string]map[string]bool{}}
	w.follow()
	w.all(ctx) // what changed before the watch began
	return w.run(ctx)
}

// watch is one Watch running.
type watch struct {
	library *Library
	events  *fsnotify.Watcher
	watched map[string]bool
	dirty   map[string]map[string]bool // paths by source
	since   time.Time                  // of the first dirty one
	limited bool                       // not every folder could be watched
}

func (w *watch) run(ctx context.Context) error {
	tick := time.NewTicker(sweeps)
	defer tick.Stop()
	settle := time.NewTimer(0)
	defer settle.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case e := <-w.events.Events:
			if e.Has(fsnotify.Remove) || e.Has(fsnotify.Rename) {
				delete(w.watched, e.Name) // one of the same name may come
			}
			w.note(e.Name)
			if len(w.dirty) > 0 {
				settle.Reset(min(quiet, patient-min(time.Since(w.since), patient)))
			}
		case err := <-w.events.Errors:
			if errors.Is(err, fsnotify.ErrEventOverflow) {
				w.all(ctx)
			} else if err != nil {
				w.library.log.Warn("watch the library", "err", err)
			}
		case <-settle.C:
			w.some(ctx)
		case <-tick.C:
			w.all(ctx)
		}
	}
}

// note remembers that something happened at a path on disk.
func (w *watch) note(name string) {
	for _, s := range w.library.Snapshot().sources {
		if s.shipped() {
			continue
		}
		rel, err := filepath.Rel(s.Path, name)
		if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
			continue
		}
		if len(w.dirty) == 0 {
			w.since = time.Now()
		}
		if w.dirty[s.Name] == nil {
			w.dirty[s.Name] = map[string]bool{}
		}
		w.dirty[s.Name][filepath.ToSlash(rel)] = true
	}
}

// some reads what is dirty.
func (w *watch) some(ctx context.Context) {
	for source, set := range w.dirty {
		paths := make([]string, 0, len(set))
		for p := range set {
			paths = append(paths, p)
		}
		_, _ = w.library.Refresh(ctx, source, paths...) // a lost source is logged, and has its finding
	}
	if len(w.dirty) > 0 {
		clear(w.dirty)
		w.follow()
	}
}

// all looks at everything.
func (w *watch) all(ctx context.Context) {
	clear(w.dirty)
	_, _ = w.library.Reload(ctx) // as above
	w.follow()
}

// follow watches the folders that are new, and forgets those that are gone.
func (w *watch) follow() {
	now := map[string]bool{}
	for _, s := range w.library.Snapshot().sources {
		if s.shipped() {
			continue
		}
		for _, dir := range s.paths {
			if !unwatched(dir) {
				now[filepath.Join(s.Path, filepath.FromSlash(dir))] = true
			}
		}
	}
	for dir := range w.watched {
		if !now[dir] {
			_ = w.events.Remove(dir) // it is gone, and its watch with it
			delete(w.watched, dir)
		}
	}
	for dir := range now {
		if w.watched[dir] {
			continue
		}
		if err := w.events.Add(dir); err != nil {
			if !w.limited {
				w.library.log.Warn("not every folder of the library can be watched; changes show within a minute", "err", err)
			}
			w.limited = true
			continue
		}
		w.watched[dir] = true
	}
}

// unwatched reports whether a folder holds nothing that is loaded.
func unwatched(dir string) bool {
	for part := range strings.SplitSeq(dir, "/") {
		if part == "node_modules" || len(part) > 1 && part[0] == '.' {
			return true
		}
	}
	return false
}
