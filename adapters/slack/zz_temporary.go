package slack

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"
)

// Adapter is Baton in Slack.
type Adapter struct {
	o       Options
	clients *clients
	outbound
}

// New makes an adapter.
func New(o Options) (*Adapter, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Adapter{o: o, clients: &clients{o: o}}, nil
}

type workspace struct{ enterprise, team string }

type clients struct {
	o     Options
	mu    sync.Mutex
	home  string
	byKey map[string]*slackgo.Client
}

var errNotInstalled = errors.New("Baton is not installed in this workspace any more: install it again")

func (c *clients) named(id string) workspace { return workspace{team: id} }

func (a *Adapter) client(ctx context.Context, id string) (*slackgo.Client, Install, error) {
	in, ok, err := a.o.Installs.Find(ctx, "", id)
	if err != nil {
		return nil, Install{}, err
	}
	if !ok {
		return nil, Install{}, errNotInstalled
	}
	return slackgo.New(string(in.Token), slackgo.OptionHTTPClient(a.o.Client), slackgo.OptionAPIURL(a.o.APIURL)), in, nil
}

func (a *Adapter) permalink(ctx context.Context, in workspace, channel, ts, root string) string {
	a.clients.mu.Lock()
	defer a.clients.mu.Unlock()
	if a.clients.home == "" {
		api, _, err := a.client(ctx, in.team)
		if err != nil {
			return ""
		}
		who, err := api.AuthTestContext(ctx)
		if err != nil {
			return ""
		}
		a.clients.home = who.URL
	}
	link := a.clients.home + "archives/" + channel + "/p" + strings.ReplaceAll(ts, ".", "")
	if root != "" && root != ts {
		link += "?thread_ts=" + root + "&cid=" + channel
	}
	return link
}
