package slacktest_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/synthoperator/baton/adapters/slack/slacktest"
)

// world is a workspace with an app in a channel.
type world struct {
	*slacktest.Server
	team   *slacktest.Workspace
	app    *slacktest.App
	bot    *slacktest.Install
	launch *slacktest.Channel
	ana    *slacktest.Person
	ben    *slacktest.Person
}

var allScopes = strings.Fields("commands chat:write app_mentions:read channels:history groups:history im:history " +
	"channels:read groups:read im:read im:write users:read team:read reactions:write files:write pins:write")

func newWorld(t *testing.T, opts slacktest.Options, changes ...func(*slacktest.AppConfig)) *world {
	t.Helper()
	s := slacktest.New(t, opts)
	cfg := slacktest.AppConfig{
		ID: "A1", Name: "baton", Scopes: allScopes, Commands: []string{"/baton"}, HomeTab: true, Agent: true,
		Events:    []string{"app_mention", "message.channels", "app_home_opened"},
		Shortcuts: map[string]string{"hand_off": "message", "everywhere": "global"},
	}
	for _, change := range changes {
		change(&cfg)
	}
	w := &world{Server: s, team: s.Workspace("T1", "acme")}
	w.app = s.App(cfg)
	w.bot = w.app.InstallAs(w.team, slacktest.Install{Token: "xoxb-1", UserID: "UBOT", BotID: "B1"})
	w.launch = w.team.Channel("C1", "launch")
	w.ana, w.ben = w.team.Person("U1", "ana"), w.team.Person("U2", "ben")
	w.launch.Join("U1", "U2", "UBOT")
	return w
}

// call calls a method with a form.
func (w *world) call(t *testing.T, token, method string, pairs ...string) map[string]any {
	t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r, _ := http.NewRequest("POST", w.APIURL()+method, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := w.Client().Do(r)
	if err != nil {
		t.Fatalf("%s: %v", method, err)
	}
	defer answer.Body.Close()
	var body map[string]any
	if err := json.NewDecoder(answer.Body).Decode(&body); err != nil {
		t.Fatalf("%s: %v", method, err)
	}
	return body
}

func TestSlashCommandOverTheSocket(t *testing.T) {
	for _, pipe := range []bool{false, true} {
		story := func(t *testing.T) {
			w := newWorld(t, slacktest.Options{Pipe: pipe})
			if got := w.call(t, "xoxb-1", "auth.test"); got["user_id"] != "UBOT" {
				t.Fatal(got)
			}
			opened := w.call(t, w.app.Token, "apps.connections.open")
			conn, err := dial(w, opened["url"].(string))
			if err != nil {
				t.Fatal(err)
			}
			var hello struct {
				Type string
				Num  int `json:"num_connections"`
			}
			if conn.ReadJSON(&hello); hello.Type != "hello" || hello.Num != 1 {
				t.Fatal(hello)
			}
			go func() {
				var env struct {
					ID      string `json:"envelope_id"`
					Type    string
					Payload map[string]any
				}
				conn.ReadJSON(&env)
				conn.WriteJSON(map[string]any{"envelope_id": env.ID, "payload": map[string]any{"text": "you said " + env.Payload["text"].(string)}})
			}()
			if seen := w.ana.Slash(w.launch, "/baton", "status"); seen.Told() != "you said status" || seen.TimedOut {
				t.Errorf("ana saw %+v", seen)
			}
			if got := w.call(t, "xoxb-1", "chat.postMessage", "channel", "C1", "text", "hello"); got["ok"] != true {
				t.Error(got)
			}
			if said := w.launch.Messages(); len(said) != 1 || said[0].Text != "hello" {
				t.Errorf("the channel holds %+v", said)
			}
			conn.Close()
		}
		if pipe {
			synctest.Test(t, story)
		} else {
			story(t)
		}
	}
}
