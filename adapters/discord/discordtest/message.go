package discordtest

import (
	"maps"
	"slices"
	"time"
)

// Flags of messages (D:resources/message, Message Flags) and of forums.
const (
	flagCrossposted    = 1 << 0
	flagSuppressEmbeds = 1 << 2
	flagHasThread      = 1 << 5
	flagEphemeral      = 1 << 6
	flagLoading        = 1 << 7
	flagQuiet          = 1 << 12
	flagComponentsV2   = 1 << 15
	flagRequireTag     = 1 << 4 // of a channel (D:resources/channel, Channel Flags)
)

// Types of messages (D:resources/message, Message Types).
const (
	kindDefault       = 0
	kindPinned        = 6
	kindThreadCreated = 18
	kindReply         = 19
	kindCommand       = 20
	kindThreadStarter = 21
	kindContextMenu   = 23
)

// message is one message as Discord keeps it.
type message struct {
	id      string
	channel *Channel
	kind    int
	author  *User
	made    time.Time
	edited  time.Time
	draft
	application string // whose it is, if an application's
	webhook     string
	face        face     // what a webhook's message is shown as
	only        string   // the person an ephemeral message is for
	meta        object   // interaction_metadata
	pinged      []string // who was notified: ids of users and roles, "everyone"
	pinned      bool
	edits       int // since it was an hour old
	hasThread   bool
	token       string // of the interaction it answers
}

type face struct{ name, avatar string }

// Message is what a person sees of a message.
type Message struct {
	ID, ChannelID string
	AuthorID      string
	Author        string // as shown: of a webhook, the name it gave itself
	Avatar        string
	Content       string
	Embeds        []map[string]any
	Components    []map[string]any
	Attachments   []Attachment
	Flags         int
	Ephemeral     bool
	Loading       bool // "is thinking…"
	Pinned        bool
	Edited        bool
	ReplyTo       string
	Pinged        []string // who was notified: ids of users and roles, "everyone"
}

// Attachment is a file of a message.
type Attachment struct {
	ID, Name, Type string
	Description    string
	Data           []byte
}

func (m *message) view() Message {
	out := Message{
		ID: m.id, ChannelID: m.channel.ID, AuthorID: m.author.ID, Author: m.author.Name, Content: m.content,
		Embeds: copies(m.embeds), Components: copies(m.components), Flags: m.flags, Pinned: m.pinned,
		Ephemeral: m.flags&flagEphemeral != 0, Loading: m.flags&flagLoading != 0, Edited: !m.edited.IsZero(),
		ReplyTo: m.reply, Pinged: slices.Clone(m.pinged), Avatar: m.face.avatar,
	}
	if m.face.name != "" {
		out.Author = m.face.name
	}
	for _, f := range m.files {
		out.Attachments = append(out.Attachments, Attachment{f.id, f.name, f.kind, f.description, f.data})
	}
	return out
}

func copies(all []object) []object {
	out := make([]object, 0, len(all))
	for _, o := range all {
		out = append(out, maps.Clone(o))
	}
	return out
}

// json is a message on the wire. Only the answer to its creation and the
// gateway's event carry the nonce: "later GETs do not return it"
// (GH: Rapptz/discord.py#2451).
func (m *message) json() object {
	out := object{
		"id": m.id, "type": m.kind, "channel_id": m.channel.ID, "author": m.author.json(), "content": m.content,
		"timestamp": stamp(m.made), "edited_timestamp": stamp(m.edited), "tts": false,
		"mention_everyone": slices.Contains(m.pinged, "everyone"), "pinned": m.pinned, "flags": m.flags,
		"embeds": orEmpty(copies(m.embeds)), "components": orEmpty(copies(m.components)),
	}
	out["mentions"], out["mention_roles"] = m.mentionsJSON()
	files := []object{}
	for _, f := range m.files {
		files = append(files, f.json(m))
	}
	out["attachments"] = files
	if m.application != "" {
		out["application_id"] = m.application
	}
	if m.webhook != "" {
		out["webhook_id"] = m.webhook
	}
	if m.face != (face{}) {
		out["author"] = m.face.json(m.webhook)
	}
	if m.meta != nil {
		out["interaction_metadata"] = m.meta
	}
	if m.reply != "" {
		out["message_reference"] = object{"type": 0, "channel_id": m.channel.ID, "message_id": m.reply}
		m.channel.inGuild(out["message_reference"].(object))
	}
	if m.poll != nil {
		out["poll"] = m.poll
	}
	if m.hasThread {
		if t := m.channel.s.channels[m.id]; t != nil {
			out["thread"] = t.json()
		}
	}
	return out
}

