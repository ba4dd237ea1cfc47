package discordtest

import (
	"slices"
	"time"
)

// channel is the channel a request names, where the bot may see it.
func (c *call) channel() (*Channel, *Member, error) {
	ch := c.s.channels[c.params["channel_id"]]
	if ch == nil || ch.gone {
		return nil, nil, unknownChannel()
	}
	m := ch.guild.members[c.app.Bot.ID]
	if m == nil || !m.sees(ch) {
		return nil, nil, missingAccess()
	}
	return ch, m, nil
}

// message is the message a request names.
func (c *call) message() (*Channel, *Member, *message, error) {
	ch, m, err := c.channel()
	if err != nil {
		return nil, nil, nil, err
	}
	msg := ch.find(c.params["message_id"])
	if msg == nil {
		return nil, nil, nil, unknownMessage()
	}
	return ch, m, msg, nil
}

// maySend refuses those who may not write in a channel. In threads
// SEND_MESSAGES has no effect (D:topics/threads).
func (m *Member) maySend(ch *Channel, d *draft) error {
	if ch.Type == Direct {
		if err := ch.takesDirect(m.User); err != nil {
			return err
		}
	}
	p := m.permissions(ch)
	right := SendMessages
	if ch.thread != nil {
		right = SendMessagesInThreads
	}
	switch {
	case ch.Type == Forum:
		return refuse(400, 50008, "Cannot send messages in a non-text channel")
	case !p.has(right):
		return missingPermission()
	case ch.thread != nil && ch.thread.locked && !p.has(ManageThreads):
		return locked()
	case d == nil:
		return nil
	case len(d.embeds) > 0 && !p.has(EmbedLinks), len(d.files) > 0 && !p.has(AttachFiles), d.poll != nil && !p.has(SendPolls):
		return missingPermission()
	case d.reply != "" && !p.has(ReadMessageHistory):
		return refuse(403, 160002, "You cannot reply without permission to read message history")
	}
	return nil
}

func postMessage(c *call) (reply, error) {
	ch, m, err := c.channel()
	if err != nil {
		return reply{}, err
	}
	if wait := ch.writeLimit.Sub(c.s.clock.Now()); wait > 0 {
		f := tooMany(wait, "shared", false)
		f.code, f.message = 20028, "The channel you are writing has hit the write rate limit"
		return reply{}, f
	}
	d, err := c.readDraft(newForm(c.body), byBot, nil)
	if err != nil {
		return reply{}, err
	}
	if err := m.maySend(ch, &d); err != nil {
		return reply{}, err
	}
	if d.enforce && d.nonce != "" {
		if had := c.s.byNonce(ch, c.app.Bot, d.nonce); had != nil {
			return reply{200, withNonce(had)}, nil
		}
	}
	if d.reply != "" && ch.find(d.reply) == nil {
		return reply{}, refuse(400, 50035, "Invalid Form Body")
	}
	msg := &message{author: c.app.Bot, draft: d, kind: kindDefault}
	if d.reply != "" {
		msg.kind = kindReply
	}
	ch.say(msg)
	c.observe(msg)
	return reply{200, withNonce(msg)}, nil
}

func withNonce(m *message) object {
	out := m.json()
	if m.nonce != "" {
		out["nonce"] = m.nonce
	}
	return out
}

// byNonce is the message an author made with a nonce in the last minutes. The
// documentation says "created by the same author" and names no channel; the
// channel is taken into account here, so that a nonce used twice shows.
func (s *Server) byNonce(ch *Channel, author *User, nonce string) *message {
	for _, m := range slices.Backward(ch.messages) {
		if m.author == author && m.nonce == nonce && s.clock.Now().Sub(m.made) < s.opts.NonceWindow {
			return m
		}
	}
	return nil
}

func getMessage(c *call) (reply, error) {
	ch, m, msg, err := c.message()
	if err != nil {
		return reply{}, err
	}
	if !m.permissions(ch).has(ReadMessageHistory) {
		return reply{}, missingPermission()
	}
	return reply{200, msg.asSeenBy(c.app)}, nil
}

// asSeenBy is a message as an application may read it: without what people
// wrote, where the privileged intent is missing (D:events/gateway).
func (m *message) asSeenBy(app *Application) object {
	out := m.json()
	if !m.readableBy(app) {
		blank(out)
	}
	return out
}

