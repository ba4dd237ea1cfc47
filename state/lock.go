package state

import (
	"context"
	"sync"
)

// locks lets one caller at a time decide on a name. Unlike mutexes they are
// made as needed and can be waited for until a context ends.
type locks struct {
	mu   *sync.Mutex
	held map[string]*lock
}

type lock struct {
	free  chan struct{} // holds one token while nobody has the lock
	users int
}

func newLocks() locks { return locks{&sync.Mutex{}, map[string]*lock{}} }

// lock waits for a name; the returned function gives it back.
func (l locks) lock(ctx context.Context, name string) (func(), error) {
	l.mu.Lock()
	one, ok := l.held[name]
	if !ok {
		one = &lock{free: make(chan struct{}, 1)}
		one.free <- struct{}{}
		l.held[name] = one
	}
	one.users++
	l.mu.Unlock()
	select {
	case <-one.free:
		return func() { one.free <- struct{}{}; l.leave(name, one) }, nil
	default:
	}
	select {
	case <-one.free:
		return func() { one.free <- struct{}{}; l.leave(name, one) }, nil
	case <-ctx.Done():
		l.leave(name, one)
		return nil, ctx.Err()
	}
}

func (l locks) leave(name string, one *lock) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if one.users--; one.users == 0 {
		delete(l.held, name)
	}
}

// news wakes everybody who waits for the next commit.
type news struct {
	mu   *sync.Mutex
	next *chan struct{}
	heed *bool // somebody waits
}

func newNews() news {
	next := make(chan struct{})
	return news{&sync.Mutex{}, &next, new(bool)}
}

// wait is closed by the next publish. Ask before looking, then wait.
func (n news) wait() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	*n.heed = true
	return *n.next
}

func (n news) publish() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if *n.heed {
		close(*n.next)
		*n.next = make(chan struct{})
		*n.heed = false
	}
}
