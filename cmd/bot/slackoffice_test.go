package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/slack"
	"github.com/synthoperator/baton/adapters/slack/slacktest"
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/commands"
)

// office is a house in a Slack within the process: the app is made from Baton's own
// manifest, and the adapter is wired as bot run wires it.
type office struct {
	*slacktest.Server
	*house
	bot    *slacktest.Install
	launch *slacktest.Channel
	people map[string]*slacktest.Person
	served *slackServed
}

// openOffice has everybody at their desks. It is called in a bubble.
func openOffice(t *testing.T, transport slack.Transport, features []slack.Feature) *office {
	t.Helper()
	o := &office{
		// Weeks pass, and a ping in ten seconds would take most of the time that the test takes.
		Server: slacktest.New(t, slacktest.Options{Pipe: true, PingEvery: 25 * time.Second}), house: newHouse(t), people: map[string]*slacktest.Person{},
	}
	c := DefaultConfig()
	c.Slack.Transport, c.Slack.APIURL, c.Slack.PublicURL = SlackTransport(transport), o.APIURL(), "https://baton.test"
	c.Slack.Features = features
	app := o.App(o.settings(c))
	team := o.Workspace("T1", "acme")
	o.bot = app.InstallAs(team, slacktest.Install{UserID: "UBATON", BotID: "BBATON"})
	o.launch = team.Channel("C1", "launch")
	o.people["ana"], o.people["ben"] = team.Person("U1", "ana"), team.Person("U2", "ben")
	o.launch.Join("U1", "U2", o.bot.UserID)
	j := testJob(t, t.Output())
	j.config = c
	o.served = j.newSlack(&hosts{}, c.Slack, slackTokens{
		bot: Secret{o.bot.Token}, app: Secret{app.Token}, signing: Secret{app.SigningSecret},
	})
	o.open(c)
	return o
}

// settings are what Slack makes of Baton's manifest.
func (o *office) settings(c Config) slacktest.AppConfig {
	m, err := slack.MakeManifest(commands.New(commands.Deps{}).Specs(), c.Slack.setup())
	if err != nil {
		o.t.Fatal(err)
	}
	raw, err := json.Marshal(m)
	if err != nil {
		o.t.Fatal(err)
	}
	cfg, err := slacktest.Manifest(raw)
	if err != nil {
		o.t.Fatal(err)
	}
	cfg.ID, cfg.SigningSecret = "A1", canarySigning
	if cfg.RequestURL != "" {
		cfg.Transport = o
	}
	return cfg
}

// open runs the bot.
func (o *office) open(c Config) {
	client := o.Client()
	o.opens(c, func(p *parts) (map[string]chat.Poster, error) {
		options, err := o.served.options(p)
		if err != nil {
			return nil, err
		}
		options.Client, options.Dial = client, o.Dial
		o.served.adapter, err = slack.New(options)
		return map[string]chat.Poster{slack.Platform: o.served.adapter}, err
	})
	id, err := slack.Inspector{APIURL: o.APIURL(), Client: client}.Identify(o.t.Context(), slack.Secret(o.bot.Token))
	if err != nil {
		o.t.Fatal(err)
	}
	id.App = "A1"
	o.served.own.identified(id.Install)
	o.runs(o.served.adapter.Run)
	o.t.Cleanup(client.CloseIdleConnections)
}

// RoundTrip brings a request of Slack's to Baton without a network.
func (o *office) RoundTrip(r *http.Request) (*http.Response, error) {
	answer := httptest.NewRecorder()
	done := make(chan struct{})
	go func() {
		defer close(done)
		o.served.adapter.Routes().ServeHTTP(answer, r)
	}()
	select {
	case <-done:
		return answer.Result(), nil
	case <-r.Context().Done():
		<-done
		return nil, r.Context().Err()
	}
}
