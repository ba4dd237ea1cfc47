package slacktest

import (
	"fmt"
	"slices"
)

// place is where an element stands: a message or a view.
type place struct {
	message *Message
	channel *Channel
	view    *View
	blocks  []any
	in      *Install
}

func (p *Person) messagePlace(m Message) (place, error) {
	ch := p.team.channels[m.Channel]
	if ch == nil {
		return place{}, fmt.Errorf("there is no channel %s", m.Channel)
	}
	for _, live := range ch.messages {
		if live.TS != m.TS || live.Deleted || live.For != "" && live.For != p.ID {
			continue
		}
		for _, in := range p.team.installs {
			if in.BotID == live.BotID {
				return place{message: live, channel: ch, blocks: live.Blocks, in: in}, nil
			}
		}
		return place{message: live, channel: ch, blocks: live.Blocks}, nil
	}
	return place{}, fmt.Errorf("%s does not see the message %s", p.Name, m.TS)
}

func viewPlace(v *View) (place, error) {
	if !v.open {
		return place{}, fmt.Errorf("the view %s is closed", v.ID)
	}
	return place{view: v, blocks: v.body["blocks"].([]any), in: v.in}, nil
}

// Click presses a button of a message, named by its action id or its label.
func (p *Person) Click(m Message, name string) *Seen { return p.Select(m, name) }

// Select chooses in a menu of a message, by value or text.
func (p *Person) Select(m Message, name string, values ...string) *Seen {
	p.s.mu.Lock()
	at, err := p.messagePlace(m)
	return p.act(at, err, name, values)
}

// Press presses a button in a view, or chooses in one of its menus.
func (p *Person) Press(v *View, name string, values ...string) *Seen {
	p.s.mu.Lock()
	at, err := viewPlace(v)
	return p.act(at, err, name, values)
}

// act tells the app that somebody acted on an element. s.mu is held on entry.
func (p *Person) act(at place, err error, name string, values []string) *Seen {
	s := p.s
	seen := &Seen{person: p, channel: at.channel}
	var b, e map[string]any
	if err == nil {
		if b, e = byName(at.blocks, name); e == nil {
			err = fmt.Errorf("there is no %q to act on", name)
		} else if at.in == nil {
			err = fmt.Errorf("the app is not here any more")
		} else if at.in.app.NoInteractivity {
			err = fmt.Errorf("this app is not configured to handle interactive responses")
		}
	}
	var action map[string]any
	if err == nil {
		action, err = p.action(at, b, e, values)
	}
	if err != nil {
		s.mu.Unlock()
		seen.Refused = err.Error()
		return seen
	}
	if at.channel != nil {
		seen.since = at.channel.countFor(p.ID)
	}
	payload := p.interaction(at, "block_actions")
	payload["actions"] = []any{action}
	seen.trigger, _ = payload["trigger_id"].(string)
	seen.delivery = s.deliver(at.in.app, p.team.ID, Interactive, payload, nil)
	s.mu.Unlock()
	seen.await()
	return seen
}

// action is one entry of actions in a payload.
func (p *Person) action(at place, b, e map[string]any, values []string) (map[string]any, error) {
	kind, _ := e["type"].(string)
	action := map[string]any{"type": kind, "action_id": e["action_id"], "block_id": b["block_id"], "action_ts": p.s.clock.stamp()}
	switch kind {
	case "button", "icon_button":
		action["text"] = e["text"]
		if e["value"] != nil {
			action["value"] = e["value"]
		}
	case "feedback_buttons":
		for _, side := range []string{"positive_button", "negative_button"} {
			o, _ := e[side].(map[string]any)
			if len(values) > 0 && (o["value"] == values[0] || textOf(o["text"]) == values[0]) {
				action["value"], action["text"] = o["value"], o["text"]
			}
		}
	case "overflow":
		o, err := optionOf(e, first(values))
		if err != nil {
			return nil, err
		}
		action["selected_option"] = o
	default:
		value, err := filled(p.s.offered(b, e), values...)
		if err != nil {
			return nil, err
		}
		for field, v := range value {
			action[field] = v
		}
		if at.view != nil {
			at.view.values[b["block_id"].(string)][e["action_id"].(string)] = value
		}
	}
	return action, nil
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// interaction is what all payloads of interactivity have (slack.md, appendix B).
func (p *Person) interaction(at place, kind string) map[string]any {
	s := p.s
	payload := map[string]any{
		"type": kind, "token": "t", "api_app_id": at.in.app.ID, "trigger_id": s.newTrigger(p, at.in, at.modal()),
		"user":       map[string]any{"id": p.ID, "username": p.Name, "name": p.Name, "team_id": p.team.ID},
		"team":       map[string]any{"id": p.team.ID, "domain": p.team.Name},
		"enterprise": nil, "is_enterprise_install": at.in.org != nil,
	}
	if o := p.team.org; o != nil {
		payload["enterprise"] = map[string]any{"id": o.ID, "name": o.Name}
	}
	if at.view != nil {
		payload["view"] = at.view.wire()
		payload["container"] = map[string]any{"type": "view", "view_id": at.view.ID}
		return payload
	}
	if at.message != nil {
		p.aboutMessage(payload, at)
	}
	return payload
}

func (p *Person) aboutMessage(payload map[string]any, at place) {
	m, ch := at.message, at.channel
	container := map[string]any{
		"type": "message", "message_ts": m.TS, "channel_id": ch.ID, "is_ephemeral": m.For != "",
	}
	if m.ThreadTS != "" {
		container["thread_ts"] = m.ThreadTS
	}
	payload["container"], payload["channel"] = container, map[string]any{"id": ch.ID, "name": ch.Name}
	payload["response_url"] = p.s.newHook("actions", at.in, ch, p.ID, m)
	payload["state"] = map[string]any{"values": map[string]any{}}
	if m.For == "" { // Slack does not keep ephemeral messages, so it cannot send them along
		payload["message"] = ch.wireMessage(m, true)
	}
}

// modal is the modal in which something was done, or nil.
func (at place) modal() *View {
	if at.view == nil || !slices.Contains(at.view.person.stack, at.view) {
		return nil
	}
	return at.view
}
