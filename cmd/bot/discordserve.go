package main

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/synthoperator/baton/adapters/discord"
	"github.com/synthoperator/baton/chat"
)

// discordPath is where Discord's interactions are taken over HTTP.
const discordPath = "/discord/interactions"

// discordServed is Discord while it is served.
type discordServed struct {
	service
	config  DiscordConfig
	token   Secret
	adapter *discord.Adapter
}

var _ platform = (*discordServed)(nil)

func (j *job) newDiscord(h *hosts, c DiscordConfig, token Secret) *discordServed {
	listens := discord.Transport(c.Transport) == discord.HTTP
	return &discordServed{service: j.newService(h, discord.Platform, "Discord", listens, c.Listen), config: c, token: token}
}

func (d *discordServed) open(p *parts) (chat.Poster, error) {
	var err error
	if d.adapter, err = discord.New(d.options(p)); err != nil {
		return nil, usageError{err}
	}
	if d.host != nil {
		d.host.mux.Handle(discordPath, d.adapter.Routes())
	}
	return d.adapter, nil
}

// options are what the adapter runs with.
func (d *discordServed) options(p *parts) discord.Options {
	roles := map[string]string{}
	for _, role := range []string{"observer", "contributor", "approver", "admin"} { // what gives more counts
		for _, who := range d.config.Roles.of()[role] {
			roles[discordRoleKey(who)] = role
		}
	}
	return discord.Options{
		Transport: discord.Transport(d.config.Transport), APIURL: d.config.APIURL, Token: d.token.Reveal(),
		PublicKey: d.config.PublicKey, Mentions: d.config.Mentions, Faces: d.config.Faces, Roles: roles,
		Log: p.log, Health: d.health.set, Keep: newKept(p.store),
		Turn:  func(ctx context.Context, in chat.Thread) (func(), error) { return p.speaker.Turn(ctx, in) },
		Heard: func(in chat.Thread, key string) error { return p.speaker.Heard(in, key) },
	}
}

func (d *discordServed) run(ctx context.Context, p *parts) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return d.greet(ctx) })
	group.Go(func() error {
		err := d.adapter.Run(ctx, p.router)
		if discord.Misconfigured(err) {
			err = usageError{err}
		}
		return err
	})
	return group.Wait()
}

// inspector asks Discord about the bot.
func (c DiscordConfig) inspector(token Secret) discord.Inspector {
	return discord.Inspector{APIURL: c.APIURL, Token: token.Reveal()}
}

// greet says who Baton is and what it may not do there, once it can be reached.
func (d *discordServed) greet(ctx context.Context) error {
	if !d.ready(ctx) {
		return nil
	}
	id, err := d.identity(ctx)
	if err != nil {
		return nil //nolint:nilerr // ctx has ended
	}
	names := make([]string, len(id.Guilds))
	for i, g := range id.Guilds {
		names[i] = withDetail(g.Name, g.ID)
		for _, lack := range g.Lacks(discord.Permissions(d.config.Faces)) {
			d.log.Warn("Baton lacks a permission in a server; `bot invite discord` has a link that gives it", "server", g.Name, "permission", lack.Name, "needed", lack.Why)
		}
	}
	if len(names) == 0 {
		d.log.Warn("Baton is in no server yet; `bot invite discord` has the link that takes it into one")
	}
	const shown = 5
	if rest := len(names) - shown; rest > 0 {
		names = append(names[:shown], fmt.Sprintf("%d more", rest))
	}
	return d.announce(served{Transport: string(d.config.Transport), Servers: names, As: id.Name})
}

// identity asks who Baton is until Discord says it.
func (d *discordServed) identity(ctx context.Context) (discord.Identity, error) {
	for again := askAgainFirst; ; again = min(2*again, askAgainLast) {
		id, err := d.config.inspector(d.token).Identify(ctx)
		if err == nil || ctx.Err() != nil {
			return id, err
		}
		d.log.Warn("Discord does not say which servers Baton is in", "again in", again, "err", err)
		pause(ctx, again)
	}
}
