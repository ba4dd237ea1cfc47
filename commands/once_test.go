package commands_test

import (
	"context"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/synthoperator/baton/chat"
)

// A delivery that comes again changes nothing and gets the answer of the first
// time, whatever happened in between.
func TestRepeatedDelivery(t *testing.T) {
	b := newBot(t)
	lines := []struct {
		who     string
		session int
		text    string
	}{
		{"ana", 0, "start product-launch Launch it because #1"},
		{"ana", 1, "note decision Postgres"},
		{"ana", 1, "persona growth-marketer because #17"},
		{"ana", 1, "load copy-editing"},
		{"ana", 1, "unload copy-editing"},
		{"ana", 1, "override persona startup-cto because #18"},
		{"ana", 1, "undo"},
		{"ana", 1, "run draft it"},
		{"ana", 1, "run report 2: Decisions: one\nArtifacts: two"},
		{"ana", 1, "approve 2"},
		{"ana", 1, "handoff decisions: done"},
		{"ana", 1, "pause"},
		{"ana", 1, "resume"},
		{"ana", 1, "remind in 2 days look at it"},
		{"ana", 0, "persona devops-engineer"},
		{"ana", 0, "load senior-security"},
		{"ana", 1, "end because we are done"},
	}
	var calls []chat.Call
	var first []chat.Message
	for _, l := range lines {
		call := b.call(l.who, l.session, l.text)
		m := b.router.Handle(context.Background(), call)
		if m.Refused || m.Fault {
			t.Fatalf("%s: %s", l.text, words(m))
		}
		calls, first = append(calls, call), append(first, m)
	}
	before := b.ok("ana", 1, "export")
	for i, call := range calls {
		if diff := cmp.Diff(words(first[i]), words(b.router.Handle(context.Background(), call))); diff != "" {
			t.Errorf("%s, again: %s", call.Text, diff)
		}
	}
	if diff := cmp.Diff(before, b.ok("ana", 1, "export")); diff != "" {
		t.Errorf("the log moved: %s", diff)
	}
}

// What was typed in the channel meant the only open session there. Said again, it
// means that one still, though others were started or it has ended since.
func TestRepeatedDeliveryInTheChannel(t *testing.T) {
	b := newBot(t)
	b.ok("ana", 0, "start solo-sprint Ship the beta")
	for i, text := range []string{"note decision Postgres", "end because we are done"} {
		call := b.call("ana", 0, text)
		first := words(b.router.Handle(context.Background(), call))
		for _, since := range []string{"status", "start solo-sprint One more", "start solo-sprint And another"} {
			b.ok("ana", 0, since)
			if diff := cmp.Diff(first, words(b.router.Handle(context.Background(), call))); diff != "" {
				t.Errorf("%s, again after %s: %s", text, since, diff)
			}
		}
		b.ok("ana", 2*i+2, "end because enough")
		b.ok("ana", 2*i+3, "end because enough")
	}
}

// A hundred copies of one delivery at once have one effect.
func TestDoubleClick(t *testing.T) {
	b := newBot(t)
	b.ok("ana", 0, "start solo-sprint Ship the beta")
	call := b.call("ana", 1, "note decision once")
	var wg sync.WaitGroup
	answers := make([]string, 100)
	for i := range answers {
		wg.Go(func() { answers[i] = words(b.router.Handle(context.Background(), call)) })
	}
	wg.Wait()
	for _, a := range answers {
		if a != answers[0] {
			t.Fatalf("%q and %q", answers[0], a)
		}
	}
	must(t, b.ok("ana", 1, "note decision twice"), "Decision #2")
}
