package commands

import (
	"fmt"
	"strings"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/export"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

type promptArgs struct {
	Task string `pos:"rest" kind:"text" help:"the work the prompt is for, if any"`
}

func prompted() Command {
	return declare(about{
		Name: "prompt", Help: "Show exactly what an agent would be given, part by part with its cost", Reads: true,
		Example: "prompt draft the landing page",
	}, doPrompt)
}

func doPrompt(t *turn, a promptArgs) (chat.Message, error) {
	s, err := t.session()
	if err != nil {
		return chat.Message{}, err
	}
	p := s.compose(a.Task)
	m := chat.Message{Title: fmt.Sprintf("Prompt for %s", s.where())}
	var fields chat.Fields
	for _, part := range p.Parts {
		fields = append(fields, chat.Field{Name: part.Name, Value: thousands(part.Tokens) + " tokens"})
	}
	fields = append(fields, chat.Field{Name: "in all", Value: thousands(p.Tokens()) + " tokens"})
	m.Blocks = append(m.Blocks, fields)
	s.attachPrompt(&m, a.Task, fmt.Sprintf("prompt-phase-%d.md", s.At()+1))
	for _, text := range s.drift() {
		m.Blocks = append(m.Blocks, chat.Remark(text))
	}
	return m, nil
}

func catchup() Command {
	return declare(about{
		Name: "catchup", Help: "What somebody who joins late has to know", Reads: true, Example: "catchup",
	}, doCatchup)
}

func doCatchup(t *turn, _ noArgs) (chat.Message, error) {
	s, err := t.session()
	if err != nil {
		return chat.Message{}, err
	}
	m := chat.Message{Title: fmt.Sprintf("%s: %s", s.Plan().Title(), s.Brief().Objective), Only: true}
	opened, err := s.opened()
	if err != nil {
		return chat.Message{}, err
	}
	m.Blocks = append(m.Blocks, chat.Paragraph(s.standing()+opened+" "+owns(s.Owner(), "it")+"."))
	m.Blocks = append(m.Blocks, s.briefLines()...)
	m.Blocks = append(m.Blocks, s.whoActs()...)
	so := s.Carried()
	if s.State() != orchestration.EndedState {
		so = append(so, s.Here()...)
	}
	m.Blocks = append(m.Blocks, section("Decided so far", ofKind(so, orchestration.DecisionItem))...)
	m.Blocks = append(m.Blocks, section("Made so far", ofKind(so, orchestration.ArtifactItem))...)
	m.Blocks = append(m.Blocks, section("Open", s.Open())...)
	m.Blocks = append(m.Blocks, s.waitingLines()...)
	if h, ok := s.LastHandoff(); ok {
		m.Blocks = append(m.Blocks, chat.Paragraph(fmt.Sprintf("Last handoff, by %s on %s:", h.By, moment(h.At, s.in.Zone()))),
			chat.Code(strings.TrimRight(h.Text(orchestration.ProtocolText), "\n")))
	}
	return m, nil
}

// opened says since when the open phase is, and who opened it.
func (s shown) opened() (string, error) {
	if s.State() == orchestration.EndedState {
		return "", nil
	}
	text := " Since " + moment(s.Began(), s.in.Zone())
	var by orchestration.Actor
	for e, err := range s.t.r.store.Entries(s.t.ctx, state.SessionStream(s.id), 0) {
		if err != nil {
			return "", err
		}
		for _, event := range e.Events() {
			if entered, ok := event.(orchestration.PhaseEntered); ok && entered.Phase == s.At() && e.At.Equal(s.Began()) {
				by = e.By()
			}
		}
	}
	if by != nil {
		text += ", opened by " + by.String()
	}
	return text + ".", nil
}

// whoActs is when the phase is due, who may decide and on whom it waits.
func (s shown) whoActs() []chat.Block {
	if s.State() == orchestration.EndedState {
		return nil
	}
	var fields chat.Fields
	if due := s.Due(); !due.IsZero() {
		fields = append(fields, chat.Field{Name: "Due", Value: s.dueText()})
	}
	fields = append(fields, chat.Field{Name: "May decide", Value: s.deciders()})
	if waits := s.waitsOn(); len(waits) > 0 {
		fields = append(fields, chat.Field{Name: "Waiting on", Value: strings.Join(waits, "; ")})
	}
	return []chat.Block{fields}
}

type historyArgs struct {
	Phase int `help:"only this phase: who thought with what, what was decided"`
	Since int `pos:"word" help:"only what came after this number"`
}

func history() Command {
	return declare(about{
		Name: "history", Help: "Who decided what, when and why, in order", Reads: true, Example: "history phase: 2",
	}, doHistory)
}

func doHistory(t *turn, a historyArgs) (chat.Message, error) {
	s, page, err := t.page()
	if err != nil {
		return chat.Message{}, err
	}
	if a.Phase > len(s.Phases()) {
		return chat.Message{}, orchestration.Refuse("there is no phase %d, the last is %d", a.Phase, len(s.Phases())).Try("history")
	}
	page.InChat = true
	lines := page.Lines(a.Phase-1, uint64(a.Since))
	if len(lines) == 0 {
		return say("Nothing happened there yet."), nil
	}
	const most = 40
	m := chat.Message{Title: "History", Only: true}
	if n := len(lines) - most; n > 0 {
		m.Blocks = append(m.Blocks, chat.Remark(fmt.Sprintf("%d older entries are left out; `export` has all.", n)))
		lines = lines[n:]
	}
	m.Blocks = append(m.Blocks, chat.Bullets(lines))
	return m, nil
}

// page is the session the call means, and the same with its whole log.
func (t *turn) page() (shown, export.Page, error) {
	s, err := t.session()
	if err != nil {
		return s, export.Page{}, err
	}
	p := export.Page{Session: s.Session, Zone: s.in.Zone()}
	for e, err := range t.r.store.Entries(t.ctx, state.SessionStream(s.id), 0) {
		if err != nil {
			return s, p, err
		}
		p.Entries = append(p.Entries, e)
	}
	return s, p, nil
}

type exportArgs struct {
	Format string `pos:"keyword" choices:"markdown,json" help:"markdown (the default) or json"`
}

func exported() Command {
	return declare(about{
		Name: "export", Help: "The whole session on one page, as Markdown or JSON", Reads: true, Example: "export markdown",
	}, doExport)
}

func doExport(t *turn, a exportArgs) (chat.Message, error) {
	s, page, err := t.page()
	if err != nil {
		return chat.Message{}, err
	}
	name := fmt.Sprintf("%s-%d", s.Plan().Name(), s.number)
	file := chat.File{Name: name + ".md", MediaType: "text/markdown", Data: []byte(page.Markdown())}
	if a.Format == "json" {
		data, err := page.JSON()
		if err != nil {
			return chat.Message{}, err
		}
		file = chat.File{Name: name + ".json", MediaType: "application/json", Data: data}
	}
	m := say("The whole session, from " + plural(len(page.Entries), "decision", "decisions") + ":")
	m.Files = []chat.File{file}
	return m, nil
}
