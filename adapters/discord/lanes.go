package discord

import "sync"

// job is what waits in a lane: do is called once, or leave if it is never done.
type job struct {
	do    func()
	leave func()
}

// lanes do the jobs of one name one after the other, in order, and those of
// several names at once.
type lanes struct {
	most int // that wait or are under way, so that memory is bounded

	mu      sync.Mutex
	waiting map[string][]job // by name; there is an entry while one is under way
	held    int
	stopped bool
	idle    []chan struct{} // closed when nothing is held
}

func newLanes(most int) *lanes { return &lanes{most: most, waiting: map[string][]job{}} }

// add has a job done after those of the same name, or at once for "". It reports
// false, and does nothing, where no more is taken.
func (l *lanes) add(name string, j job) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped || l.held >= l.most {
		return false
	}
	l.held++
	if name == "" {
		go l.one(j)
		return true
	}
	queue, busy := l.waiting[name]
	l.waiting[name] = append(queue, j)
	if !busy {
		go l.run(name)
	}
	return true
}

func (l *lanes) one(j job) {
	defer func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.done(1)
	}()
	j.do()
}

// done counts jobs that are not held any more. l.mu is held.
func (l *lanes) done(n int) {
	if l.held -= n; l.held > 0 {
		return
	}
	for _, c := range l.idle {
		close(c)
	}
	l.idle = nil
}

func (l *lanes) run(name string) {
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

// stop takes nothing more and leaves what was not begun.
func (l *lanes) stop() {
	l.mu.Lock()
	l.stopped = true
	var left []job
	for name, queue := range l.waiting {
		left = append(left, queue...)
		l.waiting[name] = nil
	}
	l.mu.Unlock()
	for _, j := range left {
		j.leave()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.done(len(left))
}

// wait is closed as soon as nothing waits or is under way.
func (l *lanes) wait() <-chan struct{} {
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
