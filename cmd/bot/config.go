package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/synthoperator/baton/adapters/slack"
)

// Config is everything that can be configured. The zero value is not useful:
// begin with [DefaultConfig]. Secrets are not part of it, only where they are.
type Config struct {
	State    StateConfig               `toml:"state"`
	Library  LibraryConfig             `toml:"library"`
	Slack    SlackConfig               `toml:"slack"`
	Discord  DiscordConfig             `toml:"discord"`
	Web      WebConfig                 `toml:"web"`
	Agents   map[string]AgentConfig    `toml:"agents"`
	Calendar map[string]CalendarConfig `toml:"calendar"`
	Roles    RolesConfig               `toml:"roles"`
	Log      LogConfig                 `toml:"log"`
}

// StateConfig says where the log is kept.
type StateConfig struct {
	// Path is the database file, or a folder that holds baton.db. Empty is the
	// user's data directory; --data beats it.
	Path string `toml:"path"`
}

// LibraryConfig names where personas, skills and patterns are read from, beside
// those that come with Baton.
type LibraryConfig struct {
	Source []SourceConfig `toml:"source"`
}

// SourceConfig is one folder of personas, skills and patterns.
type SourceConfig struct {
	Name string `toml:"name"` // as in "team:seo-audit"; empty is the folder's name
	Path string `toml:"path"`
}

// SlackConfig says how Slack is served.
type SlackConfig struct {
	Enabled   bool           `toml:"enabled"`
	Transport SlackTransport `toml:"transport"`
	// Features are what is done beyond the least, see [slack.Feature].
	Features          []slack.Feature `toml:"features"`
	APIURL            string          `toml:"api_url"`
	BotTokenFile      string          `toml:"bot_token_file"`
	AppTokenFile      string          `toml:"app_token_file"`
	SigningSecretFile string          `toml:"signing_secret_file"`
	// Listen is where deliveries are taken over HTTP, PublicURL the address at
	// which Slack finds that.
	Listen    string `toml:"listen"`
	PublicURL string `toml:"public_url"`
	// ClientID lets other workspaces install the app, Organisation whole
	// organisations.
	ClientID          string `toml:"client_id"`
	ClientSecretFile  string `toml:"client_secret_file"`
	EncryptionKeyFile string `toml:"encryption_key_file"`
	Organisation      bool   `toml:"organisation"`
}

// SlackTransport is how Slack reaches Baton: "socket" needs no open port.
type SlackTransport string

// DiscordConfig says how Discord is served.
type DiscordConfig struct {
	Enabled      bool             `toml:"enabled"`
	Transport    DiscordTransport `toml:"transport"`
	APIURL       string           `toml:"api_url"`
	BotTokenFile string           `toml:"bot_token_file"`
	// Guilds are the servers in which the commands are tried; none is all of them.
	Guilds []string `toml:"guilds"`
	// Mentions has Baton listen to its name in messages, Faces has personas speak
	// under their own.
	Mentions bool `toml:"mentions"`
	Faces    bool `toml:"faces"`
	// PublicKey is what interactions over HTTP are checked with, Listen where they
	// are taken.
	PublicKey string       `toml:"public_key"`
	Listen    string       `toml:"listen"`
	Roles     DiscordRoles `toml:"roles"`
}

// DiscordRoles say which of a server's roles, by their ids, and which permissions,
// by their names, make somebody what for Baton.
type DiscordRoles struct {
	Admin       []string `toml:"admin"`
	Approver    []string `toml:"approver"`
	Contributor []string `toml:"contributor"`
	Observer    []string `toml:"observer"`
}

// of are they by what they make of somebody.
func (r DiscordRoles) of() map[string][]string {
	return map[string][]string{"admin": r.Admin, "approver": r.Approver, "contributor": r.Contributor, "observer": r.Observer}
}

// DiscordTransport is how Discord reaches Baton: "gateway" needs no open port.
type DiscordTransport string

// WebConfig says where the local workspace and the board are served.
type WebConfig struct {
	Listen string `toml:"listen"`
}

// AgentConfig is one agent that works on tasks by itself.
type AgentConfig struct {
	Kind       AgentKind `toml:"kind"`
	Model      string    `toml:"model"`
	APIURL     string    `toml:"api_url"`
	APIKeyFile string    `toml:"api_key_file"`
	Command    []string  `toml:"command"` // of an "acp" agent
	Script     string    `toml:"script"`  // of a "scripted" one
}

