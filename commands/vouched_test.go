package commands_test

import (
	"testing"

	"github.com/synthoperator/baton/chat"
)

// A platform's own roles count where Baton was told nothing else, for whoever
// speaks, at that moment.
func TestVouchedRoles(t *testing.T) {
	b := newBot(t)
	channel, err := chat.NewThread("discord", "G1", "C1", "")
	if err != nil {
		t.Fatal(err)
	}
	say := func(id, role, text string) chat.Message {
		b.said++
		return b.router.Handle(t.Context(), chat.Call{
			ID: "vouched" + string(rune('a'+b.said)), Thread: channel, Person: chat.Person{ID: id, Name: id}, Role: role, Text: text, Numbered: true,
			Mentions: map[string]chat.Person{"@ben": {ID: "ben", Name: "ben"}},
		})
	}
	if m := say("ana", "", "start product-launch Launch"); m.Refused {
		t.Fatal(m.Blocks)
	}
	for _, step := range []struct {
		who, role, text string
		refused         bool
	}{
		{"ben", "", "override persona solo-founder in: 1 because", true},
		{"ben", "observer", "note decision Postgres in: 1", true},
		{"ben", "nonsense", "persona solo-founder in: 1", true},
		{"ben", "approver", "persona solo-founder in: 1", false},
		{"ben", "", "persona startup-cto in: 1", true}, // it holds for that moment alone
		{"eve", "admin", "settings observer: @ben", false},
		{"ben", "approver", "persona startup-cto in: 1", true}, // what was given here goes first
	} {
		if m := say(step.who, step.role, step.text); m.Refused != step.refused || m.Fault {
			t.Errorf("%s as %q: %s: %v", step.who, step.role, step.text, m.Blocks)
		}
	}
}
