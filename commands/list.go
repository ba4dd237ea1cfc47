package commands

import (
	"fmt"
	"strings"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/library"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

type listArgs struct {
	What   string `pos:"keyword" choices:"sessions,patterns,personas,skills" help:"sessions of this channel (the default), patterns, personas or skills"`
	Query  string `pos:"rest" help:"words to search names and descriptions for"`
	Page   int    `help:"the page, 1 or more"`
	Before int    `help:"sessions older than this number"`
	All    bool   `kind:"yes" help:"ended sessions too"`
}

func list() Command {
	return declare(about{
		Name: "list", Help: "List sessions, patterns, personas or skills, or search them", Reads: true, Example: "list skills audit",
	}, doList)
}

func doList(t *turn, a listArgs) (chat.Message, error) {
	switch a.What {
	case "patterns":
		return t.listPatterns(a.Query), nil
	case "personas":
		return t.listEntries(library.PersonaKind, a)
	case "skills":
		return t.listEntries(library.SkillKind, a)
	}
	if a.Query != "" && a.What == "" {
		return chat.Message{}, orchestration.Refuse("search what?").Try("list skills "+a.Query, "list personas "+a.Query)
	}
	lines, more, err := t.sessionLines(state.Page{OnlyOpen: !a.All, Before: a.Before, Limit: 15})
	if err != nil {
		return chat.Message{}, err
	}
	if len(lines) == 0 {
		text := "No session is open in this channel."
		if !a.All {
			text += " `list sessions all: yes` shows ended ones too."
		}
		return say(text), nil
	}
	m := chat.Message{Title: "Sessions of this channel", Blocks: []chat.Block{lines}}
	if more > 0 {
		m.Blocks = append(m.Blocks, chat.Remark(fmt.Sprintf("Older ones: `list sessions before: %d`.", more)))
	}
	return m, nil
}

func (t *turn) listPatterns(query string) chat.Message {
	var lines chat.Bullets
	for _, p := range t.lib.Patterns() {
		text := fmt.Sprintf("%s (%s): %s", p.Plan.Name(), p.Plan.Kind(), p.Description)
		if query == "" || strings.Contains(strings.ToLower(text), strings.ToLower(query)) {
			lines = append(lines, text)
		}
	}
	if len(lines) == 0 {
		return say(fmt.Sprintf("No pattern matches %q. `list patterns` shows them all.", query))
	}
	return chat.Message{Title: "Patterns", Blocks: []chat.Block{lines, chat.Remark("Start one with `start <pattern> <objective>`.")}}
}

func (t *turn) listEntries(kind library.Kind, a listArgs) (chat.Message, error) {
	const perPage = 20
	page := max(1, a.Page)
	found, total := t.lib.Search(kind, a.Query, page, perPage)
	if len(found) == 0 {
		return say(fmt.Sprintf("Nothing among the %s matches %q.", a.What, a.Query)), nil
	}
	var lines chat.Bullets
	for _, e := range found {
		lines = append(lines, fmt.Sprintf("%s (%s tokens, %s): %s", e.Name, thousands(e.Tokens), e.Pin.Source, short(e.Description, 110)))
	}
	m := chat.Message{Title: upperFirst(a.What), Blocks: []chat.Block{lines}}
	if last := (total + perPage - 1) / perPage; last > 1 {
		text := fmt.Sprintf("Page %d of %d.", page, last)
		if page < last {
			text += fmt.Sprintf(" Next: `%s`.", strings.Join(strings.Fields(fmt.Sprintf("list %s %s page: %d", a.What, a.Query, page+1)), " "))
		}
		m.Blocks = append(m.Blocks, chat.Remark(text))
	}
	return m, nil
}
