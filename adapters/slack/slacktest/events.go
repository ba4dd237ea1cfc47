package slacktest

import (
	"slices"
	"strings"
)

// kindOfEvent is the event that messages in a channel arrive as.
func (c *Channel) kindOfEvent() string {
	return map[Kind]string{Public: "message.channels", Private: "message.groups", IM: "message.im"}[c.Kind]
}

// scopeOfEvent is what an app needs besides the subscription (D:reference/events).
func (c *Channel) scopeOfEvent() string { return c.scope("history") }

// emit tells an app of an event in a workspace. s.mu is held.
func (s *Server) emit(in *Install, w *Workspace, event map[string]any) *Delivery {
	if event["event_ts"] == nil {
		event["event_ts"] = s.clock.stamp()
	}
	payload := map[string]any{
		"type": "event_callback", "token": "t", "team_id": w.ID, "api_app_id": in.app.ID, "event_id": s.id("Ev"),
		"event_time": s.Now().Unix(), "event_context": s.secret(), "is_ext_shared_channel": false,
		"authorizations": []any{map[string]any{
			"enterprise_id": w.enterprise(), "team_id": w.ID, "user_id": in.UserID, "is_bot": true, "is_enterprise_install": in.org != nil,
		}},
		"event": event,
	}
	if in.org != nil {
		payload["authorizations"].([]any)[0].(map[string]any)["team_id"] = nil
	}
	if w.org != nil {
		payload["enterprise_id"] = w.org.ID
	}
	return s.deliver(in.app, w.ID, Event, payload, nil)
}

// tell tells of a message whoever subscribed to it. s.mu is held.
func (s *Server) tell(ch *Channel, m *Message) { s.tellInOrder(ch, m, false) }

// tellInOrder also says whether the plain message comes before the mention. The
// two are different events of one message (D:reference/events/app_mention).
func (s *Server) tellInOrder(ch *Channel, m *Message, messageFirst bool) []*Delivery {
	var told []*Delivery
	mentioned := mentions(m.Shown())
	for _, in := range ch.team.installs {
		if !ch.members[in.UserID] {
			continue
		}
		plain := func() {
			if slices.Contains(in.app.Events, ch.kindOfEvent()) && slices.Contains(in.Scopes, ch.scopeOfEvent()) {
				e := s.messageEvent(ch, m)
				in.app.showMetadata(e, m)
				told = append(told, s.emit(in, ch.team, e))
			}
		}
		mention := func() {
			// Never in DMs, and not for the app's own posts.
			if ch.Kind == IM || m.AppID == in.app.ID || !slices.Contains(mentioned, in.UserID) {
				return
			}
			if slices.Contains(in.app.Events, "app_mention") && slices.Contains(in.Scopes, "app_mentions:read") {
				e := s.messageEvent(ch, m)
				e["type"] = "app_mention"
				delete(e, "channel_type")
				told = append(told, s.emit(in, ch.team, e))
			}
		}
		if messageFirst {
			plain()
			mention()
		} else {
			mention()
			plain()
		}
	}
	return told
}

// showMetadata puts a message's metadata into its event: the type always, what it
// holds only where the app's manifest names that type (GH: slack-go/slack#1307,
// python-slack-sdk#1501).
func (a *App) showMetadata(e map[string]any, m *Message) {
	if m.Metadata == nil {
		return
	}
	kind, payload := m.Event()
	shown := map[string]any{"event_type": kind, "event_payload": map[string]any{}}
	if slices.Contains(a.Metadata, kind) {
		shown["event_payload"] = payload
	}
	e["metadata"] = shown
}

func (s *Server) messageEvent(ch *Channel, m *Message) map[string]any {
	e := ch.wireMessage(m, false)
	for name := range e {
		if strings.HasPrefix(name, "reply_") || name == "latest_reply" {
			delete(e, name)
		}
	}
	e["channel"], e["channel_type"], e["event_ts"] = ch.ID, string(ch.Kind), m.TS
	return e
}

// tellChange tells of an edited or deleted message.
func (s *Server) tellChange(ch *Channel, subtype string, m *Message, before map[string]any) {
	for _, in := range ch.team.installs {
		if !ch.members[in.UserID] || !slices.Contains(in.app.Events, ch.kindOfEvent()) || !slices.Contains(in.Scopes, ch.scopeOfEvent()) {
			continue
		}
		ts := s.clock.stamp()
		e := map[string]any{
			"type": "message", "subtype": subtype, "hidden": true, "channel": ch.ID, "channel_type": string(ch.Kind),
			"ts": ts, "event_ts": ts, "previous_message": before,
		}
		if subtype == "message_changed" {
			e["message"] = ch.wireMessage(m, false)
		} else {
			e["deleted_ts"] = m.TS
		}
		s.emit(in, ch.team, e)
	}
}

// Emit tells an install of an event as it is given, for events that the server
// does not make by itself.
func (in *Install) Emit(w *Workspace, event map[string]any) *Delivery {
	s := in.app.s
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.emit(in, w, event)
}

// RateLimited tells an app that events were held back: 30,000 an hour is the
// most (D:apis/events-api); the payload has no inner event.
func (in *Install) RateLimited(w *Workspace) *Delivery {
	s := in.app.s
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.deliver(in.app, w.ID, Event, map[string]any{
		"type": "app_rate_limited", "token": "t", "team_id": w.ID, "minute_rate_limited": s.Now().Unix(), "api_app_id": in.app.ID,
	}, nil)
}
