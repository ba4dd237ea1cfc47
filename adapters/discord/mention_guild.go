package discord

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"github.com/synthoperator/baton/chat"
)

// heard is what the gateway told of servers: it may be lost without harm.
type heard struct {
	names names

	mu     sync.Mutex
	places map[string]channel // channels and threads: their kinds and parents do not change
	guilds map[string]*guild
}

// guild is who owns a server, and what its roles may do (D:resources/guild).
type guild struct {
	ID      string `json:"id"`
	OwnerID string `json:"owner_id"`
	Roles   []struct {
		ID          string `json:"id"`
		Permissions string `json:"permissions"`
	} `json:"roles"`
}

// has reports whether all of these roles are known.
func (g *guild) has(roles []string) bool {
	known := map[string]bool{}
	for _, role := range g.Roles {
		known[role.ID] = true
	}
	return !slices.ContainsFunc(roles, func(id string) bool { return !known[id] })
}

// mostPlaces is of how many channels and threads the kind is kept.
const mostPlaces = 20_000

func newHeard() *heard {
	return &heard{names: names{all: map[string]string{}}, places: map[string]channel{}, guilds: map[string]*guild{}}
}

// event takes in what the gateway tells of servers and channels.
func (h *heard) event(kind string, data json.RawMessage) {
	switch kind {
	case "GUILD_CREATE":
		var g struct {
			guild
			Channels []channel `json:"channels"`
			Threads  []channel `json:"threads"`
		}
		if json.Unmarshal(data, &g) == nil && g.ID != "" {
			h.mu.Lock()
			h.guilds[g.ID] = &g.guild
			h.mu.Unlock()
			h.learn(g.Channels...)
			h.learn(g.Threads...)
		}
	case "CHANNEL_CREATE", "THREAD_CREATE":
		var c channel
		if json.Unmarshal(data, &c) == nil && c.ID != "" {
			h.learn(c)
		}
	case "GUILD_UPDATE", "GUILD_DELETE", "GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE":
		var g struct {
			ID      string `json:"id"`
			GuildID string `json:"guild_id"`
		}
		if json.Unmarshal(data, &g) == nil {
			h.mu.Lock()
			defer h.mu.Unlock()
			delete(h.guilds, g.ID)
			delete(h.guilds, g.GuildID)
		}
	}
}

func (h *heard) learn(all ...channel) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range all {
		if len(h.places) >= mostPlaces {
			clear(h.places)
		}
		h.places[c.ID] = channel{ID: c.ID, Type: c.Type, ParentID: c.ParentID}
	}
}

// placeOf is the thread or channel that Discord calls a channel, by its id alone.
func (a *Adapter) placeOf(ctx context.Context, guild, id string) (chat.Thread, error) {
	a.heard.mu.Lock()
	c, ok := a.heard.places[id]
	a.heard.mu.Unlock()
	if !ok {
		if err := a.rest.patiently(ctx, http.MethodGet, routeChannel, "/channels/"+id, nil, nil, &c); err != nil {
			return chat.Thread{}, err
		}
		a.heard.learn(c)
	}
	return placeIn(guild, id, c)
}

const routeGuild = "/guilds/{guild_id}"

// rights are what somebody may do in a server, as interactions tell it and
// messages do not (D:topics/permissions). Where it cannot be found out, they are
// none.
func (a *Adapter) rights(ctx context.Context, id, who string, roles []string) string {
	a.heard.mu.Lock()
	g := a.heard.guilds[id]
	a.heard.mu.Unlock()
	if g == nil || !g.has(roles) {
		g = &guild{}
		if err := a.rest.patiently(ctx, http.MethodGet, routeGuild, "/guilds/"+id, nil, nil, g); err != nil {
			a.o.Log.Warn("it is not known what a server's roles may do", "guild", id, "error", err)
			return ""
		}
		a.heard.mu.Lock()
		a.heard.guilds[id] = g
		a.heard.mu.Unlock()
	}
	if g.OwnerID == who {
		return strconv.Itoa(administrator)
	}
	holds := map[string]bool{id: true} // everybody's role has the server's id
	for _, role := range roles {
		holds[role] = true
	}
	var all uint64
	for _, role := range g.Roles {
		if holds[role.ID] {
			all |= rightsOf(role.Permissions)
		}
	}
	return strconv.FormatUint(all, 10)
}

// isForum reports whether a channel is known to be a forum: it was told so by the
// gateway, or found out by posting there.
func (a *Adapter) isForum(channel string) bool {
	a.heard.mu.Lock()
	c, told := a.heard.places[channel]
	a.heard.mu.Unlock()
	return told && (c.Type == forumChannel || c.Type == mediaChannel) || a.known.isForum(channel)
}
