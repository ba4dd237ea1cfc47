package commands_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/synthoperator/baton/chat"
)

// press presses a button in the channel.
func press(b *bot, who string, button chat.Button) chat.Message {
	call := b.call(who, 0, "")
	call.Verb, call.Args, call.Form = button.Verb, button.Args, button.Form
	return b.router.Handle(context.Background(), call)
}

// Where a typed command could mean several sessions, each is a button that says the
// whole of it again, its reason and a form that was asked for included.
func TestWhichSession(t *testing.T) {
	b := newBot(t)
	b.ok("ana", 0, "start solo-sprint The first")
	b.ok("ana", 0, "start solo-sprint The second")
	m := b.say("ana", 0, "note decision text: it is: Postgres because it is boring")
	if len(m.Buttons) != 2 || m.Buttons[1].Label != "1: The first" {
		t.Fatalf("%+v", m)
	}
	press(b, "ana", m.Buttons[1])
	must(t, b.ok("ana", 1, "status"), "Postgres, because it is boring")
	if m = b.say("ana", 0, "handoff form"); len(m.Buttons) != 2 {
		t.Fatalf("%+v", m)
	}
	if f := press(b, "ana", m.Buttons[1]).Form; f == nil || f.Args["in"] != "1" {
		t.Errorf("%+v", f)
	}
}

// A person whom a text names by a word is not known to a button; and who has more
// sessions than are shown is told so.
func TestWhichSessionInWords(t *testing.T) {
	b := newBot(t)
	for n := range 8 {
		b.ok("ana", 0, fmt.Sprintf("start solo-sprint Number-%d", n+1))
	}
	m := b.say("ana", 0, "override owner @ben because I leave")
	if len(m.Buttons) != 0 {
		t.Errorf("%+v", m.Buttons)
	}
	text := fmt.Sprint(m.Blocks)
	if !strings.Contains(text, "override in: 8 owner @ben because I leave") || strings.Contains(text, "Number-2") || !strings.Contains(text, "list sessions") {
		t.Errorf("%s", text)
	}
}
