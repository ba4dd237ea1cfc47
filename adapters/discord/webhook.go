package discord

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/synthoperator/baton/chat"
)

// With [Options.Faces] a persona speaks by a webhook under its own name and
// picture (D:resources/webhook). There is one webhook in a channel. Where it
// cannot be had the bot speaks, with the persona's name over the message.

// hook is a webhook that Baton made.
type hook struct {
	ID            string `json:"id"`
	Token         string `json:"token"`
	ApplicationID string `json:"application_id"`
}

const (
	routeHooks       = "/channels/{channel_id}/webhooks"
	routeHook        = "/webhooks/{webhook_id}/{webhook_token}"
	routeHookMessage = "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"
	// askForHook is how long a channel is believed to have no webhook.
	askForHook = 10 * time.Minute
)

// errFaceless says that nothing was said because there is no webhook.
var errFaceless = errors.New("there is no webhook")

// faced reports whether somebody speaks under their own name there.
func (a *Adapter) faced(in chat.Thread, as chat.Speaker) bool {
	if !a.o.Faces || in.Direct() != "" || faceName(as.Name) == "" {
		return false
	}
	a.known.mu.Lock()
	defer a.known.mu.Unlock()
	return !a.rest.now().Before(a.known.faceless[in.Channel()])
}

// faceName is a name as a webhook may bear it; "" where it may not: it has 1 to
// 80 characters, holds neither "discord" nor "clyde", and is not that of all
// people (D:resources/webhook, Create Webhook; D:resources/user, Usernames).
func faceName(name string) string {
	name = inOneLine(name)
	low := strings.ToLower(name)
	if blank(name) || units(name) > maxUsername || strings.Contains(low, "discord") || strings.Contains(low, "clyde") ||
		low == "everyone" || low == "here" || strings.ContainsAny(name, "@#:") || strings.Contains(name, "```") {
		return ""
	}
	return name
}

// postByFace says something by webhook. There is no nonce for that: what may
// have been said before is looked for.
func (a *Adapter) postByFace(ctx context.Context, p chat.Post, part chat.Message) (chat.Ref, error) {
	if !p.Since.IsZero() {
		if had, err := a.look(ctx, p); err != nil || len(had) > 0 {
			return first(had), err
		}
	}
	body, err := a.faceBody(ctx, p, part)
	if err != nil {
		return chat.Ref{}, err
	}
	body.Username = faceName(part.As.Name)
	if pictured(part.As) {
		body.AvatarURL = part.As.Avatar
	}
	var said message
	plain, err := a.carry(body, func(body payload) error {
		return a.byHook(ctx, p.To, func(h hook) error {
			return a.rest.do(ctx, "POST", routeHook, h.path("")+"?wait=true"+threadQuery(p.To, "&"), body, body.files, &said)
		})
	})
	if err != nil {
		return chat.Ref{}, err
	}
	a.known.keep(said.ID, saidAs{p.Key, plain})
	channel, err := a.channelID(ctx, p.To)
	return ref(p.To, channel, said.ID), err
}

// faceBody is a message whose speaker is its author.
func (a *Adapter) faceBody(ctx context.Context, p chat.Post, part chat.Message) (payload, error) {
	part.As = chat.Speaker{Color: part.As.Color}
	body, err := a.renderPart(ctx, part, p.Key)
	if err != nil {
		return payload{}, notNow(err)
	}
	return body, nil
}

func (h hook) path(more string) string { return "/webhooks/" + h.ID + "/" + h.Token + more }

// threadQuery says in which thread of its channel a webhook speaks.
func threadQuery(in chat.Thread, sign string) string {
	if in.InChannel() {
		return ""
	}
	return sign + "thread_id=" + in.Root()
}

// byHook does something with a channel's webhook. One that was deleted is made
// again, once.
func (a *Adapter) byHook(ctx context.Context, in chat.Thread, do func(hook) error) error {
	for again := false; ; again = true {
		h, err := a.hook(ctx, in.Channel())
		if err != nil {
			return err
		}
		err = do(h)
		if !coded(err, 10015, 50027) {
			return err
		}
		a.known.mu.Lock()
		delete(a.known.hooks, in.Channel())
		a.known.mu.Unlock()
		if again {
			return a.withoutFace(in.Channel(), err)
		}
	}
}

// withoutFace has the bot speak in a channel for a while.
func (a *Adapter) withoutFace(channel string, why error) error {
	a.rest.log.Warn("personas speak as Baton in a channel: it has no webhook", "channel", channel, "err", why)
	a.known.mu.Lock()
	defer a.known.mu.Unlock()
	a.known.faceless[channel] = a.rest.now().Add(askForHook)
	return errFaceless
}

// hook is a channel's webhook, which is made where there is none.
func (a *Adapter) hook(ctx context.Context, channel string) (hook, error) {
	a.known.mu.Lock()
	h, ok := a.known.hooks[channel]
	a.known.mu.Unlock()
	if ok {
		return h, nil
	}
	h, err := a.findHook(ctx, channel)
	var refused *apiError
	switch {
	case errors.As(err, &refused):
		return hook{}, a.withoutFace(channel, err)
	case err != nil:
		return hook{}, err
	}
	a.known.mu.Lock()
	defer a.known.mu.Unlock()
	a.known.hooks[channel] = h
	return h, nil
}

func (a *Adapter) findHook(ctx context.Context, channel string) (hook, error) {
	me, err := a.self(ctx)
	if err != nil {
		return hook{}, err
	}
	path := "/channels/" + channel + "/webhooks"
	var all []hook
	if err := a.rest.do(ctx, "GET", routeHooks, path, nil, nil, &all); err != nil {
		return hook{}, err
	}
	for _, h := range all {
		if h.ApplicationID == me.application && h.Token != "" {
			return h, nil
		}
	}
	var made hook
	err = a.rest.do(ctx, "POST", routeHooks, path, map[string]string{"name": "Baton"}, nil, &made)
	return made, err
}

// editByFace replaces what a webhook said.
func (a *Adapter) editByFace(ctx context.Context, r chat.Ref, channel string, p chat.Post, part chat.Message, inEmbeds bool) error {
	body, err := a.faceBody(ctx, p, part)
	if err != nil {
		return err
	}
	body = body.like(inEmbeds)
	return a.awake(ctx, r.Thread, channel, func() error {
		return a.byHook(ctx, r.Thread, func(h hook) error {
			return a.rest.do(ctx, "PATCH", routeHookMessage, h.path("/messages/"+r.ID)+threadQuery(r.Thread, "?"), body, body.files, nil)
		})
	})
}

// removeByFace takes back what a webhook said.
func (a *Adapter) removeByFace(ctx context.Context, r chat.Ref, channel string) error {
	return a.awake(ctx, r.Thread, channel, func() error {
		return a.byHook(ctx, r.Thread, func(h hook) error {
			return a.rest.do(ctx, "DELETE", routeHookMessage, h.path("/messages/"+r.ID)+threadQuery(r.Thread, "?"), nil, nil, nil)
		})
	})
}
