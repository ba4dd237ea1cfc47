package frontmatter

import (
	"fmt"
	"regexp"
	"strings"
)

// block is where the fields stand: lines[from:to], the body from bodyAt.
type block struct {
	from, to, bodyAt int
	repairs          []Repair
}

func (b block) bytes(lines []string) int {
	n := 0
	for _, l := range lines[b.from:b.to] {
		n += len(l) + 1
	}
	return n
}

// keyLine is a line that opens a field in the first column.
var keyLine = regexp.MustCompile(`^["']?([A-Za-z][A-Za-z0-9_. -]{0,63}?)["']?[ \t]*:(?:[ \t]|$)`)

// keyOf is the key that a line opens, as it is written, or "".
func keyOf(line string) string {
	if m := keyLine.FindStringSubmatch(line); m != nil {
		return m[1]
	}
	return ""
}

// dashes is the number of dashes on a line of nothing else, at least 3, or 0.
func dashes(line string) int {
	line = strings.TrimRight(line, " \t")
	if len(line) < 3 || strings.Trim(line, "-") != "" {
		return 0
	}
	return len(line)
}

func findBlock(lines []string) (block, bool) {
	open, before := opening(lines)
	if open < 0 {
		return block{}, false
	}
	b := block{from: open + 1}
	b.to, b.bodyAt = closing(lines, b.from)
	n := dashes(lines[open])
	if !fieldsIn(lines[b.from:b.to], before || n > 3) {
		return block{}, false // a rule drawn across the page
	}
	if before {
		b.note(open, "text stands before the frontmatter and is left out", "let the file begin with ---")
	}
	if n > 3 {
		b.note(open, fmt.Sprintf("the frontmatter opens with %d dashes", n), "open it with ---")
	}
	if b.bodyAt == b.to {
		b.to = unclosed(lines, b.from)
		b.bodyAt = b.to
		b.note(open, fmt.Sprintf("the frontmatter is not closed; read to line %d", b.to), fmt.Sprintf("put --- on line %d", b.to+1))
	} else if end := unclosed(lines, b.from); end < b.to && opensPage(lines[end:b.to]) && validYAML(lines[b.from:end]) && !validYAML(lines[b.from:b.to]) {
		b.note(open, fmt.Sprintf("the frontmatter is not closed before the text begins; read to line %d", end), fmt.Sprintf("put --- on line %d", end+1))
		b.to, b.bodyAt = end, end
	}
	return b, true
}

func (b *block) note(line int, what, remedy string) {
	b.repairs = append(b.repairs, Repair{Line: line + 1, What: what, Remedy: remedy})
}

// opening is the line of the first dashes, with only blank lines, comments and
// headings before them, and whether there are any of those.
func opening(lines []string) (at int, before bool) {
	comment := false
	for i, l := range lines {
		text := strings.TrimSpace(l)
		switch {
		case comment:
			comment = !strings.Contains(text, "-->")
		case text == "":
		case dashes(l) > 0:
			return i, before
		case strings.HasPrefix(text, "<!--"):
			before, comment = true, !strings.Contains(text, "-->")
		case strings.HasPrefix(text, "#"):
			before = true
		default:
			return -1, false
		}
	}
	return -1, false
}

// closing is the line that ends the block and where the body begins; both are
// the end of the file where nothing closes it.
func closing(lines []string, from int) (to, bodyAt int) {
	for i := from; i < len(lines); i++ {
		if dashes(lines[i]) > 0 || strings.TrimRight(lines[i], " \t") == "..." {
			return i, i + 1
		}
	}
	return len(lines), len(lines)
}

// fieldsIn reports whether these lines hold fields and not text between two
// rules. Where the place is unusual (strict), one of them must be known.
func fieldsIn(lines []string, strict bool) bool {
	blank := true
	for _, l := range lines {
		if strings.TrimSpace(l) == "" {
			continue
		}
		blank = false
		if key := keyOf(l); key != "" && (!strict || known(strings.ToLower(key))) {
			return true
		}
	}
	return blank && len(lines) > 0 && !strict
}

// unclosed is where a block ends that nothing closes: before the first line
// that can be neither a field nor part of one.
func unclosed(lines []string, from int) int {
	end := from
	for i := from; i < len(lines); i++ {
		l := lines[i]
		switch {
		case strings.TrimSpace(l) == "":
			continue // belongs to the block only if a field follows
		case keyOf(l) != "" && (end == i || known(strings.ToLower(keyOf(l)))),
			end == i && i > from && (l[0] == ' ' || l[0] == '\t' || strings.HasPrefix(l, "- ")):
			end = i + 1
		default:
			return end
		}
	}
	return end
}

// opensPage reports whether these lines begin, after blank ones, with a heading.
func opensPage(lines []string) bool {
	for _, l := range lines {
		if strings.TrimSpace(l) != "" {
			return strings.HasPrefix(l, "# ") || strings.HasPrefix(l, "## ")
		}
	}
	return false
}
