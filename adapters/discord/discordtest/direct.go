package discordtest

// Direct is a channel of direct messages between a person and a bot.
const Direct ChannelType = 1

// inDirect is what both may do in direct messages; there are no roles there.
const inDirect = Core | AddReactions | SendPolls

// openDirect opens the channel of direct messages with somebody, or gives the one
// there is (D:resources/user, Create DM).
func openDirect(c *call) (reply, error) {
	f := newForm(c.body)
	f.known("recipient_id")
	f.require("recipient_id")
	id := f.id("recipient_id")
	c.keepUnknown(f)
	if err := f.failure(); err != nil {
		return reply{}, err
	}
	to := c.s.users[id]
	switch {
	case to == nil:
		return reply{}, refuse(400, 50033, "Invalid Recipient(s)")
	case to.Bot:
		return reply{}, cannotMessage()
	}
	return reply{200, c.s.directOf(c.app, to).json()}, nil
}

func cannotMessage() *failure { return refuse(403, 50007, "Cannot send messages to this user") }

// directOf is the channel between an application's bot and a person. It belongs to
// no guild: one that is none stands in its place.
func (s *Server) directOf(app *Application, to *User) *Channel {
	for _, ch := range s.channels {
		if ch.Type == Direct && ch.guild.members[app.Bot.ID] != nil && ch.guild.members[to.ID] != nil {
			return ch
		}
	}
	none := &Guild{s: s, members: map[string]*Member{}, roles: []*Role{{Permissions: inDirect}}}
	for _, u := range []*User{app.Bot, to} {
		none.members[u.ID] = &Member{User: u, Guild: none, joined: s.clock.Now()}
	}
	ch := &Channel{ID: s.newID(), Type: Direct, s: s, guild: none, overwrites: map[string]overwrite{}}
	s.channels[ch.ID] = ch
	return ch
}

// DirectWith is where a member reads what a bot told them alone, or nil where it
// never opened that.
func (m *Member) DirectWith(app *Application) *Channel {
	m.Guild.s.mu.Lock()
	defer m.Guild.s.mu.Unlock()
	for _, ch := range m.Guild.s.channels {
		if ch.Type == Direct && ch.guild.members[app.Bot.ID] != nil && ch.guild.members[m.User.ID] != nil {
			return ch
		}
	}
	return nil
}

// RefuseDirect has a person take no direct messages from bots, or take them again.
func (m *Member) RefuseDirect(on bool) {
	m.Guild.s.mu.Lock()
	defer m.Guild.s.mu.Unlock()
	m.User.closed = on
}

// takesDirect refuses a direct message to somebody who takes none, or who shares
// no guild with the bot (D:topics/opcodes-and-status-codes, 50007).
func (c *Channel) takesDirect(bot *User) error {
	for id, m := range c.guild.members {
		if id == bot.ID {
			continue
		}
		if m.User.closed || !c.s.together(bot.ID, id) {
			return cannotMessage()
		}
	}
	return nil
}

// together reports whether two are in one guild.
func (s *Server) together(a, b string) bool {
	for _, g := range s.guilds {
		if g.members[a] != nil && g.members[b] != nil {
			return true
		}
	}
	return false
}

// directJSON is such a channel on the wire.
func (c *Channel) directJSON() object {
	people := []object{}
	for _, m := range c.guild.members {
		if !m.User.Bot {
			people = append(people, m.User.json())
		}
	}
	return object{"id": c.ID, "type": int(c.Type), "flags": 0, "last_message_id": c.lastID(), "recipients": people}
}
