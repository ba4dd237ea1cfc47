package commands_test

import (
	"context"
	"strings"
	"testing"

	"github.com/synthoperator/baton/chat"
)

// What holds for the whole workspace is an admin's to set, wherever it is said.
func TestWorkspaceSettings(t *testing.T) {
	b := newBot(t)
	for _, text := range []string{"settings zone: Asia/Tokyo workspace: yes", "settings budget: 5 workspace: yes"} {
		b.no("mal", 0, text)
	}
	b.ok("root", 0, "settings approver: @ben")
	b.no("ben", 0, "settings zone: Asia/Tokyo workspace: yes")
	b.ok("ben", 0, "settings zone: Asia/Tokyo")
	b.ok("root", 0, "settings zone: Europe/Berlin workspace: yes")
}

// A button acts on the session it was shown for and on no other, wherever it is
// pressed and whatever is open by then.
func TestButtonsNameTheirSession(t *testing.T) {
	b := newBot(t)
	b.ok("ana", 0, "start solo-sprint The first")
	b.ok("ana", 0, "start solo-sprint The second")
	b.ok("ana", 1, "note decision in the first")
	m := b.say("ana", 0, "override persona growth-marketer in: 2 because the page is next")
	b.ok("ana", 0, "end in: 2 because we stop")
	if len(m.Buttons) != 1 {
		t.Fatalf("buttons %v", m.Buttons)
	}
	click := b.call("ana", 0, "")
	click.Verb, click.Args = m.Buttons[0].Verb, m.Buttons[0].Args
	b.router.Handle(context.Background(), click)
	must(t, b.ok("ana", 1, "status"), "in the first")
	must(t, b.ok("ana", 2, "history"), "took back entry 3")
}

// A number names a session right after the verb and at the very end. Anywhere
// else, and in a thread, it is somebody's words.
func TestSessionNumbersAreNoProse(t *testing.T) {
	b := newBot(t)
	b.ok("ana", 0, "start solo-sprint The first")
	b.ok("ana", 0, "start solo-sprint The second")
	b.ok("ana", 1, "note decision Rollout in: 1 week")
	must(t, b.ok("ana", 1, "status"), "Rollout in: 1 week")
	b.ok("ana", 0, "note in: 2 decision We ship in: 3 weeks")
	must(t, b.ok("ana", 2, "status"), "We ship in: 3 weeks")
	b.ok("ana", 0, "note open Login: who does it in: 1")
	must(t, b.ok("ana", 1, "status"), "Login: who does it\n")
	b.ok("ana", 1, "run draft it")
	b.ok("ana", 1, "run report 3: Artifacts:\n- Ship in: 1 week")
	must(t, b.ok("ana", 1, "run task: 3"), "Ship in: 1 week")
}

// submit sends a form back as it was opened, with some of its fields changed.
func submit(b *bot, who string, session int, f *chat.Form, changed map[string]string) chat.Message {
	call := b.call(who, session, "")
	call.Verb, call.Args = f.Verb, map[string]string{}
	for k, v := range f.Args {
		call.Args[k] = v
	}
	for _, in := range f.Inputs {
		call.Args[in.Name] = in.Value
	}
	for k, v := range changed {
		call.Args[k] = v
	}
	return b.router.Handle(context.Background(), call)
}

// A handoff form that is signed as it stands hands on exactly what was
// recorded, also what somebody recorded while it was open; signed a second
// time it closes no other phase.
func TestHandoffFormLosesNothing(t *testing.T) {
	b := newBot(t)
	b.ok("ana", 0, "start solo-sprint Ship the beta")
	for _, text := range []string{"A; B", "1. Quartal is the deadline", "postgres it is"} {
		b.ok("ana", 1, "note decision \""+text+"\"")
	}
	form := b.say("ana", 1, "handoff form").Form
	b.ok("ben", 1, "note decision Meanwhile")
	m := submit(b, "ana", 1, form, nil)
	if m.Refused {
		t.Fatal(words(m))
	}
	must(t, words(m), "- A; B\n", "- 1. Quartal is the deadline\n", "- postgres it is\n", "- Meanwhile\n")
	must(t, b.ok("ana", 1, "note decision next"), "Decision #5")
	if m := submit(b, "ana", 1, form, nil); !m.Refused {
		t.Errorf("the old form closed another phase: %s", words(m))
	}
}

// What a sealed reviewer is reminded of is sealed too.
func TestSealedReminder(t *testing.T) {
	b := newBot(t)
	b.ok("ana", 0, "start multi-agent-handoff Choose sealed: yes personas: startup-cto, growth-marketer, finance-lead, solo-founder")
	b.ok("ana", 1, "handoff decisions: one service")
	b.ok("ana", 1, "remind in 2 days the canary sings")
	b.ok("ana", 1, "handoff decisions: fine")
	for _, text := range []string{"status", "catchup", "history", "export", "prompt"} {
		mustNot(t, b.ok("ana", 1, text), "canary")
	}
}

// What is said of a sealed review is for whoever asked alone, since the next
// reviewer reads the same thread. What the author hands over, and the decision, are
// for everybody.
func TestSealedAnswersAreForWhoAsked(t *testing.T) {
	b := newBot(t)
	b.ok("ana", 0, "start multi-agent-handoff Choose sealed: yes personas: startup-cto, growth-marketer, finance-lead, solo-founder")
	for _, step := range []struct {
		text string
		only bool
	}{
		{"status", false},
		{"note decision two services", false},
		{"handoff decisions: one service", false},
		{"status", true},
		{"prompt", true},
		{"export", true},
		{"note decision the canary sings", true},
		{"run look at the users", true},
		{"run report 4: the canary sings", true},
		{"approve 4", true},
		{"undo", true},
		{"approve 4", true},
		{"handoff", true},
		{"status", true},
		{"note open who pays?", true},
		{"handoff decisions: too dear", false},
		{"status", false},
		{"note decision one region", false},
		{"handoff decisions: one region", false},
		{"export", false},
	} {
		if m := b.router.Handle(t.Context(), b.call("ana", 1, step.text)); m.Refused || m.Fault || m.Only != step.only {
			t.Errorf("%q is for one alone: %v\n%s", step.text, m.Only, words(m))
		}
	}
}

// One delivery with two texts is answered as the first; it ends nothing.
func TestOneKeyTwoTexts(t *testing.T) {
	b := newBot(t)
	b.ok("ana", 0, "start solo-sprint Ship the beta")
	b.ok("ana", 1, "note decision X")
	for _, text := range []string{"run draft", "remind in 2 days x", "announce hello", "stop", "undo", "handoff"} {
		call := b.call("ana", 1, text)
		call.ID = "say-2"
		if m := b.router.Handle(context.Background(), call); m.Fault || m.IsZero() {
			t.Errorf("%s: %s", text, words(m))
		}
	}
	must(t, b.ok("ana", 1, "status"), "Phase 1 of 3")
}

// Nobody can be next, and what is pasted is never lost without a word.
func TestHandoffWords(t *testing.T) {
	b := newBot(t)
	b.ok("ana", 0, "start solo-sprint Ship the beta")
	m := b.ok("ana", 1, "Phase 1 complete.\nWe had fun.\nDecisions: a\nOutput: the doc\nSwitching to: growth-marketer")
	must(t, m, "not recorded: We had fun.")
	m = b.ok("ana", 1, "handoff decisions: b to: nobody because the intern does it")
	must(t, m, "Switching to: nobody", "Because the intern does it.")
	mustNot(t, strings.Split(m, "Carried")[0], "as solo-founder")
}
