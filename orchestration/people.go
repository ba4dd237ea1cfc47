package orchestration

// PersonID is a platform's immutable id of a person ("slack/T1/U7"). Display
// names change and can be imitated; every decision about rights goes by this.
type PersonID string

// Human is a person who decides. Only the router, for who speaks now, and the
// log, for who spoke then, make one; a test holds that.
type Human struct {
	id   PersonID
	name string
}

// maxPerson bounds a display name, in bytes.
const maxPerson = 100

// NewHuman is the person with that id. The name is only for display: it is
// cleaned and cut to one short line; the id stands in for an empty one.
func NewHuman(id PersonID, name string) Human {
	name = cut(cleanLine(name), maxPerson)
	if name == "" {
		name = string(id)
	}
	return Human{id, name}
}

// ID is the person's immutable id.
func (h Human) ID() PersonID { return h.id }

// Name is what to call the person.
func (h Human) Name() string { return h.name }

// IsZero reports whether this is nobody.
func (h Human) IsZero() bool { return h.id == "" }

// String is the name.
func (h Human) String() string { return h.name }
func (Human) actor()           {}

// Agent is a program that works on tasks. It reports and proposes; nothing it
// can say changes a plan.
type Agent struct{ name string }

// NewAgent is the agent configured under that name.
func NewAgent(name string) Agent { return Agent{name} }

// Name is the name the agent is configured under.
func (a Agent) Name() string { return a.name }

// String is the name, marked as an agent's.
func (a Agent) String() string { return a.name + " (agent)" }
func (Agent) actor()           {}

// Actor is a [Human] or an [Agent]: whoever a record is by.
//
//sumtype:decl
type Actor interface {
	actor()
	String() string
}
