package slacktest

import (
	"slices"
	"time"
)

// streamTime is how long a stream lives, whatever is appended (GH:
// node-slack-sdk#2702, python-slack-sdk#1859).
const streamTime = 5 * time.Minute

// stream is what is open in a message that is being streamed.
type stream struct {
	started   time.Time
	recipient string
	mode      string // text or chunks, fixed by what comes first
	opening   string
	stopped   bool
	byUser    bool
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
