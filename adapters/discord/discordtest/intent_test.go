package discordtest_test

import (
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
)

// Events come to those who asked for them, and what people wrote only to those
// who may read it.
func TestIntents(t *testing.T) {
	const guilds, messages, content = 1, 1 << 9, 1 << 15
	w := newTown(t, discordtest.Options{})
	w.app.Grant(content)
	w.register()
	read := func(intents int, text string) any {
		c := w.connect().login(intents)
		defer c.ws.Close()
		if _, err := w.ana.Say(w.launch, text); err != nil {
			t.Fatal(err)
		}
		i, err := w.ana.Slash(w.launch, "baton note", nil)
		if err != nil {
			t.Fatal(err)
		}
		p := c.next()
		if p.Type == "MESSAGE_CREATE" {
			return p.object(w)["content"]
		}
		if told := p.object(w); told["id"] != i.ID {
			t.Errorf("%s %v", p.Type, told)
		}
		return nil
	}
	for _, c := range []struct {
		intents int
		text    string
		want    any
	}{
		{guilds, "hello", nil},
		{guilds | messages, "hello", ""},
		{guilds | messages, w.app.Mention() + " hello", w.app.Mention() + " hello"},
		{guilds | messages | content, "hello", "hello"},
	} {
		w.app.ForgiveIdentifies()
		if got := read(c.intents, c.text); got != c.want {
			t.Errorf("with the intents %b, of %q one reads %q", c.intents, c.text, got)
		}
	}
}

func TestIdentifiesAreRationed(t *testing.T) {
	clock := atNoon()
	w := newTown(t, discordtest.Options{Clock: clock, Identifies: 2})
	w.connect().login(1)
	hasty := w.connect()
	hasty.expect(10, "")
	hasty.send(2, identity(w, 1))
	hasty.expect(9, "")
	clock.Advance(5 * time.Second)
	if limit := w.must("GET", "/gateway/bot", nil).body["session_start_limit"].(object); limit["remaining"] != 0.0 {
		t.Errorf("%v", limit)
	}
	over := w.connect()
	over.expect(10, "")
	over.send(2, identity(w, 1))
	if got := over.closed(); got != 4004 {
		t.Errorf("closed with %d", got)
	}
	if got := w.do("GET", "/users/@me", nil); got.status != 401 {
		t.Errorf("the token was not reset: %d", got.status)
	}
}

func TestShards(t *testing.T) {
	w := newTown(t, discordtest.Options{Shards: 2})
	second := w.server.NewGuild("Second")
	w.app.Join(second, discordtest.Core)
	served := map[any]int{}
	for shard := range 2 {
		w.app.ForgiveIdentifies()
		c := w.connect()
		c.expect(10, "")
		c.send(2, with(identity(w, 1), object{"shard": []int{shard, 2}}))
		c.expect(0, "READY")
		served[c.expect(0, "GUILD_CREATE").object(w)["id"]]++
	}
	if served[w.guild.ID] != 1 || served[second.ID] != 1 {
		t.Errorf("served: %v", served)
	}
}

// A message's event carries its nonce, which no later read does.
func TestTheNonceInTheEvent(t *testing.T) {
	w := newTown(t, discordtest.Options{})
	c := w.connect().login(1 | 1<<9)
	w.must("POST", "/channels/"+w.launch.ID+"/messages", quiet(object{"content": "x", "nonce": "r7.s1"}))
	if told := c.expect(0, "MESSAGE_CREATE").object(w); told["nonce"] != "r7.s1" || told["content"] != "x" {
		t.Errorf("told: %v", told)
	}
}
