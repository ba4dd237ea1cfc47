package orchestration

import (
	"reflect"
	"testing"
)

// overrides is one of each kind, with what stands afterwards.
var overrides = []struct {
	name string
	do   func(*story, string) (Decision, error)
	want string // the decision in words
}{
	{
		"phase forward", func(st *story, why string) (Decision, error) { return st.OverridePhase(ana, st.in, 2, why) },
		"overrode phase from Build to Ship, skipped phase 1, skipped phase 2, entered phase 3 as solo-founder with email-sequence, analytics-tracking",
	},
	{"persona", func(st *story, why string) (Decision, error) {
		return st.OverridePersona(ana, st.in, persona("finance-lead"), why)
	}, "overrode persona from startup-cto to finance-lead"},
	{"nobody", func(st *story, why string) (Decision, error) {
		return st.OverridePersona(ana, st.in, PersonaName{}, why)
	}, "overrode persona from startup-cto to nobody"},
	{"skills", func(st *story, why string) (Decision, error) {
		return st.OverrideSkills(ana, st.in, skills("seo-audit"), why)
	}, "overrode skills from aws-solution-architect, senior-frontend to seo-audit"},
	{
		"no skills", func(st *story, why string) (Decision, error) { return st.OverrideSkills(ana, st.in, nil, why) },
		"overrode skills from aws-solution-architect, senior-frontend to no skills",
	},
	{"order of skills", func(st *story, why string) (Decision, error) {
		return st.OverrideSkills(ana, st.in, skills("senior-frontend", "aws-solution-architect"), why)
	}, "overrode skills from aws-solution-architect, senior-frontend to senior-frontend, aws-solution-architect"},
	{
		"owner", func(st *story, why string) (Decision, error) { return st.OverrideOwner(ana, st.in, cem, why) },
		"overrode owner from Ana to Cem",
	},
	{
		"handoff", func(st *story, why string) (Decision, error) { return st.OverrideHandoff(ana, st.in, why) },
		"overrode handoff from Build to no handoff, skipped phase 1, entered phase 2 as growth-marketer with launch-strategy, copywriting, seo-audit",
	},
}

// Every override needs its reason, is recorded in words, and is undone exactly.
func TestEveryOverrideAndItsUndo(t *testing.T) {
	for _, tt := range overrides {
		t.Run(tt.name, func(t *testing.T) {
			st := begin(t, sprint())
			st.note(DecisionItem, "before")
			for _, why := range []string{"", "   ", "\u200b\n"} {
				st.no("an override needs its reason")(tt.do(st, why))
			}
			before := st.standing
			st.after(day).do(tt.do(st, " the  board asked "))
			if got := Describe(st.last); got != tt.want {
				t.Errorf("%s\nwant %s", got, tt.want)
			}
			if st.last.Because() != "the board asked" {
				t.Errorf("because %q", st.last.Because())
			}
			what, by, ok := st.CanUndo()
			if !ok || what != tt.want || by != Actor(ana) {
				t.Errorf("can undo %q by %v", what, by)
			}
			st.after(day).do(st.Undo(ben, st.in, "no, it did not")) // the owner may be somebody else now
			if !reflect.DeepEqual(before, st.standing) {
				t.Errorf("%+v\nbefore %+v", st.standing, before)
			}
			if got := Describe(st.last); got != "took back entry 3 ("+tt.want+")" {
				t.Error(got)
			}
			st.want("items", texts(st.Here()), "before")
		})
	}
}

