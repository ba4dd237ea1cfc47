package redact

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// secrets are made up. They are joined here so that no scanner takes this file
// for a leak.
func secrets() map[string]string {
	x := func(n int) string { return strings.Repeat("Ab3dE", n)[:n] }
	return map[string]string{
		"slack bot":       "xox" + "b-1234567890-" + x(24),
		"slack app":       "xap" + "p-1-A0" + x(40),
		"slack hook":      "hooks.slack." + "com/services/T00000/B00000/" + x(24),
		"discord":         "M" + x(23) + "." + x(6) + "." + x(38),
		"discord webhook": "discord." + "com/api/webhooks/123456789012/" + x(60),
		"anthropic":       "sk-" + "ant-api03-" + x(40),
		"openai":          "sk-" + "proj-" + x(40),
		"openai, old":     "sk-" + x(48),
		"github":          "gh" + "p_" + x(36),
		"aws":             "AK" + "IA" + strings.Repeat("Z", 16),
		"private key":     "-----BEGIN RSA " + "PRIVATE KEY-----",
		"bearer":          "Bearer " + x(30) + "==",
	}
}

func TestSecretsAreFoundInText(t *testing.T) {
	for name, secret := range secrets() {
		text := "token=" + secret + "; rest"
		got := Text(text)
		if !Holds(text) || strings.Contains(got, secret) || !strings.HasPrefix(got, "token="+Mark) || !strings.HasSuffix(got, "; rest") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestOrdinaryTextIsLeftAlone(t *testing.T) {
	for _, text := range []string{
		"startup-cto@0123456789ab", "senior-frontend", "https://docs.slack.dev/authentication", "risk-based-analysis-of-everything-we-do",
		"console/local/ana", "6f1ed002ab5595859014ebf0951522d9aabbccdd", "bearer of news", "task-management-and-planning", "xoxo",
		"2026-11-23 09:00 UTC", "main.very.long",
	} {
		if Holds(text) {
			t.Errorf("%q is taken for a secret: %q", text, Text(text))
		}
	}
}

type named string

func (n named) String() string { return string(n) }

func TestNoSecretReachesALog(t *testing.T) {
	for name, secret := range secrets() {
		for _, handler := range []func(*bytes.Buffer, *slog.HandlerOptions) slog.Handler{
			func(b *bytes.Buffer, o *slog.HandlerOptions) slog.Handler { return slog.NewTextHandler(b, o) },
			func(b *bytes.Buffer, o *slog.HandlerOptions) slog.Handler { return slog.NewJSONHandler(b, o) },
		} {
			var out bytes.Buffer
			log := slog.New(handler(&out, &slog.HandlerOptions{ReplaceAttr: Attr}))
			err := fmt.Errorf("post: %w", errors.New("401 for "+secret))
			log.With("with", secret).Error("said "+secret, "text", secret, "err", err, "named", named(secret), slog.Group("g", "x", secret))
			if strings.Contains(out.String(), secret) || strings.Count(out.String(), Mark) != 6 {
				t.Errorf("%s: %s", name, out.String())
			}
		}
	}
}
