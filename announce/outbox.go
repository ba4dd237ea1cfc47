package announce

import (
	"container/heap"
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/state"
)

// outbox works off the queues. A queue is worked on by one goroutine at a time,
// which alone writes its rows; others add rows and wake it.
type outbox struct {
	a       *Announcer
	posters map[string]chat.Poster
	looking chan struct{} // bounds how many queues are looked at at once
	marks   atomic.Int64  // of cards that may show something old, so far

	mu       sync.Mutex
	desks    map[string]*desk // by workspace
	queues   map[queueKey]*queue
	sleeping turns[*queue]
	timer    *time.Timer
	pauses   map[string]*pause
	kept     int           // pauses that were not over when they were looked through
	active   int           // queues that are worked on or have a turn coming
	news     chan struct{} // closed when active has changed
	stopped  bool
	awake    bool                    // every queue that an earlier process left was woken
	up       chan struct{}           // closed then
	end      context.CancelCauseFunc // of run
	requests context.Context         // of what is asked of platforms
	hangUp   context.CancelFunc      // ends all of that
	working  sync.WaitGroup
}

// queue is what is known of one queue.
type queue struct {
	key    queueKey
	rows   []stored // the first of its rows
	busy   bool     // somebody works on it
	again  bool     // woken meanwhile
	probe  bool     // let through to try a place that took nothing
	asked  bool     // and has tried
	at     time.Time
	index  int      // among the sleeping
	probes []string // the places that it was let through to try
	shows  string   // what the part of a card shows that is being said
	whole  string   // and the card that is said in a line instead
}

// stored is a row with its key.
type stored struct {
	key string
	row
}

const (
	lookingAtOnce = 64
	queuePage     = 32              // rows of a queue in memory
	grace         = 5 * time.Second // for requests that are under way when Baton is to stop
)

func newOutbox(a *Announcer, posters map[string]chat.Poster) *outbox {
	o := &outbox{
		a: a, posters: posters, looking: make(chan struct{}, lookingAtOnce), desks: map[string]*desk{},
		queues: map[queueKey]*queue{}, pauses: map[string]*pause{}, news: make(chan struct{}), up: make(chan struct{}), stopped: true,
	}
	o.requests, o.hangUp = context.WithCancel(context.Background())
	o.sleeping.less = func(a, b *queue) bool { return a.at.Before(b.at) }
	o.sleeping.moved = func(q *queue, i int) { q.index = i }
	return o
}

// run wakes the queues that the last process left, and waits for ctx. Requests
// that are under way then are waited for.
func (o *outbox) run(ctx context.Context) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	if err := o.readPauses(ctx); err != nil {
		return err
	}
	o.mu.Lock()
	o.stopped, o.end = false, end
	o.mu.Unlock()
	err := o.wakeAll(ctx)
	if err == nil {
		o.mu.Lock()
		o.awake = true
		o.mu.Unlock()
		close(o.up)
		o.notice()
		<-ctx.Done()
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	o.stop()
	return err
}

// wakeAll wakes every queue that has rows.
func (o *outbox) wakeAll(ctx context.Context) error {
	for c := urgent; c <= checks; c++ {
		after, prefix := "", "q"+string(c)
		for {
			var rows []state.Row
			err := o.a.store.Own(ctx, follower, func(tx *state.FollowTx) (err error) {
				rows, err = tx.List(prefix, after, 1)
				return err
			})
			if err != nil {
				return err
			}
			if len(rows) == 0 {
				break
			}
			key := queueOf(rows[0].Key)
			after = key.rows() + "\xff"
			o.lineUp(key)
		}
	}
	return nil
}

// queueOf is the queue a row stands in.
func queueOf(rowKey string) queueKey {
	for i := range len(rowKey) {
		if rowKey[i] == 0 {
			return queueKey(rowKey[:i])
		}
	}
	return queueKey(rowKey)
}

// stop gives out no more turns and waits for what is under way, but not for
// requests that hang: what came of those is looked up at the next start.
func (o *outbox) stop() {
	o.mu.Lock()
	o.stopped = true
	if o.timer != nil {
		o.timer.Stop()
	}
	for _, d := range o.desks {
		d.close()
	}
	o.mu.Unlock()
	patience := time.AfterFunc(grace, o.hangUp)
	o.working.Wait()
	patience.Stop()
	o.hangUp()
}

// fail ends run: the log cannot be read or written any more.
func (o *outbox) fail(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.end != nil {
		o.end(err)
	}
}

