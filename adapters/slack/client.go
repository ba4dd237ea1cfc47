package slack

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	slackgo "github.com/slack-go/slack"

	"github.com/synthoperator/baton/chat"
)

// clients are the Web API as each installation may use it.
type clients struct {
	o Options

	mu    sync.Mutex
	byKey map[string]held
	homes map[string]workspace // the organisation of each workspace heard of
}

type held struct {
	token Secret
	api   *slackgo.Client
}

// errNotInstalled says that nothing can be said in a workspace.
var errNotInstalled = errors.New("Baton is not installed in this workspace any more: install it again")

// of is the Web API of a workspace, and the app as it is installed there.
func (c *clients) of(ctx context.Context, w workspace) (*slackgo.Client, Install, error) {
	in, ok, err := c.o.Installs.Find(ctx, w.enterprise, w.team)
	if err != nil {
		return nil, Install{}, fmt.Errorf("look up the installation in workspace %s: %w", w.id(), err)
	}
	if !ok {
		return nil, Install{}, errNotInstalled
	}
	key := in.Enterprise + "/" + in.Team
	c.mu.Lock()
	defer c.mu.Unlock()
	if h, ok := c.byKey[key]; ok && h.token == in.Token {
		return h.api, in, nil
	}
	if c.byKey == nil {
		c.byKey = map[string]held{}
	}
	api := slackgo.New(string(in.Token), c.options()...)
	c.byKey[key] = held{in.Token, api}
	return api, in, nil
}

// note remembers which organisation a workspace belongs to, so that it is found
// where only the workspace is named.
func (c *clients) note(w workspace) {
	if w.enterprise == "" || w.team == "" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.homes == nil {
		c.homes = map[string]workspace{}
	}
	c.homes[w.team] = w
}

// named is the workspace that a thread names.
func (c *clients) named(id string) workspace {
	c.mu.Lock()
	defer c.mu.Unlock()
	if w, ok := c.homes[id]; ok {
		return w
	}
	return workspace{team: id}
}

func (c *clients) options() []slackgo.Option {
	options := []slackgo.Option{slackgo.OptionHTTPClient(c.o.Client)}
	if c.o.APIURL != "" {
		options = append(options, slackgo.OptionAPIURL(strings.TrimSuffix(c.o.APIURL, "/")+"/"))
	}
	return options
}

// app is the Web API as the app itself uses it, to ask for a connection.
func (c *clients) app() *slackgo.Client {
	return slackgo.New("", append(c.options(), slackgo.OptionAppLevelToken(string(c.o.AppToken)))...)
}

// client is the Web API of the workspace that a thread names.
func (a *Adapter) client(ctx context.Context, id string) (*slackgo.Client, Install, error) {
	return a.clients.of(ctx, a.clients.named(id))
}

// ask asks a workspace something, and does not where Slack said to wait with that.
func (a *Adapter) ask(ctx context.Context, w workspace, method string, f func(*slackgo.Client) error) error {
	in, err := chat.NewThread(Platform, w.id(), "any", "") // which method and workspace are counted by
	if err != nil {
		return err
	}
	if err := a.open(method, in); err != nil {
		return err
	}
	api, _, err := a.clients.of(ctx, w)
	if err != nil {
		return err
	}
	err = f(api)
	var limited *slackgo.RateLimitedError
	if errors.As(err, &limited) {
		return a.failed(method, in, err)
	}
	return err
}

// plain is an error without secrets: tokens travel in bodies and addresses,
// which errors of the network quote.
func (a *Adapter) plain(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	hidden := text
	for _, mark := range []string{"xoxb-", "xoxp-", "xoxe", "xapp-", "ticket=", "/hooks.slack.com/", "/hooks/", "/commands/T", "/actions/T"} {
		for from := 0; ; {
			i := strings.Index(hidden[from:], mark)
			if i < 0 {
				break
			}
			i += from + len(mark)
			end := strings.IndexAny(hidden[i:], " \"'`\n\t&,;)")
			if end < 0 {
				end = len(hidden) - i
			}
			hidden = hidden[:i] + "…" + hidden[i+end:]
			from = i + len("…")
		}
	}
	if hidden == text {
		return err
	}
	return errors.New(hidden)
}
