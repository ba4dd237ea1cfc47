package memory

import "strings"

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
