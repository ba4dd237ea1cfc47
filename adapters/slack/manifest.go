package slack

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/synthoperator/baton/chat"
)

// Paths under the public address of the HTTP transport.
const (
	EventsPath   = "/slack/events"  // commands, buttons and forms, and events
	InstallPath  = "/slack/install" // where an installation begins
	RedirectPath = "/slack/oauth"   // where Slack sends whoever consented
)

// Callbacks of the message shortcuts.
const (
	DecisionShortcut = "baton_decision"
	ArtifactShortcut = "baton_artifact"
	OpenShortcut     = "baton_open"
	HandOffShortcut  = "baton_handoff"
)

// Manifest is a Slack app as its form at https://api.slack.com/apps takes it
// (https://docs.slack.dev/reference/app-manifest).
type Manifest struct {
	Display  Display     `json:"display_information"`
	Features AppFeatures `json:"features"`
	OAuth    OAuthConfig `json:"oauth_config"`
	Settings AppSettings `json:"settings"`
}

// Display is how the app is shown.
type Display struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

// AppFeatures are the doors of the app.
type AppFeatures struct {
	BotUser   BotUser        `json:"bot_user"`
	Home      AppHome        `json:"app_home"`
	Commands  []SlashCommand `json:"slash_commands"`
	Shortcuts []Shortcut     `json:"shortcuts"`
	Agent     *AgentView     `json:"agent_view,omitempty"`
}

// BotUser is who the app speaks as.
type BotUser struct {
	Name   string `json:"display_name"`
	Online bool   `json:"always_online"`
}

// AppHome says which tabs the app has.
type AppHome struct {
	Home         bool `json:"home_tab_enabled"`
	Messages     bool `json:"messages_tab_enabled"`
	MessagesRead bool `json:"messages_tab_read_only_enabled"`
}

// SlashCommand is a command of the app.
type SlashCommand struct {
	Command     string `json:"command"`
	URL         string `json:"url,omitempty"`
	Description string `json:"description"`
	Usage       string `json:"usage_hint"`
	Escape      bool   `json:"should_escape"` // people and channels come as ids
}

// Shortcut is an entry in the menu of a message.
type Shortcut struct {
	Name        string `json:"name"`
	Type        string `json:"type"`
	Callback    string `json:"callback_id"`
	Description string `json:"description"`
}

// AgentView makes the app one of Slack's agents.
type AgentView struct {
	Description string `json:"agent_description"`
}

// OAuthConfig is what the app asks for.
type OAuthConfig struct {
	Redirects []string    `json:"redirect_urls,omitempty"`
	Scopes    OAuthScopes `json:"scopes"`
}

// OAuthScopes are the bot's permissions; the optional ones are among them and
// may be declined (https://slack.dev/introducing-optional-scopes-for-slack-apps/).
type OAuthScopes struct {
	Bot      []string `json:"bot"`
	Optional []string `json:"bot_optional,omitempty"`
}

// AppSettings is how Slack reaches the app.
type AppSettings struct {
	Events        EventSubscriptions `json:"event_subscriptions"`
	Interactivity Interactivity      `json:"interactivity"`
	Socket        bool               `json:"socket_mode_enabled"`
	Org           bool               `json:"org_deploy_enabled"`
	Rotation      bool               `json:"token_rotation_enabled"`
}

// EventSubscriptions are what is delivered.
type EventSubscriptions struct {
	URL string   `json:"request_url,omitempty"`
	Bot []string `json:"bot_events"`
}

// Interactivity is where buttons and forms go.
type Interactivity struct {
	Enabled bool   `json:"is_enabled"`
	URL     string `json:"request_url,omitempty"`
}

// Setup is what a manifest is made of.
type Setup struct {
	Features  []Feature
	Transport Transport
	PublicURL string // of the HTTP transport, without a path of Baton's
	Installs  bool   // others may install the app, by OAuth
	Org       bool   // a whole organisation may
}

