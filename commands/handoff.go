package commands

import (
	"fmt"
	"strings"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

type handoffArgs struct {
	Action    string   `pos:"keyword" choices:"accept,redo,skip" help:"only in a skill-chain: accept the step's output, redo it, or skip it"`
	Decisions []string `alias:"decision,decisions made" help:"what is settled, separated by semicolons"`
	Artifacts []string `alias:"artifact,artefacts,artifacts created" help:"what was made, separated by semicolons"`
	Open      []string `alias:"open items,open item,open questions" help:"what the next phase has to settle, separated by semicolons"`
	To        string   `alias:"switching to,next" help:"persona + skills of the next phase, if not as planned"`
	Output    string   `kind:"text" help:"the document this step passes on"`
	Phase     int      `help:"the phase this hands off, as a check"`
	Whole     bool     `kind:"yes" help:"the lists are the whole handoff: what was recorded and is not in them stays behind"`
	Known     int      `help:"with whole: the newest number that was known; later items are not left behind"`
}

func handoff() Command {
	return declare(about{
		Name: "handoff", Help: "Close the open phase and pass its decisions on",
		Example: "handoff decisions: Postgres; magic links artifacts: ADR-1 open: pricing",
		Form:    "Hand off", Natural: handoffText, Verbatim: acceptText, Fill: handoffForm,
	}, doHandoff)
}

// acceptText reads "accept: the output". The output is taken whole, whatever
// words are in it.
func acceptText(text string) (map[string]string, bool) {
	rest, ok := cutPrefixFold(text, "accept:")
	return map[string]string{"action": "accept", "output": rest}, ok
}

// handoffText reads a pasted handoff in either of the protocol's dialects.
func handoffText(text string) (map[string]string, bool) {
	if !orchestration.LooksLikeHandoff(text) {
		return nil, false
	}
	h, err := orchestration.ParseHandoff(text)
	if err != nil {
		return nil, false
	}
	values := map[string]string{
		"decisions": bulleted(h.Decisions), "artifacts": bulleted(h.Artifacts), "open": bulleted(h.Open),
		"phase": fmt.Sprint(h.Phase), "to": switchText(h),
	}
	return values, true
}

func cutPrefixFold(s, prefix string) (string, bool) {
	s = strings.TrimSpace(s)
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return strings.TrimSpace(s[len(prefix):]), true
	}
	return s, false
}

func bulleted(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return "- " + strings.Join(list, "\n- ")
}

// switchText is a handoff's last line as the "to" option takes it.
func switchText(h orchestration.Handoff) string {
	names := make([]string, len(h.Skills))
	for i, s := range h.Skills {
		names[i] = s.String()
	}
	switch {
	case len(names) == 0:
		return h.Persona.String()
	case h.Persona.IsZero():
		return "+ " + strings.Join(names, ", ")
	}
	return h.Persona.String() + " + " + strings.Join(names, ", ")
}

// handoffLabels are what people call the parts of a handoff.
var handoffLabels = map[string]string{"open": "Open items", "to": "Who is next"}

// handoffForm is the form with everything that was recorded already in it.
func handoffForm(t *turn) (chat.Form, error) {
	s, err := t.session()
	if err != nil {
		return chat.Form{}, err
	}
	d := s.Draft()
	values := map[string]string{
		"decisions": bulleted(d.Decisions), "artifacts": bulleted(d.Artifacts), "open": bulleted(d.Open), "to": switchText(d),
	}
	f := chat.Form{Title: "Hand off: " + s.phaseName(s.At()), Submit: "Sign", Args: map[string]string{
		"whole": "yes", "phase": fmt.Sprint(d.Phase), "known": fmt.Sprint(s.Newest()), inSession: fmt.Sprint(s.number),
	}}
	for _, o := range t.cmd.spec.Options {
		switch o.Name {
		case "action", "phase", "whole", "known":
			continue
		case "output":
			if k := s.Plan().Kind(); k != orchestration.SkillChainKind && k != orchestration.MultiAgentHandoffKind {
				continue
			}
		}
		f.Inputs = append(f.Inputs, chat.Input{Option: o, Label: handoffLabels[o.Name], Value: values[o.Name]})
	}
	return f, nil
}

func doHandoff(t *turn, a handoffArgs) (chat.Message, error) {
	p, notes, err := t.pass(a)
	if err != nil {
		return chat.Message{}, err
	}
	if (a.Action == "redo" || a.Action == "skip") && (!p.Empty() || len(p.Open) > 0 || a.To != "") {
		return chat.Message{}, orchestration.Refuse("`handoff %s` passes nothing on: it takes only a reason", a.Action).
			Try("handoff "+a.Action+" because …", "handoff accept: …")
	}
	notes = append(notes, strayLines(t.call.Text, p.Handoff)...)
	res, err := t.decide(func(s orchestration.Session, in orchestration.Room) (orchestration.Decision, error) {
		switch a.Action {
		case "redo":
			return s.RedoStep(t.by, in, t.because)
		case "skip":
			return s.SkipStep(t.by, in, t.because)
		case "accept":
			if k := s.Plan().Kind(); k != orchestration.SkillChainKind && k != "" {
				return orchestration.Decision{}, orchestration.Refuse("only a step of a skill-chain is accepted; this phase is handed off").Try("handoff")
			}
		}
		return s.HandOff(t.by, in, p)
	})
	if err != nil {
		return chat.Message{}, err
	}
	return withNotes(t.handedOff(res, a), notes...), nil
}

