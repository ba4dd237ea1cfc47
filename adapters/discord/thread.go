package discord

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/synthoperator/baton/chat"
)

// Routes as D: documents them, by which Discord counts.
const (
	routeChannel         = "/channels/{channel_id}"
	routeMessages        = "/channels/{channel_id}/messages"
	routeMessage         = "/channels/{channel_id}/messages/{message_id}"
	routeMessageThreads  = "/channels/{channel_id}/messages/{message_id}/threads"
	routeThreads         = "/channels/{channel_id}/threads"
	routeArchivedThreads = "/channels/{channel_id}/threads/archived/public"
	routeActiveThreads   = "/guilds/{guild_id}/threads/active"
	routeDirect          = "/users/@me/channels"
	routeMe              = "/applications/@me"
)

// known is what was learned of Discord and does not change: it may be lost
// without harm.
type known struct {
	mu       sync.Mutex
	me       self
	forums   map[string]bool   // by channel
	direct   map[string]string // the channel of direct messages, by person
	hooks    map[string]hook
	faceless map[string]time.Time // channels without a webhook, until when that is believed
	keys     map[string]saidAs    // of messages, by id
	order    []string             // of the messages in keys

	embedsUntil time.Time // Components V2 are believed not to be taken
}

// saidAs is what is known of a message: its key, and what it is made of.
type saidAs struct {
	key      string
	inEmbeds bool
}

// self is whose messages are Baton's.
type self struct{ application, user string }

func newKnown() *known {
	return &known{
		forums: map[string]bool{}, direct: map[string]string{}, hooks: map[string]hook{},
		faceless: map[string]time.Time{}, keys: map[string]saidAs{},
	}
}

// mostLearned is of how many channels or people something is kept that Discord can
// be asked again.
const mostLearned = 10_000

// learned notes something, and forgets all of its kind where it has become too
// much.
func learned[T any](all map[string]T, id string, what T) {
	if _, had := all[id]; !had && len(all) >= mostLearned {
		clear(all)
	}
	all[id] = what
}

// maxKeys is of how many messages the key is kept in memory.
const maxKeys = 4096

func (k *known) keep(id string, what saidAs) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, had := k.keys[id]; !had {
		k.order = append(k.order, id)
	}
	k.keys[id] = what
	if len(k.order) > maxKeys {
		delete(k.keys, k.order[0])
		k.order = k.order[1:]
	}
}

func (k *known) of(id string) (saidAs, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	what, ok := k.keys[id]
	return what, ok
}

func (k *known) isForum(channel string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.forums[channel]
}

// self is who Baton is here.
func (a *Adapter) self(ctx context.Context) (self, error) {
	a.known.mu.Lock()
	me := a.known.me
	a.known.mu.Unlock()
	if me != (self{}) {
		return me, nil
	}
	var app struct {
		ID  string `json:"id"`
		Bot *user  `json:"bot"`
	}
	if err := a.rest.do(ctx, "GET", routeMe, routeMe, nil, nil, &app); err != nil {
		return self{}, err
	}
	me = self{application: app.ID, user: app.ID}
	if app.Bot != nil {
		me.user = app.Bot.ID
	}
	a.known.mu.Lock()
	defer a.known.mu.Unlock()
	a.known.me = me
	return me, nil
}

// channel is what Baton reads of a channel or thread (D:resources/channel).
type channel struct {
	ID       string `json:"id"`
	Type     int    `json:"type"`
	Flags    int    `json:"flags"`
	ParentID string `json:"parent_id"`
	OwnerID  string `json:"owner_id"`
	Tags     []struct {
		ID        string `json:"id"`
		Name      string `json:"name"`
		Moderated bool   `json:"moderated"`
	} `json:"available_tags"`
	Metadata struct {
		ArchivedAt time.Time `json:"archive_timestamp"`
	} `json:"thread_metadata"`
}

// Types and flags of channels (D:resources/channel).
const (
	forumChannel = 15
	mediaChannel = 16
	flagTagged   = 1 << 4 // a post needs a tag
)

// learnForum reports whether a channel holds posts only.
func (a *Adapter) learnForum(ctx context.Context, id string) (bool, error) {
	a.known.mu.Lock()
	forum, ok := a.known.forums[id]
	a.known.mu.Unlock()
	if ok {
		return forum, nil
	}
	c, err := a.channel(ctx, id)
	return c.Type == forumChannel || c.Type == mediaChannel, err
}

