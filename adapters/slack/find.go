package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"
	"github.com/synthoperator/baton/chat"
)

// skew is how far our clock may be ahead of Slack's. Over HTTP nothing is heard where
// they are more than five minutes apart, as Slack's signatures are no older
// (https://docs.slack.dev/authentication/verifying-requests-from-slack), so that a
// clock which is further off does not last; this is twice that. A look-up that begins
// too late says that nothing was said, and what was said is said again; one that
// begins early reads a few messages more.
const skew = 10 * time.Minute

// look is a look-up that goes on where Slack made it wait: an app that is
// distributed may ask once a minute for 15 messages.
type look struct {
	channel, oldest, cursor string
	found                   []string // timestamps
	at                      time.Time
}

// lookFor is how long a look-up is remembered that waits.
const lookFor = time.Hour

// Find implements [chat.Finder].
func (a *Adapter) Find(ctx context.Context, p chat.Post) ([]chat.Ref, error) {
	api, in, err := a.api(ctx, p.To.Workspace())
	if err != nil {
		return nil, err
	}
	if lacking := cannotRead(in, p.To); lacking != "" {
		return nil, fmt.Errorf("nobody knows what was said: Baton may not read it, as it lacks the scope %s", lacking)
	}
	l, err := a.look(ctx, api, p)
	if err != nil {
		return nil, err
	}
	for {
		more, err := a.page(ctx, api, in, p, l)
		var later chat.Later
		if errors.As(err, &later) {
			a.remember(p, l)
			return nil, err
		}
		if err != nil {
			return nil, err
		}
		if !more {
			return a.refs(ctx, p, l), nil
		}
	}
}

// cannotRead is what an installation surely lacks to look something up; "" where it
// has to be tried. A channel's id does not say whether the channel is private.
func cannotRead(in Install, to chat.Thread) string {
	has := func(scope string) bool { return slices.Contains(in.Scopes, scope) }
	switch {
	case len(in.Scopes) == 0:
	case to.Direct() != "" && !has("im:write"):
		return "im:write"
	case to.Direct() != "" && !has("im:history"):
		return "im:history"
	case to.Direct() == "" && !slices.ContainsFunc(in.Scopes, func(s string) bool { return strings.HasSuffix(s, ":history") }):
		return "channels:history"
	}
	return ""
}

// look is where a look-up goes on, or begins.
func (a *Adapter) look(ctx context.Context, api *slackgo.Client, p chat.Post) (*look, error) {
	o := &a.outbound
	oldest := stamp(p.Since.Add(-skew))
	if p.Since.IsZero() {
		oldest = "0"
	}
	o.mu.Lock()
	l := o.looks[lookKey(p)]
	delete(o.looks, lookKey(p))
	o.mu.Unlock()
	if l != nil && l.oldest == oldest && a.now().Sub(l.at) < lookFor {
		return l, nil
	}
	l = &look{channel: p.To.Channel(), oldest: oldest, at: a.now()}
	if user := p.To.Direct(); user != "" {
		const method = "conversations.open"
		if err := a.open(method, p.To); err != nil {
			return nil, err
		}
		channel, _, _, err := api.OpenConversationContext(ctx, &slackgo.OpenConversationParameters{Users: []string{user}})
		if err != nil {
			return nil, a.unseen(method, p.To, err)
		}
		l.channel = channel.ID
	}
	return l, nil
}

func lookKey(p chat.Post) string { return p.To.Key() + " " + p.Key }

func (a *Adapter) remember(p chat.Post, l *look) {
	o := &a.outbound
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.looks == nil {
		o.looks = map[string]*look{}
	}
	for key, old := range o.looks {
		if a.now().Sub(old.at) >= lookFor {
			delete(o.looks, key)
		}
	}
	o.looks[lookKey(p)] = l
}

