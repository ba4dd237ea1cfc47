// Package export writes a whole session on one page: Markdown in the protocol's
// format for people, JSON for programs. It reads only what it is given, writes
// the same page for the same session, and leaves out what is sealed now.
package export

import (
	"fmt"
	"strings"
	"time"

	"github.com/synthoperator/baton/orchestration"
)

// Page is a session with its log, ready to be written.
type Page struct {
	Session orchestration.Session
	Entries []orchestration.Entry // the session's log, in order
	Zone    *time.Location        // in which times are written; nil is UTC
	// InChat says that it is read where the session is: which thread that is goes
	// without its key.
	InChat bool
}

func (p Page) at(t time.Time) string {
	zone := p.Zone
	if zone == nil {
		zone = time.UTC
	}
	return t.In(zone).Format("2006-01-02 15:04 MST")
}

// Markdown is the page for people. Each handoff stands in it as the protocol
// writes it, so that an assistant can be given any of them as it is.
func (p Page) Markdown() string {
	var b strings.Builder
	s := p.Session
	starter, started := s.Starter()
	fmt.Fprintf(&b, "# %s: %s\n\n", line(s.Plan().Title()), line(s.Brief().Objective))
	fmt.Fprintf(&b, "- Pattern: %s (%s)\n- Started: %s by %s\n- Owner: %s\n- State: %s\n",
		s.Plan().Name(), s.Plan().Kind(), p.at(started), line(starter.Name()), line(s.Owner().Name()), s.State())
	p.brief(&b)
	p.plan(&b)
	for i := range s.Phases() {
		p.phase(&b, i)
	}
	p.open(&b)
	p.log(&b)
	return b.String()
}

func (p Page) brief(b *strings.Builder) {
	brief := p.Session.Brief()
	for _, list := range []struct {
		name  string
		texts []string
	}{{"Constraints", brief.Constraints}, {"Success criteria", brief.Success}} {
		if len(list.texts) > 0 {
			fmt.Fprintf(b, "- %s: %s\n", list.name, line(strings.Join(list.texts, "; ")))
		}
	}
	if brief.Background != "" {
		b.WriteString("\n## Brief\n\n" + fence("text", brief.Background))
	}
}

func (p Page) plan(b *strings.Builder) {
	b.WriteString("\n## Plan\n\n| Phase | Duration | Persona | Skills | Output | Outcome |\n|---|---|---|---|---|---|\n")
	s := p.Session
	for i, phase := range s.Phases() {
		outcome := string(s.Outcome(i))
		if outcome == "" && i == s.At() && s.State() != orchestration.EndedState {
			outcome = "open"
		}
		persona := phase.Persona.String()
		if persona == "" {
			persona = "–"
		}
		fmt.Fprintf(b, "| %d. %s | %s | %s | %s | %s | %s |\n", i+1, cell(phase.Name), duration(phase.Days), cell(persona),
			cell(skillNames(phase.Skills)), cell(strings.Join(phase.Deliverables, ", ")), outcome)
	}
}

// phase is what happened in one phase: who thought with what, what was
// recorded, the handoff.
func (p Page) phase(b *strings.Builder, i int) {
	s := p.Session
	var items []orchestration.Item
	for _, item := range s.Items() {
		if item.Phase == i {
			items = append(items, item)
		}
	}
	visits := p.visits(i)
	if len(visits) == 0 && len(items) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## %d. %s\n\n", i+1, line(s.Phases()[i].Name))
	for _, v := range visits {
		fmt.Fprintf(b, "- %s\n", line(v))
	}
	if len(items) > 0 {
		b.WriteString("\n")
	}
	for _, item := range items {
		reason := ""
		if item.Because != "" {
			reason = ", because " + line(item.Because)
		}
		fmt.Fprintf(b, "- #%d %s: %s%s – %s%s\n", item.ID, item.Kind, line(item.Text), reason, line(item.By.String()), p.fate(item))
	}
	p.tasks(b, i)
	for _, h := range s.Handoffs() {
		if h.Index != i {
			continue
		}
		fmt.Fprintf(b, "\nHanded off by %s, %s:\n\n%s", line(h.By.String()), p.at(h.At), fence("text", strings.TrimRight(h.Text(orchestration.ProtocolText), "\n")))
		if h.Output != "" {
			b.WriteString("\nOutput:\n\n" + fence("markdown", h.Output))
		}
	}
}

// tasks are the work that was asked for in a phase, with its reports.
func (p Page) tasks(b *strings.Builder, phase int) {
	for _, t := range p.Session.Tasks() {
		if t.Phase != phase {
			continue
		}
		fmt.Fprintf(b, "\nTask #%d (%s), asked for by %s: %s\n", t.ID, t.State, line(t.By.Name()), line(t.Brief))
		if t.Report != "" {
			via := ""
			if t.Via != "" {
				via = " via " + line(t.Via)
			}
			fmt.Fprintf(b, "\nReport by %s%s, %s:\n\n%s", line(t.DoneBy.String()), via, p.at(t.DoneAt), fence("markdown", t.Report))
		}
	}
}