func (m *message) readableBy(app *Application) bool {
	return app.privileged&intentMessageContent != 0 || m.channel.Type == Direct || m.author == app.Bot || m.application == app.ID || m.mentionsUser(app.Bot.ID)
}

func blank(message object) {
	message["content"] = ""
	message["embeds"], message["components"], message["attachments"] = []object{}, []object{}, []object{}
	delete(message, "poll")
}

func patchMessage(c *call) (reply, error) {
	ch, _, msg, err := c.message()
	if err != nil {
		return reply{}, err
	}
	if msg.author != c.app.Bot || msg.webhook != "" && msg.application != c.app.ID {
		return reply{}, refuse(403, 50005, "Cannot edit a message authored by another user")
	}
	if ch.thread != nil && ch.thread.archived {
		return reply{}, archived()
	}
	if err := c.edit(msg, byEdit); err != nil {
		return reply{}, err
	}
	return reply{200, msg.json()}, nil
}

// edit changes a message. Many edits to one older than an hour are refused
// (D:resources/message; how many is unverified).
func (c *call) edit(msg *message, d door) error {
	if old := c.s.clock.Now().Sub(msg.made) > time.Hour; old {
		if msg.edits >= c.s.opts.OldEdits {
			f := tooMany(time.Minute, "user", false)
			f.code, f.message = 30046, "Maximum number of edits to messages older than 1 hour reached. Try again later"
			return f
		}
		msg.edits++
	}
	before := *msg
	before.flags &^= flagLoading // Whatever it says now, it does not think any more.
	next, err := c.readDraft(newForm(c.body), d, &before)
	if err != nil {
		return err
	}
	msg.rewrite(next)
	msg.filled()
	c.observe(msg)
	return nil
}

// rewrite gives a message a new text. To fill in a deferred answer is no edit
// here: whether it notifies is unverified, so what it could notify is kept.
func (m *message) rewrite(d draft) {
	filling := m.flags&flagLoading != 0
	m.draft = d
	if filling {
		m.pinged = m.pings()
	} else {
		m.edited = m.channel.s.clock.Now()
	}
	if m.only == "" {
		m.channel.s.dispatchMessage("MESSAGE_UPDATE", m)
	}
	m.channel.s.happened()
}

func deleteMessage(c *call) (reply, error) {
	ch, m, msg, err := c.message()
	if err != nil {
		return reply{}, err
	}
	if msg.author != c.app.Bot && !m.permissions(ch).has(ManageMessages) {
		return reply{}, missingPermission()
	}
	if ch.thread != nil && ch.thread.archived {
		return reply{}, archived()
	}
	msg.remove()
	return reply{status: 204}, nil
}

func (m *message) remove() {
	ch := m.channel
	ch.messages = slices.DeleteFunc(ch.messages, func(o *message) bool { return o == m })
	if m.only == "" {
		ch.s.dispatchChannel(ch, "MESSAGE_DELETE", ch.messageIntent(), ch.inGuild(object{"id": m.id, "channel_id": ch.ID}))
	}
	ch.s.happened()
}

// crosspost publishes a message of an announcement channel; an own one needs
// SEND_MESSAGES only (D:resources/message).
func crosspost(c *call) (reply, error) {
	ch, m, msg, err := c.message()
	switch {
	case err != nil:
		return reply{}, err
	case ch.Type != Announcement:
		return reply{}, wrongChannel()
	case msg.author != c.app.Bot && !m.permissions(ch).has(ManageMessages), !m.permissions(ch).has(SendMessages):
		return reply{}, missingPermission()
	case msg.flags&flagCrossposted != 0:
		return reply{}, refuse(400, 40033, "This message has already been crossposted.")
	}
	msg.flags |= flagCrossposted
	c.s.dispatchMessage("MESSAGE_UPDATE", msg)
	return reply{200, msg.json()}, nil
}

func putReaction(c *call) (reply, error) {
	ch, m, _, err := c.message()
	switch {
	case err != nil:
		return reply{}, err
	case ch.thread != nil && ch.thread.archived:
		return reply{}, archived()
	case !m.permissions(ch).has(ReadMessageHistory | AddReactions):
		return reply{}, missingPermission()
	}
	return reply{status: 204}, nil
}