// MakeManifest is the app that serves these verbs with no more permissions than
// the features take.
func MakeManifest(verbs []chat.Spec, s Setup) (Manifest, error) {
	for _, f := range s.Features {
		if _, known := needs()[f]; !known {
			return Manifest{}, fmt.Errorf("there is no feature %q", f)
		}
	}
	deliver := ""
	if s.Transport == HTTP {
		if !strings.HasPrefix(s.PublicURL, "https://") {
			return Manifest{}, fmt.Errorf("slack.public_url has to be the https address at which Slack reaches Baton, as in %q", "https://baton.example.com")
		}
		deliver = strings.TrimSuffix(s.PublicURL, "/") + EventsPath
	}
	has := func(f Feature) bool { return slices.Contains(s.Features, f) }
	m := Manifest{
		Display: Display{"Baton", "One persona at a time, skills that stack, handoffs that carry on: the orchestration protocol in your channels."},
		Features: AppFeatures{
			BotUser:   BotUser{"baton", true},
			Home:      AppHome{Home: has(Home), Messages: has(Direct) || has(Agents)},
			Commands:  []SlashCommand{{"/baton", deliver, "Start and steer sessions: patterns, personas, skills, handoffs", usageHint(verbs), true}},
			Shortcuts: messageMenu(),
		},
		OAuth: OAuthConfig{Scopes: OAuthScopes{Scopes(s.Features...), extra(s.Features)}},
		Settings: AppSettings{
			Events: EventSubscriptions{deliver, events(s.Features)}, Interactivity: Interactivity{true, deliver},
			Socket: s.Transport != HTTP, Org: s.Org,
		},
	}
	if has(Agents) {
		m.Features.Agent = &AgentView{"Works on the tasks of a session, one persona at a time, and proposes; people decide."}
	}
	if s.Installs && s.Transport == HTTP {
		m.OAuth.Redirects = []string{strings.TrimSuffix(s.PublicURL, "/") + RedirectPath}
	}
	return m, nil
}

// messageMenu is what can be done with a message. Their names have at most 24
// characters (https://docs.slack.dev/reference/app-manifest).
func messageMenu() []Shortcut {
	const kind = "message"
	return []Shortcut{
		{"Record decision", kind, DecisionShortcut, "Record this message as a decision of the session in its thread"},
		{"Record artifact", kind, ArtifactShortcut, "Record this message as an artifact of the session in its thread"},
		{"Record open item", kind, OpenShortcut, "Record this message as an open item of the session in its thread"},
		{"Hand off", kind, HandOffShortcut, "Open the handoff of the session in this thread"},
	}
}

// maxHint is how long a usage hint may be
// (https://docs.slack.dev/reference/app-manifest).
const maxHint = 1000

// usageHint is the verbs with what each needs, as many as fit.
func usageHint(verbs []chat.Spec) string {
	const separator = " | "
	hint := ""
	for _, v := range verbs {
		text := v.Name
		for _, o := range v.Options {
			if o.Required {
				text += " <" + o.Name + ">"
			}
		}
		if hint != "" {
			text = separator + text
		}
		if len(hint)+len(text) > maxHint {
			break
		}
		hint += text
	}
	return hint
}

// Link leads to Slack's form with the manifest filled in
// (https://docs.slack.dev/app-manifests/configuring-apps-with-app-manifests), or
// to that of GovSlack where the API is there (https://docs.slack.dev/govslack).
func (m Manifest) Link(apiURL string) (string, error) {
	var data strings.Builder
	enc := json.NewEncoder(&data)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(m); err != nil {
		return "", fmt.Errorf("write the manifest: %w", err)
	}
	site := "https://api.slack.com"
	if u, err := url.Parse(apiURL); err == nil && (u.Hostname() == "slack-gov.com" || strings.HasSuffix(u.Hostname(), ".slack-gov.com")) {
		site = "https://api.slack-gov.com"
	}
	text := url.QueryEscape(strings.TrimSpace(data.String()))
	return site + "/apps?new_app=1&manifest_json=" + strings.ReplaceAll(text, "+", "%20"), nil // both ways of decoding agree on it
}
