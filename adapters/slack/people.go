package slack

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"

	"github.com/synthoperator/baton/chat"
)

// people are the names of those who were heard of. Events carry ids alone, and
// asking for each of them every time would use up users.info.
type people struct {
	a *Adapter

	mu    sync.Mutex
	known map[string]known
}

type known struct {
	name  string // that Slack shows
	came  string // that came along when they called: with a command, a button or a form
	until time.Time
}

// How long a name is believed, and how long nobody asks again for one that was
// not told.
const (
	nameKept    = time.Hour
	nameMissing = 5 * time.Minute
)

// mostNames bounds what is kept; after that it starts anew.
const mostNames = 20_000

// named is somebody with what to call them: the name that Slack shows, or else
// the one that came along with this or came before, or the id. So somebody whose
// name Baton may not ask for is called the same by whichever door they come.
func (p *people) named(ctx context.Context, w workspace, id, came string) chat.Person {
	key := w.id() + "/" + id
	p.mu.Lock()
	k, ok := p.known[key]
	p.mu.Unlock()
	if now := p.a.o.Now(); !ok || now.After(k.until) {
		k.name, k.until = "", now.Add(nameMissing)
		if name := p.ask(ctx, w, id); name != "" {
			k.name, k.until = name, now.Add(nameKept)
		}
		p.keep(key, k)
	}
	for _, name := range []string{k.name, came, k.came, id} {
		if name != "" {
			return chat.Person{ID: id, Name: name}
		}
	}
	return chat.Person{ID: id, Name: id}
}

// caller is whoever called. The name that came along is Slack's word about them,
// so that it is kept; what a text calls somebody is not.
func (p *people) caller(ctx context.Context, w workspace, id, came string) chat.Person {
	who := p.named(ctx, w, id, came)
	if came != "" {
		key := w.id() + "/" + id
		p.mu.Lock()
		k := p.known[key]
		k.came = came
		p.known[key] = k
		p.mu.Unlock()
	}
	return who
}

func (p *people) keep(key string, k known) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.known) >= mostNames {
		clear(p.known)
	}
	p.known[key] = k
}

// askWithin bounds a question on the way to an answer that has three seconds.
const askWithin = 800 * time.Millisecond

func (p *people) ask(ctx context.Context, w workspace, id string) string {
	ctx, cancel := bounded(ctx, askWithin)
	defer cancel()
	_, in, err := p.a.clients.of(ctx, w)
	if err != nil || len(in.Scopes) > 0 && !slices.Contains(in.Scopes, "users:read") {
		return ""
	}
	var u *slackgo.User
	err = p.a.ask(ctx, w, "users.info", func(api *slackgo.Client) (err error) {
		u, err = api.GetUserInfoContext(ctx, id)
		return err
	})
	if err != nil {
		p.a.o.Log.Debug("a name was not told", "person", id, "error", p.a.plain(err))
		return ""
	}
	for _, name := range []string{u.Profile.DisplayName, u.RealName, u.Name} {
		if name = strings.TrimSpace(name); name != "" {
			return name
		}
	}
	return ""
}
