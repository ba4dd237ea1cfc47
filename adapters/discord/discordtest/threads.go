package discordtest

import "slices"

// archiveAfter are the times after which a quiet thread is archived, in minutes
// (D:resources/channel).
var archiveAfter = []int{60, 1440, 4320, 10080}

const (
	threadName    = 100  // D:resources/channel
	threadTags    = 5    // D:resources/channel, applied_tags
	threadMembers = 1000 // D:topics/opcodes-and-status-codes, 30033
)

func threadFromMessage(c *call) (reply, error) {
	ch, m, msg, err := c.message()
	if err != nil {
		return reply{}, err
	}
	f := newForm(c.body)
	f.known("name", "auto_archive_duration", "rate_limit_per_user")
	name, duration := readThread(f)
	c.keepUnknown(f)
	kind := PublicThread
	if ch.Type == Announcement {
		kind = AnnouncementThread
	}
	switch err := f.failure(); {
	case err != nil:
		return reply{}, err
	case ch.Type != Text && ch.Type != Announcement:
		return reply{}, wrongChannel()
	case !m.permissions(ch).has(CreatePublicThreads):
		return reply{}, missingPermission()
	case msg.hasThread:
		return reply{}, refuse(400, 160004, "A thread has already been created for this message")
	}
	t, err := ch.open(msg.id, name, kind, duration, m)
	if err != nil {
		return reply{}, err
	}
	msg.hasThread = true
	msg.flags |= flagHasThread
	c.s.dispatchMessage("MESSAGE_UPDATE", msg)
	t.say(&message{author: c.app.Bot, kind: kindThreadStarter, draft: draft{reply: msg.id}})
	return reply{201, t.json()}, nil
}

func readThread(f form) (name string, duration int) {
	f.require("name")
	f.number("rate_limit_per_user", 0, 21600)
	return f.text("name", 1, threadName), or(f.oneOf("auto_archive_duration", archiveAfter...), 4320)
}

// postThread makes a thread without a message: in a forum a post, elsewhere a
// private one if no type is given (D:resources/channel).
func postThread(c *call) (reply, error) {
	ch, m, err := c.channel()
	if err != nil {
		return reply{}, err
	}
	if ch.Type == Forum {
		return c.postInForum(ch, m)
	}
	f := newForm(c.body)
	f.known("name", "auto_archive_duration", "rate_limit_per_user", "type", "invitable")
	name, duration := readThread(f)
	kind := ChannelType(or(f.oneOf("type", 10, 11, 12), int(PrivateThread)))
	f.flag("invitable")
	c.keepUnknown(f)
	right := CreatePublicThreads
	if kind == PrivateThread {
		right = CreatePrivateThreads
	}
	switch err := f.failure(); {
	case err != nil:
		return reply{}, err
	case ch.Type != Text && ch.Type != Announcement, (ch.Type == Announcement) != (kind == AnnouncementThread):
		return reply{}, wrongChannel()
	case !m.permissions(ch).has(right):
		return reply{}, missingPermission()
	}
	t, err := ch.open(c.s.newID(), name, kind, duration, m)
	if err != nil {
		return reply{}, err
	}
	if kind != PrivateThread {
		ch.say(&message{author: c.app.Bot, kind: kindThreadCreated, draft: draft{content: name, reply: ""}})
	}
	return reply{201, t.json()}, nil
}

