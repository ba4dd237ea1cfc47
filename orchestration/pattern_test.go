package orchestration

import (
	"slices"
	"strings"
	"testing"
)

func TestPlanThatBreaksItsPatternDoesNotExist(t *testing.T) {
	cto, cmo, founder := persona("startup-cto"), persona("growth-marketer"), persona("solo-founder")
	title := Title{"mine", "Mine"}
	many := make([]Phase, maxPhases+1)
	for i := range many {
		many[i] = Phase{Name: "P" + itoa(i), Persona: cto}
	}
	review := func(r Review) func() (Plan, error) {
		return func() (Plan, error) { return MultiAgentHandoff(title, r) }
	}
	sprintOf := func(p ...Phase) func() (Plan, error) {
		return func() (Plan, error) { return SoloSprint(title, p...) }
	}
	for _, tt := range []struct {
		name string
		make func() (Plan, error)
		says string
	}{
		{"sprint without phases", sprintOf(), "at least one phase"},
		{"sprint phase without persona", sprintOf(Phase{Name: "Build"}), "names no persona"},
		{"sprint phase with a part", sprintOf(Phase{Name: "Build", Persona: cto, Part: Reviewer}), "only a multi-agent-handoff has parts"},
		{"phase without name", sprintOf(Phase{Persona: cto}), "phase 1 has no name"},
		{"phase with an invisible name", sprintOf(Phase{Name: "\u200b", Persona: cto}), "phase 1 has no name"},
		{"two phases of one name", sprintOf(Phase{Name: "Build", Persona: cto}, Phase{Name: " bUILD ", Persona: cto}), "both called"},
		{"name too long", sprintOf(Phase{Name: strings.Repeat("x", 101), Persona: cto}), "101 bytes"},
		{"negative days", sprintOf(Phase{Name: "Build", Persona: cto, Days: -1}), "lasts -1 days"},
		{"eleven years", sprintOf(Phase{Name: "Build", Persona: cto, Days: 4000}), "lasts 4000 days"},
		{"a skill twice", sprintOf(Phase{Name: "Build", Persona: cto, Skills: skills("a", "a")}), "loads a twice"},
		{"a skill without name", sprintOf(Phase{Name: "Build", Persona: cto, Skills: []SkillName{{}}}), "has no name"},
		{"a stack nobody can read", sprintOf(Phase{Name: "Build", Persona: cto, Skills: manySkills(maxStack + 1)}), "at most 32"},
		{"too many deliverables", sprintOf(Phase{Name: "Build", Persona: cto, Deliverables: manyLines(51)}), "51 deliverables"},
		{"objective too long", sprintOf(Phase{Name: "Build", Persona: cto, Objective: strings.Repeat("x", 2001)}), "objective of phase Build"},
		{"too many phases", sprintOf(many...), "at most 52 phases"},

		{"deep dive without persona", func() (Plan, error) { return DomainDeepDive(title, Dive{Skills: skills("a", "b")}) }, "exactly one persona"},
		{"deep dive with one skill", func() (Plan, error) { return DomainDeepDive(title, Dive{Persona: cto, Skills: skills("a")}) }, "two skills or more, this one has 1"},
		{"deep dive with one skill twice", func() (Plan, error) { return DomainDeepDive(title, Dive{Persona: cto, Skills: skills("a", "a")}) }, "loads a twice"},

		{"handoff without reviewers", review(Review{Author: Phase{Name: "A", Persona: cto}, Decider: Phase{Name: "D", Persona: founder}}), "at least one reviewer"},
		{"author without persona", review(Review{Author: Phase{Name: "A"}, Reviewers: []Phase{{Name: "R", Persona: cmo}}, Decider: Phase{Name: "D", Persona: founder}}), "names no persona"},
		{"author reviews", review(Review{Author: Phase{Name: "A", Persona: cto}, Reviewers: []Phase{{Name: "R", Persona: cto}}, Decider: Phase{Name: "D", Persona: founder}}), "differs from one step to the next"},
		{"reviewer decides", review(Review{Author: Phase{Name: "A", Persona: cto}, Reviewers: []Phase{{Name: "R", Persona: cmo}}, Decider: Phase{Name: "D", Persona: cmo}}), "differs from one step to the next"},

		{"chain without steps", func() (Plan, error) { return SkillChain(title) }, "at least one step"},
		{"step without skill", func() (Plan, error) { return SkillChain(title, Link{Name: "Write"}) }, "step 1 names no skill"},
		{"one skill twice without names", func() (Plan, error) {
			return SkillChain(title, Link{Skill: skills("a")[0]}, Link{Skill: skills("a")[0]})
		}, "both called"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, err := tt.make()
			checkRefusal(t, err, tt.says)
			if !p.IsZero() {
				t.Errorf("and there is a plan all the same: %+v", p)
			}
		})
	}
}

func manySkills(n int) []SkillName {
	var out []SkillName
	for i := range n {
		out = append(out, skills("s"+itoa(i))...)
	}
	return out
}

func manyLines(n int) []string {
	var out []string
	for i := range n {
		out = append(out, "line "+itoa(i))
	}
	return out
}

