package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/synthoperator/baton/adapters/slack"
)

// slackChecked is what a check of Slack found.
type slackChecked struct {
	Transport string         `json:"transport"`
	Workspace string         `json:"workspace,omitempty"`
	Team      string         `json:"team,omitempty"`
	As        string         `json:"as,omitempty"`
	Checks    platformChecks `json:"checks"`
	Channels  []slack.Place  `json:"channels"` // that Baton is in, as far as it may know
}

// checkSlack asks Slack about each secret; nil where it is not enabled. It shows
// none of them.
func checkSlack(ctx context.Context, c SlackConfig) *slackChecked {
	if !c.Enabled {
		return nil
	}
	s := &slackChecked{Transport: string(c.Transport), Checks: platformChecks{}, Channels: []slack.Place{}}
	tokens, wrong := slackTokensOf(c)
	s.Checks.unset(wrong)
	ask := slack.Inspector{APIURL: c.APIURL}
	if slack.TokenKind(tokens.bot.Reveal()) == "bot token" {
		s.bot(ctx, ask, c, tokens)
	}
	if slack.Transport(c.Transport) == slack.SocketMode && slack.TokenKind(tokens.app.Reveal()) == "app-level token" {
		s.socket(ctx, ask, tokens)
	}
	if slack.Transport(c.Transport) == slack.HTTP {
		if !tokens.signing.IsZero() && slack.TokenKind(tokens.signing.Reveal()) == "" {
			s.Checks.add(slackSigning, checkReady, slackSigning+" is set", "")
		}
		s.Checks.add("public_url", checkNoted, "Slack has to reach "+c.PublicURL+slack.EventsPath+
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
		s.Checks.add(slackBotToken, checkWrong, failed(slackBotToken, err), remedyFor(err, findBotToken))
		return
	}
	s.Workspace, s.Team, s.As = id.TeamName, id.Team, id.BotName
	where := "workspace " + withDetail(id.TeamName, id.Team)
	if id.Org {
		where = "organisation " + withDetail(id.TeamName, id.Enterprise)
	}
	s.Checks.add(slackBotToken, checkReady, fmt.Sprintf("%s works: %s, as @%s", slackBotToken, where, id.BotName), "")
	lacks := slack.Missing(id.Scopes, c.Features...)
	for _, text := range lacks {
		what, remedy, _ := strings.Cut(text, "; ")
		s.Checks.add("scopes", checkWrong, what, remedy)
	}
	if len(lacks) == 0 {
		s.Checks.add("scopes", checkReady, "every permission that the features need is there", "")
	}
	s.channels(ctx, ask, id)
}

// channels says where Baton is, where it may know that.
func (s *slackChecked) channels(ctx context.Context, ask slack.Inspector, id slack.Identity) {
	const invite = "type /invite @"
	if !strings.Contains(" "+strings.Join(id.Scopes, " ")+" ", " channels:read ") || id.Org {
		s.Checks.add("channels", checkNoted, "Baton may not list channels, so it is not known which it is in", invite+id.BotName+` in those it should be in; the feature "channels" lists them here`)
		return
	}
	all, err := ask.Membership(ctx, id.Token, "", id.Scopes)
	s.Channels = append(s.Channels, all...)
	if err != nil {
		s.Checks.add("channels", checkWrong, failed("the list of channels", err), remedyFor(err, ""))
		return
	}
	if len(all) == 0 {
		s.Checks.add("channels", checkNoted, "Baton is in no channel yet", invite+id.BotName+" in one")
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
	s.Checks.add("channels", checkReady, "Baton is in "+strings.Join(names, ", "), "")
}

// socket asks whether Socket Mode would connect.
func (s *slackChecked) socket(ctx context.Context, ask slack.Inspector, tokens slackTokens) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	err := ask.OpenSocket(ctx, slack.Secret(tokens.app.Reveal()))
	var refused slack.Refusal
	switch {
	case err == nil:
		s.Checks.add(slackAppToken, checkReady, slackAppToken+" works: Socket Mode connects", "")
	case errors.As(err, &refused) && refused.Code == "socket_mode_not_enabled":
		s.Checks.add(slackAppToken, checkWrong, "Socket Mode is off", `turn it on under "Socket Mode" of your app at https://api.slack.com/apps, or set transport = "http"`)
	case errors.As(err, &refused) && refused.Code == "missing_scope":
		s.Checks.add(slackAppToken, checkWrong, slackAppToken+" lacks the scope connections:write", findAppToken)
	default:
		s.Checks.add(slackAppToken, checkWrong, failed(slackAppToken, err), remedyFor(err, findAppToken))
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
