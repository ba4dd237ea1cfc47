package slack

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"
	"github.com/synthoperator/baton/chat"
)

// outbound is what an adapter remembers of what it says. The zero value works.
type outbound struct {
	mu      sync.Mutex
	closed  map[string]time.Time // by method and place: until when Slack takes nothing
	edits   map[string][]time.Time
	looks   map[string]*look
	known   grants
	knownAt time.Time
	streams []*growing
}

// api is how a workspace is asked, and the installation that it is asked as.
// Without an installation the error is a [chat.Blocked].
func (a *Adapter) api(ctx context.Context, workspace string) (*slackgo.Client, Install, error) {
	api, in, err := a.client(ctx, workspace)
	if errors.Is(err, errNotInstalled) || err == nil && in.Token == "" {
		t, wrong := chat.NewThread(Platform, workspace, "any", "")
		if wrong != nil {
			return nil, Install{}, wrong
		}
		err = chat.Blocked{Where: t.WorkspaceKey(), Why: "Baton is not installed in the workspace " + workspace + ": install it there, then this goes on"}
	}
	return api, in, err
}

// granted is what a workspace's installation allows.
func (a *Adapter) granted(workspace string) grants {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_, in, err := a.api(ctx, workspace)
	if err != nil {
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

func (a *Adapter) now() time.Time { return a.o.Now() }

// link leads to a message; "" while the workspace's address is not known.
func (a *Adapter) link(ctx context.Context, in chat.Thread, channel, ts string) string {
	return a.permalink(ctx, a.clients.named(in.Workspace()), channel, ts, in.Root())
}
