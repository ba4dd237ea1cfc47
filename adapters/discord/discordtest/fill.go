package discordtest

import (
	"fmt"
	"slices"
)

// fill makes one option's value, within what the client lets a person enter.
// Choices of autocomplete bind nobody; static ones do.
func (p *typed) fill(o object, v any) (object, error) {
	name, _ := o["name"].(string)
	kind, _ := whole(o["type"])
	out := object{"name": name, "type": kind, "value": v}
	switch v := v.(type) {
	case string:
		if kind != stringOptionType {
			return nil, fmt.Errorf("the option %q takes no text", name)
		}
		low, _ := whole(o["min_length"])
		high, ok := whole(o["max_length"])
		if !ok {
			high = stringOption
		}
		if n := length(v); n < low || n > high {
			return nil, fmt.Errorf("the option %q takes %d to %d characters", name, low, high)
		}
	case int:
		if kind != integerOptionType && kind != numberOptionType {
			return nil, fmt.Errorf("the option %q takes no number", name)
		}
	case bool:
		if kind != booleanOptionType {
			return nil, fmt.Errorf("the option %q takes no yes or no", name)
		}
	default:
		id, err := p.resolve(name, kind, v)
		if err != nil {
			return nil, err
		}
		out["value"] = id
	}
	if all, _ := o["choices"].([]any); len(all) > 0 && !slices.ContainsFunc(all, func(c any) bool {
		choice, _ := c.(object)
		return fmt.Sprint(choice["value"]) == fmt.Sprint(v)
	}) {
		return nil, fmt.Errorf("the option %q has no choice %q", name, v)
	}
	return out, nil
}

// resolve is the id of who or what is chosen; the interaction carries the rest
// of it (D:interactions/receiving-and-responding, Resolved Data).
func (p *typed) resolve(name string, kind int, v any) (string, error) {
	add := func(key, id string, what object) {
		all, ok := p.resolved[key].(object)
		if !ok {
			all = object{}
			p.resolved[key] = all
		}
		all[id] = what
	}
	switch v := v.(type) {
	case *Member:
		if kind == userOptionType || kind == anyoneOptionType {
			partial := v.partial()
			delete(partial, "deaf")
			delete(partial, "mute")
			partial["permissions"] = v.permissions(nil).text()
			add("users", v.User.ID, v.User.json())
			add("members", v.User.ID, partial)
			return v.User.ID, nil
		}
	case *Role:
		if kind == roleOptionType || kind == anyoneOptionType {
			add("roles", v.ID, v.json(slices.Index(p.guild.roles, v)))
			return v.ID, nil
		}
	case *Channel:
		if kind == channelOptionType {
			add("channels", v.ID, v.json())
			return v.ID, nil
		}
	}
	return "", fmt.Errorf("the option %q does not take %T", name, v)
}
