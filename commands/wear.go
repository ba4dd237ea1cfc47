package commands

import (
	"errors"
	"fmt"
	"strings"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
)

type personaArgs struct {
	Name string `pos:"rest" need:"yes" complete:"personas" help:"who thinks now, or none"`
}

func persona() Command {
	return declare(about{
		Name: "persona", Help: "Say who is thinking: in a thread now, in a channel by default",
		Example: "persona startup-cto", Form: "Persona",
	}, doPersona)
}

func doPersona(t *turn, a personaArgs) (chat.Message, error) {
	if several := splitNames(a.Name); len(several) > 1 {
		return chat.Message{}, orchestration.Refuse("one persona thinks at a time: switching is fine, blending %d is not", len(several)).
			Try("persona " + several[0])
	}
	name, note, err := t.personaName(a.Name)
	if err != nil {
		return chat.Message{}, err
	}
	if t.inChannel() {
		res, err := t.set(false, func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error) {
			return s.SetPersona(t.by, in, name, t.because)
		})
		if err != nil {
			return chat.Message{}, err
		}
		return withNotes(say(fmt.Sprintf("Sessions in this channel think as %s from now on%s, where their plan names nobody.",
			nobody(res.After.Persona()), becauseOf(res.Entry.Because()))), note), nil
	}
	res, err := t.decide(func(s orchestration.Session, in orchestration.Room) (orchestration.Decision, error) {
		return s.Switch(t.by, in, name, t.because)
	})
	if err != nil {
		return chat.Message{}, err
	}
	s := t.after(res)
	return withNotes(say(fmt.Sprintf("Thinking now: %s%s. %s", nobody(s.Persona()), becauseOf(res.Entry.Because()), s.standing()),
		t.costLine(t.before(res).cost(), s.cost(), s.roomNow())), note), nil
}

type loadArgs struct {
	Skills []string `pos:"rest" kind:"names" need:"yes" complete:"skills" help:"skills to load, separated by commas"`
}

func load() Command {
	return declare(about{
		Name: "load", Help: "Load skills: in a thread now, in a channel by default",
		Example: "load seo-audit, copywriting", Form: "Load skills", Natural: loadLine,
	}, doLoad)
}

// loadLine reads the protocol's "Load skills:" with a list under it.
func loadLine(text string) (map[string]string, bool) {
	for _, opening := range [...]string{"skills:", "skill:", "the skills", "skills", "skill"} {
		if rest, ok := cutFold(text, opening); ok {
			return map[string]string{"skills": rest}, true
		}
	}
	return nil, false
}

// cutFold takes a prefix off, whatever its case, if something follows it.
func cutFold(s, prefix string) (string, bool) {
	if len(s) > len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) && strings.ContainsRune(" \n\t", rune(s[len(prefix)])) {
		return strings.TrimSpace(s[len(prefix):]), true
	}
	return s, false
}

func doLoad(t *turn, a loadArgs) (chat.Message, error) {
	if len(a.Skills) == 1 && isPersonaPath(a.Skills[0]) {
		return doPersona(t, personaArgs{Name: a.Skills[0]})
	}
	names, notes, err := t.skillNames(a.Skills)
	if err != nil {
		return chat.Message{}, t.wrongSlot(a.Skills, err)
	}
	if t.inChannel() {
		res, err := t.set(false, func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error) {
			return s.Load(t.by, in, names, t.because)
		})
		if err != nil {
			return chat.Message{}, err
		}
		return withNotes(say(fmt.Sprintf("Sessions in this channel load %s from now on%s, where their plan loads nothing.",
			skillNames(res.After.Skills()), becauseOf(res.Entry.Because()))), notes...), nil
	}
	res, err := t.decide(func(s orchestration.Session, in orchestration.Room) (orchestration.Decision, error) {
		return s.Load(t.by, in, names, t.because)
	})
	if err != nil {
		return noted(err, notes)
	}
	s := t.after(res)
	return withNotes(say(fmt.Sprintf("Loaded %s%s. Loaded now: %s.", loadedBy(res.Entry.Events()), becauseOf(res.Entry.Because()), stackText(s.Skills())),
		t.costLine(t.before(res).cost(), s.cost(), s.roomNow())), notes...), nil
}

