package orchestration

import (
	"regexp"
	"strconv"
	"strings"
)

// The words of both dialects. A heading stands at the start of a line, with a
// colon or set off by Markdown, or within a line that holds several of them.
const (
	headingWords = `(decisions(?: made)?|art[ei]facts?(?: created)?|open (?:items?|questions?)|switching to)`
	lineWords    = `(decisions(?: made)?|art[ei]facts?(?: created)?|open(?: (?:items?|questions?))?|switching to)` // "open:" alone is one only at the start of a line
)

var (
	phaseRE   = regexp.MustCompile(`(?i)^[\s*_#]*phase\s+(\d{1,3})(?:\s*[:(,–—-]\s*[^.\n]{0,80})?\s+(?:is\s+)?completed?\b[.!*_]*`)
	lineRE    = regexp.MustCompile(`(?i)^(?:#{1,6}\s+)?[*_]{0,3}` + lineWords + `[*_]{0,3}\s*:[*_]{0,3}`)
	titleRE   = regexp.MustCompile(`(?i)^(?:#{1,6}\s+[*_]{0,3}|[*_]{2,3})` + headingWords + `[*_]{0,3}$`)
	inlineRE  = regexp.MustCompile(`(?i)(?:^|[\s.;,\])])[*_]{0,3}` + headingWords + `[*_]{0,3}\s*:[*_]{0,3}`)
	switchRE  = regexp.MustCompile(`(?i)(?:^|[\s.;*_])switching to (?:the next phase|phase \d+)(?:\s*[:(–—-][^.\n]{0,80}?)?[\s.:,*_)]*(load\b|$)`)
	foreignRE = regexp.MustCompile(`^#{1,6}\s+\S`)
	bareRE    = regexp.MustCompile(`(?i)^switching to ([\pL\d_./:-]+(?:\s*\+\s*[\pL\d_./:-]+(?:,\s*[\pL\d_./:-]+)*)?)\.?$`)
	toPhaseRE = regexp.MustCompile(`(?i)^phase \d+[\s.:,]*`)
	plainRE   = regexp.MustCompile(`^\S+(?: \+ \S+(?:, \S+)*)?$`)
	loadRE    = regexp.MustCompile(`(?i)^load\s+(?:the\s+)?(.+?)\s+persona(?:[\s.,+]+(?:and\s+|with\s+)?(?:load\s+)?(?:the\s+)?(.+?)\s+skills?)?[\s.]*$`)
	skillsRE  = regexp.MustCompile(`(?i)^load\s+(?:the\s+)?(.+?)\s+skills?[\s.]*$`)
)

// LooksLikeHandoff reports whether text opens as the protocol's handoff does,
// so that a pasted one can be told from talk.
func LooksLikeHandoff(text string) bool { return phaseRE.MatchString(unwrapped(text)) }

// ParseHandoff reads a handoff in either dialect: lists as bullets, lines, or
// separated by semicolons. What stands before the first heading, or below a
// heading of another kind, is not part of it.
func ParseHandoff(text string) (Handoff, error) {
	text = unwrapped(text)
	h := Handoff{Phase: handedPhase(text)}
	marks := findHeadings(text, true)
	if len(marks) == 0 {
		return h, Refuse("this handoff has no heading").Try("handoff decisions: …; … artifacts: … open items: …")
	}
	for i, m := range marks {
		if err := h.read(m.kind, section(text, marks, i)); err != nil {
			return h, err
		}
	}
	return h, nil
}

// readReport reads what a report lists under headings of their own lines. A
// report is prose: within a line the same words are no headings, unless all of
// it is a handoff; whom to switch to is not for a report to say.
func readReport(text string) Handoff {
	text = unwrapped(text)
	marks := findHeadings(text, phaseRE.MatchString(text))
	var h Handoff
	for i, m := range marks {
		body := section(text, marks, i)
		if !phaseRE.MatchString(text) {
			body = listOnly(body)
		}
		if m.kind != switching && m.kind != foreign {
			_ = h.read(m.kind, body) // lists have no errors
		}
	}
	return h
}

