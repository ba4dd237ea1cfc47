package memory

import (
	"regexp"
	"strings"
)

// cut is a clean text in pieces of at most so many characters of markup: at the end of
// a line, else at a space, else between two characters. Only the line end or the
// space at a cut is left out. There is at least one piece.
func cut(text string, most int) []string {
	var pieces []string
	for {
		end := fitting(text, most)
		if end == len(text) {
			return append(pieces, text)
		}
		head, rest := text[:end], text[end:]
		if i := strings.LastIndexByte(head, '\n'); i > 0 {
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

// fitting is how many bytes of a text fit: at least one character.
func fitting(text string, most int) int {
	used := 0
	for i, r := range text {
		n := wide(r)
		if used+n > most && i > 0 {
			return i
		}
		used += n
	}
	return len(text)
}

// fenceRE finds the line that opens or closes a block of code in Markdown. One
// whose description is longer is cut as any other line.
var fenceRE = regexp.MustCompile("^ {0,3}(`{3,}|~{3,})([^`\n]{0,100})$")

// cutRich is Markdown in pieces of at most so many characters. A block of code
// that is cut is closed at the end of a piece and opened again in the next, and
// one that was never closed is closed at the end.
func cutRich(text string, most int) []string {
	var (
		pieces []string
		piece  []string
		used   int
		open   string // the line that opened the block of code we are in
	)
	flush := func() {
		if open != "" {
			piece = append(piece, closing(open))
		}
		if len(piece) > 0 {
			pieces = append(pieces, strings.Join(piece, "\n"))
		}
		piece, used = nil, 0
		if open != "" {
			piece, used = []string{open}, width(open)+1
		}
	}
	for _, line := range strings.Split(text, "\n") {
		fence := fenceRE.MatchString(line)
		spare := most - width(closing(open)) - 1
		if fence && open == "" {
			spare = most - 2*width(line) - 2
		}
		if used > 0 && used+width(line) > spare && !(fence && closes(line, open)) {
			flush()
		}
		for _, part := range cut(line, max(spare-used, 1)) {
			if used > 0 && used+width(part) > spare && !(fence && closes(line, open)) {
				flush()
			}
			piece, used = append(piece, part), used+width(part)+1
		}
		switch {
		case fence && open == "":
			open = line
		case fence && closes(line, open):
			open = ""
		}
	}
	flush()
	return pieces
}

func closing(open string) string {
	if m := fenceRE.FindStringSubmatch(open); m != nil {
		return m[1]
	}
	return ""
}

// closes reports whether a line closes what another opened: by as many of the
// same marks at least, and nothing else (CommonMark 0.31.2, 4.5).
func closes(line, open string) bool {
	m := fenceRE.FindStringSubmatch(line)
	return open != "" && m != nil && strings.TrimSpace(m[2]) == "" && strings.HasPrefix(m[1], closing(open))
}
