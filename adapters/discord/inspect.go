package discord

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Inspector asks Discord about a bot, and registers its commands. It posts
// nothing and connects to no gateway.
type Inspector struct {
	APIURL string
	Token  string       // the bot's, without "Bot "
	Client *http.Client // nil is one with sensible limits
}

// askTime is how long Discord may take for one answer.
const askTime = 15 * time.Second

func (i Inspector) rest() *rest {
	client := i.Client
	if client == nil {
		client = &http.Client{Timeout: askTime}
	}
	return newRest(Options{APIURL: i.APIURL, Token: i.Token, Client: client})
}

// Dead reports whether an error says that a token will never work again, or
// never did.
func Dead(err error) bool {
	var e *apiError
	return errors.As(err, &e) && e.Status == http.StatusUnauthorized
}

// Refused reports whether an error is Discord's own answer, and not that there
// was none.
func Refused(err error) bool { return errors.As(err, new(*apiError)) || errors.As(err, new(*limited)) }

// Identity is whose token it is.
type Identity struct {
	Application string // the application's id
	Name        string // the bot's
	Endpoint    string // where the portal has interactions sent; "" is the gateway
	PublicKey   string // that they are signed with, in hexadecimal
	Guilds      []Guild
	MoreGuilds  bool // there are more than are listed

	user string
}

// In reports whether the bot is in a server, as far as is known.
func (id Identity) In(guild string) bool {
	return id.MoreGuilds || slices.ContainsFunc(id.Guilds, func(g Guild) bool { return g.ID == guild })
}

// Guild is a server that the bot is in.
type Guild struct {
	ID, Name string
	rights   uint64 // in the server as a whole
}

// mostGuilds is how many servers are listed at once (D:resources/user, Get
// Current User Guilds).
const mostGuilds = 200

const routeMyGuilds = "/users/@me/guilds"

// Identify asks whose token it is, and which servers the bot is in.
func (i Inspector) Identify(ctx context.Context) (Identity, error) {
	var app struct {
		ID  string `json:"id"`
		Bot *struct {
			ID       string `json:"id"`
			Username string `json:"username"`
		} `json:"bot"`
		Name      string `json:"name"`
		Endpoint  string `json:"interactions_endpoint_url"`
		VerifyKey string `json:"verify_key"`
	}
	r := i.rest()
	if err := r.patiently(ctx, http.MethodGet, routeMe, routeMe, nil, nil, &app); err != nil {
		return Identity{}, err
	}
	id := Identity{Application: app.ID, Name: app.Name, Endpoint: app.Endpoint, PublicKey: app.VerifyKey, user: app.ID}
	if app.Bot != nil {
		id.Name, id.user = cmp.Or(app.Bot.Username, app.Name), app.Bot.ID
	}
	var guilds []struct {
		ID          string `json:"id"`
		Name        string `json:"name"`
		Permissions string `json:"permissions"`
	}
	path := fmt.Sprintf("%s?limit=%d", routeMyGuilds, mostGuilds)
	if err := r.patiently(ctx, http.MethodGet, routeMyGuilds, path, nil, nil, &guilds); err != nil {
		return id, err
	}
	for _, g := range guilds {
		id.Guilds = append(id.Guilds, Guild{g.ID, g.Name, rightsOf(g.Permissions)})
	}
	id.MoreGuilds = len(guilds) == mostGuilds
	return id, nil
}

// Lacks are the permissions that the bot does not have in a server as a whole.
func (g Guild) Lacks(needed []Permission) []Permission { return lacking(g.rights, needed) }

// Place is a channel that people write in, and what the bot lacks there.
type Place struct {
	ID    string       `json:"id"`
	Name  string       `json:"name"`
	Hides bool         `json:"hides,omitempty"` // the bot does not see it
	Lacks []Permission `json:"lacks,omitempty"` // where it does
}

// placed is a channel with who may do what there (D:resources/channel).
type placed struct {
	ID         string      `json:"id"`
	Type       int         `json:"type"`
	Name       string      `json:"name"`
	Overwrites []overwrite `json:"permission_overwrites"`
}

// overwrite is what a role or a member may do in a channel beside, or instead
// of, what they may in the server (D:resources/channel, Overwrite).
type overwrite struct {
	ID    string `json:"id"`
	Allow string `json:"allow"`
	Deny  string `json:"deny"`
}

// Routes of servers, as D: documents them.
const (
	routeGuildChannels = "/guilds/{guild_id}/channels"
	routeGuildMember   = "/guilds/{guild_id}/members/{user_id}"
)

// Places are a server's channels that a session can be started in: of text,
// of announcements, and forums.
func (i Inspector) Places(ctx context.Context, id Identity, g Guild, needed []Permission) ([]Place, error) {
	var me member
	r := i.rest()
	if err := r.patiently(ctx, http.MethodGet, routeGuildMember, "/guilds/"+g.ID+"/members/"+id.user, nil, nil, &me); err != nil {
		return nil, err
	}
	var all []placed
	if err := r.patiently(ctx, http.MethodGet, routeGuildChannels, "/guilds/"+g.ID+"/channels", nil, nil, &all); err != nil {
		return nil, err
	}
	var out []Place
	for _, c := range all {
		if c.Type != textChannel && c.Type != announcementChannel && c.Type != forumChannel {
			continue
		}
		may := g.rights
		if may&administrator == 0 {
			may = c.over(may, g.ID, id.user, me.Roles)
		}
		p := Place{ID: c.ID, Name: c.Name, Hides: may&viewChannel == 0}
		if !p.Hides {
			p.Lacks = lacking(may, needed)
		}
		out = append(out, p)
	}
	return out, nil
}

// Types of channels that hold messages or threads (D:resources/channel).
const (
	textChannel         = 0
	announcementChannel = 5
)

// over applies a channel's overwrites in their order: everybody, the roles
// together, the member (D:topics/permissions, Permission Overwrites).
func (c placed) over(may uint64, guild, who string, roles []string) uint64 {
	holds := map[string]bool{}
	for _, role := range roles {
		holds[role] = true
	}
	var allow, deny [3]uint64
	for _, o := range c.Overwrites {
		at := 1
		switch {
		case o.ID == guild:
			at = 0
		case o.ID == who:
			at = 2
		case !holds[o.ID]:
			continue
		}
		allow[at], deny[at] = allow[at]|rightsOf(o.Allow), deny[at]|rightsOf(o.Deny)
	}
	for at := range allow {
		may = may&^deny[at] | allow[at]
	}
	return may
}
