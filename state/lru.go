package state

import (
	"container/list"
	"sync"
)

// lru keeps what was used last, up to a weight.
type lru[V any] struct {
	mu    sync.Mutex
	max   int
	has   int
	weigh func(V) int // 1 if nil
	order *list.List  // newest first, of *kept[V]
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
			l.has += l.weight(value) - l.weight(old.value)
			old.value = value
		}
		l.order.MoveToFront(e)
	} else {
		l.has += l.weight(value)
		l.at[key] = l.order.PushFront(&kept[V]{key, value})
	}
	for l.has > l.max && l.order.Len() > 1 {
		l.remove(l.order.Back())
	}
}

func (l *lru[V]) weight(value V) int {
	if l.weigh == nil {
		return 1
	}
	return l.weigh(value)
}

func (l *lru[V]) remove(e *list.Element) {
	old := l.order.Remove(e).(*kept[V])
	delete(l.at, old.key)
	l.has -= l.weight(old.value)
}

func (l *lru[V]) drop(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e, ok := l.at[key]; ok {
		l.remove(e)
	}
}
