package picture

import "strings"

// sign is one line of the legend: what is drawn, and what it means. Only what
// occurs on the page is explained.
type sign struct {
	box
	bar   barKind
	mark  markKind
	shape signShape
	label label
}

type signShape byte

const (
	barSign signShape = iota
	markSign
	boxSign
)

const signWidth = 52

func (p *page) layLegend(y float64) float64 {
	x := float64(margin)
	const height, gap = 44, 36
	for _, s := range p.signs() {
		l := p.label(box{0, y, inner - signWidth - 12, height}, smallStyle, ink, paper, s.label.text)
		if w := signWidth + 12 + l.w; x > margin && x+w > pageWidth-margin {
			x, y = margin, y+height+4
		}
		l.x, l.y = x+signWidth+12, y
		s.box, s.label = box{x, y, signWidth, height}, l
		p.legend = append(p.legend, s)
		x = l.right() + gap
	}
	return y + height
}

// markNames are what the marks are called.
var markNames = [markKinds]string{"handoff", "override", "taken back"}

// signs are what occurs on the page.
func (p *page) signs() []sign {
	var bars [over + 1]bool
	var marks [markKinds]bool
	for _, r := range p.rows {
		for _, b := range r.bars {
			bars[b.kind] = true
		}
		for _, m := range r.marks {
			marks[m.kind] = true
		}
	}
	var out []sign
	for kind, name := range []string{"plan", "worked on", "paused", "over due"} {
		if bars[kind] {
			out = append(out, sign{bar: barKind(kind), shape: barSign, label: label{text: name}})
		}
	}
	for kind, name := range markNames {
		if marks[kind] {
			out = append(out, sign{mark: markKind(kind), shape: markSign, label: label{text: name}})
		}
	}
	if p.boxed() {
		out = append(out, sign{shape: boxSign, label: label{text: "not in this font"}})
	}
	return out
}

// boxed reports whether a character on the page stands as a box.
func (p *page) boxed() bool {
	for _, l := range p.texts() {
		if strings.ContainsRune(l.text, boxRune) {
			return true
		}
	}
	return false
}

// texts are all labels of the page but the legend's.
func (p *page) texts() []label {
	out := append([]label(nil), p.head...)
	out = append(out, p.names...)
	for _, r := range p.rows {
		out = append(out, r.labels...)
		for _, m := range r.marks {
			if m.n > 1 {
				out = append(out, m.count)
			}
		}
	}
	if p.today.label.text != "" {
		out = append(out, p.today.label)
	}
	return out
}
