package commands

import (
	"context"
	"fmt"
	"strings"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// Nudge is what a session's thread is told in time: reminders that somebody
// set, and what waits for people. What was seen to meanwhile is left out, and
// where that is all of it, nothing is said.
func (r *Router) Nudge(ctx context.Context, id state.SessionID, n orchestration.Nudge) (chat.Message, error) {
	s, err := r.speaking(ctx, id)
	if err != nil {
		return chat.Message{}, err
	}
	w := &nudging{shown: s, late: n.Late, ended: n.Ended}
	for _, number := range n.Reminders {
		w.remind(number)
	}
	for _, c := range n.Concerns {
		if s.Stands(c) {
			w.concern(c)
		}
	}
	return w.message(), nil
}

// nudging is a nudge while it is put into words.
type nudging struct {
	shown
	late    bool
	ended   bool
	lines   []string
	briefs  []string // the same in a few words each
	to      []orchestration.Human
	unowned []string // numbers of open items nobody sees to
	buttons []chat.Button
}

// mostNudges is how many lines a nudge has.
const mostNudges = 20

// remind adds a reminder, in the words of whoever set it.
func (w *nudging) remind(number int) {
	for _, r := range w.Reminders() {
		if r.ID != number {
			continue
		}
		when := ""
		if w.late || w.ended {
			when = ", for " + moment(r.At, w.in.Zone())
		}
		w.add(fmt.Sprintf("Reminder #%d by %s%s: %s", r.ID, r.By, when, r.Text), short(r.Text, 60))
		if by, ok := r.By.(orchestration.Human); ok {
			w.to = append(w.to, by)
		}
	}
}

func (w *nudging) add(line, brief string) {
	w.lines, w.briefs = append(w.lines, line), append(w.briefs, brief)
}

// concern adds something that waits, with what to do about it and for whom.
func (w *nudging) concern(c orchestration.Concern) {
	phase, _ := w.Phase()
	name, since := w.nth(w.At(), phase), c.Since.In(w.in.Zone())
	switch c.Kind {
	case orchestration.DueSoon:
		w.add(fmt.Sprintf("%s is due %s.", name, date(since)), "due "+date(since))
		w.handOff()
	case orchestration.DueNow:
		w.add(fmt.Sprintf("%s is due now: `handoff` ends it, `override phase … because …` gives it another end.", name), "due now")
		w.handOff()
	case orchestration.Overdue:
		w.add(fmt.Sprintf("%s was due %s%s: `handoff` ends it, `pause` stops its clock.", name, date(since), late(since, w.in)), "overdue since "+date(since))
		w.handOff()
	case orchestration.StandsStill:
		w.add(fmt.Sprintf("Nothing was decided here since %s, in %s: `handoff`, `pause` or `end because …`.", date(since), name), "nothing decided since "+date(since))
		w.handOff()
	case orchestration.ReportWaits:
		w.add(fmt.Sprintf("The report on #%d waits since %s for %s: `approve %d` or `deny %d because …`.", c.Number, date(since), w.deciders(), c.Number, c.Number),
			fmt.Sprintf("report #%d waits", c.Number))
		w.decide(c.Number)
	case orchestration.ProposalWaits:
		w.add(fmt.Sprintf("Proposal #%d waits since %s for %s: `approve %d` or `deny %d`.", c.Number, date(since), w.deciders(), c.Number, c.Number),
			fmt.Sprintf("proposal #%d waits", c.Number))
		w.decide(c.Number)
	case orchestration.Unowned:
		if item, ok := w.Item(c.Number); ok {
			w.add(fmt.Sprintf("Nobody sees to #%d since %s: %s", c.Number, date(since), short(item.Text, 80)), fmt.Sprintf("#%d is nobody's", c.Number))
			w.unowned = append(w.unowned, fmt.Sprintf("#%d", c.Number))
			w.to = append(w.to, w.Owner())
		}
	}
}

func (w *nudging) handOff() {
	w.to = append(w.to, w.Owner())
	if len(w.buttons) < 4 {
		w.buttons = append(w.buttons, w.handOffButton(), w.button("Pause", "pause"))
	}
}

// decide pings those who may decide, and offers it for the first that waits.
func (w *nudging) decide(number int) {
	w.to = append(w.to, w.Owner())
	w.to = append(w.to, w.in.Channel.People(orchestration.Approver)...)
	w.to = append(w.to, w.in.Workspace.People(orchestration.Approver)...)
	for _, b := range w.buttons {
		if b.Verb == "approve" {
			return
		}
	}
	w.buttons = append(w.buttons,
		w.about(fmt.Sprintf("Approve #%d", number), "approve", "number", number, false),
		w.about(fmt.Sprintf("Deny #%d", number), "deny", "number", number, false))
}

// message is all of it in one.
func (w *nudging) message() chat.Message {
	if len(w.lines) == 0 {
		return chat.Message{}
	}
	m := chat.Message{
		Short:   short(fmt.Sprintf("Session %d: %s", w.number, strings.Join(cutList(w.briefs, 5), "; ")), 300),
		Buttons: w.buttons,
	}
	switch {
	case w.late:
		m.Blocks = append(m.Blocks, chat.Paragraph("While Baton was away:"))
	case w.ended:
		m.Blocks = append(m.Blocks, chat.Paragraph("While this session had ended:"))
	}
	if n := len(w.lines) - mostNudges; n > 0 {
		w.lines = append(w.lines[:mostNudges:mostNudges], fmt.Sprintf("and %d more: `status` shows them", n))
	}
	if len(w.lines) == 1 {
		m.Blocks = append(m.Blocks, chat.Paragraph(w.lines[0]))
	} else {
		m.Blocks = append(m.Blocks, chat.Bullets(w.lines))
	}
	if len(w.unowned) > 0 {
		m.Blocks = append(m.Blocks, chat.Remark(fmt.Sprintf("`note assign %s @…` gives it to somebody, `note resolve %s` closes it.", w.unowned[0], w.unowned[0])))
	}
	m.To = w.mentions(each(w.to)...)
	return m
}

// each is everybody once.
func each(all []orchestration.Human) []orchestration.Human {
	var out []orchestration.Human
	seen := map[orchestration.PersonID]bool{}
	for _, h := range all {
		if !h.IsZero() && !seen[h.ID()] {
			seen[h.ID()] = true
			out = append(out, h)
		}
	}
	return out
}