// visits are the lines of the log that say who thought with what in a phase.
func (p Page) visits(phase int) []string {
	var out []string
	at := -1
	for _, e := range p.Entries {
		for _, event := range e.Events() {
			if entered, ok := event.(orchestration.PhaseEntered); ok {
				at = entered.Phase
				if at == phase {
					out = append(out, fmt.Sprintf("%s: entered as %s with %s", p.at(e.At), entered.Persona, pinned(entered.Skills)))
				}
				continue
			}
			if at != phase || p.Session.Hides(e) {
				continue
			}
			switch event := event.(type) {
			case orchestration.PersonaSwitched:
				out = append(out, fmt.Sprintf("%s: %s switched to %s%s", p.at(e.At), e.By(), event.Persona, why(e)))
			case orchestration.SkillLoaded:
				out = append(out, fmt.Sprintf("%s: %s loaded %s%s", p.at(e.At), e.By(), event.Skill, why(e)))
			case orchestration.Undone:
				out = append(out, fmt.Sprintf("%s: %s took back entry %d%s", p.at(e.At), e.By(), event.Seq, why(e)))
			case orchestration.SkillUnloaded:
				out = append(out, fmt.Sprintf("%s: %s unloaded %s%s", p.at(e.At), e.By(), event.Skill.Name.Last(), why(e)))
			}
		}
	}
	return out
}

func (p Page) fate(item orchestration.Item) string {
	text := ""
	if !item.Owner.IsZero() {
		text += " → " + line(item.Owner.Name())
	}
	switch item.State {
	case orchestration.Resolved:
		text += " (resolved by " + line(item.Settled) + ")"
	case orchestration.Superseded:
		text += fmt.Sprintf(" (replaced by #%d)", item.Replaced)
	case orchestration.Withdrawn:
		text += " (taken back)"
	}
	if item.Link != "" {
		text += " [source](" + strings.NewReplacer(" ", "%20", ")", "%29", "<", "%3C", ">", "%3E").Replace(item.Link) + ")"
	}
	return text
}

func (p Page) open(b *strings.Builder) {
	items := p.Session.Open()
	if len(items) == 0 {
		return
	}
	b.WriteString("\n## Still open\n\n")
	for _, item := range items {
		fmt.Fprintf(b, "- #%d %s%s\n", item.ID, line(item.Text), p.fate(item))
	}
}

func (p Page) log(b *strings.Builder) {
	b.WriteString("\n## Log\n\n")
	for _, text := range p.Lines(-1, 0) {
		b.WriteString(line(text) + "\n")
	}
}

// Lines is the log a line each: number, time, who, what, why. phase (counted
// from 0) keeps what happened while that phase was open; -1 keeps all. Only
// what came after the number since is told.
func (p Page) Lines(phase int, since uint64) []string {
	var out []string
	at := -1
	for _, e := range p.Entries {
		here := at == phase
		for _, event := range e.Events() {
			if entered, ok := event.(orchestration.PhaseEntered); ok {
				at = entered.Phase
				here = here || at == phase
			}
		}
		text := p.told(e)
		if text == "" || e.Seq <= since || phase >= 0 && !here {
			continue
		}
		reason := why(e)
		if p.Session.Hides(e) {
			reason = ""
		}
		out = append(out, fmt.Sprintf("%d. %s %s %s%s", e.Seq, p.at(e.At), e.By(), text, reason))
	}
	return out
}

// told is what a decision did, in words; of one that is sealed now, only that
// it was made.
func (p Page) told(e orchestration.Entry) string {
	if p.Session.Hides(e) {
		return "decided something that is sealed until the decision"
	}
	text := orchestration.Describe(e.Decision)
	for _, event := range e.Events() {
		if bound, ok := event.(orchestration.Bound); ok && p.InChat {
			text = strings.Replace(text, "bound to "+string(bound.Thread), "opened its thread", 1)
		}
	}
	return text
}

func why(e orchestration.Entry) string {
	if e.Because() == "" {
		return ""
	}
	return ", because " + e.Because()
}

func pinned(skills []orchestration.Skill) string {
	if len(skills) == 0 {
		return "no skills"
	}
	names := make([]string, len(skills))
	for i, s := range skills {
		names[i] = s.String()
	}
	return strings.Join(names, ", ")
}

func skillNames(names []orchestration.SkillName) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = n.Last()
	}
	return strings.Join(out, ", ")
}

func duration(days int) string {
	switch {
	case days == 0:
		return "–"
	case days == 7:
		return "1 week"
	case days%7 == 0:
		return fmt.Sprintf("%d weeks", days/7)
	case days == 1:
		return "1 day"
	}
	return fmt.Sprintf("%d days", days)
}

// line keeps what people wrote from being read as Markdown's structure.
func line(s string) string {
	return strings.NewReplacer("\n", " ", "<", "&lt;", "`", "'").Replace(s)
}

func cell(s string) string { return strings.ReplaceAll(line(s), "|", "\\|") }

// fence quotes a document; the fence is longer than any in it.
func fence(kind, text string) string {
	mark := "```"
	for strings.Contains(text, mark) {
		mark += "`"
	}
	return mark + kind + "\n" + text + "\n" + mark + "\n"
}
