package orchestration

import (
	"regexp"
	"strconv"
	"strings"
)

// Dialect is one of the two ways in which the protocol writes a handoff.
type Dialect int

// The dialects. Both are read; ProtocolText is what Baton writes.
const (
	ProtocolText Dialect = iota // "Decisions:", "Switching to: persona + skills"
	LongText                    // "Decisions made:", "Switching to Phase 2. Load … persona and … skill."
)

var headings = [...][3]string{
	ProtocolText: {"Decisions", "Artifacts", "Open items"},
	LongText:     {"Decisions made", "Artifacts created", "Open questions"},
}

// Text prints the handoff as the protocol writes it. What it prints,
// [ParseHandoff] reads back; the output of a step is not part of it.
func (h Handoff) Text(d Dialect) string {
	var b strings.Builder
	if h.Phase > 0 {
		b.WriteString("Phase " + itoa(h.Phase) + " complete.\n")
	}
	for i, list := range [][]string{h.Decisions, h.Artifacts, h.Open} {
		b.WriteString(headings[d][i] + ":")
		if len(list) == 0 {
			b.WriteString(" none")
		}
		for _, text := range list {
			b.WriteString("\n- " + text)
		}
		b.WriteString("\n")
	}
	b.WriteString(h.switching(d))
	return b.String()
}

func (h Handoff) switching(d Dialect) string {
	if h.Persona.IsZero() && len(h.Skills) == 0 {
		return ""
	}
	names := make([]string, len(h.Skills))
	for i, s := range h.Skills {
		names[i] = s.String()
	}
	skills := strings.Join(names, ", ")
	if d == ProtocolText {
		switch {
		case skills == "":
			return "Switching to: " + h.Persona.String() + "\n"
		case h.Persona.IsZero():
			return "Switching to: nobody + " + skills + "\n"
		}
		return "Switching to: " + h.Persona.String() + " + " + skills + "\n"
	}
	line := "Switching to the next phase. Load "
	if h.Phase > 0 {
		line = "Switching to Phase " + itoa(h.Phase+1) + ". Load "
	}
	persona := h.Persona.orNobody() + " persona"
	if skills == "" {
		return line + persona + ".\n"
	}
	return line + persona + " and " + skills + map[bool]string{true: " skill.\n", false: " skills.\n"}[len(names) == 1]
}

// The words of both dialects, anywhere in a text that may be one long line.
// "Switching to" without a colon counts only as the long dialect writes it.
var (
	headingRE = regexp.MustCompile(`(?i)(?:^|[\s.;*_#>-])(decisions(?: made)?|artifacts(?: created)?|artefacts(?: created)?|open (?:items?|questions?)|switching to)[*_]{0,2}\s*:[*_]{0,2}|(?:^|\s)switching to (?:the next phase|phase \d+)\.?`)
	phaseRE   = regexp.MustCompile(`(?i)^[\s*_#>-]*phase\s+(\d{1,3})(?:\s*[:(,–—-]\s*[^.\n]{0,80})?\s+(?:is\s+)?complete[d]?\b[.!*_]*`)
	loadRE    = regexp.MustCompile(`(?i)^\s*load\s+(?:the\s+)?(\S+)\s+persona(?:\s*(?:,|and|with|\+)\s*(.+?)\s+skills?)?\s*\.?\s*$`)
	skillsRE  = regexp.MustCompile(`(?i)^\s*load\s+(.+?)\s+skills?\s*\.?\s*$`)
)

// LooksLikeHandoff reports whether text opens as the protocol's handoff does,
// so that a pasted one can be told from talk.
func LooksLikeHandoff(text string) bool { return phaseRE.MatchString(text) }

