package orchestration

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStart(t *testing.T) {
	st := tell(t)
	b := Brief{Objective: "  Launch an\ninvoicing tool ", Constraints: []string{"EU only", "EU only", " "}, Success: []string{"ten customers"}, Background: " we are\r\ntwo "}
	st.do(st.Start(cem, st.in, "chan", "chan/1", sprint(), b, "#17"))
	want := Brief{Objective: "Launch an invoicing tool", Constraints: []string{"EU only"}, Success: []string{"ten customers"}, Background: "we are\ntwo"}
	if diff := cmp.Diff(want, st.Brief()); diff != "" {
		t.Error(diff)
	}
	who, at := st.Starter()
	if st.Owner() != cem || who != cem || !at.Equal(monday) || st.Channel() != "chan" || st.Thread() != "chan/1" || st.State() != ActiveState {
		t.Errorf("%+v", st.Session)
	}
	st.stands("Build", "startup-cto", "aws-solution-architect", "senior-frontend")
	st.no("this thread runs Product launch already")(st.Start(ana, st.in, "chan", "chan/1", chain(), b, ""))
}

func TestStartIsRefused(t *testing.T) {
	st := tell(t)
	start := func(by Human, p Plan, b Brief) (Decision, error) { return st.Start(by, st.in, "c", "c/1", p, b, "") }
	ok := Brief{Objective: "x"}
	st.no("Dot only observes")(start(dot, sprint(), ok))
	st.no("nobody decided this")(start(Human{}, sprint(), ok))
	st.no("a session follows a pattern")(start(ana, Plan{}, ok))
	st.no("a session needs an objective")(start(ana, sprint(), Brief{Objective: " \u200b"}))
	st.no("this objective has 2001 bytes")(start(ana, sprint(), Brief{Objective: strings.Repeat("x", 2001)}))
	st.no("this brief has 8.0 KiB, at most 8.0 KiB")(start(ana, sprint(), Brief{Objective: "x", Background: strings.Repeat("x", 8193)}))
	st.no("this constraint has 1001 bytes")(start(ana, sprint(), Brief{Objective: "x", Constraints: []string{strings.Repeat("x", 1001)}}))
	st.no("this success criterion has 1001 bytes")(start(ana, sprint(), Brief{Objective: "x", Success: []string{strings.Repeat("x", 1001)}}))
	st.no("not 51")(start(ana, sprint(), Brief{Objective: "x", Success: manyLines(51)}))
	// A name that no source has is told now, not in week 5.
	st.team.missing["email-sequence"] = true
	st.no("nothing is called email-sequence")(start(ana, sprint(), ok))
	st.team.missing["growth-marketer"] = true
	st.no("nothing is called growth-marketer")(start(ana, sprint(), ok))
	if _, open := st.Phase(); open || len(st.Phases()) != 0 || st.Outcome(0) != Pending {
		t.Error("a refused start left something")
	}
}

// A session is bound once, to one thread; to the same again is nothing new.
func TestBindOnce(t *testing.T) {
	st := tell(t)
	st.no("nothing has been started")(st.Bind(ana, "c/1"))
	st.do(st.Start(ana, st.in, "c", "", sprint(), Brief{Objective: "x"}, ""))
	if st.Thread() != "" {
		t.Error(st.Thread())
	}
	st.no("a session is bound to a thread, and this is none")(st.Bind(ana, ""))
	st.do(st.Bind(ana, "c/1"))
	if d, err := st.Bind(ana, "c/1"); !d.IsZero() || err != nil {
		t.Errorf("bound again: %s, %v", Describe(d), err)
	}
	st.no("this session is bound to another thread")(st.Bind(ana, "c/2"))
	st.no("a session is bound to a thread, and this is none")(st.Bind(ana, ""))
	if st.Thread() != "c/1" {
		t.Error(st.Thread())
	}
}

// Thread beats plan, plan beats channel, channel beats workspace; every value
// says where it is from.
func TestInheritance(t *testing.T) {
	st := tell(t)
	seq := uint64(10)
	set := func(into *Settings, d Decision, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		seq++
		*into = into.Apply(Entry{Seq: seq, At: monday, Decision: d})
	}
	plan := must(SoloSprint(Title{"p", "P"}, Phase{Name: "Planned", Persona: persona("planned"), Skills: skills("planned-skill")},
		Phase{Name: "Free", Persona: persona("planned")}, Phase{Name: "Free too", Persona: persona("planned")}))
	check := func(skill string, from Origin) {
		t.Helper()
		got := st.Skills()
		if len(got) != 1 || got[0].Name.String() != skill || got[0].From != from {
			t.Errorf("loaded %v, want %s from %s", got, skill, from)
		}
	}
	w, c := &st.in.Workspace, &st.in.Channel
	d, err := w.Load(eve, st.in, skills("workspace-skill"), "")
	set(w, d, err)
	st.do(st.Start(ana, st.in, "c", "c/1", plan, Brief{Objective: "x"}, ""))
	check("planned-skill", FromPlan)
	st.pass("a")
	check("workspace-skill", FromWorkspace)
	st.undo()
	d, err = c.Load(ben, st.in, skills("channel-skill"), "")
	set(c, d, err)
	st.pass()
	check("channel-skill", FromChannel)
	st.do(st.OverrideSkills(ana, st.in, skills("thread-skill"), "x"))
	check("thread-skill", FromThread)
	st.pass("b")
	check("channel-skill", FromChannel)
	if c.Skills()[0].From != "" {
		t.Error("the channel's own list says where it is from")
	}

	// No constructor makes a phase that names nobody where somebody thinks; the
	// log of an older release may hold one.
	old := RecallPlan(Title{"old", "Old"}, SoloSprintKind, false, []Phase{{Name: "Free"}})
	who := func() string {
		t.Helper()
		s := tell(t)
		s.in.Workspace, s.in.Channel = *w, *c
		s.do(s.Start(ana, s.in, "c", "c/1", old, Brief{Objective: "x"}, ""))
		return s.Persona().Name.orNobody() + " from " + string(s.Persona().From)
	}
	if got := who(); got != "nobody from " {
		t.Error(got)
	}
	d, err = w.SetPersona(eve, st.in, persona("workspace-one"), "")
	set(w, d, err)
	if got := who(); got != "workspace-one from workspace" {
		t.Error(got)
	}
	d, err = c.SetPersona(ben, st.in, persona("channel-one"), "")
	set(c, d, err)
	if got := who(); got != "channel-one from channel" {
		t.Error(got)
	}
}
