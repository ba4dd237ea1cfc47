package orchestration

import "slices"

// Switch changes who is thinking in the open phase, or takes the newer content
// of whoever thinks already. The zero name is nobody.
func (s Session) Switch(by Human, in Room, name PersonaName, because string) (Decision, error) {
	if err := s.mayMove(by, in, "switch the persona"); err != nil {
		return Decision{}, err
	}
	p, err := s.newPersona(in, name)
	if err != nil {
		return Decision{}, err
	}
	if p.Name != s.persona.Name {
		if err := s.fixedPersona(p.Name); err != nil {
			return Decision{}, err
		}
	} else {
		p.From = s.persona.From
	}
	return decide(by, because, PersonaSwitched{p})
}

func (s Session) newPersona(in Room, name PersonaName) (Persona, error) {
	p, err := in.persona(name)
	if err != nil {
		return Persona{}, err
	}
	if p.Name == s.persona.Name && p.Pin == s.persona.Pin {
		return Persona{}, Refuse("%s is thinking here already", p.Name.orNobody()).Try("status")
	}
	return p, s.allowPersona(s.at, p.Name)
}

// fixedPersona refuses a plain switch where the pattern fixes the persona; an
// override with a reason may still do it.
func (s Session) fixedPersona(name PersonaName) error {
	switch s.plan.kind {
	case DomainDeepDiveKind:
		return Refuse("a domain-deep-dive keeps its one persona, %s", s.persona.Name.orNobody()).
			Try("override persona " + name.orNobody() + " because …")
	case MultiAgentHandoffKind:
		return Refuse("%s is for %s: the pattern says who thinks in each step", s.called(), s.phase().Persona).
			Try("override persona " + name.orNobody() + " because …")
	}
	return nil
}

// allowPersona holds what no override can set aside: a chain has no place for
// a persona, and nobody goes over their own work in a multi-agent-handoff.
func (s Session) allowPersona(i int, name PersonaName) error {
	switch s.plan.kind {
	case SkillChainKind:
		if !name.IsZero() {
			return Refuse("a skill-chain has no persona").Try("start solo-sprint …", "end because …")
		}
	case DomainDeepDiveKind, MultiAgentHandoffKind:
		if name.IsZero() {
			return Refuse("a %s needs a persona", s.plan.kind).Try("override persona startup-cto because …")
		}
	}
	if s.plan.kind == MultiAgentHandoffKind {
		for _, j := range [...]int{i - 1, i + 1} {
			if j >= 0 && j < len(s.plan.phases) && s.thinker(j, i) == name {
				return Refuse("%s has %s: the persona differs from one step to the next", name, s.plan.called(j)).
					Try("status")
			}
		}
	}
	return nil
}

// thinker is who thought in a step before another, or will think in one after.
func (s Session) thinker(j, i int) PersonaName {
	if j < i && !s.thought[j].IsZero() {
		return s.thought[j]
	}
	return s.plan.phases[j].Persona
}

// allowStack holds the number of skills a pattern's phase can have.
func (s Session) allowStack(skills []Skill) error {
	switch s.plan.kind {
	case SkillChainKind:
		if len(skills) != 1 {
			return Refuse("a step of a skill-chain has exactly one skill, not %d", len(skills)).
				Try("override skills seo-audit because …")
		}
	case DomainDeepDiveKind:
		if len(skills) < 2 {
			return Refuse("a domain-deep-dive stacks two skills or more, this would leave %d", len(skills)).
				Try("load …", "status")
		}
	}
	if len(skills) > maxStack {
		return tooManySkills()
	}
	return nil
}

// maxStack bounds a stack: what nobody can read, nobody can work by.
const maxStack = 32

func tooManySkills() Refusal {
	return Refuse("a stack holds at most %d skills", maxStack).Try("unload …", "status")
}

// someSkills is skills where there has to be one.
func (in Room) someSkills(names []SkillName, from Origin) ([]Skill, error) {
	if len(names) == 0 {
		return nil, Refuse("no skill is named").Try("load seo-audit")
	}
	return in.skills(names, from)
}

