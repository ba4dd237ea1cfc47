package commands

import (
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/library"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/prompt"
	"github.com/synthoperator/baton/state"
)

// text is the pinned text of a persona or skill: from the library while its
// file is as it was, else from what the log kept when it was loaded.
func (t *turn) text(pin orchestration.Pin) (string, bool) {
	if body, ok := t.lib.Body(pin); ok {
		return body, true
	}
	raw, ok, err := t.r.store.Content(t.ctx, pin.Hash)
	if err != nil || !ok {
		return "", false
	}
	return library.Text(pin, raw)
}

// contents are the texts a decision pins, kept with it for good: what was
// loaded stays what is used, whatever becomes of the file.
func (t *turn) contents(d orchestration.Decision) map[string][]byte {
	var out map[string][]byte
	keep := func(pin orchestration.Pin) {
		if pin.Hash == "" || t.r.store.Keeps(pin.Hash) {
			return
		}
		if raw, ok := t.lib.Raw(pin); ok {
			if out == nil {
				out = map[string][]byte{}
			}
			out[pin.Hash] = raw
		}
	}
	for _, e := range d.Events() {
		switch e := e.(type) {
		case orchestration.PhaseEntered:
			keep(e.Persona.Pin)
			for _, s := range e.Skills {
				keep(s.Pin)
			}
		case orchestration.PersonaSwitched:
			keep(e.Persona.Pin)
		case orchestration.SkillLoaded:
			keep(e.Skill.Pin)
		case orchestration.DefaultPersonaSet:
			keep(e.Persona.Pin)
		case orchestration.DefaultSkillLoaded:
			keep(e.Skill.Pin)
		}
	}
	return out
}

func tokens(text string) int { return library.Tokens(text) }

// pinCost is the tokens of one persona or skill as it was pinned.
func (t *turn) pinCost(pin orchestration.Pin) int {
	if n, ok := t.lib.Cost(pin); ok {
		return n
	}
	text, _ := t.text(pin)
	return tokens(text)
}

func (t *turn) stackCost(p orchestration.Persona, skills []orchestration.Skill) int {
	n := 0
	if !p.Name.IsZero() {
		n = t.pinCost(p.Pin)
	}
	for _, s := range skills {
		n += t.pinCost(s.Pin)
	}
	return n
}

// before is the session as it was before a decision, for the answer.
func (t *turn) before(res state.Result) shown {
	return shown{t: t, Session: res.Before, id: res.ID, number: res.Number}
}

// inChannel reports whether the call means the channel itself, not a session.
func (t *turn) inChannel() bool { return t.call.Thread.InChannel() && t.in == 0 }

// roomNow is the room around the session, for small print; where it cannot be
// read the small print goes without.
func (s shown) roomNow() orchestration.Room {
	in, _ := s.t.here()
	return in
}

// drift says which of what is loaded has changed in the library since: the
// pinned text stays in use until somebody loads the new one.
func (s shown) drift() []string {
	var out []string
	note := func(name string, pin orchestration.Pin, again string) {
		now, changed, gone := s.t.lib.Changed(pin)
		switch {
		case gone:
			out = append(out, name+" is in the library no more; the text loaded here stays in use.")
		case changed:
			out = append(out, name+" has changed in the library (now @"+now.Short()+"); the text loaded here stays in use until `"+again+"`.")
		}
	}
	if p := s.Persona(); !p.Name.IsZero() {
		note(p.String(), p.Pin, "persona "+p.Name.String())
	}
	for _, skill := range s.Skills() {
		note(skill.String(), skill.Pin, "load "+skill.Name.String())
	}
	return out
}

// compose builds the prompt of the session's open phase.
func (s shown) compose(task string) prompt.Prompt { return prompt.Compose(s.Session, s.t.text, task) }

// attachPrompt puts a prompt into a message as a file to be copied, with what
// was demoted and what it costs.
func (s shown) attachPrompt(m *chat.Message, task, name string) {
	p := s.compose(task)
	m.Files = append(m.Files, chat.File{Name: name, MediaType: "text/markdown", Data: []byte(p.Text())})
	for _, d := range p.Demoted {
		m.Blocks = append(m.Blocks, chat.Remark(d+"."))
	}
	for _, missing := range p.Missing {
		m.Blocks = append(m.Blocks, chat.Remark(missing+" could not be read and is not in this prompt; load it again."))
	}
	text := "About " + thousands(p.Tokens()) + " tokens."
	if b := s.roomNow().Budget(); b > 0 && p.Tokens() > b {
		text = "About " + thousands(p.Tokens()) + " tokens: over the budget of " + thousands(b) + "."
	}
	m.Blocks = append(m.Blocks, chat.Remark(text))
}
