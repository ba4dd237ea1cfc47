package discord

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/synthoperator/baton/chat"
)

// command is what Baton reads of a command that was sent or is being typed
// (D:interactions/receiving-and-responding, Application Command Data).
type command struct {
	Name     string        `json:"name"`
	Type     int           `json:"type"`
	TargetID string        `json:"target_id"`
	Options  []typedOption `json:"options"`
	Resolved resolved      `json:"resolved"`
}

type typedOption struct {
	Name    string        `json:"name"`
	Type    int           `json:"type"`
	Value   any           `json:"value"`
	Focused bool          `json:"focused"`
	Options []typedOption `json:"options"`
}

// resolved is what ids in a command stand for.
type resolved struct {
	Users    map[string]person `json:"users"`
	Members  map[string]member `json:"members"`
	Messages map[string]target `json:"messages"`
}

// Types of commands and options (D:interactions/application-commands).
const (
	chatInput      = 1
	messageCommand = 3

	subcommand    = 1
	stringOption  = 3
	integerOption = 4
	booleanOption = 5
	userOption    = 6
	channelOption = 7
)

func (s *shift) decodeCommand(r *request, i interaction) error {
	r.door = doorCommand
	if i.Type == typeSuggestions {
		r.door = doorSuggestions
	}
	// Numbers come as JSON has them, and are never large.
	var c command
	dec := json.NewDecoder(strings.NewReader(string(i.Data)))
	dec.UseNumber()
	if err := dec.Decode(&c); err != nil {
		return fmt.Errorf("a command: %w", err)
	}
	if c.Type == messageCommand {
		return s.decodeMenu(r, c)
	}
	if c.Name != rootCommand || len(c.Options) != 1 || c.Options[0].Type != subcommand {
		return fmt.Errorf("the command %.40q with %d options", c.Name, len(c.Options))
	}
	verb := c.Options[0]
	r.call.Verb, r.call.Args = verb.Name, map[string]string{}
	for _, o := range verb.Options {
		if o.Focused {
			r.typed = o.Name
		}
		if o.Name == formOption {
			r.call.Form = o.Value == true
			continue
		}
		r.call.Args[o.Name] = r.text(o, c.Resolved)
	}
	if i.Type == typeCommand && s.asksForForm(r.call) {
		r.call.Form = true
	}
	return nil
}

// text is an option's value as somebody would type it.
func (r *request) text(o typedOption, among resolved) string {
	text := fmt.Sprint(o.Value)
	switch o.Type {
	case userOption:
		p := among.Users[text].named(among.Members[text].Nick)
		if p.ID == "" {
			p.ID = text
		}
		text = "<@" + p.ID + ">"
		if r.call.Mentions == nil {
			r.call.Mentions = map[string]chat.Person{}
		}
		r.call.Mentions[text] = p
	case channelOption:
		text = "<#" + text + ">"
	case booleanOption:
		text = "no"
		if o.Value == true {
			text = "yes"
		}
	}
	return text
}

// asksForForm: a verb that has a form is asked for it by being sent without any
// of what it needs. Nothing of it is required in Discord: see [subcommandOf].
func (s *shift) asksForForm(c chat.Call) bool {
	all := s.h.Specs()
	i := slices.IndexFunc(all, func(v chat.Spec) bool { return v.Name == c.Verb })
	if i < 0 || all[i].Form == "" {
		return false
	}
	needs := false
	for _, o := range all[i].Options {
		if _, given := c.Args[o.Name]; given {
			return false
		}
		needs = needs || o.Required
	}
	return needs
}
