package commands

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// What Baton says by itself is made here too, so that a card and an
// announcement read as the answers do. Who hears it, when and how often is
// decided elsewhere.

// speaking is a turn that nobody asked for, in a session's own place.
func (r *Router) speaking(ctx context.Context, id state.SessionID) (shown, error) {
	t := &turn{ctx: ctx, r: r, lib: r.library.Snapshot()}
	s, err := r.store.Session(ctx, id)
	if err != nil {
		return shown{}, err
	}
	place := string(s.Thread())
	if place == "" {
		place = string(s.Channel())
	}
	if t.call.Thread, err = chat.ParseThread(place); err != nil {
		return shown{}, err
	}
	return t.load(id)
}

// Card is a session as it stands, for people who see it all the time.
func (r *Router) Card(ctx context.Context, id state.SessionID) (chat.Message, error) {
	s, err := r.speaking(ctx, id)
	if err != nil {
		return chat.Message{}, err
	}
	m := chat.Message{
		Title: fmt.Sprintf("%s: %s", s.Plan().Title(), s.Brief().Objective),
		Short: s.line(),
	}
	m.Blocks = append(m.Blocks, chat.Paragraph(s.where()+s.paused()), chat.Progress{Done: s.over(), Of: len(s.Phases())})
	fields := chat.Fields{{Name: "Pattern", Value: s.patternText()}}
	if s.State() != orchestration.EndedState {
		if due := s.Due(); !due.IsZero() {
			fields = append(fields, chat.Field{Name: "Due", Value: s.dueText()})
		}
		fields = append(fields, s.equipment()...)
	}
	fields = append(fields, chat.Field{Name: "Owner", Value: s.Owner().Name()}, chat.Field{Name: "May decide", Value: s.deciders()})
	if waits := s.waitsOn(); len(waits) > 0 {
		fields = append(fields, chat.Field{Name: "Waiting on", Value: strings.Join(waits, "; ")})
	}
	m.Blocks = append(m.Blocks, fields, s.road())
	open, more, kept := s.NewestTold(5)
	m.Blocks = append(m.Blocks, newest("Open items", open, more)...)
	if kept > 0 {
		m.Blocks = append(m.Blocks, chat.Remark(plural(kept, "open item of this review is", "open items of this review are")+" sealed until the decision."))
	}
	m.Buttons = s.nextVerbs()
	return m, nil
}

// line is the card in one line.
func (s shown) line() string {
	parts := []string{fmt.Sprintf("Session %d now", s.number), s.where() + s.paused()}
	if p := s.Persona(); !p.Name.IsZero() && s.State() != orchestration.EndedState {
		parts = append(parts, p.Name.Last())
	}
	if n := len(s.Skills()); n > 0 && s.State() != orchestration.EndedState {
		parts = append(parts, plural(n, "skill", "skills"))
	}
	if due := s.Due(); !due.IsZero() && s.State() != orchestration.EndedState {
		parts = append(parts, "due "+s.dueText())
	}
	if n := len(s.Open()); n > 0 {
		parts = append(parts, plural(n, "open item", "open items"))
	}
	if waits := s.waitsOn(); len(waits) > 0 {
		parts = append(parts, "waiting on "+strings.Join(waits, "; "))
	}
	return strings.Join(parts, " · ")
}

func (s shown) paused() string {
	if s.State() == orchestration.PausedState {
		return " (paused)"
	}
	return ""
}

// over is how many phases are behind.
func (s shown) over() int {
	n := 0
	for i := range s.Phases() {
		if s.Outcome(i) != orchestration.Pending {
			n++
		}
	}
	return n
}

// deciders are those who may hand off, override and approve.
func (s shown) deciders() string {
	all := []orchestration.Human{s.Owner()}
	all = append(all, s.in.Channel.People(orchestration.Approver)...)
	all = append(all, s.in.Workspace.People(orchestration.Approver)...)
	all = append(all, s.in.Workspace.People(orchestration.Admin)...)
	var names []string
	for _, h := range all {
		if !h.IsZero() && !slices.Contains(names, h.Name()) {
			names = append(names, h.Name())
		}
	}
	return strings.Join(names, ", ")
}

