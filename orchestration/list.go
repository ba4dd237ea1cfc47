package orchestration

import "iter"

// list is a persistent sequence: add and set leave the old list as it was and
// share most of its storage, so that folding one more decision costs the same
// in a thread with ten records and in one with ten thousand.
type list[T any] struct {
	chunks [][]T // every chunk but the last is full
	n      int
}

const chunkLen = 64

func (l list[T]) len() int { return l.n }

func (l list[T]) at(i int) T { return l.chunks[i/chunkLen][i%chunkLen] }

func (l list[T]) add(v T) list[T] {
	spine := append(make([][]T, 0, len(l.chunks)+1), l.chunks...)
	if l.n%chunkLen == 0 {
		spine = append(spine, make([]T, 0, 1))
	}
	last := len(spine) - 1
	spine[last] = append(spine[last][:len(spine[last]):len(spine[last])], v)
	return list[T]{spine, l.n + 1}
}

func (l list[T]) set(i int, v T) list[T] {
	spine := append([][]T(nil), l.chunks...)
	chunk := append([]T(nil), spine[i/chunkLen]...)
	chunk[i%chunkLen] = v
	spine[i/chunkLen] = chunk
	return list[T]{spine, l.n}
}

func (l list[T]) all() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for c, chunk := range l.chunks {
			for i, v := range chunk {
				if !yield(c*chunkLen+i, v) {
					return
				}
			}
		}
	}
}

func (l list[T]) slice() []T {
	out := make([]T, 0, l.n)
	for _, chunk := range l.chunks {
		out = append(out, chunk...)
	}
	return out
}
