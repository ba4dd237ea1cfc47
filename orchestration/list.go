package orchestration

import "iter"

// list is a persistent sequence: add and set leave the old list as it was and
// share all but one path of its storage, so that folding one more decision
// costs nearly the same in a thread with ten records and in one with ten
// thousand. It is a tree of nodes with up to fan children.
//
// Every node knows the marks of all below it, so that finding the few marked
// elements passes over the many that are not.
type list[T marked] struct {
	root   *node[T]
	n      int
	height int
}

// marks are properties of an element, a bit each.
type marks uint64

// marked is what a list holds.
type marked interface{ marks() marks }

type node[T marked] struct {
	kids  []*node[T] // above the leaves
	vals  []T        // in a leaf
	marks marks      // of everything below
}

const (
	fanBits = 5
	fan     = 1 << fanBits
)

func (l list[T]) len() int { return l.n }

func (l list[T]) at(i int) T {
	n := l.root
	for h := l.height; h > 0; h-- {
		n = n.kids[i>>(fanBits*h)%fan]
	}
	return n.vals[i%fan]
}

func (l list[T]) add(v T) list[T] {
	if l.n == 1<<(fanBits*(l.height+1)) { // every place is taken: one level more
		l.root = &node[T]{kids: []*node[T]{l.root}}
		l.height++
	}
	l.root = l.root.with(l.height, l.n, v)
	l.n++
	return l
}

func (l list[T]) set(i int, v T) list[T] {
	l.root = l.root.with(l.height, i, v)
	return l
}

// with is a copy of the node in which v stands at i, which may be one place
// past the last. The nil node holds nothing.
func (n *node[T]) with(height, i int, v T) *node[T] {
	var old node[T]
	if n != nil {
		old = *n
	}
	place := i >> (fanBits * height) % fan
	var out node[T]
	if height == 0 {
		out.vals = grown(old.vals, place)
		out.vals[place] = v
		for k := range out.vals {
			out.marks |= out.vals[k].marks()
		}
		return &out
	}
	out.kids = grown(old.kids, place)
	out.kids[place] = out.kids[place].with(height-1, i, v)
	for _, kid := range out.kids {
		out.marks |= kid.marks
	}
	return &out
}

// grown is a copy that has a place i.
func grown[E any](in []E, i int) []E {
	out := make([]E, max(len(in), i+1))
	copy(out, in)
	return out
}

// all are the elements in order.
func (l list[T]) all() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) { l.root.walk(l.height, 0, 0, yield) }
}

// having are the elements with at least one of those marks, in order.
func (l list[T]) having(want marks) iter.Seq2[int, T] {
	return func(yield func(int, T) bool) { l.root.walk(l.height, 0, want, yield) }
}

// walk yields what has one of the marks wanted, or everything if none is.
func (n *node[T]) walk(height, first int, want marks, yield func(int, T) bool) bool {
	if n == nil || want != 0 && n.marks&want == 0 {
		return true
	}
	for k, v := range n.vals {
		if (want == 0 || v.marks()&want != 0) && !yield(first+k, v) {
			return false
		}
	}
	for k, kid := range n.kids {
		if !kid.walk(height-1, first+k<<(fanBits*height), want, yield) {
			return false
		}
	}
	return true
}
