package memory

import (
	"strings"
	"sync"

	"github.com/synthoperator/baton/chat"
)

// work is a delivery and the call it is.
type work struct {
	Delivery
	call chat.Call
}

// lanes keep the calls of each thread in order.
type lanes struct {
	answer func(work)

	mu      sync.Mutex
	waiting map[string][]work // by thread; there is an entry while one is answered
	running sync.WaitGroup
	stopped bool
}

// urgent are the verbs that wait for nobody: they end or let go on what others
// may be waiting for.
var urgent = map[string]bool{"stop": true, "approve": true, "deny": true}

func isUrgent(c chat.Call) bool {
	verb := c.Verb
	if verb == "" {
		verb, _, _ = strings.Cut(strings.TrimSpace(c.Text), " ")
	}
	return urgent[strings.ToLower(verb)]
}

func (l *lanes) add(w work) {
	if isUrgent(w.call) {
		l.running.Go(func() { l.answer(w) })
		return
	}
	key := w.In.Key()
	l.mu.Lock()
	defer l.mu.Unlock()
	queue, busy := l.waiting[key]
	l.waiting[key] = append(queue, w)
	if !busy {
		l.running.Go(func() { l.run(key) })
	}
}

func (l *lanes) run(key string) {
	for {
		l.mu.Lock()
		queue := l.waiting[key]
		if len(queue) == 0 || l.stopped {
			if len(queue) == 0 {
				delete(l.waiting, key)
			}
			l.mu.Unlock()
			return
		}
		l.waiting[key] = queue[1:]
		l.mu.Unlock()
		l.answer(queue[0])
	}
}

// stop begins nothing more. It returns what was not begun, and what is closed
// once nothing is under way.
func (l *lanes) stop() ([]Delivery, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopped = true
	var left []Delivery
	for _, queue := range l.waiting {
		for _, w := range queue {
			left = append(left, w.Delivery)
		}
	}
	idle := make(chan struct{})
	go func() {
		l.running.Wait()
		close(idle)
	}()
	return left, idle
}
