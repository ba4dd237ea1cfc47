package discordtest

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// User is a person or a bot.
type User struct {
	ID, Name string
	Bot      bool

	closed bool // takes no direct messages
}

// Role is a role of a guild.
type Role struct {
	ID, Name    string
	Permissions Permission
}

// Guild is what people call a server.
type Guild struct {
	ID, Name string

	s        *Server
	ownerID  string
	joined   time.Time
	roles    []*Role // the first is everybody's
	members  map[string]*Member
	channels []*Channel // and threads
}

// Member is a user in a guild.
type Member struct {
	User  *User
	Guild *Guild

	roles  []string
	joined time.Time

	delivery Delivery
}

// Application is what the developer portal shows: a bot, its token, its
// commands and where its interactions go.
type Application struct {
	ID, Name  string
	Token     string
	PublicKey string // hex, for the signatures of interactions over HTTP
	Bot       *User

	s          *Server
	private    ed25519.PrivateKey
	endpoint   string // interactions_endpoint_url
	privileged int    // intents that were granted in the portal
	commands   map[string][]object
	created    map[string][]time.Time // commands made, by guild, for 30034
	revoked    bool
	deaf       bool // no heartbeat is acknowledged
	sessions   []*session
	identified []time.Time
	script     []Connection
	limit      global
}

// NewApplication makes an application with a bot. Privileged intents have to be
// granted to it: see [Application.Grant].
func (s *Server) NewApplication(name string) *Application {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic("discordtest: " + err.Error())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.newID()
	app := &Application{
		ID: id, Name: name, PublicKey: hex.EncodeToString(public), s: s, private: private,
		// Discord's tokens start with the id in base64 (unverified); clients that
		// take the id from there find it.
		Token:    base64.RawStdEncoding.EncodeToString([]byte(id)) + ".fake." + rand.Text(),
		Bot:      &User{ID: id, Name: name, Bot: true},
		commands: map[string][]object{}, created: map[string][]time.Time{},
	}
	s.users[id] = app.Bot
	s.apps = append(s.apps, app)
	return app
}

// Grant allows an application privileged intents, as the portal does.
func (a *Application) Grant(intents int) {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	a.privileged |= intents
}

// Revoke makes the token worthless, as a reset in the portal does. Connections
// that stand end with 4004.
func (a *Application) Revoke() {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	a.revoked = true
	for _, x := range a.sessions {
		x.close(closeAuthFailed, "Authentication failed.")
	}
}

// NewGuild makes a guild with an owner and no channel.
func (s *Server) NewGuild(name string) *Guild {
	s.mu.Lock()
	defer s.mu.Unlock()
	// A guild is older than today, and guilds are a millisecond apart, so that
	// they fall on different shards.
	made := s.clock.Now().Add(-24 * time.Hour)
	if n := len(s.guilds); n > 0 { // the clock goes on between two of them
		made = IDTime(s.guilds[0].ID).Add(time.Duration(n) * time.Millisecond)
	}
	g := &Guild{ID: s.idAt(made), Name: name, s: s, members: map[string]*Member{}, joined: made}
	g.roles = []*Role{{ID: g.ID, Name: "@everyone", Permissions: Everyone}}
	owner := &User{ID: s.newID(), Name: "owner-of-" + strings.ToLower(name)}
	s.users[owner.ID] = owner
	g.ownerID = owner.ID
	g.members[owner.ID] = &Member{User: owner, Guild: g, joined: made}
	s.guilds = append(s.guilds, g)
	return g
}

// Owner is the member who may do everything.
func (g *Guild) Owner() *Member { return g.members[g.ownerID] }

// NewRole makes a role.
func (g *Guild) NewRole(name string, p Permission) *Role {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	return g.newRole(name, p)
}

func (g *Guild) newRole(name string, p Permission) *Role {
	r := &Role{g.s.newID(), name, p}
	g.roles = append(g.roles, r)
	return r
}

// NewMember makes a person who is in the guild.
func (g *Guild) NewMember(name string, roles ...*Role) *Member {
	g.s.mu.Lock()
	u := &User{ID: g.s.newID(), Name: name}
	g.s.users[u.ID] = u
	g.s.mu.Unlock()
	return g.Add(u, roles...)
}

// Add makes a user a member, so that one person can be in several guilds.
func (g *Guild) Add(u *User, roles ...*Role) *Member {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	m := &Member{User: u, Guild: g, joined: g.s.clock.Now()}
	for _, r := range roles {
		m.roles = append(m.roles, r.ID)
	}
	g.members[u.ID] = m
	return m
}

// SetRoles changes which roles a member has.
func (m *Member) SetRoles(roles ...*Role) {
	m.Guild.s.mu.Lock()
	defer m.Guild.s.mu.Unlock()
	m.roles = nil
	for _, r := range roles {
		m.roles = append(m.roles, r.ID)
	}
	m.Guild.s.dispatchGuild(m.Guild, "GUILD_MEMBER_UPDATE", intentGuildMembers, m.withGuild())
}

// Join lets an application's bot into a guild, with a role of its own that
// grants p.
func (a *Application) Join(g *Guild, p Permission) *Member {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	r := g.newRole(a.Name, p)
	m := &Member{User: a.Bot, Guild: g, roles: []string{r.ID}, joined: a.s.clock.Now()}
	g.members[a.Bot.ID] = m
	a.s.dispatchTo(a, g.ID, "GUILD_CREATE", intentGuilds, g.create())
	return m
}

// Leave takes an application's bot out of a guild.
func (a *Application) Leave(g *Guild) {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	delete(g.members, a.Bot.ID)
	a.s.dispatchTo(a, g.ID, "GUILD_DELETE", intentGuilds, object{"id": g.ID})
}

func (g *Guild) role(id string) *Role {
	if i := slices.IndexFunc(g.roles, func(r *Role) bool { return r.ID == id }); i >= 0 {
		return g.roles[i]
	}
	return nil
}

func (s *Server) guild(id string) *Guild {
	if i := slices.IndexFunc(s.guilds, func(g *Guild) bool { return g.ID == id }); i >= 0 {
		return s.guilds[i]
	}
	return nil
}

func (s *Server) application(id string) *Application {
	if i := slices.IndexFunc(s.apps, func(a *Application) bool { return a.ID == id }); i >= 0 {
		return s.apps[i]
	}
	return nil
}
