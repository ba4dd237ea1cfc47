package orchestration

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// parseLine cleans text that must stand on one line: white space folded, no
// control or direction-changing characters, at most limit bytes.
func parseLine(what, s string, limit int) (string, error) {
	s = cleanLine(s)
	if len(s) > limit {
		return "", Refuse("this %s has %d bytes, at most %d are possible", what, len(s), limit)
	}
	return s, nil
}

func cleanLine(s string) string {
	if tidy(s) {
		return s
	}
	return strings.Join(strings.Fields(strings.Map(plain, strings.ToValidUTF8(s, "�"))), " ")
}

// tidy reports whether s is printable ASCII with single spaces between words,
// as nearly everything is: then there is nothing to clean.
func tidy(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < 0x20 || c >= 0x7f || c == ' ' && (i == 0 || i == len(s)-1 || s[i-1] == ' ') {
			return false
		}
	}
	return true
}

// plain drops what would make shown text differ from stored text: controls,
// invisible and direction-changing characters. The joiner that emoji are made
// with stays, and so do the marks that choose between an emoji and a letter.
func plain(r rune) rune {
	const (
		zeroWidthJoiner = 0x200d
		textStyle       = 0xfe0e
		emojiStyle      = 0xfe0f
	)
	switch {
	case r == '\n', r == '\t', r == '\r', r == '\v', r == '\f', r == 0x85: // the controls that are white space
		return ' '
	case r == zeroWidthJoiner, r == textStyle, r == emojiStyle:
		return r
	case unicode.IsControl(r), invisible(r):
		return -1
	}
	return r
}

// invisible reports whether a character shows nothing of its own: format
// characters, fillers and variation selectors.
func invisible(r rune) bool {
	return unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r) ||
		unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) || unicode.Is(unicode.Variation_Selector, r)
}

// parseText cleans text of several lines, as parseLine does one.
func parseText(what, s string, limit int) (string, error) {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		return plain(r)
	}, unixLines(strings.ToValidUTF8(s, "�"))))
	if len(s) > limit {
		return "", Refuse("this %s has %s, at most %s are possible", what, size(len(s)), size(limit))
	}
	return s, nil
}

// unixLines ends every line with "\n", whatever it ended with.
func unixLines(s string) string {
	return lineEnds.Replace(s)
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n")

// cut is s, or as much of it as fits into limit bytes with a mark that
// something is missing.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	s = s[:limit-len("…")]
	for !utf8.ValidString(s) {
		s = s[:len(s)-1]
	}
	return strings.TrimSpace(s) + "…"
}

// cleanLines cleans a list of lines; what is empty, or stands there twice, or
// only says that there is nothing, is dropped.
func cleanLines(what string, in []string, limit int) ([]string, error) {
	var out []string
	seen := make(map[string]bool, len(in))
	for _, text := range in {
		text, err := parseLine(what, text, limit)
		if err != nil {
			return nil, err
		}
		if text == "" || none(text) || seen[text] {
			continue
		}
		seen[text] = true
		out = append(out, text)
	}
	return out, nil
}
