package orchestration

import "time"

// Event is one thing that happened. Events are past tense, listed here and
// nowhere else. Who it was by, when and why is said by the [Decision] and the
// log entry that hold it. Many readers look for a few kinds only; that Apply,
// Describe and the log's stored form know every kind is held by tests.
type Event interface{ event() }

// agentEvent is what an agent's decision may hold. No event that changes a
// plan, a phase, a persona, a skill or an owner is one.
type agentEvent interface {
	Event
	byAgent()
}

type (
	// Started opens a session in a channel.
	Started struct {
		Channel ChannelKey
		Plan    Plan
		Brief   Brief
	}
	// Bound ties the session to its one thread, for good.
	Bound struct{ Thread ThreadKey }
	// PhaseEntered opens a phase with the persona and skills in force there.
	// Due is zero where the plan gives no duration.
	PhaseEntered struct {
		Phase   int
		Persona Persona
		Skills  []Skill
		Due     time.Time
	}
	// PhaseSkipped says that a phase was passed over without its handoff.
	PhaseSkipped struct{ Phase int }
	// PhaseReopened says that a phase which was over is worked on again.
	PhaseReopened struct{ Phase int }
	// PersonaSwitched changes who is thinking; the zero Persona is nobody.
	PersonaSwitched struct{ Persona Persona }
	// SkillLoaded puts a skill on the stack, or takes its newer content.
	SkillLoaded struct{ Skill Skill }
	// SkillUnloaded takes a skill off the stack.
	SkillUnloaded struct{ Skill Skill }
	// ItemRecorded adds a decision, an artifact or an open item.
	ItemRecorded struct {
		ID    int
		Kind  ItemKind
		Text  string
		Owner Human  // who is to see to an open item; may be nobody
		Link  string // where it was said, if that is known
		Task  int    // the task whose report it was taken from, or 0
	}
	// ItemEdited replaces an item's text.
	ItemEdited struct {
		ID   int
		Text string
	}
	// ItemResolved closes an open item.
	ItemResolved struct{ ID int }
	// ItemSuperseded replaces an item by another, which was recorded with it.
	ItemSuperseded struct{ ID, By int }
	// ItemWithdrawn takes an item back that should not have been recorded.
	ItemWithdrawn struct{ ID int }
	// ItemAssigned gives an open item to somebody; the zero Human to nobody.
	ItemAssigned struct {
		ID    int
		Owner Human
	}
	// HandedOff ends a phase with what it passes on. LeftOut are the items that
	// the person who signed kept out of it: they stay on record and travel no
	// further.
	HandedOff struct {
		Phase   int
		Handoff Handoff
		LeftOut []int
	}
	// StepRedone throws a chain step's outputs away; the step stays open.
	StepRedone struct{ Phase int }
	// Overridden says that somebody set the plan aside: what, from, to. Why is
	// the decision's reason. The events after it in the decision do it.
	Overridden struct {
		What     OverrideKind
		From, To string
	}
	// Undone takes the decision with that sequence number back.
	Undone struct {
		Seq  uint64
		What string // the decision in words
	}
	// Paused stops the clock.
	Paused struct{}
	// Resumed starts it again; Due is the open phase's new due time.
	Resumed struct{ Due time.Time }
	// OwnerChanged gives the session to somebody else.
	OwnerChanged struct{ Owner Human }
	// Ended closes the session.
	Ended struct{}
	// Reopened opens an ended session again in the phase it stood in last.
	Reopened struct{}

	// TaskAsked asks for scoped work.
	TaskAsked struct {
		ID    int
		Brief string
	}
	// TaskStopped calls a task off.
	TaskStopped struct{ ID int }
	// TaskReported brings a task's result.
	TaskReported struct {
		ID   int
		Text string
		Via  string // which assistant a person copied it from, if they said
	}
	// TaskAccepted makes a report count.
	TaskAccepted struct{ ID int }
	// TaskRejected sends a report back.
	TaskRejected struct{ ID int }
	// Proposed is an agent's wish to change something; people decide on it.
	Proposed struct {
		ID       int
		Task     int
		Proposal Proposal
	}
	// ProposalApproved lets a proposal take effect. The events after it in the
	// decision do it.
	ProposalApproved struct{ ID int }
	// ProposalDenied turns a proposal down.
	ProposalDenied struct{ ID int }

	// ReminderSet asks for a reminder; times are absolute.
	ReminderSet struct {
		ID   int
		At   time.Time
		Text string
	}
	// ReminderCancelled takes a reminder back.
	ReminderCancelled struct{ ID int }
	// Announced asks for a message to the whole channel.
	Announced struct{ Text string }

	// DefaultPersonaSet sets a channel's or workspace's persona.
	DefaultPersonaSet struct{ Persona Persona }
	// DefaultSkillLoaded adds to a channel's or workspace's stack.
	DefaultSkillLoaded struct{ Skill Skill }
	// DefaultSkillUnloaded takes from it.
	DefaultSkillUnloaded struct{ Skill Skill }
	// RoleGiven says what a person may do in a channel or workspace.
	RoleGiven struct {
		Person Human
		Role   Role
	}
	// EverybodySet is the role of all who were given none.
	EverybodySet struct{ Role Role }
	// AnnouncementsSet says what the channel hears, and where else it is said.
	AnnouncementsSet struct {
		Mode AnnounceMode
		To   []ChannelKey
	}
	// TimeZoneSet sets the zone due dates are reckoned in (IANA name).
	TimeZoneSet struct{ Zone string }
	// BudgetSet sets the tokens above which loading warns; 0 is no budget.
	BudgetSet struct{ Tokens int }
	// DigestSet says how often the channel is told how its sessions stand: at
	// that minute of the day, and a weekly one on that day of the week.
	DigestSet struct {
		Every   DigestEvery
		Minute  int
		Weekday time.Weekday
	}
	// QuietSet is the part of each day in which nothing is said unasked, in
	// minutes after midnight; it may span midnight. Equal ends are none.
	QuietSet struct{ From, To int }
	// WorkdaysSet sets the days of the week on which people work.
	WorkdaysSet struct{ Days []time.Weekday }
	// HolidaysSet sets the days nobody works on: those of a calendar that the
	// operator configured under that name, or "", and those listed.
	HolidaysSet struct {
		Calendar string
		Days     []Holiday
	}
)

