package orchestration

import (
	"testing"
	"time"
)

type anyShelf struct{}

func (anyShelf) Persona(n PersonaName) (Persona, error) { return Persona{Name: n, Pin: Pin{"test", n.String(), "00"}}, nil }
func (anyShelf) Skill(n SkillName) (Skill, error)       { return Skill{Name: n, Pin: Pin{"test", n.String(), "00"}}, nil }

func TestSmoke(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	in := Room{Now: now, Shelf: anyShelf{}}
	ana := NewHuman("t/ana", "ana")
	pn := func(s string) PersonaName { n, _ := ParsePersonaName(s); return n }
	sn := func(s string) SkillName { n, _ := ParseSkillName(s); return n }
	plan, err := SoloSprint(Title{"x", "X"}, Phase{Name: "Build", Persona: pn("startup-cto"), Skills: []SkillName{sn("a"), sn("b")}, Days: 14},
		Phase{Name: "Ship", Persona: pn("solo-founder")})
	if err != nil {
		t.Fatal(err)
	}
	var s Session
	do := func(d Decision, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		t.Log(Describe(d))
		s = s.Apply(Entry{Seq: s.Seq() + 1, At: in.Now, Decision: d})
	}
	do(s.Start(ana, in, "c", "c/1", plan, Brief{Objective: "Launch"}, ""))
	do(s.Record(ana, in, Note{Kind: DecisionItem, Text: "Postgres"}, ""))
	do(s.HandOff(ana, in, Pass{Handoff: Handoff{Open: []string{"pricing"}}}))
	do(s.OverridePersona(ana, in, pn("growth-marketer"), "#17"))
	do(s.Undo(ana, in, ""))
	t.Log(s.Persona(), s.Carried())
	h, _ := s.LastHandoff()
	t.Log(h.Text(ProtocolText), h.Text(LongText))
	back, err := ParseHandoff(h.Text(LongText))
	t.Log(back, err)
	do(s.Undo(ana, in, ""))
	t.Log(s.At(), s.Here())
}
