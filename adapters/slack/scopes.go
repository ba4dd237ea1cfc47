package slack

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Feature is something that Baton does in Slack only where it is wanted,
// since it takes more than the least: a permission, or messages to be read.
type Feature string

// The features.
const (
	// Home shows what waits for a person in the app's Home tab.
	Home Feature = "home"
	// Personas lets a persona speak under its own name and picture.
	Personas Feature = "personas"
	// History looks for what was said after a request whose outcome is unknown,
	// so that nothing is said twice.
	History Feature = "history"
	// Twins hears what stands under Baton's own name, and so notices that a second
	// Baton speaks with the same account. Slack delivers every message of the
	// channels for that.
	Twins Feature = "twins"
	// Direct answers in direct messages, and finds there what was said before.
	Direct Feature = "direct"
	// Files posts documents and pictures as files.
	Files Feature = "files"
	// People learns names and time zones.
	People Feature = "people"
	// Channels learns which channels Baton is in, and what they are called.
	Channels Feature = "channels"
	// Agents is Slack's view of agents: a status in the thread and a button that
	// stops the work.
	Agents Feature = "agents"
)

// need is what a feature takes. Sources: the method and event pages of
// https://docs.slack.dev/reference.
type need struct {
	scopes []string
	events []string
	what   string // what is not done without it, as in "Baton cannot …"
}

// least is what every installation has: `/baton`, posting, and being mentioned
// (https://docs.slack.dev/reference/scopes).
func least() need {
	return need{
		scopes: []string{"app_mentions:read", "chat:write", "commands"},
		events: []string{"app_mention", "app_uninstalled", "tokens_revoked"},
	}
}

// needs are what the features take beyond the least.
func needs() map[Feature]need {
	return map[Feature]need{
		Home:     {nil, []string{"app_home_opened"}, "show what waits for a person in the Home tab"},
		Personas: {[]string{"chat:write.customize"}, nil, "let a persona speak under its own name"},
		History:  {[]string{"channels:history", "groups:history"}, nil, "look whether something was said after a connection broke"},
		Twins: {
			[]string{"channels:history", "groups:history"},
			[]string{"message.channels", "message.groups"},
			"notice that a second Baton speaks with the same account",
		},
		Direct:   {[]string{"im:history", "im:write"}, []string{"message.im"}, "answer in direct messages, and look there for what was said"},
		Files:    {[]string{"files:write"}, nil, "post documents and pictures as files"},
		People:   {[]string{"users:read"}, nil, "learn the names and time zones of people"},
		Channels: {[]string{"channels:read", "groups:read"}, nil, "say which channels it is in"},
		// https://docs.slack.dev/ai/developing-agents: the Messages tab is direct messages.
		Agents: {
			[]string{"assistant:write", "im:history"},
			[]string{"agent_session_stopped", "app_home_opened", "message.im"},
			"show an agent's status and Slack's Stop button",
		},
	}
}

// Features are all there are, in order.
func Features() []Feature { return slices.Sorted(maps.Keys(needs())) }

// Scopes are what a bot token needs for these features, in order.
func Scopes(features ...Feature) []string {
	all := least().scopes
	for _, f := range features {
		all = append(all, needs()[f].scopes...)
	}
	return tidy(all)
}

// extra are the scopes that Baton can do without, which whoever installs it may
// decline.
func extra(features []Feature) []string {
	base := least().scopes
	return slices.DeleteFunc(Scopes(features...), func(s string) bool { return slices.Contains(base, s) })
}

// events are what Slack is to deliver for these features, in order.
func events(features []Feature) []string {
	all := least().events
	for _, f := range features {
		all = append(all, needs()[f].events...)
	}
	return tidy(all)
}

func tidy(all []string) []string {
	slices.Sort(all)
	return slices.Compact(all)
}

// Missing says what a token with these scopes cannot do that the features ask
// for: a sentence for each feature with what to add, nothing where all is there.
func Missing(granted []string, features ...Feature) []string {
	var out []string
	lack := func(of need) []string {
		return slices.DeleteFunc(slices.Clone(of.scopes), func(s string) bool { return slices.Contains(granted, s) })
	}
	if without := lack(least()); len(without) > 0 {
		out = append(out, fmt.Sprintf("Baton cannot work in Slack without %s; %s", strings.Join(without, ", "), howToAdd))
	}
	for _, f := range features {
		if without := lack(needs()[f]); len(without) > 0 {
			out = append(out, fmt.Sprintf("feature %q: Baton cannot %s without %s; %s, or take %q out of slack.features",
				f, needs()[f].what, strings.Join(without, ", "), howToAdd, f))
		}
	}
	return out
}

const howToAdd = "add it under OAuth & Permissions at https://api.slack.com/apps and install the app again"