// listOnly is a body up to the prose that follows its list.
func listOnly(body string) string {
	lines := strings.SplitAfter(strings.TrimLeft(body, "\n "), "\n")
	gap, bulleted := false, false
	for i, line := range lines {
		loose := bulleted && startsAnew(line)
		line = strings.TrimSpace(line)
		_, marked := bullet(line)
		if i > 0 && (gap || loose) && line != "" && !marked || strings.HasPrefix(line, "```") {
			return strings.Join(lines[:i], "")
		}
		gap, bulleted = line == "", bulleted || marked
	}
	return body
}

func handedPhase(text string) int {
	m := phaseRE.FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1]) // at most three digits
	return n
}

// unwrapped is a pasted text without the code fence or the quotation marks
// around the whole of it.
func unwrapped(text string) string {
	text = strings.TrimSpace(unixLines(text))
	if rest, ok := strings.CutPrefix(text, "```"); ok && strings.HasSuffix(rest, "```") && strings.Count(rest, "```") == 1 {
		first, more, _ := strings.Cut(strings.TrimSuffix(rest, "```"), "\n")
		if strings.ContainsAny(first, " :") { // no language, but the first line itself
			more = first + "\n" + more
		}
		text = strings.TrimSpace(more)
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		rest, quoted := strings.CutPrefix(line, ">")
		if !quoted && strings.TrimSpace(line) != "" {
			return text
		}
		lines[i] = strings.TrimPrefix(rest, " ")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

type headingKind int

const (
	foreign headingKind = iota // some other heading: it ends the list before it
	decisions
	artifacts
	openItems
	switching
)

func kindOf(words string) headingKind {
	switch words = strings.ToLower(words); words[0] {
	case 'd':
		return decisions
	case 'a':
		return artifacts
	case 'o':
		return openItems
	}
	return switching
}

// heading is where a section's heading begins, and where its body does.
type heading struct {
	start, body int
	kind        headingKind
	inline      bool // it follows something else on its line
}

// section is the body of a heading: up to the next one.
func section(text string, marks []heading, i int) string {
	end, trim := len(text), false
	if i+1 < len(marks) {
		end, trim = marks[i+1].start, marks[i+1].inline
	}
	body := strings.TrimSpace(text[marks[i].body:end])
	if trim { // the full stop was the sentence's, not the item's
		body = strings.TrimRight(body, ".;, ")
	}
	return body
}

// findHeadings finds the headings of a text in order. A bulleted line holds an
// item, whatever its words, unless the text has no other headings.
func findHeadings(text string, withinLines bool) []heading {
	if marks := scan(text, withinLines, false); len(marks) > 0 {
		return marks
	}
	return scan(text, withinLines, true)
}

func scan(text string, withinLines, bulleted bool) []heading {
	l := scanner{withinLines: withinLines}
	fenced := false
	at := 0
	for line := range strings.SplitAfterSeq(text, "\n") {
		start := at
		at += len(line)
		body := strings.TrimLeft(line, " \t")
		start += len(line) - len(body)
		body = strings.TrimRight(body, " \t\n")
		if !withinLines && strings.HasPrefix(body, "```") {
			fenced = !fenced
		}
		if item, marked := bullet(body); marked {
			if !bulleted {
				continue
			}
			start += len(body) - len(item)
			body = item
		}
		if !fenced {
			l.last = at == len(text)
			l.line(body, start)
		}
	}
	if l.seen == ([len(l.seen)]bool{}) {
		return nil
	}
	return l.found
}

// scanner collects headings. Within a line a heading counts once: after that
// its words are an item's.
type scanner struct {
	withinLines bool
	last        bool // no line follows
	found       []heading
	seen        [switching + 1]bool
}

func (l *scanner) add(kind headingKind, start, body int, inline bool) {
	l.found = append(l.found, heading{start, body, kind, inline})
	if kind != foreign {
		l.seen[kind] = true
	}
}

// line adds the headings of one line, which begins at an offset of the text.
func (l *scanner) line(line string, start int) {
	rest := 0
	if m := lineRE.FindStringSubmatchIndex(line); m != nil {
		l.add(kindOf(line[m[2]:m[3]]), start, start+m[1], false)
		rest = m[1]
	} else if m := titleRE.FindStringSubmatchIndex(line); m != nil {
		l.add(kindOf(line[m[2]:m[3]]), start, start+len(line), false)
		return
	} else if m := bareRE.FindStringSubmatchIndex(line); m != nil && l.withinLines && !l.seen[switching] &&
		(l.last || strings.Contains(line, "+")) { // else it may be something that was decided
		l.add(switching, start, start+m[2], false)
		return
	} else if foreignRE.MatchString(line) && !phaseRE.MatchString(line) {
		l.add(foreign, start, start+len(line), false)
		return
	}
	m := switchRE.FindStringSubmatchIndex(line[rest:])
	if m == nil || !l.withinLines && m[0] > 0 {
		l.inline(line, rest, start)
		return
	}
	l.inline(line[:rest+m[0]], rest, start)
	l.add(switching, start+rest+m[0], start+rest+m[2], rest+m[0] > 0)
}

// inline adds the headings within a line from an offset of it on.
func (l *scanner) inline(line string, from, start int) {
	for l.withinLines && from < len(line) {
		m := inlineRE.FindStringSubmatchIndex(line[from:])
		if m == nil {
			return
		}
		if kind := kindOf(line[from+m[2] : from+m[3]]); !l.seen[kind] {
			l.add(kind, start+from+m[0], start+from+m[1], true)
		}
		from += m[1]
	}
}

// read adds a section to the handoff.
func (h *Handoff) read(kind headingKind, body string) error {
	switch kind {
	case decisions:
		h.Decisions = append(h.Decisions, SplitList(body)...)
	case artifacts:
		h.Artifacts = append(h.Artifacts, SplitList(body)...)
	case openItems:
		h.Open = append(h.Open, SplitList(body)...)
	case switching:
		return h.readSwitch(body)
	}
	return nil
}

// readSwitch reads "persona + skill, skill" and "Load x persona and y skill.",
// the two ways of saying who is next.
func (h *Handoff) readSwitch(body string) error {
	line := switchLine(body)
	if !plainRE.MatchString(line) {
		line = toPhaseRE.ReplaceAllString(line, "")
	}
	var persona, skills string
	if m := loadRE.FindStringSubmatch(line); m != nil && !plainRE.MatchString(line) {
		persona, skills = m[1], m[2]
	} else if m := skillsRE.FindStringSubmatch(line); m != nil && !plainRE.MatchString(line) {
		skills = m[1]
	} else {
		persona, skills, _ = strings.Cut(line, "+")
	}
	switch persona = strings.TrimSpace(persona); strings.ToLower(persona) {
	case "[persona]", "end", "end.":
		persona = ""
	}
	name, err := ParsePersonaName(strings.Trim(persona, " []`*"))
	if err != nil {
		return err
	}
	names, err := readSkills(skills)
	if err != nil {
		return err
	}
	if !name.IsZero() || len(names) > 0 { // else an empty line says nothing new
		h.Persona, h.Skills = name, names
	}
	return nil
}

// switchLine is the first paragraph of a "Switching to" section on one line:
// bullets belong to it, prose below does not.
func switchLine(body string) string {
	line := ""
	for next := range strings.SplitSeq(body, "\n") {
		next, marked := bullet(strings.TrimSpace(next))
		switch {
		case line == "":
			line = next
		case strings.HasSuffix(line, "+") || strings.HasSuffix(line, ",") || strings.HasPrefix(next, "+"):
			line += " " + next
		case marked || strings.HasPrefix(strings.ToLower(next), "load "):
			line += ", " + next
		default:
			return line
		}
	}
	return line
}

func readSkills(text string) ([]SkillName, error) {
	var out []SkillName
	text = strings.ReplaceAll(text, " and ", ",")
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == '+' || r == ';' }) {
		switch part = strings.TrimSpace(part); strings.ToLower(part) {
		case "", "[skills]", "none", "no skills":
			continue
		}
		if part = strings.Trim(part, " []`*"); part == "" {
			continue
		}
		name, err := ParseSkillName(part)
		if err != nil {
			return nil, err
		}
		out = append(out, name)
	}
	return out, nil
}
