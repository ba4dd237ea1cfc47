package orchestration

// RecallPlan is a plan read back from the log. It was made by one of the four
// constructors when it was written; it is not checked again, so that a rule of
// a later release cannot make an old log unreadable. Only the log calls it; a
// test holds that.
func RecallPlan(t Title, kind Kind, sealed bool, phases []Phase) Plan {
	return Plan{name: t.Name, title: t.Text, kind: kind, sealed: sealed, phases: phases}
}

// RecallPersonaName is a name read back from the log, as [RecallPlan] is a plan.
func RecallPersonaName(text string) PersonaName { return PersonaName{text} }

// RecallSkillName is a name read back from the log, as [RecallPlan] is a plan.
func RecallSkillName(text string) SkillName { return SkillName{text} }

// RecallHuman is a person read back from the log, as [RecallPlan] is a plan.
func RecallHuman(id PersonID, name string) Human { return Human{id, name} }
