package discordtest

import "strconv"

// Permission is a set of rights (D:topics/permissions; since 2026 also
// PinMessages).
type Permission uint64

// The rights that matter here.
const (
	Administrator         Permission = 1 << 3
	ManageChannels        Permission = 1 << 4
	ManageGuild           Permission = 1 << 5
	AddReactions          Permission = 1 << 6
	ViewChannel           Permission = 1 << 10
	SendMessages          Permission = 1 << 11
	ManageMessages        Permission = 1 << 13
	EmbedLinks            Permission = 1 << 14
	AttachFiles           Permission = 1 << 15
	ReadMessageHistory    Permission = 1 << 16
	MentionEveryone       Permission = 1 << 17
	ManageWebhooks        Permission = 1 << 29
	UseCommands           Permission = 1 << 31
	ManageThreads         Permission = 1 << 34
	CreatePublicThreads   Permission = 1 << 35
	CreatePrivateThreads  Permission = 1 << 36
	SendMessagesInThreads Permission = 1 << 38
	SendPolls             Permission = 1 << 49
	PinMessages           Permission = 1 << 51
)

// Core is what a bot needs at least to talk in channels and threads.
const Core = ViewChannel | SendMessages | SendMessagesInThreads | CreatePublicThreads | EmbedLinks | AttachFiles | ReadMessageHistory

// Everyone is what the role of everybody grants in a new guild.
const Everyone = Core | AddReactions | UseCommands | SendPolls

const all Permission = 1<<52 - 1

func (p Permission) has(q Permission) bool { return p&q == q }

func (p Permission) text() string { return strconv.FormatUint(uint64(p), 10) }

// permissions is what a member may do in a channel; a thread has the rights of
// its parent (D:topics/permissions, Permission hierarchy). s.mu is held.
func (m *Member) permissions(c *Channel) Permission {
	if m.Guild.ownerID == m.User.ID {
		return all
	}
	p := m.Guild.roles[0].Permissions
	for _, id := range m.roles {
		if r := m.Guild.role(id); r != nil {
			p |= r.Permissions
		}
	}
	if p.has(Administrator) {
		return all
	}
	if c != nil {
		if c.parent != nil && c.thread != nil {
			c = c.parent
		}
		p = m.overwritten(c, p)
	}
	return p
}

// overwritten applies a channel's overwrites in their order: everybody, roles,
// member.
func (m *Member) overwritten(c *Channel, p Permission) Permission {
	if o, ok := c.overwrites[m.Guild.ID]; ok {
		p = p&^o.deny | o.allow
	}
	var allow, deny Permission
	for _, id := range m.roles {
		o := c.overwrites[id]
		allow, deny = allow|o.allow, deny|o.deny
	}
	p = p&^deny | allow
	if o, ok := c.overwrites[m.User.ID]; ok {
		p = p&^o.deny | o.allow
	}
	return p
}

type overwrite struct {
	member      bool
	allow, deny Permission
}
