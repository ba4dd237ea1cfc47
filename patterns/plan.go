package patterns

import (
	"slices"

	"github.com/synthoperator/baton/orchestration"
)

// plan builds the plan through its kind's constructor, which holds the rules.
func (r reader) plan(t orchestration.Title, phases []orchestration.Phase) (orchestration.Plan, error) {
	kind := orchestration.Kind(r.f.Kind)
	if len(phases) == 0 {
		return orchestration.Plan{}, r.fail(-1, "kind", "add [[phase]]", "has no [[phase]]")
	}
	if kind != orchestration.MultiAgentHandoffKind {
		if r.f.Sealed != nil {
			return orchestration.Plan{}, r.fail(-1, "sealed", "remove it", "only a multi-agent-handoff can be sealed")
		}
		if i := slices.IndexFunc(phases, func(p orchestration.Phase) bool { return p.Part != orchestration.NoPart }); i >= 0 {
			return orchestration.Plan{}, r.fail(i, "part", "remove it", "only a multi-agent-handoff has parts")
		}
	}
	switch kind {
	case orchestration.SoloSprintKind:
		return r.locate(phases, func(p []orchestration.Phase) (orchestration.Plan, error) { return orchestration.SoloSprint(t, p...) })
	case orchestration.DomainDeepDiveKind:
		return r.dive(t, phases)
	case orchestration.MultiAgentHandoffKind:
		return r.review(t, phases)
	case orchestration.SkillChainKind:
		return r.chain(t, phases)
	}
	return orchestration.Plan{}, r.fail(-1, "kind", `kind = "solo-sprint"`,
		"%q is no kind: solo-sprint, domain-deep-dive, multi-agent-handoff and skill-chain are", r.f.Kind)
}

// locate calls a constructor and, where it refuses, finds the phase at fault:
// the first one with which the same refusal comes.
func (r reader) locate(phases []orchestration.Phase, build func([]orchestration.Phase) (orchestration.Plan, error)) (orchestration.Plan, error) {
	plan, err := build(phases)
	if err == nil {
		return plan, nil
	}
	at := len(phases) - 1
	for i := range phases {
		if _, again := build(phases[:i+1]); again != nil && again.Error() == err.Error() {
			at = i
			break
		}
	}
	return plan, r.fail(at, "", "change this [[phase]]", "%v", err)
}

func (r reader) dive(t orchestration.Title, phases []orchestration.Phase) (orchestration.Plan, error) {
	if len(phases) > 1 {
		return orchestration.Plan{}, r.fail(1, "", "remove this [[phase]], or take kind = \"solo-sprint\"", "a domain-deep-dive has exactly one phase, this one %d", len(phases))
	}
	p := phases[0]
	return r.locate(phases, func([]orchestration.Phase) (orchestration.Plan, error) {
		return orchestration.DomainDeepDive(t, orchestration.Dive{
			Name: p.Name, Objective: p.Objective, Days: p.Days,
			Persona: p.Persona, Skills: p.Skills, Deliverables: p.Deliverables,
		})
	})
}

func (r reader) chain(t orchestration.Title, phases []orchestration.Phase) (orchestration.Plan, error) {
	links := make([]orchestration.Link, len(phases))
	for i, p := range phases {
		if !p.Persona.IsZero() {
			return orchestration.Plan{}, r.fail(i, "persona", "remove it, or take kind = \"solo-sprint\"", "a skill-chain has no persona")
		}
		if len(p.Skills) != 1 {
			return orchestration.Plan{}, r.fail(i, "skills", `skills = ["seo-audit"]`, "a step of a skill-chain has exactly one skill, this one %d", len(p.Skills))
		}
		links[i] = orchestration.Link{Name: p.Name, Objective: p.Objective, Days: p.Days, Skill: p.Skills[0], Deliverables: p.Deliverables}
	}
	return r.locate(phases, func(p []orchestration.Phase) (orchestration.Plan, error) {
		return orchestration.SkillChain(t, links[:len(p)]...)
	})
}

// review holds the order of the parts, which the constructor takes as given.
func (r reader) review(t orchestration.Title, phases []orchestration.Phase) (orchestration.Plan, error) {
	for i, p := range phases {
		want := orchestration.Reviewer
		switch i {
		case 0:
			want = orchestration.Author
		case len(phases) - 1:
			want = orchestration.Decider
		}
		if p.Part == "" {
			return orchestration.Plan{}, r.fail(i, "", `part = "`+string(want)+`"`, "a phase of a multi-agent-handoff has a part")
		}
		if p.Part != want {
			return orchestration.Plan{}, r.fail(i, "part", `part = "`+string(want)+`"`,
				"this phase is %q; a multi-agent-handoff goes author, reviewers, decider", p.Part)
		}
	}
	if len(phases) < 3 {
		return orchestration.Plan{}, r.fail(len(phases)-1, "", `add a [[phase]] with part = "reviewer"`, "a multi-agent-handoff has at least one reviewer between author and decider")
	}
	sealed := r.f.Sealed != nil && *r.f.Sealed
	return r.locate(phases, func(p []orchestration.Phase) (orchestration.Plan, error) {
		if len(p) < 3 { // too short to stand alone: lend it steps that break no rule
			p = slices.Concat(p, lent()[len(p)-1:])
		}
		return orchestration.MultiAgentHandoff(t, orchestration.Review{
			Author: p[0], Reviewers: p[1 : len(p)-1], Decider: p[len(p)-1], Sealed: sealed,
		})
	})
}

// lent are a second and a third step that agree with any first one.
func lent() []orchestration.Phase {
	names := [2]orchestration.PersonaName{}
	for i, name := range []string{"the-second", "the-third"} {
		names[i], _ = orchestration.ParsePersonaName(name) // both are names
	}
	return []orchestration.Phase{{Name: "the second", Persona: names[0]}, {Name: "the third", Persona: names[1]}}
}
