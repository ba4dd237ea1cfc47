package commands

import (
	"fmt"
	"strings"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

type statusArgs struct {
	What string `pos:"keyword" choices:"picture" help:"picture: the timeline, the plan against what happened"`
}

func status() Command {
	return declare(about{
		Name: "status", Help: "Where things stand: phase, persona, skills with their cost, what is open", Reads: true, Example: "status",
	}, doStatus)
}

func doStatus(t *turn, a statusArgs) (chat.Message, error) {
	if a.What == "picture" {
		return t.drawn()
	}
	id, ok, err := t.lookUp()
	if err != nil {
		return chat.Message{}, err
	}
	if !ok && t.call.Thread.InChannel() {
		return t.channelStatus()
	}
	if !ok {
		if id, err = t.awaited(); err != nil {
			return chat.Message{}, err
		}
	}
	s, err := t.load(id)
	if err != nil {
		return chat.Message{}, err
	}
	return s.card(), nil
}

// drawn is a session's timeline.
func (t *turn) drawn() (chat.Message, error) {
	s, err := t.session()
	if err != nil {
		return chat.Message{}, err
	}
	f, err := s.picture()
	if err != nil {
		return chat.Message{}, err
	}
	m := say(s.standing())
	m.Title = fmt.Sprintf("%s: %s", s.Plan().Title(), s.Brief().Objective)
	m.Files = []chat.File{f}
	return m, nil
}

// card is the whole standing of a session.
func (s shown) card() chat.Message {
	m := chat.Message{Title: fmt.Sprintf("%s: %s", s.Plan().Title(), s.Brief().Objective)}
	state := s.where()
	if s.State() == orchestration.PausedState {
		state += " (paused)"
	}
	fields := chat.Fields{{Name: "Pattern", Value: s.patternText()}, {Name: "State", Value: state}}
	if due := s.Due(); !due.IsZero() && s.State() != orchestration.EndedState {
		fields = append(fields, chat.Field{Name: "Due", Value: s.dueText()})
	}
	fields = append(fields, s.equipment()...)
	fields = append(fields, chat.Field{Name: "Owner", Value: s.Owner().Name()})
	m.Blocks = append(m.Blocks, fields, s.road())
	here, more := s.NewestHere(mostItems)
	m.Blocks = append(m.Blocks, newest("Decided here", ofKind(here, orchestration.DecisionItem), more)...)
	m.Blocks = append(m.Blocks, newest("Made here", ofKind(here, orchestration.ArtifactItem), more)...)
	open, more := s.NewestOpen(mostItems)
	m.Blocks = append(m.Blocks, newest("Open items", open, more)...)
	m.Blocks = append(m.Blocks, s.waitingLines()...)
	for _, text := range s.drift() {
		m.Blocks = append(m.Blocks, chat.Remark(text))
	}
	if n := s.SealedReviews(); n > 0 {
		m.Blocks = append(m.Blocks, chat.Remark(plural(n, "review is", "reviews are")+" sealed until the decision."))
	}
	m.Buttons = s.nextVerbs()
	return m
}

// nextVerbs are the buttons that make sense where the session stands.
func (s shown) nextVerbs() []chat.Button {
	switch s.State() {
	case orchestration.EndedState:
		return []chat.Button{s.button("Export", "export"), s.button("History", "history")}
	case orchestration.PausedState:
		return []chat.Button{s.button("Resume", "resume"), s.button("History", "history")}
	}
	return []chat.Button{s.handOffButton(), s.button("Prompt", "prompt"), s.button("History", "history")}
}

// late says by how many days on the calendar a due time is over.
func late(due time.Time, in orchestration.Room) string {
	days := orchestration.DateOf(in.Now.In(in.Zone())).Since(orchestration.DateOf(due.In(in.Zone())))
	if days <= 0 {
		return ""
	}
	return fmt.Sprintf(", %s over", plural(days, "day", "days"))
}

// dueText is when the open phase is due, and by how much that is over. While a
// session is paused its clock stands still.
func (s shown) dueText() string {
	text := date(s.Due().In(s.in.Zone()))
	if s.State() == orchestration.PausedState {
		return text
	}
	return text + late(s.Due(), s.in)
}

// patternText is the pattern with its kind, where that is not its name too.
func (s shown) patternText() string {
	name, kind := s.Plan().Name(), string(s.Plan().Kind())
	if name == kind {
		return name
	}
	return name + " (" + kind + ")"
}

// equipment is who thinks and what is loaded, each with its cost and where it
// comes from. Which text is pinned stands in the prompt and in the export: here
// it would be in the way.
func (s shown) equipment() chat.Fields {
	var fields chat.Fields
	if s.Plan().Kind() != orchestration.SkillChainKind {
		value := "nobody"
		if p := s.Persona(); !p.Name.IsZero() {
			value = fmt.Sprintf("%s (%s), %s tokens", p.Name.Last(), from(p.From), thousands(s.t.pinCost(p.Pin)))
		}
		fields = append(fields, chat.Field{Name: "Persona", Value: value})
	}
	for i, skill := range s.Skills() {
		name := "Skills"
		if i > 0 {
			name = ""
		}
		fields = append(fields, chat.Field{Name: name, Value: fmt.Sprintf("%s (%s), %s tokens", skill.Name.Last(), from(skill.From), thousands(s.t.pinCost(skill.Pin)))})
	}
	total := "about " + thousands(s.cost()) + " tokens"
	if b := s.in.Budget(); b > 0 {
		total += fmt.Sprintf(" of %s", thousands(b))
		if s.cost() > b {
			total += ", over budget"
		}
	}
	return append(fields, chat.Field{Name: "Stack", Value: total})
}

func from(o orchestration.Origin) string {
	if o == "" {
		return "thread"
	}
	return string(o)
}

// road is the phases with how each ended.
func (s shown) road() chat.Paragraph {
	var out []string
	for i, p := range s.Phases() {
		mark := "· "
		switch {
		case s.Outcome(i) == orchestration.HandedOn:
			mark = "✓ "
		case s.Outcome(i) == orchestration.WasPassed:
			mark = "– "
		case i == s.At() && s.State() != orchestration.EndedState:
			mark = "▶ "
		}
		out = append(out, mark+phaseLine(i, p))
	}
	return chat.Paragraph(strings.Join(out, "\n"))
}

// waitingLines are tasks, proposals and reminders somebody has to see to.
func (s shown) waitingLines() []chat.Block {
	if s.State() == orchestration.EndedState {
		return nil
	}
	var lines chat.Bullets
	for _, task := range s.Tasks() {
		switch task.State {
		case orchestration.TaskOpen, orchestration.TaskBad:
			lines = append(lines, fmt.Sprintf("task #%d (%s): %s", task.ID, task.State, short(firstLine(task.Brief), 80)))
		case orchestration.TaskDone:
			lines = append(lines, fmt.Sprintf("report on #%d waits since %s: `approve %d` or `deny %d because …`", task.ID, moment(task.DoneAt, s.in.Zone()), task.ID, task.ID))
		}
	}
	for _, a := range s.Waiting() {
		lines = append(lines, fmt.Sprintf("proposal #%d by %s waits since %s: `approve %d` or `deny %d`", a.ID, a.By, moment(a.At, s.in.Zone()), a.ID, a.ID))
	}
	for _, r := range s.Reminders() {
		if s.in.Now.Before(s.in.Hours().Loud(r.At)) { // it was not said yet
			lines = append(lines, fmt.Sprintf("reminder #%d for %s: %s", r.ID, moment(r.At, s.in.Zone()), r.Text))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	if n := len(lines) - 15; n > 0 {
		lines = append(lines[n:], fmt.Sprintf("and %d older", n))
	}
	return []chat.Block{chat.Paragraph("Waiting:"), lines}
}

// channelStatus is what is open in a channel, and its defaults.
func (t *turn) channelStatus() (chat.Message, error) {
	in, err := t.here()
	if err != nil {
		return chat.Message{}, err
	}
	m := chat.Message{Title: "This channel"}
	m.Blocks = append(m.Blocks, chat.Fields{
		{Name: "Persona", Value: levels(named(in.Channel.Persona()), named(in.Workspace.Persona()), "nobody")},
		{Name: "Skills", Value: levels(skillNames(in.Channel.Skills()), skillNames(in.Workspace.Skills()), "none")},
	})
	lines, more, err := t.sessionLines(state.Page{OnlyOpen: true, Limit: 10})
	if err != nil {
		return m, err
	}
	if len(lines) == 0 {
		m.Blocks = append(m.Blocks, chat.Paragraph("No session is open here. `start product-launch …` starts one, `list patterns` shows the patterns."))
		return m, nil
	}
	m.Blocks = append(m.Blocks, chat.Paragraph("Open sessions:"), lines)
	if more > 0 {
		m.Blocks = append(m.Blocks, chat.Remark(fmt.Sprintf("Older ones: `list sessions before: %d`.", more)))
	}
	return m, nil
}

// sessionLines are the channel's sessions, newest first, a line each; more is
// the number to go on from, or 0.
func (t *turn) sessionLines(page state.Page) (lines chat.Bullets, more int, err error) {
	limit := page.Limit
	page.Limit++
	listed, err := t.r.store.Sessions(t.ctx, t.channel(), page)
	if err != nil {
		return nil, 0, err
	}
	if len(listed) > limit {
		listed, more = listed[:limit], listed[limit-1].Number
	}
	for _, l := range listed {
		s, err := t.r.store.Session(t.ctx, l.ID)
		if err != nil {
			lines = append(lines, fmt.Sprintf("%d. its record is damaged; see `bot verify`", l.Number))
			continue
		}
		lines = append(lines, fmt.Sprintf("%d. %s: %s – %s, owner %s", l.Number, s.Plan().Title(), short(s.Brief().Objective, 60),
			strings.TrimSuffix(shown{t: t, Session: s}.where(), "."), s.Owner().Name()))
	}
	return lines, more, nil
}
