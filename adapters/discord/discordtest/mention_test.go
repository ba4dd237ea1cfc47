package discordtest_test

import (
	"slices"
	"testing"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
)

// Who is notified without a word about it: of a bot's message everybody it
// names, of a webhook's and an interaction's only people; of a quiet or an
// ephemeral one nobody; of an edit nobody; in an embed nobody.
func TestWhoIsNotified(t *testing.T) {
	w := newTown(t, discordtest.Options{Limits: map[string]discordtest.Limit{}})
	w.register()
	w.app.Join(w.guild, discordtest.Core|discordtest.ManageWebhooks|discordtest.MentionEveryone)
	role := w.guild.NewRole("all", 0)
	text := "@everyone " + w.ana.Mention() + " <@&" + role.ID + ">"
	both := object{"content": text}
	at := "/channels/" + w.launch.ID + "/messages"
	last := func() []string {
		all := w.launch.Messages()
		return all[len(all)-1].Pinged
	}
	everybody, people := []string{w.ana.User.ID, role.ID, "everyone"}, []string{w.ana.User.ID}
	expect := func(what string, want []string) {
		t.Helper()
		if got := last(); !slices.Equal(got, want) {
			t.Errorf("%s notified %v", what, got)
		}
	}

	id := w.must("POST", at, both).body["id"].(string)
	expect("a message", everybody)
	w.must("POST", at, with(both, object{"flags": 1 << 12}))
	expect("a quiet message", nil)
	w.must("POST", at, embed(object{"description": text}))
	expect("an embed", nil)
	w.must("POST", at, v2(object{"type": 10, "content": text}))
	expect("a text display", everybody)
	w.must("POST", at, object{"content": "x"})
	plain := w.launch.Messages()
	w.must("PATCH", at+"/"+plain[len(plain)-1].ID, both)
	expect("an edit", nil)

	hook := w.must("POST", "/channels/"+w.launch.ID+"/webhooks", object{"name": "h"}).body
	w.must("POST", "/webhooks/"+hook["id"].(string)+"/"+hook["token"].(string), both)
	expect("a webhook", people)
	i, err := w.ana.Slash(w.launch, "baton note", nil)
	if err != nil {
		t.Fatal(err)
	}
	w.must("POST", "/interactions/"+i.ID+"/"+i.Token+"/callback", object{"type": 4, "data": both})
	expect("an interaction", people)

	if i, err = w.ana.Slash(w.launch, "baton note", nil); err != nil {
		t.Fatal(err)
	}
	w.must("POST", "/interactions/"+i.ID+"/"+i.Token+"/callback", object{"type": 5})
	w.must("PATCH", "/webhooks/"+w.app.ID+"/"+i.Token+"/messages/@original", both)
	expect("a deferred answer", people)
	before := len(w.server.Violations(discordtest.Pinged))
	w.must("PATCH", "/webhooks/"+w.app.ID+"/"+i.Token+"/messages/@original", both)
	if n := len(w.server.Violations(discordtest.Pinged)); n != before {
		t.Error("an edit is said to have notified")
	}

	said, err := w.ana.Say(w.launch, "hello")
	if err != nil {
		t.Fatal(err)
	}
	answer := object{"content": "x", "message_reference": object{"message_id": said.ID}}
	w.must("POST", at, answer)
	expect("a reply", people)
	w.must("POST", at, with(answer, object{"allowed_mentions": object{"parse": []string{}}}))
	expect("a silent reply", nil)
	w.must("POST", at, with(answer, object{"allowed_mentions": object{"parse": []string{}, "replied_user": true}}))
	expect("a reply that says so", people)
	w.must("DELETE", at+"/"+id, nil)
}
