package library

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Caps bound what is read of one source. A zero field takes its default.
type Caps struct {
	Depth   int // folders below each other, default 8; the deepest real skill measured has 5
	Folders int // outside skills, default 20,000; the largest real library measured has 1,377 in all
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

	reloading sync.Mutex // guards sources and published
	sources   []*open
	published func() // tests wait for it; nil serves
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
	_, _ = l.Reload(context.Background()) // a lost source is logged, and has its finding
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

// Reload reads what has changed anywhere. The new snapshot appears at once and
// whole; where nothing changed the old one stays. A source that cannot be read
// keeps what was there of it; the error names it, and so does a [Finding]. When
// ctx ends first, nothing changes.
func (l *Library) Reload(ctx context.Context) (Report, error) {
	return l.reload(ctx, func(s *open) (*open, error) { return l.read(ctx, s) })
}

// Refresh is Reload for one source of which only these files or folders may have
// changed. It costs what they cost, not what the library costs.
func (l *Library) Refresh(ctx context.Context, source string, paths ...string) (Report, error) {
	return l.reload(ctx, func(s *open) (*open, error) {
		switch {
		case s.Name != source || s.shipped():
			return s, nil
		case s.dirs == nil || s.lost != nil:
			return l.read(ctx, s)
		}
		return l.refresh(ctx, s, s.touched(paths))
	})
}

func (l *Library) reload(ctx context.Context, read func(*open) (*open, error)) (Report, error) {
	l.reloading.Lock()
	defer l.reloading.Unlock()
	start := time.Now()
	next := make([]*open, len(l.sources))
	var lost []error
	var kept []string
	for i, s := range l.sources {
		fresh, err := read(s)
		if ctx.Err() != nil {
			return Report{}, fmt.Errorf("reload library: %w", ctx.Err())
		}
		if err != nil {
			fresh = s.without(err)
			kept = append(kept, s.Name)
			lost = append(lost, fmt.Errorf("library source %s cannot be read: %w", s.Name, err))
		}
		l.tellChange(s, fresh)
		next[i] = fresh
	}
	report := l.publish(next)
	report.Kept, report.Took = kept, time.Since(start)
	if l.published != nil {
		l.published()
	}
	return report, errors.Join(lost...)
}

// tellChange logs when a source is lost, and when it is back.
func (l *Library) tellChange(before, after *open) {
	switch {
	case after.lost != nil && before.lost == nil:
		l.log.Warn("library source cannot be read; what was read of it is kept", "source", after.Name, "err", after.lost)
	case after.lost == nil && before.lost != nil:
		l.log.Info("library source is back", "source", after.Name)
	}
}
