package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/slack"
	"github.com/synthoperator/baton/adapters/slack/slacktest"
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/commands"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/memory"
)

// office is the whole bot in a Slack within the process, all of it in fake time:
// the app is made from Baton's own manifest, and log, library, router, announcer
// and adapter are wired as bot run wires them.
type office struct {
	*slacktest.Server
	t       *testing.T
	bot     *slacktest.Install
	launch  *slacktest.Channel
	people  map[string]*slacktest.Person
	backend state.Backend
	served  *slackServed
	parts   *parts
	end     context.CancelFunc
	ended   chan error
}

// openOffice has everybody at their desks. It is called in a bubble.
func openOffice(t *testing.T, transport slack.Transport, features []slack.Feature) *office {
	t.Helper()
	o := &office{
		// Weeks pass, and a ping in ten seconds would take most of the time that the test takes.
		Server: slacktest.New(t, slacktest.Options{Pipe: true, PingEvery: 25 * time.Second}), t: t, people: map[string]*slacktest.Person{},
		backend: kept{memory.New()}, ended: make(chan error, 2),
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
	var err error
	o.parts, err = assemble(o.backend, c, around{
		now: time.Now, log: slog.New(slog.NewTextHandler(o.t.Output(), nil)),
		fatal: func(err error) { o.t.Error("fatal:", err) },
		posters: func(p *parts) (map[string]chat.Poster, error) {
			options, err := o.served.options(p)
			if err != nil {
				return nil, err
			}
			options.Client, options.Dial = client, o.Dial
			o.served.adapter, err = slack.New(options)
			return map[string]chat.Poster{slack.Platform: o.served.adapter}, err
		},
	})
	if err != nil {
		o.t.Fatal(err)
	}
	id, err := slack.Inspector{APIURL: o.APIURL(), Client: client}.Identify(o.t.Context(), slack.Secret(o.bot.Token))
	if err != nil {
		o.t.Fatal(err)
	}
	id.App = "A1"
	o.served.own.identified(id.Install)
	ctx, end := context.WithCancel(o.t.Context())
	o.end = end
	go func() { o.ended <- speak(ctx, o.parts) }()
	go func() { o.ended <- o.served.adapter.Run(ctx, faultless{o.t, o.parts.router}) }()
	synctest.Wait()
	o.t.Cleanup(client.CloseIdleConnections)
}

// close ends the bot and leaves its log.
func (o *office) close() {
	o.t.Helper()
	o.end()
	for range 2 {
		if err := <-o.ended; err != nil && !errors.Is(err, context.Canceled) {
			o.t.Error(err)
		}
	}
	if err := o.parts.close(); err != nil {
		o.t.Error(err)
	}
}

// settle lets everything happen that happens by itself, and a moment pass: Slack
// takes about one message a second in a channel.
func (o *office) settle() {
	o.t.Helper()
	for range 3 {
		synctest.Wait()
		if err := o.parts.speaker.Settled(o.t.Context()); err != nil {
			o.t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
	}
	synctest.Wait()
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

// faultless has no story pass with a fault.
type faultless struct {
	t *testing.T
	chat.Handler
}

func (f faultless) Handle(ctx context.Context, call chat.Call) chat.Message {
	m := f.Handler.Handle(ctx, call)
	if m.Fault {
		f.t.Errorf("%q %q broke something: %v", call.Verb, call.Text, m.Blocks)
	}
	return m
}
