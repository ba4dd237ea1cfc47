package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/synthoperator/baton/adapters/slack"
)

// ownInstall is the one installation whose token the operator gave. Until Slack
// said whose it is, who looks for it waits.
type ownInstall struct {
	known chan struct{} // closed then

	mu   sync.Mutex
	in   slack.Install
	gone bool
}

var _ slack.Installs = (*ownInstall)(nil)

func newOwnInstall() *ownInstall { return &ownInstall{known: make(chan struct{})} }

// identified says whose token it is. It is called once.
func (o *ownInstall) identified(in slack.Install) {
	o.mu.Lock()
	o.in = in
	o.mu.Unlock()
	close(o.known)
}

func (o *ownInstall) wait(ctx context.Context) error {
	select {
	case <-o.known:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("Slack has not said yet which workspace the token is for: %w", context.Cause(ctx))
	}
}

// Find is the installation where it is of that workspace, or of its
// organisation. An organisation's serves every workspace: nobody else's events
// come in with its app's credentials.
func (o *ownInstall) Find(ctx context.Context, enterprise, team string) (slack.Install, bool, error) {
	if err := o.wait(ctx); err != nil {
		return slack.Install{}, false, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	mine := o.in.Team != "" && o.in.Team == team || o.in.Team == "" && (enterprise == "" || enterprise == o.in.Enterprise)
	if o.gone || !mine {
		return slack.Install{}, false, nil
	}
	return o.in, true, nil
}

// Put refuses: the operator gives the token.
func (o *ownInstall) Put(context.Context, slack.Install) error {
	return errors.New("the token of this workspace comes from " + slackBotToken)
}

// Remove stops using the token until the next start.
func (o *ownInstall) Remove(_ context.Context, enterprise, team string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.in.Team == team && o.in.Enterprise == enterprise {
		o.gone = true
	}
	return nil
}

// All is that one, once it is known and while it works.
func (o *ownInstall) All(ctx context.Context) ([]slack.Install, error) {
	if err := o.wait(ctx); err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.gone {
		return nil, nil
	}
	return []slack.Install{o.in}, nil
}

// How long is waited before Slack is asked again.
const (
	askAgainFirst = time.Second
	askAgainLast  = time.Minute
)

// identify asks Slack whose token it is until it says so, loudly while it does
// not. An error says that the token will never work.
func (s *slackServed) identify(ctx context.Context) error {
	ask := slack.Inspector{APIURL: s.config.APIURL}
	for again := askAgainFirst; ; again = min(2*again, askAgainLast) {
		id, err := ask.Identify(ctx, slack.Secret(s.tokens.bot.Reveal()))
		switch {
		case err == nil:
			id.App = slack.AppOf(s.tokens.app.Reveal())
			s.own.identified(id.Install)
			return s.greet(ctx, id)
		case slack.Dead(err):
			return usageError{fmt.Errorf("%s does not work: %w; %s", slackBotToken, err, findBotToken)}
		case ctx.Err() != nil:
			return nil
		}
		s.log.Error("Slack does not say which workspace the token is for; nothing works there until it does", "again in", again, "err", err)
		s.health.set(false, "Slack cannot be reached")
		pause(ctx, again)
	}
}

// greet says who Baton is, and what it may not do there; and once it can be
// reached, that it is served.
func (s *slackServed) greet(ctx context.Context, id slack.Identity) error {
	for _, text := range slack.Missing(id.Scopes, s.config.Features...) {
		s.log.Warn(text)
	}
	s.log.Info("Slack", "workspace", id.TeamName, "team", id.Team, "enterprise", id.Enterprise, "as", id.BotName)
	if !s.ready(ctx) {
		return nil
	}
	where := id.Install.Team
	if id.Org {
		where = id.Enterprise
	}
	return s.announce(served{Transport: string(s.config.Transport), Workspace: id.TeamName, ID: where, As: id.BotName})
}
