package memory

import (
	"time"

	"github.com/synthoperator/baton/chat"
)

// bucket holds a pace: full is when it would be full again if nothing more came
// (the generic cell rate algorithm of ITU-T I.371).
type bucket struct{ full time.Time }

// wait is how long the next one has to wait; 0 if it may pass.
func (b *bucket) wait(now time.Time, p chat.Pace, tolerance time.Duration) time.Duration {
	if p.Every == 0 || b.full.Before(now) {
		return 0
	}
	spare := time.Duration(max(p.Burst, 1)-1) * p.Every
	if over := b.full.Sub(now) - spare; over > tolerance {
		return over
	}
	return 0
}

func (b *bucket) take(now time.Time, p chat.Pace) {
	if b.full.Before(now) {
		b.full = now
	}
	b.full = b.full.Add(p.Every)
}

// paced refuses a request that comes too soon for its channel or workspace.
func (w *World) paced(r Request) error {
	space, channel := w.place(r.In.WorkspaceKey()), w.place(r.In.Parent().Key())
	type limit struct {
		*bucket
		chat.Pace
		where string
	}
	var limits []limit
	switch r.Kind {
	case Post:
		limits = []limit{
			{&space.posts, w.o.Traits.Workspace, r.In.WorkspaceKey()},
			{&channel.posts, w.o.Traits.Channel, r.In.Parent().Key()},
		}
	case Edit:
		limits = []limit{{&space.edits, w.o.Traits.Edits, r.In.WorkspaceKey()}}
	}
	for _, l := range limits {
		if wait := l.wait(r.Began, l.Pace, w.o.Tolerance); wait > 0 {
			w.violate(Hasty, r, "the pace of "+l.where+" allows it in "+wait.String())
			w.place(l.where).later[r.Kind] = r.Began.Add(wait)
			return chat.Later{After: wait, Where: l.where, Why: "too many requests"}
		}
	}
	for _, l := range limits {
		l.take(r.Began, l.Pace)
	}
	return nil
}

// early refuses a request that comes before the time it was told to wait for.
func (w *World) early(r Request) error {
	for _, key := range around(r.In) {
		p, ok := w.places[key]
		if !ok || !r.Began.Add(w.o.Tolerance).Before(p.later[r.Kind]) {
			continue
		}
		left := p.later[r.Kind].Sub(r.Began)
		w.violate(Early, r, key+" said to wait "+left.String()+" longer")
		later := chat.Later{After: left, Where: key, Why: "told to wait"}
		if key == r.In.Key() && !r.In.InChannel() {
			later.Where = ""
		}
		return later
	}
	return nil
}
