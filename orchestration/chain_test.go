package orchestration

import "testing"

func (st *story) input(want string) *story {
	st.Helper()
	in, ok := st.Input()
	if in.Output != want || ok != (want != "") {
		st.Fatalf("the input is %q (%t), not %q", in.Output, ok, want)
	}
	return st
}

// The output of a step is the input of the next; no persona thinks in any.
func TestChain(t *testing.T) {
	st := begin(t, chain())
	st.stands("content-strategy", "nobody", "content-strategy").input("")
	id := st.ask("find topics")
	st.report(id, "ten topics")
	st.do(st.HandOff(ana, st.in, Pass{}))
	st.stands("copywriting", "nobody", "copywriting").input("ten topics")
	st.passOutput("an article").stands("seo-audit", "nobody", "seo-audit").input("an article")
	st.passOutput("a better article")
	st.outcomes(HandedOn, HandedOn, HandedOn)
	if st.State() != EndedState {
		t.Error(st.State())
	}
}

// The channel's defaults are not for a chain.
func TestChainTakesNoDefaults(t *testing.T) {
	st := tell(t)
	set := func(d Decision, err error) {
		if err != nil {
			t.Fatal(err)
		}
		st.in.Channel = st.in.Channel.Apply(Entry{Seq: st.in.Channel.Seq() + 1, At: monday, Decision: d})
	}
	set(st.in.Channel.SetPersona(ben, st.in, persona("startup-cto"), ""))
	set(st.in.Channel.Load(ben, st.in, skills("house-style"), ""))
	st.do(st.Start(ana, st.in, "c", "c/1", chain(), Brief{Objective: "x"}, ""))
	st.stands("content-strategy", "nobody", "content-strategy")
}

func TestRedoAcceptSkip(t *testing.T) {
	st := begin(t, chain())
	st.no("step content-strategy has no output to redo")(st.RedoStep(ana, st.in, "thin"))
	first := st.ask("find topics")
	st.report(first, "one topic")
	st.no("redoing a step needs its reason")(st.RedoStep(ana, st.in, ""))
	st.no("redoing a step needs its reason")(st.RedoStep(ana, st.in, " \u200b"))
	st.no("is a contributor")(st.RedoStep(cem, st.in, "thin"))
	st.do(st.RedoStep(ana, st.in, "one is thin"))
	st.no("no output to pass on yet")(st.HandOff(ana, st.in, Pass{}))
	if task, _ := st.Task(first); task.State != TaskBad {
		t.Errorf("the thin one is %s", task.State)
	}
	second := st.ask("find more topics")
	st.report(second, "two topics")
	st.do(st.RedoStep(ana, st.in, "still thin"))
	st.report(second, "three topics").report(first, "ten topics") // the older task reports last
	st.do(st.HandOff(ana, st.in, Pass{}))
	st.input("ten topics")

	// A step that is skipped hands its input on as it came.
	st.no("skipping a step needs its reason")(st.SkipStep(ana, st.in, "\t"))
	st.no("is a contributor")(st.SkipStep(cem, st.in, "x"))
	st.do(st.SkipStep(ana, st.in, "written already")).outcomes(HandedOn, WasPassed, Pending)
	st.stands("seo-audit", "nobody", "seo-audit").input("ten topics")
	st.do(st.SkipStep(ana, st.in, "no site yet")).outcomes(HandedOn, WasPassed, WasPassed)
	if st.State() != EndedState {
		t.Error(st.State())
	}
	st.no("has ended; to redo a step")(st.RedoStep(ana, st.in, "x"))

	st = begin(t, sprint())
	st.no("only a step of a skill-chain is redone")(st.RedoStep(ana, st.in, "x"))
	st.no("only a step of a skill-chain is skipped")(st.SkipStep(ana, st.in, "x"))
}

// A redo can be taken back: the output counts again.
func TestUndoRedo(t *testing.T) {
	st := begin(t, chain())
	id := st.ask("x")
	st.report(id, "out")
	st.do(st.Accept(ana, st.in, id, ""))
	st.do(st.RedoStep(ana, st.in, "hasty"))
	st.undo()
	if task, _ := st.Task(id); task.State != TaskGood {
		t.Errorf("the report is %s", task.State)
	}
	st.do(st.HandOff(ana, st.in, Pass{})).input("out")
}

// Redoing is steering, and so is taking it back: whoever lost the right to the
// one has lost it to the other.
func TestUndoRedoTakesTheRightToSteer(t *testing.T) {
	st := begin(t, chain())
	st.report(st.ask("x"), "out")
	st.do(st.RedoStep(ben, st.in, "hasty"))
	st.in.Channel = st.in.Channel.Apply(Entry{Seq: 9, At: monday, Decision: Recall(eve, "", []Event{RoleGiven{ben, Contributor}})})
	st.no("Ben is a contributor")(st.Undo(ben, st.in, ""))
	st.undo()
}

// What accepting a report recorded goes with the report.
func TestRedoTakesBackWhatWasAccepted(t *testing.T) {
	st := begin(t, chain())
	id := st.ask("x")
	st.report(id, "Decisions:\n- ten topics")
	st.do(st.Accept(ana, st.in, id, "")).want("here", texts(st.Here()), "ten topics")
	st.do(st.RedoStep(ana, st.in, "hasty")).want("here", texts(st.Here()))
	st.undo().want("here", texts(st.Here()), "ten topics")
}

// What somebody typed counts, before any report.
func TestTypedOutputCounts(t *testing.T) {
	st := begin(t, chain())
	st.report(st.ask("x"), "reported")
	st.passOutput("typed").input("typed")
	st = begin(t, reviewOf(false))
	st.report(st.ask("x"), "the architecture")
	st.do(st.HandOff(ana, st.in, Pass{})).input("the architecture") // a report alone is enough to hand on
	st = begin(t, sprint())
	st.report(st.ask("x"), "a report")
	st.no("nothing to pass on yet")(st.HandOff(ana, st.in, Pass{})) // in a sprint it is not
}

// Going back in a chain: what was handed off again is the input, and a step
// that is passed over hands on what it got.
func TestChainGoesBack(t *testing.T) {
	st := begin(t, chain())
	st.passOutput("topics").passOutput("article").input("article")
	st.do(st.OverridePhase(ana, st.in, 0, "wrong topics")).input("")
	st.passOutput("better topics").input("better topics")
	st.do(st.SkipStep(ana, st.in, "no time")).input("better topics")
	st.undo().input("better topics").undo().input("")
}

func TestChainHasNoPersona(t *testing.T) {
	st := begin(t, chain())
	st.no("a skill-chain has no persona")(st.Switch(ana, st.in, persona("startup-cto"), ""))
	st.no("a skill-chain has no persona")(st.OverridePersona(ana, st.in, persona("startup-cto"), "please"))
	st.no("nobody is thinking here already")(st.Switch(ana, st.in, PersonaName{}, ""))
	st.no("has its one skill, content-strategy")(st.Load(ana, st.in, skills("seo-audit"), ""))
	st.no("exactly one skill, not 0")(st.Unload(ana, st.in, skills("content-strategy"), ""))
	st.no("exactly one skill, not 2")(st.OverrideSkills(ana, st.in, skills("a", "b"), "both"))
	st.do(st.OverrideSkills(ana, st.in, skills("seo-audit"), "better fit")).stands("content-strategy", "nobody", "seo-audit")
	st.team.version["seo-audit"] = "fedcba987654"
	st.do(st.Load(ana, st.in, skills("seo-audit"), "")) // its newer content is the same skill
	if got := st.Skills()[0].String(); got != "seo-audit@fedcba987654" {
		t.Error(got)
	}
}
