package orchestration

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SplitList reads a list as people type it: bulleted, numbered or plain lines,
// or parts separated by semicolons, with or without brackets around the whole.
// A word that says that there is nothing, such as "none", is no item.
func SplitList(body string) []string {
	body = unbracket(strings.TrimSpace(unixLines(body)))
	var out []string
	add := func(text string) {
		if text = strings.TrimSpace(text); text != "" && !none(text) {
			out = append(out, text)
		}
	}
	bulleted, gap := false, false
	for line := range strings.SplitSeq(body, "\n") {
		anew := startsAnew(line)
		line = strings.TrimSpace(line)
		text, marked := bullet(line)
		switch {
		case line == "":
			gap = bulleted
			continue
		case marked:
			bulleted = true
			add(text)
		case bulleted && !gap && !anew && len(out) > 0: // a bullet wrapped onto the next line
			out[len(out)-1] += " " + line
		case bulleted:
			add(line)
		default:
			for part := range strings.SplitSeq(line, ";") {
				add(part)
			}
		}
		gap = false
	}
	return out
}

var numberedRE = regexp.MustCompile(`^\d{1,3}[.)]\s+`)

// startsAnew reports whether a line without a mark is no more of the line
// before: it is not indented, and a sentence begins there.
func startsAnew(line string) bool {
	r, _ := utf8.DecodeRuneInString(line)
	return unicode.IsUpper(r)
}

// bullet takes a list mark off a line.
func bullet(line string) (text string, marked bool) {
	switch line {
	case "-", "*", "+", "•":
		return "", true
	}
	for _, mark := range [...]string{"- ", "* ", "+ ", "• ", "◦ ", "· ", "– ", "— "} {
		if rest, ok := strings.CutPrefix(line, mark); ok {
			return rest, true
		}
	}
	if m := numberedRE.FindString(line); m != "" {
		return line[len(m):], true
	}
	return line, false
}

// none reports whether a word stands for the empty list, in a template that
// nobody filled in as well.
func none(s string) bool {
	switch strings.ToLower(strings.Trim(s, "*_.() ")) {
	case "", "none", "-", "–", "—", "n/a", "…",
		"[list]", "[list key decisions]", "[list files/docs]", "[what the next phase needs to resolve]":
		return true
	}
	return false
}

// unbracket takes off the brackets of a filled-in "[list]", where they stand
// around the whole.
func unbracket(s string) string {
	if !strings.HasPrefix(s, "[") || !strings.HasSuffix(s, "]") || none(s) {
		return s
	}
	depth := 0
	for i, r := range s {
		switch r {
		case '[':
			depth++
		case ']':
			depth--
		}
		if depth == 0 && i < len(s)-1 {
			return s
		}
	}
	if depth != 0 {
		return s
	}
	return strings.TrimSpace(s[1 : len(s)-1])
}
