package slacktest

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// streamTime is how long a stream lives, whatever is appended (GH:
// node-slack-sdk#2702, python-slack-sdk#1859).
const streamTime = 5 * time.Minute

// stream is what is open in a message that is being streamed.
type stream struct {
	started   time.Time
	recipient string
	mode      string // text or chunks, fixed by what comes first
	stopped   bool
	byUser    bool
	tail      []any // blocks that came in chunks
}

func (s *Server) alive(m *Message) bool {
	return m.stream != nil && !m.stream.stopped && s.Now().Sub(m.stream.started) < streamTime
}

func (s *Server) startStream(c *Call) (map[string]any, *refusal) {
	ch, in, refused := s.writable(c)
	if refused != nil {
		return nil, refused
	}
	if refused := s.recipient(c, ch); refused != nil {
		return nil, refused
	}
	if mode := c.Args.Text("task_display_mode"); mode != "" && !slices.Contains([]string{"timeline", "plan", "dense"}, mode) {
		return nil, refuse("invalid_arguments", "[ERROR] task_display_mode "+mode)
	}
	m := &Message{ThreadTS: c.Args.Text("thread_ts"), stream: &stream{started: c.At, recipient: c.Args.Text("recipient_user_id")}}
	if refused := s.pour(m, c.Args); refused != nil {
		return nil, refused
	}
	m.author(in, c.Args)
	m.Streaming = true
	ch.store(m)
	return map[string]any{"channel": ch.ID, "ts": m.TS}, nil
}

// recipient wants to know for whom a stream in a channel is (K:chat.startStream).
func (s *Server) recipient(c *Call, ch *Channel) *refusal {
	user, team := c.Args.Text("recipient_user_id"), c.Args.Text("recipient_team_id")
	switch {
	case ch.Kind != IM && user == "":
		return refuse("missing_recipient_user_id")
	case ch.Kind != IM && team == "":
		return refuse("missing_recipient_team_id")
	case team != "" && s.teams[team] == nil:
		return refuse("team_not_found")
	case user != "" && ch.team.people[user] == nil:
		return refuse("user_not_found")
	}
	return nil
}

// streamOf is the message that a call streams into.
func (s *Server) streamOf(c *Call) (*Channel, *Message, *refusal) {
	ch, in, refused := s.channelOf(c, "channel")
	if refused != nil {
		return nil, nil, refused
	}
	m := ch.find(c.Args.Text("ts"))
	switch {
	case m == nil:
		return nil, nil, refuseFairly("message_not_found")
	case m.AppID != in.app.ID:
		return nil, nil, refuse("message_not_owned_by_app")
	case m.stream != nil && m.stream.byUser && c.Method == "chat.appendStream":
		return nil, nil, refuseFairly("stopped_by_user")
	case !s.alive(m):
		return nil, nil, refuseFairly("message_not_in_streaming_state")
	}
	return ch, m, nil
}

func (s *Server) appendStream(c *Call) (map[string]any, *refusal) {
	ch, m, refused := s.streamOf(c)
	if refused != nil {
		return nil, refused
	}
	if !c.Args.Has("chunks") && !c.Args.Has("markdown_text") {
		return nil, refuse("no_text")
	}
	if refused := s.pour(m, c.Args); refused != nil {
		return nil, refused
	}
	return map[string]any{"channel": ch.ID, "ts": m.TS}, nil
}

func (s *Server) stopStream(c *Call) (map[string]any, *refusal) {
	ch, m, refused := s.streamOf(c)
	if refused != nil {
		return nil, refused
	}
	status := c.Args.Text("session_status")
	if status != "" && !slices.Contains(sessionStatuses, status) {
		return nil, refuse("invalid_arguments", "[ERROR] session_status "+status)
	}
	last := &Message{}
	if refused := s.composeBlocks(c.Args, last); refused != nil {
		return nil, refused
	}
	if refused := composeMetadata(c.Args, last); refused != nil {
		return nil, refused
	}
	if refused := s.pour(m, c.Args); refused != nil {
		return nil, refused
	}
	before := ch.wireMessage(m, false)
	m.Blocks = append(slices.Clone(m.Blocks), last.Blocks...)
	if last.Metadata != nil {
		m.Metadata = last.Metadata
	}
	m.Streaming, m.stream.stopped = false, true
	s.mark(m)
	if status != "" {
		s.sessionAt(ch, m.Thread()).Status = status
	}
	s.tellChange(ch, "message_changed", m, before)
	return map[string]any{"channel": ch.ID, "ts": m.TS, "message": ch.wireMessage(m, true)}, nil
}

