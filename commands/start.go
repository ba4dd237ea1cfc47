package commands

import (
	"errors"
	"fmt"
	"strings"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

type startArgs struct {
	Pattern     string   `pos:"word" need:"yes" complete:"patterns" help:"the pattern to run, such as product-launch"`
	Objective   string   `pos:"rest" need:"yes" help:"what should be true when it ends"`
	Constraints []string `alias:"constraint" help:"what limits the work, separated by semicolons"`
	Success     []string `alias:"success criteria,success criterion" help:"how everybody will know it worked, separated by semicolons"`
	Brief       string   `kind:"text" alias:"background" help:"background that every prompt should carry"`
	Personas    []string `kind:"names" alias:"persona" complete:"personas" help:"instead of the pattern's: one, or author, reviewers, decider"`
	Skills      []string `kind:"names" alias:"skill" complete:"skills" help:"instead of the pattern's: the stack, or a chain's steps"`
	Sealed      *bool    `kind:"yes" help:"keep reviewers from seeing each other's reviews"`
}

func start() Command {
	return declare(about{
		Name: "start", Help: "Start a session: a pattern and an objective",
		Example: "start product-launch Launch an invoicing tool for freelancers", Form: "Start a session",
		Fill: func(t *turn) (chat.Form, error) {
			return chat.Form{Title: "Start a session", Submit: "Start"}, nil
		},
	}, doStart)
}

func doStart(t *turn, a startArgs) (chat.Message, error) {
	plan, notes, err := t.plan(&a)
	if err != nil {
		return chat.Message{}, err
	}
	brief := orchestration.Brief{Objective: a.Objective, Constraints: a.Constraints, Success: a.Success, Background: a.Brief}
	if t.thread() != "" {
		if err := t.threadIsFree(plan); err != nil {
			return chat.Message{}, err
		}
	}
	res, err := t.r.store.Create(t.ctx, state.Change{
		Key: t.call.ID, Session: state.NewSessionID(), Contents: t.contents,
		Decide: func(v state.View, s orchestration.Session) (orchestration.Decision, error) {
			in, err := t.room(v, t.channel())
			if err != nil {
				return orchestration.Decision{}, err
			}
			thread, err := t.threadFor(v)
			if err != nil {
				return orchestration.Decision{}, err
			}
			return s.Start(t.by, in, t.channel(), thread, plan, brief, t.because)
		},
	})
	if errors.Is(err, state.ErrBound) {
		return chat.Message{}, orchestration.Refuse("a session was started in this thread a moment ago").Try("status")
	}
	if err != nil {
		return chat.Message{}, err
	}
	return started(t.after(res), notes, res.Entry.Because()), nil
}

// threadFor is the thread a session starts in: the call's own; a numbered one
// where the platform names threads so; else none until the first message is
// delivered.
func (t *turn) threadFor(v state.View) (orchestration.ThreadKey, error) {
	if thread := t.thread(); thread != "" || !t.call.Numbered {
		return thread, nil
	}
	n, err := v.Count(t.channel())
	return orchestration.ThreadKey(t.call.Thread.Under(fmt.Sprint(n + 1)).Key()), err
}

// threadIsFree refuses to start a second session in one thread.
func (t *turn) threadIsFree(orchestration.Plan) error {
	if t.call.Numbered {
		return orchestration.Refuse("a session starts in its channel and gets a thread of its own").
			Try("start product-launch …")
	}
	id, ok, err := t.r.store.InThread(t.ctx, t.thread())
	if err != nil || !ok {
		return err
	}
	if _, seq, seen, err := t.r.store.Seen(t.ctx, t.call.ID); err != nil || seen && seq > 0 {
		return err // this very start, delivered again
	}
	s, err := t.load(id)
	if err != nil {
		return err
	}
	return orchestration.Refuse("%s runs in this thread already", s.Plan().Title()).Try("status", "end because …")
}

// pattern finds the pattern. People write its name in words, "solo sprint",
// so the words that follow may belong to it.
func (t *turn) pattern(a *startArgs) (orchestration.Plan, error) {
	plan, err := t.lib.Pattern(a.Pattern)
	name, rest := a.Pattern, a.Objective
	for range 2 {
		if err == nil {
			return plan, nil
		}
		var word string
		if word, rest = nextWord(rest); word == "" {
			break
		}
		name += "-" + word
		if found, missing := t.lib.Pattern(strings.ToLower(name)); missing == nil {
			a.Pattern, a.Objective = name, rest
			return found, nil
		}
	}
	return plan, err
}

// plan is the pattern with the person's changes.
func (t *turn) plan(a *startArgs) (orchestration.Plan, []string, error) {
	plan, err := t.pattern(a)
	if err != nil {
		return plan, nil, err
	}
	adjust := orchestration.Adjust{Sealed: a.Sealed}
	var notes []string
	for _, text := range a.Personas {
		name, note, err := t.personaName(text)
		if err != nil {
			return plan, nil, err
		}
		adjust.Personas = append(adjust.Personas, name)
		notes = appendNote(notes, note)
	}
	names, more, err := t.skillNames(a.Skills)
	if err != nil {
		return plan, nil, err
	}
	adjust.Skills = names
	plan, err = plan.With(adjust)
	return plan, append(notes, more...), err
}

func appendNote(notes []string, note string) []string {
	if note == "" {
		return notes
	}
	return append(notes, note)
}

func started(s shown, notes []string, reason string) chat.Message {
	if s.Thread() == "" { // its card tells everybody; this answers whoever asked
		m := say(fmt.Sprintf("Session %d is started%s: its card comes into this channel, and its thread is under the card.", s.number, becauseOf(reason)))
		m.Only = true
		for _, note := range notes {
			m.Blocks = append(m.Blocks, chat.Remark(note))
		}
		return m
	}
	m := chat.Message{Title: fmt.Sprintf("%s: %s", s.Plan().Title(), s.Brief().Objective)}
	m.Blocks = append(m.Blocks, chat.Paragraph(s.standing()+reasonSentence(becauseOf(reason))))
	m.Blocks = append(m.Blocks, s.briefLines()...)
	if len(s.Phases()) > 1 {
		m.Blocks = append(m.Blocks, s.road())
	}
	m.Blocks = append(m.Blocks, chat.Remark(fmt.Sprintf("%s. Stack: about %s tokens.", owns(s.Owner(), "this session"), thousands(s.cost()))))
	for _, note := range notes {
		m.Blocks = append(m.Blocks, chat.Remark(note))
	}
	m.Buttons = []chat.Button{s.handOffButton(), s.button("Status", "status"), s.button("Prompt", "prompt")}
	return s.inThread(m)
}

// phaseLine is a phase of a plan in one line.
func phaseLine(i int, p orchestration.Phase) string {
	text := fmt.Sprintf("%d. %s", i+1, p.Name)
	if p.Days > 0 {
		text += " (" + days(p.Days) + ")"
	}
	if !p.Persona.IsZero() {
		text += ": " + p.Persona.Last()
	}
	if len(p.Skills) > 0 {
		names := make([]string, len(p.Skills))
		for i, s := range p.Skills {
			names[i] = s.Last()
		}
		sep := " + "
		if p.Persona.IsZero() {
			sep = ": "
		}
		text += sep + strings.Join(names, ", ")
	}
	if len(p.Deliverables) > 0 {
		text += " → " + strings.Join(p.Deliverables, ", ")
	}
	return text
}

func days(n int) string {
	if n%7 == 0 {
		return plural(n/7, "week", "weeks")
	}
	return plural(n, "day", "days")
}
