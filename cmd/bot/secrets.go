package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
)

// Secret is a token or a key. It does not print, not even by accident.
type Secret struct{ value string }

// IsZero reports whether there is none.
func (s Secret) IsZero() bool { return s.value == "" }

// Reveal is the secret itself, to be handed to the service it is for.
func (s Secret) Reveal() string { return s.value }

func (s Secret) String() string {
	if s.IsZero() {
		return "[not set]"
	}
	return "[set]"
}

// GoString keeps %#v from showing it.
func (s Secret) GoString() string { return s.String() }

// Format keeps every other verb of package fmt from showing it.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// LogValue keeps a log from showing it.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText keeps JSON and others from showing it.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// maxSecret bounds a secret's file, in bytes: more is the wrong file.
const maxSecret = 16 << 10

// readSecret is the environment's value, or what the named file holds. Neither
// is no error: the Secret is zero.
func readSecret(variable, file string) (Secret, error) {
	if value := strings.TrimSpace(os.Getenv(variable)); value != "" {
		return Secret{value}, nil
	}
	if file == "" {
		return Secret{}, nil
	}
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Secret{}, fmt.Errorf("%s is not set, and %s does not exist", variable, file)
	case err != nil:
		return Secret{}, fmt.Errorf("read the secret in %s: %s", file, cause(err))
	case info.IsDir() || info.Size() > maxSecret:
		return Secret{}, fmt.Errorf("%s holds no secret: it is to be a file with nothing else in it", file)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return Secret{}, fmt.Errorf("read the secret in %s: %s", file, cause(err))
	}
	return Secret{strings.TrimSpace(string(data))}, nil
}

// encryptionKey names the key that encrypts the tokens which are kept.
const encryptionKey = "BATON_ENCRYPTION_KEY"

// secretFile is a file that the configuration says holds a secret, with the
// variable that beats it.
type secretFile struct{ variable, path string }

// secretFiles are those that are named.
func secretFiles(c Config) []secretFile {
	all := []secretFile{
		{"SLACK_BOT_TOKEN", c.Slack.BotTokenFile},
		{"SLACK_APP_TOKEN", c.Slack.AppTokenFile},
		{"SLACK_SIGNING_SECRET", c.Slack.SigningSecretFile},
		{"SLACK_CLIENT_SECRET", c.Slack.ClientSecretFile},
		{encryptionKey, c.Slack.EncryptionKeyFile},
		{"DISCORD_BOT_TOKEN", c.Discord.BotTokenFile},
	}
	for _, name := range slices.Sorted(maps.Keys(c.Agents)) {
		variable := "ANTHROPIC_API_KEY"
		if c.Agents[name].Kind == "openai" {
			variable = "OPENAI_API_KEY"
		}
		all = append(all, secretFile{variable, c.Agents[name].APIKeyFile})
	}
	return slices.DeleteFunc(all, func(f secretFile) bool { return f.path == "" })
}

// readableByOthers reports whether a secret's file is open to other users of
// the machine. Windows keeps that elsewhere.
func readableByOthers(file string) bool {
	info, err := os.Stat(file)
	return err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0
}

// fromEnvironment lets the variables that the platforms' own tools use beat the
// file.
func (c *Config) fromEnvironment() error {
	k := &checker{}
	for _, v := range []struct {
		variable string
		into     *string
	}{{"SLACK_API_URL", &c.Slack.APIURL}, {"DISCORD_API_URL", &c.Discord.APIURL}} {
		if value := os.Getenv(v.variable); value != "" {
			*v.into = value
			k.url(v.variable, value)
		}
	}
	if len(k.all) > 0 {
		return ConfigError{"environment", k.all}
	}
	return nil
}