// postInForum makes a thread together with its first message. SEND_MESSAGES is
// enough (D:resources/channel).
func (c *call) postInForum(ch *Channel, m *Member) (reply, error) {
	f := newForm(c.body)
	f.known("name", "auto_archive_duration", "rate_limit_per_user", "applied_tags", "message")
	name, duration := readThread(f)
	f.require("message")
	tags := c.readTags(f, ch)
	inner, ok := f.child("message")
	if err := f.failure(); err != nil {
		return reply{}, err
	}
	var d draft
	var err error
	if ok {
		if d, err = c.readDraft(inner, byBot, nil); err != nil {
			return reply{}, err
		}
	}
	p := m.permissions(ch)
	switch {
	case !p.has(SendMessages), len(d.embeds) > 0 && !p.has(EmbedLinks), len(d.files) > 0 && !p.has(AttachFiles):
		return reply{}, missingPermission()
	case ch.requireTag && len(tags) == 0:
		return reply{}, refuse(400, 40067, "A tag is required to create a forum post in this channel")
	}
	t, err := ch.open(c.s.newID(), name, PublicThread, duration, m)
	if err != nil {
		return reply{}, err
	}
	t.thread.applied = tags
	first := &message{id: t.ID, author: c.app.Bot, draft: d}
	t.say(first)
	t.thread.sent-- // D:resources/channel: message_count leaves out the first.
	c.observe(first)
	out := t.json()
	out["message"] = first.json()
	return reply{201, out}, nil
}

func (c *call) readTags(f form, ch *Channel) []string {
	var out []string
	for _, v := range f.list("applied_tags", 0, threadTags) {
		id, _ := v.(string)
		if !slices.ContainsFunc(ch.tags, func(t forumTag) bool { return t.id == id }) {
			f.fail("applied_tags", "INVALID_TAG", "The tag %q is not one of the forum's", id)
		}
		out = append(out, id)
	}
	return out
}

// open makes a thread. s.mu is held.
func (c *Channel) open(id, name string, kind ChannelType, duration int, by *Member) (*Channel, error) {
	s := c.s
	active := 0
	for _, t := range c.guild.channels {
		if t.thread != nil && !t.thread.archived {
			active++
		}
	}
	if active >= s.opts.MaxThreads {
		return nil, refuse(400, 160006, "Maximum number of active threads reached")
	}
	now := s.clock.Now()
	t := &Channel{ID: id, Type: kind, s: s, guild: c.guild, name: name, parent: c, thread: &thread{
		ownerID: by.User.ID, duration: duration, changed: now, made: now, members: []string{by.User.ID},
	}}
	s.channels[t.ID] = t
	c.guild.channels = append(c.guild.channels, t)
	body := t.json()
	body["newly_created"] = true
	s.dispatchChannel(t, "THREAD_CREATE", intentGuilds, body)
	s.happened()
	return t, nil
}

// patchThread: who made a thread may rename and archive it; to lock it, and to
// touch it once it is locked, always needs MANAGE_THREADS (D:topics/threads).
func (c *call) patchThread(ch *Channel, m *Member) (reply, error) {
	f := newForm(c.body)
	f.known("name", "archived", "auto_archive_duration", "locked", "invitable", "rate_limit_per_user", "flags", "applied_tags")
	name, duration := f.text("name", 1, threadName), f.oneOf("auto_archive_duration", archiveAfter...)
	closing, locking := f.flag("archived"), f.flag("locked")
	tags := c.readTags(f, ch.parent)
	c.keepUnknown(f)
	if err := f.failure(); err != nil {
		return reply{}, err
	}
	p, t := m.permissions(ch), ch.thread
	manages, owns := p.has(ManageThreads), t.ownerID == m.User.ID
	// Somebody who may write in an archived thread may open it again.
	opens := len(c.body) == 1 && f.has("archived") && !closing && p.has(SendMessagesInThreads)
	switch {
	case t.locked && !manages:
		return reply{}, refuse(403, 50013, "Missing Permissions")
	case f.has("locked") && locking != t.locked && !manages:
		return reply{}, missingPermission()
	case !manages && !owns && !opens:
		return reply{}, missingPermission()
	case t.archived && (closing || !f.has("archived")):
		return reply{}, archived()
	}
	if err := c.rename(ch, name, false); err != nil {
		return reply{}, err
	}
	if f.has("archived") {
		t.archived = closing
	}
	if f.has("locked") {
		t.locked = locking
	}
	if f.has("applied_tags") {
		t.applied = tags
	}
	t.duration, t.changed = or(duration, t.duration), c.s.clock.Now()
	c.s.dispatchChannel(ch, "THREAD_UPDATE", intentGuilds, ch.json())
	return reply{200, ch.json()}, nil
}