// isPersonaPath reports whether a pasted path is in a folder of personas, as
// in the protocol's "Load agents/personas/startup-cto.md".
func isPersonaPath(text string) bool {
	text = strings.ToLower(strings.Trim(text, "`'\" "))
	return strings.HasSuffix(text, ".md") && !strings.HasSuffix(text, "skill.md") &&
		(strings.Contains(text, "personas/") || strings.Contains(text, "agents/"))
}

// wrongSlot says so where the name that is no skill is a persona's: a skill's
// slot never takes a persona.
func (t *turn) wrongSlot(texts []string, err error) error {
	for _, text := range texts {
		if _, skillErr := t.lib.FindSkill(text); skillErr == nil {
			continue
		}
		if m, personaErr := t.lib.FindPersona(text); personaErr == nil {
			return orchestration.Refuse("%s is a persona, not a skill", m.Entry.Slug).Try("persona " + m.Entry.Slug)
		}
	}
	return err
}

type unloadArgs struct {
	Skills []string `pos:"rest" kind:"names" need:"yes" complete:"loaded" help:"skills to take off the stack, separated by commas"`
}

func unload() Command {
	return declare(about{
		Name: "unload", Help: "Take skills off the stack", Example: "unload seo-audit", Form: "Unload skills",
	}, doUnload)
}

func doUnload(t *turn, a unloadArgs) (chat.Message, error) {
	names := make([]orchestration.SkillName, len(a.Skills))
	if len(a.Skills) == 1 && strings.EqualFold(a.Skills[0], "all") {
		return chat.Message{}, orchestration.Refuse("skills are unloaded by name; what is loaded stands in `status`").Try("status")
	}
	for i, text := range a.Skills {
		name, err := orchestration.ParseSkillName(baseName(text))
		if err != nil {
			return chat.Message{}, err
		}
		names[i] = name
	}
	if t.inChannel() {
		res, err := t.set(false, func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error) {
			return s.Unload(t.by, in, names, t.because)
		})
		if err != nil {
			return chat.Message{}, err
		}
		return say(fmt.Sprintf("Default skills of this channel now%s: %s.", becauseOf(res.Entry.Because()), stackText(res.After.Skills()))), nil
	}
	res, err := t.decide(func(s orchestration.Session, in orchestration.Room) (orchestration.Decision, error) {
		return s.Unload(t.by, in, names, t.because)
	})
	if err != nil {
		return chat.Message{}, err
	}
	s := t.after(res)
	return say(fmt.Sprintf("Unloaded %s%s. Loaded now: %s.", loadedBy(res.Entry.Events()), becauseOf(res.Entry.Because()), stackText(s.Skills())),
		t.costLine(t.before(res).cost(), s.cost(), s.roomNow())), nil
}

// baseName is the name in a pasted path of a skill.
func baseName(text string) string {
	text = strings.Trim(text, "`'\" ")
	if low := strings.ToLower(text); strings.HasSuffix(low, "/skill.md") {
		text = text[:len(text)-len("/skill.md")]
		text = text[strings.LastIndexByte(text, '/')+1:]
	}
	return text
}

// loadedBy names the skills that a decision put on the stack or took off.
func loadedBy(events []orchestration.Event) string {
	var names []string
	for _, e := range events {
		switch e := e.(type) {
		case orchestration.SkillLoaded:
			names = append(names, e.Skill.Name.Last())
		case orchestration.SkillUnloaded:
			names = append(names, e.Skill.Name.Last())
		}
	}
	return strings.Join(names, ", ")
}

func stackText(skills []orchestration.Skill) string {
	if len(skills) == 0 {
		return "nothing"
	}
	return skillNames(skills)
}

// noted is a refusal with what the library had to say about the names in it.
func noted(err error, notes []string) (chat.Message, error) {
	var r orchestration.Refusal
	if len(notes) == 0 || !errors.As(err, &r) {
		return chat.Message{}, err
	}
	return withNotes(refused(r), notes...), nil
}

func withNotes(m chat.Message, notes ...string) chat.Message {
	for _, note := range notes {
		if note != "" {
			m.Blocks = append(m.Blocks, chat.Remark(note))
		}
	}
	return m
}
