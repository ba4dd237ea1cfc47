package discordtest

import (
	"fmt"
	"slices"
)

// Say writes a message. Members are named with [Member.Mention] and the bot with
// [Application.Mention].
func (m *Member) Say(ch *Channel, text string) (Message, error) {
	return m.reply(ch, text, "")
}

// Reply answers a message, and notifies whom it is from.
func (m *Member) Reply(to Message, text string) (Message, error) {
	ch := m.Guild.s.Channel(to.ChannelID)
	if ch == nil {
		return Message{}, fmt.Errorf("there is no channel %s", to.ChannelID)
	}
	return m.reply(ch, text, to.ID)
}

func (m *Member) reply(ch *Channel, text, to string) (Message, error) {
	s := m.Guild.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if ch.gone || !m.sees(ch) {
		return Message{}, fmt.Errorf("%s does not see the channel", m.User.Name)
	}
	d := draft{content: text, reply: to, mentions: allowed{given: true, replied: true, parse: []string{"users", "roles", "everyone"}}}
	d.named = mentionsIn(d)
	if err := m.maySend(ch, &d); err != nil {
		return Message{}, err
	}
	if length(text) > contentLimit {
		return Message{}, fmt.Errorf("the client does not send more than %d characters", contentLimit)
	}
	msg := &message{author: m.User, draft: d}
	if to != "" {
		msg.kind = kindReply
	}
	ch.say(msg)
	return msg.view(), nil
}

// Mention is how a text names a member.
func (m *Member) Mention() string { return "<@" + m.User.ID + ">" }

// Mention is how a text names a bot.
func (a *Application) Mention() string { return "<@" + a.Bot.ID + ">" }

// OpenThread opens a thread in a channel: on a message if one is given.
func (m *Member) OpenThread(ch *Channel, name string, on *Message, kind ChannelType) (*Channel, error) {
	s := m.Guild.s
	s.mu.Lock()
	defer s.mu.Unlock()
	id := ""
	var root *message
	if on != nil {
		if root = ch.find(on.ID); root == nil || root.hasThread {
			return nil, fmt.Errorf("no thread can be opened on the message %s", on.ID)
		}
		id = root.id
	}
	if id == "" {
		id = s.newID()
	}
	t, err := ch.open(id, name, kind, 1440, m)
	if err == nil && root != nil {
		root.hasThread = true
		root.flags |= flagHasThread
		s.dispatchMessage("MESSAGE_UPDATE", root)
	}
	return t, err
}

// Archive archives a thread.
func (m *Member) Archive(t *Channel) error { return m.moderate(t, func() { t.thread.archived = true }) }

// Unarchive opens a thread again.
func (m *Member) Unarchive(t *Channel) error {
	return m.moderate(t, func() { t.thread.archived = false })
}

// Lock leaves a thread to those who manage threads.
func (m *Member) Lock(t *Channel) error { return m.moderate(t, func() { t.thread.locked = true }) }

// Unlock gives a thread back to everybody.
func (m *Member) Unlock(t *Channel) error { return m.moderate(t, func() { t.thread.locked = false }) }

// Rename calls a thread something else.
func (m *Member) Rename(t *Channel, name string) error {
	return m.moderate(t, func() { t.name = name })
}

func (m *Member) moderate(t *Channel, change func()) error {
	s := m.Guild.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.thread == nil || t.gone || !m.permissions(t).has(ManageThreads) {
		return fmt.Errorf("%s does not manage this thread", m.User.Name)
	}
	change()
	t.thread.changed = s.clock.Now()
	s.dispatchChannel(t, "THREAD_UPDATE", intentGuilds, t.json())
	s.happened()
	return nil
}

// Delete deletes a channel or a thread.
func (m *Member) Delete(ch *Channel) error {
	s := m.Guild.s
	s.mu.Lock()
	defer s.mu.Unlock()
	right := ManageChannels
	if ch.thread != nil {
		right = ManageThreads
	}
	if ch.gone || !m.permissions(ch).has(right) {
		return fmt.Errorf("%s may not delete this", m.User.Name)
	}
	ch.remove()
	return nil
}

// DeleteMessage deletes a message.
func (m *Member) DeleteMessage(on Message) error {
	s := m.Guild.s
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.channels[on.ChannelID]
	i := slices.IndexFunc(ch.messages, func(o *message) bool { return o.id == on.ID })
	if i < 0 {
		return fmt.Errorf("there is no message %s", on.ID)
	}
	msg := ch.messages[i]
	if msg.author != m.User && msg.only != m.User.ID && !m.permissions(ch).has(ManageMessages) {
		return fmt.Errorf("%s may not delete this message", m.User.Name)
	}
	msg.remove()
	return nil
}
