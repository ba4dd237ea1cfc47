package commands_test

import (
	"strings"
	"testing"
)

// Nobody sees who pressed a button or filled in a form, so the answer tells it;
// what was typed stands under its author's name already.
func TestWhoPressed(t *testing.T) {
	b := newBot(t)
	b.ok("ana", 0, "start product-launch Launch an invoicing tool")
	pressed := func(who, verb string, args map[string]string) string {
		call := b.call(who, 1, "")
		call.Verb, call.Args, call.Pressed = verb, args, true
		m := b.router.Handle(t.Context(), call)
		if m.Refused || m.Fault {
			t.Fatalf("%s was refused: %s", verb, words(m))
		}
		return words(m)
	}
	must(t, pressed("ben", "note", map[string]string{"kind": "decision", "text": "Postgres"}), "By ben.")
	must(t, pressed("ana", "handoff", map[string]string{"artifacts": "Architecture doc"}), "By ana.")
	must(t, pressed("ana", "undo", nil), "By ana.")
	if text := pressed("ana", "status", nil); strings.Contains(text, "By ana.") {
		t.Errorf("who only looks is named: %s", text)
	}
	if text := b.ok("ben", 1, "note decision Magic links"); strings.Contains(text, "By ben.") {
		t.Errorf("who typed it is named once more: %s", text)
	}
}

// A form that is known to be for a decision asks for nothing that a decision does
// not have, and for its reason.
func TestRecordForms(t *testing.T) {
	b := newBot(t)
	b.ok("ana", 0, "start product-launch Launch an invoicing tool")
	for _, tt := range []struct{ kind, title, inputs string }{
		{"decision", "Record decision", "text because link"},
		{"artifact", "Record artifact", "text link"},
		{"open", "Record open item", "text owner link"},
		{"", "Note", "kind item text owner link"},
	} {
		call := b.call("ben", 1, "")
		call.Verb, call.Form, call.Args = "note", true, map[string]string{"text": "Free tier"}
		if tt.kind != "" {
			call.Args["kind"] = tt.kind
		}
		f := b.router.Handle(t.Context(), call).Form
		if f == nil {
			t.Fatalf("%q opens no form", tt.kind)
		}
		var names []string
		for _, in := range f.Inputs {
			names = append(names, in.Name)
			if in.Name == "text" && in.Value != "Free tier" {
				t.Errorf("the words are %q", in.Value)
			}
		}
		if got := strings.Join(names, " "); f.Title != tt.title || got != tt.inputs || f.Args["kind"] != tt.kind {
			t.Errorf("%q: %q asks for %s, with %v", tt.kind, f.Title, got, f.Args)
		}
	}
}

// Where there is no admin, whoever looks for one is told what makes them one.
func TestHowToBecomeAdmin(t *testing.T) {
	b := newBot(t)
	if text := b.ok("ana", 0, "settings"); strings.Contains(text, "Nobody was named an admin") {
		t.Errorf("the operator named one: %s", text)
	}
	lone := newBotWithoutAdmins(t)
	call := lone.call("ana", 0, "settings")
	must(t, words(lone.router.Handle(t.Context(), call)), `admins = ["console/local/ana"]`)
	call = lone.call("you", 0, "settings")
	call.Operator = true
	if text := words(lone.router.Handle(t.Context(), call)); strings.Contains(text, "Nobody was named an admin") {
		t.Errorf("the operator is one: %s", text)
	}
}
