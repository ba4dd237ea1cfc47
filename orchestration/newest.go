package orchestration

import (
	"iter"
	"slices"
)

// NewestHere are the newest n decisions and artifacts of the open phase that
// stand, in the order they were recorded; more says that there are others. It
// costs as much in a thread of ten thousand records as in one of ten.
func (s Session) NewestHere(n int) (items []Item, more bool) {
	return newest(s.items.backward(phaseMark(s.at)), n, func(i Item) bool {
		return i.Phase == s.at && i.State == Live && i.Kind != OpenItem
	})
}

// NewestOpen are the newest n open items nobody has settled, as [Session.Open]
// lists all of them.
func (s Session) NewestOpen(n int) (items []Item, more bool) {
	return newest(s.items.backward(openMark), n, func(i Item) bool {
		return i.Kind == OpenItem && i.State == Live && !s.hidden(i)
	})
}

// NewestTold are the newest n open items that everybody may know of: those of
// [Session.NewestOpen] without what the open review has recorded where reviews are
// sealed, as the next reviewer reads the same thread. kept is how much that is.
func (s Session) NewestTold(n int) (items []Item, more bool, kept int) {
	items, more = newest(s.items.backward(openMark), n, func(i Item) bool {
		return i.Kind == OpenItem && i.State == Live && !s.hidden(i) && !s.KeptBack(i)
	})
	for i := range s.items.backward(phaseMark(s.at)) {
		if i.Kind == OpenItem && i.State == Live && s.KeptBack(i) {
			kept++
		}
	}
	return items, more, kept
}

// KeptBack reports whether an item is of the open review, and reviews are sealed:
// it is then for whoever asks alone.
func (s Session) KeptBack(i Item) bool { return s.reviewing() && i.Phase == s.at }

func newest(items iter.Seq[Item], n int, keep func(Item) bool) (out []Item, more bool) {
	for item := range items {
		if !keep(item) {
			continue
		}
		if len(out) == n {
			more = true
			break
		}
		out = append(out, item)
	}
	slices.Reverse(out)
	return out, more
}

// backward are the elements with at least one of those marks, last first.
func (l list[T]) backward(want marks) iter.Seq[T] {
	return func(yield func(T) bool) { l.root.walkBack(want, yield) }
}

func (n *node[T]) walkBack(want marks, yield func(T) bool) bool {
	if n == nil || n.marks&want == 0 {
		return true
	}
	for _, v := range slices.Backward(n.vals) {
		if v.marks()&want != 0 && !yield(v) {
			return false
		}
	}
	for _, kid := range slices.Backward(n.kids) {
		if !kid.walkBack(want, yield) {
			return false
		}
	}
	return true
}