func (Started) event()              {}
func (Bound) event()                {}
func (PhaseEntered) event()         {}
func (PhaseSkipped) event()         {}
func (PhaseReopened) event()        {}
func (PersonaSwitched) event()      {}
func (SkillLoaded) event()          {}
func (SkillUnloaded) event()        {}
func (ItemRecorded) event()         {}
func (ItemEdited) event()           {}
func (ItemResolved) event()         {}
func (ItemSuperseded) event()       {}
func (ItemWithdrawn) event()        {}
func (ItemAssigned) event()         {}
func (HandedOff) event()            {}
func (StepRedone) event()           {}
func (Overridden) event()           {}
func (Undone) event()               {}
func (Paused) event()               {}
func (Resumed) event()              {}
func (OwnerChanged) event()         {}
func (Ended) event()                {}
func (Reopened) event()             {}
func (TaskAsked) event()            {}
func (TaskStopped) event()          {}
func (TaskReported) event()         {}
func (TaskAccepted) event()         {}
func (TaskRejected) event()         {}
func (Proposed) event()             {}
func (ProposalApproved) event()     {}
func (ProposalDenied) event()       {}
func (ReminderSet) event()          {}
func (ReminderCancelled) event()    {}
func (Announced) event()            {}
func (DefaultPersonaSet) event()    {}
func (DefaultSkillLoaded) event()   {}
func (DefaultSkillUnloaded) event() {}
func (RoleGiven) event()            {}
func (EverybodySet) event()         {}
func (AnnouncementsSet) event()     {}
func (TimeZoneSet) event()          {}
func (BudgetSet) event()            {}
func (DigestSet) event()            {}
func (QuietSet) event()             {}
func (WorkdaysSet) event()          {}
func (HolidaysSet) event()          {}

func (TaskReported) byAgent() {}
func (Proposed) byAgent()     {}
