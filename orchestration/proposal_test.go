package orchestration

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// propose has the agent propose for a task, and checks that nothing changed.
func (st *story) propose(task int, p Proposal) int {
	st.Helper()
	before, items := st.standing, st.Items()
	st.do(st.Propose(bot, task, p))
	if !reflect.DeepEqual(before, st.standing) || len(items) != len(st.Items()) {
		st.Fatalf("a proposal changed the session")
	}
	return st.last.Events()[0].(Proposed).ID
}

// What an agent proposes takes effect as the decision of the person who
// approves it, and not before.
func TestApproveEachProposal(t *testing.T) {
	for _, tt := range []struct {
		name     string
		proposal Proposal
		because  string
		check    func(*story)
		reason   string
	}{
		{"item", ProposeItem{OpenItem, " who  pays? "}, "", func(st *story) { st.want("open", texts(st.Open()), "who pays?") }, ""},
		{"persona", ProposePersona{persona("finance-lead"), "it is about money"}, "", func(st *story) { st.stands("Build", "finance-lead", "aws-solution-architect", "senior-frontend") }, "it is about money"},
		{"persona, for the person's reason", ProposePersona{persona("finance-lead"), "it is about money"}, "#17", func(*story) {}, "#17"},
		{"persona, without any", ProposePersona{Persona: persona("finance-lead")}, " ", func(*story) {}, "proposed by bot (agent)"},
		{"skills", ProposeSkills{skills("a", "b"), ""}, "", func(st *story) { st.stands("Build", "startup-cto", "a", "b") }, "proposed by bot (agent)"},
		{"handoff", ProposeHandoff{Handoff{Decisions: []string{"Postgres"}, Open: []string{"pricing"}}}, "", func(st *story) {
			st.stands("Prepare", "growth-marketer", "launch-strategy", "copywriting", "seo-audit").want("carried", texts(st.Carried()), "Postgres", "pricing")
		}, ""},
		{"handoff otherwise than planned", ProposeHandoff{Handoff{Decisions: []string{"Postgres"}, Persona: persona("finance-lead")}}, "money", func(st *story) {
			st.stands("Prepare", "finance-lead", "launch-strategy", "copywriting", "seo-audit")
		}, "money"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			st := begin(t, sprint())
			task := st.ask("draft")
			id := st.propose(task, tt.proposal)
			if w := st.Waiting(); len(w) != 1 || w[0].ID != id || w[0].By != Actor(bot) || w[0].Task != task {
				t.Errorf("waiting: %+v", w)
			}
			before := st.standing
			st.no("Cem is a contributor")(st.Approve(cem, st.in, id, tt.because))
			st.do(st.Approve(ben, st.in, id, tt.because))
			tt.check(st)
			if st.last.By() != Actor(ben) || st.last.Because() != tt.reason || len(st.Waiting()) != 0 {
				t.Errorf("by %s because %q", st.last.By(), st.last.Because())
			}
			st.no("is approved already")(st.Approve(ben, st.in, id, ""))
			st.no("is approved already")(st.Deny(ben, st.in, id, ""))
			st.do(st.Undo(ben, st.in, ""))
			if !reflect.DeepEqual(before, st.standing) {
				t.Errorf("%+v, before %+v", st.standing, before)
			}
		})
	}
}

