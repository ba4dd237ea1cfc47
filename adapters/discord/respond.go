package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/synthoperator/baton/chat"
)

// callback is a kind of first response
// (D:interactions/receiving-and-responding, Interaction Callback Type).
type callback int

const (
	saysNow     callback = 4 // a message
	saysLater   callback = 5 // "is thinking…", to be replaced by a message
	takesLater  callback = 6 // nothing to see; the message with the component stays
	changesNow  callback = 7 // the message with the component changes
	suggestsNow callback = 8
	opensForm   callback = 9
)

// responder answers one interaction: with the first response, which has to come
// within three seconds, and with what follows it.
type responder struct {
	a              *Adapter
	id, app, token string
	made, came     time.Time
	update         bool          // it came from a message that can stay as it is
	hold           chan struct{} // held by whoever responds
	given          chan struct{} // closed once it has its response
	once           sync.Once
	soon           atomic.Pointer[time.Timer] // says that the answer follows

	as      callback // the first response; 0 before it, and where there can be none
	private bool     // it is shown to the person alone
	lost    bool     // Discord does not know the interaction any more
}

const (
	routeCallback = "/interactions/{interaction_id}/{interaction_token}/callback"
	// respondBy is the age at which no first response is tried any more.
	respondBy = 2950 * time.Millisecond
	// tokenLife is for how long what follows can be said. Discord's tokens live 15
	// minutes (D:interactions/receiving-and-responding).
	tokenLife = 14 * time.Minute
	// callbackTries is how often a response is sent whose fate is unknown; a
	// repeated one has no effect.
	callbackTries = 3
	flagLoading   = 1 << 7 // D:resources/message, Message Flags
)

func (r *responder) over() {
	r.once.Do(func() {
		close(r.given)
		if t := r.soon.Load(); t != nil {
			t.Stop()
		}
	})
}

// outcomes of a response.
type responded int

const (
	now    responded = iota // it stands
	before                  // another one stands: see as
	never                   // none can be given any more
)

// respond gives the first response, unless there is one. An error says that
// Discord will not take it as it is.
func (r *responder) respond(ctx context.Context, kind callback, data any, private bool, files []chat.File) (responded, error) {
	r.hold <- struct{}{}
	defer func() { <-r.hold }()
	switch {
	case r.lost:
		return never, nil
	case r.as != 0:
		return before, nil
	}
	body := map[string]any{"type": kind}
	if data != nil {
		body["data"] = data
	}
	for try := 1; ; try++ {
		err := r.sendAny(ctx, body, files)
		switch {
		case err == nil:
			r.as, r.private = kind, private
			r.over()
			return now, nil
		case coded(err, 40060, 10062):
			return r.find(ctx, kind, private)
		case sure(err):
			return never, err
		case try < callbackTries && r.a.o.Now().Before(r.from().Add(respondBy)) && ctx.Err() == nil:
		default:
			r.a.o.Log.Warn("nobody knows whether an interaction was responded to", "interaction", r.id, "error", err)
			return r.find(ctx, kind, private)
		}
	}
}

// from is the moment from which an interaction's time is counted: the earlier one
// of when it was made by Discord's clock and when it came by ours.
func (r *responder) from() time.Time {
	if r.made.Before(r.came) {
		return r.made
	}
	return r.came
}

// sendAny sends a response, and one that is a message as embeds where that is
// what Discord takes.
func (r *responder) sendAny(ctx context.Context, body map[string]any, files []chat.File) error {
	p, ok := body["data"].(payload)
	if !ok {
		return r.send(ctx, body, files)
	}
	_, err := r.a.carry(p, func(p payload) error {
		return r.send(ctx, map[string]any{"type": body["type"], "data": p}, files)
	})
	return err
}

func (r *responder) send(ctx context.Context, body any, files []chat.File) error {
	wait := max(r.from().Add(respondBy).Sub(r.a.o.Now()), 500*time.Millisecond)
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	return r.a.rest.do(ctx, http.MethodPost, routeCallback, "/interactions/"+r.id+"/"+r.token+"/callback", body, files, nil)
}

