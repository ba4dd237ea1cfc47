package discordtest_test

import (
	"regexp"
	"testing"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
)

func newNodeTown(t *testing.T) *nodeBot {
	w := newTown(t, discordtest.Options{})
	w.app.Join(w.guild, discordtest.Core|discordtest.ManageWebhooks)
	w.guild.NewChannel("readonly", discordtest.Text).Overwrite(w.app, 0, discordtest.SendMessages)
	hidden := w.guild.NewChannel("hidden", discordtest.Text)
	hidden.Overwrite(w.app, 0, discordtest.ViewChannel)
	b := w.startNode("HIDDEN=" + hidden.ID)
	if got := b.await("ready"); got["commands"] != 2.0 || got["guilds"] != 1.0 || got["name"] != "Baton" {
		t.Fatalf("the bot is ready with %v", got)
	}
	return b
}

func TestDiscordJS(t *testing.T) {
	b := newNodeTown(t)
	t.Run("answers", b.answers)
	t.Run("buttons", b.buttons)
	t.Run("forms", b.forms)
	t.Run("rest", b.rest)
	t.Run("messages", b.messages)
	t.Run("resume", b.resume)
	for _, v := range b.server.Violations() {
		if !ofDiscordJS(v) {
			t.Errorf("discord.js: %v", v)
		}
	}
}

// ofDiscordJS says which violations are habits of discord.js that Discord lets
// pass: it sends some keys where they mean nothing.
func ofDiscordJS(v discordtest.Violation) bool {
	return v.Kind == discordtest.UnknownKey && regexp.MustCompile(`the key (data\.)?(enforce_nonce|type|username) is unknown`).MatchString(v.Text)
}

func (b *nodeBot) answers(t *testing.T) {
	i, err := b.ana.Autocomplete(b.launch, "baton persona", "name", "startup", nil)
	if err != nil {
		t.Fatal(err)
	}
	if seen := b.said(i); len(seen.Choices) != 2 || seen.Choices[0].Name != "startup-cto" {
		t.Errorf("ana is suggested %v", seen.Choices)
	}
	i, seen := b.slash("persona", discordtest.Args{"name": "startup-cto"})
	if seen.Message.Content != "now startup-cto" || seen.Ephemeral {
		t.Errorf("ana sees %+v", seen.Message)
	}
	seen, err = i.Until(t.Context(), func(s discordtest.Seen) bool { return len(s.FollowUps) == 1 })
	if err != nil || !seen.FollowUps[0].Ephemeral {
		t.Errorf("ana sees %+v, %v", seen, err)
	}
	if i, seen := b.slash("secret", nil); !seen.Ephemeral {
		t.Errorf("everybody sees %+v", seen.Message)
	} else if seen, _ = i.Until(t.Context(), func(s discordtest.Seen) bool { return len(s.FollowUps) == 1 }); seen.FollowUps[0].Content != "ephemeral: true" {
		t.Errorf("discord.js understood %q", seen.FollowUps[0].Content)
	}
}

func (b *nodeBot) buttons(t *testing.T) {
	_, seen := b.slash("card", nil)
	card := *seen.Message
	i, err := b.ana.Select(card, "v1:pick", "build")
	if err != nil {
		t.Fatal(err)
	}
	if seen := b.said(i); seen.Message.Content != "picked build" {
		t.Errorf("ana sees %q", seen.Message.Content)
	}
	if i, err = b.ana.Click(card, "Later"); err != nil {
		t.Fatal(err)
	}
	if seen, _ := i.Until(t.Context(), func(s discordtest.Seen) bool { return len(s.FollowUps) == 1 }); seen.State != discordtest.Accepted {
		t.Errorf("ana sees %+v", seen)
	}
	if i, err = b.ana.Click(card, "Approve"); err != nil {
		t.Fatal(err)
	}
	if seen := b.said(i); seen.State != discordtest.Updated || seen.Message.Content != "approved by ana" {
		t.Errorf("ana sees %+v", seen)
	}
	if _, err := b.ana.Click(card, "Approve"); err == nil {
		t.Error("a disabled button was pressed")
	}
}

