package slack

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"
	"github.com/synthoperator/baton/chat"
)

// outbound is what an adapter remembers of what it says. The zero value works.
type outbound struct {
	mu      sync.Mutex
	clients map[string]client    // by workspace
	closed  map[string]time.Time // by method and place: until when Slack takes nothing
	edits   map[string][]time.Time
	looks   map[string]*look
	known   grants
	knownAt time.Time
	shelf   shelf
	http    *http.Client
}

// client is how one workspace is asked.
type client struct {
	token Secret
	api   *slackgo.Client
	in    Install
	home  string // https://acme.slack.com/, or "" while it is not known
	asked time.Time
}

// api is how a workspace is asked, and the installation that it is asked as.
// Without an installation the error is a [chat.Blocked].
func (a *Adapter) api(ctx context.Context, workspace string) (*slackgo.Client, Install, error) {
	c, err := a.client(ctx, workspace)
	return c.api, c.in, err
}

func (a *Adapter) client(ctx context.Context, workspace string) (client, error) {
	in, ok, err := a.install(ctx, workspace)
	if err != nil {
		return client{}, fmt.Errorf("the installation for the workspace %s cannot be read: %w", workspace, err)
	}
	if !ok || in.Token == "" {
		where := workspace
		if t, err := chat.NewThread(Platform, workspace, "-", ""); err == nil {
			where = t.WorkspaceKey()
		}
		return client{}, chat.Blocked{Where: where, Why: "Baton is not installed in the workspace " + workspace + ": install it there, then this goes on"}
	}
	o := &a.outbound
	o.mu.Lock()
	defer o.mu.Unlock()
	c, known := o.clients[workspace]
	if !known || c.token != in.Token {
		if o.http == nil {
			o.http = a.o.Client
		}
		if o.http == nil {
			o.http = limitedClient()
		}
		options := []slackgo.Option{slackgo.OptionHTTPClient(o.http)}
		if a.o.APIURL != "" {
			options = append(options, slackgo.OptionAPIURL(a.o.APIURL))
		}
		c = client{token: in.Token, api: slackgo.New(string(in.Token), options...)}
	}
	c.in = in
	if o.clients == nil {
		o.clients = map[string]client{}
	}
	o.clients[workspace] = c
	return c, nil
}

// install is the installation for a workspace: its own, or that of the
// organisation which it is in.
func (a *Adapter) install(ctx context.Context, workspace string) (Install, bool, error) {
	in, ok, err := a.o.Installs.Find(ctx, "", workspace)
	if err != nil || ok {
		return in, ok, err
	}
	all, err := a.o.Installs.All(ctx)
	if err != nil {
		return Install{}, false, err
	}
	for _, org := range all {
		if org.Enterprise == "" || org.Team != "" {
			continue
		}
		if in, ok, err = a.o.Installs.Find(ctx, org.Enterprise, workspace); err != nil || ok {
			return in, ok, err
		}
	}
	return Install{}, false, nil
}

// limitedClient waits for nothing for ever. It repeats nothing.
func limitedClient() *http.Client {
	return &http.Client{Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: requestTime / 2, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   requestTime / 2,
		ResponseHeaderTimeout: 3 * requestTime,
		IdleConnTimeout:       time.Minute,
		MaxIdleConnsPerHost:   2 * atOnce,
		ForceAttemptHTTP2:     true,
	}}
}

// granted is what a workspace's installation allows.
func (a *Adapter) granted(workspace string) grants {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	in, ok, err := a.install(ctx, workspace)
	if err != nil || !ok {
		return grants{}
	}
	return grantsOf(in)
}

func grantsOf(in Install) grants {
	return grants{files: slices.Contains(in.Scopes, "files:write"), customize: slices.Contains(in.Scopes, "chat:write.customize")}
}

// grantedEverywhere is what all installations allow, so that a message is split
// alike for all of them.
func (a *Adapter) grantedEverywhere() grants {
	now, o := a.now(), &a.outbound
	o.mu.Lock()
	known, at := o.known, o.knownAt
	o.mu.Unlock()
	if !at.IsZero() && now.Sub(at) < time.Minute && !now.Before(at) {
		return known
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	all, err := a.o.Installs.All(ctx)
	if err != nil {
		return known
	}
	g := grants{files: len(all) > 0, customize: len(all) > 0}
	for _, in := range all {
		one := grantsOf(in)
		g.files, g.customize = g.files && one.files, g.customize && one.customize
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.known, o.knownAt = g, now
	return g
}

func (a *Adapter) now() time.Time {
	if a.o.Now != nil {
		return a.o.Now()
	}
	return time.Now()
}

// homeRetry is how often the address of a workspace is asked for while Slack does
// not say it.
const homeRetry = 10 * time.Minute

// link leads to a message by Slack's form of permalinks; "" while the workspace's
// address is not known (https://docs.slack.dev/reference/methods/chat.getPermalink).
func (a *Adapter) link(ctx context.Context, in chat.Thread, channel, ts string) string {
	c, err := a.client(ctx, in.Workspace())
	if err != nil {
		return ""
	}
	if c.home == "" && a.now().Sub(c.asked) >= homeRetry {
		c.asked = a.now()
		if who, err := c.api.AuthTestContext(ctx); err == nil && strings.HasPrefix(who.URL, "http") {
			c.home = strings.TrimSuffix(who.URL, "/") + "/"
		}
		a.outbound.mu.Lock()
		if now, known := a.outbound.clients[in.Workspace()]; known && now.token == c.token {
			now.home, now.asked = c.home, c.asked
			a.outbound.clients[in.Workspace()] = now
		}
		a.outbound.mu.Unlock()
	}
	if c.home == "" {
		return ""
	}
	address := c.home + "archives/" + channel + "/p" + strings.ReplaceAll(ts, ".", "")
	if root := in.Root(); root != "" && root != ts {
		address += "?thread_ts=" + root + "&cid=" + channel
	}
	return address
}
