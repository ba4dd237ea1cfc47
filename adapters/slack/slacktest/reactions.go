package slacktest

import "slices"

// maxReactions is a guess at too_many_emoji: 23 different ones on a message
// (D:methods/reactions.add says "the limit" only).
const maxReactions = 23

// messageAt is the message that a call points at by channel and timestamp.
func (s *Server) messageAt(c *Call) (*Channel, *Message, *refusal) {
	ch, in, refused := s.channelOf(c, "channel")
	if refused != nil {
		return nil, nil, refused
	}
	ts := c.Args.Text("timestamp")
	switch {
	case ts == "":
		return nil, nil, refuse("no_item_specified")
	case !isTS(ts):
		return nil, nil, refuse("bad_timestamp")
	case !ch.members[in.UserID]:
		return nil, nil, refuseFairly("not_in_channel")
	case ch.find(ts) == nil:
		return nil, nil, refuseFairly("message_not_found")
	}
	return ch, ch.find(ts), nil
}

func (s *Server) reactionsAdd(c *Call) (map[string]any, *refusal) {
	ch, m, refused := s.messageAt(c)
	if refused != nil {
		return nil, refused
	}
	name, user := c.Args.Text("name"), c.grant.install.UserID
	switch {
	case ch.archived:
		return nil, refuseFairly("is_archived")
	case ch.locked[m.Thread()]:
		return nil, refuseFairly("thread_locked")
	case slices.ContainsFunc([]rune(name), func(r rune) bool { return r == ':' || r == ' ' }):
		return nil, refuse("invalid_name")
	case slices.Contains(m.Reactions[name], user):
		return nil, refuseFairly("already_reacted")
	case m.Reactions[name] == nil && len(m.Reactions) >= maxReactions:
		return nil, refuseFairly("too_many_emoji")
	}
	with := map[string][]string{name: {user}}
	for n, users := range m.Reactions {
		with[n] = append(slices.Clone(users), with[n]...)
	}
	m.Reactions = with
	return nil, nil
}

func (s *Server) pinsAdd(c *Call) (map[string]any, *refusal) {
	_, m, refused := s.messageAt(c)
	if refused != nil {
		return nil, refused
	}
	if m.Pinned {
		return nil, refuseFairly("already_pinned")
	}
	m.Pinned = true
	return nil, nil
}
