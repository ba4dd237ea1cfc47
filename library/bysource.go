package library

// BySource says how much of what is on the shelf comes from one source.
func (s *Snapshot) BySource(name string) Count {
	c := Count{Sources: 1}
	for _, it := range s.items {
		switch {
		case it.Pin.Source != name:
		case it.Kind == SkillKind:
			c.Skills++
		case it.Subagent:
			c.Subagents++
		default:
			c.Personas++
		}
	}
	for _, p := range s.patterns {
		if p.Source == name {
			c.Patterns++
		}
	}
	return c
}
