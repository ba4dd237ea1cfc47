package memory

import (
	"regexp"
	"strings"
)

var (
	// likeFenceRE finds lines that open or close a block of code in Markdown
	// (CommonMark 0.31.2, 4.5).
	likeFenceRE = regexp.MustCompile("^ {0,3}(?:`{3,}[^`]*|~{3,}.*)$")
	// fenceRE finds those of them that are short enough to be repeated in each
	// part. The others are shown as text.
	fenceRE = regexp.MustCompile("^ {0,3}(`{3,20}|~{3,20})([^`]{0,100})$")
)

// cutRich is clean Markdown in pieces of at most so many characters. A block of
// code that is cut is closed at the end of a piece and opened again in the next,
// and one that was never closed is closed at the end.
func cutRich(text string, most int) []string {
	c := &richCutter{most: most}
	for _, line := range strings.Split(text, "\n") {
		c.line(line)
	}
	c.flush()
	return c.pieces
}

// richCutter fills one piece after the other.
type richCutter struct {
	most   int
	pieces []string
	piece  []string
	used   int
	open   string // the line that opened the block of code we are in
}

// line adds a line; one that does not fit into a piece is cut. A line that was
// cut, or is too long to be repeated, opens and closes nothing.
func (c *richCutter) line(line string) {
	fence := fenceRE.MatchString(line) && width(line) < c.most/3
	if fence && c.closedBy(line) {
		c.add(line)
		c.open = ""
		return
	}
	spare := c.spare()
	if fence && c.open == "" {
		spare = c.most - width(line) - len(mark(line)) - 2
	}
	if !fence {
		line = literal(line)
	}
	if len(c.piece) > 0 && c.used+width(line) > spare {
		c.flush()
	}
	if c.used+width(line) <= spare {
		c.add(line)
	} else {
		for _, part := range cut(line, max(spare-c.used-1, 1)) {
			if len(c.piece) > 0 && c.used+width(part) >= spare {
				c.flush()
			}
			c.add(literal(part))
		}
	}
	if fence && c.open == "" {
		c.open = line
	}
}

// literal keeps a line from opening or closing a block of code.
func literal(line string) string {
	if likeFenceRE.MatchString(line) {
		return "\\" + line
	}
	return line
}

func (c *richCutter) add(line string) {
	c.piece = append(c.piece, line)
	c.used += width(line) + 1
}

// spare is how much a piece may hold so that what is open can still be closed.
func (c *richCutter) spare() int {
	if c.open == "" {
		return c.most
	}
	return c.most - len(mark(c.open)) - 1
}

// flush ends a piece.
func (c *richCutter) flush() {
	if c.open != "" {
		c.piece = append(c.piece, mark(c.open))
	}
	c.pieces = append(c.pieces, strings.Join(c.piece, "\n"))
	c.piece, c.used = nil, 0
	if c.open != "" {
		c.add(c.open)
	}
}

// closedBy reports whether a line closes what is open: by as many of the same
// marks at least, and nothing else.
func (c *richCutter) closedBy(line string) bool {
	m := fenceRE.FindStringSubmatch(line)
	return c.open != "" && m != nil && strings.TrimSpace(m[2]) == "" && strings.HasPrefix(m[1], mark(c.open))
}

// mark is what a line opens a block of code with.
func mark(fence string) string { return fenceRE.FindStringSubmatch(fence)[1] }
