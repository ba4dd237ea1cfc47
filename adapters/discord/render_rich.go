package discord

import (
	"regexp"
	"strings"

	"github.com/mattn/go-runewidth"
)

// Markdown of people and agents as Discord's dialect of it. A text is a row of
// items; each is drawn by itself, so that a text can be cut between them.

type (
	// richItem is one item of a text.
	richItem interface {
		// source is the item as Markdown that is read as the same item again.
		source() string
		// drawn is the item as Discord's markup.
		drawn() string
	}
	textLine  string
	codeBlock struct {
		language string
		lines    []string
	}
	table struct {
		head []string
		rows [][]string
		top  string // the first two lines as they were written
		body []string
	}
)

var (
	ruleRE  = regexp.MustCompile(`^[ \t]*\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$`)
	langRE  = regexp.MustCompile(`^[A-Za-z0-9_+\-.#]{1,40}$`)
	deepRE  = regexp.MustCompile(`^(#{4,6})[ \t]+`)
	quoteRE = regexp.MustCompile(`^>{2,} ?`)
	autoRE  = regexp.MustCompile(`^<https?://[^\s<>|` + "`" + `]+>`)
)

// parseRich reads clean Markdown.
func parseRich(text string) []richItem {
	var items []richItem
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); {
		if item, n := codeAt(lines[i:]); n > 0 {
			items, i = append(items, item), i+n
		} else if item, n := tableAt(lines[i:]); n > 0 {
			items, i = append(items, item), i+n
		} else {
			items, i = append(items, textLine(lines[i])), i+1
		}
	}
	return items
}

// fence is the mark of a line that opens or closes a block of code (CommonMark
// 0.31.2, 4.5), also indented as inside a list, and what follows the mark.
func fence(line string) (mark, info string, ok bool) {
	line = strings.TrimLeft(line, " \t")
	if !strings.HasPrefix(line, "```") && !strings.HasPrefix(line, "~~~") {
		return "", "", false
	}
	info = strings.TrimLeft(line, line[:1])
	return line[:len(line)-len(info)], info, !strings.Contains(info, "`")
}

func isFence(line string) bool {
	_, _, ok := fence(line)
	return ok
}

// isRule reports whether a line stands between the head and the rows of a table.
func isRule(line string) bool {
	body := strings.TrimLeft(line, " \t")
	return body != "" && strings.ContainsRune("|:-", rune(body[0])) && ruleRE.MatchString(line)
}

// codeAt is the block of code that lines begin with, and how many they are.
func codeAt(lines []string) (codeBlock, int) {
	mark, info, ok := fence(lines[0])
	if !ok {
		return codeBlock{}, 0
	}
	block, info := codeBlock{}, strings.TrimSpace(info)
	if langRE.MatchString(info) {
		block.language = info
	} else if info != "" {
		block.lines = append(block.lines, info) // Discord shows it as well
	}
	for i, line := range lines[1:] {
		end, more, ok := fence(line)
		if ok && strings.TrimSpace(more) == "" && strings.HasPrefix(end, mark) {
			return block, i + 2
		}
		block.lines = append(block.lines, line)
	}
	return block, len(lines)
}

// tableAt is the table that lines begin with, and how many they are: a row, a
// rule with as many columns, and rows.
func tableAt(lines []string) (table, int) {
	if len(lines) < 2 || !strings.Contains(lines[0], "|") || !strings.Contains(lines[1], "|") || !isRule(lines[1]) ||
		isRule(lines[0]) || isFence(lines[0]) {
		return table{}, 0
	}
	t := table{head: cells(lines[0]), top: lines[0] + "\n" + lines[1]}
	n := 2
	for ; n < len(lines) && strings.Contains(lines[n], "|") && !isFence(lines[n]); n++ {
		t.rows, t.body = append(t.rows, cells(lines[n])), append(t.body, lines[n])
	}
	return t, n
}

// cells are the cells of a row. A bar after a backslash is none between cells.
func cells(row string) []string {
	row = strings.TrimSpace(row)
	row = strings.TrimPrefix(row, "|")
	var out []string
	cell := ""
	for i := 0; i < len(row); i++ {
		switch {
		case row[i] == '\\' && i+1 < len(row) && row[i+1] == '|':
			cell += "|"
			i++
		case row[i] == '|':
			out, cell = append(out, strings.TrimSpace(cell)), ""
		default:
			cell += row[i : i+1]
		}
	}
	if strings.TrimSpace(cell) != "" || len(out) == 0 {
		out = append(out, strings.TrimSpace(cell))
	}
	return out
}

