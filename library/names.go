package library

import (
	"path"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// sanitise writes a file name or a typed text as one segment of an ID: NFKC,
// lower case, spaces and whatever a name cannot hold as hyphens.
func sanitise(s string) string {
	if plain(s) {
		return s
	}
	s = strings.ToLower(norm.NFKC.String(strings.TrimSpace(s)))
	s = strings.Join(strings.Fields(s), "-")
	s = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune("-_.", r) {
			return r
		}
		return '-'
	}, s)
	return strings.Trim(s, "-")
}

// plain reports whether a text is sanitised already, as nearly all are.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && (c != '-' || i == 0 || i == len(s)-1) {
			return false
		}
	}
	return s != ""
}

// container reports whether a folder of that name only groups files by what
// they are; it is no part of an ID.
func container(segment string) bool {
	switch segment {
	case "skills", "agents", "personas", "plugins", "subagents", "categories":
		return true
	}
	return false
}

// segments are the parts of a file's name for people: the folders that lead to
// it and its own name. bare leaves the containers out.
func segments(kind Kind, file, declared string) (full, bare []string) {
	text := path.Dir(file)
	if kind == PersonaKind {
		text = strings.TrimSuffix(file, path.Ext(file))
	} else if text == "." {
		text = declared
	}
	for s := range strings.SplitSeq(text, "/") {
		full = append(full, sanitise(s))
	}
	return full, withoutContainers(full)
}

// withoutContainers keeps the last segment, whatever it is called.
func withoutContainers(full []string) []string {
	out := make([]string, 0, len(full))
	for i, s := range full {
		if i == len(full)-1 || !container(s) {
			out = append(out, s)
		}
	}
	return out
}

// reserved reports whether a Markdown file of that stem is about a folder and
// not in it.
func reserved(stem string) bool {
	switch strings.ToLower(stem) {
	case "readme", "template", "claude", "agents", "gemini", "index", "license", "licence", "contributing", "changelog", "notice", "security", "code_of_conduct":
		return true
	}
	return false
}
