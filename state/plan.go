package state

import (
	"time"

	o "github.com/synthoperator/baton/orchestration"
)

// Stored forms of what a session starts with and passes on.
type (
	started struct {
		Channel o.ChannelKey `json:"channel"`
		Plan    plan         `json:"plan"`
		Brief   brief        `json:"brief"`
	}
	plan struct {
		Name   string  `json:"name"`
		Title  string  `json:"title,omitempty"`
		Kind   o.Kind  `json:"kind"`
		Sealed bool    `json:"sealed,omitempty"`
		Phases []phase `json:"phases"`
	}
	phase struct {
		Name         string   `json:"name"`
		Objective    string   `json:"objective,omitempty"`
		Days         int      `json:"days,omitempty"`
		Persona      string   `json:"persona,omitempty"`
		Skills       []string `json:"skills,omitempty"`
		Deliverables []string `json:"deliverables,omitempty"`
		Part         o.Part   `json:"part,omitempty"`
	}
	brief struct {
		Objective   string   `json:"objective,omitempty"`
		Constraints []string `json:"constraints,omitempty"`
		Success     []string `json:"success,omitempty"`
		Background  string   `json:"background,omitempty"`
	}
	phaseEntered struct {
		Phase   int       `json:"phase"`
		Persona *pinned   `json:"persona,omitempty"`
		Skills  []pinned  `json:"skills,omitempty"`
		Due     time.Time `json:"due,omitzero"`
	}
	itemRecorded struct {
		ID    int        `json:"id"`
		Kind  o.ItemKind `json:"kind"`
		Text  string     `json:"text"`
		Owner *person    `json:"owner,omitempty"`
		Link  string     `json:"link,omitempty"`
		Task  int        `json:"task,omitempty"`
	}
	handedOff struct {
		Phase   int     `json:"phase"`
		Handoff handoff `json:"handoff"`
		LeftOut []int   `json:"left-out,omitempty"`
	}
	handoff struct {
		Phase     int      `json:"phase,omitempty"`
		Decisions []string `json:"decisions,omitempty"`
		Artifacts []string `json:"artifacts,omitempty"`
		Open      []string `json:"open,omitempty"`
		Persona   string   `json:"persona,omitempty"`
		Skills    []string `json:"skills,omitempty"`
		Output    string   `json:"output,omitempty"`
	}
)

func toStarted(e o.Started) started {
	p := plan{e.Plan.Name(), e.Plan.Title(), e.Plan.Kind(), e.Plan.Sealed(), make([]phase, e.Plan.Len())}
	for i := range p.Phases {
		f := e.Plan.Phase(i)
		p.Phases[i] = phase{f.Name, f.Objective, f.Days, f.Persona.String(), skillNames(f.Skills), f.Deliverables, f.Part}
	}
	return started{e.Channel, p, brief(e.Brief)}
}

func fromStarted(s started) o.Started {
	phases := make([]o.Phase, len(s.Plan.Phases))
	for i, f := range s.Plan.Phases {
		phases[i] = o.Phase{
			Name: f.Name, Objective: f.Objective, Days: f.Days, Persona: o.RecallPersonaName(f.Persona),
			Skills: recallSkills(f.Skills), Deliverables: f.Deliverables, Part: f.Part,
		}
	}
	plan := o.RecallPlan(o.Title{Name: s.Plan.Name, Text: s.Plan.Title}, s.Plan.Kind, s.Plan.Sealed, phases)
	return o.Started{Channel: s.Channel, Plan: plan, Brief: o.Brief(s.Brief)}
}

func toPhaseEntered(e o.PhaseEntered) phaseEntered {
	s := phaseEntered{Phase: e.Phase, Due: e.Due}
	if e.Persona != (o.Persona{}) {
		p := toPinned(e.Persona)
		s.Persona = &p
	}
	for _, skill := range e.Skills {
		s.Skills = append(s.Skills, skillPinned(skill))
	}
	return s
}

func fromPhaseEntered(s phaseEntered) o.PhaseEntered {
	e := o.PhaseEntered{Phase: s.Phase, Due: s.Due}
	if s.Persona != nil {
		e.Persona = s.Persona.persona()
	}
	for _, skill := range s.Skills {
		e.Skills = append(e.Skills, skill.skill())
	}
	return e
}

func toItemRecorded(e o.ItemRecorded) itemRecorded {
	return itemRecorded{e.ID, e.Kind, e.Text, toPerson(e.Owner), e.Link, e.Task}
}

func fromItemRecorded(s itemRecorded) o.ItemRecorded {
	return o.ItemRecorded{ID: s.ID, Kind: s.Kind, Text: s.Text, Owner: s.Owner.human(), Link: s.Link, Task: s.Task}
}

func toHandedOff(e o.HandedOff) handedOff {
	return handedOff{e.Phase, toHandoff(e.Handoff), e.LeftOut}
}

func fromHandedOff(s handedOff) o.HandedOff {
	return o.HandedOff{Phase: s.Phase, Handoff: s.Handoff.handoff(), LeftOut: s.LeftOut}
}

func toHandoff(h o.Handoff) handoff {
	return handoff{h.Phase, h.Decisions, h.Artifacts, h.Open, h.Persona.String(), skillNames(h.Skills), h.Output}
}

func (h handoff) handoff() o.Handoff {
	return o.Handoff{
		Phase: h.Phase, Decisions: h.Decisions, Artifacts: h.Artifacts, Open: h.Open,
		Persona: o.RecallPersonaName(h.Persona), Skills: recallSkills(h.Skills), Output: h.Output,
	}
}

func skillNames(in []o.SkillName) []string {
	var out []string
	for _, n := range in {
		out = append(out, n.String())
	}
	return out
}

func recallSkills(in []string) []o.SkillName {
	var out []o.SkillName
	for _, n := range in {
		out = append(out, o.RecallSkillName(n))
	}
	return out
}
