package discordtest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Args are what a person fills into a command's options, by their names:
// strings, whole numbers, booleans, members, channels, roles.
type Args map[string]any

// Slash sends a command: "baton", or with its subcommand "baton persona". What
// the client would not let a person send is an error.
func (m *Member) Slash(ch *Channel, command string, args Args) (*Interaction, error) {
	s := m.Guild.s
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := m.choose(ch, command)
	if err != nil {
		return nil, err
	}
	for name := range args {
		if !slices.ContainsFunc(p.options, func(o object) bool { return o["name"] == name }) {
			return nil, fmt.Errorf("the command %q has no option %q", command, name)
		}
	}
	for _, o := range p.options {
		name, _ := o["name"].(string)
		v, given := args[name]
		if !given && o["required"] == true {
			return nil, fmt.Errorf("the command %q needs the option %q", command, name)
		}
		if !given {
			continue
		}
		value, err := p.fill(o, v)
		if err != nil {
			return nil, err
		}
		p.values = append(p.values, value)
	}
	return m.act(p.app, ch, commandInteraction, p.data(), nil), nil
}

// Autocomplete types into an option and waits for suggestions.
func (m *Member) Autocomplete(ch *Channel, command, option, typed string, others Args) (*Interaction, error) {
	s := m.Guild.s
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := m.choose(ch, command)
	if err != nil {
		return nil, err
	}
	found := false
	for _, o := range p.options {
		name, _ := o["name"].(string)
		if name == option {
			if o["autocomplete"] != true {
				return nil, fmt.Errorf("the option %q has no autocomplete", option)
			}
			found = true
			p.values = append(p.values, object{"name": name, "type": o["type"], "value": typed, "focused": true})
		} else if v, given := others[name]; given {
			value, err := p.fill(o, v)
			if err != nil {
				return nil, err
			}
			p.values = append(p.values, value)
		}
	}
	if !found {
		return nil, fmt.Errorf("the command %q has no option %q", command, option)
	}
	return m.act(p.app, ch, autocompleteInteraction, p.data(), nil), nil
}

// typed is a command that is being filled in.
type typed struct {
	app      *Application
	guild    *Guild
	command  object
	path     []object // the group and the subcommand
	options  []object
	values   []object
	resolved object
}

// choose finds the command a person means, where the client shows it to them.
func (m *Member) choose(ch *Channel, command string) (*typed, error) {
	words := strings.Fields(command)
	if len(words) == 0 {
		return nil, fmt.Errorf("no command")
	}
	p, err := m.offered(ch, words[0], chatInput)
	if err != nil {
		return nil, err
	}
	at := p.command
	for _, word := range words[1:] {
		options := objects(at["options"])
		i := slices.IndexFunc(options, func(o object) bool {
			kind, _ := whole(o["type"])
			return o["name"] == word && kind <= subCommandGroup
		})
		if i < 0 {
			return nil, fmt.Errorf("the command %q has no subcommand %q", at["name"], word)
		}
		at = options[i]
		p.path = append(p.path, at)
	}
	p.options = objects(at["options"])
	for _, o := range p.options {
		if kind, _ := whole(o["type"]); kind <= subCommandGroup {
			return nil, fmt.Errorf("the command %q cannot be sent without a subcommand", command)
		}
	}
	return p, nil
}

// offered finds a command by name and type among what a person is shown: in the
// guild's list first, then in the global ones; not in archived threads.
func (m *Member) offered(ch *Channel, name string, kind int) (*typed, error) {
	if ch.thread != nil && ch.thread.archived {
		return nil, fmt.Errorf("there are no commands in an archived thread")
	}
	p := m.permissions(ch)
	if !m.sees(ch) || !p.has(UseCommands) {
		return nil, fmt.Errorf("%s may not use commands here", m.User.Name)
	}
	for _, app := range m.Guild.s.apps {
		if m.Guild.members[app.Bot.ID] == nil {
			continue
		}
		for _, scope := range []string{m.Guild.ID, ""} {
			for _, cmd := range app.commands[scope] {
				if k, _ := whole(cmd["type"]); cmd["name"] != name || k != kind || !inGuilds(cmd) {
					continue
				}
				if !m.allowed(p, cmd) {
					return nil, fmt.Errorf("%s is not shown %q: its default permissions are %v", m.User.Name, name, cmd["default_member_permissions"])
				}
				return &typed{app: app, guild: m.Guild, command: cmd, resolved: object{}}, nil
			}
		}
	}
	return nil, fmt.Errorf("there is no command %q", name)
}

// inGuilds reports whether a command is there in guilds; without contexts it is.
func inGuilds(cmd object) bool {
	all, ok := cmd["contexts"].([]any)
	return !ok || slices.ContainsFunc(all, func(v any) bool { n, ok := whole(v); return ok && n == 0 })
}

// allowed holds a person to a command's default permissions; "0" is for
// administrators only.
func (m *Member) allowed(p Permission, cmd object) bool {
	text, ok := cmd["default_member_permissions"].(string)
	if !ok {
		return true
	}
	need, err := strconv.ParseUint(text, 10, 64)
	if err != nil || need == 0 {
		return p.has(Administrator)
	}
	return p.has(Permission(need))
}

func objects(v any) []object {
	if all, ok := v.([]object); ok {
		return all
	}
	return nil
}

// data is the command as it is sent.
func (p *typed) data() object {
	inner := p.values
	for _, step := range slices.Backward(p.path) {
		kind, _ := whole(step["type"])
		inner = []object{{"name": step["name"], "type": kind, "options": orEmpty(inner)}}
	}
	kind, _ := whole(p.command["type"])
	out := object{"id": p.command["id"], "name": p.command["name"], "type": kind}
	if len(inner) > 0 {
		out["options"] = inner
	}
	if guild, ok := p.command["guild_id"]; ok {
		out["guild_id"] = guild
	}
	if len(p.resolved) > 0 {
		out["resolved"] = maps.Clone(p.resolved)
	}
	return out
}
