package announce

import (
	"context"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/state"
)

// pause is a place that has to wait: until a time that the platform gave, or,
// where it takes nothing at all, until somebody does something about it.
type pause struct {
	Until   time.Time `json:"until"`
	Blocked bool      `json:"blocked,omitempty"`
	Why     string    `json:"why,omitempty"`
	Since   time.Time `json:"since"`
}

// believe moves a pause to a clock that was put back since it was made: nobody
// waits for the days that the clock was wrong by.
func (p *pause) believe(now time.Time) {
	if !now.Before(p.Since) {
		return
	}
	p.Until, p.Since = now.Add(p.Until.Sub(p.Since)), now
	if p.Blocked {
		p.Until = now
	}
}

// over reports whether a pause says nothing any more: its time has passed, and
// where the place took nothing, nobody has tried it for a week.
func (p pause) over(now time.Time) bool {
	if p.Blocked {
		return now.After(p.Until.Add(forgetBlocked))
	}
	return now.After(p.Until)
}

const forgetBlocked = 7 * 24 * time.Hour

// forget takes away the pauses that are over, once there are twice as many as
// when it was done last.
func (o *outbox) forget(w *writes, now time.Time) {
	if len(o.pauses) < 2*max(o.kept, fewPauses) {
		return
	}
	for place, p := range o.pauses {
		if p.believe(now); p.over(now) {
			delete(o.pauses, place)
			w.delete(pauseKey(place))
		}
	}
	o.kept = len(o.pauses)
}

// fewPauses are too few to look through.
const fewPauses = 64

// retryBlocked is how long a place that takes nothing is left alone.
const retryBlocked = 5 * time.Minute

func pauseKey(place string) string { return "p" + place }

// method is what a request does: a platform that asks for patience in one is
// still asked for the others.
type method string

const (
	posting   method = "post"
	editing   method = "edit"
	lookingUp method = "look"
)

func (r row) method() method {
	switch {
	case r.Kind == cardEdit, r.Kind == correctRow:
		return editing
	case r.Status == unknown, r.Kind == checkRow:
		return lookingUp
	}
	return posting
}

// patience is the place where a method has to wait.
func patience(place string, m method) string { return place + "\x00" + string(m) }

// readPauses reads the pauses that an earlier process left, and takes away those
// that are over.
func (o *outbox) readPauses(ctx context.Context) error {
	for after := ""; ; {
		var rows []state.Row
		err := o.a.store.Own(ctx, follower, func(tx *state.FollowTx) (err error) {
			rows, err = tx.List("p", after, 256)
			return err
		})
		if err != nil || len(rows) == 0 {
			return err
		}
		w := &writes{}
		for _, r := range rows {
			p, err := decode[pause](r.Key, r.Value)
			if err != nil {
				return err
			}
			if after = r.Key; !p.Blocked && p.over(o.a.now()) {
				w.deleteAs(r.Key, r.Value)
				continue
			}
			o.mu.Lock()
			o.pauses[r.Key[1:]] = &p
			o.mu.Unlock()
		}
		if err := o.commit(w); err != nil {
			return err
		}
	}
}

// places are the keys of a thread, its channel and its workspace.
func places(to chat.Thread) [3]string {
	return [3]string{to.Key(), to.Parent().Key(), to.WorkspaceKey()}
}

// paused is until when a queue may say nothing in a thread. Where a place took
// nothing and its time has come, one queue is let through to try, and the
// others wait for what becomes of it.
func (o *outbox) paused(q *queue, to chat.Thread, now time.Time) (until time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if until = o.waits(q, to, now); !until.IsZero() {
		return until
	}
	q.probe, q.probes = false, nil
	for _, place := range places(to) {
		if p := o.pauses[place]; p != nil && p.Blocked {
			p.Until = now.Add(retryBlocked)
			q.probe, q.probes = true, append(q.probes, place)
		}
	}
	return time.Time{}
}

// held is paused for a queue whose turn has come.
func (o *outbox) held(q *queue, to chat.Thread, now time.Time) time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.waits(q, to, now)
}

func (o *outbox) waits(q *queue, to chat.Thread, now time.Time) (until time.Time) {
	m := q.rows[0].method()
	for _, place := range places(to) {
		for _, p := range [...]*pause{o.pauses[place], o.pauses[patience(place, m)]} {
			if p != nil {
				p.believe(now)
			}
		}
		if p := o.pauses[place]; p != nil && p.Until.After(until) && p.Until.After(now) && !q.probe {
			until = p.Until
		}
		if p := o.pauses[patience(place, m)]; p != nil && p.Until.After(until) && p.Until.After(now) {
			until = p.Until
		}
	}
	return until
}

// pause has a place wait and tells whether it is news.
func (o *outbox) pause(w *writes, place string, p pause) (news bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.forget(w, p.Since)
	was := o.pauses[place]
	if was != nil {
		was.believe(p.Since)
		if p.Until.Before(was.Until) {
			p.Until = was.Until
		}
		if was.Blocked && p.Blocked {
			p.Since = was.Since
		}
	}
	o.pauses[place] = &p
	w.put(pauseKey(place), encode(p))
	return was == nil || !was.Blocked
}

// open forgets that a thread, its channel or workspace took nothing: something
// was said there.
func (o *outbox) open(w *writes, to chat.Thread) {
	o.mu.Lock()
	defer o.mu.Unlock()
	var opened []string
	for _, place := range places(to) {
		if p := o.pauses[place]; p != nil {
			delete(o.pauses, place)
			w.delete(pauseKey(place))
			opened = append(opened, place)
		}
		for _, m := range [...]method{posting, editing, lookingUp} {
			if p := o.pauses[patience(place, m)]; p != nil && !p.Until.After(o.a.now()) {
				delete(o.pauses, patience(place, m))
				w.delete(pauseKey(patience(place, m)))
			}
		}
	}
	if len(opened) > 0 {
		o.a.log.Info("speaking again", "place", opened[0])
		o.rouseAt(opened)
	}
}

// passOn lets another queue try a place, where the one that was let through had
// nothing to ask of it after all.
func (o *outbox) passOn(q *queue) {
	o.mu.Lock()
	defer o.mu.Unlock()
	var free []string
	for _, place := range q.probes {
		if p := o.pauses[place]; p != nil && p.Blocked {
			p.Until = o.a.now()
			free = append(free, place)
		}
	}
	o.rouseAt(free)
}

// rouseAt wakes the queues that may wait for a place.
func (o *outbox) rouseAt(opened []string) {
	for i := 0; i < len(o.sleeping.all); {
		q := o.sleeping.all[i]
		if q.waitsFor(opened) {
			o.rouse(q) // takes it out: look at the same place again
			i = 0
			continue
		}
		i++
	}
}

// waitsFor reports whether what a queue says may have waited for one of the
// places: it is looked at again.
func (q *queue) waitsFor(opened []string) bool {
	l := q.key.lane()
	for _, place := range opened {
		if place == l.workspace() || place == l.channel() || len(place) > len(l.channel()) && place[:len(l.channel())] == l.channel() {
			return true
		}
	}
	return false
}