// AgentKind is what an agent is.
type AgentKind string

// CalendarConfig is one calendar of holidays.
type CalendarConfig struct {
	Path string `toml:"path"` // an iCalendar file
}

// RolesConfig names people by their immutable ids, as in "slack/T024BE7LD/U023BECGF".
type RolesConfig struct {
	Admins []string `toml:"admins"`
}

// LogConfig says what is logged to standard error, and how.
type LogConfig struct {
	Format LogFormat `toml:"format"`
	Level  LogLevel  `toml:"level"`
}

// LogFormat is text for people, json for programs, or off.
type LogFormat string

// LogLevel is the least that is logged.
type LogLevel string

// DefaultConfig is what holds where nothing is configured.
func DefaultConfig() Config {
	return Config{
		Slack: SlackConfig{Transport: "socket", APIURL: "https://slack.com/api/", Features: []slack.Feature{slack.Home}}, // https://docs.slack.dev/apis/web-api/
		Discord: DiscordConfig{
			Transport: "gateway", APIURL: "https://discord.com/api/v10", // https://docs.discord.com/developers/reference#api-versioning
			Guilds: []string{}, Mentions: true,
			Roles: DiscordRoles{Admin: []string{}, Approver: []string{}, Contributor: []string{}, Observer: []string{}},
		},
		Web:   WebConfig{Listen: "127.0.0.1:8420"},
		Roles: RolesConfig{Admins: []string{}},
		Log:   LogConfig{Format: "text", Level: "warn"},
	}
}

// LoadConfig reads a configuration file; no file is the defaults. Relative
// paths in it start at its folder. What is wrong with it is told all at once,
// as a [ConfigError], and never with a value that may be a secret.
func LoadConfig(path string) (Config, error) {
	c := DefaultConfig()
	if path == "" {
		return c, nil
	}
	doc, err := os.ReadFile(path)
	if err != nil {
		return c, ConfigError{Path: path, Problems: []Problem{{What: "cannot be read: " + cause(err)}}}
	}
	problems := findSecrets(doc)
	if len(problems) == 0 {
		problems = decode(doc, &c)
	}
	if len(problems) > 0 {
		return DefaultConfig(), ConfigError{path, problems}
	}
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return c, fmt.Errorf("find the folder of %s: %w", path, err)
	}
	c.anchor(dir)
	return c, nil
}

// decode reads the document into c and says what is wrong with it.
func decode(doc []byte, c *Config) []Problem {
	var missing *toml.StrictMissingError
	var wrong *toml.DecodeError
	err := toml.NewDecoder(bytes.NewReader(doc)).DisallowUnknownFields().Decode(c)
	var problems []Problem
	switch {
	case errors.As(err, &missing):
		for _, e := range missing.Errors {
			problems = append(problems, unknownKey(e))
		}
	case errors.As(err, &wrong):
		return []Problem{wrongType(*wrong)}
	case err != nil:
		return []Problem{{What: "cannot be understood"}}
	}
	problems = append(problems, c.check(positions(doc))...)
	slices.SortStableFunc(problems, func(a, b Problem) int { return a.Line - b.Line })
	return problems
}

// anchor makes the paths absolute.
func (c *Config) anchor(dir string) {
	for _, path := range []*string{
		&c.State.Path, &c.Slack.BotTokenFile, &c.Slack.AppTokenFile, &c.Slack.SigningSecretFile,
		&c.Slack.ClientSecretFile, &c.Slack.EncryptionKeyFile, &c.Discord.BotTokenFile,
	} {
		*path = under(dir, *path)
	}
	for i := range c.Library.Source {
		c.Library.Source[i].Path = under(dir, c.Library.Source[i].Path)
	}
	for name, calendar := range c.Calendar {
		c.Calendar[name] = CalendarConfig{under(dir, calendar.Path)}
	}
	for name, agent := range c.Agents {
		agent.APIKeyFile, agent.Script = under(dir, agent.APIKeyFile), under(dir, agent.Script)
		c.Agents[name] = agent
	}
}

// under is the path, from dir where it is relative; "~/" is the user's folder.
func under(dir, path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	folder := strings.HasSuffix(path, "/") || strings.HasSuffix(path, string(filepath.Separator))
	if path = filepath.Join(dir, path); folder {
		path += string(filepath.Separator)
	}
	return path
}

// cause is why a file could not be used, without its name.
func cause(err error) string {
	var pathErr *os.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err.Error()
	}
	return err.Error()
}
