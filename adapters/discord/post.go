package discord

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"

	"github.com/synthoperator/baton/chat"
)

// say posts answers with the bot's token, one after the other. It waits for its
// turn and for Discord's limits as long as ctx lets it. What was said when it
// fails is returned with the error.
func (a *Adapter) say(ctx context.Context, in chat.Thread, parts []payload) ([]chat.Ref, error) {
	var refs []chat.Ref
	for _, p := range parts {
		ref, err := a.sayOne(ctx, in, p)
		if err != nil {
			return refs, err
		}
		refs = append(refs, ref)
	}
	return refs, nil
}

// sayTries is how often an answer is sent whose fate is unknown. All tries have
// one nonce, so that it stands there once.
const sayTries = 3

func (a *Adapter) sayOne(ctx context.Context, in chat.Thread, p payload) (chat.Ref, error) {
	if a.o.Turn != nil {
		done, err := a.o.Turn(ctx, in)
		if err != nil {
			return chat.Ref{}, err
		}
		defer done()
	}
	channel, err := a.channelID(ctx, in)
	if err != nil {
		return chat.Ref{}, outcome(err, in)
	}
	p.Nonce, p.EnforceNonce = strings.ToLower(rand.Text()[:maxNonce]), true
	var said message
	for try := 1; ; try++ {
		err = a.rest.patiently(ctx, "POST", routeMessages, "/channels/"+channel+"/messages", p, p.files, &said)
		var known *apiError
		var wait *limited
		sure := err == nil || errors.As(err, &wait) || errors.As(err, &known) && known.effect() != unknownEffect
		if sure || try == sayTries || ctx.Err() != nil {
			break
		}
	}
	if err != nil {
		return chat.Ref{}, outcome(err, in)
	}
	return a.ref(in, said.ID), nil
}

// Routes as D: documents them, by which Discord counts.
const (
	routeMessages = "/channels/{channel_id}/messages"
	routeMessage  = "/channels/{channel_id}/messages/{message_id}"
)

// message is what Baton reads of a message (D:resources/message).
type message struct {
	ID            string      `json:"id"`
	ChannelID     string      `json:"channel_id"`
	Author        user        `json:"author"`
	ApplicationID string      `json:"application_id"`
	WebhookID     string      `json:"webhook_id"`
	Components    []component `json:"components"`
	Thread        *struct {
		ID string `json:"id"`
	} `json:"thread"`
}

type user struct {
	ID string `json:"id"`
}

// channelID is the channel that Discord knows a thread as. A thread's root is
// its own id.
func (a *Adapter) channelID(ctx context.Context, in chat.Thread) (string, error) {
	if !in.InChannel() {
		return in.Root(), nil
	}
	return in.Channel(), nil
}

// ref leads to a message of Baton's.
func (a *Adapter) ref(in chat.Thread, id string) chat.Ref {
	channel := in.Channel()
	if !in.InChannel() {
		channel = in.Root()
	}
	return chat.Ref{Thread: in, ID: id, Link: "https://discord.com/channels/" + in.Workspace() + "/" + channel + "/" + id}
}
