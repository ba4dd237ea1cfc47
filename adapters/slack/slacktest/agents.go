package slacktest

import (
	"slices"
	"unicode/utf8"
)

// Session is an agent's session in a thread (D:ai/agent-sessions).
type Session struct {
	Status, Title, Initiator string
}

var sessionStatuses = []string{"processing", "active", "suspended", "closed"}

func (s *Server) sessionAt(ch *Channel, thread string) *Session {
	at := ch.team.ID + "/" + ch.ID + "/" + thread
	if s.sessions[at] == nil {
		s.sessions[at] = &Session{}
	}
	return s.sessions[at]
}

// sessionOf is the session that a call names; only an app that declared an
// agent has any.
func (s *Server) sessionOf(c *Call) (*Channel, string, *refusal) {
	if !c.grant.app.Agent {
		return nil, "", refuse("not_allowed", "[ERROR] the app's manifest declares no agent")
	}
	ch, _, refused := s.channelOf(c, "channel_id")
	if refused != nil {
		return nil, "", refused
	}
	thread := c.Args.Text("thread_ts")
	if thread != "" {
		refused = ch.threadRoot(thread)
	} else if ch.Kind != IM {
		refused = refuse("invalid_arguments", "[ERROR] missing required field: thread_ts")
	}
	return ch, thread, refused
}

func (s *Server) sessionSetStatus(c *Call) (map[string]any, *refusal) {
	ch, thread, refused := s.sessionOf(c)
	if refused != nil {
		return nil, refused
	}
	status, title := c.Args.Text("status"), c.Args.Text("title")
	if !slices.Contains(sessionStatuses, status) {
		return nil, refuse("invalid_arguments", "[ERROR] status "+status)
	}
	if utf8.RuneCountInString(title) > maxSessionTitle {
		return nil, refuse("invalid_arguments", "[ERROR] title is longer than 200 characters")
	}
	if (c.Args.Has("username") || c.Args.Has("icon_emoji") || c.Args.Has("icon_url")) && c.may("chat:write.customize") != nil {
		return nil, c.may("chat:write.customize")
	}
	at := s.sessionAt(ch, thread)
	at.Status = status
	if at.Title == "" {
		at.Title, at.Initiator = title, c.Args.Text("initiator_user_id")
	}
	return map[string]any{"status": status, "agent_status": status, "title": at.Title}, nil
}

func (s *Server) sessionRename(c *Call) (map[string]any, *refusal) {
	ch, thread, refused := s.sessionOf(c)
	if refused != nil {
		return nil, refused
	}
	title := c.Args.Text("title")
	if utf8.RuneCountInString(title) > maxSessionTitle {
		return nil, refuse("invalid_arguments", "[ERROR] title is longer than 200 characters")
	}
	s.sessionAt(ch, thread).Title = title
	return map[string]any{"title": title}, nil
}

// Session is the agent session in a thread.
func (c *Channel) Session(thread string) Session {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return *c.s.sessionAt(c, thread)
}

// statusTime is how long a status shows (K:assistant.threads.setStatus).
const statusTime = 2 * 60

func (s *Server) setStatus(c *Call) (map[string]any, *refusal) {
	ch, _, refused := s.channelOf(c, "channel_id")
	if refused != nil {
		return nil, refused
	}
	thread := c.Args.Text("thread_ts")
	if root := ch.find(thread); root == nil || root.isReply() {
		return nil, refuse("invalid_thread_ts")
	}
	lines, refused := list(c.Args, "loading_messages", "invalid_arguments")
	if refused == nil && len(lines) > maxLoadingLines {
		refused = refuse("invalid_arguments", "[ERROR] at most 10 loading_messages")
	}
	if refused == nil && (c.Args.Has("username") || c.Args.Has("icon_emoji") || c.Args.Has("icon_url")) {
		refused = c.may("chat:write.customize")
	}
	if refused != nil {
		return nil, refused
	}
	s.statuses[ch.team.ID+"/"+ch.ID+"/"+thread] = status{c.Args.Text("status"), c.At.Unix()}
	return nil, nil
}

// status is what is shown below a thread, and since when.
type status struct {
	text string
	at   int64
}

// Status is what is shown below a thread now: it vanishes after two minutes and
// when the app posts there.
func (c *Channel) Status(thread string) string {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	st := c.s.statuses[c.team.ID+"/"+c.ID+"/"+thread]
	if c.s.Now().Unix()-st.at >= statusTime {
		return ""
	}
	for _, m := range c.messages {
		if m.ThreadTS == thread && m.AppID != "" && m.posted.Unix() > st.at {
			return ""
		}
	}
	return st.text
}
