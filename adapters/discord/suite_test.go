package discord

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
	"github.com/synthoperator/baton/chat"
)

// plain verbs to call.
var verbs = []chat.Spec{
	{Name: "status", Help: "Where this session stands", Usage: "status"},
	{Name: "note", Help: "Record something", Usage: "note text [because …]", Form: "Note", Options: []chat.Option{
		{Name: "kind", Help: "What it is", Kind: chat.Choice, Choices: []string{"decision", "artifact", "open"}, Required: true},
		{Name: "text", Help: "What to record", Kind: chat.Text},
		{Name: "owner", Help: "Whose it is", Kind: chat.Who},
		{Name: "link", Help: "Where it was said", Kind: chat.Line},
	}},
	{Name: "handoff", Help: "Close the phase", Usage: "handoff decisions: …", Form: "Hand off", Options: []chat.Option{
		{Name: "decisions", Help: "What is settled", Kind: chat.List}, {Name: "go", Help: "Go on?", Kind: chat.Yes},
	}},
	{Name: "persona", Help: "Who speaks", Usage: "persona name", Options: []chat.Option{{Name: "name", Help: "Whose", Complete: "personas", Required: true}}},
	{Name: "approve", Help: "Let it be done", Usage: "approve 1", Options: []chat.Option{{Name: "number", Help: "Which", Kind: chat.Number, Required: true}}},
	{Name: "stop", Help: "End the work", Usage: "stop 1", Options: []chat.Option{{Name: "task", Help: "Which", Kind: chat.Number}}},
}

// answering is a handler that remembers its calls.
type answering struct {
	mu       sync.Mutex
	all      []chat.Call
	handle   func(context.Context, chat.Call) chat.Message
	complete func(chat.Call) []chat.Suggestion
	specs    []chat.Spec // nil for verbs
}

func (h *answering) Handle(ctx context.Context, c chat.Call) chat.Message {
	h.mu.Lock()
	h.all = append(h.all, c)
	handle := h.handle
	h.mu.Unlock()
	if handle == nil {
		return paragraph("heard " + c.Verb + c.Text)
	}
	return handle(ctx, c)
}

func (h *answering) Complete(_ context.Context, c chat.Call) []chat.Suggestion { return h.complete(c) }

func (h *answering) Specs() []chat.Spec {
	if h.specs != nil {
		return h.specs
	}
	return verbs
}

func (h *answering) answers(handle func(context.Context, chat.Call) chat.Message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.handle = handle
}

func (h *answering) calls() []chat.Call {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]chat.Call(nil), h.all...)
}

// running is a town with an adapter that listens.
type running struct {
	*town
	h     *answering
	stop  context.CancelFunc
	ended chan error

	mu     sync.Mutex
	health []string
	up     bool
}

// story runs a story about an adapter that listens, in time that is made up.
func story(t *testing.T, o discordtest.Options, mine Options, tell func(r *running)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		discordtest.SkipToEpoch()
		o.InMemory = true
		if o.Limits == nil {
			o.Limits = unlimited
		}
		r := newRunning(t, o, mine)
		r.start()
		tell(r)
		r.halt()
	})
}

func newRunning(t *testing.T, o discordtest.Options, mine Options) *running {
	r := &running{h: &answering{}}
	mine.Health = func(up bool, why string) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.up, r.health = up, append(r.health, why)
	}
	r.town = newBareTown(t, o, mine)
	r.a.o.Dial, r.a.o.PublicKey = r.server.DialContext, r.app.PublicKey
	if _, err := r.a.Register(t.Context(), verbs, ""); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *running) start() {
	ctx, cancel := context.WithCancel(context.Background())
	r.stop, r.ended = cancel, make(chan error, 1)
	go func() { r.ended <- r.a.Run(ctx, r.h) }()
	synctest.Wait()
}

func (r *running) halt() {
	r.stop()
	if err := <-r.ended; !errors.Is(err, context.Canceled) {
		r.Errorf("the adapter ended with %v", err)
	}
	r.server.Close()
}

func (r *running) settle() {
	synctest.Wait()
	time.Sleep(100 * time.Millisecond)
	synctest.Wait()
}

func (r *running) healthy() (bool, string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.up, strings.Join(r.health, "\n")
}

// slash sends a command and lets what comes of it happen.
func (r *running) slash(m *discordtest.Member, ch *discordtest.Channel, command string, args discordtest.Args) *discordtest.Interaction {
	r.Helper()
	i, err := m.Slash(ch, command, args)
	if err != nil {
		r.Fatal(err)
	}
	r.settle()
	return i
}

// text is what somebody reads in a message.
func text(m *discordtest.Message) string {
	if m == nil {
		return ""
	}
	return seenAs(chat.Thread{}, "", *m).Text
}

// A command over the gateway is answered in place.
func TestCommand(t *testing.T) {
	story(t, discordtest.Options{}, Options{}, func(r *running) {
		seen := r.slash(r.ana, r.launch, "baton persona", discordtest.Args{"name": "startup-cto"}).Now()
		if seen.State != discordtest.Replied || !strings.Contains(text(seen.Message), "heard persona") || seen.Ephemeral {
			r.Errorf("ana sees %+v", seen)
		}
		c := r.h.calls()[0]
		if c.Verb != "persona" || c.Args["name"] != "startup-cto" || c.Person.ID != r.ana.User.ID || c.Person.Name != "ana" || c.Thread != r.where || c.ID == "" {
			r.Errorf("%+v", c)
		}
		r.clean()
	})
}
