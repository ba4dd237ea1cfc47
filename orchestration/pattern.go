package orchestration

import "slices"

// Kind is one of the protocol's four patterns. Each has rules of its own.
type Kind string

// The four patterns.
const (
	SoloSprintKind        Kind = "solo-sprint"
	DomainDeepDiveKind    Kind = "domain-deep-dive"
	MultiAgentHandoffKind Kind = "multi-agent-handoff"
	SkillChainKind        Kind = "skill-chain"
)

// Part is what a step of a multi-agent-handoff is for.
type Part string

// The parts, in the order they are played.
const (
	NoPart   Part = ""
	Author   Part = "author"
	Reviewer Part = "reviewer"
	Decider  Part = "decider"
)

// Phase is one stretch of a plan.
type Phase struct {
	Name         string
	Objective    string
	Days         int         // calendar days it is planned to last; 0 says nothing
	Persona      PersonaName // zero: the plan names nobody
	Skills       []SkillName
	Deliverables []string
	Part         Part // only in a multi-agent-handoff
}

// Plan is a pattern with its phases: what a session will run. Only the four
// constructors make one, so that a plan which breaks its kind's rules does not
// exist. The zero Plan is none.
type Plan struct {
	name   string
	title  string
	kind   Kind
	sealed bool
	phases []Phase
}

// Title is a plan's name for commands and its title for people.
type Title struct{ Name, Text string }

// SoloSprint is one objective crossing domains in time: one persona a phase,
// any skills.
func SoloSprint(t Title, phases ...Phase) (Plan, error) {
	if len(phases) == 0 {
		return Plan{}, Refuse("a solo-sprint has at least one phase")
	}
	for _, p := range phases {
		if p.Persona.IsZero() {
			return Plan{}, Refuse("phase %q names no persona: a solo-sprint has one per phase", p.Name)
		}
		if p.Part != NoPart {
			return Plan{}, Refuse("phase %q is a %s: only a multi-agent-handoff has parts", p.Name, p.Part)
		}
	}
	return newPlan(t, SoloSprintKind, phases)
}

// Dive is the one phase of a domain-deep-dive.
type Dive struct {
	Name, Objective string
	Days            int
	Persona         PersonaName
	Skills          []SkillName
	Deliverables    []string
}

// DomainDeepDive is one domain at full depth: one persona, fixed, and two
// skills or more, stacked, in one phase.
func DomainDeepDive(t Title, d Dive) (Plan, error) {
	if d.Persona.IsZero() {
		return Plan{}, Refuse("a domain-deep-dive has exactly one persona, this one none").
			Try("start " + t.Name + " persona: startup-cto …")
	}
	if len(d.Skills) < 2 {
		return Plan{}, Refuse("a domain-deep-dive stacks two skills or more, this one has %d", len(d.Skills)).
			Try("start " + t.Name + " skills: senior-security, cto-advisor …")
	}
	if d.Name == "" {
		d.Name = "Deep dive"
	}
	return newPlan(t, DomainDeepDiveKind, []Phase{{
		Name: d.Name, Objective: d.Objective, Days: d.Days, Persona: d.Persona,
		Skills: d.Skills, Deliverables: d.Deliverables,
	}})
}

// Review is the steps of a multi-agent-handoff. The parts are set from the
// place a step stands in.
type Review struct {
	Author    Phase
	Reviewers []Phase
	Decider   Phase
	Sealed    bool // reviewers see the author's artifact but not each other
}

// MultiAgentHandoff is personas going over each other's work: an author, one
// reviewer or more, a decider; the persona differs from one step to the next.
func MultiAgentHandoff(t Title, r Review) (Plan, error) {
	if len(r.Reviewers) == 0 {
		return Plan{}, Refuse("a multi-agent-handoff has at least one reviewer between author and decider")
	}
	steps := make([]Phase, 0, len(r.Reviewers)+2)
	steps = append(steps, withPart(r.Author, Author))
	for _, p := range r.Reviewers {
		steps = append(steps, withPart(p, Reviewer))
	}
	steps = append(steps, withPart(r.Decider, Decider))
	for i, p := range steps {
		if p.Persona.IsZero() {
			return Plan{}, Refuse("step %q names no persona: every step of a multi-agent-handoff has one", p.Name)
		}
		if i > 0 && p.Persona == steps[i-1].Persona {
			return Plan{}, Refuse("steps %q and %q are both %s: the persona differs from one step to the next",
				steps[i-1].Name, p.Name, p.Persona)
		}
	}
	plan, err := newPlan(t, MultiAgentHandoffKind, steps)
	if err != nil {
		return Plan{}, err
	}
	plan.sealed = r.Sealed
	return plan, nil
}

func withPart(p Phase, part Part) Phase {
	p.Part = part
	return p
}

// Link is one step of a skill-chain: one skill, and no place for a persona.
type Link struct {
	Name, Objective string
	Days            int
	Skill           SkillName
	Deliverables    []string
}

