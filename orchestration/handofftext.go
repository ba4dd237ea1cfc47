package orchestration

import "strings"

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

// switching is the last line, or "" where nothing follows.
func (h Handoff) switching(d Dialect) string {
	if h.Persona.IsZero() && len(h.Skills) == 0 {
		return ""
	}
	names := make([]string, len(h.Skills))
	for i, s := range h.Skills {
		names[i] = s.String()
	}
	persona, skills := h.Persona.orNobody(), strings.Join(names, ", ")
	if d == ProtocolText {
		if skills != "" {
			skills = " + " + skills
		}
		return "Switching to: " + persona + skills + "\n"
	}
	line := "Switching to the next phase. Load " + persona + " persona"
	if h.Phase > 0 {
		line = "Switching to Phase " + itoa(h.Phase+1) + ". Load " + persona + " persona"
	}
	switch len(names) {
	case 0:
		return line + ".\n"
	case 1:
		return line + " and " + skills + " skill.\n"
	}
	return line + " and " + skills + " skills.\n"
}
