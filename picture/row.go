package picture

import (
	"fmt"

	"github.com/synthoperator/baton/orchestration"
)

// group is the phases that one row shows.
type group struct {
	first, last int
	folded      string // "earlier", "later", or "" for a phase by itself
}

// name is what a row of several phases is called. It is never one.
func (g group) name() string { return fmt.Sprintf("%d %s phases", g.last-g.first+1, g.folded) }

// fold keeps a plan of many phases readable: what lies behind becomes one row,
// and where that is not enough, what lies far ahead another.
func fold(n, at int) []group {
	var out []group
	lo, hi := 0, n
	if n > maxRows {
		lo = min(max(at-2, 0), n-(maxRows-1))
		if lo == 1 {
			lo = 0
		}
		hi = lo + maxRows
		if lo > 0 {
			hi--
		}
		if hi < n {
			hi--
		}
	}
	if lo > 0 {
		out = append(out, group{0, lo - 1, "earlier"})
	}
	for i := lo; i < hi; i++ {
		out = append(out, group{i, i, ""})
	}
	if hi < n {
		out = append(out, group{hi, n - 1, "later"})
	}
	return out
}

func (p *page) row(h history, a axis, g group, y float64) row {
	r := row{box: box{margin, y, inner, rowHeight}, lane: box{margin, y + nameHeight, inner, laneHeight}}
	name, persona := g.name(), ""
	status, late := h.tally(g.first, g.last), false
	if g.folded == "" {
		t := h.tracks[g.first]
		name, persona = t.phase.Name, t.persona
		if len(h.tracks) > 1 {
			name = fmt.Sprintf("%d. %s", g.first+1, name)
		}
		status, late = h.standing(g.first)
		r.skipped = t.outcome == orchestration.WasPassed
	}
	r.labels = p.captions(y, name, persona, status, late)
	tracks := h.tracks[g.first : g.last+1]
	r.bars = bars(tracks, a, r.lane)
	if g.folded != "" {
		r.marks = p.counted(tracks, r.labels[0])
	} else {
		r.marks = p.cluster(tracks, a, r.lane)
	}
	return r
}

// captions are a row's texts: the phase, whoever thinks in it, how it stands. The
// last is never cut, the first before the second is.
func (p *page) captions(y float64, name, persona, status string, late bool) []label {
	colour, st := soft, factStyle
	if late {
		colour, st = alarm, strongStyle
	}
	const gap = 20
	right := p.label(box{0, y, inner, nameHeight}, st, colour, paper, status)
	right.x = pageWidth - margin - right.w
	room := inner - right.w - gap
	persona = p.ts.legible(persona)
	wanted := 0.0
	if persona != "" {
		wanted = min(p.ts.width(factStyle, persona), room*0.4) + gap
	}
	name = p.ts.legible(name)
	left := p.label(box{margin, y, max(room-wanted, 0), nameHeight}, nameStyle, ink, paper, name)
	out := []label{left, right}
	if persona != "" {
		rest := room - left.w - gap
		out = append(out, p.label(box{left.right() + gap, y, rest, nameHeight}, factStyle, soft, paper, persona))
	}
	return out
}

// bars are the plan of some phases as one bar, and what happened in them.
func bars(tracks []track, a axis, lane box) []bar {
	var out []bar
	var plan piece
	for _, t := range tracks {
		if t.plan.to.IsZero() {
			continue
		}
		if plan.to.IsZero() {
			plan = t.plan
		}
		plan.to = t.plan.to
	}
	if !plan.to.IsZero() {
		out = append(out, bar{span(a, plan, lane), planned})
	}
	thin := box{lane.x, lane.y + (lane.h-barHeight)/2, lane.w, barHeight}
	for kind := worked; kind <= over; kind++ { // what is late is never painted over
		for _, t := range tracks {
			for _, piece := range t.pieces {
				if piece.kind == kind {
					out = append(out, bar{span(a, piece, thin), kind})
				}
			}
		}
	}
	return out
}

// span is where a piece is on a lane, wide enough to be seen.
func span(a axis, p piece, lane box) box {
	from, to := a.x(p.from), a.x(p.to)
	if to-from < leastBar {
		to = min(from+leastBar, a.x1)
		from = to - leastBar
	}
	return box{from, lane.y, to - from, lane.h}
}
