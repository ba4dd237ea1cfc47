package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/synthoperator/baton/adapters/slack"
)

// discordBotToken names the variable that holds the bot's token.
const discordBotToken = "DISCORD_BOT_TOKEN"

// Where things are found, as people look for them.
const (
	discordPortal    = "https://discord.com/developers/applications"
	findDiscordToken = `press Reset Token under "Bot" of your application at ` + discordPortal + ` and copy what it shows`
)

// publicKeyRE is what a public key looks like, which stands beside the token in
// the developer portal.
var publicKeyRE = regexp.MustCompile(`^[0-9a-f]{64}$`)

// discordTokenOf reads the bot's token. What is missing or stands in its place is
// a sentence with what to do. Where it was copied with the word that Discord's
// documentation puts before it, that is left out.
func discordTokenOf(c DiscordConfig) (token Secret, wrong []string) {
	token, err := readSecret(discordBotToken, c.BotTokenFile)
	if err != nil {
		return token, []string{err.Error()}
	}
	token = Secret{strings.TrimPrefix(token.Reveal(), "Bot ")}
	kind := slack.TokenKind(token.Reveal())
	switch {
	case token.IsZero():
		wrong = append(wrong, fmt.Sprintf("%s is not set: %s", discordBotToken, findDiscordToken))
	case kind != "":
		wrong = append(wrong, fmt.Sprintf("%s holds Slack's %s: %s", discordBotToken, kind, findDiscordToken))
	case publicKeyRE.MatchString(token.Reveal()):
		wrong = append(wrong, fmt.Sprintf("%s holds a public key where the bot's token belongs: %s", discordBotToken, findDiscordToken))
	case strings.ContainsAny(token.Reveal(), " \t\r\n"):
		wrong = append(wrong, fmt.Sprintf("%s holds more than a token: %s", discordBotToken, findDiscordToken))
	}
	return token, wrong
}
