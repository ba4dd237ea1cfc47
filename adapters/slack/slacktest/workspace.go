package slacktest

import (
	"maps"
	"slices"
)

// Org is an Enterprise Grid organisation.
type Org struct {
	ID, Name string
	s        *Server
}

// Org makes an organisation; workspaces join it with [Workspace.JoinOrg].
func (s *Server) Org(id, name string) *Org {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := &Org{ID: id, Name: name, s: s}
	s.orgs[id] = o
	return o
}

// Workspace is one team.
type Workspace struct {
	ID, Name string

	s        *Server
	org      *Org
	people   map[string]*Person
	groups   map[string][]string
	channels map[string]*Channel
	installs []*Install // oldest first
}

// Workspace makes a workspace.
func (s *Server) Workspace(id, name string) *Workspace {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := &Workspace{
		ID: id, Name: name, s: s, people: map[string]*Person{}, groups: map[string][]string{}, channels: map[string]*Channel{},
	}
	s.teams[id] = w
	return w
}

// JoinOrg puts the workspace into an organisation.
func (w *Workspace) JoinOrg(o *Org) {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	w.org = o
}

func (w *Workspace) enterprise() any {
	if w.org == nil {
		return nil
	}
	return w.org.ID
}

// Person makes somebody who works here.
func (w *Workspace) Person(id, name string) *Person {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	p := &Person{ID: id, Name: name, TZ: "Europe/Berlin", TZOffset: 3600, s: w.s, team: w, homes: map[string]*View{}}
	w.people[id] = p
	return p
}

// Group makes a user group.
func (w *Workspace) Group(id string, members ...string) {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	w.groups[id] = members
}

// Kind is what a conversation is.
type Kind string

// The kinds of conversations.
const (
	Public  Kind = "channel"
	Private Kind = "group"
	IM      Kind = "im"
)

// Channel is a conversation.
type Channel struct {
	ID, Name string
	Kind     Kind

	s        *Server
	team     *Workspace
	members  map[string]bool
	archived bool
	locked   map[string]bool
	messages []*Message // by timestamp
	shared   bool
}

// Channel makes a public channel.
func (w *Workspace) Channel(id, name string) *Channel { return w.conversation(id, name, Public) }

// PrivateChannel makes a private channel.
func (w *Workspace) PrivateChannel(id, name string) *Channel {
	return w.conversation(id, name, Private)
}

func (w *Workspace) conversation(id, name string, kind Kind) *Channel {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	return w.makeConversation(id, name, kind)
}

func (w *Workspace) makeConversation(id, name string, kind Kind) *Channel {
	c := &Channel{ID: id, Name: name, Kind: kind, s: w.s, team: w, members: map[string]bool{}, locked: map[string]bool{}}
	w.channels[id] = c
	return c
}

// DM is the conversation of one person with an app.
func (w *Workspace) DM(p *Person, bot *Install) *Channel {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	return w.dm(p.ID, bot.UserID)
}

func (w *Workspace) dm(users ...string) *Channel {
	for _, id := range slices.Sorted(maps.Keys(w.channels)) {
		if c := w.channels[id]; c.Kind == IM && len(c.members) == len(users) && !slices.ContainsFunc(users, func(u string) bool { return !c.members[u] }) {
			return c
		}
	}
	c := w.makeConversation(w.s.id("D"), "", IM)
	for _, u := range users {
		c.members[u] = true
	}
	return c
}

// Join makes members of users and bots.
func (c *Channel) Join(users ...string) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	for _, u := range users {
		c.members[u] = true
	}
}

// Leave ends memberships.
func (c *Channel) Leave(users ...string) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	for _, u := range users {
		delete(c.members, u)
	}
}

// Archive archives the channel, or takes it back.
func (c *Channel) Archive(archived bool) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.archived = archived
}

// Lock stops replies in a thread.
func (c *Channel) Lock(thread string) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.locked[thread] = true
}

// wire is the channel as the Web API tells it.
func (c *Channel) wire(viewer string) map[string]any {
	return map[string]any{
		"id": c.ID, "name": c.Name, "is_channel": c.Kind == Public, "is_group": c.Kind == Private, "is_im": c.Kind == IM,
		"is_mpim": false, "is_private": c.Kind != Public, "is_archived": c.archived, "is_member": c.members[viewer],
		"is_general": false, "is_shared": c.shared, "is_ext_shared": c.shared, "is_org_shared": false, "created": 1,
		"creator": "U0", "context_team_id": c.team.ID, "topic": map[string]any{"value": ""}, "purpose": map[string]any{"value": ""},
	}
}

// read and history are the scopes that reading the channel, and what was said
// in it, takes (K: conversations.info, conversations.history).
func (c *Channel) scope(what string) string {
	switch c.Kind {
	case Public:
		return "channels:" + what
	case Private:
		return "groups:" + what
	default:
		return "im:" + what
	}
}
