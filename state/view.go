package state

import (
	"context"
	"time"

	"github.com/synthoperator/baton/orchestration"
)

// View is what a decision may read beside its own stream. What was read is
// remembered: if any of it has moved when the decision is committed, it is
// taken again.
type View interface {
	// Now is the moment that the decision will be recorded with.
	Now() time.Time
	// Channel is what has been set for a channel.
	Channel(key orchestration.ChannelKey) (orchestration.Settings, error)
	// Workspace is what has been set for a workspace.
	Workspace(key string) (orchestration.Settings, error)
	// Count is how many sessions were ever started in a channel; the next one
	// gets Count+1 for its number.
	Count(key orchestration.ChannelKey) (int, error)
}

type view struct {
	ctx    context.Context
	st     *Store
	own    Stream
	now    time.Time
	heads  []Head
	counts []count
}

type count struct {
	channel orchestration.ChannelKey
	n       int
}

func (v *view) Now() time.Time { return v.now }

func (v *view) Channel(key orchestration.ChannelKey) (orchestration.Settings, error) {
	return v.settings(ChannelStream(key))
}

func (v *view) Workspace(key string) (orchestration.Settings, error) {
	return v.settings(WorkspaceStream(key))
}

func (v *view) settings(s Stream) (orchestration.Settings, error) {
	f, err := v.st.fold(v.ctx, s)
	if err == nil && s != v.own {
		v.heads = append(v.heads, Head{s, f.seq})
	}
	return f.settings, err
}

func (v *view) Count(key orchestration.ChannelKey) (int, error) {
	n, err := v.st.count(v.ctx, key)
	if err == nil {
		v.counts = append(v.counts, count{key, n})
	}
	return n, err
}

// expect adds to a write what must not have moved.
func (v *view) expect(w *Write) {
	w.Expect = append(w.Expect, v.heads...)
	for _, c := range v.counts {
		w.Checks = append(w.Checks, Row{Space: SpaceChannel, Key: numberKey(c.channel, c.n+1)})
	}
}

// refresh reads anew what the view was given from memory; moved reports
// whether any of it is different now.
func (v *view) refresh() (moved bool, err error) {
	for _, h := range append(v.heads, Head{v.own, 0}) {
		was, known := v.st.folds.get(string(h.Stream))
		f, err := v.st.catchUp(v.ctx, h.Stream)
		if err != nil {
			return false, err
		}
		moved = moved || known && f.seq != was.seq
	}
	for _, c := range v.counts {
		v.st.counts.drop(string(c.channel))
		n, err := v.st.count(v.ctx, c.channel)
		if err != nil {
			return false, err
		}
		moved = moved || n != c.n
	}
	return moved, nil
}
