package slack

import (
	"context"
	"net/url"
	"strings"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"
)

// addresses are where workspaces are on the web, which links to messages begin
// with. Slack tells it once, instead of once for each message.
type addresses struct {
	mu    sync.Mutex
	known map[string]string
	again map[string]time.Time // when to ask again where it was not told
}

// permalink leads to a message; "" where Slack does not say where the workspace is.
func (a *Adapter) permalink(ctx context.Context, in workspace, channel, ts, root string) string {
	base := a.address(ctx, in)
	if base == "" {
		return ""
	}
	link := base + "archives/" + url.PathEscape(channel) + "/p" + strings.Replace(ts, ".", "", 1)
	if root != "" && root != ts {
		link += "?thread_ts=" + url.QueryEscape(root) + "&cid=" + url.QueryEscape(channel)
	}
	return link
}

func (a *Adapter) address(ctx context.Context, in workspace) string {
	id := in.id()
	a.addresses.mu.Lock()
	base, ok := a.addresses.known[id]
	wait := a.o.Now().Before(a.addresses.again[id])
	a.addresses.mu.Unlock()
	if ok || wait {
		return base
	}
	ctx, cancel := bounded(ctx, askWithin)
	defer cancel()
	err := a.ask(ctx, in, "auth.test", func(api *slackgo.Client) error {
		told, err := api.AuthTestContext(ctx)
		if err == nil {
			base = told.URL
		}
		return err
	})
	if err != nil {
		a.o.Log.Debug("the workspace's address was not told", "workspace", id, "error", a.plain(err))
	}
	a.addresses.mu.Lock()
	defer a.addresses.mu.Unlock()
	if a.addresses.known == nil {
		a.addresses.known, a.addresses.again = map[string]string{}, map[string]time.Time{}
	}
	if base == "" {
		a.addresses.again[id] = a.o.Now().Add(nameMissing)
		return ""
	}
	base = strings.TrimSuffix(base, "/") + "/"
	a.addresses.known[id] = base
	return base
}
