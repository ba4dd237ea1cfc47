package state

import (
	"container/list"
	"sync"
)

// lru keeps what was used last, up to a number of things.
type lru[V any] struct {
	mu    sync.Mutex
	max   int
	order *list.List // newest first, of *kept[V]
	at    map[string]*list.Element
}

type kept[V any] struct {
	key   string
	value V
}

func newLRU[V any](max int) *lru[V] {
	return &lru[V]{max: max, order: list.New(), at: map[string]*list.Element{}}
}

func (l *lru[V]) get(key string) (V, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.at[key]
	if !ok {
		var none V
		return none, false
	}
	l.order.MoveToFront(e)
	return e.Value.(*kept[V]).value, true
}

// put keeps a value unless better says that the one there is to stay.
func (l *lru[V]) put(key string, value V, stay func(old V) bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e, ok := l.at[key]; ok {
		old := e.Value.(*kept[V])
		if stay == nil || !stay(old.value) {
			old.value = value
		}
		l.order.MoveToFront(e)
		return
	}
	l.at[key] = l.order.PushFront(&kept[V]{key, value})
	if l.order.Len() > l.max {
		l.removeOldest()
	}
}

func (l *lru[V]) removeOldest() {
	e := l.order.Back()
	l.order.Remove(e)
	delete(l.at, e.Value.(*kept[V]).key)
}

func (l *lru[V]) drop(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e, ok := l.at[key]; ok {
		l.order.Remove(e)
		delete(l.at, key)
	}
}
