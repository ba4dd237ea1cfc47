package discordtest

import (
	"strings"
	"time"
)

func getGateway(c *call) (reply, error) {
	return reply{200, object{"url": c.s.gatewayURL("/gateway")}}, nil
}

func getGatewayBot(c *call) (reply, error) {
	now := c.s.clock.Now()
	return reply{200, object{
		"url": c.s.gatewayURL("/gateway"), "shards": c.s.opts.Shards,
		"session_start_limit": object{
			"total": c.s.opts.Identifies, "remaining": max(0, c.s.opts.Identifies-len(c.app.identifiesSince(now))),
			"reset_after": (24 * time.Hour).Milliseconds(), "max_concurrency": 1,
		},
	}}, nil
}

func (s *Server) gatewayURL(path string) string {
	return "ws" + strings.TrimPrefix(s.base, "http") + path
}

func getMe(c *call) (reply, error) { return reply{200, c.app.Bot.me()}, nil }

func getUser(c *call) (reply, error) {
	u := c.s.users[c.params["user_id"]]
	if u == nil {
		return reply{}, unknownUser()
	}
	return reply{200, u.json()}, nil
}

// mine refuses a request for another application than the token's.
func (c *call) mine() error {
	id := c.params["application_id"]
	if id == "" || id == c.app.ID {
		return nil
	}
	if c.s.application(id) == nil {
		return unknownApplication()
	}
	return refuse(403, 20012, "You are not authorized to perform this action on this application")
}

func getApplication(c *call) (reply, error) {
	if err := c.mine(); err != nil {
		return reply{}, err
	}
	return reply{200, c.app.json()}, nil
}

// patchApplication changes where interactions go. Discord checks a new address
// with a PING before it takes it, and with a bad signature.
func patchApplication(c *call) (reply, error) {
	if err := c.mine(); err != nil {
		return reply{}, err
	}
	f := newForm(c.body)
	if v, ok := c.body["interactions_endpoint_url"]; ok {
		at := f.text("interactions_endpoint_url", 0, 2048)
		if v != nil && at != "" && !c.s.verified(c.app, at) {
			f.fail("interactions_endpoint_url", "APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID",
				"The specified interactions endpoint url could not be verified.")
		}
		if err := f.failure(); err != nil {
			return reply{}, err
		}
		c.app.endpoint = at
	}
	return reply{200, c.app.json()}, nil
}

// SetEndpoint sets where interactions go, as the developer portal does, without
// asking whether anybody listens there. "" is the gateway.
func (a *Application) SetEndpoint(url string) {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	a.endpoint = url
}

func getGuild(c *call) (reply, error) {
	g, _, err := c.guild()
	if err != nil {
		return reply{}, err
	}
	return reply{200, g.json()}, nil
}

// guild is the guild a request names, where the bot is in it.
func (c *call) guild() (*Guild, *Member, error) {
	g := c.s.guild(c.params["guild_id"])
	if g == nil {
		return nil, nil, unknownGuild()
	}
	m := g.members[c.app.Bot.ID]
	if m == nil {
		return nil, nil, missingAccess()
	}
	return g, m, nil
}

func listChannels(c *call) (reply, error) {
	g, _, err := c.guild()
	if err != nil {
		return reply{}, err
	}
	out := []object{}
	for _, ch := range g.channels {
		if ch.thread == nil {
			out = append(out, ch.json())
		}
	}
	return reply{200, out}, nil
}

func listRoles(c *call) (reply, error) {
	g, _, err := c.guild()
	if err != nil {
		return reply{}, err
	}
	out := []object{}
	for i, r := range g.roles {
		out = append(out, r.json(i))
	}
	return reply{200, out}, nil
}

func getMember(c *call) (reply, error) {
	g, _, err := c.guild()
	if err != nil {
		return reply{}, err
	}
	if m := g.members[c.params["user_id"]]; m != nil {
		return reply{200, m.json()}, nil
	}
	return reply{}, unknownMember()
}

func listMyGuilds(c *call) (reply, error) {
	out := []object{}
	for _, g := range c.s.guilds {
		if m := g.members[c.app.Bot.ID]; m != nil {
			out = append(out, object{
				"id": g.ID, "name": g.Name, "icon": nil, "banner": nil, "owner": false,
				"permissions": m.permissions(nil).text(), "features": []string{},
			})
		}
	}
	return reply{200, out}, nil
}