func TestOverridesAreRefused(t *testing.T) {
	st := begin(t, sprint())
	st.no("phase 1, Build, is open already")(st.OverridePhase(ana, st.in, 0, "x"))
	st.no("there is no phase 5, the plan has 4")(st.OverridePhase(ana, st.in, 4, "x"))
	st.no("there is no phase 0")(st.OverridePhase(ana, st.in, -1, "x"))
	st.no("startup-cto is thinking here already")(st.OverridePersona(ana, st.in, persona("startup-cto"), "x"))
	st.no("exactly that is loaded already")(st.OverrideSkills(ana, st.in, skills("aws-solution-architect", "senior-frontend"), "x"))
	st.no("at most 32 skills")(st.OverrideSkills(ana, st.in, manySkills(33), "x"))
	st.no("a stands twice in this list")(st.OverrideSkills(ana, st.in, skills("a", "a"), "x"))
	st.no("the owner is Ana already")(st.OverrideOwner(ben, st.in, ana, "x"))
	st.no("a session has an owner: name somebody")(st.OverrideOwner(ana, st.in, Human{}, "x"))
	st.team.missing["email-sequence"], st.team.missing["ghost"] = true, true
	st.no("nothing is called email-sequence")(st.OverridePhase(ana, st.in, 2, "x"))
	st.no("nothing is called ghost")(st.OverridePersona(ana, st.in, persona("ghost"), "x"))
	st.no("nothing is called ghost")(st.OverrideSkills(ana, st.in, skills("ghost"), "x"))
	for _, tt := range overrides {
		again := begin(t, sprint())
		again.Session.owner = eve // so that Ana is a contributor
		again.no("Ana is a contributor")(tt.do(again, "x"))
		again = begin(t, sprint())
		again.do(again.Pause(ana, again.in, ""))
		again.no("paused; to override")(tt.do(again, "x"))
		again.do(again.End(ana, again.in, "x"))
		again.no("has ended; to override")(tt.do(again, "x"))
		empty := tell(t)
		empty.no("nothing has been started")(tt.do(empty, "x"))
	}

	st = begin(t, reviewOf(false))
	st.pass("a").pass("b").pass("c")
	st.no("step Trade-off settles the trade-off")(st.OverrideHandoff(ana, st.in, "obvious"))
}

// Outcomes when a plan goes back and forth.
func TestOutcomesBackAndForth(t *testing.T) {
	st := begin(t, sprint())
	st.pass("a").pass("b").pass("c").outcomes(HandedOn, HandedOn, HandedOn, Pending)
	st.do(st.OverridePhase(ana, st.in, 1, "the page is wrong")).outcomes(HandedOn, Pending, HandedOn, Pending)
	st.pass("d").outcomes(HandedOn, HandedOn, Pending, Pending).stands("Ship", "solo-founder", "email-sequence", "analytics-tracking")
	st.do(st.OverridePhase(ana, st.in, 3, "shipped already")).outcomes(HandedOn, HandedOn, WasPassed, Pending)
	st.do(st.OverridePhase(ana, st.in, 0, "pivot")).outcomes(Pending, HandedOn, WasPassed, Pending)
	if _, ok := st.last.Events()[1].(PhaseReopened); !ok {
		t.Errorf("%s", Describe(st.last))
	}
	st.do(st.OverridePhase(ana, st.in, 3, "no pivot")).outcomes(WasPassed, HandedOn, WasPassed, Pending) // what was handed off was
	st.undo().do(st.OverridePhase(ana, st.in, 1, "only the page")).outcomes(WasPassed, Pending, WasPassed, Pending)
	if got := Describe(st.last); got != "overrode phase from Build to Prepare, skipped phase 1, reopened phase 2, entered phase 2 as growth-marketer with launch-strategy, copywriting, seo-audit" {
		t.Error(got)
	}
	st.pass("e").pass("f").pass("g").outcomes(WasPassed, HandedOn, HandedOn, HandedOn)
	if st.State() != EndedState {
		t.Error(st.State())
	}
	// Nothing said on the way is lost.
	st.want("carried", texts(st.Carried()), "a", "b", "c", "d", "e", "f", "g")
}

// A phase without its handoff says so, and what was recorded travels on.
func TestOverrideHandoff(t *testing.T) {
	st := begin(t, sprint())
	st.note(DecisionItem, "a")
	st.note(OpenItem, "b")
	st.do(st.OverrideHandoff(ben, st.in, "the demo is today")).outcomes(WasPassed, Pending, Pending, Pending)
	st.want("carried", texts(st.Carried()), "a", "b")
	st.pass("c").pass("d").do(st.OverrideHandoff(ana, st.in, "nobody is left"))
	if st.State() != EndedState {
		t.Error(st.State())
	}
	st.outcomes(WasPassed, HandedOn, HandedOn, WasPassed)
}

