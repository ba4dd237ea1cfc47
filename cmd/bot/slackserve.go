package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/synthoperator/baton/adapters/slack"
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/state"
)

// slackServed is Slack while it is served.
type slackServed struct {
	service
	config SlackConfig
	tokens slackTokens

	own     *ownInstall // nil where others install the app
	oauth   *slack.OAuth
	adapter *slack.Adapter
}

var _ platform = (*slackServed)(nil)

func (j *job) newSlack(h *hosts, c SlackConfig, tokens slackTokens) *slackServed {
	listens := slack.Transport(c.Transport) == slack.HTTP
	return &slackServed{service: j.newService(h, slack.Platform, "Slack", listens, c.Listen), config: c, tokens: tokens}
}

func (s *slackServed) open(p *parts) (chat.Poster, error) {
	options, err := s.options(p)
	if err != nil {
		return nil, err
	}
	if s.adapter, err = slack.New(options); err != nil {
		return nil, usageError{err}
	}
	if s.host != nil {
		s.host.mux.Handle(slack.EventsPath, s.adapter.Routes())
		if s.oauth != nil {
			s.oauth.Routes(s.host.mux)
		}
	}
	return s.adapter, nil
}

// options are what the adapter runs with.
func (s *slackServed) options(p *parts) (slack.Options, error) {
	all, err := s.installs(p)
	if err != nil {
		return slack.Options{}, err
	}
	key, err := postKey(s.job, p.store)
	if err != nil {
		return slack.Options{}, err
	}
	return slack.Options{
		Transport: slack.Transport(s.config.Transport), APIURL: s.config.APIURL,
		AppToken: slack.Secret(s.tokens.app.Reveal()), SigningSecret: slack.Secret(s.tokens.signing.Reveal()),
		Installs: all, Log: p.log, Health: s.health.set, Key: key, Keep: newSlackKept(p.store),
		Turn: func(ctx context.Context, in chat.Thread) (func(), error) { return p.speaker.Turn(ctx, in) },
		Home: func(ctx context.Context, workspace string, who chat.Person) (chat.Message, error) {
			in, err := chat.NewThread(slack.Platform, workspace, "home", "")
			if err != nil {
				return chat.Message{}, err
			}
			return p.router.Home(ctx, in, who)
		},
		Heard: func(in chat.Thread, key string) error { return p.speaker.Heard(in, key) },
	}, nil
}

// installs are where tokens come from: the operator, or whoever installs the app.
func (s *slackServed) installs(p *parts) (slack.Installs, error) {
	if s.config.ClientID == "" {
		s.own = newOwnInstall()
		return s.own, nil
	}
	seal, err := newSealer(s.tokens.key)
	if err != nil {
		return nil, usageError{err}
	}
	all, err := openInstalls(s.job, p.store, seal, time.Now)
	if err != nil {
		return nil, err
	}
	s.oauth = slack.NewOAuth(slack.OAuthOptions{
		ClientID: s.config.ClientID, ClientSecret: slack.Secret(s.tokens.client.Reveal()), PublicURL: s.config.PublicURL,
		APIURL: s.config.APIURL, Features: s.config.Features, Installs: all, Log: p.log,
	})
	return all, nil
}

func (s *slackServed) run(ctx context.Context, p *parts) error {
	group, ctx := errgroup.WithContext(ctx)
	if s.own != nil {
		group.Go(func() error { return s.identify(ctx) })
	} else {
		group.Go(func() error {
			if !s.listens(ctx) {
				return nil
			}
			return s.announce(served{Transport: string(s.config.Transport), Install: s.config.PublicURL + slack.InstallPath})
		})
	}
	group.Go(func() error { return s.adapter.Run(ctx, p.router) })
	return group.Wait()
}

// postKey is the key that signs what Baton says by itself, made at the first
// start. It stays with the log, and with its backups: what was said before is
// found again.
func postKey(ctx context.Context, st *state.Store) (key []byte, err error) {
	const row, size = "m key", 32
	err = st.Own(ctx, slackRows, func(tx *state.FollowTx) error {
		kept, ok, err := tx.Get(row)
		switch {
		case err != nil:
			return err
		case ok && len(kept) != size:
			return fmt.Errorf("the key of Slack's messages has %d bytes instead of %d", len(kept), size)
		case ok:
			key = kept
			return nil
		}
		key = make([]byte, size)
		_, _ = rand.Read(key) // it never fails
		tx.Put(row, key)
		return nil
	})
	return key, err
}
