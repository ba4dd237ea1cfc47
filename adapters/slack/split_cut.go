package slack

import (
	"math"
	"regexp"
	"strings"
)

// cut is a clean text in pieces of at most so many units: at the end of a line,
// else at a space, else between two characters as people see them. Only the line
// end or the space at a cut is left out. There is at least one piece.
func cut(text string, most int, width func(string) int) []string {
	var pieces []string
	for {
		end := fitting(text, most, width)
		if end == len(text) {
			return append(pieces, text)
		}
		head, rest := text[:end], text[end:]
		if i := strings.LastIndexByte(head, '\n'); i > 0 && !strings.HasPrefix(rest, "\n") {
			head, rest = text[:i], text[i+1:]
		} else if strings.HasPrefix(rest, "\n") || strings.HasPrefix(rest, " ") {
			rest = rest[1:]
		} else if i := strings.LastIndexByte(head, ' '); i > 0 {
			head, rest = text[:i], text[i+1:]
		}
		pieces = append(pieces, head)
		text = rest
	}
}

// cutInline is cut for a text in which code stands between backticks: code that
// is cut is code on both sides.
func cutInline(text string, most int) []string {
	if units(text) <= most {
		return []string{text}
	}
	pieces := cut(text, most-2, units)
	at := 0
	for i := range len(pieces) - 1 {
		at += strings.Index(text[at:], pieces[i])
		end := at + len(pieces[i])
		for _, span := range codeRE.FindAllStringIndex(lineAround(text, end), -1) {
			if from := end - lineStart(text, end); span[0] < from && from < span[1]-1 && from > span[0]+1 {
				pieces[i] += "`"
				pieces[i+1] = "`" + pieces[i+1]
			}
		}
		at = end
	}
	return pieces
}

func lineStart(text string, at int) int { return strings.LastIndexByte(text[:at], '\n') + 1 }

func lineAround(text string, at int) string {
	line, _, _ := strings.Cut(text[lineStart(text, at):], "\n")
	return line
}

var (
	// likeFenceRE finds lines that open or close a block of code in Markdown
	// (CommonMark 0.31.2, 4.5).
	likeFenceRE = regexp.MustCompile("^ {0,3}(?:`{3,}[^`]*|~{3,}.*)$")
	// fenceRE finds those of them that are short enough to be repeated in each
	// part. The others are shown as text.
	fenceRE = regexp.MustCompile("^ {0,3}(`{3,20}|~{3,20})([^`]{0,100})$")
	// underRE finds the line under the head of a table
	// (https://github.github.com/gfm/#tables-extension-).
	underRE = regexp.MustCompile(`^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$`)
)

// markdownUnits is how long a piece of Markdown can become by [inert].
func markdownUnits(text string) int {
	n := units(text)
	for _, sign := range []string{"<", "&", "@", "!"} {
		n += strings.Count(text, sign)
	}
	return n
}

// cutMarkdown is clean Markdown in pieces of at most so many units. A block of
// code that is cut is closed at the end of a piece and opened again in the next,
// and one that was never closed is closed at the end. A table that is cut has its
// head in each piece.
func cutMarkdown(text string, most int) []string {
	all := (&markdownCutter{most: math.MaxInt, repeat: most / 4}).all(text)
	if markdownUnits(all[0]) <= most {
		return all
	}
	return (&markdownCutter{most: most, repeat: most / 4}).all(text)
}

func (c *markdownCutter) all(text string) []string {
	for line := range strings.SplitSeq(text, "\n") {
		c.line(line)
	}
	c.flush()
	return c.pieces
}

// markdownCutter fills one piece after the other.
type markdownCutter struct {
	most   int
	repeat int // how long a line may be that is repeated in each piece
	pieces []string
	piece  []string
	used   int
	open   string   // the line that opened the block of code we are in
	before string   // the line before
	head   []string // of the table we are in
}

// line adds a line; one that does not fit into a piece is cut. A line that was
// cut, or is too long to be repeated, opens and closes nothing.
func (c *markdownCutter) line(line string) {
	fence := fenceRE.MatchString(line) && markdownUnits(line) < c.repeat
	if fence && c.closedBy(line) {
		c.add(line)
		c.open = ""
		return
	}
	c.table(line)
	spare := c.spare()
	if fence && c.open == "" {
		spare = c.most - markdownUnits(line) - len(mark(line)) - 2
	}
	if !fence {
		line = literal(line)
	}
	if len(c.piece) > 0 && c.used+markdownUnits(line) > spare {
		c.flush()
	}
	if c.used+markdownUnits(line) <= spare {
		c.add(line)
	} else {
		c.long(line, spare)
	}
	if fence && c.open == "" {
		c.open = line
	}
}

// long adds a line that no piece holds.
func (c *markdownCutter) long(line string, spare int) {
	for _, part := range cut(line, max(spare-c.used-1, 1), markdownUnits) {
		if len(c.piece) > 0 && c.used+markdownUnits(part) >= spare {
			c.flush()
		}
		c.add(literal(part))
	}
}

// table remembers the head of the table that a line is in.
func (c *markdownCutter) table(line string) {
	switch {
	case c.open != "" || !strings.Contains(line, "|"):
		c.head = nil
	case c.head == nil && underRE.MatchString(line) && strings.Contains(c.before, "|") &&
		markdownUnits(c.before)+markdownUnits(line) < c.repeat:
		c.head = []string{c.before, line}
	}
	c.before = line
}

// literal keeps a line from opening or closing a block of code.
func literal(line string) string {
	if likeFenceRE.MatchString(line) {
		return "\\" + line
	}
	return line
}

func (c *markdownCutter) add(line string) {
	c.piece = append(c.piece, line)
	c.used += markdownUnits(line) + 1
}

// spare is how much a piece may hold so that what is open can still be closed.
func (c *markdownCutter) spare() int {
	if c.open == "" {
		return c.most
	}
	return c.most - len(mark(c.open)) - 1
}

// flush ends a piece and begins the next.
func (c *markdownCutter) flush() {
	if c.open != "" {
		c.piece = append(c.piece, mark(c.open))
	}
	c.pieces = append(c.pieces, strings.Join(c.piece, "\n"))
	c.piece, c.used = nil, 0
	if c.open != "" {
		c.add(c.open)
	}
	for _, line := range c.head {
		c.add(line)
	}
}

// closedBy reports whether a line closes what is open: by as many of the same
// marks at least, and nothing else.
func (c *markdownCutter) closedBy(line string) bool {
	m := fenceRE.FindStringSubmatch(line)
	return c.open != "" && m != nil && strings.TrimSpace(m[2]) == "" && strings.HasPrefix(m[1], mark(c.open))
}

// mark is what a line opens a block of code with.
func mark(fence string) string { return fenceRE.FindStringSubmatch(fence)[1] }
