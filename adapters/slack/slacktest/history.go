package slacktest

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
)

// page cuts one page out of items. K says nothing of a most; D gives 999 for
// history and 1000 for the rest.
func page[T any](c *Call, items []T, otherwise, most int) ([]T, string, *refusal) {
	limit, start := otherwise, 0
	if c.Args.Has("limit") {
		n, err := strconv.Atoi(c.Args.Text("limit"))
		if err != nil || n < 1 || n > most {
			return nil, "", refuse("invalid_limit", "[ERROR] limit "+c.Args.Text("limit"))
		}
		limit = n
	}
	if c.grant.app.Commercial && strings.HasPrefix(c.Method, "conversations.") && most == 999 {
		limit = min(limit, commercialObjects)
	}
	if c.Args.Has("cursor") {
		raw, err := base64.StdEncoding.DecodeString(c.Args.Text("cursor"))
		at, found := strings.CutPrefix(string(raw), "next:")
		n, err2 := strconv.Atoi(at)
		if err != nil || err2 != nil || !found || n > len(items) {
			return nil, "", refuse("invalid_cursor")
		}
		start = n
	}
	end := min(start+limit, len(items))
	next := ""
	if end < len(items) {
		next = base64.StdEncoding.EncodeToString([]byte("next:" + strconv.Itoa(end)))
	}
	return items[start:end], next, nil
}

// visible are the messages that history and replies show by now.
func (c *Channel) visible(wanted func(*Message) bool) []*Message {
	var found []*Message
	for _, m := range c.messages {
		if m.For == "" && !m.Deleted && c.s.Now().Sub(m.posted) >= c.s.opts.HistoryLag && wanted(m) {
			found = append(found, m)
		}
	}
	return found
}

// between holds oldest, latest and inclusive.
func between(c *Call) (func(*Message) bool, *refusal) {
	oldest, latest, inclusive := c.Args.Text("oldest"), c.Args.Text("latest"), c.Args.Bool("inclusive")
	for name, ts := range map[string]string{"invalid_ts_oldest": oldest, "invalid_ts_latest": latest} {
		if _, err := strconv.ParseFloat(ts, 64); ts != "" && err != nil {
			return nil, refuse(name)
		}
	}
	return func(m *Message) bool {
		low, high := compareTS(m.TS, oldest), compareTS(m.TS, latest)
		return (oldest == "" || oldest == "0" || low > 0 || inclusive && low == 0) &&
			(latest == "" || high < 0 || inclusive && high == 0)
	}, nil
}

// compareTS compares timestamps; one without a fraction is a whole second.
func compareTS(a, b string) int {
	wholeA, partA, _ := strings.Cut(a, ".")
	wholeB, partB, _ := strings.Cut(b, ".")
	x, _ := strconv.ParseInt(wholeA, 10, 64)
	y, _ := strconv.ParseInt(wholeB, 10, 64)
	if x != y {
		return int(max(-1, min(1, x-y)))
	}
	return strings.Compare((partA + "000000")[:6], (partB + "000000")[:6])
}

// readable is channelOf for a method that reads what was said.
func (s *Server) readable(c *Call) (*Channel, *refusal) {
	ch, in, refused := s.channelOf(c, "channel")
	if refused != nil {
		return nil, refused
	}
	if refused := c.may(ch.scope("history")); refused != nil {
		return nil, refused
	}
	if !ch.members[in.UserID] {
		return nil, refuseFairly("not_in_channel")
	}
	return ch, nil
}

func (s *Server) history(c *Call) (map[string]any, *refusal) {
	ch, refused := s.readable(c)
	if refused != nil {
		return nil, refused
	}
	within, refused := between(c)
	if refused != nil {
		return nil, refused
	}
	found := ch.visible(func(m *Message) bool { return within(m) && (!m.isReply() || m.Broadcast) })
	slices.Reverse(found) // newest first
	return s.messagePage(c, ch, found, 100, 999)
}

func (s *Server) replies(c *Call) (map[string]any, *refusal) {
	ch, refused := s.readable(c)
	if refused != nil {
		return nil, refused
	}
	within, refused := between(c)
	if refused != nil {
		return nil, refused
	}
	named := ch.find(c.Args.Text("ts"))
	if named == nil {
		return nil, refuseFairly("thread_not_found")
	}
	root := named.Thread()
	// The root is always there, first (D:methods/conversations.replies).
	found := ch.visible(func(m *Message) bool { return m.TS == root || m.ThreadTS == root && within(m) })
	return s.messagePage(c, ch, found, 1000, 1000)
}

func (s *Server) messagePage(c *Call, ch *Channel, found []*Message, otherwise, most int) (map[string]any, *refusal) {
	if c.grant.app.Commercial {
		otherwise, most = commercialObjects, 999
	}
	part, next, refused := page(c, found, otherwise, most)
	if refused != nil {
		return nil, refused
	}
	messages := []any{}
	for _, m := range part {
		messages = append(messages, ch.wireMessage(m, c.Args.Bool("include_all_metadata")))
	}
	return map[string]any{
		"messages": messages, "has_more": next != "", "response_metadata": map[string]any{"next_cursor": next},
	}, nil
}