// json is who a webhook's message seems to come from (D:resources/webhook).
func (f face) json(webhook string) object {
	out := (&User{ID: webhook, Name: f.name, Bot: true}).json()
	out["discriminator"] = "0000"
	return out
}

func (m *message) mentionsJSON() ([]object, []string) {
	users, roles := []object{}, []string{}
	for _, id := range m.named.users {
		if u := m.channel.s.users[id]; u != nil {
			users = append(users, u.json())
		}
	}
	for _, id := range m.pinged {
		if m.channel.guild.role(id) != nil {
			roles = append(roles, id)
		}
	}
	return users, roles
}

// event is a message as the gateway tells of it.
func (m *message) event() object {
	out := m.json()
	m.channel.inGuild(out)
	if m.channel.Type == Direct {
		return withTheNonce(out, m)
	}
	if member := m.channel.guild.members[m.author.ID]; member != nil && m.webhook == "" {
		out["member"] = member.partial()
	}
	return withTheNonce(out, m)
}

func withTheNonce(out object, m *message) object {
	if m.nonce != "" {
		out["nonce"] = m.nonce
	}
	return out
}

// inGuild says which guild something is in, where it is in one.
func (c *Channel) inGuild(out object) object {
	if c.Type != Direct {
		out["guild_id"] = c.guild.ID
	}
	return out
}

// find is the channel's message with an id, or nil. An ephemeral message is
// none of the channel's.
func (c *Channel) find(id string) *message {
	for _, m := range c.messages {
		if m.id == id && m.only == "" {
			return m
		}
	}
	return nil
}

// Messages are the messages of a channel as a person sees them, oldest first,
// without ephemeral ones.
func (c *Channel) Messages() []Message {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	var out []Message
	for _, m := range c.messages {
		if m.only == "" {
			out = append(out, m.view())
		}
	}
	return out
}

// Message is one message of a channel, and whether it is there.
func (c *Channel) Message(id string) (Message, bool) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if m := c.find(id); m != nil {
		return m.view(), true
	}
	return Message{}, false
}

// say adds a message and tells everybody.
func (c *Channel) say(m *message) {
	s := c.s
	m.channel, m.made = c, s.clock.Now()
	if m.id == "" {
		m.id = s.newID()
	}
	m.pinged = m.pings()
	c.messages = append(c.messages, m)
	if c.thread != nil {
		c.thread.sent++
		c.wake(m.author)
	}
	if m.only == "" {
		s.dispatchMessage("MESSAGE_CREATE", m)
	}
	s.happened()
}

// wake un-archives a thread that is written in and lets a bot join it
// (D:topics/threads).
func (c *Channel) wake(who *User) {
	t := c.thread
	if t.archived {
		t.archived, t.changed = false, c.s.clock.Now()
		c.s.dispatchChannel(c, "THREAD_UPDATE", intentGuilds, c.json())
	}
	if who != nil && c.guild.members[who.ID] != nil && !slices.Contains(t.members, who.ID) {
		t.members = append(t.members, who.ID)
		c.s.threadMembersChanged(c, []string{who.ID}, nil)
	}
}