// waitsOn says who has to do something before this goes on.
func (s shown) waitsOn() []string {
	if s.State() == orchestration.EndedState {
		return nil
	}
	var out []string
	var decisions []string
	for _, task := range s.Tasks() {
		if task.State == orchestration.TaskDone {
			decisions = append(decisions, fmt.Sprintf("#%d", task.ID))
		}
	}
	for _, a := range s.Waiting() {
		decisions = append(decisions, fmt.Sprintf("#%d", a.ID))
	}
	if len(decisions) > 0 {
		out = append(out, fmt.Sprintf("%s to decide on %s", s.deciders(), strings.Join(cutList(decisions, 5), ", ")))
	}
	owned, nobody := map[string][]string{}, 0
	var names []string
	for _, item := range s.Open() {
		if s.KeptBack(item) {
			continue // the card says how many there are
		}
		if item.Owner.IsZero() {
			nobody++
			continue
		}
		if owned[item.Owner.Name()] == nil {
			names = append(names, item.Owner.Name())
		}
		owned[item.Owner.Name()] = append(owned[item.Owner.Name()], fmt.Sprintf("#%d", item.ID))
	}
	for _, name := range cutList(names, 5) {
		out = append(out, fmt.Sprintf("%s for %s", name, strings.Join(cutList(owned[name], 5), ", ")))
	}
	if nobody > 0 {
		out = append(out, "somebody to take "+plural(nobody, "open item", "open items"))
	}
	return out
}

// cutList keeps the first n entries of a list, and says that there are more.
func cutList(all []string, n int) []string {
	if len(all) <= n {
		return all
	}
	return append(all[:n:n], fmt.Sprintf("%d more", len(all)-n))
}

// Waiting is a report or a proposal that waits for people; nothing where it was
// decided on.
func (r *Router) Waiting(ctx context.Context, id state.SessionID, number int) (chat.Message, error) {
	s, err := r.speaking(ctx, id)
	if err != nil {
		return chat.Message{}, err
	}
	if task, ok := s.Task(number); ok && task.State == orchestration.TaskDone {
		m := s.reported(task, "")
		m.Short = fmt.Sprintf("Session %d: a report on #%d waits for %s", s.number, number, s.deciders())
		m.To = s.mentions(s.Owner())
		return m, nil
	}
	for _, ask := range s.Session.Waiting() {
		if ask.ID == number {
			return s.asked(ask), nil
		}
	}
	return chat.Message{}, nil
}

// asked is a proposal that waits for people.
func (s shown) asked(a orchestration.Ask) chat.Message {
	m := say(fmt.Sprintf("%s proposes (#%d):", a.By, a.ID))
	m.Short = fmt.Sprintf("Session %d: proposal #%d by %s waits for %s", s.number, a.ID, a.By, s.deciders())
	m.To = s.mentions(s.Owner())
	switch p := a.Proposal.(type) {
	case orchestration.ProposeItem:
		m.Blocks = append(m.Blocks, chat.Paragraph(fmt.Sprintf("record the %s:", p.Kind)), chat.Code(p.Text))
	case orchestration.ProposeHandoff:
		m.Blocks = append(m.Blocks, chat.Paragraph("hand off this phase:"), chat.Code(strings.TrimRight(p.Handoff.Text(orchestration.ProtocolText), "\n")))
	case orchestration.ProposePersona:
		m.Blocks = append(m.Blocks, chat.Paragraph(stopped("switch to "+p.Persona.String()+becauseOf(p.Why))))
	case orchestration.ProposeSkills:
		names := make([]string, len(p.Skills))
		for i, skill := range p.Skills {
			names[i] = skill.String()
		}
		m.Blocks = append(m.Blocks, chat.Paragraph(stopped("load exactly "+strings.Join(names, ", ")+becauseOf(p.Why))))
	}
	m.Blocks = append(m.Blocks, chat.Remark("For "+s.deciders()+" to decide."))
	m.Buttons = []chat.Button{
		s.about("Approve", "approve", "number", a.ID, false),
		s.about("Deny", "deny", "number", a.ID, false),
	}
	return m
}

// mentions are those of the people who belong to the session's own workspace,
// as its platform knows them.
func (s shown) mentions(people ...orchestration.Human) []chat.Person {
	var out []chat.Person
	for _, h := range people {
		workspace, id, err := chat.ParsePerson(string(h.ID()))
		if err == nil && workspace == s.t.call.Thread.WorkspaceKey() {
			out = append(out, chat.Person{ID: id, Name: h.Name()})
		}
	}
	return out
}