// Load puts skills on the open phase's stack, all or none. Loading a skill
// whose file has changed since takes the new content.
func (s Session) Load(by Human, in Room, names []SkillName, because string) (Decision, error) {
	if err := s.mayMove(by, in, "load a skill"); err != nil {
		return Decision{}, err
	}
	skills, err := in.someSkills(names, FromThread)
	if err != nil {
		return Decision{}, err
	}
	var events []Event
	stack := s.skills
	for _, skill := range skills {
		if i := slices.IndexFunc(stack, skill.Same); i >= 0 {
			if stack[i].Pin == skill.Pin {
				return Decision{}, Refuse("%s is loaded already", skill).Try("status", "unload "+skill.Name.Last())
			}
			skill.From = stack[i].From
		} else if s.plan.kind == SkillChainKind {
			return Decision{}, Refuse("%s of this skill-chain has its one skill, %s", s.called(), skillList(s.skills)).
				Try("override skills " + skill.Name.Last() + " because …")
		}
		stack = loaded(stack, skill)
		events = append(events, SkillLoaded{skill})
	}
	if err := s.allowStack(stack); err != nil {
		return Decision{}, err
	}
	return decide(by, because, events...)
}

// Unload takes skills off the stack, all or none.
func (s Session) Unload(by Human, in Room, names []SkillName, because string) (Decision, error) {
	if err := s.mayMove(by, in, "unload a skill"); err != nil {
		return Decision{}, err
	}
	skills, err := takeOff(s.skills, names)
	if err != nil {
		return Decision{}, err
	}
	stack := s.skills
	var events []Event
	for _, skill := range skills {
		stack = unloaded(stack, skill)
		events = append(events, SkillUnloaded{skill})
	}
	if err := s.allowStack(stack); err != nil {
		return Decision{}, err
	}
	return decide(by, because, events...)
}

// takeOff finds the skills to take off a stack. A name that stands twice in the
// list is not on the stack any more when it comes again.
func takeOff(stack []Skill, names []SkillName) ([]Skill, error) {
	if len(names) == 0 {
		return nil, Refuse("no skill is named").Try("status", "unload seo-audit")
	}
	var out []Skill
	for _, name := range names {
		skill, err := findLoaded(stack, name)
		if err != nil {
			return nil, err
		}
		stack = unloaded(stack, skill)
		out = append(out, skill)
	}
	return out, nil
}

// findLoaded finds one of the loaded skills by its name or its last segment.
func findLoaded(stack []Skill, name SkillName) (Skill, error) {
	var hits []Skill
	for _, skill := range stack {
		if skill.Name == name {
			return skill, nil
		}
		if skill.Name.Last() == name.Last() {
			hits = append(hits, skill)
		}
	}
	switch len(hits) {
	case 1:
		return hits[0], nil
	case 0:
		if len(stack) == 0 {
			return Skill{}, Refuse("no skill is loaded here").Try("load " + name.Last())
		}
		return Skill{}, Refuse("%q is not loaded; loaded are %s", name.Last(), skillList(stack)).Try("unload " + stack[0].Name.Last())
	}
	try := make([]string, len(hits))
	for i, skill := range hits {
		try[i] = "unload " + skill.Name.String()
	}
	return Skill{}, Refuse("%d loaded skills are called %s", len(hits), name.Last()).Try(try...)
}

// loaded is the stack with a skill on it, in its old place where it was there.
func loaded(stack []Skill, skill Skill) []Skill {
	stack = slices.Clone(stack)
	if i := slices.IndexFunc(stack, skill.Same); i >= 0 {
		stack[i] = skill
		return stack
	}
	return append(stack, skill)
}

func unloaded(stack []Skill, skill Skill) []Skill {
	return slices.DeleteFunc(slices.Clone(stack), skill.Same)
}

func sameSkills(a, b []Skill) bool {
	return slices.EqualFunc(a, b, Skill.Same)
}
