package slack

import (
	"testing"
	"time"
)

// An app that a whole organisation installed is found by the organisation, in each
// of its workspaces.
func TestOrganisation(t *testing.T) {
	socket(t, setting{}, func(w *world) {
		org := w.Org("E1", "acme-all")
		second := w.Workspace("T2", "acme-two")
		second.JoinOrg(org)
		app := w.app.InstallOrg(org)
		w.installs.Put(w.t.Context(), Install{Enterprise: "E1", App: "A1", BotUser: app.UserID, Bot: app.BotID, Token: Secret(app.Token)})
		ch, cy := second.Channel("C1", "launch"), second.Person("U3", "cy")
		ch.Join("U3", app.UserID)
		root := cy.Say(ch, "", "a topic").Message.TS
		cy.Mention(ch, root, app, "status")
		pass(time.Second)
		cy.Slash(ch, "/baton", "help")
		calls := w.h.called()
		if len(calls) != 2 || calls[0].Thread.Key() != "slack/T2/C1/"+root || calls[0].Person.Name != "cy" || calls[1].Thread.Key() != "slack/T2/C1" {
			w.t.Fatalf("%+v\n%s", calls, w.log)
		}
		if got := ch.Replies(root); len(got) != 2 {
			w.t.Errorf("%+v\n%s", got, w.log)
		}
	})
}

// What somebody of another organisation says in a shared channel is not heard.
func TestExternal(t *testing.T) {
	here := outer{Team: "T1", Enterprise: "E1", Shared: true}
	for from, want := range map[string]bool{"T1": false, "E1": false, "": false, "T9": true} {
		if got := external(here, event{UserTeam: from}); got != want {
			t.Errorf("of %q: %v", from, got)
		}
	}
	if external(outer{Team: "T1"}, event{Team: "T2"}) {
		t.Error("a channel that nobody else shares has no externals")
	}
}