// SkillChain is skills in sequence without a persona: the output of a step is
// the input of the next.
func SkillChain(t Title, links ...Link) (Plan, error) {
	if len(links) == 0 {
		return Plan{}, Refuse("a skill-chain has at least one step").Try("start " + t.Name + " skills: copywriting, seo-audit …")
	}
	phases := make([]Phase, len(links))
	for i, l := range links {
		if l.Skill.IsZero() {
			return Plan{}, Refuse("step %d names no skill: a skill-chain has exactly one per step", i+1)
		}
		if l.Name == "" {
			l.Name = l.Skill.Last()
		}
		phases[i] = Phase{
			Name: l.Name, Objective: l.Objective, Days: l.Days,
			Skills: []SkillName{l.Skill}, Deliverables: l.Deliverables,
		}
	}
	return newPlan(t, SkillChainKind, phases)
}

// Limits of a plan. A year of weeks is plenty.
const (
	maxPhases    = 52
	maxPhaseName = 100  // bytes
	maxDays      = 3660 // ten years
	maxListed    = 50   // deliverables, constraints, success criteria
)

func newPlan(t Title, kind Kind, phases []Phase) (Plan, error) {
	if len(phases) > maxPhases {
		return Plan{}, Refuse("a plan has at most %d phases, this one %d", maxPhases, len(phases))
	}
	phases = copyPhases(phases)
	for i := range phases {
		if err := phases[i].clean(i); err != nil {
			return Plan{}, err
		}
		p := phases[i]
		if j := slices.IndexFunc(phases[:i], func(q Phase) bool { return sameName(q.Name, p.Name) }); j >= 0 {
			return Plan{}, Refuse("phases %d and %d are both called %q", j+1, i+1, p.Name)
		}
	}
	return Plan{name: t.Name, title: t.Text, kind: kind, phases: phases}, nil
}

// clean checks what holds for a phase of every kind.
func (p *Phase) clean(i int) error {
	var err error
	if p.Name, err = parseLine("phase name", p.Name, maxPhaseName); err != nil {
		return err
	}
	if p.Name == "" {
		return Refuse("phase %d has no name", i+1)
	}
	if p.Objective, err = parseLine("objective of phase "+p.Name, p.Objective, maxObjective); err != nil {
		return err
	}
	if p.Deliverables, err = cleanLines("deliverable", p.Deliverables, MaxItem); err != nil {
		return err
	}
	if len(p.Deliverables) > maxListed {
		return Refuse("phase %q has %d deliverables, at most %d are possible", p.Name, len(p.Deliverables), maxListed)
	}
	if p.Days < 0 || p.Days > maxDays {
		return Refuse("phase %q lasts %d days: 0 to %d are possible", p.Name, p.Days, maxDays)
	}
	if len(p.Skills) > maxStack {
		return Refuse("phase %q loads %d skills, a stack holds at most %d", p.Name, len(p.Skills), maxStack)
	}
	for k, skill := range p.Skills {
		if skill.IsZero() {
			return Refuse("skill %d of phase %q has no name", k+1, p.Name)
		}
		if slices.Contains(p.Skills[:k], skill) {
			return Refuse("phase %q loads %s twice", p.Name, skill)
		}
	}
	return nil
}

func copyPhases(in []Phase) []Phase {
	out := slices.Clone(in)
	for i := range out {
		out[i].Skills = slices.Clone(out[i].Skills)
		out[i].Deliverables = slices.Clone(out[i].Deliverables)
	}
	return out
}

// Name is what the plan is called in commands; Text what people read.
func (p Plan) Name() string { return p.name }

// Title is the plan's name for people.
func (p Plan) Title() string { return p.title }

// Kind is the pattern whose rules hold.
func (p Plan) Kind() Kind { return p.kind }

// Sealed reports whether reviewers are kept from seeing each other's reviews.
func (p Plan) Sealed() bool { return p.sealed }

// IsZero reports whether this is no plan.
func (p Plan) IsZero() bool { return p.kind == "" }

// Len is the number of phases.
func (p Plan) Len() int { return len(p.phases) }

// Phase is the phase at that index, counted from 0. Its slices are shared:
// read them only.
func (p Plan) Phase(i int) Phase { return p.phases[i] }

// called is a phase as a sentence names it: "phase Build", "step copywriting".
func (p Plan) called(i int) string {
	if p.kind == SkillChainKind || p.kind == MultiAgentHandoffKind {
		return "step " + p.phases[i].Name
	}
	return "phase " + p.phases[i].Name
}

// Phases is a copy of all phases.
func (p Plan) Phases() []Phase { return copyPhases(p.phases) }

// Days is how long the whole plan is meant to last.
func (p Plan) Days() int {
	sum := 0
	for _, phase := range p.phases {
		sum += phase.Days
	}
	return sum
}
