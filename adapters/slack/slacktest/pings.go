package slacktest

import (
	"regexp"
	"slices"
	"strings"
)

// Tokens that notify somebody, and addresses that Slack opens for a preview.
// D:messaging/formatting-message-text.
var (
	liveToken = regexp.MustCompile(`<(@[UW][A-Z0-9]+|!channel|!here|!everyone|!subteam\^[A-Z0-9]+)(\|[^>]*)?>`)
	plainPing = regexp.MustCompile(`(^|[\s(])@(channel|here|everyone)\b`)
	address   = regexp.MustCompile(`https?://[^\s<>|"')\]]+`)
)

// mark finds who a message would notify and what it would make Slack open.
// Markdown counts as live too: whether Slack reads the tokens there is
// unverified, so nobody may rely on it.
func (s *Server) mark(m *Message) {
	m.Pings, m.Unfurls = nil, nil
	look := func(kind, text string) {
		if kind == "plain_text" {
			return
		}
		for _, found := range liveToken.FindAllStringSubmatch(text, -1) {
			m.Pings = append(m.Pings, "<"+found[1]+">")
		}
		m.Unfurls = append(m.Unfurls, address.FindAllString(text, -1)...)
	}
	look("mrkdwn", m.Text)
	eachText(m.Blocks, look)
	eachText(m.Attachments, look)
	if !m.UnfurlLinks && !m.UnfurlMedia || m.For != "" {
		m.Unfurls = nil
	}
	slices.Sort(m.Pings)
	m.Pings = slices.Compact(m.Pings)
}

// linkNames adds the plain names that become live with parse=full or link_names.
func (m *Message) linkNames() {
	for _, found := range plainPing.FindAllStringSubmatch(m.Text, -1) {
		m.Pings = append(m.Pings, "<!"+found[2]+">")
	}
}

// eachText calls f for every text in blocks with the kind it is read as, and
// for mentions in rich text.
func eachText(v any, f func(kind, text string)) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			eachText(e, f)
		}
	case map[string]any:
		kind, _ := v["type"].(string)
		if mention := richMention(kind, v); mention != "" {
			f("mrkdwn", mention)
		}
		for name, e := range v {
			text, is := e.(string)
			switch {
			case !is:
				eachText(e, f)
			case (name == "text" || name == "pretext" || name == "fallback" || name == "title") && kind != "text":
				f(kind, text)
			case name == "text":
				f("plain_text", text) // rich text shows its texts as they are
			case name == "url" && kind == "link":
				f("mrkdwn", text)
			}
		}
	}
}

// richMention is the token that a mention in rich text stands for.
func richMention(kind string, v map[string]any) string {
	of := func(name string) string { t, _ := v[name].(string); return t }
	switch kind {
	case "user":
		return "<@" + of("user_id") + ">"
	case "usergroup":
		return "<!subteam^" + of("usergroup_id") + ">"
	case "broadcast":
		return "<!" + of("range") + ">"
	}
	return ""
}

// Pings are the tokens in all messages of all apps that notified somebody.
func (s *Server) Pings() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	s.eachMessage(func(m *Message) {
		if m.AppID != "" {
			all = append(all, m.Pings...)
		}
	})
	return all
}

// Unfurls are the addresses that messages of apps made Slack open.
func (s *Server) Unfurls() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	s.eachMessage(func(m *Message) {
		if m.AppID != "" {
			all = append(all, m.Unfurls...)
		}
	})
	return all
}

func (s *Server) eachMessage(f func(*Message)) {
	for _, w := range s.teams {
		for _, c := range w.channels {
			for _, m := range c.messages {
				f(m)
			}
		}
	}
}

// mentions are the users that a text addresses.
func mentions(text string) []string {
	var users []string
	for _, found := range liveToken.FindAllStringSubmatch(text, -1) {
		if user, is := strings.CutPrefix(found[1], "@"); is {
			users = append(users, user)
		}
	}
	return users
}
