package main

import (
	"fmt"
	"maps"
	"net"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/synthoperator/baton/adapters/slack"
)

// Problem is one thing that is wrong with a configuration file.
type Problem struct {
	Line    int    `json:"line,omitempty"` // from 1; 0 where it concerns the whole file
	Column  int    `json:"column,omitempty"`
	What    string `json:"what"`
	Instead string `json:"instead,omitempty"`
}

func (p Problem) String() string {
	text := p.What
	if p.Instead != "" {
		text += ": " + p.Instead
	}
	return text
}

// ConfigError is all that is wrong with a configuration file.
type ConfigError struct {
	Path     string
	Problems []Problem
}

// Error is one line for each problem, as compilers write them.
func (e ConfigError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		at := e.Path
		if p.Line > 0 {
			at += fmt.Sprintf(":%d:%d", p.Line, p.Column)
		}
		lines[i] = at + ": " + p.String()
	}
	return strings.Join(lines, "\n")
}

// checker collects what is wrong with values.
type checker struct {
	at  map[string]position
	all []Problem
}

func (c *checker) add(key, what, instead string) {
	p := Problem{What: key + " " + what, Instead: instead}
	if at, ok := c.at[key]; ok {
		p.Line, p.Column = at.line, at.column
	}
	c.all = append(c.all, p)
}

func (c *checker) oneOf(key, value string, choices ...string) {
	if !slices.Contains(choices, value) {
		quoted := make([]string, len(choices))
		for i, choice := range choices {
			quoted[i] = fmt.Sprintf("%q", choice)
		}
		c.add(key, fmt.Sprintf("cannot be %q", short(value)), "it is one of "+strings.Join(quoted, ", "))
	}
}

func (c *checker) slack(s SlackConfig) {
	known := make([]string, 0, len(slack.Features()))
	for _, f := range slack.Features() {
		known = append(known, string(f))
	}
	for _, f := range s.Features {
		if best, ok := nearest(string(f), known); !slices.Contains(known, string(f)) && ok {
			c.add("slack.features", fmt.Sprintf("knows no %q", short(string(f))), fmt.Sprintf("did you mean %q?", best))
		} else if !ok {
			c.oneOf("slack.features", string(f), known...)
		}
	}
	if s.Listen != "" {
		c.listen("slack.listen", s.Listen)
	}
	if u, err := url.Parse(s.PublicURL); s.PublicURL != "" && (err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "") {
		c.add("slack.public_url", "is not where Slack can reach Baton", `write it whole and with https, as in "https://baton.example.com"`)
	}
	if s.Transport == SlackTransport(slack.HTTP) && s.PublicURL == "" {
		c.add("slack.transport", `is "http", and nothing says where Slack can reach Baton`, `write public_url = "https://baton.example.com"`)
	}
	if s.ClientID != "" && s.Transport != SlackTransport(slack.HTTP) {
		c.add("slack.client_id", "lets others install the app, which takes an address that is reached from outside", `write transport = "http" and public_url = "https://…", or take client_id out`)
	}
}

func (c *checker) listen(key, value string) {
	if _, port, err := net.SplitHostPort(value); err != nil || port == "" {
		c.add(key, "is no address to listen on", `write host and port, as in "127.0.0.1:8420"`)
	}
}

func (c *checker) url(key, value string) {
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		c.add(key, "is no address", `write it whole, as in "https://slack.com/api/"`)
		return
	}
	if u.User != nil {
		c.add(key, "holds a user or a password", "secrets come from the environment or from a file")
	}
}

// check says which values cannot be.
func (c *Config) check(at map[string]position) []Problem {
	k := &checker{at: at}
	k.oneOf("slack.transport", string(c.Slack.Transport), "socket", "http")
	k.url("slack.api_url", c.Slack.APIURL)
	k.slack(c.Slack)
	k.oneOf("discord.transport", string(c.Discord.Transport), "gateway", "http")
	k.url("discord.api_url", c.Discord.APIURL)
	k.discord(c.Discord)
	k.listen("web.listen", c.Web.Listen)
	k.oneOf("log.format", string(c.Log.Format), "text", "json", "off")
	k.oneOf("log.level", string(c.Log.Level), "debug", "info", "warn", "error")
	k.sources(c.Library.Source)
	for _, name := range slices.Sorted(maps.Keys(c.Agents)) {
		k.agent("agents."+name, c.Agents[name])
	}
	for _, name := range slices.Sorted(maps.Keys(c.Calendar)) {
		k.calendar("calendar."+name, name, c.Calendar[name])
	}
	for _, id := range c.Roles.Admins {
		if parts := strings.Split(id, "/"); len(parts) != 3 || slices.Contains(parts, "") {
			k.add("roles.admins", fmt.Sprintf("names %q, which is no person's id", short(id)), `an id is platform/workspace/person, as in "slack/T024BE7LD/U023BECGF"`)
		}
	}
	return k.all
}

var (
	sourceNameRE = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*$`)
	notInNameRE  = regexp.MustCompile(`[^a-z0-9.]+`)
)

// shippedSource is the name of the source that comes with Baton.
const shippedSource = "baton"

func (c *checker) sources(all []SourceConfig) {
	seen := map[string]bool{shippedSource: true}
	for i := range all {
		s := &all[i]
		key := fmt.Sprintf("library.source.%d", i)
		if s.Path == "" {
			c.add(key, "names no folder", `write path = "…"`)
			continue
		}
		if s.Name == "" {
			s.Name = strings.Trim(notInNameRE.ReplaceAllString(strings.ToLower(filepath.Base(filepath.Clean(s.Path))), "-"), "-.")
		}
		if !sourceNameRE.MatchString(s.Name) {
			c.add(key, fmt.Sprintf("cannot be called %q", short(s.Name)), `a name has lower-case letters, digits, dots and hyphens, as in name = "team"`)
		} else if seen[s.Name] {
			c.add(key, fmt.Sprintf("is called %q, as another one is", s.Name), `give it a name of its own, as in name = "team"`)
		}
		seen[s.Name] = true
	}
}

// calendarNameRE is how a calendar can be called: it is typed where a day could
// stand, or "off".
var calendarNameRE = regexp.MustCompile(`^[a-z][a-z0-9.-]*$`)

func (c *checker) calendar(key, name string, config CalendarConfig) {
	if !calendarNameRE.MatchString(name) || slices.Contains([]string{"off", "none", "no", "never"}, name) {
		c.add(key, "is no name for a calendar", "a name begins with a lower-case letter and has letters, digits, dots and hyphens, as in [calendar.berlin]")
	}
	if config.Path == "" {
		c.add(key, "names no file", `write path = "berlin.ics"`)
	}
}

func (c *checker) agent(key string, a AgentConfig) {
	c.oneOf(key+".kind", string(a.Kind), "anthropic", "openai", "acp", "scripted")
	if a.APIURL != "" {
		c.url(key+".api_url", a.APIURL)
	}
	if a.Kind == "acp" && len(a.Command) == 0 {
		c.add(key, "has no command", `write command = ["…"]`)
	}
}

// short cuts a text for showing it in a sentence.
func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return s
}
