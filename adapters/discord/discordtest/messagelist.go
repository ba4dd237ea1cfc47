package discordtest

import (
	"slices"
	"strconv"
)

// listMessages: after, before or around an id, newest first, up to 100, 50 by
// default (D:resources/message).
func listMessages(c *call) (reply, error) {
	ch, m, err := c.channel()
	if err != nil {
		return reply{}, err
	}
	q := newForm(queryForm(c.query, "limit"))
	q.known("limit", "after", "before", "around")
	limit := q.number("limit", 1, 100)
	if !q.has("limit") {
		limit = 50
	}
	after, before, around := q.id("after"), q.id("before"), q.id("around")
	if len(c.query) > 1 && q.has("after") && (q.has("before") || q.has("around")) || q.has("before") && q.has("around") {
		q.fail("after", "MUTUALLY_EXCLUSIVE", "before, after and around are mutually exclusive")
	}
	c.keepUnknown(q)
	if err := q.failure(); err != nil {
		return reply{}, err
	}
	out := []object{}
	if m.permissions(ch).has(ReadMessageHistory) {
		for _, msg := range window(c.s.listed(ch), after, before, around, limit) {
			out = append(out, msg.asSeenBy(c.app))
		}
	}
	return reply{200, out}, nil
}

// queryForm reads a query as a form; numbers are named.
func queryForm(query map[string][]string, numbers ...string) object {
	out := object{}
	for key, values := range query {
		out[key] = values[0]
		if n, err := strconv.Atoi(values[0]); err == nil && slices.Contains(numbers, key) {
			out[key] = n
		}
	}
	return out
}

// listed are the messages lists show, oldest first.
func (s *Server) listed(ch *Channel) []*message {
	var out []*message
	for _, m := range ch.messages {
		if m.only == "" && s.clock.Now().Sub(m.made) >= s.opts.ListLag {
			out = append(out, m)
		}
	}
	return out
}

// window cuts a part out of messages and turns it newest first. Messages after
// an id are the next ones after it, not the newest of all.
func window(all []*message, after, before, around string, limit int) []*message {
	var start int
	end := len(all)
	switch {
	case after != "":
		start = firstFrom(all, after, false)
		end = min(len(all), start+limit)
	case before != "":
		end = firstFrom(all, before, true)
		start = max(0, end-limit)
	case around != "":
		at := firstFrom(all, around, true)
		start = max(0, at-limit/2)
		end = min(len(all), start+limit)
	default:
		start = max(0, end-limit)
	}
	out := slices.Clone(all[start:end])
	slices.Reverse(out)
	return out
}

// firstFrom is the place of the first message whose id is after the given one,
// or is it.
func firstFrom(all []*message, id string, orIsIt bool) int {
	for i, m := range all {
		if idLess(id, m.id) || orIsIt && m.id == id {
			return i
		}
	}
	return len(all)
}
