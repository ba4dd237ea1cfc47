package slack

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"
	"github.com/synthoperator/baton/chat"
)

// postEvent is the type of the metadata that a post carries. Every app and member
// can read metadata, so it holds no secret; none of them can make it, as it is
// signed.
const postEvent = "baton_post"

// Traits implements [chat.Poster].
func (a *Adapter) Traits() chat.Traits {
	return chat.Traits{
		Roots: true, Settle: settle, AtOnce: atOnce, Timeout: requestTime,
		Channel: chat.Pace{Every: postEvery, Burst: 1},
		Edits:   chat.Pace{Every: time.Minute / editsPerMinute, Burst: 1},
	}
}

// Post implements [chat.Poster].
func (a *Adapter) Post(ctx context.Context, p chat.Post) (chat.Ref, error) {
	if p.Body.IsZero() {
		return chat.Ref{}, chat.Rejected{Why: "there is nothing to say"}
	}
	if err := ctx.Err(); err != nil {
		return chat.Ref{}, err
	}
	all := a.render(p.Body, p.To.Workspace())
	r, err := onePart(all)
	if err != nil {
		return chat.Ref{}, err
	}
	root := p.To.Root()
	options := append(r.options(), slackgo.MsgOptionMetadata(a.metadata(p)))
	if p.Loud && root != "" && !p.Root {
		options = append(options, slackgo.MsgOptionBroadcast())
	}
	return a.send(ctx, p.To, r, options)
}

// onePart is the one message that a part becomes.
func onePart(all []rendered) (rendered, error) {
	if len(all) != 1 {
		return rendered{}, chat.Rejected{Why: fmt.Sprintf("this is %d messages of Slack's, so it has to be split first", len(all))}
	}
	return all[0], nil
}

// options are what every message is sent with. Links are not followed by Slack:
// an agent could tell somebody something by the address.
func (r rendered) options() []slackgo.MsgOption {
	options := []slackgo.MsgOption{
		slackgo.MsgOptionText(r.Text, false), slackgo.MsgOptionBlocks(r.Blocks...),
		slackgo.MsgOptionDisableLinkUnfurl(), slackgo.MsgOptionDisableMediaUnfurl(),
	}
	if r.Username != "" {
		options = append(options, slackgo.MsgOptionUsername(r.Username))
	}
	if r.IconURL != "" {
		options = append(options, slackgo.MsgOptionIconURL(r.IconURL))
	}
	if r.IconEmoji != "" {
		options = append(options, slackgo.MsgOptionIconEmoji(r.IconEmoji))
	}
	return options
}

// send says one message and uploads what belongs to it.
func (a *Adapter) send(ctx context.Context, to chat.Thread, r rendered, options []slackgo.MsgOption) (chat.Ref, error) {
	const method = "chat.postMessage"
	api, _, err := a.api(ctx, to.Workspace())
	if err != nil {
		return chat.Ref{}, err
	}
	if err := a.open(method, to); err != nil {
		return chat.Ref{}, err
	}
	ready, err := a.upload(ctx, api, to, r.Files)
	if err != nil {
		return chat.Ref{}, err
	}
	if to.Root() != "" {
		options = append(options, slackgo.MsgOptionTS(to.Root()))
	}
	channel, ts, err := api.PostMessageContext(ctx, cmp.Or(to.Direct(), to.Channel()), options...)
	if err != nil {
		return chat.Ref{}, a.failed(method, to, err)
	}
	ref := chat.Ref{Thread: to, ID: ts, Link: a.link(ctx, to, channel, ts)}
	if to.Direct() != "" {
		ref.ID = channel + "/" + ts
	}
	a.share(ctx, api, ref, r, ready)
	return ref, nil
}

// place is the channel and the timestamp of what was said. The channel of a
// direct message is another than what it was sent to, so its Ref names both.
func place(r chat.Ref) (channel, ts string) {
	if channel, ts, ok := strings.Cut(r.ID, "/"); ok {
		return channel, ts
	}
	return r.Thread.Channel(), r.ID
}

// Edit implements [chat.Poster]. What was shown in the channel too is one and the
// same message, and changes with it.
func (a *Adapter) Edit(ctx context.Context, ref chat.Ref, p chat.Post) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	all := a.render(unattached(p.Body), ref.Thread.Workspace())
	r, err := onePart(all)
	if err != nil {
		return err
	}
	const method = "chat.update"
	api, _, err := a.api(ctx, ref.Thread.Workspace())
	if err != nil {
		return err
	}
	if err := a.open(method, ref.Thread); err != nil {
		return err
	}
	if wait := a.editTurn(ref.Thread.WorkspaceKey(), 0); wait > 0 {
		return chat.Later{After: wait, Where: ref.Thread.WorkspaceKey(), Why: "Slack takes 50 edits a minute"}
	}
	channel, ts := place(ref)
	return a.update(ctx, api, ref.Thread, channel, ts, r, a.metadata(p))
}