// desk is where turns in a workspace are given; nil where nobody can post.
func (o *outbox) desk(workspace, platform string) *desk {
	poster, ok := o.posters[platform]
	if !ok {
		return nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	d := o.desks[workspace]
	if d == nil {
		d = newDesk(poster.Traits())
		o.desks[workspace] = d
	}
	return d
}

// wake has a queue looked at: there is something new in it, or for it.
func (o *outbox) wake(key queueKey) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if q := o.find(key); q != nil {
		o.rouse(q)
	}
}

// lineUp is wake for whoever has just made rows: it has looked at the queue
// when it returns, so that queues get in line in the order of their rows.
func (o *outbox) lineUp(key queueKey) {
	o.mu.Lock()
	q := o.find(key)
	mine := q != nil && o.take(q)
	o.mu.Unlock()
	if mine {
		defer o.working.Done()
		o.attend(q)
	}
}

// find is a queue by its key; nil where no more turns are given: run wakes
// everything that has rows.
func (o *outbox) find(key queueKey) *queue {
	if o.stopped {
		return nil
	}
	q := o.queues[key]
	if q == nil {
		q = &queue{key: key, index: -1}
		o.queues[key] = q
	}
	return q
}

// rouse begins to work on a queue, unless somebody does.
func (o *outbox) rouse(q *queue) {
	if !o.take(q) {
		return
	}
	go func() {
		defer o.working.Done()
		o.looking <- struct{}{}
		defer func() { <-o.looking }()
		o.attend(q)
	}()
}

// take gives a queue to the caller to work on; false where somebody does.
func (o *outbox) take(q *queue) bool {
	if q.busy {
		q.again = true
		return false
	}
	if q.index >= 0 {
		heap.Remove(&o.sleeping, q.index)
		q.index = -1
	}
	q.busy = true
	o.active++
	o.working.Add(1)
	return true
}

// attend looks at a queue and gets in line, or lets it rest.
func (o *outbox) attend(q *queue) {
	for {
		h, err := o.head(q)
		if err != nil {
			o.fail(err)
		}
		if err == nil && h.ready {
			d := o.desk(q.key.lane().workspace(), q.key.lane().platform())
			if o.line(d, &job{
				class: q.key.class(), edit: h.edit, channel: q.key.lane().channel(),
				start: func() { o.work(q, d) },
			}) {
				return
			}
		}
		if o.rest(q, h.at) {
			return
		}
	}
}

// line puts a job in line, unless no more turns are given.
func (o *outbox) line(d *desk, j *job) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.stopped {
		return false
	}
	start := j.start
	j.start = func() {
		if o.mayStart() {
			defer o.working.Done()
			start()
		}
	}
	d.wait(j)
	return true
}

// mayStart counts a turn as under way, unless no more turns are given.
func (o *outbox) mayStart() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.stopped {
		return false
	}
	o.working.Add(1)
	return true
}

// rest ends the work on a queue until at; the zero time is until it is woken.
// false says that it was woken meanwhile.
func (o *outbox) rest(q *queue, at time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if q.again && !o.stopped {
		q.again = false
		return false
	}
	q.busy = false
	o.active--
	close(o.news)
	o.news = make(chan struct{})
	switch {
	case o.stopped:
	case !at.IsZero():
		q.at = at
		heap.Push(&o.sleeping, q)
		o.alarm()
	case len(q.rows) == 0:
		delete(o.queues, q.key)
	}
	return true
}

// alarm wakes the sleeping when their time has come.
func (o *outbox) alarm() {
	if o.timer != nil {
		o.timer.Stop()
		o.timer = nil
	}
	if len(o.sleeping.all) == 0 || o.stopped {
		return
	}
	wait := max(o.sleeping.all[0].at.Sub(o.a.now()), time.Millisecond)
	o.timer = time.AfterFunc(wait, func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		for len(o.sleeping.all) > 0 && !o.stopped && !o.sleeping.all[0].at.After(o.a.now()) {
			o.rouse(o.sleeping.all[0])
		}
		o.alarm()
	})
}

// changed is closed when a queue has come to rest or the follower went on.
func (o *outbox) changed() <-chan struct{} {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.news
}

// notice tells those who wait for a change.
func (o *outbox) notice() {
	o.mu.Lock()
	defer o.mu.Unlock()
	close(o.news)
	o.news = make(chan struct{})
}

// idle reports whether nothing can be said now.
func (o *outbox) idle() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.awake && o.active == 0
}
