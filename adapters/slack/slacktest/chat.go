package slacktest

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// channelOf is the channel that a call names, as the caller may see it.
func (s *Server) channelOf(c *Call, name string) (*Channel, *Install, *refusal) {
	in, id := c.grant.install, c.Args.Text(name)
	var found *Channel
	for _, w := range s.teams {
		if !in.in(w) || c.Args.Has("team_id") && c.Args.Text("team_id") != w.ID {
			continue
		}
		if ch := w.channels[id]; ch != nil {
			if found != nil {
				return nil, nil, refuse("invalid_arguments", "[ERROR] "+id+" is a channel in several workspaces: an org token needs team_id")
			}
			found = ch
		}
		// Slack opens the conversation when a user is given for a channel.
		if p := w.people[id]; p != nil && strings.HasPrefix(c.Method, "chat.post") {
			found = w.dm(id, in.UserID)
		}
	}
	if found == nil || found.Kind != Public && !found.members[in.UserID] {
		return nil, nil, refuseFairly("channel_not_found")
	}
	return found, in, nil
}

// writable is channelOf for a method that posts.
func (s *Server) writable(c *Call) (*Channel, *Install, *refusal) {
	ch, in, refused := s.channelOf(c, "channel")
	switch {
	case refused != nil:
	case !ch.members[in.UserID] && !(c.Method == "chat.postMessage" && c.may("chat:write.public") == nil):
		refused = refuseFairly("not_in_channel")
	case ch.archived:
		refused = refuseFairly("is_archived")
	case c.Args.Has("thread_ts") && ch.locked[c.Args.Text("thread_ts")]:
		refused = refuseFairly("restricted_action_thread_locked")
	case c.Args.Has("thread_ts"):
		refused = ch.threadRoot(c.Args.Text("thread_ts"))
	}
	if refused == nil && (c.Args.Has("username") || c.Args.Has("icon_emoji") || c.Args.Has("icon_url")) {
		refused = c.may("chat:write.customize") // K; Slack ignores them without it
	}
	return ch, in, refused
}

// threadRoot refuses a thread_ts that is no root's (D:messaging).
func (c *Channel) threadRoot(ts string) *refusal {
	if !isTS(ts) {
		return refuse("invalid_thread_ts", "[ERROR] "+ts+" is no timestamp")
	}
	root := c.find(ts)
	switch {
	case root == nil:
		return refuseFairly("thread_not_found")
	case root.isReply():
		return refuse("thread_not_found", "[ERROR] "+ts+" is a reply in the thread "+root.ThreadTS)
	}
	return nil
}

func isTS(ts string) bool {
	whole, part, found := strings.Cut(ts, ".")
	_, err := strconv.ParseUint(whole, 10, 64)
	_, err2 := strconv.ParseUint(part, 10, 64)
	return found && err == nil && err2 == nil && len(part) == 6
}

func (s *Server) postMessage(c *Call) (map[string]any, *refusal) {
	ch, in, refused := s.writable(c)
	if refused != nil {
		return nil, refused
	}
	m, refused := s.compose(c, maxText)
	if refused != nil {
		return nil, refused
	}
	m.author(in, c.Args)
	m.ThreadTS = c.Args.Text("thread_ts")
	if c.Args.Bool("reply_broadcast") {
		if m.ThreadTS == "" {
			return nil, refuse("invalid_arguments", "[ERROR] reply_broadcast without thread_ts")
		}
		m.Broadcast, m.Subtype = true, "thread_broadcast"
	}
	ch.store(m)
	if c.Args.Text("parse") == "full" || c.Args.Bool("link_names") {
		m.linkNames()
	}
	return map[string]any{"channel": ch.ID, "ts": m.TS, "message": ch.wireMessage(m, true)}, nil
}

func (m *Message) author(in *Install, args Args) {
	m.User, m.BotID, m.AppID = in.UserID, in.BotID, in.app.ID
	m.Username, m.Icon = args.Text("username"), args.Text("icon_emoji")+args.Text("icon_url")
}

