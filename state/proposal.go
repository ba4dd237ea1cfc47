package state

import o "github.com/synthoperator/baton/orchestration"

// proposed is an agent's wish in stored form: exactly one of the four is set.
type proposed struct {
	ID      int           `json:"id"`
	Task    int           `json:"task"`
	Item    *proposedItem `json:"item,omitempty"`
	Handoff *handoff      `json:"handoff,omitempty"`
	Persona *proposedName `json:"persona,omitempty"`
	Skills  *proposedList `json:"skills,omitempty"`
}

type (
	proposedItem struct {
		Kind o.ItemKind `json:"kind"`
		Text string     `json:"text"`
	}
	proposedName struct {
		Name string `json:"name,omitempty"`
		Why  string `json:"why,omitempty"`
	}
	proposedList struct {
		Names []string `json:"names,omitempty"`
		Why   string   `json:"why,omitempty"`
	}
)

func toProposed(e o.Proposed) proposed {
	s := proposed{ID: e.ID, Task: e.Task}
	switch p := e.Proposal.(type) {
	case o.ProposeItem:
		s.Item = &proposedItem{p.Kind, p.Text}
	case o.ProposeHandoff:
		h := toHandoff(p.Handoff)
		s.Handoff = &h
	case o.ProposePersona:
		s.Persona = &proposedName{p.Persona.String(), p.Why}
	case o.ProposeSkills:
		s.Skills = &proposedList{skillNames(p.Skills), p.Why}
	}
	return s
}

// fromProposed leaves the proposal nil where a newer release wrote a kind that
// this one does not know; the rules refuse to approve it.
func fromProposed(s proposed) o.Proposed {
	e := o.Proposed{ID: s.ID, Task: s.Task}
	switch {
	case s.Item != nil:
		e.Proposal = o.ProposeItem{Kind: s.Item.Kind, Text: s.Item.Text}
	case s.Handoff != nil:
		e.Proposal = o.ProposeHandoff{Handoff: s.Handoff.handoff()}
	case s.Persona != nil:
		e.Proposal = o.ProposePersona{Persona: o.RecallPersonaName(s.Persona.Name), Why: s.Persona.Why}
	case s.Skills != nil:
		e.Proposal = o.ProposeSkills{Skills: recallSkills(s.Skills.Names), Why: s.Skills.Why}
	}
	return e
}
