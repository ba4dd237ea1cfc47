package discordtest

import (
	"slices"
	"time"
)

// ChannelType is what a channel is (D:resources/channel, Channel Types).
type ChannelType int

// The types of channels.
const (
	Text               ChannelType = 0
	Announcement       ChannelType = 5
	AnnouncementThread ChannelType = 10
	PublicThread       ChannelType = 11
	PrivateThread      ChannelType = 12
	Forum              ChannelType = 15
)

// Channel is a channel or a thread.
type Channel struct {
	ID   string
	Type ChannelType

	s          *Server
	guild      *Guild
	name       string
	topic      string
	parent     *Channel
	overwrites map[string]overwrite
	tags       []forumTag
	requireTag bool
	thread     *thread // nil for a channel
	messages   []*message
	gone       bool
	writeLimit time.Time // until then a write is answered 20028
}

// thread is what a thread has beyond a channel.
type thread struct {
	ownerID  string
	archived bool
	locked   bool
	duration int // auto_archive_duration
	changed  time.Time
	made     time.Time
	members  []string
	applied  []string
	sent     int
}

type forumTag struct {
	id, name  string
	moderated bool
}

// NewChannel makes a channel.
func (g *Guild) NewChannel(name string, kind ChannelType) *Channel {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	c := &Channel{ID: g.s.newID(), Type: kind, s: g.s, guild: g, name: name, overwrites: map[string]overwrite{}}
	g.s.channels[c.ID] = c
	g.channels = append(g.channels, c)
	g.s.dispatchChannel(c, "CHANNEL_CREATE", intentGuilds, c.json())
	return c
}

// NewTag makes a tag that posts in a forum can bear; its id is returned.
func (c *Channel) NewTag(name string, moderated bool) string {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	t := forumTag{c.s.newID(), name, moderated}
	c.tags = append(c.tags, t)
	return t.id
}

// RequireTag makes a forum refuse posts without a tag.
func (c *Channel) RequireTag() {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.requireTag = true
}

// Overwrite changes what a member or a role may do in a channel.
func (c *Channel) Overwrite(who any, allow, deny Permission) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	switch who := who.(type) {
	case *Member:
		c.overwrites[who.User.ID] = overwrite{true, allow, deny}
	case *Role:
		c.overwrites[who.ID] = overwrite{false, allow, deny}
	case *Guild:
		c.overwrites[who.ID] = overwrite{false, allow, deny}
	case *Application:
		c.overwrites[who.Bot.ID] = overwrite{true, allow, deny}
	default:
		panic("discordtest: an overwrite is for a member, a role, an application or everybody of a guild")
	}
	c.s.dispatchChannel(c, "CHANNEL_UPDATE", intentGuilds, c.json())
}

// LimitWrites makes the next writes to the channel fail with 20028.
func (c *Channel) LimitWrites(d time.Duration) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.writeLimit = c.s.clock.Now().Add(d)
}

// Clear forgets a channel's messages, so that a long test need not keep them. No
// client is told.
func (c *Channel) Clear() {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.messages = nil
}

// Name is what the channel or thread is called now.
func (c *Channel) Name() string {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.name
}

// Parent is the channel a thread is in, or nil.
func (c *Channel) Parent() *Channel { return c.parent }

// Threads are the threads in a channel, oldest first.
func (c *Channel) Threads() []*Channel {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	var out []*Channel
	for _, t := range c.guild.channels {
		if t.parent == c && t.thread != nil {
			out = append(out, t)
		}
	}
	return out
}

// Channel is a channel or thread by its id, or nil.
func (s *Server) Channel(id string) *Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.channels[id]
}

// Archived reports whether a thread is archived, Locked whether it is locked.
func (c *Channel) Archived() bool {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.thread != nil && c.thread.archived
}

// Locked reports whether a thread is locked.
func (c *Channel) Locked() bool {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.thread != nil && c.thread.locked
}

// sees reports whether a member may see a channel. A private thread is seen by
// its members and those who manage threads (D:topics/threads).
func (m *Member) sees(c *Channel) bool {
	p := m.permissions(c)
	if !p.has(ViewChannel) {
		return false
	}
	return c.Type != PrivateThread || p.has(ManageThreads) || slices.Contains(c.thread.members, m.User.ID)
}