func TestProposalsAreRefused(t *testing.T) {
	st := begin(t, sprint())
	task := st.ask("draft")
	propose := func(p Proposal) (Decision, error) { return st.Propose(bot, task, p) }
	st.no("there is no task #9")(st.Propose(bot, 9, ProposeItem{DecisionItem, "a"}))
	st.no("an agent proposes an item, a handoff, a persona or skills")(propose(nil))
	st.no("an item is a decision, an artifact or open")(propose(ProposeItem{"plan", "a"}))
	st.no("has no words")(propose(ProposeItem{DecisionItem, " "}))
	st.no("1001 bytes")(propose(ProposeItem{DecisionItem, strings.Repeat("x", 1001)}))
	st.no("nothing to pass on")(propose(ProposeHandoff{Handoff{Open: []string{"a"}}}))
	st.no("1001 bytes")(propose(ProposeHandoff{Handoff{Decisions: []string{strings.Repeat("x", 1001)}}}))
	st.no("this output has")(propose(ProposeHandoff{Handoff{Output: strings.Repeat("x", MaxOutput+1)}}))
	st.no("this handoff has 4.9 KiB")(propose(ProposeHandoff{Handoff{Decisions: []string{strings.Repeat("a", 999), strings.Repeat("b", 999), strings.Repeat("c", 999), strings.Repeat("d", 999), strings.Repeat("e", 999)}}}))
	st.no("1001 bytes")(propose(ProposePersona{persona("x"), strings.Repeat("x", 1001)}))
	st.no("1001 bytes")(propose(ProposeSkills{skills("x"), strings.Repeat("x", 1001)}))
	st.no("at most 32 skills, not 33")(propose(ProposeSkills{manySkills(33), ""}))

	// The rules that hold for a person hold for what a person approves.
	persona1 := st.propose(task, ProposePersona{persona("startup-cto"), "x"})
	st.no("startup-cto is thinking here already")(st.Approve(ana, st.in, persona1, ""))
	st.do(st.Deny(ana, st.in, persona1, "no"))
	st.no("is denied already")(st.Approve(ana, st.in, persona1, ""))
	st.no("there is no proposal #99")(st.Approve(ana, st.in, 99, ""))
	st.no("is a task, not a proposal")(st.Deny(ana, st.in, task, ""))
	st.no("Cem is a contributor")(st.Deny(cem, st.in, persona1, ""))
	otherwise := st.propose(task, ProposeHandoff{Handoff{Decisions: []string{"a"}, Persona: persona("finance-lead")}})
	st.no("to open it otherwise, say why")(st.Approve(ana, st.in, otherwise, ""))

	// An agent that asks on and on is not listened to.
	for range maxWaiting - 1 {
		st.propose(task, ProposeItem{DecisionItem, "a"})
	}
	st.no("100 proposals wait already")(propose(ProposeItem{DecisionItem, "a"}))
	st.do(st.Deny(ana, st.in, otherwise, ""))
	st.propose(task, ProposeItem{DecisionItem, "a"})

	st.report(task, "done")
	st.no("has its report already")(propose(ProposeItem{DecisionItem, "a"}))
	st.do(st.Pause(ana, st.in, ""))
	st.no("is paused; to decide on a proposal")(st.Approve(ana, st.in, otherwise, ""))
}

// What was proposed for one phase does not move another.
func TestStaleProposals(t *testing.T) {
	st := begin(t, sprint())
	task := st.ask("draft")
	handoff := st.propose(task, ProposeHandoff{Handoff{Decisions: []string{"a"}}})
	item := st.propose(task, ProposeItem{DecisionItem, "b"})
	st.pass("c")
	st.no("was proposed for phase Build, and phase Prepare is open now")(st.Approve(ana, st.in, handoff, ""))
	st.no("was proposed for phase Build")(st.Approve(ana, st.in, item, ""))
	if len(st.Waiting()) != 2 {
		t.Errorf("%d wait", len(st.Waiting()))
	}
	st.do(st.Deny(ana, st.in, handoff, ""))

	// An agent that is late may bring what it found, and no longer move the plan.
	st.no("was asked for in phase Build, and phase Prepare is open now")(st.Propose(bot, task, ProposeHandoff{Handoff{Decisions: []string{"a"}}}))
	st.no("was asked for in phase Build")(st.Propose(bot, task, ProposePersona{Persona: persona("x")}))
	st.no("was asked for in phase Build")(st.Propose(bot, task, ProposeSkills{Skills: skills("x")}))
	late := st.propose(task, ProposeItem{DecisionItem, "late"})
	st.do(st.Approve(ana, st.in, late, "")).want("here", texts(st.Here()), "late")
}

// What is shown to whoever approves is what takes effect: cleaned on the way
// in, and not shared with whoever proposed it.
func TestProposalIsWhatIsShown(t *testing.T) {
	st := begin(t, sprint())
	task := st.ask("draft")
	given := Handoff{Decisions: []string{"pay \u202eyenom", "none", "pay \u202eyenom"}, Output: "a\u200bb", Skills: skills("copywriting")}
	stack := skills("a", "b")
	st.propose(task, ProposeHandoff{given})
	st.propose(task, ProposeSkills{stack, "x\u202ey"})
	given.Decisions[0], given.Skills[0], stack[0] = "z", skills("z")[0], skills("z")[0]
	got := []Proposal{st.Waiting()[0].Proposal, st.Waiting()[1].Proposal}
	want := []Proposal{ProposeHandoff{Handoff{Decisions: []string{"pay yenom"}, Output: "ab", Skills: skills("copywriting")}}, ProposeSkills{skills("a", "b"), "xy"}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(PersonaName{}, SkillName{})); diff != "" {
		t.Error(diff)
	}
}
