package slacktest

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

// AppConfig is what somebody sets up for an app: the part of its manifest that
// the platform acts on, and its secrets.
type AppConfig struct {
	ID            string
	Name          string
	Token         string // app-level, xapp-…; made up when empty
	AppScopes     []string
	SigningSecret string
	ClientID      string
	ClientSecret  string
	RedirectURLs  []string

	Scopes    []string // what a bot token of this app may do
	Commands  []string // with their slash
	Escape    bool     // should_escape of all commands
	Events    []string // app_mention, message.channels, …
	Metadata  []string // the types whose payload events carry, as metadata_subscriptions names them
	Shortcuts map[string]string
	HomeTab   bool
	Agent     bool // features.agent_view or assistant_view
	// NoInteractivity is an app whose settings do not turn interactivity on:
	// nobody can act on its buttons.
	NoInteractivity bool

	// RequestURL is where deliveries go by HTTP; empty is Socket Mode.
	RequestURL string
	// Transport reaches RequestURL; nil is a transport for real sockets.
	Transport http.RoundTripper
	// Commercial marks an app that is distributed outside the Marketplace:
	// history is limited to one call a minute and 15 objects.
	Commercial bool
	// OmitEnterpriseFlag leaves is_enterprise_install out of commands, as some
	// Socket Mode deliveries do; TextEnterpriseFlag sends it as a text.
	OmitEnterpriseFlag, TextEnterpriseFlag bool
}

// App is an app and how it is connected.
type App struct {
	AppConfig

	s          *Server
	conns      []*Conn
	turn       int // of round robin
	linkOff    bool
	opened     int // calls of apps.connections.open that gave a ticket
	deliveries []*Delivery
	omens      []Omen
	consent    Consent
}

// App makes an app. Secrets that are not given are made up.
func (s *Server) App(cfg AppConfig) *App {
	s.mu.Lock()
	defer s.mu.Unlock()
	if cfg.Name == "" {
		cfg.Name = strings.ToLower(cfg.ID)
	}
	cfg.Token = cmp.Or(cfg.Token, "xapp-1-"+cfg.ID+"-"+s.secret())
	cfg.SigningSecret = cmp.Or(cfg.SigningSecret, s.secret())
	cfg.ClientID = cmp.Or(cfg.ClientID, "client-"+cfg.ID)
	cfg.ClientSecret = cmp.Or(cfg.ClientSecret, s.secret())
	if cfg.AppScopes == nil {
		cfg.AppScopes = []string{"connections:write"}
	}
	a := &App{AppConfig: cfg, s: s}
	s.apps = append(s.apps, a)
	s.grants[a.Token] = &grant{app: a, level: true, scopes: cfg.AppScopes}
	return a
}

func (s *Server) secret() string {
	const digits = "0123456789abcdef"
	b := make([]byte, 32)
	for i := range b {
		b[i] = digits[s.rng.IntN(len(digits))]
	}
	return string(b)
}

// Install is an app in a workspace, or in all workspaces of an organisation.
type Install struct {
	Token  string // xoxb-…
	UserID string // of the bot
	BotID  string
	Scopes []string

	app  *App
	team *Workspace // nil for an org install
	org  *Org
}

// Install puts the app into a workspace. A token and ids that tests rely on can
// be set with [App.InstallAs].
func (a *App) Install(w *Workspace) *Install { return a.InstallAs(w, Install{}) }

// InstallAs puts the app into a workspace with what is given.
func (a *App) InstallAs(w *Workspace, in Install) *Install {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	return a.install(w, nil, in)
}

// InstallOrg puts the app into every workspace of an organisation.
func (a *App) InstallOrg(o *Org) *Install {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	return a.install(nil, o, Install{})
}

func (a *App) install(w *Workspace, o *Org, in Install) *Install {
	s := a.s
	if in.Token == "" {
		in.Token = "xoxb-" + s.secret()
	}
	if in.UserID == "" {
		in.UserID = s.id("U")
	}
	if in.BotID == "" {
		in.BotID = s.id("B")
	}
	if in.Scopes == nil {
		in.Scopes = slices.Clone(a.Scopes)
	}
	in.app, in.team, in.org = a, w, o
	bot := &in
	s.grants[in.Token] = &grant{app: a, install: bot, scopes: in.Scopes}
	for _, team := range s.teams {
		if team == w || o != nil && team.org == o {
			team.installs = append(team.installs, bot)
		}
	}
	return bot
}

// in reports whether the install reaches a workspace.
func (in *Install) in(w *Workspace) bool { return in.team == w || in.org != nil && in.org == w.org }

// Uninstall takes the app out of its workspaces: its token is dead, and the app
// is told by tokens_revoked and app_uninstalled where it subscribed to them.
func (in *Install) Uninstall() {
	s := in.app.s
	s.mu.Lock()
	defer s.mu.Unlock()
	s.grants[in.Token].revoked = true
	for _, w := range s.teams {
		if !in.in(w) {
			continue
		}
		for name, body := range map[string]map[string]any{
			"tokens_revoked":  {"tokens": map[string]any{"bot": []string{in.UserID}}},
			"app_uninstalled": {},
		} {
			if slices.Contains(in.app.Events, name) {
				body["type"] = name
				s.emit(in, w, body)
			}
		}
		w.installs = slices.DeleteFunc(w.installs, func(i *Install) bool { return i == in })
	}
}

// Grant gives a bot token the scopes it has from now on.
func (in *Install) Grant(scopes ...string) {
	s := in.app.s
	s.mu.Lock()
	defer s.mu.Unlock()
	in.Scopes = scopes
	s.grants[in.Token].scopes = scopes
}

// grant is what a token stands for.
type grant struct {
	app     *App
	install *Install
	level   bool // an app-level token
	scopes  []string
	revoked bool
}
