package discord

import (
	"strings"

	"github.com/synthoperator/baton/chat"
)

// cutRich is clean Markdown in pieces that each fit when they are drawn. Blocks
// of code that are cut are closed and opened again, tables get their head again,
// and no line is torn that fits into a piece.
func cutRich(text string, first, most int) []chat.Block {
	c := &richCutter{limit: first, most: most}
	for _, item := range parseRich(text) {
		c.item(item)
	}
	c.flush()
	return c.pieces
}

// richCutter fills one piece after the other.
type richCutter struct {
	limit, most int
	pieces      []chat.Block
	piece       []string
	used        int
}

func (c *richCutter) flush() {
	if len(c.piece) > 0 {
		c.pieces = append(c.pieces, chat.Rich(strings.Join(c.piece, "\n")))
		c.limit = c.most
	}
	c.piece, c.used = nil, 0
}

// left is how much of the piece is left for one more item.
func (c *richCutter) left() int { return c.limit - c.used - 1 }

func (c *richCutter) add(item richItem) {
	c.piece = append(c.piece, item.source())
	c.used += units(item.drawn()) + 1
}

func (c *richCutter) item(item richItem) {
	n := units(item.drawn())
	if n > c.left() && (n < c.most/2 || c.left() < fewUnits) {
		c.flush()
	}
	if n <= c.left() {
		c.add(item)
		return
	}
	switch item := item.(type) {
	case textLine:
		c.line(string(item))
	case codeBlock:
		c.code(item)
	case table:
		c.table(item)
	}
}

// line cuts a line. A part of it that by itself would be something else is kept
// from that.
func (c *richCutter) line(line string) {
	const guard = 4
	for _, part := range cut(line, max(c.left()-guard, guard), c.most-guard-1, width) {
		if isFence(part) || isRule(part) {
			part = `\` + strings.TrimLeft(part, " \t")
		}
		item := textLine(part)
		if units(item.drawn()) > c.left() {
			c.flush()
		}
		c.add(item)
	}
}

// code cuts a block of code between its lines, and lines that fit nowhere.
func (c *richCutter) code(b codeBlock) {
	over := units(fenced(b.language, "x")) - 1
	part, used := codeBlock{language: b.language}, over
	flush := func() {
		if len(part.lines) > 0 {
			c.add(part)
		}
		c.flush()
		part, used = codeBlock{language: b.language}, over
	}
	for _, line := range b.lines {
		for _, piece := range cut(line, c.most-over-2, c.most-over-2, fixedWidth) {
			n := units(fixed(piece)) + 1
			if used+n > c.left() {
				flush()
			}
			part.lines, used = append(part.lines, piece), used+n
		}
	}
	if len(part.lines) > 0 {
		c.add(part)
	}
}

// table cuts a table between its rows. One whose head takes too much room is
// shown as it was written.
func (c *richCutter) table(t table) {
	head := table{head: t.head, top: t.top}
	if units(head.drawn()) > c.most/4 {
		lines := append([]string{strings.SplitN(t.top, "\n", 2)[0]}, t.body...)
		c.item(codeBlock{lines: lines})
		return
	}
	part := head
	flush := func() {
		if len(part.rows) > 0 {
			c.add(part)
		}
		part = head
	}
	for i, row := range t.rows {
		next := part
		next.rows, next.body = append(next.rows[:len(next.rows):len(next.rows)], row), append(next.body[:len(next.body):len(next.body)], t.body[i])
		if units(next.drawn()) <= c.left() {
			part = next
			continue
		}
		flush()
		c.flush()
		one := table{head: t.head, top: t.top, rows: [][]string{row}, body: t.body[i : i+1]}
		if units(one.drawn()) <= c.left() {
			part = one
		} else {
			c.item(codeBlock{lines: t.body[i : i+1]})
		}
	}
	flush()
}
