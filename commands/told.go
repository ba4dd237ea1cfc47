package commands

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// Told is what a decision did, for a whole channel: short, and without a word
// of what was said in the thread. In another channel than the session's own it
// says which session is meant.
func (r *Router) Told(ctx context.Context, id state.SessionID, e orchestration.Entry, to chat.Thread) (chat.Message, error) {
	s, err := r.speaking(ctx, id)
	if err != nil {
		return chat.Message{}, err
	}
	text := s.told(e)
	lead := fmt.Sprintf("Session %d: ", s.number)
	m := chat.Message{}
	if to.Parent().Key() != string(s.Channel()) {
		m.Title = short(s.Plan().Title()+": "+s.Brief().Objective, 120)
		lead = ""
	}
	m.Blocks = []chat.Block{chat.Paragraph(lead + text)}
	m.Short = lead + firstLine(text)
	if m.Title != "" {
		m.Short = short(s.Brief().Objective, 60) + ": " + firstLine(text)
	}
	return m, nil
}

// told is a decision as a channel hears of it.
func (s shown) told(e orchestration.Entry) string {
	var did, now string
	for _, event := range e.Events() {
		switch event := event.(type) {
		case orchestration.Started:
			did = fmt.Sprintf("%s started it%s.", e.By(), becauseOf(e.Because()))
		case orchestration.PhaseEntered:
			now = s.entered(event)
		case orchestration.PhaseReopened:
			now = fmt.Sprintf("%s is open again.", s.phaseName(event.Phase))
		case orchestration.HandedOff:
			did = fmt.Sprintf("%s is done: %s handed off %s.", s.phaseName(event.Phase), e.By(), handedOn(event.Handoff))
		case orchestration.Overridden:
			if event.What == orchestration.OverrideHandoff {
				did = fmt.Sprintf("%s closed %s without a handoff%s.", e.By(), event.From, becauseOf(e.Because()))
				continue
			}
			did = fmt.Sprintf("%s overrode the %s, from %s to %s%s.", e.By(), event.What, event.From, event.To, becauseOf(e.Because()))
		case orchestration.Paused:
			did = fmt.Sprintf("%s paused it%s.", e.By(), becauseOf(e.Because()))
		case orchestration.Resumed:
			did = fmt.Sprintf("%s goes on with it%s.", e.By(), becauseOf(e.Because()))
			if !event.Due.IsZero() {
				now = fmt.Sprintf("%s is due %s.", s.phaseName(s.At()), date(event.Due.In(s.in.Zone())))
			}
		case orchestration.Ended:
			if now = "The session has ended."; did == "" {
				did, now = fmt.Sprintf("%s ended the session%s.", e.By(), becauseOf(e.Because())), ""
			}
		case orchestration.Reopened:
			did = fmt.Sprintf("%s opened it again%s.", e.By(), becauseOf(e.Because()))
		case orchestration.Undone:
			did = fmt.Sprintf("%s took this back%s: %s.", e.By(), becauseOf(e.Because()), recordedRE.ReplaceAllString(event.What, ""))
		case orchestration.Announced:
			return fmt.Sprintf("%s announces: %s", e.By(), event.Text)
		}
	}
	if did == "" && now == "" {
		did = stopped(fmt.Sprintf("%s %s%s", e.By(), orchestration.Describe(e.Decision), becauseOf(e.Because())))
	}
	return strings.TrimSpace(did + " " + now)
}

// recordedRE is what a decision recorded beside its move: that stays when the
// move is taken back.
var recordedRE = regexp.MustCompile(`recorded \w+ #\d+ "(?:[^"\\]|\\.)*"(?: for [^,]+)?, `)

// entered is a phase that has begun.
func (s shown) entered(e orchestration.PhaseEntered) string {
	text := s.nth(e.Phase, orchestration.Phase{Name: s.phaseName(e.Phase)})
	if !e.Persona.Name.IsZero() {
		text += ", as " + e.Persona.Name.Last()
	}
	if len(e.Skills) > 0 {
		text += ", with " + skillNames(e.Skills)
	}
	text += "."
	if !e.Due.IsZero() {
		text += " Due " + date(e.Due.In(s.in.Zone())) + "."
	}
	return text
}

func (s shown) phaseName(i int) string {
	if i < 0 || i >= len(s.Phases()) {
		return fmt.Sprintf("phase %d", i+1)
	}
	return s.Phases()[i].Name
}

// handedOn counts what a handoff passes on.
func handedOn(h orchestration.Handoff) string {
	var parts []string
	for _, list := range []struct {
		n         int
		one, many string
	}{{len(h.Decisions), "decision", "decisions"}, {len(h.Artifacts), "artifact", "artifacts"}, {len(h.Open), "open item", "open items"}} {
		if list.n > 0 {
			parts = append(parts, plural(list.n, list.one, list.many))
		}
	}
	if h.Output != "" && len(parts) == 0 {
		return "the output"
	}
	return strings.Join(parts, ", ")
}