// pour adds what a call brings to a streamed message.
func (s *Server) pour(m *Message, args Args) *refusal {
	mode := ""
	if args.Has("markdown_text") {
		mode = "text"
	}
	chunks, refused := list(args, "chunks", "invalid_chunks")
	if refused != nil {
		return refused
	}
	if args.Has("chunks") && len(chunks) > 0 {
		if mode != "" {
			return refuse("streaming_mode_mismatch", "[ERROR] markdown_text and chunks in one call")
		}
		mode = "chunks"
	}
	if mode == "" {
		return nil
	}
	if m.stream.mode != "" && m.stream.mode != mode {
		return refuse("streaming_mode_mismatch", "[ERROR] opened with "+m.stream.mode)
	}
	if wrong := checkChunks(chunks); len(wrong) > 0 {
		return refuse("invalid_chunks", wrong...)
	}
	added := args.Text("markdown_text")
	if utf8.RuneCountInString(added) > maxMarkdown {
		return refuse("msg_too_long")
	}
	var tail []any
	for _, item := range chunks {
		chunk := item.(map[string]any)
		switch chunk["type"] {
		case "markdown_text":
			added += chunk["text"].(string)
		case "blocks":
			tail = append(tail, s.named(chunk["blocks"].([]any))...)
		default:
			tail = withTask(tail, chunk)
		}
	}
	if n := utf8.RuneCountInString(m.Text) + utf8.RuneCountInString(added) + shownChars(tail); n > maxMessageChars {
		return refuse("msg_blocks_too_long")
	}
	m.stream.mode, m.Markdown = mode, true
	m.Text += added
	for _, block := range tail {
		m.Blocks = withTask(m.Blocks, block.(map[string]any))
	}
	s.mark(m)
	return nil
}

// withTask adds a block; a task or plan that is there already is replaced.
func withTask(items []any, chunk map[string]any) []any {
	kind, _ := chunk["type"].(string)
	same := func(v any) bool {
		o, _ := v.(map[string]any)
		return strings.HasSuffix(kind, "_update") && o["type"] == kind && o["id"] == chunk["id"]
	}
	if i := slices.IndexFunc(items, same); i >= 0 {
		items = slices.Clone(items)
		items[i] = chunk
		return items
	}
	return append(slices.Clone(items), chunk)
}

var chunkShapes = kinds{
	"markdown_text": object(typed("markdown_text").with(fields{"text!": text(0, maxMarkdown)})),
	"plan_update":   object(typed("plan_update").with(fields{"title!": text(1, maxTaskField)})),
	"task_update": object(typed("task_update").with(fields{
		"id!": text(1, maxTaskField), "title!": text(1, maxTaskField), "details": text(0, maxTaskField), "output": text(0, maxTaskField),
		"status": oneOf("pending", "in_progress", "complete", "error"), "sources": array(0, 100, source),
	})),
	"blocks": object(typed("blocks").with(fields{"blocks!": func(v any, at string, p *problems) {
		items, is := v.([]any)
		if !is || len(items) > maxMessageBlocks {
			p.add(at, "must be an array of at most %d blocks", maxMessageBlocks)
			return
		}
		*p = append(*p, checkBlocks(items, blocks, at)...)
	}})),
}

func checkChunks(chunks []any) problems {
	var p problems
	array(0, 1000, chunkShapes.check)(chunks, "/chunks", &p)
	return p
}

// StopStream presses the button that stops a stream, or the work in a thread:
// the app is told by agent_session_stopped, appends are refused from then on.
// bare leaves thread_ts out, as it was seen.
func (p *Person) StopStream(m Message, bare ...bool) (*Delivery, error) {
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	at, err := p.messagePlace(m)
	if err != nil {
		return nil, err
	}
	event := map[string]any{"type": "agent_session_stopped", "channel": m.Channel, "user": p.ID}
	if len(bare) == 0 || !bare[0] {
		event["thread_ts"] = at.message.Thread()
	}
	stopped := []string{}
	for _, o := range at.channel.messages {
		if o.Thread() == at.message.Thread() && o.AppID == at.message.AppID && s.alive(o) {
			o.stream.stopped, o.stream.byUser, o.Streaming = true, true, false
			stopped = append(stopped, o.TS)
		}
	}
	event["streaming_message_ts"] = stopped
	s.changedLocked()
	if at.in == nil || !slices.Contains(at.in.app.Events, "agent_session_stopped") {
		return nil, nil
	}
	return s.emit(at.in, p.team, event), nil
}
