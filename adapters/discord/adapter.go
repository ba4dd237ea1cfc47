package discord

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/internal/lanes"
)

// Adapter is Baton in Discord. It may be used by many goroutines at once.
type Adapter struct {
	o       Options
	rest    *rest
	known   *known
	heard   *heard
	clock   *clock
	current atomic.Pointer[shift]
}

// New makes an adapter. What is missing in the options is a sentence for the
// operator.
func New(o Options) (*Adapter, error) {
	o.Transport = cmp.Or(o.Transport, Gateway)
	switch key, err := hex.DecodeString(o.PublicKey); {
	case o.Token == "":
		return nil, errors.New("discord: the bot's token is missing; set DISCORD_BOT_TOKEN")
	case o.Keep == nil:
		return nil, errors.New("discord: there is nowhere to keep what buttons stand for")
	case o.Transport != Gateway && o.Transport != HTTP:
		return nil, fmt.Errorf(`discord: transport is "gateway" or "http", not %q`, o.Transport)
	case o.Transport == HTTP && (err != nil || len(key) != ed25519.PublicKeySize):
		return nil, errors.New("discord: over HTTP, Discord's requests are checked with the application's public key, 64 hexadecimal digits from the developer portal, which is missing or not that")
	}
	return newAdapter(o), nil
}

func newAdapter(o Options) *Adapter {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	c := &clock{now: o.Now}
	o.Client = watched(o.Client, c)
	return &Adapter{o: o, rest: newRest(o), known: newKnown(), heard: newHeard(), clock: c}
}

// health tells whoever runs Baton how the connection is.
func (a *Adapter) health(up bool, why string) {
	if a.o.Health != nil {
		a.o.Health(up, why)
	}
}

// Run listens to Discord until ctx ends, and returns its cause. Calls of one
// channel or thread are handled one after the other, those of several at once,
// and stop, approve and deny at once in any case. Whoever called is answered
// within three seconds, or told that the answer follows; it is not said that
// something is done before it is durable. What was begun is answered before Run
// returns; what was not begun is visibly not accepted.
//
// Where Discord does not let Baton connect and asking again would not help, Run
// says why and returns that.
func (a *Adapter) Run(ctx context.Context, h chat.Handler) error {
	calls, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	s := &shift{
		a: a, h: h, ctx: calls, end: end,
		calls: lanes.New(mostCalls), answers: lanes.New(mostAnswers), seen: newWindow(a.o.Now),
	}
	if !a.current.CompareAndSwap(nil, s) {
		return errors.New("discord: the adapter runs already")
	}
	defer a.current.Store(nil)
	err := a.listen(ctx, s)
	return errors.Join(cmp.Or(err, context.Cause(ctx)), s.finish())
}

// listen hears what people do until ctx ends or nothing can be heard any more.
func (a *Adapter) listen(ctx context.Context, s *shift) error {
	if err := a.check(ctx); err != nil {
		if ctx.Err() == nil {
			a.health(false, err.Error())
		}
		return err
	}
	if a.o.Transport == HTTP {
		a.health(true, "Discord reaches Baton over HTTP")
		<-ctx.Done()
		return nil
	}
	return newSupervisor(s).run(ctx)
}

// check asks Discord who this is, until it says so, and refuses to listen where
// nothing would ever be heard.
func (a *Adapter) check(ctx context.Context) error {
	var app struct {
		ID        string `json:"id"`
		Bot       *user  `json:"bot"`
		Endpoint  string `json:"interactions_endpoint_url"`
		VerifyKey string `json:"verify_key"`
	}
	for failed := 0; ; failed++ {
		err := a.rest.do(ctx, http.MethodGet, routeMe, routeMe, nil, nil, &app)
		var refused *apiError
		switch {
		case err == nil:
			a.known.is(self{application: app.ID, user: botOf(app.ID, app.Bot)})
			return a.agrees(app.Endpoint, app.VerifyKey)
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case errors.As(err, &refused) && refused.Status == http.StatusUnauthorized:
			return &fatalError{Code: refused.Status, Why: refused.because()}
		}
		a.o.Log.Warn("Discord does not say who Baton is yet", "error", err)
		a.health(false, "Discord does not answer; Baton asks again")
		if err := sleep(ctx, after(failed+1)); err != nil {
			return context.Cause(ctx)
		}
	}
}

func botOf(application string, bot *user) string {
	if bot == nil {
		return application
	}
	return bot.ID
}

// agrees refuses a transport that is not the one of the developer portal: with an
// address for interactions none comes over the gateway
// (D:interactions/receiving-and-responding).
func (a *Adapter) agrees(endpoint, key string) error {
	switch {
	case a.o.Transport == HTTP && key != "" && key != a.o.PublicKey:
		return &fatalError{Why: "the public key in the configuration is not the one of this bot's application; copy it from the developer portal"}
	case a.o.Transport == HTTP && endpoint == "":
		a.o.Log.Warn("the application has no Interactions Endpoint URL yet: nothing is heard before it is set in the developer portal")
	case a.o.Transport != HTTP && endpoint != "":
		return &fatalError{Why: fmt.Sprintf("this application has its interactions sent to %s, so that none comes over the gateway; "+
			`clear the Interactions Endpoint URL in the developer portal, or set transport = "http"`, endpoint)}
	}
	return nil
}

// is says who Baton is here.
func (k *known) is(me self) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.me = me
}