func (b *nodeBot) forms(t *testing.T) {
	for verb, want := range map[string]string{"form": `{"decisions":"Postgres","go":["go"]}`, "oldform": `{"decisions":"Postgres"}`} {
		i, seen := b.slash(verb, nil)
		if seen.State != discordtest.Form {
			t.Fatalf("ana sees %+v", seen)
		}
		values := discordtest.Values{"decisions": "Postgres"}
		if verb == "form" {
			values["go"] = []string{"go"}
		}
		sent, err := b.ana.Submit(i, values)
		if err != nil {
			t.Fatal(err)
		}
		if seen := b.said(sent); seen.Message.Content != want {
			t.Errorf("%s: discord.js understood %s", verb, seen.Message.Content)
		}
	}
}

func (b *nodeBot) rest(*testing.T) {
	b.reports("threads", object{"same": true, "again": 160004.0, "edited": 50083.0, "open": true, "lock": 50013.0})
	b.reports("once", object{"same": true})
	b.reports("denied", object{"send": 50013.0, "see": 50001.0, "gone": 10008.0, "pin": 50013.0})
	b.reports("direct", object{"same": true, "direct": true, "guild": nil, "edited": "for you", "files": 1.0, "bot": 50007.0})
	b.reports("faces", object{"author": "startup-cto", "edited": "I would", "without": 10008.0, "name": 50035.0})
	b.reports("history", object{"after": "no 2", "before": "no 2"})
	b.await("deleted")
}

func (b *nodeBot) messages(t *testing.T) {
	if _, seen := b.slash("layout", nil); len(seen.Message.Components) != 1 || seen.Message.Content != "" {
		t.Errorf("ana sees %+v", seen.Message)
	}
	if _, seen := b.slash("file", nil); len(seen.Message.Attachments) != 1 || string(seen.Message.Attachments[0].Data) != "# Run\n" {
		t.Errorf("ana sees %+v", seen.Message)
	}
	drain(b.events)
	said, err := b.ana.Say(b.launch, "we take Postgres")
	if err != nil {
		t.Fatal(err)
	}
	if got := b.await("message"); got["content"] != "" || got["mentioned"] != false {
		t.Errorf("without the privileged intent the bot reads %v", got)
	}
	if _, err := b.ana.Say(b.launch, b.app.Mention()+" hello"); err != nil {
		t.Fatal(err)
	}
	if got := b.await("message"); got["content"] == "" || got["mentioned"] != true {
		t.Errorf("the bot is mentioned and reads %v", got)
	}
	i, err := b.ana.MessageCommand(said, "Record decision")
	if err != nil {
		t.Fatal(err)
	}
	if seen := b.said(i); seen.Message.Content != "recorded: we take Postgres" {
		t.Errorf("ana sees %+v", seen.Message)
	}
}

// What happens while no connection stands is replayed when it stands again, and
// no new session is begun, however the connection ended.
func (b *nodeBot) resume(t *testing.T) {
	for name, end := range map[string]func(){
		"the socket drops": b.app.DropConnections, "op 7": b.app.Reconnect, "op 9 true": func() { b.app.InvalidateSession(true) },
	} {
		before := b.app.Identified()
		end()
		if err := b.app.AwaitGone(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := b.ana.Say(b.launch, b.app.Mention()+" still there?"); err != nil {
			t.Fatal(err)
		}
		b.await("message")
		if _, seen := b.slash("secret", nil); !seen.Ephemeral {
			t.Errorf("%s: ana sees %+v", name, seen)
		}
		if n := b.app.Identified() - before; n != 0 {
			t.Errorf("%s: the bot identified %d times", name, n)
		}
	}
	before := b.app.Identified()
	b.app.InvalidateSession(false)
	b.await("session")
	if n := b.app.Identified() - before; n < 1 {
		t.Errorf("after op 9 false the bot identified %d times", n)
	}
}
