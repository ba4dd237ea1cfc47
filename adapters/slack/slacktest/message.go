package slacktest

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Message is one message as the server holds it. What tests get are copies.
type Message struct {
	Team, Channel string
	TS            string
	ThreadTS      string // of the root; empty outside threads
	User          string
	BotID, AppID  string
	Username      string
	Icon          string
	Subtype       string
	Text          string // or markdown_text
	Markdown      bool
	Blocks        []any
	Attachments   []any
	Metadata      map[string]any
	Files         []string
	Reactions     map[string][]string
	Pinned        bool
	Broadcast     bool
	UnfurlLinks   bool
	UnfurlMedia   bool
	Edits         int
	EditedTS      string
	Deleted       bool
	// For is who sees an ephemeral message; empty is everybody.
	For string
	// Pings are the tokens in it that notify somebody, Unfurls the addresses that
	// Slack would open.
	Pings   []string
	Unfurls []string
	// Streaming says that a stream into it is open.
	Streaming bool

	stream *stream
	posted time.Time
}

// Thread is the timestamp of the thread that a reply to the message belongs to.
func (m *Message) Thread() string {
	if m.ThreadTS != "" {
		return m.ThreadTS
	}
	return m.TS
}

func (m *Message) isReply() bool { return m.ThreadTS != "" && m.ThreadTS != m.TS }

// Event is the message's metadata as a test reads it.
func (m *Message) Event() (kind string, payload map[string]any) {
	kind, _ = m.Metadata["event_type"].(string)
	payload, _ = m.Metadata["event_payload"].(map[string]any)
	return kind, payload
}

// JSON is the blocks as they were stored.
func (m *Message) JSON() string {
	b, _ := json.Marshal(m.Blocks)
	return string(b)
}

// Shown is everything a reader sees: the text, and the texts of all blocks.
func (m *Message) Shown() string {
	parts := []string{m.Text}
	eachText(m.Blocks, func(kind, text string) { parts = append(parts, text) })
	return strings.Join(parts, "\n")
}

func (m *Message) copy() Message {
	c := *m
	c.Pings, c.Unfurls, c.Files = slices.Clone(m.Pings), slices.Clone(m.Unfurls), slices.Clone(m.Files)
	return c
}

// wire is the message as the Web API and events tell it.
func (c *Channel) wireMessage(m *Message, metadata bool) map[string]any {
	w := map[string]any{"type": "message", "ts": m.TS, "text": m.Text, "team": m.Team, "user": m.User}
	set := func(name string, v any, there bool) {
		if there {
			w[name] = v
		}
	}
	set("bot_id", m.BotID, m.BotID != "")
	set("app_id", m.AppID, m.AppID != "")
	set("username", m.Username, m.Username != "")
	set("subtype", m.Subtype, m.Subtype != "")
	set("blocks", m.Blocks, len(m.Blocks) > 0)
	set("attachments", m.Attachments, len(m.Attachments) > 0)
	set("metadata", m.Metadata, metadata && m.Metadata != nil)
	set("thread_ts", m.ThreadTS, m.ThreadTS != "")
	set("edited", map[string]any{"user": m.User, "ts": m.EditedTS}, m.EditedTS != "")
	set("streaming_state", "in_progress", m.Streaming)
	var files []any
	for _, id := range m.Files {
		files = append(files, c.s.files[id].wire())
	}
	set("files", files, len(files) > 0)
	var reactions []any
	for name, users := range m.Reactions {
		reactions = append(reactions, map[string]any{"name": name, "users": slices.Clone(users), "count": len(users)})
	}
	set("reactions", reactions, len(reactions) > 0)
	if replies := c.repliesTo(m.TS); len(replies) > 0 {
		var users []string
		for _, r := range replies {
			if !slices.Contains(users, r.User) {
				users = append(users, r.User)
			}
		}
		w["thread_ts"], w["reply_count"], w["latest_reply"] = m.TS, len(replies), replies[len(replies)-1].TS
		w["reply_users"], w["reply_users_count"] = users, len(users)
	}
	return w
}

// find is the message with a timestamp that everybody sees, or nil.
func (c *Channel) find(ts string) *Message {
	for _, m := range c.messages {
		if m.TS == ts && !m.Deleted && m.For == "" {
			return m
		}
	}
	return nil
}

func (c *Channel) repliesTo(root string) []*Message {
	var found []*Message
	for _, m := range c.messages {
		if m.ThreadTS == root && m.TS != root && !m.Deleted && m.For == "" {
			found = append(found, m)
		}
	}
	return found
}

// store keeps a message and tells the apps of it. s.mu is held.
func (c *Channel) store(m *Message) *Message {
	m.Team, m.Channel, m.TS, m.posted = c.team.ID, c.ID, c.s.clock.stamp(), c.s.Now()
	c.s.mark(m)
	c.messages = append(c.messages, m)
	if m.For == "" {
		c.s.tell(c, m)
	}
	c.s.changedLocked()
	return m
}

// Messages are all messages of a channel that everybody sees, oldest first.
func (c *Channel) Messages() []Message {
	return c.filter(func(m *Message) bool { return m.For == "" && !m.Deleted })
}

// Replies are the messages of a thread without its root.
func (c *Channel) Replies(root string) []Message {
	return c.filter(func(m *Message) bool {
		return m.For == "" && !m.Deleted && m.ThreadTS == root && m.TS != root
	})
}

// Ephemerals are what only one person was shown.
func (c *Channel) Ephemerals(user string) []Message {
	return c.filter(func(m *Message) bool { return m.For == user })
}

// Message is one message, also one that was deleted.
func (c *Channel) Message(ts string) (Message, bool) {
	found := c.filter(func(m *Message) bool { return m.TS == ts })
	if len(found) == 0 {
		return Message{}, false
	}
	return found[0], true
}

func (c *Channel) filter(wanted func(*Message) bool) []Message {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	var found []Message
	for _, m := range c.messages {
		if wanted(m) {
			found = append(found, m.copy())
		}
	}
	return found
}
