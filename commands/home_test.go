package commands_test

import (
	"context"
	"maps"
	"testing"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/commands"
)

func (b *bot) home(who string) chat.Message {
	b.t.Helper()
	workspace, err := chat.NewThread("console", "local", "-", "")
	if err != nil {
		b.t.Fatal(err)
	}
	m, err := b.router.Home(context.Background(), workspace, chat.Person{ID: who, Name: who})
	if err != nil {
		b.t.Fatal(err)
	}
	return m
}

// A home shows what is somebody's, and of nobody else's work.
func TestHomeShowsWhatIsMine(t *testing.T) {
	b := newBot(t)
	b.ok("ana", 0, "start solo-sprint Ship the beta")
	b.ok("eve", 0, "start solo-sprint Buy the competitor")
	b.ok("ana", 1, "note open pricing for @ben")
	b.ok("eve", 2, "note open a secret price for @eve")
	b.ok("ana", 1, "run draft it")
	b.ok("ana", 1, "run report 2: Decisions: one")

	ana := words(b.home("ana"))
	must(t, ana, "To decide:", "report on #2: draft it (session 1, Ship the beta)", "Your sessions:", "Session 1, ", "Phase 1 of 3: Build")
	mustNot(t, ana, "competitor", "secret", "Your open items")

	ben := words(b.home("ben"))
	must(t, ben, "Your open items:", "#1 pricing (session 1, Ship the beta)", "Your sessions:")
	mustNot(t, ben, "To decide:", "competitor")

	must(t, words(b.home("mal")), "Nothing: no decision and no open item is yours.")
	mustNot(t, words(b.home("mal")), "beta", "competitor")
}

// A role in the channel gives decisions to its holder; one that holds everywhere
// shows nothing of channels its holder may not be in.
func TestHomeOfApproversAndAdmins(t *testing.T) {
	b := newBot(t)
	b.ok("ana", 0, "start solo-sprint Ship the beta")
	b.ok("ana", 1, "run draft it")
	b.ok("ana", 1, "run report 1: Decisions: one")
	b.ok("root", 0, "settings approver: @ben")
	must(t, words(b.home("ben")), "To decide:", "report on #1")
	mustNot(t, words(b.home("root")), "beta")
	b.ok("root", 0, "settings contributor: @ben")
	mustNot(t, words(b.home("ben")), "beta")
}

// A button of the home is a call in the session's own thread; once it was
// pressed, nothing waits any more.
func TestHomeButtons(t *testing.T) {
	b := newBot(t)
	b.ok("ana", 0, "start solo-sprint Ship the beta")
	b.ok("ana", 0, "start solo-sprint Another")
	b.ok("ana", 2, "run draft it")
	b.ok("ana", 2, "run report 1: Decisions: one")
	m := b.home("ana")
	approve := m.Buttons[0]
	if approve.Label != "Approve #1 of session 2" || approve.Typed == "" || m.Buttons[1].Verb != "deny" {
		t.Fatalf("%+v", m.Buttons)
	}
	place, err := chat.ParseThread(approve.Args[commands.InPlace])
	if err != nil || place.Root() != "2" {
		t.Fatalf("%v, %v", place, err)
	}
	call := b.call("ana", 2, "")
	call.Verb, call.Args = approve.Verb, maps.Clone(approve.Args)
	delete(call.Args, commands.InPlace)
	if m := b.router.Handle(context.Background(), call); m.Refused || m.Fault {
		t.Fatal(words(m))
	}
	mustNot(t, words(b.home("ana")), "To decide:")

	var starts int
	for _, button := range b.home("ana").Buttons {
		if button.Verb != "start" {
			continue
		}
		starts++
		call := b.call("ana", 0, "")
		call.Verb, call.Args, call.Form = button.Verb, button.Args, button.Form
		if m := b.router.Handle(context.Background(), call); m.Form == nil || m.Form.Inputs[0].Value != button.Args["pattern"] {
			t.Errorf("%+v opens %+v", button, m)
		}
	}
	if starts == 0 {
		t.Error("nothing can be started")
	}
}

// A home stays an overview however much there is.
func TestHomeIsBounded(t *testing.T) {
	b := newBot(t)
	for range 14 {
		b.ok("ana", 0, "start solo-sprint Ship it")
	}
	for range 20 {
		b.ok("ana", 1, "note open something for @ana")
	}
	for range 9 {
		b.ok("ana", 1, "run draft it")
	}
	for i := range 9 {
		b.ok("ana", 1, "run report "+string(rune('2'+i/10))+string(rune('1'+i%10))+": Decisions: one")
	}
	m := b.home("ana")
	must(t, words(m), "4 more things wait for your decision", "4 older sessions are not shown")
	if n := len(m.Buttons); n > 10+5 {
		t.Errorf("%d buttons", n)
	}
}
