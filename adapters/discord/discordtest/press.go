package discordtest

import (
	"fmt"
	"slices"
)

// Click presses a button of a message, named by its custom_id or its label.
func (m *Member) Click(on Message, which string) (*Interaction, error) {
	s := m.Guild.s
	s.mu.Lock()
	defer s.mu.Unlock()
	msg, c, err := m.reach(on, which, button)
	if err != nil {
		return nil, err
	}
	return m.act(s.owner(msg), msg.channel, componentInteraction, pressed(c), msg), nil
}

// Select chooses values of a select, named by its custom_id.
func (m *Member) Select(on Message, which string, values ...string) (*Interaction, error) {
	s := m.Guild.s
	s.mu.Lock()
	defer s.mu.Unlock()
	msg, c, err := m.reach(on, which, stringSelect, userSelect, roleSelect, mentionableSelect, channelSelect)
	if err != nil {
		return nil, err
	}
	if err := choosable(fieldOf(c), values); err != nil {
		return nil, err
	}
	data := pressed(c)
	data["values"] = orEmpty(values)
	if resolved := s.resolved(m.Guild, values); len(resolved) > 0 {
		data["resolved"] = resolved
	}
	return m.act(s.owner(msg), msg.channel, componentInteraction, data, msg), nil
}

func pressed(c object) object {
	kind, _ := whole(c["type"])
	return object{"custom_id": c["custom_id"], "component_type": kind, "id": c["id"]}
}

// reach finds a component a person can press on a message as it is now.
func (m *Member) reach(on Message, which string, kinds ...int) (*message, object, error) {
	s := m.Guild.s
	ch := s.channels[on.ChannelID]
	if ch == nil || !m.sees(ch) {
		return nil, nil, fmt.Errorf("%s does not see the channel", m.User.Name)
	}
	i := slices.IndexFunc(ch.messages, func(o *message) bool { return o.id == on.ID && (o.only == "" || o.only == m.User.ID) })
	if i < 0 {
		return nil, nil, fmt.Errorf("%s does not see the message %s", m.User.Name, on.ID)
	}
	msg := ch.messages[i]
	var found object
	walk(msg.components, func(c object) {
		kind, _ := whole(c["type"])
		if found == nil && slices.Contains(kinds, kind) && (c["custom_id"] == which || c["label"] == which) {
			found = c
		}
	})
	switch {
	case found == nil:
		return nil, nil, fmt.Errorf("the message %s has nothing %q to press", on.ID, which)
	case found["disabled"] == true:
		return nil, nil, fmt.Errorf("%q is disabled", which)
	case found["custom_id"] == nil:
		return nil, nil, fmt.Errorf("%q is a link", which)
	case s.owner(msg) == nil:
		return nil, nil, fmt.Errorf("the message %s is of no application", on.ID)
	}
	return msg, found, nil
}

func choosable(f Field, values []string) error {
	if len(values) < f.MinValues || len(values) > f.MaxValues {
		return fmt.Errorf("%q takes %d to %d values", f.CustomID, f.MinValues, f.MaxValues)
	}
	for _, v := range values {
		if len(f.Options) > 0 && !slices.ContainsFunc(f.Options, func(o Option) bool { return o.Value == v }) {
			return fmt.Errorf("%q has no option %q", f.CustomID, v)
		}
	}
	return nil
}

// resolved are the users, roles and channels among the values of a select.
func (s *Server) resolved(g *Guild, values []string) object {
	p := &typed{guild: g, resolved: object{}}
	for _, v := range values {
		if m := g.members[v]; m != nil {
			_, _ = p.resolve("", userOptionType, m)
		} else if r := g.role(v); r != nil {
			_, _ = p.resolve("", roleOptionType, r)
		} else if ch := s.channels[v]; ch != nil {
			_, _ = p.resolve("", channelOptionType, ch)
		}
	}
	return p.resolved
}

// MessageCommand chooses a command from a message's context menu. The command
// gets the message as it is, whatever intents the application has.
func (m *Member) MessageCommand(on Message, name string) (*Interaction, error) {
	s := m.Guild.s
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.channels[on.ChannelID]
	if ch == nil {
		return nil, fmt.Errorf("there is no channel %s", on.ChannelID)
	}
	msg := ch.find(on.ID)
	if msg == nil {
		return nil, fmt.Errorf("there is no message %s", on.ID)
	}
	p, err := m.offered(ch, name, messageCommand)
	if err != nil {
		return nil, err
	}
	data := p.data()
	data["target_id"] = msg.id
	data["resolved"] = object{"messages": object{msg.id: msg.json()}}
	return m.act(p.app, ch, commandInteraction, data, nil), nil
}

// owner is the application that is told when a message's components are used:
// the one that answered an interaction with it, whose webhook or whose bot said
// it.
func (s *Server) owner(m *message) *Application {
	for _, app := range s.apps {
		if app.ID == m.application || app.Bot == m.author {
			return app
		}
	}
	return nil
}
