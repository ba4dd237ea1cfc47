package orchestration

import (
	"slices"
	"strings"
)

// Adjust is what a person changes about a pattern when starting it.
type Adjust struct {
	Personas []PersonaName // one for a deep-dive; author, reviewers, decider for a handoff
	Skills   []SkillName   // the stack of a deep-dive; the steps of a chain
	Sealed   *bool         // only a multi-agent-handoff
}

// IsZero reports whether nothing is changed.
func (a Adjust) IsZero() bool { return len(a.Personas)+len(a.Skills) == 0 && a.Sealed == nil }

// With is the plan with a person's changes, built by its kind's constructor
// again so that the kind's rules hold for the result too.
func (p Plan) With(a Adjust) (Plan, error) {
	if a.IsZero() {
		return p, nil
	}
	if a.Sealed != nil && p.kind != MultiAgentHandoffKind {
		return Plan{}, Refuse("only a multi-agent-handoff has sealed reviews, %s is a %s", p.name, p.kind).
			Try("start multi-agent-handoff sealed: yes …")
	}
	t := Title{p.name, p.title}
	switch p.kind {
	case DomainDeepDiveKind:
		return p.withDive(t, a)
	case SkillChainKind:
		return p.withChain(t, a)
	case MultiAgentHandoffKind:
		return p.withReview(t, a)
	}
	return Plan{}, Refuse("a solo-sprint takes its personas and skills from its phases").
		Try("start "+p.name+" …", "override persona … because …", "load …")
}

func (p Plan) withDive(t Title, a Adjust) (Plan, error) {
	if len(a.Personas) > 1 {
		return Plan{}, Refuse("a domain-deep-dive has exactly one persona, not %d", len(a.Personas)).
			Try("start " + p.name + " persona: startup-cto …")
	}
	phase := p.phases[0]
	d := Dive{phase.Name, phase.Objective, phase.Days, phase.Persona, phase.Skills, phase.Deliverables}
	if len(a.Personas) == 1 {
		d.Persona = a.Personas[0]
	}
	if len(a.Skills) > 0 {
		d.Skills = a.Skills
	}
	return DomainDeepDive(t, d)
}

func (p Plan) withChain(t Title, a Adjust) (Plan, error) {
	if len(a.Personas) > 0 {
		return Plan{}, Refuse("a skill-chain has no persona").Try("start " + p.name + " skills: copywriting, seo-audit …")
	}
	links := make([]Link, len(a.Skills))
	for i, s := range a.Skills {
		links[i] = Link{Skill: s}
	}
	return SkillChain(t, links...)
}

func (p Plan) withReview(t Title, a Adjust) (Plan, error) {
	if len(a.Skills) > 0 {
		return Plan{}, Refuse("the steps of a multi-agent-handoff load their own skills").Try("load senior-security")
	}
	steps := p.Phases()
	if n := len(a.Personas); n > 0 {
		if n < 3 {
			return Plan{}, Refuse("a multi-agent-handoff needs an author, a reviewer and a decider, in that order").
				Try("start " + p.name + " personas: startup-cto, growth-marketer, solo-founder …")
		}
		steps = stepsFor(steps, a.Personas)
	}
	r := Review{Author: steps[0], Reviewers: steps[1 : len(steps)-1], Decider: steps[len(steps)-1], Sealed: p.sealed}
	if a.Sealed != nil {
		r.Sealed = *a.Sealed
	}
	return MultiAgentHandoff(t, r)
}

// stepsFor keeps the pattern's steps as models for as many as there are
// personas: each for its own where the numbers are the same, else author, first
// reviewer and decider for theirs.
func stepsFor(model []Phase, personas []PersonaName) []Phase {
	last := len(personas) - 1
	steps := make([]Phase, len(personas))
	for i, name := range personas {
		switch {
		case len(personas) == len(model):
			steps[i] = model[i]
		case i == last:
			steps[i] = model[len(model)-1]
		default:
			steps[i] = model[min(i, 1)]
		}
		if len(personas) != len(model) && i > 0 && i < last && last > 2 {
			steps[i].Name = reviewName(steps[:i], name)
		}
		steps[i].Persona = name
	}
	return steps
}

// reviewName is a name for a review that none of the steps before has.
func reviewName(before []Phase, by PersonaName) string {
	name := "Review by " + by.Last()
	for n := 2; slices.ContainsFunc(before, func(p Phase) bool { return sameName(p.Name, name) }); n++ {
		name = "Review " + itoa(n) + " by " + by.Last()
	}
	return name
}

// sameName compares names of phases as people type them.
func sameName(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}
