package discord

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/synthoperator/baton/chat"
)

// Traits says what Discord is like for those who post. The paces are slower than
// the limits that its headers show: 5 messages in 5 seconds in a channel, 50
// requests in a second for a bot (D:topics/rate-limits).
func (a *Adapter) Traits() chat.Traits {
	return chat.Traits{
		Roots:     true,
		Settle:    10 * time.Second, // what was made is listed at once; the time is for a request that is still on its way
		Channel:   chat.Pace{Every: time.Second, Burst: 5},
		Workspace: chat.Pace{Every: 25 * time.Millisecond, Burst: 20},
		Edits:     chat.Pace{Every: 200 * time.Millisecond, Burst: 5},
		AtOnce:    16,
		Timeout:   30 * time.Second,
	}
}

// Post says one part. Its nonce follows from its key: within minutes the same
// post is made once, however often it is sent. After that its key finds it: see
// [mark].
func (a *Adapter) Post(ctx context.Context, p chat.Post) (chat.Ref, error) {
	part, err := onePart(p)
	if err != nil {
		return chat.Ref{}, err
	}
	ref, err := a.post(ctx, p, part)
	if err != nil {
		return chat.Ref{}, outcome(err, p.To)
	}
	return ref, nil
}

// onePart is what a post says, where it can be said.
func onePart(p chat.Post) (chat.Message, error) {
	if p.To.Platform() != Platform {
		return chat.Message{}, chat.Rejected{Why: p.To.Key() + " is no place of Discord"}
	}
	switch parts := split(p.Body); {
	case !says(parts[0]):
		return chat.Message{}, chat.Rejected{Why: "the message says nothing"}
	case len(parts) > 1:
		return chat.Message{}, chat.Rejected{Why: fmt.Sprintf("the message has to be split: it is %d of Discord's", len(parts))}
	default:
		return parts[0], nil
	}
}

func (a *Adapter) post(ctx context.Context, p chat.Post, part chat.Message) (chat.Ref, error) {
	if err := ctx.Err(); err != nil {
		return chat.Ref{}, err
	}
	if p.Root && !p.Since.IsZero() {
		// It may stand there without its thread.
		if had, err := a.look(ctx, p); err != nil || len(had) > 0 {
			return first(had), err
		}
	}
	if p.Loud && !p.To.InChannel() {
		if err := a.loud(ctx, p, part); err != nil {
			return chat.Ref{}, err
		}
	}
	if p.To.InChannel() && p.To.Direct() == "" && a.isForum(p.To.Channel()) {
		return a.postInForum(ctx, p, part)
	}
	said, err := a.postByAny(ctx, p, part)
	if coded(err, cannotSend, wrongChannel) && p.To.InChannel() {
		if forum, e := a.learnForum(ctx, p.To.Channel()); e == nil && forum {
			return a.postInForum(ctx, p, part)
		}
	}
	if err != nil || !p.Root {
		return said, err
	}
	return said, a.rooted(ctx, p, said)
}

// postByAny has the persona speak, where that can be done, or the bot.
func (a *Adapter) postByAny(ctx context.Context, p chat.Post, part chat.Message) (chat.Ref, error) {
	if a.faced(p.To, part.As) {
		if said, err := a.postByFace(ctx, p, part); !errors.Is(err, errFaceless) {
			return said, err
		}
	}
	return a.postByBot(ctx, p, part)
}

// Codes that say what a channel is (D:topics/opcodes-and-status-codes).
const (
	unknownChannel = 10003
	cannotSend     = 50008
	wrongChannel   = 50024
)

func first(refs []chat.Ref) chat.Ref {
	if len(refs) == 0 {
		return chat.Ref{}
	}
	return refs[0]
}

func (a *Adapter) postByBot(ctx context.Context, p chat.Post, part chat.Message) (chat.Ref, error) {
	body, err := a.renderPart(ctx, part, p.Key)
	if err != nil {
		return chat.Ref{}, notNow(err)
	}
	channel, err := a.channelID(ctx, p.To)
	if err != nil {
		return chat.Ref{}, err
	}
	body.Nonce = nonce(channel, p.Key)
	body.EnforceNonce = body.Nonce != ""
	var said message
	send := func(body payload) error {
		return a.rest.do(ctx, "POST", routeMessages, "/channels/"+channel+"/messages", body, body.files, &said)
	}
	plain, err := a.carry(body, send)
	if coded(err, unknownChannel) && !p.To.InChannel() && a.reopened(ctx, p.To) {
		plain, err = a.carry(body, send)
	}
	if err != nil {
		return chat.Ref{}, err
	}
	a.known.keep(said.ID, saidAs{p.Key, plain})
	return ref(p.To, channel, said.ID), nil
}

// notNow says that nothing was sent because something of Baton's own failed.
func notNow(err error) error { return chat.Later{After: 5 * time.Second, Why: err.Error()} }

// nonce is what Discord knows a post by for a few minutes. The place is part of
// it, as Discord counts nonces by author (D:resources/message) and says nothing
// of channels; the rest is a digest, as a nonce is shorter than a key.
func nonce(channel, key string) string {
	if key == "" {
		return ""
	}
	return digest(channel + " " + key)[:maxNonce]
}

