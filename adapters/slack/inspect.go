package slack

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Refusal is Slack's answer that something cannot be done. It holds no token.
type Refusal struct {
	Method string
	Code   string // as Slack writes it: "invalid_auth"
	Needed string // the permission that is missing, where that is why
}

func (r Refusal) Error() string {
	if r.Needed != "" {
		return fmt.Sprintf("Slack refuses %s: %s, it needs %s", r.Method, r.Code, r.Needed)
	}
	return "Slack refuses " + r.Method + ": " + r.Code
}

// Dead reports whether an error says that a token will never work again, or
// never did (https://docs.slack.dev/reference/methods/auth.test).
func Dead(err error) bool {
	var r Refusal
	if !errors.As(err, &r) {
		return false
	}
	switch r.Code {
	case "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "org_login_required", "not_allowed_token_type":
		return true
	}
	return false
}

// Inspector asks Slack about tokens. It changes nothing there.
type Inspector struct {
	APIURL string       // "" is Slack's own; ends in a slash
	Client *http.Client // nil is one with sensible limits
}

// slackAPI is where Slack's Web API is (https://docs.slack.dev/apis/web-api).
const slackAPI = "https://slack.com/api/"

// maxAnswer bounds what is read of an answer, in bytes: 200 channels with all
// that Slack says of each take about 300 KiB.
const maxAnswer = 4 << 20

// ask calls a method and reads its answer. The credentials go in the header, so
// that no error can show them with an address.
func (i Inspector) ask(ctx context.Context, method string, args url.Values, sign func(*http.Request), into any) (http.Header, error) {
	address := strings.TrimSuffix(cmp.Or(i.APIURL, slackAPI), "/") + "/" + method
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(args.Encode()))
	if err != nil {
		return nil, fmt.Errorf("ask Slack: %w", err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	sign(r)
	client := i.Client
	if client == nil {
		client = &http.Client{Timeout: 15 * time.Second}
	}
	answer, err := client.Do(r)
	if err != nil {
		return nil, fmt.Errorf("ask Slack: %w", err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("read Slack's answer to %s: %w", method, err)
	}
	var told struct {
		OK     bool   `json:"ok"`
		Error  string `json:"error"`
		Needed string `json:"needed"`
	}
	if answer.StatusCode != http.StatusOK || json.Unmarshal(body, &told) != nil {
		return nil, fmt.Errorf("%s answers %s with %s, which is not how Slack answers", r.URL.Host, method, answer.Status)
	}
	if !told.OK {
		return answer.Header, Refusal{Method: method, Code: told.Error, Needed: told.Needed}
	}
	if err := json.Unmarshal(body, into); err != nil {
		return nil, fmt.Errorf("read Slack's answer to %s: %w", method, err)
	}
	return answer.Header, nil
}

// bearing signs a request with a token.
func bearing(token Secret) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+string(token)) }
}

// Identity is where a bot token works, and as whom.
type Identity struct {
	Install
	TeamName string // of the workspace or the organisation
	BotName  string
	URL      string // of the workspace
	Org      bool   // it works in a whole organisation
}

// Identify asks whose token it is and what it may do.
func (i Inspector) Identify(ctx context.Context, token Secret) (Identity, error) {
	var told struct {
		URL        string `json:"url"`
		Team       string `json:"team"`
		TeamID     string `json:"team_id"`
		Enterprise string `json:"enterprise_id"`
		User       string `json:"user"`
		UserID     string `json:"user_id"`
		BotID      string `json:"bot_id"`
		Org        bool   `json:"is_enterprise_install"`
	}
	header, err := i.ask(ctx, "auth.test", nil, bearing(token), &told)
	if err != nil {
		return Identity{}, err
	}
	id := Identity{
		Install:  Install{Enterprise: told.Enterprise, Team: told.TeamID, BotUser: told.UserID, Bot: told.BotID, Token: token},
		TeamName: told.Team, BotName: told.User, URL: told.URL, Org: told.Org,
	}
	if told.Org {
		id.Team = "" // Slack names the organisation there
	}
	for _, scope := range strings.Split(header.Get("X-Oauth-Scopes"), ",") {
		if scope = strings.TrimSpace(scope); scope != "" {
			id.Scopes = append(id.Scopes, scope)
		}
	}
	return id, nil
}

// OpenSocket asks for a connection of Socket Mode, which it does not make.
func (i Inspector) OpenSocket(ctx context.Context, appToken Secret) error {
	var told struct{}
	_, err := i.ask(ctx, "apps.connections.open", nil, bearing(appToken), &told)
	return err
}

// Place is a channel.
type Place struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Private bool   `json:"private"`
}

// Membership are the channels that a bot is in. Those that its token may not
// list are left out. team is needed for the token of an organisation.
func (i Inspector) Membership(ctx context.Context, token Secret, team string, scopes []string) ([]Place, error) {
	var kinds []string
	for _, s := range scopes {
		switch s {
		case "channels:read":
			kinds = append(kinds, "public_channel")
		case "groups:read":
			kinds = append(kinds, "private_channel")
		}
	}
	args := url.Values{"types": {strings.Join(kinds, ",")}, "exclude_archived": {"true"}, "limit": {"200"}}
	if team != "" {
		args.Set("team_id", team)
	}
	var all []Place
	for range 50 { // 10,000 channels; the method takes 20 calls a minute at least
		var told struct {
			Channels []struct {
				ID, Name string
				Private  bool `json:"is_private"`
				Member   bool `json:"is_member"`
			}
			Metadata struct {
				Next string `json:"next_cursor"`
			} `json:"response_metadata"`
		}
		if _, err := i.ask(ctx, "conversations.list", args, bearing(token), &told); err != nil {
			return all, err
		}
		for _, c := range told.Channels {
			if c.Member {
				all = append(all, Place{c.ID, c.Name, c.Private})
			}
		}
		if told.Metadata.Next == "" {
			return all, nil
		}
		args.Set("cursor", told.Metadata.Next)
	}
	return all, errors.New("the workspace has more than 10,000 channels; the rest was not looked at")
}

// TokenKind says what a text is by how it begins
// (https://docs.slack.dev/authentication/tokens).
func TokenKind(text string) string {
	for _, k := range []struct{ begins, what string }{
		{"xoxb-", "bot token"},
		{"xapp-", "app-level token"},
		{"xoxp-", "user token"},
		{"xoxe.", "token that rotates"},
		{"xoxe-", "refresh token"},
		{"xoxa-", "legacy workspace token"},
		{"xoxs-", "session token"},
		{"xoxc-", "session token"},
		{"xwfp-", "workflow token"},
	} {
		if strings.HasPrefix(text, k.begins) {
			return k.what
		}
	}
	return ""
}

// AppOf is the id of the app whose app-level token this is, "" where the token
// does not say: they read xapp-1-A0123456789-….
func AppOf(appToken string) string {
	parts := strings.Split(appToken, "-")
	if len(parts) < 4 || parts[0] != "xapp" || !strings.HasPrefix(parts[2], "A") {
		return ""
	}
	return parts[2]
}
