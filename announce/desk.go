package announce

import (
	"container/heap"
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/synthoperator/baton/chat"
)

// desk gives turns in one workspace: to whoever is most urgent and waited
// longest, as often as the platform likes it.
type desk struct {
	mu      sync.Mutex
	pace    chat.Pace     // of one channel
	said    *rate.Limiter // posts of the workspace; nil is no limit
	edited  *rate.Limiter // edits and look-ups; nil is no limit
	places  map[string]*place
	kept    int           // places that were in use when they were looked through
	able    turns[*place] // channels that may post now, by their first job
	resting turns[*place] // channels that may not yet, by when
	others  turns[*job]   // edits and look-ups
	free    int           // requests that may still be begun
	begun   time.Time
	arrived uint64
	timer   *time.Timer
	closed  bool
}

// place is a channel at the desk.
type place struct {
	limit *rate.Limiter // nil is no limit
	jobs  turns[*job]
	at    time.Time // resting until then; zero otherwise
	index int
}

// job is somebody who waits for a turn.
type job struct {
	class   class
	arrived uint64
	edit    bool // an edit or a look-up: it posts nothing
	channel string
	start   func() // called when the turn has come; it gives the turn back with done
	index   int
	taken   bool // the turn has come
}

// answered is more urgent than any class of rows: somebody waits for it.
const answered class = '/'

func newDesk(t chat.Traits) *desk {
	now := time.Now()
	d := &desk{
		pace: t.Channel, said: limiter(t.Workspace, now), edited: limiter(t.Edits, now),
		places: map[string]*place{}, free: t.AtOnce, begun: now,
	}
	if d.free <= 0 {
		d.free = 16
	}
	d.able.less = func(a, b *place) bool { return a.jobs.all[0].before(b.jobs.all[0]) }
	d.able.moved = func(p *place, i int) { p.index = i }
	d.resting.less = func(a, b *place) bool { return a.at.Before(b.at) }
	d.resting.moved = func(p *place, i int) { p.index = i }
	d.others.less = (*job).before
	d.others.moved = func(j *job, i int) { j.index = i }
	return d
}

// limiter begins with nothing to spend: what an earlier process said a moment
// ago counts too.
func limiter(p chat.Pace, begun time.Time) *rate.Limiter {
	if p.Every <= 0 {
		return nil
	}
	l := rate.NewLimiter(rate.Every(p.Every), max(p.Burst, 1))
	l.AllowN(begun, max(p.Burst, 1))
	return l
}

func (j *job) before(k *job) bool {
	if j.class != k.class {
		return j.class < k.class
	}
	return j.arrived < k.arrived
}

// wait puts a job in line.
func (d *desk) wait(j *job) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.arrived++
	j.arrived = d.arrived
	if j.edit {
		heap.Push(&d.others, j)
		d.deal()
		return
	}
	p := d.places[j.channel]
	if p == nil {
		d.forget()
		p = &place{limit: limiter(d.pace, d.begun)}
		p.jobs.less, p.jobs.moved = (*job).before, func(j *job, i int) { j.index = i }
		d.places[j.channel] = p
	}
	heap.Push(&p.jobs, j)
	switch {
	case !p.at.IsZero(): // its time will come
	case len(p.jobs.all) == 1:
		heap.Push(&d.able, p)
	default:
		heap.Fix(&d.able, p.index)
	}
	d.deal()
}

// more takes one more turn for a channel at once, if there is one that nobody
// waits for.
func (d *desk) more(channel string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, now := d.places[channel], time.Now()
	if p == nil || len(p.jobs.all) > 0 || len(d.able.all) > 0 || !p.at.IsZero() || d.closed {
		return false
	}
	if _, ok := ask(d.said, now); !ok {
		return false
	}
	if _, ok := ask(p.limit, now); !ok {
		return false
	}
	spend(d.said, now)
	spend(p.limit, now)
	return true
}

// done gives a turn back.
func (d *desk) done(channel string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.free++
	if p := d.places[channel]; p != nil && p.rests() {
		delete(d.places, channel)
	}
	d.deal()
}

// rests reports whether a place is as one that nobody has come to yet.
func (p *place) rests() bool {
	return len(p.jobs.all) == 0 && p.at.IsZero() && (p.limit == nil || p.limit.Tokens() >= float64(p.limit.Burst()))
}

// forget takes away places where nobody is, once there are twice as many as when
// it was done last: most have a pace to keep when their last turn is given back.
func (d *desk) forget() {
	if len(d.places) < 2*max(d.kept, fewPlaces) {
		return
	}
	for channel, p := range d.places {
		if p.rests() {
			delete(d.places, channel)
		}
	}
	d.kept = len(d.places)
}

