package orchestration

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The protocol's own six weeks: each handoff brings the next phase's persona
// and skills, and what was decided travels to the last one.
func TestSixWeeks(t *testing.T) {
	st := begin(t, sprint())
	st.stands("Build", "startup-cto", "aws-solution-architect", "senior-frontend")
	st.note(DecisionItem, "Postgres, not Dynamo")
	st.note(ArtifactItem, "ADR-1")
	st.note(OpenItem, "who pays for SMS?")
	st.do(st.HandOff(ana, st.in, Pass{Handoff: Handoff{Decisions: []string{"magic links"}}}))

	st.stands("Prepare", "growth-marketer", "launch-strategy", "copywriting", "seo-audit")
	st.outcomes(HandedOn, Pending, Pending, Pending)
	st.want("carried", texts(st.Carried()), "Postgres, not Dynamo", "ADR-1", "who pays for SMS?", "magic links")
	h, _ := st.LastHandoff()
	want := Handoff{
		Phase: 1, Decisions: []string{"Postgres, not Dynamo", "magic links"}, Artifacts: []string{"ADR-1"},
		Open: []string{"who pays for SMS?"}, Persona: persona("growth-marketer"), Skills: skills("launch-strategy", "copywriting", "seo-audit"),
	}
	if diff := cmp.Diff(want, h.Handoff, cmp.AllowUnexported(PersonaName{}, SkillName{})); diff != "" {
		t.Error(diff)
	}
	if h.By != Actor(ana) || !h.At.Equal(monday) || h.Index != 0 || len(h.Brought) != 1 {
		t.Errorf("handed off %+v", h)
	}

	st.pass("landing page first")
	st.stands("Ship", "solo-founder", "email-sequence", "analytics-tracking")
	st.pass("launched")
	st.stands("Iterate", "solo-founder", "form-cro", "copy-editing")
	st.want("carried", texts(st.Carried()), "Postgres, not Dynamo", "ADR-1", "who pays for SMS?", "magic links", "landing page first", "launched")
	st.pass("form has three fields")
	st.outcomes(HandedOn, HandedOn, HandedOn, HandedOn)
	if st.State() != EndedState || len(st.Handoffs()) != 4 {
		t.Errorf("%s after %d handoffs", st.State(), len(st.Handoffs()))
	}
	if _, open := st.Phase(); open {
		t.Error("a phase is open after the last")
	}
	h, _ = st.LastHandoff()
	if !h.Persona.IsZero() || h.Skills != nil {
		t.Errorf("the last handoff switches to %v + %v", h.Persona, h.Skills)
	}
}

