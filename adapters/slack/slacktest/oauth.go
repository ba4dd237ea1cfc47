package slacktest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// code is what a person's consent is exchanged for: once, within ten minutes
// (D:authentication/installing-with-oauth).
type code struct {
	app      *App
	team     *Workspace
	org      *Org
	scopes   []string
	redirect string
	expires  time.Time
	used     bool
}

// Consent is what the next person who is sent to the consent page does.
type Consent struct {
	Team  *Workspace
	Org   *Org // installs for the whole organisation
	Deny  bool
	Drop  []string // optional scopes that are not given (manifest bot_optional)
	State string   // overrides the state that comes back, as a forger does
}

// Consent sets what happens at the consent page from now on.
func (a *App) Consent(c Consent) {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	a.consent = c
}

// serveAuthorize is the consent page; the person decides at once.
func (s *Server) serveAuthorize(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := r.URL.Query()
	var app *App
	for _, a := range s.apps {
		if a.ClientID == q.Get("client_id") {
			app = a
		}
	}
	target := q.Get("redirect_uri")
	if target == "" && app != nil && len(app.RedirectURLs) > 0 {
		target = app.RedirectURLs[0]
	}
	if app == nil || !slices.ContainsFunc(app.RedirectURLs, func(u string) bool { return strings.HasPrefix(target, u) }) {
		s.violate("oauth", "client_id or redirect_uri is unknown: %s", target)
		http.Error(w, "bad_redirect_uri", http.StatusBadRequest)
		return
	}
	back := url.Values{"state": {q.Get("state")}}
	if app.consent.State != "" {
		back.Set("state", app.consent.State)
	}
	if app.consent.Deny {
		back.Set("error", "access_denied")
	} else {
		id := s.secret()
		var scopes []string
		for _, name := range strings.Split(q.Get("scope"), ",") {
			if name != "" && !slices.Contains(app.consent.Drop, name) {
				scopes = append(scopes, name)
			}
		}
		s.codes[id] = &code{
			app: app, team: app.consent.Team, org: app.consent.Org, scopes: scopes, redirect: q.Get("redirect_uri"), expires: s.Now().Add(10 * time.Minute),
		}
		back.Set("code", id)
	}
	http.Redirect(w, r, target+"?"+back.Encode(), http.StatusFound)
}

func (s *Server) oauthAccess(c *Call) (map[string]any, *refusal) {
	id := s.codes[c.Args.Text("code")]
	switch {
	case c.Args.Has("grant_type") && c.Args.Text("grant_type") != "authorization_code":
		return nil, refuse("invalid_grant_type", "[ERROR] token rotation is not part of this Slack")
	case id == nil:
		return nil, refuse("invalid_code")
	case c.Args.Text("client_id") != id.app.ClientID:
		return nil, refuse("invalid_client_id")
	case c.Args.Text("client_secret") != id.app.ClientSecret:
		return nil, refuse("bad_client_secret")
	case c.Args.Text("redirect_uri") != id.redirect:
		return nil, refuse("bad_redirect_uri")
	case id.used:
		return nil, refuse("invalid_code", "[ERROR] the code was used")
	case c.At.After(id.expires):
		return nil, refuseFairly("invalid_code")
	case len(id.scopes) == 0:
		return nil, refuse("no_scopes")
	}
	id.used = true
	in := id.app.install(id.team, id.org, Install{Scopes: id.scopes})
	body := map[string]any{
		"access_token": in.Token, "token_type": "bot", "scope": strings.Join(in.Scopes, ","), "bot_user_id": in.UserID,
		"app_id": id.app.ID, "team": nil, "enterprise": nil, "is_enterprise_install": id.org != nil,
		"authed_user": map[string]any{"id": "U0"},
	}
	if id.team != nil {
		body["team"] = map[string]any{"id": id.team.ID, "name": id.team.Name}
	}
	org := id.org
	if org == nil && id.team != nil {
		org = id.team.org
	}
	if org != nil {
		body["enterprise"] = map[string]any{"id": org.ID, "name": org.Name}
	}
	return body, nil
}
