// Package lanes keeps things in order where order is asked for: jobs of one
// name are done one after the other, those of several names at once.
package lanes

import "sync"

// Job is what waits in a lane: Do is called once, or Leave if it is never done.
type Job struct {
	Do    func()
	Leave func()
}

// Lanes do jobs. They may be used by many goroutines at once.
type Lanes struct {
	most int // that wait or are under way, so that memory is bounded

	mu      sync.Mutex
	waiting map[string][]Job // by name; there is an entry while one is under way
	held    int
	stopped bool
	idle    []chan struct{} // closed when nothing is held
	spare   []chan turn     // of workers that wait for something to do
}

// turn is what a worker does next: the jobs of a name, or one job that waits
// for nobody.
type turn struct {
	name string
	job  Job
}

// mostSpare is how many workers are kept. A new one would do as well; its stack
// grows anew with each job, which costs more than all the rest of a lane.
const mostSpare = 64

// New makes lanes that hold that many jobs at most.
func New(most int) *Lanes { return &Lanes{most: most, waiting: map[string][]Job{}} }

// Add has a job done after those of the same name, or at once for "". It reports
// false, and does nothing, where no more is taken.
func (l *Lanes) Add(name string, j Job) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped || l.held >= l.most {
		return false
	}
	l.held++
	if name == "" {
		l.begin(turn{job: j})
		return true
	}
	queue, busy := l.waiting[name]
	l.waiting[name] = append(queue, j)
	if !busy {
		l.begin(turn{name: name})
	}
	return true
}

// begin gives a turn to a worker. l.mu is held.
func (l *Lanes) begin(t turn) {
	if last := len(l.spare) - 1; last >= 0 {
		next := l.spare[last]
		l.spare = l.spare[:last]
		next <- t // which has room
		return
	}
	go l.work(t)
}

// work takes turns until there is one worker too many.
func (l *Lanes) work(t turn) {
	next := make(chan turn, 1)
	for {
		if t.name == "" {
			l.one(t.job)
		} else {
			l.run(t.name)
		}
		if !l.rest(next) {
			return
		}
		var more bool
		if t, more = <-next; !more {
			return
		}
	}
}

// rest has a worker wait for its next turn; false if it is not needed.
func (l *Lanes) rest(next chan turn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped || len(l.spare) >= mostSpare {
		return false
	}
	l.spare = append(l.spare, next)
	return true
}

func (l *Lanes) one(j Job) {
	defer func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.done(1)
	}()
	j.Do()
}

// done counts jobs that are not held any more. l.mu is held.
func (l *Lanes) done(n int) {
	if l.held -= n; l.held > 0 {
		return
	}
	for _, c := range l.idle {
		close(c)
	}
	l.idle = nil
}

func (l *Lanes) run(name string) {
	for {
		l.mu.Lock()
		queue := l.waiting[name]
		if len(queue) == 0 {
			delete(l.waiting, name)
			l.mu.Unlock()
			return
		}
		l.waiting[name] = queue[1:]
		l.mu.Unlock()
		l.one(queue[0])
	}
}

// Stop takes nothing more and leaves what was not begun.
func (l *Lanes) Stop() {
	l.mu.Lock()
	if !l.stopped {
		l.stopped = true
		for _, next := range l.spare {
			close(next)
		}
		l.spare = nil
	}
	var left []Job
	for name, queue := range l.waiting {
		left = append(left, queue...)
		l.waiting[name] = nil
	}
	l.mu.Unlock()
	for _, j := range left {
		if j.Leave != nil {
			j.Leave()
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.done(len(left))
}

// Idle is closed as soon as nothing waits or is under way.
func (l *Lanes) Idle() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := make(chan struct{})
	if l.held == 0 {
		close(c)
	} else {
		l.idle = append(l.idle, c)
	}
	return c
}
