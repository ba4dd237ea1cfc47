package slack

import (
	"context"
	"strings"
	"testing"

	"github.com/synthoperator/baton/chat"
)

// A command is answered in its acknowledgement, once what it changed is durable.
func TestCommand(t *testing.T) {
	both(t, setting{}, func(w *world) {
		seen := w.ana.Slash(w.launch, "/baton", "note ask @ben for the <draft> & more in #launch https://example.com")
		c := w.one()
		want := "note ask @ben for the <draft> & more in #launch https://example.com"
		if c.Text != want || c.Thread.Key() != "slack/T1/C1" || c.Person != (chat.Person{ID: "U1", Name: "ana"}) {
			t.Errorf("%+v", c)
		}
		if got := c.Mentions["@ben"]; got.ID != "U2" || got.Name != "ben" {
			t.Errorf("named are %v", c.Mentions)
		}
		if seen.TimedOut || !seen.InChannel || seen.Refused != "" {
			t.Errorf("%+v\n%s", seen, w.log)
		}
	})
}

func TestOnlyYouInAck(t *testing.T) {
	both(t, setting{answer: func(context.Context, chat.Call) chat.Message { return whispers("for you") }}, func(w *world) {
		if seen := w.ana.Slash(w.launch, "/baton", "status"); !strings.Contains(seen.Told(), "for you") || len(w.launch.Messages()) != 0 {
			t.Errorf("%q, %+v", seen.Told(), w.launch.Messages())
		}
	})
}