// channel asks for a channel.
func (a *Adapter) channel(ctx context.Context, id string) (channel, error) {
	var c channel
	if err := a.rest.do(ctx, "GET", routeChannel, "/channels/"+id, nil, nil, &c); err != nil {
		return c, err
	}
	a.known.mu.Lock()
	defer a.known.mu.Unlock()
	learned(a.known.forums, id, c.Type == forumChannel || c.Type == mediaChannel)
	return c, nil
}

// channelID is the channel that Discord knows a thread as: a thread's root is
// its own id, and direct messages have a channel that is opened for them.
func (a *Adapter) channelID(ctx context.Context, in chat.Thread) (string, error) {
	person := in.Direct()
	switch {
	case !in.InChannel():
		return in.Root(), nil
	case person == "":
		return in.Channel(), nil
	}
	a.known.mu.Lock()
	id := a.known.direct[person]
	a.known.mu.Unlock()
	if id != "" {
		return id, nil
	}
	var c channel
	if err := a.rest.do(ctx, "POST", routeDirect, routeDirect, map[string]string{"recipient_id": person}, nil, &c); err != nil {
		return "", err
	}
	a.known.mu.Lock()
	defer a.known.mu.Unlock()
	learned(a.known.direct, person, c.ID)
	return c.ID, nil
}

// channelOf is the channel that a message stands in. What stands in a forum
// stands in the thread that it began.
func (a *Adapter) channelOf(ctx context.Context, r chat.Ref) (string, error) {
	if !r.Thread.InChannel() || r.Thread.Direct() != "" {
		return a.channelID(ctx, r.Thread)
	}
	forum, err := a.learnForum(ctx, r.Thread.Channel())
	if forum {
		return r.ID, err
	}
	return r.Thread.Channel(), err
}

// rooted opens the thread under a message that was just said. Where that fails
// nobody may take the message for not said.
func (a *Adapter) rooted(ctx context.Context, p chat.Post, r chat.Ref) error {
	if p.To.Direct() != "" {
		return nil
	}
	if err := a.openThread(ctx, p, r.ID); err != nil {
		return fmt.Errorf("the message was said, and its thread could not be opened: %v", err) //nolint:errorlint // it says nothing about the message
	}
	return nil
}

// openThread opens the thread under a message. Its id is the message's, so that
// one that is there already is the one.
func (a *Adapter) openThread(ctx context.Context, p chat.Post, id string) error {
	return a.openNamed(ctx, p.To.Channel(), id, threadName(p.Body))
}

func (a *Adapter) openNamed(ctx context.Context, channel, id, name string) error {
	body := map[string]any{"name": name, "auto_archive_duration": archiveAfter}
	err := a.rest.do(ctx, "POST", routeMessageThreads, "/channels/"+channel+"/messages/"+id+"/threads", body, nil, nil)
	if coded(err, 160004) {
		return nil
	}
	return err
}

