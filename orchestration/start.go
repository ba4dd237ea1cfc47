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
	if b.Constraints, err = cleanLines("constraint", b.Constraints); err != nil {
		return Brief{}, err
	}
	b.Success, err = cleanLines("success criterion", b.Success)
	return b, err
}

// Start opens a session: the plan, its first phase, whoever starts it as owner.
// thread may be "" where the platform names it only once the session's first
// message is delivered; see [Session.Bind].
func (s Session) Start(by Human, in Room, channel ChannelKey, thread ThreadKey, plan Plan, b Brief, because string) (Decision, error) {
	if err := s.may(by, in, ToRecord, onSession); err != nil {
		return Decision{}, err
	}
	if s.state != None {
		return Decision{}, Refuse("%s runs in this thread already", s.plan.title).Try("status", "end because …")
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
	s.phases = plan.phases
	s.plan = plan
	for i := range plan.phases { // a name that no source has is better told now than in week 5
		if _, err := s.kitFor(in, i); err != nil {
			return Decision{}, err
		}
	}
	first, err := s.kitFor(in, 0)
	if err != nil {
		return Decision{}, err
	}
	events := []Event{Started{channel, plan, b}}
	if thread != "" {
		events = append(events, Bound{thread})
	}
	return decide(by, because, append(events, s.enter(in, 0, first))...)
}

// Bind ties the session to its thread, once. A second binding to another
// thread is refused: that is how work ends up in the wrong place.
func (s Session) Bind(by Human, thread ThreadKey) (Decision, error) {
	switch {
	case s.state == None:
		return Decision{}, errNothingHere
	case s.thread == thread:
		return Decision{}, nil
	case s.thread != "":
		return Decision{}, Refuse("this session is bound to another thread")
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
	phase := s.phases[i]
	var k kit
	var err error
	if !phase.Persona.IsZero() {
		if k.persona, err = in.persona(phase.Persona); err != nil {
			return kit{}, err
		}
		k.persona.From = FromPlan
	} else if s.plan.kind != SkillChainKind {
		k.persona = in.defaultPersona()
	}
	if len(phase.Skills) > 0 || s.plan.kind == SkillChainKind {
		k.skills, err = in.skills(phase.Skills, FromPlan)
		return k, err
	}
	k.skills = in.defaultSkills()
	return k, nil
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
			return nil, Refuse("%s stands twice in this list", name)
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
	if days := s.phases[i].Days; days > 0 {
		due = in.Now.In(in.Zone()).AddDate(0, 0, days)
	}
	return PhaseEntered{Phase: i, Persona: k.persona, Skills: k.skills, Due: due}
}