func (a *Adapter) update(ctx context.Context, api *slackgo.Client, in chat.Thread, channel, ts string, r rendered, meta slackgo.SlackMetadata) error {
	_, _, _, err := api.UpdateMessageContext(ctx, channel, ts,
		slackgo.MsgOptionText(r.Text, false), slackgo.MsgOptionBlocks(r.Blocks...), slackgo.MsgOptionMetadata(meta))
	if err != nil {
		return a.failed("chat.update", in, err)
	}
	return nil
}

// metadata is what finds a post again.
func (a *Adapter) metadata(p chat.Post) slackgo.SlackMetadata {
	return slackgo.SlackMetadata{EventType: postEvent, EventPayload: map[string]any{"k": p.Key, "mac": a.mac(p.Key, p.To)}}
}

// mac signs a key for one place, so that nobody can forge that something was said
// there, not even by copying what was said elsewhere.
func (a *Adapter) mac(key string, in chat.Thread) string {
	h := hmac.New(sha256.New, a.o.Key)
	h.Write([]byte(key + "\n" + in.Key()))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// signed reports whether metadata is that of a post with that key.
func (a *Adapter) signed(meta slackgo.SlackMetadata, key string, in chat.Thread) bool {
	k, _ := meta.EventPayload["k"].(string)
	mac, _ := meta.EventPayload["mac"].(string)
	return meta.EventType == postEvent && k == key && hmac.Equal([]byte(mac), []byte(a.mac(key, in)))
}

// say answers where a call came from, in order; only for one person where that is
// not nobody. What Slack asks to wait for is waited for as long as ctx lasts.
// Nothing is repeated of which nobody knows whether it was said.
func (a *Adapter) say(ctx context.Context, in chat.Thread, all []rendered, only chat.Person) error {
	for _, r := range all {
		if err := a.sayOne(ctx, in, r, only); err != nil {
			return err
		}
	}
	return nil
}

func (a *Adapter) sayOne(ctx context.Context, in chat.Thread, r rendered, only chat.Person) error {
	for {
		err := a.sayOnce(ctx, in, r, only)
		var later chat.Later
		if !errors.As(err, &later) {
			return err
		}
		select {
		case <-time.After(later.After):
		case <-ctx.Done():
			return err
		}
	}
}

func (a *Adapter) sayOnce(ctx context.Context, in chat.Thread, r rendered, only chat.Person) error {
	if only.ID == "" {
		done, err := a.turn(ctx, in)
		if err != nil {
			return err
		}
		defer done()
	}
	ctx, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	if only.ID == "" {
		_, err := a.send(ctx, in, r, r.options())
		return err
	}
	return a.whisper(ctx, in, r, only)
}

// turn waits for a turn among what is announced.
func (a *Adapter) turn(ctx context.Context, in chat.Thread) (done func(), err error) {
	if a.o.Turn == nil {
		return func() {}, nil
	}
	return a.o.Turn(ctx, in)
}

// whisper says something to one person: beside what they read, or else by a
// direct message.
func (a *Adapter) whisper(ctx context.Context, in chat.Thread, r rendered, only chat.Person) error {
	const method = "chat.postEphemeral"
	alone := in.ToPerson(only)
	if in.Direct() != "" || len(r.Files) > 0 {
		_, err := a.send(ctx, alone, r, r.options())
		return err
	}
	api, _, err := a.api(ctx, in.Workspace())
	if err != nil {
		return err
	}
	if err := a.open(method, in); err != nil {
		return err
	}
	options := []slackgo.MsgOption{slackgo.MsgOptionText(r.Text, false), slackgo.MsgOptionBlocks(r.Blocks...)}
	if r.Username != "" {
		options = append(options, slackgo.MsgOptionUsername(r.Username))
	}
	if in.Root() != "" {
		options = append(options, slackgo.MsgOptionTS(in.Root()))
	}
	_, err = api.PostEphemeralContext(ctx, in.Channel(), only.ID, options...)
	if code(err) == "user_not_in_channel" || code(err) == "not_in_channel" || code(err) == "channel_not_found" {
		_, err := a.send(ctx, alone, r, r.options())
		return err
	}
	if err != nil {
		return a.failed(method, in, err)
	}
	return nil
}
