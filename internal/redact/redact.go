// Package redact knows what secrets look like, so that none is written into a
// configuration, a log or an error. It knows shapes, not values: it holds
// nothing that could leak. What has no shape of its own, a password say, it
// cannot know; those are kept in types that do not print.
package redact

import (
	"fmt"
	"log/slog"
	"regexp"
)

// Mark stands where a secret stood.
const Mark = "[redacted]"

// shapes are the tokens of the services that Baton talks to and of those whose
// tokens people paste most, each as its owner documents it.
var shapes = regexp.MustCompile(
	// Slack: https://docs.slack.dev/authentication/tokens
	`\bx(?:ox[abceoprs]|app|wfp)-[A-Za-z0-9-]{8,}` +
		// Slack incoming webhooks: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
		`|\bhooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/]{12,}` +
		// Discord bot tokens, an id, a time and a signature: https://docs.discord.com/developers/reference#authentication
		`|\b[MNO][A-Za-z0-9_-]{22,28}\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,45}\b` +
		// Discord webhooks: https://docs.discord.com/developers/resources/webhook
		`|\bdiscord(?:app)?\.com/api/webhooks/[0-9]{10,}/[A-Za-z0-9_-]{20,}` +
		// Anthropic and OpenAI: https://platform.claude.com/docs/en/api/overview,
		// https://platform.openai.com/docs/api-reference/authentication
		`|\bsk-(?:ant-|proj-|svcacct-|admin-)?[A-Za-z0-9_-]{16,}` +
		// GitHub: https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github
		`|\bgh[oprsu]_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}` +
		// AWS access keys: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
		`|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b` +
		// Private keys, RFC 7468
		`|-----BEGIN [A-Z ]*PRIVATE KEY-----` +
		// RFC 6750
		`|(?i:\bbearer )[A-Za-z0-9._~+/-]{16,}=*`,
)

// Holds reports whether a text holds something that looks like a secret.
func Holds(text string) bool { return shapes.MatchString(text) }

// Text is the text with [Mark] in place of everything that looks like a secret.
func Text(text string) string { return shapes.ReplaceAllString(text, Mark) }

// Attr is for slog.HandlerOptions.ReplaceAttr: it redacts texts and errors.
func Attr(_ []string, a slog.Attr) slog.Attr {
	switch a.Value.Kind() {
	case slog.KindString:
		if text := a.Value.String(); Holds(text) {
			a.Value = slog.StringValue(Text(text))
		}
	case slog.KindAny:
		switch v := a.Value.Any().(type) {
		case error:
			a.Value = slog.StringValue(Text(fmt.Sprint(v)))
		case fmt.Stringer:
			a.Value = slog.StringValue(Text(fmt.Sprint(v)))
		}
	}
	return a
}