// find looks what came of a response that Discord says it does not know, or
// knows already: both are said of ones that stand
// (GH: discord/discord-api-docs#5558). The answer to suggestions and forms
// leaves no message to look at.
func (r *responder) find(ctx context.Context, kind callback, private bool) (responded, error) {
	if kind == suggestsNow || kind == opensForm {
		r.as = kind
		r.over()
		return now, nil
	}
	var m struct {
		Flags int `json:"flags"`
	}
	if err := r.a.rest.do(ctx, http.MethodGet, routeHookMessage, r.original(), nil, nil, &m); err != nil {
		r.lost = true
		r.over()
		return never, nil //nolint:nilerr // there is nothing to follow up
	}
	r.over()
	if m.Flags&flagLoading != 0 && kind != saysLater {
		r.as, r.private = saysLater, m.Flags&flagEphemeral != 0
		return before, nil
	}
	r.as, r.private = kind, private
	return now, nil
}

func (r *responder) original() string { return r.hook() + "/messages/@original" }

func (r *responder) hook() string { return "/webhooks/" + r.app + "/" + r.token }

// alive reports whether what follows the first response can still be said.
func (r *responder) alive() bool {
	return !r.lost && r.a.o.Now().Before(r.from().Add(tokenLife))
}

// living is a context for what is said by the token: it ends before the token
// does, so that whoever is told to wait does not use it after that.
func (r *responder) living(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, r.from().Add(tokenLife).Sub(r.a.o.Now()))
}

// errToken says that an interaction is too old to say something by it.
var errToken = errors.New("discord: the interaction is over")

// replace puts a message in place of the first response. It is tried again where
// nobody knows what came of it: said in another way it might stand there twice.
func (r *responder) replace(ctx context.Context, p payload) error {
	if !r.alive() {
		return errToken
	}
	ctx, end := r.living(ctx)
	defer end()
	p.Flags &^= flagEphemeral // which was decided before
	for try := 1; ; try++ {
		_, err := r.a.carry(p, func(p payload) error {
			return r.a.rest.patiently(ctx, http.MethodPatch, routeHookMessage, r.original(), p, p.files, nil)
		})
		if err == nil || sure(err) || try == sayTries || ctx.Err() != nil {
			return err
		}
	}
}

// withdraw takes the first response away.
func (r *responder) withdraw(ctx context.Context) {
	if !r.alive() {
		return
	}
	ctx, end := r.living(ctx)
	defer end()
	if err := r.a.rest.patiently(ctx, http.MethodDelete, routeHookMessage, r.original(), nil, nil, nil); err != nil {
		r.a.o.Log.Info("a placeholder stays", "interaction", r.id, "error", err)
	}
}

// whisper says something more to the person alone. It must not be called while
// the first response still waits to be replaced: it would take its place, and be
// seen by all who see that (GH: discord/discord-api-docs#2735).
func (r *responder) whisper(ctx context.Context, p payload) error {
	if !r.alive() {
		return errToken
	}
	ctx, end := r.living(ctx)
	defer end()
	p.Flags |= flagEphemeral
	_, err := r.a.carry(p, func(p payload) error {
		return r.a.rest.patiently(ctx, http.MethodPost, routeHook, r.hook(), p, p.files, nil)
	})
	return err
}

// refuse tells the person alone one sentence, if nothing was said yet.
func (r *responder) refuse(ctx context.Context, text string) {
	p, err := r.a.sentence(ctx, text)
	if err == nil {
		_, err = r.respond(ctx, saysNow, p.ephemeral(), true, nil)
	}
	if err != nil {
		r.a.o.Log.Warn("somebody was not told that nothing was done", "interaction", r.id, "error", err)
	}
	r.over()
}

func (a *Adapter) sentence(ctx context.Context, text string) (payload, error) {
	parts, err := a.render(ctx, chat.Message{Blocks: []chat.Block{chat.Paragraph(text)}})
	if err != nil {
		return payload{}, err
	}
	if len(parts) != 1 {
		return payload{}, fmt.Errorf("discord: a sentence of %d messages", len(parts))
	}
	return parts[0], nil
}

func (p payload) ephemeral() payload {
	p.Flags |= flagEphemeral
	return p
}
