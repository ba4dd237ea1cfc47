package orchestration

import "time"

// Role is what a person may do. The order is the order of rights, except that
// an owner's hold for one session.
type Role string

// The roles.
const (
	Admin       Role = "admin"       // of the workspace: everything
	Owner       Role = "owner"       // of a session: everything in it
	Approver    Role = "approver"    // of a channel: moves and approves every session there
	Contributor Role = "contributor" // starts, records, asks for work
	Observer    Role = "observer"    // reads
)

// ParseRole reads a role that can be given; an owner is made by owning.
func ParseRole(s string) (Role, error) {
	switch r := Role(s); r {
	case Admin, Approver, Contributor, Observer:
		return r, nil
	}
	return "", Refuse("%q is no role that can be given", s).Try("settings approver: @ana", "settings everybody: observer")
}

// Right is what a verb needs at the moment it takes effect.
type Right int

// The rights, from the one everybody has to the one only admins have.
const (
	ToRead     Right = iota // status, history, prompt, export
	ToRecord                // start, note, run, remind: contributors
	ToAmend                 // edit or take back an item: its author, or whoever may steer
	ToSteer                 // hand off, override, undo, persona, load, pause, approve, end: owner, approvers, admins
	ToSetUp                 // a channel's defaults: approvers, admins; contributors while nobody was given a role
	ToGiveRole              // roles: admins
)

// object is what a right is asked for: an item with its author, or with none
// the session itself.
type object struct{ author PersonID }

// Room is what surrounds a session at the moment somebody decides: the time,
// the library, and the settings of its channel and workspace.
type Room struct {
	Now       time.Time
	Shelf     Shelf
	Channel   Settings
	Workspace Settings
	// Everywhere says that what is decided holds for the whole workspace.
	Everywhere bool
	Calendars  map[string]Calendar // of holidays, by the names the operator gave them
	Admins     []PersonID          // named by the operator's configuration
	// Vouched is what the platform's own roles make of whoever decides. What was
	// given here goes first.
	Vouched map[PersonID]Role
}

// RoleOf is a person's role in a room, not counting what they own.
func (in Room) RoleOf(p PersonID) Role {
	for _, id := range in.Admins {
		if id == p {
			return Admin
		}
	}
	if r := in.Workspace.role(p); r == Admin {
		return Admin
	}
	for _, s := range [...]Settings{in.Channel, in.Workspace} {
		if r := s.role(p); r != "" {
			return r
		}
	}
	if r := in.Vouched[p]; r != "" {
		return r
	}
	for _, s := range [...]Settings{in.Channel, in.Workspace} {
		if s.everybody != "" {
			return s.everybody
		}
	}
	return Contributor
}

// authorise is the one gate. It runs where a decision is made, whichever door
// the wish came through, and it goes by immutable ids.
func (in Room) authorise(by Human, right Right, owner Human, obj object) error {
	role := in.RoleOf(by.ID())
	owns := owner.ID() != "" && owner.ID() == by.ID()
	switch right {
	case ToRead:
		return nil
	case ToRecord:
		if role != Observer || owns {
			return nil
		}
		return Refuse("recording takes a contributor, and %s only observes here", by.Name()).Try("status", "settings")
	case ToAmend:
		if owns || role == Approver || role == Admin || obj.author != "" && obj.author == by.ID() && role != Observer {
			return nil
		}
		return Refuse("only its author, %s, an approver or an admin may change that, and %s is none of them", ownerText(owner), by.Name()).
			Try("note decision …", "settings")
	case ToSteer:
		if owns || role == Approver || role == Admin {
			return nil
		}
		return Refuse("that is for %s, an approver or an admin to decide, and %s is %s", ownerText(owner), by.Name(), withArticle(string(role))).
			Try("status", "settings")
	case ToSetUp:
		if in.Everywhere {
			break // what holds for every channel is not one channel's to set
		}
		if role == Approver || role == Admin || role == Contributor && in.Channel.open() && in.Workspace.open() {
			return nil
		}
		return Refuse("this channel's settings are for its approvers and admins, and %s is %s", by.Name(), withArticle(string(role))).
			Try("settings")
	}
	if role == Admin {
		return nil
	}
	if right == ToSetUp {
		return Refuse("the workspace's settings are for its admins, and %s is %s", by.Name(), withArticle(string(role))).Try("settings")
	}
	return Refuse("roles are for a workspace admin to give, and %s is %s", by.Name(), withArticle(string(role))).Try("settings")
}

// ownerText names the owner, so that whoever is refused knows whom to ask.
func ownerText(owner Human) string {
	if owner.Name() == "" {
		return "the owner"
	}
	return "the owner (" + owner.Name() + ")"
}

// admin reports whether roles are this person's to give.
func (in Room) admin(by Human) error { return in.authorise(by, ToGiveRole, Human{}, object{}) }

// setter reports whether a channel's or workspace's defaults are this person's
// to set.
func (in Room) setter(by Human) error { return in.authorise(by, ToSetUp, Human{}, object{}) }

// MayTellOutside says whether a person may have what a channel hears told in
// another workspace: what is said there leaves the team.
func (in Room) MayTellOutside(by Human) error {
	if in.admin(by) == nil {
		return nil
	}
	return Refuse("that channel is in another workspace, and what is told there leaves this one: an admin may set it, and %s is %s",
		by.Name(), withArticle(string(in.RoleOf(by.ID())))).Try("announce to #general", "settings")
}

// May says whether a person may do what needs that right in this session, for
// screens that offer only what would be accepted. Deciding asks again. Where
// nothing has started, who may record may start.
func (s Session) May(by Human, in Room, right Right) error {
	if s.state == None && right == ToRecord {
		return in.authorise(by, right, Human{}, object{})
	}
	return s.may(by, in, right, object{})
}

func (s Session) may(by Human, in Room, right Right, obj object) error {
	if s.state == None {
		return nothingHere()
	}
	return in.authorise(by, right, s.owner, obj)
}

func nothingHere() Refusal {
	return Refuse("nothing has been started in this thread").Try("start product-launch …", "list")
}
