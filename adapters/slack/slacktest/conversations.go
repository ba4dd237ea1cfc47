package slacktest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// seen is channelOf for a method that tells about a conversation.
func (s *Server) seen(c *Call) (*Channel, *Install, *refusal) {
	ch, in, refused := s.channelOf(c, "channel")
	if refused == nil {
		refused = c.may(ch.scope("read"))
	}
	return ch, in, refused
}

func (s *Server) info(c *Call) (map[string]any, *refusal) {
	ch, in, refused := s.seen(c)
	if refused != nil {
		return nil, refused
	}
	w := ch.wire(in.UserID)
	if c.Args.Bool("include_num_members") {
		w["num_members"] = len(ch.members)
	}
	if ch.Kind == IM {
		for user := range ch.members {
			if user != in.UserID {
				w["user"] = user
			}
		}
	}
	return map[string]any{"channel": w}, nil
}

func (s *Server) members(c *Call) (map[string]any, *refusal) {
	ch, _, refused := s.seen(c)
	if refused != nil {
		return nil, refused
	}
	part, next, refused := page(c, slices.Sorted(maps.Keys(ch.members)), 100, 1000)
	if refused != nil {
		return nil, refused
	}
	return map[string]any{"members": part, "response_metadata": map[string]any{"next_cursor": next}}, nil
}

// kindNames are the types of conversations.list; private channels and direct
// messages are seen only by members.
var kindNames = map[string]Kind{"public_channel": Public, "private_channel": Private, "im": IM, "mpim": ""}

func (s *Server) list(c *Call) (map[string]any, *refusal) {
	in := c.grant.install
	types := []string{"public_channel"}
	if c.Args.Has("types") {
		types = strings.Split(c.Args.Text("types"), ",")
	}
	if in.team == nil && !c.Args.Has("team_id") {
		return nil, refuse("missing_argument", "[ERROR] an org token needs team_id")
	}
	var found []map[string]any
	for _, name := range types {
		kind, known := kindNames[strings.TrimSpace(name)]
		if !known {
			return nil, refuse("invalid_types", "[ERROR] types "+name)
		}
		if refused := c.may((&Channel{Kind: kind}).scope("read")); refused != nil {
			return nil, refused
		}
		for _, w := range s.teams {
			if !in.in(w) || c.Args.Has("team_id") && w.ID != c.Args.Text("team_id") {
				continue
			}
			for _, ch := range w.channels {
				if ch.Kind == kind && (kind == Public || ch.members[in.UserID]) && !(ch.archived && c.Args.Bool("exclude_archived")) {
					found = append(found, ch.wire(in.UserID))
				}
			}
		}
	}
	slices.SortFunc(found, func(a, b map[string]any) int { return strings.Compare(a["id"].(string), b["id"].(string)) })
	part, next, refused := page(c, found, 100, 1000)
	if refused != nil {
		return nil, refused
	}
	return map[string]any{"channels": part, "response_metadata": map[string]any{"next_cursor": next}}, nil
}

func (s *Server) open(c *Call) (map[string]any, *refusal) {
	if c.Args.Has("channel") == c.Args.Has("users") {
		return nil, refuse("users_list_not_supplied", "[ERROR] either channel or users")
	}
	var ch *Channel
	if c.Args.Has("channel") {
		var refused *refusal
		if ch, _, refused = s.channelOf(c, "channel"); refused != nil {
			return nil, refused
		}
	} else {
		users := strings.Split(c.Args.Text("users"), ",")
		if len(users) > 1 {
			return nil, refuse("invalid_user_combination", "[ERROR] group conversations are not part of this Slack")
		}
		p := s.personFor(c, users[0])
		if p == nil {
			return nil, refuse("user_not_found")
		}
		ch = p.team.dm(p.ID, c.grant.install.UserID)
	}
	w := map[string]any{"id": ch.ID}
	if c.Args.Bool("return_im") {
		w = ch.wire(c.grant.install.UserID)
	}
	return map[string]any{"channel": w}, nil
}

// personFor is a person as the caller may see them, or nil.
func (s *Server) personFor(c *Call, id string) *Person {
	for _, w := range s.teams {
		if c.grant.install.in(w) && w.people[id] != nil && (!c.Args.Has("team_id") || c.Args.Text("team_id") == w.ID) {
			return w.people[id]
		}
	}
	return nil
}

func (s *Server) usersInfo(c *Call) (map[string]any, *refusal) {
	id := c.Args.Text("user")
	if p := s.personFor(c, id); p != nil {
		return map[string]any{"user": map[string]any{
			"id": p.ID, "team_id": p.team.ID, "name": p.Name, "real_name": p.Name, "is_bot": false, "deleted": false,
			"tz": p.TZ, "tz_offset": p.TZOffset, "is_admin": p.Admin, "is_owner": false, "is_restricted": false,
			"profile": map[string]any{"display_name": p.Name, "real_name": p.Name, "team": p.team.ID},
		}}, nil
	}
	for _, w := range s.teams {
		for _, in := range w.installs {
			if in.UserID == id && c.grant.install.in(w) {
				return map[string]any{"user": map[string]any{
					"id": id, "team_id": w.ID, "name": in.app.Name, "real_name": in.app.Name, "is_bot": true,
					"profile": map[string]any{"display_name": in.app.Name, "bot_id": in.BotID, "api_app_id": in.app.ID},
				}}, nil
			}
		}
	}
	return nil, refuseFairly("user_not_found")
}

func (s *Server) botsInfo(c *Call) (map[string]any, *refusal) {
	for _, w := range s.teams {
		for _, in := range w.installs {
			if c.grant.install.in(w) && in.BotID == c.Args.Text("bot") {
				return map[string]any{"bot": map[string]any{
					"id": in.BotID, "name": in.app.Name, "app_id": in.app.ID, "user_id": in.UserID, "deleted": false,
				}}, nil
			}
		}
	}
	return nil, refuseFairly("bot_not_found")
}

func (s *Server) teamInfo(c *Call) (map[string]any, *refusal) {
	id := c.Args.Text("team")
	if id == "" && c.grant.install.team != nil {
		id = c.grant.install.team.ID
	}
	w := s.teams[id]
	if w == nil || !c.grant.install.in(w) {
		return nil, refuseFairly("team_not_found")
	}
	body := map[string]any{"id": w.ID, "name": w.Name, "domain": w.Name}
	if w.org != nil {
		body["enterprise_id"], body["enterprise_name"] = w.org.ID, w.org.Name
	}
	return map[string]any{"team": body}, nil
}

func (s *Server) permalink(ch *Channel, m *Message) string {
	link := fmt.Sprintf("https://%s.slack.com/archives/%s/p%s", ch.team.Name, ch.ID, strings.Replace(m.TS, ".", "", 1))
	if m.isReply() {
		link += "?thread_ts=" + m.ThreadTS + "&cid=" + ch.ID
	}
	return link
}