// compose reads and checks what a message consists of.
func (s *Server) compose(c *Call, most int) (*Message, *refusal) {
	m := &Message{Text: c.Args.Text("text"), UnfurlLinks: true, UnfurlMedia: true}
	if c.Args.Has("unfurl_links") {
		m.UnfurlLinks = c.Args.Bool("unfurl_links")
	}
	if c.Args.Has("unfurl_media") {
		m.UnfurlMedia = c.Args.Bool("unfurl_media")
	}
	if c.Args.Has("markdown_text") {
		if c.Args.Has("text") || c.Args.Has("blocks") {
			return nil, refuse("markdown_text_conflict")
		}
		m.Text, m.Markdown, most = c.Args.Text("markdown_text"), true, maxMarkdown
	}
	if n := utf8.RuneCountInString(m.Text); n > most {
		return nil, refuse("msg_too_long", "[ERROR] "+strconv.Itoa(n)+" characters, at most "+strconv.Itoa(most))
	}
	if refused := s.composeBlocks(c.Args, m); refused != nil {
		return nil, refused
	}
	if refused := composeMetadata(c.Args, m); refused != nil {
		return nil, refused
	}
	if m.Text == "" && len(m.Blocks) == 0 && len(m.Attachments) == 0 {
		return nil, refuse("no_text")
	}
	return m, nil
}

func (s *Server) composeBlocks(args Args, m *Message) *refusal {
	blocks, refused := list(args, "blocks", "invalid_blocks_format")
	if refused != nil {
		return refused
	}
	if refused := checkMessageBlocks(blocks); refused != nil {
		return refused
	}
	m.Blocks = s.named(blocks)
	m.Attachments, refused = list(args, "attachments", "invalid_attachments")
	if refused == nil && len(m.Attachments) > maxAttachments {
		refused = refuse("too_many_attachments")
	}
	for _, a := range m.Attachments {
		inner, _ := a.(map[string]any)
		if inner == nil {
			return refuse("invalid_attachments")
		}
		if b, has := inner["blocks"].([]any); has && refused == nil {
			refused = checkMessageBlocks(b)
		}
	}
	return refused
}

// list is an argument that has to be an array; nothing is an empty one.
func list(args Args, name, wrong string) ([]any, *refusal) {
	if !args.Has(name) {
		return nil, nil
	}
	v, err := args.JSON(name)
	if err != nil {
		return nil, refuse(wrong, "[ERROR] "+name+": "+err.Error())
	}
	items, is := v.([]any)
	if !is && v != nil {
		return nil, refuse(wrong, "[ERROR] "+name+" is no array")
	}
	return items, nil
}

// composeMetadata checks {event_type, event_payload} (K, D).
func composeMetadata(args Args, m *Message) *refusal {
	if !args.Has("metadata") {
		return nil
	}
	v, err := args.JSON("metadata")
	if err != nil {
		return refuse("invalid_metadata_format", "[ERROR] "+err.Error())
	}
	meta, is := v.(map[string]any)
	if !is {
		return refuse("invalid_metadata_format", "[ERROR] metadata is no object")
	}
	if len(meta) == 0 { // removes what is there
		m.Metadata = meta
		return nil
	}
	kind, _ := meta["event_type"].(string)
	if _, has := meta["event_payload"].(map[string]any); !has || kind == "" {
		return refuse("invalid_metadata_schema", "[ERROR] metadata needs event_type and event_payload")
	}
	for name := range meta {
		if name != "event_type" && name != "event_payload" && name != "entities" {
			return refuse("invalid_metadata_schema", "[ERROR] metadata has no "+name)
		}
	}
	if len(args.Text("metadata")) > maxMetadata {
		return refuse("metadata_too_large")
	}
	m.Metadata = meta
	return nil
}