// fewPlaces are too few to look through.
const fewPlaces = 64

// deal gives out the turns there are now, and comes back when there are more.
func (d *desk) deal() {
	if d.closed {
		return
	}
	now := time.Now()
	for len(d.resting.all) > 0 && !d.resting.all[0].at.After(now) {
		p := heap.Pop(&d.resting).(*place)
		p.at = time.Time{}
		if len(p.jobs.all) > 0 {
			heap.Push(&d.able, p)
		}
	}
	var next time.Time
	for d.free > 0 {
		j, at := d.take(now)
		if j == nil {
			next = at
			break
		}
		d.free--
		j.taken = true
		go j.start()
	}
	if len(d.resting.all) > 0 && (next.IsZero() || d.resting.all[0].at.Before(next)) {
		next = d.resting.all[0].at
	}
	d.comeBack(now, next)
}

// take is the job whose turn it is; without one, when to ask again.
func (d *desk) take(now time.Time) (*job, time.Time) {
	var next time.Time
	for len(d.able.all) > 0 {
		if at, ok := ask(d.said, now); !ok {
			next = at
			break
		}
		p := d.able.all[0]
		if at, ok := ask(p.limit, now); !ok {
			heap.Pop(&d.able)
			p.at = at
			heap.Push(&d.resting, p)
			continue
		}
		spend(d.said, now)
		spend(p.limit, now)
		j := heap.Pop(&p.jobs).(*job)
		if len(p.jobs.all) == 0 {
			heap.Pop(&d.able)
		} else {
			heap.Fix(&d.able, 0)
		}
		return j, time.Time{}
	}
	if len(d.others.all) > 0 {
		if at, ok := ask(d.edited, now); !ok {
			if next.IsZero() || at.Before(next) {
				next = at
			}
			return nil, next
		}
		spend(d.edited, now)
		return heap.Pop(&d.others).(*job), time.Time{}
	}
	return nil, next
}

// ask reports whether a limit lets one more pass now, or when it does.
func ask(l *rate.Limiter, now time.Time) (time.Time, bool) {
	if l == nil {
		return now, true
	}
	r := l.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	r.CancelAt(now)
	return now.Add(wait), wait == 0
}

func spend(l *rate.Limiter, now time.Time) {
	if l != nil {
		l.AllowN(now, 1)
	}
}

// comeBack deals again at that moment; the zero time is never by itself.
func (d *desk) comeBack(now, at time.Time) {
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
	if at.IsZero() {
		return
	}
	d.timer = time.AfterFunc(max(at.Sub(now), time.Millisecond), func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.deal()
	})
}

// close gives out no more turns.
func (d *desk) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	if d.timer != nil {
		d.timer.Stop()
	}
}

// forAnswer waits for a turn to post the answer to a call. The returned
// function gives it back.
func (d *desk) forAnswer(ctx context.Context, channel string) (func(), error) {
	granted := make(chan struct{})
	j := &job{class: answered, channel: channel, start: func() { close(granted) }}
	d.wait(j)
	back := func() { d.done(channel) }
	select {
	case <-granted:
		return back, nil
	case <-ctx.Done():
		if !d.leave(j) { // the turn came meanwhile
			back()
		}
		return nil, context.Cause(ctx)
	}
}

// leave takes a job out of the line, if its turn has not come.
func (d *desk) leave(j *job) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.places[j.channel]
	if j.taken || p == nil {
		return false
	}
	first := j.index == 0
	heap.Remove(&p.jobs, j.index)
	switch {
	case !p.at.IsZero(): // the channel rests: it is in no line
	case len(p.jobs.all) == 0:
		heap.Remove(&d.able, p.index)
	case first:
		heap.Fix(&d.able, p.index)
	}
	return true
}

// turns is a heap.
type turns[T any] struct {
	all   []T
	less  func(a, b T) bool
	moved func(t T, to int)
}

func (h *turns[T]) Len() int           { return len(h.all) }
func (h *turns[T]) Less(i, j int) bool { return h.less(h.all[i], h.all[j]) }
func (h *turns[T]) Swap(i, j int) {
	h.all[i], h.all[j] = h.all[j], h.all[i]
	h.moved(h.all[i], i)
	h.moved(h.all[j], j)
}

// Push and Pop are for package heap.
func (h *turns[T]) Push(x any) {
	h.all = append(h.all, x.(T))
	h.moved(x.(T), len(h.all)-1)
}

// Pop takes the last element off.
func (h *turns[T]) Pop() any {
	last := len(h.all) - 1
	x := h.all[last]
	var none T
	h.all[last] = none
	h.all = h.all[:last]
	return x
}
