package commands

import (
	"fmt"
	"strings"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

type overrideArgs struct {
	What string `pos:"word" need:"yes" choices:"phase,persona,skills,owner,handoff" help:"what of the plan is set aside"`
	To   string `pos:"rest" complete:"override" help:"the phase, persona, skills or person it becomes; nothing for a handoff"`

	Who orchestration.Human `help:"the new owner, where it is the owner"`
}

func override() Command {
	return declare(about{
		Name: "override", Help: "Set the plan aside, with a reason; undo takes it back",
		Example: "override persona startup-cto because the launch page is an engineering problem", Form: "Override",
		Fill: func(t *turn) (chat.Form, error) {
			f := chat.Form{Title: "Override", Submit: "Override"}
			for _, o := range t.cmd.spec.Options {
				f.Inputs = append(f.Inputs, chat.Input{Option: o})
			}
			f.Inputs = append(f.Inputs, chat.Input{Option: chat.Option{Name: "because", Help: "why", Kind: chat.Line, Required: true}})
			return f, nil
		},
	}, doOverride)
}

func doOverride(t *turn, a overrideArgs) (chat.Message, error) {
	a.To = strings.TrimSpace(strings.TrimPrefix(a.To, "to "))
	owner := a.What == "owner"
	switch named := !a.Who.IsZero(); {
	case named && !owner:
		return chat.Message{}, orchestration.Refuse("who is the new owner, and an override of the %s takes none", a.What).Try("override owner …")
	case named && a.To != "":
		return chat.Message{}, orchestration.Refuse("to and who both say who becomes the owner: leave one of them out").Try("override owner …")
	}
	if a.To == "" && a.What != "handoff" && !(owner && !a.Who.IsZero()) {
		return chat.Message{}, orchestration.Refuse("override the %s to what?", a.What).Try("override " + a.What + " … because …")
	}
	d, note, err := t.overriding(a)
	if err != nil {
		return chat.Message{}, err
	}
	res, err := t.decide(d)
	if err != nil {
		return chat.Message{}, err
	}
	return withNotes(t.overridden(res), note...), nil
}

type decider = func(s orchestration.Session, in orchestration.Room) (orchestration.Decision, error)

// overriding is the decision that the arguments ask for, with what the library
// had to say about the names in it.
func (t *turn) overriding(a overrideArgs) (decider, []string, error) {
	switch a.What {
	case "persona":
		name, note, err := t.personaName(a.To)
		return func(s orchestration.Session, in orchestration.Room) (orchestration.Decision, error) {
			return s.OverridePersona(t.by, in, name, t.because)
		}, appendNote(nil, note), err
	case "skills":
		names, notes, err := t.skillNames(splitNames(a.To))
		return func(s orchestration.Session, in orchestration.Room) (orchestration.Decision, error) {
			return s.OverrideSkills(t.by, in, names, t.because)
		}, notes, err
	case "owner":
		who, err := a.Who, error(nil)
		if who.IsZero() {
			who, err = t.person(a.To)
		}
		return func(s orchestration.Session, in orchestration.Room) (orchestration.Decision, error) {
			return s.OverrideOwner(t.by, in, who, t.because)
		}, nil, err
	case "handoff":
		if a.To != "" && !strings.EqualFold(a.To, "none") {
			return nil, nil, orchestration.Refuse("an override of the handoff closes the phase without one; it takes only a reason").
				Try("override handoff because …", "handoff …")
		}
		return func(s orchestration.Session, in orchestration.Room) (orchestration.Decision, error) {
			return s.OverrideHandoff(t.by, in, t.because)
		}, nil, nil
	}
	return func(s orchestration.Session, in orchestration.Room) (orchestration.Decision, error) {
		if s.State() == orchestration.None {
			return orchestration.Decision{}, orchestration.Refuse("nothing has been started in this thread").Try("start …")
		}
		i, err := s.FindPhase(a.To)
		if err != nil {
			return orchestration.Decision{}, err
		}
		return s.OverridePhase(t.by, in, i, t.because)
	}, nil, nil
}

func (t *turn) overridden(res state.Result) chat.Message {
	s := t.after(res)
	var o orchestration.Overridden
	for _, e := range res.Entry.Events() {
		if found, ok := e.(orchestration.Overridden); ok {
			o = found
		}
	}
	m := say(fmt.Sprintf("Overridden: %s from %s to %s%s.", o.What, o.From, o.To, becauseOf(res.Entry.Because())),
		chat.Paragraph(s.standing()))
	m.Buttons = []chat.Button{s.button("Undo", "undo")}
	return m
}

// stillHere are the items that an undone handoff had recorded: its words are
// there for the next try.
func stillHere(res state.Result) string {
	h, ok := res.Before.LastHandoff()
	if !ok || res.Before.At() == res.After.At() && res.Before.State() == res.After.State() {
		return ""
	}
	var kept []string
	for _, id := range h.Brought {
		if item, ok := res.After.Item(id); ok && item.State == orchestration.Live {
			kept = append(kept, fmt.Sprintf("#%d %s", item.ID, short(item.Text, 40)))
		}
	}
	return strings.Join(kept, "; ")
}

type noArgs struct{}

func undo() Command {
	return declare(about{Name: "undo", Help: "Take the last decision back by recording its opposite", Example: "undo"}, doUndo)
}

func doUndo(t *turn, _ noArgs) (chat.Message, error) {
	res, err := t.decide(func(s orchestration.Session, in orchestration.Room) (orchestration.Decision, error) {
		return s.Undo(t.by, in, t.because)
	})
	if err != nil {
		return chat.Message{}, err
	}
	s := t.after(res)
	what := "the last entry"
	if e, ok := res.Entry.Events()[0].(orchestration.Undone); ok {
		what = fmt.Sprintf("%s (entry %d)", e.What, e.Seq)
		if _, who, ok := res.Before.CanUndo(); ok && who.String() != t.by.Name() {
			what = fmt.Sprintf("%s %s (entry %d)", who, e.What, e.Seq)
		}
	}
	m := say(stopped("Taken back: "+what+becauseOf(res.Entry.Because())), chat.Paragraph(s.standing()))
	if kept := stillHere(res); kept != "" {
		m.Blocks = append(m.Blocks, chat.Remark("What was recorded with it stays: "+kept+". `note withdraw` takes it back too."))
	}
	return m, nil
}