// ParseHandoff reads a handoff in either dialect: lists as bullets, lines, or
// separated by semicolons. Text before the first heading is not part of it.
func ParseHandoff(text string) (Handoff, error) {
	var h Handoff
	if m := phaseRE.FindStringSubmatch(text); m != nil {
		h.Phase, _ = strconv.Atoi(m[1])
	}
	marks := headingRE.FindAllStringSubmatchIndex(text, -1)
	marks = ownHeadings(text, marks)
	if len(marks) == 0 {
		return h, Refuse("this handoff has no heading").Try("handoff decisions: …; … artifacts: … open items: …")
	}
	for i, m := range marks {
		end := len(text)
		if i+1 < len(marks) {
			end = marks[i+1][0]
		}
		body := text[m[1]:end]
		if m[2] < 0 {
			if err := h.readSwitch(body, true); err != nil {
				return h, err
			}
			continue
		}
		if err := h.readSection(strings.ToLower(text[m[2]:m[3]]), body); err != nil {
			return h, err
		}
	}
	return h, nil
}

// ownHeadings drops headings that stand inside a bullet: an item may talk of
// "decisions: …". In a text without bullets every heading counts.
func ownHeadings(text string, marks [][]int) [][]int {
	var out [][]int
	for _, m := range marks {
		start := strings.LastIndexByte(text[:m[1]], '\n') + 1
		line := strings.TrimLeft(text[start:m[1]], " \t")
		if bullet(line) != line && len(marks) > 0 && m[0] >= start {
			continue
		}
		out = append(out, m)
	}
	return out
}

func (h *Handoff) readSection(heading, body string) error {
	switch {
	case strings.HasPrefix(heading, "decisions"):
		h.Decisions = append(h.Decisions, SplitList(body)...)
	case strings.HasPrefix(heading, "art"):
		h.Artifacts = append(h.Artifacts, SplitList(body)...)
	case strings.HasPrefix(heading, "open"):
		h.Open = append(h.Open, SplitList(body)...)
	default:
		return h.readSwitch(body, false)
	}
	return nil
}

// readSwitch reads "persona + skill, skill" or "Load x persona and y skill."
func (h *Handoff) readSwitch(body string, long bool) error {
	body = strings.TrimSpace(body)
	persona, skills := "", ""
	if m := loadRE.FindStringSubmatch(body); m != nil {
		persona, skills = m[1], m[2]
	} else if m := skillsRE.FindStringSubmatch(body); m != nil {
		skills = m[1]
	} else if !long {
		persona, skills, _ = strings.Cut(strings.TrimRight(body, "."), "+")
	}
	if strings.EqualFold(strings.TrimSpace(persona), "end") {
		return nil
	}
	var err error
	if h.Persona, err = ParsePersonaName(strings.Trim(persona, " []`*")); err != nil {
		return err
	}
	for _, name := range strings.FieldsFunc(strings.ReplaceAll(skills, " and ", ","), func(r rune) bool { return r == ',' || r == '+' || r == '\n' }) {
		if name = strings.Trim(name, " []`*\t\r"); name == "" {
			continue
		}
		skill, err := ParseSkillName(name)
		if err != nil {
			return err
		}
		h.Skills = append(h.Skills, skill)
	}
	return nil
}

// SplitList reads a list as people type it: bulleted or plain lines, or parts
// separated by semicolons. "none" alone is the empty list.
func SplitList(body string) []string {
	var out []string
	lines := strings.Split(strings.TrimSpace(body), "\n")
	bulleted := false
	for _, line := range lines {
		line = strings.TrimSpace(line)
		if text := bullet(line); text != line {
			bulleted = true
			if text = strings.TrimSpace(text); text != "" {
				out = append(out, text)
			}
			continue
		}
		if bulleted && line != "" && len(out) > 0 {
			out[len(out)-1] += " " + line // a bullet wrapped onto the next line
			continue
		}
		for _, part := range strings.Split(line, ";") {
			if part = strings.TrimSpace(part); part != "" && !none(part) {
				out = append(out, part)
			}
		}
	}
	return out
}

// bullet takes a list mark off a line.
func bullet(line string) string {
	for _, mark := range []string{"- ", "* ", "• ", "– "} {
		if rest, ok := strings.CutPrefix(line, mark); ok {
			return rest
		}
	}
	if line == "-" || line == "*" {
		return ""
	}
	return line
}

func none(s string) bool {
	s = strings.ToLower(strings.TrimRight(s, "."))
	return s == "none" || s == "-" || s == "–" || s == "n/a" || s == "[list]"
}