func TestHandOffIsRefused(t *testing.T) {
	words := Handoff{Decisions: []string{"done"}}
	long := strings.Repeat("x", 900)
	for _, tt := range []struct {
		name  string
		plan  Plan
		setup func(*story)
		by    Human
		pass  Pass
		says  string
	}{
		{name: "nothing settled", plan: sprint(), pass: Pass{}, says: "phase Build has nothing to pass on yet"},
		{name: "only open items", plan: sprint(), pass: Pass{Handoff: Handoff{Open: []string{"pricing"}}}, says: "nothing to pass on"},
		{name: "only words that say none", plan: sprint(), pass: Pass{Handoff: Handoff{Decisions: []string{"none", "-", "N/A", "…"}}}, says: "nothing to pass on"},
		{name: "another phase's", plan: sprint(), pass: Pass{Handoff: Handoff{Phase: 2, Decisions: []string{"x"}}}, says: "hands off phase 2, but phase 1, Build, is open"},
		{name: "paused", plan: sprint(), setup: func(st *story) { st.do(st.Pause(ana, st.in, "")) }, pass: Pass{Handoff: words}, says: "paused; to hand off"},
		{name: "ended", plan: sprint(), setup: func(st *story) { st.do(st.End(ana, st.in, "no budget")) }, pass: Pass{Handoff: words}, says: "has ended; to hand off"},
		{name: "by a contributor", plan: sprint(), by: cem, pass: Pass{Handoff: words}, says: "for the owner (Ana), an approver or an admin to decide, and Cem is a contributor"},
		{name: "by nobody", plan: sprint(), by: Human{}, pass: Pass{Handoff: words}, says: "for the owner"},
		{name: "otherwise than planned without a reason", plan: sprint(), pass: Pass{Handoff: Handoff{Decisions: []string{"x"}, Persona: persona("finance-lead")}}, says: "to open it otherwise, say why"},
		{name: "with a reason that says nothing", plan: sprint(), pass: Pass{Handoff: Handoff{Decisions: []string{"x"}, Persona: persona("finance-lead")}, Because: " \u200b "}, says: "to open it otherwise, say why"},
		{name: "other skills without a reason", plan: sprint(), pass: Pass{Handoff: Handoff{Decisions: []string{"x"}, Skills: skills("copywriting")}}, says: "the plan opens phase Prepare as growth-marketer with launch-strategy, copywriting, seo-audit"},
		{name: "to an unknown persona", plan: sprint(), setup: func(st *story) { st.team.missing["nobody-knows"] = true }, pass: Pass{Handoff: Handoff{Decisions: []string{"x"}, Persona: persona("nobody-knows")}, Because: "y"}, says: "nothing is called nobody-knows"},
		{name: "to an unknown skill", plan: sprint(), setup: func(st *story) { st.team.missing["lost"] = true }, pass: Pass{Handoff: Handoff{Decisions: []string{"x"}, Skills: skills("lost")}, Because: "y"}, says: "nothing is called lost"},
		{name: "the plan's skill is gone", plan: sprint(), setup: func(st *story) { st.team.missing["seo-audit"] = true }, pass: Pass{Handoff: words}, says: "nothing is called seo-audit"},
		{name: "to somebody after the last", plan: dive(), pass: Pass{Handoff: Handoff{Decisions: []string{"x"}, Persona: persona("finance-lead")}, Because: "y"}, says: "there is nothing to switch to"},
		{name: "with a line too long", plan: sprint(), pass: Pass{Handoff: Handoff{Artifacts: []string{strings.Repeat("x", MaxItem+1)}}}, says: "this artifact has 1001 bytes"},
		{name: "too long in all", plan: sprint(), pass: Pass{Handoff: Handoff{Decisions: []string{long + "1", long + "2", long + "3", long + "4", long + "5"}}}, says: "this handoff has 4.5 KiB, at most 4.0 KiB"},
		{name: "output too long", plan: chain(), pass: Pass{Handoff: Handoff{Output: strings.Repeat("x", MaxOutput+1)}}, says: "this output has 32.0 KiB, at most 32.0 KiB"},
		{name: "reason too long", plan: sprint(), pass: Pass{Handoff: words, Because: long + long}, says: "this reason has 1800 bytes"},

		{name: "dive without finding", plan: dive(), pass: Pass{}, says: "phase Deep dive has no finding to report yet"},
		{name: "chain step without output", plan: chain(), pass: Pass{Handoff: words}, says: "step content-strategy has no output to pass on yet"},
		{name: "chain step to a persona", plan: chain(), pass: Pass{Handoff: Handoff{Output: "o", Persona: persona("startup-cto")}, Because: "y"}, says: "a skill-chain has no persona"},
		{name: "chain step with two skills", plan: chain(), pass: Pass{Handoff: Handoff{Output: "o", Skills: skills("a", "b")}, Because: "y"}, says: "exactly one skill, not 2"},
		{name: "review by its author", plan: reviewOf(false), pass: Pass{Handoff: Handoff{Decisions: []string{"x"}, Persona: persona("startup-cto")}, Because: "y"}, says: "startup-cto has step Design: the persona differs"},
		{name: "review by the next reviewer", plan: reviewOf(false), pass: Pass{Handoff: Handoff{Decisions: []string{"x"}, Persona: persona("finance-lead")}, Because: "y"}, says: "finance-lead has step Cost review"},
		{name: "trade-off nobody signs", plan: reviewOf(false), setup: func(st *story) { st.pass("a").pass("b").pass("c") }, pass: Pass{Handoff: Handoff{Artifacts: []string{"memo"}, Output: "we might"}}, says: "a person signs at least one decision"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			st := begin(t, tt.plan)
			if tt.setup != nil {
				tt.setup(st)
			}
			by := tt.by
			if by.IsZero() && tt.name != "by nobody" {
				by = ana
			}
			st.no(tt.says)(st.HandOff(by, st.in, tt.pass))
		})
	}
	st := tell(t)
	st.no("nothing has been started")(st.HandOff(ana, st.in, Pass{}))
}

// After a form, the lists are the whole handoff: what was left out stays on
// record and travels no further; an open item cannot be left out.
func TestExactHandoffLeavesOut(t *testing.T) {
	st := begin(t, sprint())
	st.note(DecisionItem, "Postgres")
	st.note(DecisionItem, "a joke")
	st.note(ArtifactItem, "draft.md")
	st.note(OpenItem, "pricing")
	st.do(st.HandOff(ana, st.in, Pass{Handoff: Handoff{Decisions: []string{"Postgres", "in Frankfurt"}}, Exact: true}))
	st.want("carried", texts(st.Carried()), "Postgres", "pricing", "in Frankfurt")
	h, _ := st.LastHandoff()
	st.want("decisions", h.Decisions, "Postgres", "in Frankfurt").want("open", h.Open, "pricing").want("artifacts", h.Artifacts)
	st.want("on record", texts(st.Items()), "Postgres", "a joke", "draft.md", "pricing", "in Frankfurt")

	// Back in the phase it stands there again, and the next handoff decides anew.
	st.do(st.OverridePhase(ana, st.in, 0, "forgot something"))
	st.want("here", texts(st.Here()), "Postgres", "a joke", "draft.md", "pricing", "in Frankfurt")
	st.do(st.HandOff(ana, st.in, Pass{}))
	st.want("carried", texts(st.Carried()), "Postgres", "a joke", "draft.md", "pricing", "in Frankfurt")
	st.undo()
	st.do(st.OverridePhase(ana, st.in, 1, "never mind"))
	st.want("carried", texts(st.Carried()), "Postgres", "pricing", "in Frankfurt")
}

