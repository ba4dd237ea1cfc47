package slacktest

import "unicode/utf8"

func (s *Server) update(c *Call) (map[string]any, *refusal) {
	ch, in, refused := s.channelOf(c, "channel")
	if refused != nil {
		return nil, refused
	}
	old := ch.find(c.Args.Text("ts"))
	switch {
	case old == nil:
		return nil, refuseFairly("message_not_found")
	case old.AppID != in.app.ID || old.BotID != in.BotID:
		return nil, refuse("cant_update_message")
	case old.Streaming && s.alive(old):
		return nil, refuse("streaming_state_conflict")
	}
	if n := utf8.RuneCountInString(c.Args.Text("text")); n > maxUpdate {
		return nil, refuse("msg_too_long")
	}
	m, refused := s.compose(c, maxUpdate)
	if refused != nil {
		return nil, refused
	}
	if c.Args.Bool("reply_broadcast") {
		if !old.isReply() {
			return nil, refuse("cant_broadcast_message")
		}
		old.Broadcast, old.Subtype = true, "thread_broadcast"
	}
	s.rewrite(ch, old, m)
	if c.Args.Text("parse") == "full" || c.Args.Bool("link_names") {
		old.linkNames()
	}
	return map[string]any{"channel": ch.ID, "ts": old.TS, "text": old.Text, "message": ch.wireMessage(old, true)}, nil
}

// rewrite puts new content into a message. Text without blocks removes the
// blocks; metadata stays unless it is given (K:chat.update). s.mu is held.
func (s *Server) rewrite(ch *Channel, old, with *Message) {
	before := ch.wireMessage(old, false)
	old.Text, old.Markdown, old.Blocks, old.Attachments = with.Text, with.Markdown, with.Blocks, with.Attachments
	if with.Metadata != nil {
		old.Metadata = with.Metadata
	}
	if old.stream != nil { // chat.update is how a dead stream is ended
		old.Streaming, old.stream.stopped = false, true
	}
	old.Edits++
	old.EditedTS = s.clock.stamp()
	s.mark(old)
	if old.For == "" {
		s.tellChange(ch, "message_changed", old, before)
	}
	s.changedLocked()
}

func (s *Server) remove(ch *Channel, m *Message) {
	before := ch.wireMessage(m, false)
	m.Deleted = true
	if m.For == "" {
		s.tellChange(ch, "message_deleted", m, before)
	}
	s.changedLocked()
}

func (s *Server) delete(c *Call) (map[string]any, *refusal) {
	ch, in, refused := s.channelOf(c, "channel")
	if refused != nil {
		return nil, refused
	}
	m := ch.find(c.Args.Text("ts"))
	switch {
	case m == nil:
		return nil, refuseFairly("message_not_found")
	case m.AppID != in.app.ID || m.BotID != in.BotID:
		return nil, refuse("cant_delete_message")
	}
	s.remove(ch, m)
	return map[string]any{"channel": ch.ID, "ts": m.TS}, nil
}

func (s *Server) postEphemeral(c *Call) (map[string]any, *refusal) {
	ch, in, refused := s.writable(c)
	if refused != nil {
		return nil, refused
	}
	user := c.Args.Text("user")
	if !ch.members[user] {
		return nil, refuseFairly("user_not_in_channel")
	}
	m, refused := s.compose(c, maxText)
	if refused != nil {
		return nil, refused
	}
	m.author(in, c.Args)
	m.For, m.ThreadTS = user, c.Args.Text("thread_ts")
	ch.store(m)
	return map[string]any{"message_ts": m.TS}, nil
}

func (s *Server) getPermalink(c *Call) (map[string]any, *refusal) {
	ch, _, refused := s.channelOf(c, "channel")
	if refused != nil {
		return nil, refused
	}
	m := ch.find(c.Args.Text("message_ts"))
	if m == nil {
		return nil, refuseFairly("message_not_found")
	}
	return map[string]any{"channel": ch.ID, "permalink": s.permalink(ch, m)}, nil
}
