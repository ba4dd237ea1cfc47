package main

import (
	"fmt"

	"github.com/synthoperator/baton/adapters/slack"
)

// slackTokens are the secrets that Slack is served with.
type slackTokens struct {
	bot, app, signing Secret
	client, key       Secret // of installations by others
}

// The variables that hold them.
const (
	slackBotToken  = "SLACK_BOT_TOKEN"
	slackAppToken  = "SLACK_APP_TOKEN"
	slackSigning   = "SLACK_SIGNING_SECRET"
	slackClientKey = "SLACK_CLIENT_SECRET"
)

// Where each secret is found, as people look for it.
const (
	findBotToken = `copy the Bot User OAuth Token (xoxb-…) from "OAuth & Permissions" of your app at https://api.slack.com/apps`
	findAppToken = `make an App-Level Token (xapp-…) with the scope connections:write under "Basic Information" of your app at https://api.slack.com/apps`
	findSigning  = `copy the Signing Secret from "Basic Information" of your app at https://api.slack.com/apps`
	findClient   = `copy the Client Secret from "Basic Information" of your app at https://api.slack.com/apps`
)

// slackTokensOf reads the secrets that a configuration needs. What is missing
// or stands in another's place is a sentence with what to do.
func slackTokensOf(c SlackConfig) (t slackTokens, wrong []string) {
	read := func(into *Secret, variable, file string) {
		s, err := readSecret(variable, file)
		if err != nil {
			wrong = append(wrong, err.Error())
		}
		*into = s
	}
	read(&t.bot, slackBotToken, c.BotTokenFile)
	read(&t.app, slackAppToken, c.AppTokenFile)
	read(&t.signing, slackSigning, c.SigningSecretFile)
	if c.ClientID != "" {
		read(&t.client, slackClientKey, c.ClientSecretFile)
		read(&t.key, encryptionKey, c.EncryptionKeyFile)
	}
	if len(wrong) > 0 {
		return t, wrong
	}
	return t, t.wrong(c)
}

// wrong says which secrets are missing or mixed up.
func (t slackTokens) wrong(c SlackConfig) (out []string) {
	add := func(text string) {
		if text != "" {
			out = append(out, text)
		}
	}
	installs := c.ClientID != ""
	if !installs || !t.bot.IsZero() {
		add(expect(slackBotToken, t.bot, "bot token", findBotToken))
	}
	if slack.Transport(c.Transport) == slack.HTTP {
		add(expect(slackSigning, t.signing, "", findSigning))
	} else {
		add(expect(slackAppToken, t.app, "app-level token", findAppToken))
	}
	if installs {
		add(expect(slackClientKey, t.client, "", findClient))
		if _, err := newSealer(t.key); err != nil {
			add(err.Error())
		}
	}
	return out
}

// expect says what is wrong with a secret that has to be of a kind; "" is one
// that Slack gives no beginning to.
func expect(variable string, s Secret, kind, find string) string {
	is := slack.TokenKind(s.Reveal())
	switch {
	case s.IsZero():
		return fmt.Sprintf("%s is not set: %s", variable, find)
	case is == kind:
		return ""
	case is == "":
		return fmt.Sprintf("%s holds no %s: %s", variable, kind, find)
	case kind == "":
		return fmt.Sprintf("%s holds %s where a secret belongs: %s", variable, withArticle(is), find)
	}
	return fmt.Sprintf("%s holds %s where %s belongs: %s", variable, withArticle(is), withArticle(kind), find)
}

func withArticle(noun string) string {
	switch noun[0] {
	case 'a', 'e', 'i', 'o', 'u':
		return "an " + noun
	}
	return "a " + noun
}
