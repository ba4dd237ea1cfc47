package discord

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/synthoperator/baton/chat"
)

// menu are the commands of a message's menu by their names: what each calls. All
// of them open a form.
var menu = []struct {
	name, verb string
	args       map[string]string
}{
	{"Record decision", "note", map[string]string{"kind": "decision"}},
	{"Record artifact", "note", map[string]string{"kind": "artifact"}},
	{"Record open item", "note", map[string]string{"kind": "open"}},
	{"Hand off this", "handoff", nil},
}

// target is the message that a command of its menu is about. It is told whatever
// intents there are (D:events/gateway, Message Content Intent).
type target struct {
	ID         string          `json:"id"`
	Content    string          `json:"content"`
	Components json.RawMessage `json:"components"`
	Embeds     json.RawMessage `json:"embeds"`
	Mentions   []person        `json:"mentions"`
	Thread     *channel        `json:"thread"`
}

// decodeMenu is a call in the place of the message, or in the thread that hangs
// under it. What the message says is put into the form.
func (s *shift) decodeMenu(r *request, c command) error {
	m, ok := c.Resolved.Messages[c.TargetID]
	if !ok {
		return fmt.Errorf("the command %.40q is about no message", c.Name)
	}
	in := r.call.Thread
	channel := in.Channel()
	if !in.InChannel() {
		channel = in.Root()
	} else if m.Thread != nil {
		r.call.Thread = in.Under(c.TargetID)
	}
	for _, what := range menu {
		if what.name != c.Name {
			continue
		}
		r.call.Verb, r.call.Form, r.call.Args = what.verb, true, map[string]string{}
		for name, value := range what.args {
			r.call.Args[name] = value
		}
		if what.args != nil {
			r.call.Args["text"] = m.text()
			r.call.Args["link"] = linkTo(in.Workspace(), channel, c.TargetID)
		}
		for _, p := range m.Mentions {
			r.mention(p.named(""))
		}
		return nil
	}
	return fmt.Errorf("the command %.40q is none of Baton's", c.Name)
}

// text is what a message says, in one line as notes are.
func (m target) text() string {
	text := m.Content
	if text == "" {
		text = strings.Join((&message{Components: m.Components, Embeds: m.Embeds}).texts(), "\n")
	}
	return strings.Join(strings.Fields(text), " ")
}

// mention says who is named by an id in what was said.
func (r *request) mention(p chat.Person) {
	if r.call.Mentions == nil {
		r.call.Mentions = map[string]chat.Person{}
	}
	r.call.Mentions["<@"+p.ID+">"] = p
	r.call.Mentions["<@!"+p.ID+">"] = p
}