// What somebody recorded while the form was open is not left out by it.
func TestFormKnowsWhatStoodInIt(t *testing.T) {
	st := begin(t, sprint())
	st.note(DecisionItem, "a")
	known := st.note(DecisionItem, "b")
	if st.Newest() != known {
		t.Errorf("the newest is #%d", st.Newest())
	}
	st.note(DecisionItem, "meanwhile")
	st.do(st.HandOff(ana, st.in, Pass{Handoff: Handoff{Decisions: []string{"a"}}, Exact: true, Known: known}))
	st.want("carried", texts(st.Carried()), "a", "meanwhile")
	h, _ := st.LastHandoff()
	st.want("decisions", h.Decisions, "a", "meanwhile")
}

// Nobody can be next, which is not the same as nobody being named.
func TestHandOffToNobody(t *testing.T) {
	st := begin(t, sprint())
	p := Pass{Handoff: Handoff{Decisions: []string{"a"}}, Nobody: true}
	st.no("to open it otherwise, say why")(st.HandOff(ana, st.in, p))
	p.Because = "the intern does it"
	st.do(st.HandOff(ana, st.in, p)).stands("Prepare", "nobody", "launch-strategy", "copywriting", "seo-audit")
	st = begin(t, reviewOf(false))
	st.no("a multi-agent-handoff needs a persona")(st.HandOff(ana, st.in, p))
	st = begin(t, chain())
	st.do(st.HandOff(ana, st.in, Pass{Handoff: Handoff{Output: "x"}, Nobody: true})) // as planned
	st = begin(t, dive())
	st.do(st.HandOff(ana, st.in, p)) // after the last phase nobody follows anyway
	if st.State() != EndedState {
		t.Error(st.State())
	}
}

// What is typed is added to what was recorded, once each.
func TestHandoffJoinsRecordedAndTyped(t *testing.T) {
	st := begin(t, sprint())
	st.note(DecisionItem, "Postgres")
	st.note(DecisionItem, "Postgres")
	st.do(st.HandOff(ana, st.in, Pass{Handoff: Handoff{
		Decisions: []string{"  Postgres ", "one  region", "one region", ""}, Open: []string{"pricing"},
	}}))
	h, _ := st.LastHandoff()
	st.want("decisions", h.Decisions, "Postgres", "one region")
	st.want("items", texts(st.Items()), "Postgres", "Postgres", "one region", "pricing")
	for _, i := range st.Items() {
		if i.Phase != 0 || i.By != Actor(ana) {
			t.Errorf("#%d is of phase %d by %s", i.ID, i.Phase+1, i.By)
		}
	}
}

// A carried open item that is typed again is the same item.
func TestOpenItemTypedAgain(t *testing.T) {
	st := begin(t, sprint())
	st.note(OpenItem, "pricing")
	st.pass("a")
	st.do(st.HandOff(ana, st.in, Pass{Handoff: Handoff{Decisions: []string{"b"}, Open: []string{"pricing", "legal"}}}))
	st.want("open", texts(st.Open()), "pricing", "legal")
}

// The size that is refused is the size of what would be stored and printed:
// the recorded items, the typed ones, and the line that says what comes next.
func TestHandoffSizeIsOfWhatIsStored(t *testing.T) {
	build := func(fill int) (*story, Pass) {
		st := begin(t, sprint())
		for i := range 3 {
			st.note(DecisionItem, strings.Repeat("d", 990)+itoa(i))
		}
		st.note(OpenItem, strings.Repeat("o", fill))
		return st, Pass{}
	}
	st, p := build(500)
	st.do(st.HandOff(ana, st.in, p))
	h, _ := st.LastHandoff()
	spare := MaxHandoff - len(h.Text(ProtocolText))
	if spare <= 0 || spare > 500 {
		t.Fatalf("%d bytes are left", spare)
	}
	st, p = build(500 + spare)
	st.do(st.HandOff(ana, st.in, p))
	h, _ = st.LastHandoff()
	if n := len(h.Text(ProtocolText)); n != MaxHandoff {
		t.Errorf("the fullest handoff has %d bytes", n)
	}
	st, p = build(500 + spare + 1)
	st.no("at most 4.0 KiB")(st.HandOff(ana, st.in, p))
	p.Because = "all of it matters"
	p.Skills = skills("x")
	st.do(st.HandOff(ana, st.in, p)) // a shorter last line makes room
}

