package picture

import (
	"image"
	"image/color"
	"math"

	"git.sr.ht/~sbinet/gg"
	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
)

// painter puts a page on a canvas.
type painter struct {
	*gg.Context
	img *image.RGBA
	ts  *typesetter
}

// paint draws a page from back to front: grid, bars, the line of today, texts
// on a ground of their own, marks.
func paint(p page) *image.Paletted {
	img := image.NewRGBA(image.Rect(0, 0, int(p.width), int(math.Ceil(p.height))))
	c := painter{gg.NewContextForRGBA(img), img, p.ts}
	c.SetColor(paper)
	c.Clear()
	for _, t := range p.ticks {
		c.vertical(t.x, p.chart.y, p.chart.bottom(), 2, grid)
	}
	for _, r := range p.rows {
		for _, b := range r.bars {
			c.bar(b.box, b.kind, r.skipped)
		}
	}
	c.vertical(p.today.x, p.today.top, p.today.bottom, 4, ink)
	c.fill(p.today.pill, 12, ink)
	for _, r := range p.rows {
		for _, m := range r.marks {
			c.mark(m.kind, m.x+m.w/2, m.y+m.h/2)
		}
	}
	for _, s := range p.legend {
		c.sign(s)
	}
	for _, l := range p.texts() {
		c.text(l)
	}
	return indexed(img)
}

func (c painter) vertical(x, y0, y1, width float64, ink color.Color) {
	c.fill(box{math.Round(x - width/2), y0, width, y1 - y0}, 0, ink)
}

func (c painter) fill(b box, radius float64, ink color.Color) {
	c.SetColor(ink)
	if radius > 0 {
		c.DrawRoundedRectangle(b.x, b.y, b.w, b.h, min(radius, b.w/2))
	} else {
		c.DrawRectangle(b.x, b.y, b.w, b.h)
	}
	c.Fill()
}

func (c painter) stroke(b box, width, radius float64, ink color.Color) {
	c.SetColor(ink)
	c.SetLineWidth(width)
	in := width / 2
	c.DrawRoundedRectangle(b.x+in, b.y+in, max(b.w-width, 0), max(b.h-width, 0), min(radius, b.w/2))
	c.Stroke()
}

func (c painter) bar(b box, kind barKind, skipped bool) {
	switch kind {
	case planned:
		ground := color.Color(pale)
		if skipped {
			ground = paper
			c.SetDash(12, 8)
			defer c.SetDash()
		}
		c.fill(b, 8, ground)
		c.stroke(b, 2.5, 8, outline)
	case worked:
		c.fill(b, 0, solid)
	case paused:
		c.fill(b, 0, rest)
		c.hatch(b, 12, 2.5, outline)
		c.stroke(b, 2.5, 0, outline)
	case over:
		c.fill(b, 0, alarm)
		c.hatch(b, 16, 3, paper)
	}
}

// hatch draws slanted lines in a box, each cut to it.
func (c painter) hatch(b box, gap, width float64, ink color.Color) {
	c.SetColor(ink)
	c.SetLineWidth(width)
	for x := b.x - b.h + gap; x < b.right(); x += gap {
		from, to := max(b.x-x, 0), min(b.right()-x, b.h) // along the line, from the bottom up
		if from < to {
			c.DrawLine(x+from, b.bottom()-from, x+to, b.bottom()-to)
		}
	}
	c.Stroke()
}

// mark draws a decision: each kind has a shape of its own, with a rim of paper
// that keeps it apart from the bar below.
func (c painter) mark(kind markKind, x, y float64) {
	const r = markSize/2 - 3
	switch kind {
	case handoffMark:
		c.shape(ink, [][2]float64{{x, y - r}, {x + r, y}, {x, y + r}, {x - r, y}})
	case overrideMark:
		c.shape(violet, [][2]float64{{x, y - r + 1}, {x + r, y + r - 3}, {x - r, y + r - 3}})
	case undoMark:
		c.SetColor(paper)
		c.DrawCircle(x, y, r+2)
		c.Fill()
		c.SetColor(ink)
		c.SetLineWidth(5)
		c.NewSubPath()
		c.DrawArc(x, y+1, r-5, gg.Radians(-150), gg.Radians(110))
		c.Stroke()
		at := gg.Radians(-150) // the head of an arrow that turns back
		tipX, tipY := x+(r-5)*math.Cos(at), y+1+(r-5)*math.Sin(at)
		c.MoveTo(tipX-9, tipY-8)
		c.LineTo(tipX+10, tipY-2)
		c.LineTo(tipX-5, tipY+11)
		c.ClosePath()
		c.Fill()
	}
}

func (c painter) shape(ink color.Color, corners [][2]float64) {
	for _, p := range corners {
		c.LineTo(p[0], p[1])
	}
	c.ClosePath()
	c.SetColor(paper)
	c.SetLineWidth(6)
	c.StrokePreserve()
	c.SetColor(ink)
	c.Fill()
}

func (c painter) sign(s sign) {
	switch s.shape {
	case barSign:
		h := float64(barHeight)
		if s.bar == planned {
			h += 6
		}
		c.bar(box{s.x, s.y + (s.h-h)/2, s.w, h}, s.bar, false)
	case markSign:
		c.mark(s.mark, s.x+s.w/2, s.y+s.h/2)
	case boxSign:
		c.missing(s.x+s.w/2-boxWidth*smallStyle.size/2, s.label.baseline(), smallStyle, ink)
	}
	c.text(s.label)
}

// baseline puts a text into the middle of its box: Go's capitals are 0.72 of
// the size high.
func (l label) baseline() float64 { return math.Round(l.y + l.h/2 + 0.36*l.style.size) }

// text writes a label on its ground, so that no line runs through it.
func (c painter) text(l label) {
	if l.on == paper {
		c.fill(box{l.x - 6, l.y + 2, l.w + 12, l.h - 4}, 0, paper)
	}
	f := c.ts.face(l.style)
	d := font.Drawer{Dst: c.img, Src: image.NewUniform(l.ink), Face: f}
	d.Dot = fixed.Point26_6{X: fixed.Int26_6(math.Round(l.x) * 64), Y: fixed.Int26_6(l.baseline() * 64)}
	run := []rune{}
	flush := func() {
		d.DrawString(string(run))
		run = run[:0]
	}
	for _, r := range l.text {
		if r != boxRune {
			run = append(run, r)
			continue
		}
		flush()
		c.missing(float64(d.Dot.X)/64, l.baseline(), l.style, l.ink)
		d.Dot.X += fixed.Int26_6(boxAdvance * l.style.size * 64)
	}
	flush()
}

// missing draws the box that stands for a character the font lacks.
func (c painter) missing(x, baseline float64, st style, ink color.Color) {
	h := 0.74 * st.size
	b := box{math.Round(x + (boxAdvance-boxWidth)/2*st.size), math.Round(baseline - h), boxWidth * st.size, h}
	c.stroke(b, 3, 3, ink)
}
