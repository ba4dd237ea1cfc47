package orchestration

import (
	"slices"
	"time"
)

// Brief is what a session is for: given once, seen by every prompt.
type Brief struct {
	Objective   string
	Constraints []string
	Success     []string
	Background  string
}

// Limits of a brief, in bytes.
const (
	maxObjective  = 2000
	maxBackground = 8 * 1024
)

// Clean checks a brief's sizes and drops what cannot be shown.
func (b Brief) Clean() (Brief, error) {
	var err error
	if b.Objective, err = parseLine("objective", b.Objective, maxObjective); err != nil {
		return Brief{}, err
	}
	if b.Background, err = parseText("brief", b.Background, maxBackground); err != nil {
		return Brief{}, err
	}
	if b.Constraints, err = cleanLines("constraint", b.Constraints, MaxItem); err != nil {
		return Brief{}, err
	}
	if b.Success, err = cleanLines("success criterion", b.Success, MaxItem); err != nil {
		return Brief{}, err
	}
	if n := max(len(b.Constraints), len(b.Success)); n > maxListed {
		return Brief{}, Refuse("a brief lists at most %d constraints and %d success criteria, not %d", maxListed, maxListed, n)
	}
	return b, nil
}

// Start opens a session: the plan, its first phase, whoever starts it as owner.
// thread may be "" where the platform names it only once the session's first
// message is delivered; see [Session.Bind].
func (s Session) Start(by Human, in Room, channel ChannelKey, thread ThreadKey, plan Plan, b Brief, because string) (Decision, error) {
	if err := in.authorise(by, ToRecord, Human{}, object{}); err != nil {
		return Decision{}, err
	}
	if s.state != None {
		return Decision{}, Refuse("this thread runs %s already", s.plan.title).Try("status", "end because …")
	}
	if plan.IsZero() {
		return Decision{}, Refuse("a session follows a pattern").Try("start product-launch …", "list patterns")
	}
	b, err := b.Clean()
	if err != nil {
		return Decision{}, err
	}
	if b.Objective == "" {
		return Decision{}, Refuse("a session needs an objective: what should be true when it ends?").
			Try("start " + plan.name + " Launch an invoicing tool for freelancers")
	}
	s.plan = plan
	var first kit
	for i := range plan.phases { // a name that no source has is better told now than in week 5
		k, err := s.kitFor(in, i)
		if err != nil {
			return Decision{}, err
		}
		if i == 0 {
			first = k
		}
	}
	events := []Event{Started{channel, plan, b}}
	if thread != "" {
		events = append(events, Bound{thread})
	}
	return decide(by, because, append(events, s.enter(in, 0, first))...)
}

// Bind ties the session to its thread, once. A second binding to another
// thread is refused: that is how work ends up in the wrong place. Binding to
// the same thread again is the zero Decision.
func (s Session) Bind(by Human, thread ThreadKey) (Decision, error) {
	switch {
	case s.state == None:
		return Decision{}, nothingHere()
	case thread == "":
		return Decision{}, Refuse("a session is bound to a thread, and this is none").Try("start …")
	case s.thread == thread:
		return Decision{}, nil
	case s.thread != "":
		return Decision{}, Refuse("this session is bound to another thread").Try("list")
	}
	return decide(by, "", Bound{thread})
}

// kit is what a phase opens with.
type kit struct {
	persona Persona
	skills  []Skill
}

// kitFor is what the plan, or else the channel, or else the workspace gives a
// phase. A chain's step takes nothing but its own skill.
func (s Session) kitFor(in Room, i int) (kit, error) {
	persona, err := s.personaFor(in, i)
	if err != nil {
		return kit{}, err
	}
	skills, err := s.skillsFor(in, i)
	return kit{persona, skills}, err
}

func (s Session) personaFor(in Room, i int) (Persona, error) {
	name := s.plan.phases[i].Persona
	if name.IsZero() {
		if s.plan.kind == SkillChainKind {
			return Persona{}, nil
		}
		return in.defaultPersona(), nil
	}
	p, err := in.persona(name)
	p.From = FromPlan
	return p, err
}

func (s Session) skillsFor(in Room, i int) ([]Skill, error) {
	if names := s.plan.phases[i].Skills; len(names) > 0 { // a chain's step has one
		return in.skills(names, FromPlan)
	}
	return in.defaultSkills(), nil
}

func (in Room) persona(name PersonaName) (Persona, error) {
	if name.IsZero() {
		return Persona{From: FromThread}, nil
	}
	p, err := in.Shelf.Persona(name)
	p.From = FromThread
	return p, err
}

func (in Room) skills(names []SkillName, from Origin) ([]Skill, error) {
	out := make([]Skill, 0, len(names))
	for _, name := range names {
		skill, err := in.Shelf.Skill(name)
		if err != nil {
			return nil, err
		}
		skill.From = from
		if slices.ContainsFunc(out, skill.Same) {
			return nil, Refuse("%s stands twice in this list", name).Try("list skills")
		}
		out = append(out, skill)
	}
	return out, nil
}

func (in Room) defaultPersona() Persona {
	for _, level := range []struct {
		from Origin
		Settings
	}{{FromChannel, in.Channel}, {FromWorkspace, in.Workspace}} {
		if p := level.persona; !p.Name.IsZero() {
			p.From = level.from
			return p
		}
	}
	return Persona{}
}

func (in Room) defaultSkills() []Skill {
	skills, from := in.Channel.skills, FromChannel
	if len(skills) == 0 {
		skills, from = in.Workspace.skills, FromWorkspace
	}
	skills = slices.Clone(skills)
	for i := range skills {
		skills[i].From = from
	}
	return skills
}

// enter opens a phase now; calendar days are counted in the channel's zone, so
// that a phase entered at nine is due at nine whatever the clocks do between.
func (s Session) enter(in Room, i int, k kit) PhaseEntered {
	var due time.Time
	if days := s.plan.phases[i].Days; days > 0 {
		due = in.Now.In(in.Zone()).AddDate(0, 0, days)
	}
	return PhaseEntered{Phase: i, Persona: k.persona, Skills: k.skills, Due: due}
}
