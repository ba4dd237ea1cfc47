package frontmatter

import (
	"fmt"
	"strings"
)

// readLines reads a block that is no valid YAML: only lines that open a trusted
// key count, everything up to the next one belongs to it. Each stretch is tried
// as YAML of its own first, so that one bad value spoils no other.
func (p *Page) readLines(lines []string, at int) {
	lower := spellsLower(lines)
	start := -1
	flush := func(end int) {
		if start >= 0 && len(p.Fields) < maxFields {
			p.readStretch(lines[start:end], at+start)
		}
	}
	for i, l := range lines {
		key := keyOf(l)
		if key != "" && anchor(strings.ToLower(key)) && (!lower || key == strings.ToLower(key) || camel(key)) {
			flush(i)
			start = i
			continue
		}
		if spoiled := spoiledKey(l); spoiled != "" && start < 0 || spoiled != "" && l[0] != ' ' && l[0] != '\t' {
			flush(i)
			start = -1
			p.Repairs = append(p.Repairs, Repair{
				Line: at + i, What: fmt.Sprintf("%q is not read as %s: it is not clear what was meant", abridged(l), spoiled),
				Remedy: "begin the line with " + spoiled + ":",
			})
		}
	}
	flush(len(lines))
}

// spellsLower reports whether the block spells its main keys in lower case, as
// nearly all do; then a capitalised "Model:" is a line of text.
func spellsLower(lines []string) bool {
	for _, l := range lines {
		if key := keyOf(l); key == "name" || key == "description" {
			return true
		}
	}
	return false
}

// spoiledKey is the main key that a line seems to open but for something before
// it ("[cite_start]description: …"), or "".
func spoiledKey(line string) string {
	if keyOf(line) != "" {
		return ""
	}
	text := strings.ToLower(strings.TrimSpace(line))
	for _, key := range []string{"name", "description"} {
		i := strings.Index(text, key+":")
		if i > 0 && i <= 24 && !strings.ContainsAny(text[:i], " \t:") {
			return key
		}
	}
	return ""
}

func abridged(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

func (p *Page) readStretch(lines []string, at int) {
	if node, err := parseYAML(lines); err == nil && len(node.Content) == 2 {
		p.add(node.Content[0].Value, at, p.convert(node.Content[1], at))
		return
	}
	key := keyOf(lines[0])
	_, rest, _ := strings.Cut(lines[0], ":")
	rest = strings.TrimSpace(rest)
	if rest == "" && len(lines) > 1 {
		p.add(key, at, looseLines(lines[1:]))
		return
	}
	if strings.HasPrefix(rest, "|") || strings.HasPrefix(rest, ">") {
		rest = ""
	}
	text := strings.TrimSpace(rest + "\n" + strings.Join(lines[1:], "\n"))
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, `\n`, "\n") // a value exported from JSON
	}
	p.add(key, at, value{text: unquote(text)})
}

// looseLines reads items or pairs whose indentation YAML does not accept.
func looseLines(lines []string) value {
	var v value
	for _, l := range lines {
		text := strings.TrimSpace(l)
		if text == "" {
			continue
		}
		if item, ok := strings.CutPrefix(text, "- "); ok {
			v.list = append(v.list, unquote(strings.TrimSpace(item)))
		} else if key := keyOf(text); key != "" {
			_, val, _ := strings.Cut(text, ":")
			v.pairs = append(v.pairs, pair{key, unquote(strings.TrimSpace(val))})
		} else {
			v.text = strings.TrimSpace(v.text + "\n" + text)
		}
	}
	switch {
	case v.text != "":
		return value{text: v.text}
	case v.list != nil && v.pairs != nil:
		return value{text: strings.TrimSpace(strings.Join(lines, "\n"))}
	}
	return v
}

// unquote takes off a pair of quotes, or the one that was never closed.
func unquote(s string) string {
	if s == "" || s[0] != '"' && s[0] != '\'' {
		return s
	}
	quote := s[:1]
	inner := s[1:]
	if rest, ok := strings.CutSuffix(inner, quote); ok {
		inner = rest
	}
	if quote == `"` {
		return strings.ReplaceAll(inner, `\"`, `"`)
	}
	return strings.ReplaceAll(inner, "''", "'")
}