func TestPatternsAsTheProtocolHasThem(t *testing.T) {
	p := dive()
	if p.Len() != 1 || p.Phase(0).Name != "Deep dive" || p.Kind() != DomainDeepDiveKind {
		t.Errorf("deep dive: %+v", p)
	}
	p = chain()
	if names := phaseNames(p); !slices.Equal(names, []string{"content-strategy", "copywriting", "seo-audit"}) {
		t.Errorf("steps are called %q", names)
	}
	for i := range p.Len() {
		if !p.Phase(i).Persona.IsZero() || len(p.Phase(i).Skills) != 1 {
			t.Errorf("step %d has %v and %v", i+1, p.Phase(i).Persona, p.Phase(i).Skills)
		}
	}
	p = reviewOf(true)
	var parts []Part
	for _, ph := range p.Phases() {
		parts = append(parts, ph.Part)
	}
	if !slices.Equal(parts, []Part{Author, Reviewer, Reviewer, Decider}) || !p.Sealed() {
		t.Errorf("parts %q, sealed %t", parts, p.Sealed())
	}
	p = sprint()
	if p.Name() != "product-launch" || p.Title() != "Product launch" || p.Days() != 42 {
		t.Errorf("%s, %s, %d days", p.Name(), p.Title(), p.Days())
	}
}

func phaseNames(p Plan) []string {
	var out []string
	for _, ph := range p.Phases() {
		out = append(out, ph.Name)
	}
	return out
}

// A plan is a value: neither what it was made from nor a copy of it reaches it.
func TestPlanIsNobodysToChange(t *testing.T) {
	stack := skills("a", "b")
	wanted := []string{"doc", "MVP"}
	phases := []Phase{{Name: "Build", Persona: persona("x"), Skills: stack, Deliverables: wanted}}
	p := must(SoloSprint(Title{"p", "P"}, phases...))
	copied := p.Phases()

	stack[0], wanted[0], phases[0].Name = skills("z")[0], "z", "z"
	copied[0].Name, copied[0].Skills[0], copied[0].Deliverables[0] = "z", skills("z")[0], "z"

	got := p.Phase(0)
	if got.Name != "Build" || got.Skills[0].String() != "a" || got.Deliverables[0] != "doc" {
		t.Errorf("the plan became %+v", got)
	}
}

func TestAdjustPlan(t *testing.T) {
	yes, no := true, false
	three := []PersonaName{persona("a"), persona("b"), persona("c")}
	for _, tt := range []struct {
		name string
		plan Plan
		a    Adjust
		says string // the refusal, or
		want string // names and personas of the phases
	}{
		{"nothing", sprint(), Adjust{}, "", "Build:startup-cto Prepare:growth-marketer Ship:solo-founder Iterate:solo-founder"},
		{"sprint", sprint(), Adjust{Personas: three}, "takes its personas and skills from its phases", ""},
		{"sprint sealed", sprint(), Adjust{Sealed: &yes}, "only a multi-agent-handoff has sealed reviews", ""},
		{"dive persona", dive(), Adjust{Personas: three[:1]}, "", "Deep dive:a"},
		{"dive with two personas", dive(), Adjust{Personas: three[:2]}, "exactly one persona, not 2", ""},
		{"dive with one skill", dive(), Adjust{Skills: skills("x")}, "two skills or more", ""},
		{"chain skills", chain(), Adjust{Skills: skills("x", "y")}, "", "x: y:"},
		{"chain persona", chain(), Adjust{Personas: three[:1]}, "a skill-chain has no persona", ""},
		{"chain sealed", chain(), Adjust{Sealed: &no}, "only a multi-agent-handoff", ""},
		{"review skills", reviewOf(false), Adjust{Skills: skills("x")}, "load their own skills", ""},
		{"two for a review", reviewOf(false), Adjust{Personas: three[:2]}, "an author, a reviewer and a decider", ""},
		{"three for a review", reviewOf(false), Adjust{Personas: three}, "", "Design:a Market review:b Trade-off:c"},
		{"as many as it has", reviewOf(false), Adjust{Personas: append(three, persona("d"))}, "", "Design:a Market review:b Cost review:c Trade-off:d"},
		{
			"five for a review", reviewOf(false),
			Adjust{Personas: append(three, persona("d"), persona("e"))},
			"",
			"Design:a Review by b:b Review by c:c Review by d:d Trade-off:e",
		},
		{
			"one reviews twice", reviewOf(false),
			Adjust{Personas: []PersonaName{three[0], three[1], three[2], three[1], three[0]}},
			"",
			"Design:a Review by b:b Review by c:c Review 2 by b:b Trade-off:a",
		},
		{"author reviews", reviewOf(false), Adjust{Personas: []PersonaName{three[0], three[0], three[1]}}, "differs from one step to the next", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, err := tt.plan.With(tt.a)
			if tt.says != "" {
				checkRefusal(t, err, tt.says)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var words []string
			for _, ph := range p.Phases() {
				words = append(words, ph.Name+":"+ph.Persona.String())
			}
			if got := strings.Join(words, " "); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
			if p.Kind() != tt.plan.Kind() {
				t.Errorf("%s became %s", tt.plan.Kind(), p.Kind())
			}
		})
	}
	p, err := reviewOf(false).With(Adjust{Sealed: &yes})
	if err != nil || !p.Sealed() {
		t.Errorf("sealed: %t, %v", p.Sealed(), err)
	}
}

// Each of as many personas as a review has steps keeps its step's own skills.
func TestAdjustKeepsEachStepsOwn(t *testing.T) {
	p := must(MultiAgentHandoff(Title{"r", "R"}, Review{
		Author:    Phase{Name: "A", Persona: persona("x")},
		Reviewers: []Phase{{Name: "B", Persona: persona("y"), Skills: skills("one")}, {Name: "C", Persona: persona("z"), Skills: skills("two")}},
		Decider:   Phase{Name: "D", Persona: persona("x")},
	}))
	p = must(p.With(Adjust{Personas: []PersonaName{persona("a"), persona("b"), persona("c"), persona("d")}}))
	if got := p.Phase(2).Skills; len(got) != 1 || got[0].String() != "two" {
		t.Errorf("the second reviewer loads %v", got)
	}
}