func (l textLine) source() string { return string(l) }

func (b codeBlock) source() string {
	mark := "```"
	for _, line := range b.lines {
		if m, _, ok := fence(line); ok && len(m) >= len(mark) && m[0] == '`' {
			mark = m + "`"
		}
	}
	return strings.Join(append(append([]string{mark + b.language}, b.lines...), mark), "\n")
}

func (b codeBlock) drawn() string { return fenced(b.language, strings.Join(b.lines, "\n")) }

func (t table) source() string { return strings.Join(append([]string{t.top}, t.body...), "\n") }

// drawn is the table in columns of one width.
func (t table) drawn() string {
	rows := append([][]string{t.head}, t.rows...)
	var wide []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(wide) {
				wide = append(wide, 0)
			}
			wide[i] = max(wide[i], runewidth.StringWidth(cell))
		}
	}
	var lines []string
	for i, row := range rows {
		line := ""
		for j, cell := range row {
			line += cell
			if j < len(row)-1 {
				line += strings.Repeat(" ", wide[j]-runewidth.StringWidth(cell)+2)
			}
		}
		lines = append(lines, strings.TrimRight(line, " "))
		if i == 0 {
			lines = append(lines, ruled(wide))
		}
	}
	return fenced("", strings.Join(lines, "\n"))
}

// ruled is the line under the head of a table.
func ruled(wide []int) string {
	var parts []string
	for _, n := range wide {
		parts = append(parts, strings.Repeat("─", max(n, 1)))
	}
	return strings.Join(parts, "  ")
}

// drawn is a line with the markup that Discord has too, and without what would
// be a mention, a spoiler or code without an end.
func (l textLine) drawn() string {
	line := string(l)
	if isRule(line) && strings.Contains(line, "|") { // a rule without a table
		return plainLine(line)
	}
	switch {
	case strings.HasPrefix(line, "####"):
		line = deepRE.ReplaceAllString(line, "### ")
	case strings.HasPrefix(line, ">>"):
		line = quoteRE.ReplaceAllString(line, "> ")
	}
	var out strings.Builder
	var link address
	for line != "" {
		n, as := richToken(line, link.on)
		out.WriteString(as)
		link.goesOn(out.String(), len(as))
		line = line[n:]
	}
	return out.String()
}

// richToken is how many bytes the next token has, and what shows it, inside an
// address or not.
func richToken(body string, inLink bool) (int, string) {
	switch body[0] {
	case '\\':
		switch {
		case inLink:
			return 1, `\`
		case strings.HasPrefix(body, `\<`):
			return 1, "" // see bracket
		}
		if len(body) > 1 && strings.ContainsRune("!\"#$%&'()*+,-./:;<=>?[\\]^_`{|}~", rune(body[1])) {
			return 2, body[:2]
		}
		return 1, `\\`
	case '`':
		if inLink {
			return 1, "\\`"
		}
		return codeSpan(body)
	case '<':
		if link := autoRE.FindString(body); link != "" {
			return len(link), link
		}
		return 1, bracket(body)
	case '@':
		if namesAll(body) {
			return 1, "@" + zeroWidth
		}
	case '|':
		if strings.HasPrefix(body, "||") {
			return 2, `\|\|`
		}
	case '!':
		if strings.HasPrefix(body, "![") { // Discord shows no picture there
			return 1, ""
		}
	}
	n := strings.IndexAny(body[1:], "\\`<@|!") + 1
	if n == 0 {
		n = len(body)
	}
	return n, body[:n]
}

// codeSpan is code between as many backticks, one or two, in one line. Other
// backticks are shown.
func codeSpan(body string) (int, string) {
	n := len(body) - len(strings.TrimLeft(body, "`"))
	mark := body[:n]
	for at := n; n <= 2 && at < len(body); {
		i := strings.IndexByte(body[at:], '`')
		if i < 0 {
			break
		}
		at += i
		run := len(body[at:]) - len(strings.TrimLeft(body[at:], "`"))
		if run == n && !blank(body[n:at]) && !strings.Contains(body[n:at], "```") {
			return at + run, mark + body[n:at] + mark
		}
		at += run
	}
	return n, strings.Repeat("\\`", n)
}

// rich draws clean Markdown.
func rich(text string) string {
	var out []string
	for _, item := range parseRich(text) {
		out = append(out, item.drawn())
	}
	return strings.Join(out, "\n")
}
