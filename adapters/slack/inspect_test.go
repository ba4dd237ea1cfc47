package slack

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/synthoperator/baton/adapters/slack/slacktest"
)

func TestWhoseTokenItIs(t *testing.T) {
	slack := slacktest.New(t, slacktest.Options{})
	team := slack.Workspace("T1", "acme")
	org := slack.Org("E1", "everywhere")
	slack.Workspace("T2", "other").JoinOrg(org)
	app := slack.App(slacktest.AppConfig{ID: "A1", Name: "baton", Scopes: []string{"commands", "chat:write"}})
	one, whole := app.Install(team), app.InstallOrg(org)
	ask := Inspector{APIURL: slack.APIURL()}

	id, err := ask.Identify(t.Context(), Secret(one.Token))
	want := Identity{Install: Install{Team: "T1", BotUser: one.UserID, Bot: one.BotID, Token: Secret(one.Token), Scopes: []string{"commands", "chat:write"}}, TeamName: "acme", BotName: "baton", URL: slack.URL() + "/"}
	if diff := cmp.Diff(want, id); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if id, err = ask.Identify(t.Context(), Secret(whole.Token)); err != nil || !id.Org || id.Team != "" || id.Enterprise != "E1" {
		t.Errorf("%v %+v", err, id)
	}
	one.Uninstall()
	if _, err = ask.Identify(t.Context(), Secret(one.Token)); !Dead(err) {
		t.Error(err)
	}
}

// A network that fails, an answer that is none and a refusal for now say nothing
// about a token. None of them shows it.
func TestWhatIsNoWordOnAToken(t *testing.T) {
	const canary = "xoxb-canary-token"
	for name, answer := range map[string]http.HandlerFunc{
		"a proxy's page": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusBadGateway)
			_, _ = w.Write([]byte(r.Header.Get("Authorization")))
		},
		"an echo": func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(r.Header.Get("Authorization"))) },
		"not now": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"ok":false,"error":"ratelimited"}`))
		},
		"nothing at all": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"too late":       func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	} {
		server := httptest.NewServer(answer)
		ctx, cancel := context.WithCancel(t.Context())
		if name == "too late" {
			ctx, cancel = context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
		}
		_, err := Inspector{APIURL: server.URL + "/api"}.Identify(ctx, canary)
		cancel()
		if err == nil || Dead(err) || strings.Contains(err.Error(), canary) {
			t.Errorf("%s: %v", name, err)
		}
		server.Close()
	}
}

func TestWhereBatonIs(t *testing.T) {
	slack := slacktest.New(t, slacktest.Options{Unlimited: true})
	team := slack.Workspace("T1", "acme")
	bot := slack.App(slacktest.AppConfig{ID: "A1", Scopes: []string{"channels:read"}}).Install(team)
	var want []Place
	for i := range 250 {
		id := "C" + string(rune('A'+i/26)) + string(rune('A'+i%26))
		channel := team.Channel(id, strings.ToLower(id))
		if i%100 == 0 {
			channel.Join(bot.UserID)
			want = append(want, Place{ID: id, Name: strings.ToLower(id)})
		}
	}
	team.PrivateChannel("G1", "secret").Join(bot.UserID)
	ask := Inspector{APIURL: slack.APIURL()}
	got, err := ask.Membership(t.Context(), Secret(bot.Token), "", bot.Scopes)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	bot.Grant("channels:read", "groups:read")
	got, err = ask.Membership(t.Context(), Secret(bot.Token), "", []string{"channels:read", "groups:read"})
	if err != nil || !slices.Contains(got, Place{"G1", "secret", true}) {
		t.Errorf("%v %v", err, got)
	}
}

func TestWhetherTheSocketConnects(t *testing.T) {
	slack := slacktest.New(t, slacktest.Options{})
	app := slack.App(slacktest.AppConfig{ID: "A1"})
	ask := Inspector{APIURL: slack.APIURL()}
	if err := ask.OpenSocket(t.Context(), Secret(app.Token)); err != nil {
		t.Error(err)
	}
	app.LinkDisabled()
	var refused Refusal
	if err := ask.OpenSocket(t.Context(), Secret(app.Token)); !errors.As(err, &refused) || refused.Code != "socket_mode_not_enabled" || Dead(err) {
		t.Error(err)
	}
	slack.TakeViolations() // it is one to call after Socket Mode was turned off
}

func TestTokensByTheirBeginnings(t *testing.T) {
	for token, want := range map[string]string{
		"xoxb-1": "bot token", "xapp-1-A0123-1": "app-level token", "xoxp-1": "user token", "xoxe.xoxb-1": "token that rotates", "0123456789abcdef": "", "": "",
	} {
		if got := TokenKind(token); got != want {
			t.Errorf("%q is %q", token, got)
		}
	}
	for token, want := range map[string]string{"xapp-1-A0123-17-abc": "A0123", "xapp-1-A0123": "", "xoxb-1-A0123-1": "", "": "", "xapp-1--1-x": ""} {
		if got := AppOf(token); got != want {
			t.Errorf("%q is of %q", token, got)
		}
	}
}