// digest is what stands for a text, in characters as keys have them.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))
}

// ref leads to a message of Baton's in that channel of Discord's.
func ref(in chat.Thread, channel, id string) chat.Ref {
	guild := in.Workspace()
	if in.Direct() != "" {
		guild = "@me"
	}
	return chat.Ref{Thread: in, ID: id, Link: linkTo(guild, channel, id)}
}

func linkTo(guild, channel, id string) string {
	link := "https://discord.com/channels/" + guild + "/" + channel
	if id != "" {
		link += "/" + id
	}
	return link
}

// loud shows what is said in a thread to its channel as well, with a link to the
// thread. It is said before: who repeats the post says it once more only where
// it is not found. A channel that does not take it keeps nothing from the
// thread.
func (a *Adapter) loud(ctx context.Context, p chat.Post, part chat.Message) error {
	in := p.To.Parent()
	if a.isForum(in.Channel()) {
		return nil // what is said in a post of a forum is seen in the forum
	}
	copied := chat.Post{Key: loudKey(p.Key), To: in, Since: p.Since, Body: loudly(part, linkTo(p.To.Workspace(), p.To.Root(), ""))}
	if !p.Since.IsZero() {
		if had, err := a.look(ctx, copied); err != nil || len(had) > 0 {
			return err
		}
	}
	_, err := a.postByBot(ctx, copied, copied.Body)
	var refused *apiError
	if errors.As(err, &refused) && refused.effect() != unknownEffect && refused.effect() != later && refused.effect() != blockedWorkspace {
		a.rest.log.Warn("what concerns a channel is said in its thread only", "channel", in.Key(), "err", err)
		return nil
	}
	return err
}

// loudly is what a channel is shown of what is said in a thread: the short form
// of it where there is one, and where the rest stands.
func loudly(m chat.Message, link string) chat.Message {
	there := chat.Pointer{Label: "In the thread", To: chat.Ref{Link: link}}
	out := chat.Message{As: m.As, Title: m.Title, Blocks: []chat.Block{there}}
	if !blank(m.Short) {
		out.Blocks = []chat.Block{chat.Paragraph(m.Short), there}
	} else if len(m.Blocks) > 0 {
		out.Blocks = append(append([]chat.Block{}, m.Blocks...), there)
	}
	if parts := split(out); len(parts) > 1 {
		out.Blocks = []chat.Block{there}
	}
	return out
}

// loudKey is the key of the copy in the channel. It begins as the post's does,
// which says whose it is.
func loudKey(key string) string {
	const same = 6
	if len(key) != keyLength {
		return ""
	}
	return key[:same] + digest("loud " + key)[:keyLength-same]
}

// Edit replaces what was said. The key that a message was made with stays in it.
func (a *Adapter) Edit(ctx context.Context, r chat.Ref, p chat.Post) error {
	p.To = r.Thread
	part, err := onePart(p)
	if err != nil {
		return err
	}
	return outcome(a.edit(ctx, r, p, part), r.Thread)
}

func (a *Adapter) edit(ctx context.Context, r chat.Ref, p chat.Post, part chat.Message) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	channel, err := a.channelOf(ctx, r)
	if err != nil {
		return err
	}
	was, err := a.whatIs(ctx, channel, r.ID)
	if err != nil {
		return err
	}
	p.Key = cmp.Or(was.key, p.Key)
	err = a.editByBot(ctx, channel, r.ID, p, part, was.inEmbeds)
	if coded(err, ofAnother) {
		err = a.editByFace(ctx, r, channel, p, part, was.inEmbeds)
	}
	if errors.Is(err, errFaceless) {
		return chat.Rejected{Why: "it was said by a webhook that cannot be used any more"}
	}
	return err
}

// ofAnother says that a message was not written by the bot itself.
const ofAnother = 50005

func (a *Adapter) editByBot(ctx context.Context, channel, id string, p chat.Post, part chat.Message, inEmbeds bool) error {
	body, err := a.renderPart(ctx, part, p.Key)
	if err != nil {
		return notNow(err)
	}
	body = body.like(inEmbeds)
	return a.awake(ctx, p.To, channel, func() error {
		return a.rest.do(ctx, "PATCH", routeMessage, "/channels/"+channel+"/messages/"+id, body, body.files, nil)
	})
}

// whatIs is the key that a message was made with, and what it is made of: what was
// said with Components V2 cannot become embeds, nor the other way round without
// losing what stands in it (D:components/reference).
func (a *Adapter) whatIs(ctx context.Context, channel, id string) (saidAs, error) {
	if what, ok := a.known.of(id); ok {
		return what, nil
	}
	var m message
	err := a.rest.do(ctx, "GET", routeMessage, "/channels/"+channel+"/messages/"+id, nil, nil, &m)
	if err != nil {
		return saidAs{}, err
	}
	what := saidAs{m.key(), m.inEmbeds()}
	a.known.keep(id, what)
	return what, nil
}
