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
			return refs, outcome(err, in)
		}
		refs = append(refs, ref)
	}
	return refs, nil
}

// randomNonce is a nonce that was never used.
func randomNonce() string { return strings.ToLower(rand.Text()[:maxNonce]) }

// sayTries is how often an answer is sent whose fate is unknown. All tries have
// one nonce, so that it stands there once.
const sayTries = 3

// inTurn does one request of an answer when its turn comes, and again as often as
// it is told to come later, as long as ctx lets it. Whoever waits for Discord holds
// no turn: a server has few, for all of its channels.
func (a *Adapter) inTurn(ctx context.Context, in chat.Thread, do func() error) error {
	for {
		err := a.onTurn(ctx, in, do)
		var wait *limited
		if !errors.As(err, &wait) || sleep(ctx, wait.After) != nil {
			return err
		}
	}
}

func (a *Adapter) onTurn(ctx context.Context, in chat.Thread, do func() error) error {
	if a.o.Turn == nil {
		return do()
	}
	done, err := a.o.Turn(ctx, in)
	if err != nil {
		return err
	}
	defer done()
	return do()
}

func (a *Adapter) sayOne(ctx context.Context, in chat.Thread, p payload) (chat.Ref, error) {
	channel, err := a.channelID(ctx, in)
	if err != nil {
		return chat.Ref{}, err
	}
	p.Nonce, p.EnforceNonce = randomNonce(), true
	var said message
	for try := 1; ; try++ {
		err = a.inTurn(ctx, in, func() error {
			_, err := a.carry(p, func(p payload) error {
				return a.rest.do(ctx, "POST", routeMessages, "/channels/"+channel+"/messages", p, p.files, &said)
			})
			return err
		})
		if err == nil || sure(err) || try == sayTries || ctx.Err() != nil {
			break
		}
	}
	if err != nil {
		return chat.Ref{}, err
	}
	return ref(in, channel, said.ID), nil
}

// sure reports whether an error says for sure what came of a request.
func sure(err error) bool {
	var known *apiError
	return errors.As(err, new(*limited)) || errors.As(err, &known) && known.effect() != unknownEffect
}