// reopened opens a thread that is not there although its message is: one that
// was said as a root and whose thread could not be opened then, or was deleted.
func (a *Adapter) reopened(ctx context.Context, in chat.Thread) bool {
	me, err := a.self(ctx)
	if err != nil {
		return false
	}
	var m message
	err = a.rest.do(ctx, "GET", routeMessage, "/channels/"+in.Channel()+"/messages/"+in.Root(), nil, nil, &m)
	if err != nil || !m.by(me) {
		return false
	}
	name := ""
	for _, text := range m.texts() {
		if title, ok := strings.CutPrefix(text, "## "); ok && name == "" {
			title, _, _ = strings.Cut(title, "\n")
			name = strings.ReplaceAll(title, `\`, "")
		}
	}
	return a.openNamed(ctx, in.Channel(), in.Root(), threadName(chat.Message{Title: name})) == nil
}

// threadName is what a thread is called. Nothing that changes belongs into it:
// a thread may be renamed twice in ten minutes (GH: discord/discord-api-docs#1900).
func threadName(m chat.Message) string {
	for _, text := range []string{m.Title, m.Short} {
		if !blank(text) {
			return short(text, maxThreadName)
		}
	}
	return "Baton"
}

// postInForum says something in a forum, where everything is a post: a thread
// with its first message. Its id is the message's too.
func (a *Adapter) postInForum(ctx context.Context, p chat.Post, part chat.Message) (chat.Ref, error) {
	if !p.Since.IsZero() { // there is no nonce
		if had, err := a.look(ctx, p); err != nil || len(had) > 0 {
			return first(had), err
		}
	}
	c, err := a.channel(ctx, p.To.Channel())
	if err != nil {
		return chat.Ref{}, err
	}
	body, err := a.renderPart(ctx, part, p.Key)
	if err != nil {
		return chat.Ref{}, notNow(err)
	}
	post := map[string]any{"name": threadName(part), "auto_archive_duration": archiveAfter}
	if tags := tagsFor(c, part); len(tags) > 0 {
		post["applied_tags"] = tags
	}
	var made channel
	plain, err := a.carry(body, func(body payload) error {
		post["message"] = body
		return a.rest.do(ctx, "POST", routeThreads, "/channels/"+c.ID+"/threads", post, body.files, &made)
	})
	if err != nil {
		return chat.Ref{}, err
	}
	a.known.keep(made.ID, saidAs{p.Key, plain})
	return ref(p.To, made.ID, made.ID), nil
}

// tagsFor are the forum's tags that a message names in its title or fields. Tags
// of moderators are theirs. Where a tag has to be, it is the first.
func tagsFor(c channel, m chat.Message) []string {
	texts := []string{m.Title}
	for _, b := range m.Blocks {
		if fields, ok := b.(chat.Fields); ok {
			for _, f := range fields {
				texts = append(texts, f.Value)
			}
		}
	}
	text := " " + strings.Join(wordsOf(strings.Join(texts, " ")), " ") + " "
	var tags []string
	spare := ""
	for _, t := range c.Tags {
		if t.Moderated {
			continue
		}
		spare = cmp.Or(spare, t.ID)
		if name := strings.Join(wordsOf(t.Name), " "); name != "" && strings.Contains(text, " "+name+" ") && len(tags) < maxTags {
			tags = append(tags, t.ID)
		}
	}
	if len(tags) == 0 && c.Flags&flagTagged != 0 && spare != "" {
		tags = []string{spare}
	}
	return tags
}

// wordsOf are the words of a text in small letters.
func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}

// lookInForum finds posts of a forum by the key of their first message.
func (a *Adapter) lookInForum(ctx context.Context, p chat.Post, me self) ([]chat.Ref, error) {
	threads, err := a.postsSince(ctx, p.To, a.clock.theirs(p.Since).Add(-skew))
	if err != nil {
		return nil, err
	}
	var refs []chat.Ref
	for _, t := range threads {
		if t.OwnerID != me.user {
			continue
		}
		var m message
		err := a.rest.patiently(ctx, "GET", routeMessage, "/channels/"+t.ID+"/messages/"+t.ID, nil, nil, &m)
		switch {
		case coded(err, 10008):
		case err != nil:
			return nil, err
		case m.by(me) && m.key() == p.Key:
			refs = append(refs, ref(p.To, t.ID, t.ID))
		}
	}
	return refs, nil
}

// postsSince are a forum's threads that were made since then, oldest first.
func (a *Adapter) postsSince(ctx context.Context, in chat.Thread, since time.Time) ([]channel, error) {
	var all []channel
	var active struct {
		Threads []channel `json:"threads"`
	}
	if err := a.rest.patiently(ctx, "GET", routeActiveThreads, "/guilds/"+in.Workspace()+"/threads/active", nil, nil, &active); err != nil {
		return nil, err
	}
	all = active.Threads
	for before := ""; ; {
		var page struct {
			Threads []channel `json:"threads"`
			More    bool      `json:"has_more"`
		}
		path := fmt.Sprintf("/channels/%s/threads/archived/public?limit=%d%s", in.Channel(), maxListed, before)
		if err := a.rest.patiently(ctx, "GET", routeArchivedThreads, path, nil, nil, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Threads...)
		if n := len(page.Threads); !page.More || n == 0 || page.Threads[n-1].Metadata.ArchivedAt.Before(since) {
			break
		}
		before = "&before=" + page.Threads[len(page.Threads)-1].Metadata.ArchivedAt.UTC().Format(time.RFC3339Nano)
	}
	all = slices.DeleteFunc(all, func(c channel) bool {
		return c.ParentID != in.Channel() || number(c.ID) < idNumber(snowflake(since))
	})
	slices.SortFunc(all, func(a, b channel) int { return cmpID(a.ID, b.ID) })
	return slices.CompactFunc(all, func(a, b channel) bool { return a.ID == b.ID }), nil
}

// awake does something in a thread that may be archived. One that is is opened
// again first, which whoever may write there may do (D:topics/threads).
func (a *Adapter) awake(ctx context.Context, in chat.Thread, id string, do func() error) error {
	err := do()
	if !coded(err, 50083) {
		return err
	}
	open := map[string]bool{"archived": false}
	if err := a.rest.do(ctx, "PATCH", routeChannel, "/channels/"+id, open, nil, nil); err != nil {
		if coded(err, 50013, 50083, 160005) {
			return chat.Blocked{Where: in.Key(), Why: "the thread is archived and Baton may not open it; open or unlock it"}
		}
		return err
	}
	return do()
}