// pass reads the arguments as the rules take them.
func (t *turn) pass(a handoffArgs) (orchestration.Pass, []string, error) {
	p := orchestration.Pass{Exact: a.Whole, Known: a.Known, Because: t.because}
	p.Phase, p.Decisions, p.Artifacts, p.Open, p.Output = a.Phase, a.Decisions, a.Artifacts, a.Open, a.Output
	if a.To == "" {
		return p, nil, nil
	}
	who, _, _ := strings.Cut(a.To, "+")
	who = strings.ToLower(strings.TrimSpace(who))
	p.Nobody = who == "nobody" || who == "none"
	h, err := orchestration.ParseHandoff("Switching to: " + a.To)
	if err != nil {
		return p, nil, err
	}
	var notes []string
	if !h.Persona.IsZero() {
		name, note, err := t.personaName(h.Persona.String())
		if err != nil {
			return p, nil, err
		}
		p.Persona, notes = name, appendNote(notes, note)
	}
	for _, skill := range h.Skills {
		names, more, err := t.skillNames([]string{skill.String()})
		if err != nil {
			return p, nil, err
		}
		p.Skills, notes = append(p.Skills, names...), append(notes, more...)
	}
	return p, notes, nil
}

func (t *turn) handedOff(res state.Result, a handoffArgs) chat.Message {
	s, before := t.after(res), t.before(res)
	phase, _ := before.Phase()
	reason := becauseOf(res.Entry.Because())
	switch a.Action {
	case "redo":
		return say(fmt.Sprintf("%s is done again%s. %s", phase.Name, reason, s.standing()))
	case "skip":
		return say(fmt.Sprintf("%s is skipped%s. %s", phase.Name, reason, s.standing()))
	}
	h := lastPassed(res.Entry.Events())
	var m chat.Message
	if len(h.Decisions)+len(h.Artifacts)+len(h.Open) > 0 {
		m.Blocks = append(m.Blocks, chat.Code(strings.TrimRight(h.Text(orchestration.ProtocolText), "\n")))
	}
	if h.Output != "" {
		m.Blocks = append(m.Blocks, chat.Paragraph(fmt.Sprintf("%s passes on (%s tokens): %s", phase.Name, thousands(tokens(h.Output)), short(firstLine(h.Output), 200))))
	}
	if missing := undelivered(phase, h); missing != "" && h.Output == "" && phase.Part == orchestration.NoPart {
		m.Blocks = append(m.Blocks, chat.Remark("The plan also expected: "+missing+"."))
	}
	if s.State() == orchestration.EndedState {
		m.Blocks = append(m.Blocks, chat.Paragraph(fmt.Sprintf("%s is complete%s. `export` has all of it on one page.", s.Plan().Title(), reason)))
		return m
	}
	m.Blocks = append(m.Blocks, chat.Paragraph(s.standing()+reasonSentence(reason)))
	if carried := s.Carried(); len(carried) > 0 {
		m.Blocks = append(m.Blocks, chat.Remark("Carried over: "+carriedText(carried)+"."))
	}
	if n := s.SealedReviews(); n > 0 {
		m.Blocks = append(m.Blocks, chat.Remark(plural(n, "review is", "reviews are")+" sealed until the decision."))
	}
	return m
}

func reasonSentence(reason string) string {
	if reason == "" {
		return ""
	}
	return " " + upperFirst(strings.TrimPrefix(reason, ", ")) + "."
}

func lastPassed(events []orchestration.Event) orchestration.Handoff {
	for _, e := range events {
		if h, ok := e.(orchestration.HandedOff); ok {
			return h.Handoff
		}
	}
	return orchestration.Handoff{}
}

// undelivered are the planned deliverables that no artifact mentions: a nudge,
// not a rule.
func undelivered(phase orchestration.Phase, h orchestration.Handoff) string {
	var missing []string
	made := strings.ToLower(strings.Join(h.Artifacts, "\n") + "\n" + strings.Join(h.Decisions, "\n"))
	for _, d := range phase.Deliverables {
		if !strings.Contains(made, strings.ToLower(d)) {
			missing = append(missing, d)
		}
	}
	return strings.Join(missing, ", ")
}

func carriedText(items []orchestration.Item) string {
	parts := make([]string, 0, 6)
	for i, item := range items {
		if i == 5 {
			parts = append(parts, fmt.Sprintf("and %d more", len(items)-5))
			break
		}
		text := short(item.Text, 80)
		if item.Kind == orchestration.OpenItem {
			text += " (open)"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "; ")
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
