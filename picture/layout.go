package picture

import (
	"image/color"
	"time"
)

// The measures of the page, in pixels.
const (
	pageWidth  = 1080 // three times what a phone shows
	margin     = 48
	inner      = pageWidth - 2*margin
	nameHeight = 46 // of a row's line of text
	laneHeight = 46 // of a row's bars
	rowGap     = 24
	rowHeight  = nameHeight + laneHeight + rowGap
	barHeight  = 24
	leastBar   = 6 // of whatever happened something is seen
	markSize   = 40
	maxRows    = 12 // more would be taller than a phone shows
)

type box struct{ x, y, w, h float64 }

func (b box) right() float64  { return b.x + b.w }
func (b box) bottom() float64 { return b.y + b.h }

// label is a line of legible text in its box.
type label struct {
	box
	text  string
	style style
	ink   color.RGBA
	on    color.RGBA // what it stands on
}

// bar is a while on a row's lane.
type bar struct {
	box
	kind barKind
}

// row is a phase, or several that are folded.
type row struct {
	box
	lane    box
	labels  []label
	bars    []bar // the plan first, then what happened
	marks   []mark
	skipped bool
}

// upright is a vertical line with its name below.
type upright struct {
	x, top, bottom float64
	label          label
	pill           box
}

// tick is a grid line with the date above it.
type tick struct {
	x     float64
	label label
}

// page is a picture before it is painted.
type page struct {
	width, height float64
	head          []label
	chart         box // of the rows
	ticks         []tick
	names         []label // of the ticks that have room for one
	rows          []row
	today         upright
	legend        []sign
	ts            *typesetter
}

// lay puts a history on a page.
func lay(h history, ts *typesetter) page {
	p := page{width: pageWidth, ts: ts}
	y := p.layHead(h)
	y = p.layChart(h, y)
	y = p.layLegend(y)
	p.height = y + margin
	return p
}

// line adds a text at the left, and is where the next one begins.
func (p *page) line(y, height float64, st style, ink color.RGBA, text string) float64 {
	p.head = append(p.head, p.label(box{margin, y, inner, height}, st, ink, paper, text))
	return y + height
}

// label is a text at the left of a box, cut to it; its box is no wider than
// the text.
func (p *page) label(in box, st style, ink, on color.RGBA, text string) label {
	text = p.ts.fit(st, text, in.w)
	in.w = min(in.w, p.ts.width(st, text))
	return label{in, text, st, ink, on}
}

func (p *page) layHead(h history) float64 {
	y := float64(margin - 12)
	for _, text := range p.ts.wrap(titleStyle, p.ts.legible(h.session.Plan().Title()), inner, 2) {
		y = p.line(y, 60, titleStyle, ink, text)
	}
	for _, text := range p.ts.wrap(bodyStyle, p.ts.legible(h.session.Brief().Objective), inner, 3) {
		y = p.line(y, 46, bodyStyle, ink, text)
	}
	for _, text := range p.ts.wrap(factStyle, h.facts(), inner, 2) {
		y = p.line(y+4, 42, factStyle, soft, text)
	}
	return y + 24
}

func (p *page) layChart(h history, y float64) float64 {
	end := h.planEnd()
	if end.Before(h.until) {
		end = h.until
	}
	a := newAxis(h.start, end, margin, pageWidth-margin)
	by := a.step()
	if by.unit >= days { // whole days, so that the first one has its date
		y, m, d := h.start.Date()
		a = newAxis(time.Date(y, m, d, 0, 0, 0, 0, h.zone), end, margin, pageWidth-margin)
		by = a.step()
	}
	p.layTicks(h, a, by, y)
	y += 44
	rows := fold(len(h.tracks), h.session.At())
	p.chart = box{margin, y, inner, float64(len(rows))*rowHeight + 4}
	y += 10
	for _, g := range rows {
		p.rows = append(p.rows, p.row(h, a, g, y))
		y += rowHeight
	}
	return p.layToday(h, a, by)
}

// layTicks adds the grid and, as far as they have room, its dates.
func (p *page) layTicks(h history, a axis, by step, y float64) {
	free := 0.0
	for _, t := range a.ticks(by, h.zone) {
		x := a.x(t)
		name := by.name(t, len(p.ticks) == 0)
		l := p.label(box{0, y, inner, 38}, smallStyle, soft, paper, name)
		l.x = clamp(x-l.w/2, margin, pageWidth-margin-l.w)
		p.ticks = append(p.ticks, tick{x, l})
		if l.x >= free {
			p.names = append(p.names, l)
			free = l.right() + 12
		}
	}
}

// layToday draws where the session stands: now, or when it ended.
func (p *page) layToday(h history, a axis, by step) float64 {
	word := "today "
	switch {
	case h.ended():
		word = "ended "
	case by.unit <= hours:
		word = "now "
	}
	x, y := a.x(h.until), p.chart.bottom()
	l := p.label(box{0, y + 4, inner, 42}, countStyle, paper, ink, word+by.moment(h.until))
	const pad = 16
	l.x = clamp(x-l.w/2, margin+pad-12, pageWidth-margin-pad+12-l.w)
	p.today = upright{x, p.chart.y, y + 4, l, box{l.x - pad, l.y, l.w + 2*pad, l.h}}
	return p.today.pill.bottom() + 28
}

func clamp(x, lo, hi float64) float64 { return max(lo, min(x, hi)) }
