package library

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Caps bound what is read of one source. A zero field takes its default.
type Caps struct {
	Depth   int // folders below each other, default 8; the deepest real skill measured has 5
	Folders int // default 20,000; the largest real library measured has 1,377
	Files   int // personas, skills and patterns, default 50,000
}

func (c Caps) orDefault() Caps {
	set := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	set(&c.Depth, 8)
	set(&c.Folders, 20_000)
	set(&c.Files, 50_000)
	return c
}

// Options tune a library; the zero Options serve.
type Options struct {
	Log  *slog.Logger // default: discards
	Caps Caps
}

// Library is the sources, open. It is safe for concurrent use.
type Library struct {
	log  *slog.Logger
	caps Caps
	now  atomic.Pointer[Snapshot]

	reloading sync.Mutex // guards sources
	sources   []*open
}

// open is one source and what was read of it.
type open struct {
	Source
	tree     tree
	dirs     listings
	records  records
	order    []candidate
	findings []Finding
	lost     error // it could not be read the last time
}

// Open reads all sources. It fails where two have one name or a name is no name;
// a source that cannot be read is told of by a [Finding] and tried again by
// every [Library.Reload].
func Open(sources []Source, o Options) (*Library, error) {
	l := &Library{log: o.Log, caps: o.Caps.orDefault()}
	if l.log == nil {
		l.log = slog.New(slog.DiscardHandler)
	}
	for _, s := range sources {
		if err := s.check(); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(l.sources, func(o *open) bool { return o.Name == s.Name }) {
			return nil, fmt.Errorf("library source %s: stands twice", s.Name)
		}
		l.sources = append(l.sources, &open{Source: s})
	}
	if _, err := l.Reload(context.Background()); err != nil {
		l.log.Warn("library", "err", err)
	}
	return l, nil
}

// Snapshot is what the library holds now. It never changes.
func (l *Library) Snapshot() *Snapshot { return l.now.Load() }

// Report is what a reload did.
type Report struct {
	Added, Changed, Removed []string // IDs
	Kept                    []string // names of sources that could not be read
	Took                    time.Duration
}

// Reload reads what has changed. The new snapshot appears at once and whole. A
// source that cannot be read keeps what was there of it; the error names it, and
// so does a [Finding]. When ctx ends first, nothing changes.
func (l *Library) Reload(ctx context.Context) (Report, error) {
	l.reloading.Lock()
	defer l.reloading.Unlock()
	start := time.Now()
	next := make([]*open, len(l.sources))
	var lost []error
	var kept []string
	for i, s := range l.sources {
		fresh, err := l.read(ctx, s)
		if ctx.Err() != nil {
			return Report{}, fmt.Errorf("reload library: %w", ctx.Err())
		}
		if err != nil {
			old := *s
			old.lost = err
			fresh = &old
			kept = append(kept, s.Name)
			lost = append(lost, fmt.Errorf("library source %s cannot be read: %w", s.Name, err))
		}
		next[i] = fresh
	}
	before := l.now.Load()
	after := build(next)
	l.sources = next
	l.now.Store(after)
	report := compare(before, after)
	report.Kept, report.Took = kept, time.Since(start)
	return report, errors.Join(lost...)
}

// read scans one source and reads what has changed in it.
func (l *Library) read(ctx context.Context, s *open) (*open, error) {
	if s.shipped() && s.records != nil {
		return s, nil // part of the program
	}
	t, err := openTree(s.Source, s.tree)
	if err != nil {
		return nil, err
	}
	w := walk{source: s.Source, tree: t, caps: l.caps, now: time.Now(), old: s.dirs}
	if err := w.run(ctx); err != nil {
		return nil, err
	}
	fresh := &open{Source: s.Source, tree: t, dirs: w.dirs, order: w.found, findings: w.findings, records: make(records, len(w.found))}
	loaded := make([]*record, len(w.found))
	each(len(w.found), func(i int) {
		if ctx.Err() == nil {
			loaded[i] = load(s.Source, t, w.found[i], s.records, w.now)
		}
	})
	for i, c := range w.found {
		fresh.records[c.path] = loaded[i]
	}
	return fresh, ctx.Err()
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