// page looks at some messages and reports whether there are more.
func (a *Adapter) page(ctx context.Context, api *slackgo.Client, in Install, p chat.Post, l *look) (more bool, err error) {
	method := "conversations.history"
	if p.To.Root() != "" {
		method = "conversations.replies"
	}
	if err := a.open(method, p.To); err != nil {
		return false, err
	}
	asked := slackgo.GetConversationHistoryParameters{
		ChannelID: l.channel, Oldest: l.oldest, Cursor: l.cursor, Limit: historyPage, Inclusive: true, IncludeAllMetadata: true,
	}
	var messages []slackgo.Message
	if root := p.To.Root(); root != "" {
		messages, more, l.cursor, err = api.GetConversationRepliesContext(ctx, &slackgo.GetConversationRepliesParameters{
			ChannelID: asked.ChannelID, Timestamp: root, Oldest: asked.Oldest, Cursor: asked.Cursor, Limit: asked.Limit,
			Inclusive: true, IncludeAllMetadata: true,
		})
	} else {
		var answer *slackgo.GetConversationHistoryResponse
		if answer, err = api.GetConversationHistoryContext(ctx, &asked); err == nil {
			messages, more, l.cursor = answer.Messages, answer.HasMore, answer.ResponseMetaData.NextCursor
		}
	}
	if err != nil {
		l.cursor = asked.Cursor
		return false, a.unseen(method, p.To, err)
	}
	for _, m := range messages {
		ours := m.BotID != "" && m.BotID == in.Bot || in.Bot == "" && m.User != "" && m.User == in.BotUser
		if ours && a.signed(m.Metadata, p.Key, p.To) && !slices.Contains(l.found, m.Timestamp) {
			l.found = append(l.found, m.Timestamp)
		}
	}
	if more && l.cursor == "" {
		return false, errors.New("Slack says that there is more and not where, so nobody knows what was said")
	}
	return l.cursor != "", nil
}

// refs are what was found, oldest first.
func (a *Adapter) refs(ctx context.Context, p chat.Post, l *look) []chat.Ref {
	slices.SortFunc(l.found, func(x, y string) int { return strings.Compare(comparable(x), comparable(y)) })
	var refs []chat.Ref
	for _, ts := range l.found {
		ref := chat.Ref{Thread: p.To, ID: ts, Link: a.link(ctx, p.To, l.channel, ts)}
		if p.To.Direct() != "" {
			ref.ID = l.channel + "/" + ts
		}
		refs = append(refs, ref)
	}
	return refs
}

// stamp is a moment as Slack writes it.
func stamp(t time.Time) string { return fmt.Sprintf("%d.%06d", t.Unix(), t.Nanosecond()/1000) }

// comparable is a timestamp that sorts as text.
func comparable(ts string) string {
	whole, part, _ := strings.Cut(ts, ".")
	n, _ := strconv.ParseInt(whole, 10, 64)
	return fmt.Sprintf("%020d.%-6s", n, part)
}

// unseen is why a look-up did not see everything.
func (a *Adapter) unseen(method string, in chat.Thread, err error) error {
	var refused slackgo.SlackErrorResponse
	if errors.As(err, &refused) && (refused.Err == "missing_scope" || refused.Err == "no_permission") {
		return fmt.Errorf("nobody knows what was said: Baton may not read it, as it lacks the scope %s", refused.Needed)
	}
	err = a.failed(method, in, err)
	if rejected := (chat.Rejected{}); errors.As(err, &rejected) {
		return fmt.Errorf("nobody knows what was said: %s", rejected.Why)
	}
	if errors.As(err, new(chat.Gone)) {
		return errors.New("nobody knows what was said: Slack does not find the thread")
	}
	return err
}

// Remove implements [chat.Finder].
func (a *Adapter) Remove(ctx context.Context, r chat.Ref) error {
	const method = "chat.delete"
	api, _, err := a.api(ctx, r.Thread.Workspace())
	if err != nil {
		return err
	}
	if err := a.open(method, r.Thread); err != nil {
		return err
	}
	channel, ts := place(r)
	if _, _, err = api.DeleteMessageContext(ctx, channel, ts); err != nil {
		if err = a.failed(method, r.Thread, err); errors.As(err, new(chat.Gone)) {
			return nil
		}
	}
	return err
}
