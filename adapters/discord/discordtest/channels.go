package discordtest

import (
	"slices"
	"time"
)

func getChannel(c *call) (reply, error) {
	ch, _, err := c.channel()
	if err != nil {
		return reply{}, err
	}
	return reply{200, ch.json()}, nil
}

// patchChannel changes a channel or a thread.
func patchChannel(c *call) (reply, error) {
	ch, m, err := c.channel()
	if err != nil {
		return reply{}, err
	}
	if ch.thread != nil {
		return c.patchThread(ch, m)
	}
	f := newForm(c.body)
	name, topic := f.text("name", 1, 100), f.text("topic", 0, 1024) // D:resources/channel
	if err := f.failure(); err != nil {
		return reply{}, err
	}
	if !m.permissions(ch).has(ManageChannels) {
		return reply{}, missingPermission()
	}
	if err := c.rename(ch, name, f.has("topic")); err != nil {
		return reply{}, err
	}
	if f.has("topic") {
		ch.topic = topic
	}
	c.s.dispatchChannel(ch, "CHANNEL_UPDATE", intentGuilds, ch.json())
	return reply{200, ch.json()}, nil
}

// rename gives a channel another name, within the hidden limit.
func (c *call) rename(ch *Channel, name string, topic bool) error {
	if (name == "" || name == ch.name) && !topic {
		return nil
	}
	wait, ok := c.s.bucket("rename", ch.ID, renames).take(c.s.clock.Now())
	if !ok {
		return tooMany(wait, "user", false)
	}
	if name != "" {
		ch.name = name
	}
	return nil
}

func deleteChannel(c *call) (reply, error) {
	ch, m, err := c.channel()
	if err != nil {
		return reply{}, err
	}
	right := ManageChannels
	if ch.thread != nil {
		right = ManageThreads
	}
	if !m.permissions(ch).has(right) {
		return reply{}, missingPermission()
	}
	out := ch.json()
	ch.remove()
	return reply{200, out}, nil
}

// remove deletes a channel and its threads. Its messages go with it.
func (c *Channel) remove() {
	s := c.s
	for _, t := range slices.Clone(c.guild.channels) {
		if t.parent == c && t.thread != nil {
			t.remove()
		}
	}
	c.gone = true
	kind, body := "CHANNEL_DELETE", c.json()
	if c.thread != nil {
		kind, body = "THREAD_DELETE", object{"id": c.ID, "guild_id": c.guild.ID, "parent_id": c.parent.ID, "type": int(c.Type)}
	}
	s.dispatchChannel(c, kind, intentGuilds, body)
	c.guild.channels = slices.DeleteFunc(c.guild.channels, func(o *Channel) bool { return o == c })
	c.messages = nil
	s.happened()
}

func postTyping(c *call) (reply, error) {
	ch, m, err := c.channel()
	if err != nil {
		return reply{}, err
	}
	if err := m.maySend(ch, nil); err != nil {
		return reply{}, err
	}
	c.s.dispatchChannel(ch, "TYPING_START", intentGuildTyping, ch.inGuild(object{
		"channel_id": ch.ID, "user_id": c.app.Bot.ID, "timestamp": c.s.clock.Now().Unix(), "member": m.json(),
	}))
	return reply{status: 204}, nil
}

// pinLimit is how many messages of a channel may be pinned (D:resources/message).
const pinLimit = 250

func listPins(c *call) (reply, error) {
	ch, m, err := c.channel()
	if err != nil {
		return reply{}, err
	}
	items := []object{}
	if m.permissions(ch).has(ReadMessageHistory) {
		for _, msg := range slices.Backward(ch.messages) {
			if msg.pinned {
				items = append(items, object{"pinned_at": stamp(msg.made), "message": msg.asSeenBy(c.app)})
			}
		}
	}
	return reply{200, object{"items": items, "has_more": false}}, nil
}

func putPin(c *call) (reply, error) { return c.pin(true) }

func deletePin(c *call) (reply, error) { return c.pin(false) }

// pin needs PIN_MESSAGES; MANAGE_MESSAGES does not do since February 2026
// (D:topics/permissions).
func (c *call) pin(on bool) (reply, error) {
	ch, m, msg, err := c.message()
	if err != nil {
		return reply{}, err
	}
	if !m.permissions(ch).has(PinMessages) {
		return reply{}, missingPermission()
	}
	if ch.thread != nil && ch.thread.archived {
		return reply{}, archived()
	}
	n := 0
	for _, o := range ch.messages {
		if o.pinned {
			n++
		}
	}
	if on && !msg.pinned && n >= pinLimit {
		return reply{}, refuse(400, 30003, "Maximum number of pins reached (250)")
	}
	if on && !msg.pinned {
		ch.say(&message{author: c.app.Bot, kind: kindPinned, draft: draft{reply: msg.id}})
	}
	msg.pinned = on
	c.s.dispatchChannel(ch, "CHANNEL_PINS_UPDATE", intentGuilds, ch.inGuild(object{
		"channel_id": ch.ID, "last_pin_timestamp": stamp(c.s.clock.Now().Truncate(time.Millisecond)),
	}))
	return reply{status: 204}, nil
}
