package picture

import (
	"cmp"
	"fmt"
	"slices"
)

// mark is a sign on a lane for one decision, or for several of a kind that lie
// too close together to be told apart.
type mark struct {
	box
	kind  markKind
	count label // "×3"; no text where it is one
	n     int
}

// bunch is marks that stand side by side.
type bunch struct {
	x     float64 // the middle of what they mark
	n     [markKinds]int
	order []markKind // as they happened
}

func (b *bunch) add(kind markKind, n int) {
	if b.n[kind] == 0 {
		b.order = append(b.order, kind)
	}
	b.n[kind] += n
}

func (b bunch) total() int {
	sum := 0
	for _, n := range b.n {
		sum += n
	}
	return sum
}

// counted are the marks of folded phases, one of a kind with its number, beside
// the row's name: on the lane they would hide what they mark.
func (p *page) counted(tracks []track, name label) []mark {
	b := bunch{}
	for _, m := range momentsOf(tracks) {
		b.add(m.kind, 1)
	}
	if l, r := p.extent(b); len(b.order) > 0 {
		b.x = name.right() + 24 + (r-l)/2
	}
	return p.marks(b, name.box)
}

func momentsOf(tracks []track) []moment {
	var all []moment
	for _, t := range tracks {
		all = append(all, t.moments...)
	}
	slices.SortStableFunc(all, func(m, n moment) int { return cmp.Compare(m.seq, n.seq) })
	return all
}

// cluster lays the marks of a row out: where they happened, none over another,
// none outside.
func (p *page) cluster(tracks []track, a axis, lane box) []mark {
	var bunches []bunch
	for _, m := range momentsOf(tracks) {
		b := bunch{x: a.x(m.at)}
		b.add(m.kind, 1)
		bunches = p.join(append(bunches, b))
	}
	var out []mark
	for _, b := range bunches {
		out = append(out, p.marks(b, lane)...)
	}
	return out
}

// join makes one of the last two bunches as long as they touch.
func (p *page) join(all []bunch) []bunch {
	for n := len(all); n > 1; n = len(all) {
		last, prev := all[n-1], all[n-2]
		l, _ := p.extent(last)
		if _, r := p.extent(prev); r+4 <= l {
			break
		}
		k, m := float64(prev.total()), float64(last.total())
		prev.x = (prev.x*k + last.x*m) / (k + m)
		prev.order = slices.Clone(prev.order)
		for _, kind := range last.order {
			prev.add(kind, last.n[kind])
		}
		all = append(all[:n-2], prev)
	}
	return all
}

// extent is from where to where a bunch reaches.
func (p *page) extent(b bunch) (left, right float64) {
	w := 0.0
	for _, kind := range b.order {
		w += markSize + p.countWidth(b.n[kind])
	}
	left = clamp(b.x-w/2, margin/2, pageWidth-margin/2-w)
	return left, left + w
}

func (p *page) countWidth(n int) float64 {
	if n < 2 {
		return 0
	}
	return p.ts.width(countStyle, times(n)) + 10
}

// times is a number beside a mark; past 99 nobody counts.
func times(n int) string {
	if n > 99 {
		return "×99+"
	}
	return fmt.Sprintf("×%d", n)
}

func (p *page) marks(b bunch, lane box) []mark {
	x, _ := p.extent(b)
	y := lane.y + (lane.h-markSize)/2
	var out []mark
	for _, kind := range b.order {
		m := mark{box: box{x, y, markSize, markSize}, kind: kind, n: b.n[kind]}
		x += markSize
		if m.n > 1 {
			m.count = label{box{x + 4, y, p.countWidth(m.n) - 10, markSize}, times(m.n), countStyle, ink, paper}
			x += p.countWidth(m.n)
		}
		out = append(out, m)
	}
	return out
}