func TestHandoffSwitchesOtherwise(t *testing.T) {
	st := begin(t, sprint())
	st.do(st.HandOff(ana, st.in, Pass{Handoff: Handoff{Decisions: []string{"x"}, Persona: persona("finance-lead"), Skills: skills("pricing")}, Because: "#17"}))
	st.stands("Prepare", "finance-lead", "pricing")
	if got := Describe(st.last); !strings.Contains(got, "overrode persona from growth-marketer to finance-lead") ||
		!strings.Contains(got, "overrode skills from launch-strategy, copywriting, seo-audit to pricing") {
		t.Error(got)
	}
	if st.last.Because() != "#17" {
		t.Errorf("because %q", st.last.Because())
	}
	if st.Persona().From != FromThread || st.Skills()[0].From != FromThread {
		t.Errorf("from %s and %s", st.Persona().From, st.Skills()[0].From)
	}
	st.undo().stands("Build", "startup-cto", "aws-solution-architect", "senior-frontend")

	// What the plan says anyway needs no reason, in whatever order.
	st.do(st.HandOff(ana, st.in, Pass{Handoff: Handoff{Persona: persona("growth-marketer"), Skills: skills("seo-audit", "launch-strategy", "copywriting")}}))
	st.stands("Prepare", "growth-marketer", "launch-strategy", "copywriting", "seo-audit")
	if st.Persona().From != FromPlan {
		t.Errorf("from %s", st.Persona().From)
	}
}

// A plan's choice that the library lost can be replaced by a person's.
func TestHandoffReplacesWhatIsGone(t *testing.T) {
	st := begin(t, sprint())
	st.team.missing["seo-audit"], st.team.missing["growth-marketer"] = true, true
	st.no("nothing is called growth-marketer")(st.HandOff(ana, st.in, Pass{Handoff: Handoff{Decisions: []string{"x"}, Skills: skills("copywriting")}, Because: "gone"}))
	p := Pass{Handoff: Handoff{Decisions: []string{"x"}, Persona: persona("solo-founder"), Skills: skills("copywriting")}}
	st.no("as growth-marketer with launch-strategy, copywriting, seo-audit")(st.HandOff(ana, st.in, p))
	p.Because = "gone"
	st.do(st.HandOff(ana, st.in, p))
	st.stands("Prepare", "solo-founder", "copywriting")
}

// The form opens with the handoff as it would read now.
func TestDraft(t *testing.T) {
	st := begin(t, sprint())
	st.note(DecisionItem, "Postgres")
	st.note(OpenItem, "pricing")
	st.note(OpenItem, "legal")
	st.pass()
	st.note(ArtifactItem, "page.html")
	st.do(st.Resolve(cem, st.in, 2, ""))
	d := st.Draft()
	want := Handoff{
		Phase: 2, Artifacts: []string{"page.html"}, Open: []string{"legal"}, Persona: persona("solo-founder"),
		Skills: skills("email-sequence", "analytics-tracking"),
	}
	if diff := cmp.Diff(want, d, cmp.AllowUnexported(PersonaName{}, SkillName{})); diff != "" {
		t.Error(diff)
	}
	d.Skills[0] = skills("mine")[0] // a draft is the caller's to edit
	st.do(st.HandOff(ana, st.in, Pass{Handoff: st.Draft(), Exact: true}))
	st.stands("Ship", "solo-founder", "email-sequence", "analytics-tracking")
}

// A session that holds all it can hold refuses more, wherever it comes from.
func TestTooManyItems(t *testing.T) {
	st := begin(t, sprint())
	for i := 1; i < maxItems; i++ {
		st.Session = st.Apply(Entry{
			Seq: st.Seq() + 1, At: monday, Decision: Recall(ana, "", []Event{
				ItemRecorded{ID: i, Kind: DecisionItem, Text: "d" + itoa(i)}, ItemSuperseded{i, i},
			}), // out of the way
		})
	}
	task := st.ask("list")
	st.report(task, "Decisions:\n- one\n- two")
	st.no("at most 20000 items")(st.Accept(ana, st.in, task, ""))
	st.no("at most 20000 items")(st.HandOff(ana, st.in, Pass{Handoff: Handoff{Decisions: []string{"one", "two"}}}))
	st.note(DecisionItem, "the last")
	st.no("at most 20000 items")(st.Record(ana, st.in, Note{Kind: OpenItem, Text: "one more"}, ""))
	st.no("at most 20000 items")(st.Supersede(ana, st.in, st.Here()[0].ID, "newer", ""))
	st.do(st.HandOff(ana, st.in, Pass{}))
}
