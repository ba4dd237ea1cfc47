package orchestration

import "testing"

func TestSwitchLoadUnload(t *testing.T) {
	st := begin(t, sprint())
	st.do(st.Switch(ana, st.in, persona("devops-engineer"), "#17")).stands("Build", "devops-engineer", "aws-solution-architect", "senior-frontend")
	if st.Persona().From != FromThread || st.last.Because() != "#17" {
		t.Errorf("from %s because %s", st.Persona().From, st.last.Because())
	}
	st.do(st.Switch(ana, st.in, PersonaName{}, "")).stands("Build", "nobody", "aws-solution-architect", "senior-frontend")
	st.do(st.Load(ana, st.in, skills("senior-security", "cto-advisor"), ""))
	st.do(st.Unload(ana, st.in, skills("senior-frontend", "cto-advisor"), ""))
	st.stands("Build", "nobody", "aws-solution-architect", "senior-security")
	if from := []Origin{st.Skills()[0].From, st.Skills()[1].From}; from[0] != FromPlan || from[1] != FromThread {
		t.Errorf("from %q", from)
	}
	st.undo().undo().undo().undo().stands("Build", "startup-cto", "aws-solution-architect", "senior-frontend")

	// The next phase opens as planned, whatever was loaded in this one.
	st.do(st.Load(ana, st.in, skills("x"), "")).pass("a").stands("Prepare", "growth-marketer", "launch-strategy", "copywriting", "seo-audit")
}

func TestWearIsRefused(t *testing.T) {
	st := begin(t, sprint())
	st.team.missing["ghost"] = true
	st.no("startup-cto is thinking here already")(st.Switch(ana, st.in, persona("startup-cto"), ""))
	st.no("nothing is called ghost")(st.Switch(ana, st.in, persona("ghost"), ""))
	st.no("Cem is a contributor")(st.Switch(cem, st.in, persona("x"), ""))
	st.no("no skill is named")(st.Load(ana, st.in, nil, ""))
	st.no("nothing is called ghost")(st.Load(ana, st.in, skills("x", "ghost"), ""))
	st.no("x stands twice in this list")(st.Load(ana, st.in, skills("x", "x"), ""))
	st.no("aws-solution-architect@0123456789ab is loaded already")(st.Load(ana, st.in, skills("x", "aws-solution-architect"), ""))
	st.no("at most 32 skills")(st.Load(ana, st.in, manySkills(31), ""))
	st.no("Cem is a contributor")(st.Load(cem, st.in, skills("x"), ""))
	st.no("no skill is named")(st.Unload(ana, st.in, nil, ""))
	st.no("\"x\" is not loaded; loaded are aws-solution-architect, senior-frontend")(st.Unload(ana, st.in, skills("x"), ""))
	st.no("\"senior-frontend\" is not loaded")(st.Unload(ana, st.in, skills("senior-frontend", "senior-frontend"), ""))
	st.no("Cem is a contributor")(st.Unload(cem, st.in, skills("senior-frontend"), ""))
	st.stands("Build", "startup-cto", "aws-solution-architect", "senior-frontend")
	st.do(st.Unload(ana, st.in, skills("aws-solution-architect", "senior-frontend"), ""))
	st.no("no skill is loaded here")(st.Unload(ana, st.in, skills("x"), ""))
	for _, what := range []func() (Decision, error){
		func() (Decision, error) { return st.Switch(ana, st.in, persona("x"), "") },
		func() (Decision, error) { return st.Load(ana, st.in, skills("x"), "") },
		func() (Decision, error) { return st.Unload(ana, st.in, skills("x"), "") },
	} {
		paused := st.Session
		st.do(st.Pause(ana, st.in, ""))
		st.no("is paused")(what())
		st.Session = paused
	}
}

// A file that changed is taken in on a load, in the place where it was.
func TestLoadTakesNewerContent(t *testing.T) {
	st := begin(t, sprint())
	st.team.version["aws-solution-architect"] = "fedcba987654"
	if got := st.Skills()[0].String(); got != "aws-solution-architect@0123456789ab" {
		t.Errorf("used without being loaded: %s", got)
	}
	st.do(st.Load(ana, st.in, skills("aws-solution-architect"), "")).stands("Build", "startup-cto", "aws-solution-architect", "senior-frontend")
	if got := st.Skills()[0]; got.String() != "aws-solution-architect@fedcba987654" || got.From != FromPlan {
		t.Errorf("%s from %s", got, got.From)
	}
	st.team.version["startup-cto"] = "fedcba987654"
	st.do(st.Switch(ana, st.in, persona("startup-cto"), ""))
	if st.Persona().String() != "startup-cto@fedcba987654" {
		t.Error(st.Persona())
	}
}

// Skills of one last name are told apart; one name that fits both is asked for.
func TestUnloadByLastName(t *testing.T) {
	st := begin(t, sprint())
	st.do(st.Load(ana, st.in, skills("eng/review", "mkt/review"), ""))
	st.no("2 loaded skills are called review")(st.Unload(ana, st.in, skills("review"), ""))
	st.do(st.Unload(ana, st.in, skills("eng/review"), ""))
	st.do(st.Unload(ana, st.in, skills("other/review"), "")) // the only one of that last name
	st.stands("Build", "startup-cto", "aws-solution-architect", "senior-frontend")
}
