package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/synthoperator/baton/chat"
)

// message is what Baton reads of a message (D:resources/message).
type message struct {
	ID            string          `json:"id"`
	ChannelID     string          `json:"channel_id"`
	Author        user            `json:"author"`
	ApplicationID string          `json:"application_id"`
	WebhookID     string          `json:"webhook_id"`
	Flags         int             `json:"flags"`
	Components    json.RawMessage `json:"components"` // of others: of any shape
	Embeds        json.RawMessage `json:"embeds"`
	Thread        *channel        `json:"thread"`
}

type user struct {
	ID string `json:"id"`
}

func (m *message) components() []component {
	var all []component
	if json.Unmarshal(m.Components, &all) != nil {
		return nil
	}
	return all
}

// embeds are those that can be read.
func (m *message) embeds() []embed {
	var all []embed
	if json.Unmarshal(m.Embeds, &all) != nil {
		return nil
	}
	return all
}

// texts are what a message of Baton's shows, one after the other.
func (m *message) texts() []string {
	var all []string
	walk(m.components(), func(c *component) { all = append(all, c.Content) })
	for _, e := range m.embeds() {
		all = append(all, e.Description)
	}
	return all
}

// inEmbeds reports whether a message was said without Components V2, which it
// keeps being.
func (m *message) inEmbeds() bool { return m.Flags&flagComponentsV2 == 0 }

// by reports whether a message is Baton's: written by its bot, or by a webhook
// of its application.
func (m *message) by(me self) bool {
	return m.Author.ID == me.user || m.WebhookID != "" && m.ApplicationID == me.application
}

// skew is by how much Discord's clock may differ from what is known of it.
const skew = time.Minute

// snowflake is the smallest id of a moment (D:reference, Snowflakes).
func snowflake(t time.Time) uint64 {
	return uint64(max(t.Sub(epoch).Milliseconds(), 0)) << 22 //nolint:gosec // not negative
}

// idNumber is an id as a number, by which ids are ordered.
type idNumber uint64

func (id idNumber) text() string { return strconv.FormatUint(uint64(id), 10) }

func number(id string) idNumber {
	n, _ := strconv.ParseUint(id, 10, 64) // what is none comes first
	return idNumber(n)
}

// Find returns what is there of a post that may have been said. A thread that is
// to hang under it is opened where it is missing.
func (a *Adapter) Find(ctx context.Context, p chat.Post) ([]chat.Ref, error) {
	if p.To.Platform() != Platform {
		return nil, chat.Rejected{Why: p.To.Key() + " is no place of Discord"}
	}
	refs, err := a.look(ctx, p)
	if err = outcome(err, p.To); errors.As(err, new(chat.Rejected)) || errors.As(err, new(chat.Gone)) {
		return nil, fmt.Errorf("what was said cannot be looked up: %v", err) //nolint:errorlint // it is not that answer to a look-up
	}
	return refs, err
}

func (a *Adapter) look(ctx context.Context, p chat.Post) ([]chat.Ref, error) {
	me, err := a.self(ctx)
	if err != nil {
		return nil, err
	}
	if p.To.InChannel() && p.To.Direct() == "" {
		forum, err := a.learnForum(ctx, p.To.Channel())
		if err != nil {
			return nil, err
		}
		if forum {
			return a.lookInForum(ctx, p, me)
		}
	}
	channel, err := a.channelID(ctx, p.To)
	if err != nil {
		return nil, err
	}
	var refs []chat.Ref
	for m, err := range a.messagesSince(ctx, channel, a.clock.theirs(p.Since).Add(-skew)) {
		switch {
		case err != nil:
			return nil, err
		case !m.by(me) || m.key() != p.Key:
			continue
		}
		r := ref(p.To, channel, m.ID)
		if p.Root && p.To.Direct() == "" && m.Thread == nil {
			if err := a.openThread(ctx, p, m.ID); err != nil {
				return nil, err
			}
		}
		refs = append(refs, r)
	}
	return refs, nil
}

// messagesSince are the messages of a channel since then, oldest first. The list
// ends where everything was seen.
func (a *Adapter) messagesSince(ctx context.Context, channel string, since time.Time) func(func(message, error) bool) {
	return func(yield func(message, error) bool) {
		after := idNumber(snowflake(since))
		for {
			var page []message
			path := fmt.Sprintf("/channels/%s/messages?limit=%d&after=%s", channel, maxListed, after.text())
			if err := a.rest.patiently(ctx, "GET", routeMessages, path, nil, nil, &page); err != nil {
				yield(message{}, err)
				return
			}
			slices.SortFunc(page, func(a, b message) int { return cmpID(a.ID, b.ID) })
			for _, m := range page {
				if n := number(m.ID); n > after {
					after = n
					if !yield(m, nil) {
						return
					}
				}
			}
			if len(page) < maxListed {
				return
			}
		}
	}
}

func cmpID(a, b string) int {
	x, y := number(a), number(b)
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// Remove takes a message back.
func (a *Adapter) Remove(ctx context.Context, r chat.Ref) error {
	if r.Thread.Platform() != Platform {
		return chat.Rejected{Why: r.Thread.Key() + " is no place of Discord"}
	}
	err := a.remove(ctx, r)
	if err = outcome(err, r.Thread); errors.As(err, new(chat.Gone)) {
		return nil
	}
	return err
}

func (a *Adapter) remove(ctx context.Context, r chat.Ref) error {
	channel, err := a.channelOf(ctx, r)
	if err != nil {
		return err
	}
	err = a.awake(ctx, r.Thread, channel, func() error {
		return a.rest.do(ctx, "DELETE", routeMessage, "/channels/"+channel+"/messages/"+r.ID, nil, nil, nil)
	})
	if coded(err, 50003, 50013) { // one that a webhook wrote: see webhook.go
		if e := a.removeByFace(ctx, r, channel); e == nil || !errors.Is(e, errFaceless) {
			return e
		}
	}
	return err
}
