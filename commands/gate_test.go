package commands_test

import (
	"context"
	"testing"

	"github.com/synthoperator/baton/chat"
)

// Somebody who may not decide is refused through every door: typed in the
// thread, typed in the channel, sent in fields as a button or a form does, and
// under the name of somebody who may.
func TestOneGate(t *testing.T) {
	b := newBot(t)
	b.ok("ana", 0, "start solo-sprint Ship the beta")
	b.ok("ana", 1, "note decision Postgres")
	b.ok("ana", 1, "run draft it")
	b.ok("ana", 1, "run report 2: Decisions: one")
	texts := []string{
		"handoff", "handoff decisions: mine", "override phase next because me", "override persona growth-marketer because me",
		"override skills seo-audit because me", "override owner @mal because me", "override handoff because me", "undo", "persona growth-marketer",
		"load seo-audit", "unload senior-frontend", "pause", "end because me", "approve 2", "deny 2", "announce hello", "settings owner: @mal",
		"settings admin: @mal", "settings approver: @mal", "note edit #1 mine", "note supersede #1 mine",
		"Phase 1 complete. Decisions: mine Artifacts: x Open items: none",
	}
	for _, text := range texts {
		b.no("mal", 1, text)
		if text != "persona growth-marketer" && text != "load seo-audit" && text != "unload senior-frontend" { // these set the channel's defaults
			b.no("mal", 0, text)
		}
	}
	for verb, args := range map[string]map[string]string{
		"handoff":  {"decisions": "mine", "whole": "yes"},
		"override": {"what": "persona", "to": "growth-marketer", "because": "me"},
		"approve":  {"number": "2"},
		"undo":     {"in": "1"},
		"settings": {"everybody": "observer"},
	} {
		call := b.call("mal", 1, "")
		call.Verb, call.Args = verb, args
		if m := b.router.Handle(context.Background(), call); !m.Refused {
			t.Errorf("%s in fields was not refused: %s", verb, words(m))
		}
	}
	call := b.call("mal", 1, "handoff")
	call.Person = chat.Person{ID: "mal", Name: "ana"}
	if m := b.router.Handle(context.Background(), call); !m.Refused {
		t.Error("a borrowed name opened the gate")
	}
	must(t, b.ok("root", 1, "status"), "Phase 1 of 3: Build", "startup-cto")
	b.ok("root", 1, "handoff")
}

// A role that is taken away counts at once.
func TestRoleTakenAway(t *testing.T) {
	b := newBot(t)
	b.ok("ana", 0, "start solo-sprint Ship the beta")
	b.ok("root", 0, "settings approver: @ben")
	b.ok("ben", 1, "pause")
	b.ok("root", 0, "settings contributor: @ben")
	b.no("ben", 1, "resume")
}

// What happens in one channel or thread is seen in no other.
func TestNothingLeaks(t *testing.T) {
	b := newBot(t)
	b.ok("ana", 0, "start solo-sprint Ship the canary")
	b.ok("ana", 1, "note decision the canary sings")
	b.ok("ana", 0, "start solo-sprint Another matter")
	b.ok("ana", 0, "persona devops-engineer")
	for _, text := range []string{"status", "list", "list sessions all: yes", "history", "export", "catchup", "prompt", "status in: 1", "settings", "list personas canary"} {
		call := b.call("mal", 0, text)
		call.Thread, _ = chat.NewThread("console", "local", "elsewhere", "")
		m := b.router.Handle(context.Background(), call)
		mustNot(t, words(m), "canary sings", "Ship the canary", "devops-engineer (")
		call = b.call("mal", 0, text)
		call.Thread, _ = chat.NewThread("console", "other", "general", "1")
		m = b.router.Handle(context.Background(), call)
		mustNot(t, words(m), "canary sings", "Ship the canary", "devops-engineer (")
		m = b.say("mal", 2, text)
		if text != "list" && text != "list sessions all: yes" { // the list of one's own channel
			mustNot(t, words(m), "canary sings")
		}
	}
}
