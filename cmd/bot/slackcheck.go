package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/synthoperator/baton/adapters/slack"
)

// slackChecked is what a check of Slack found.
type slackChecked struct {
	Transport string        `json:"transport"`
	Workspace string        `json:"workspace,omitempty"`
	Team      string        `json:"team,omitempty"`
	As        string        `json:"as,omitempty"`
	Checks    []slackCheck  `json:"checks"`
	Channels  []slack.Place `json:"channels"` // that Baton is in, as far as it may know
}

// slackCheck is one thing that was looked at.
type slackCheck struct {
	What   string `json:"what"`
	State  string `json:"state"` // "ready", "noted", "wrong", or "misconfigured"
	Detail string `json:"detail"`
	Remedy string `json:"remedy,omitempty"`
}

// The states of a check. Only what is wrong makes the check fail.
const (
	slackReady = "ready"
	slackNoted = "noted"
	slackWrong = "wrong"         // Slack says so
	slackUnset = "misconfigured" // missing, or in another's place
)

// checkTime is how long Slack may take for one answer.
const checkTime = 10 * time.Second

func (s *slackChecked) add(what, state, detail, remedy string) {
	s.Checks = append(s.Checks, slackCheck{what, state, detail, remedy})
}

// code is the exit code that the checks come to.
func (s *slackChecked) code() int {
	code := exitDone
	if s == nil {
		return code
	}
	for _, c := range s.Checks {
		switch c.State {
		case slackUnset:
			return exitUsage
		case slackWrong:
			code = exitFailed
		}
	}
	return code
}

// checkSlack asks Slack about each secret; nil where it is not enabled. It shows
// none of them.
func checkSlack(ctx context.Context, c SlackConfig) *slackChecked {
	if !c.Enabled {
		return nil
	}
	s := &slackChecked{Transport: string(c.Transport), Checks: []slackCheck{}, Channels: []slack.Place{}}
	tokens, wrong := slackTokensOf(c)
	for _, text := range wrong {
		what, remedy, _ := strings.Cut(text, ": ")
		name, _, _ := strings.Cut(what, " ")
		s.add(name, slackUnset, what, remedy)
	}
	ask := slack.Inspector{APIURL: c.APIURL}
	if slack.TokenKind(tokens.bot.Reveal()) == "bot token" {
		s.bot(ctx, ask, c, tokens)
	}
	if slack.Transport(c.Transport) == slack.SocketMode && slack.TokenKind(tokens.app.Reveal()) == "app-level token" {
		s.socket(ctx, ask, tokens)
	}
	if slack.Transport(c.Transport) == slack.HTTP {
		if !tokens.signing.IsZero() && slack.TokenKind(tokens.signing.Reveal()) == "" {
			s.add(slackSigning, slackReady, slackSigning+" is set", "")
		}
		s.add("public_url", slackNoted, "Slack has to reach "+c.PublicURL+slack.EventsPath+
			"; whether it does, only Slack can say: its page Event Subscriptions checks the address while `bot run` runs", "")
	}
	return s
}

// bot asks whose the bot token is, what it lacks and where Baton is.
func (s *slackChecked) bot(ctx context.Context, ask slack.Inspector, c SlackConfig, tokens slackTokens) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	id, err := ask.Identify(ctx, slack.Secret(tokens.bot.Reveal()))
	if err != nil {
		s.add(slackBotToken, slackWrong, failed(slackBotToken, err), remedyFor(err, findBotToken))
		return
	}
	s.Workspace, s.Team, s.As = id.TeamName, id.Team, id.BotName
	where := "workspace " + withDetail(id.TeamName, id.Team)
	if id.Org {
		where = "organisation " + withDetail(id.TeamName, id.Enterprise)
	}
	s.add(slackBotToken, slackReady, fmt.Sprintf("%s works: %s, as @%s", slackBotToken, where, id.BotName), "")
	lacks := slack.Missing(id.Scopes, c.Features...)
	for _, text := range lacks {
		what, remedy, _ := strings.Cut(text, "; ")
		s.add("scopes", slackWrong, what, remedy)
	}
	if len(lacks) == 0 {
		s.add("scopes", slackReady, "every permission that the features need is there", "")
	}
	s.channels(ctx, ask, id)
}

// channels says where Baton is, where it may know that.
func (s *slackChecked) channels(ctx context.Context, ask slack.Inspector, id slack.Identity) {
	const invite = "type /invite @"
	if !strings.Contains(" "+strings.Join(id.Scopes, " ")+" ", " channels:read ") || id.Org {
		s.add("channels", slackNoted, "Baton may not list channels, so it is not known which it is in", invite+id.BotName+` in those it should be in; the feature "channels" lists them here`)
		return
	}
	all, err := ask.Membership(ctx, id.Token, "", id.Scopes)
	s.Channels = append(s.Channels, all...)
	if err != nil {
		s.add("channels", slackWrong, failed("the list of channels", err), remedyFor(err, ""))
		return
	}
	if len(all) == 0 {
		s.add("channels", slackNoted, "Baton is in no channel yet", invite+id.BotName+" in one")
		return
	}
	names := make([]string, len(all))
	for i, p := range all {
		names[i] = "#" + p.Name
	}
	const shown = 20
	if more := len(names) - shown; more > 0 {
		names = append(names[:shown], fmt.Sprintf("and %d more", more))
	}
	s.add("channels", slackReady, "Baton is in "+strings.Join(names, ", "), "")
}

// socket asks whether Socket Mode would connect.
func (s *slackChecked) socket(ctx context.Context, ask slack.Inspector, tokens slackTokens) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	err := ask.OpenSocket(ctx, slack.Secret(tokens.app.Reveal()))
	var refused slack.Refusal
	switch {
	case err == nil:
		s.add(slackAppToken, slackReady, slackAppToken+" works: Socket Mode connects", "")
	case errors.As(err, &refused) && refused.Code == "socket_mode_not_enabled":
		s.add(slackAppToken, slackWrong, "Socket Mode is off", `turn it on under "Socket Mode" of your app at https://api.slack.com/apps, or set transport = "http"`)
	case errors.As(err, &refused) && refused.Code == "missing_scope":
		s.add(slackAppToken, slackWrong, slackAppToken+" lacks the scope connections:write", findAppToken)
	default:
		s.add(slackAppToken, slackWrong, failed(slackAppToken, err), remedyFor(err, findAppToken))
	}
}

// failed says what came of asking.
func failed(what string, err error) string {
	var refused slack.Refusal
	switch {
	case slack.Dead(err):
		return what + " does not work: " + err.Error()
	case errors.As(err, &refused):
		return what + ": " + err.Error()
	case errors.Is(err, context.DeadlineExceeded):
		return what + ": Slack gave no answer in time"
	}
	return what + ": Slack cannot be reached: " + err.Error()
}

// remedyFor says what to do about it.
func remedyFor(err error, find string) string {
	var refused slack.Refusal
	switch {
	case slack.Dead(err):
		return find
	case errors.As(err, &refused):
		return "https://docs.slack.dev/reference/methods/" + refused.Method + " says what that means"
	}
	return "look at the network, at a proxy, and at slack.api_url"
}

func (c slackCheck) String() string {
	text := "slack          " + c.Detail
	if c.State == slackReady {
		return text
	}
	return withRemedy(text, c.Remedy)
}