func TestFindPhase(t *testing.T) {
	st := begin(t, sprint())
	st.pass("a")
	for text, want := range map[string]int{"3": 2, "ship": 2, " Ship ": 2, "next": 2, "NEXT": 2, "back": 0, "previous": 0, "9": 8, "0": -1} {
		if got, err := st.FindPhase(text); got != want || err != nil {
			t.Errorf("%q is phase %d, %v", text, got, err)
		}
	}
	_, err := st.FindPhase("Sail.")
	checkRefusal(t, err, `no phase is called "sail."`)
	_, err = tell(t).FindPhase("1")
	checkRefusal(t, err, "nothing has been started")

	// A phase that is called like a number is found by its name.
	odd := begin(t, must(SoloSprint(Title{"odd", "Odd"}, Phase{Name: "2", Persona: persona("x")}, Phase{Name: "next", Persona: persona("x")}, Phase{Name: "1", Persona: persona("x")})))
	for text, want := range map[string]int{"2": 0, "next": 1, "1": 2, "3": 2} {
		if got, err := odd.FindPhase(text); got != want || err != nil {
			t.Errorf("%q is phase %d, %v", text, got, err)
		}
	}
}

// Nobody goes over their own work, also where an override changed whose it was.
func TestPersonaDiffersFromStepToStep(t *testing.T) {
	st := begin(t, reviewOf(false))
	st.no("step Design is for startup-cto: the pattern says who thinks")(st.Switch(ana, st.in, persona("devops-engineer"), ""))
	st.no("growth-marketer has step Market review")(st.OverridePersona(ana, st.in, persona("growth-marketer"), "x"))
	st.no("a multi-agent-handoff needs a persona")(st.OverridePersona(ana, st.in, PersonaName{}, "x"))
	st.do(st.OverridePersona(ana, st.in, persona("devops-engineer"), "the CTO is away"))
	st.no("devops-engineer has step Design")(st.HandOff(ana, st.in, Pass{Handoff: Handoff{Decisions: []string{"a"}, Persona: persona("devops-engineer")}, Because: "x"}))
	st.pass("a")
	st.no("devops-engineer has step Design")(st.OverridePersona(ana, st.in, persona("devops-engineer"), "x"))
	st.do(st.OverridePersona(ana, st.in, persona("startup-cto"), "back, and did not design it")).stands("Market review", "startup-cto")
	st.no("step Market review is for growth-marketer")(st.Switch(ana, st.in, persona("solo-founder"), ""))
}

func TestDeepDiveKeepsItsPersona(t *testing.T) {
	st := begin(t, dive())
	st.no("keeps its one persona, startup-cto")(st.Switch(ana, st.in, persona("finance-lead"), ""))
	st.no("a domain-deep-dive needs a persona")(st.OverridePersona(ana, st.in, PersonaName{}, "x"))
	st.no("needs a persona")(st.Switch(ana, st.in, PersonaName{}, ""))
	st.do(st.OverridePersona(ana, st.in, persona("finance-lead"), "it is about cost")).stands("Deep dive", "finance-lead", "aws-solution-architect", "senior-security", "cto-advisor")
	st.do(st.Unload(ana, st.in, skills("cto-advisor"), ""))
	st.no("two skills or more, this would leave 1")(st.Unload(ana, st.in, skills("senior-security"), ""))
	st.no("two skills or more, this would leave 1")(st.OverrideSkills(ana, st.in, skills("a"), "x"))
	st.no("there is no phase 2")(st.OverridePhase(ana, st.in, 1, "x"))
	st.pass("a finding")
	if st.State() != EndedState {
		t.Error(st.State())
	}

	// The newer content of the same persona is no other persona.
	st = begin(t, dive())
	st.team.version["startup-cto"] = "fedcba987654"
	st.do(st.Switch(ana, st.in, persona("startup-cto"), ""))
	if st.Persona().Pin.Hash != "fedcba987654" || st.Persona().From != FromPlan {
		t.Errorf("%+v", st.Persona())
	}
}
