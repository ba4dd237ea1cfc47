package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
	"github.com/synthoperator/baton/chat"
)

// served checks that Baton answers within a minute from now on.
func (r *running) served() {
	r.Helper()
	time.Sleep(time.Minute)
	synctest.Wait()
	before := len(r.h.calls())
	i := r.slash(r.ana, r.launch, "baton status", nil)
	if len(r.h.calls()) != before+1 || i.Now().State != discordtest.Replied {
		r.Errorf("%d calls came of a command; ana sees %+v", len(r.h.calls())-before, i.Now())
	}
	if up, all := r.healthy(); !up {
		r.Errorf("the health is bad: %s", all)
	}
	for _, v := range r.server.Violations(discordtest.GatewayRule) {
		r.Errorf("%v", v)
	}
}

// However a connection begins badly, Baton is back within a minute.
func TestCase22BadBeginnings(t *testing.T) {
	for name, bad := range map[string]discordtest.Connection{
		"reconnect in place of Hello": {ReconnectFirst: true}, "no Hello": {NoHello: true}, "dropped": {DropAtOnce: true},
		"identify refused": {RefuseIdentify: true}, "no ACKs": {NoAcks: true}, "unknown error": {Close: 4000},
		"rate limited": {Close: 4008}, "timed out": {Close: 4009},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				discordtest.SkipToEpoch()
				r := newRunning(t, discordtest.Options{InMemory: true, Limits: unlimited, Heartbeat: 10 * time.Second}, Options{})
				r.app.Script(bad, bad)
				r.start()
				r.served()
				r.halt()
			})
		})
	}
}

// keepsSession are the interruptions after which the session goes on.
var keepsSession = map[string]bool{
	"dropped": true, "asked to reconnect": true, "session ended, resumable": true, "no acknowledgements": true,
	"reconnect after Resume": true, "reconnect in place of Hello": true,
}

// Whatever happens to a connection, Baton is back within a minute, and what was
// asked meanwhile is not lost where Discord replays it.
func TestCase22Interruptions(t *testing.T) {
	for name, happen := range map[string]func(*running){
		"dropped":                  func(r *running) { r.app.DropConnections() },
		"asked to reconnect":       func(r *running) { r.app.Reconnect() },
		"asked for a heartbeat":    func(r *running) { r.app.RequestHeartbeat() },
		"session ended, resumable": func(r *running) { r.app.InvalidateSession(true) },
		"session ended":            func(r *running) { r.app.InvalidateSession(false) },
		"invalid sequence":         func(r *running) { r.app.CloseConnections(4007) },
		"timed out":                func(r *running) { r.app.CloseConnections(4009) },
		"going away":               func(r *running) { r.app.CloseConnections(1001) },
		"reconnect after Resume": func(r *running) {
			r.app.Script(discordtest.Connection{ReconnectAfterResume: true}, discordtest.Connection{ReconnectAfterResume: true})
			r.app.DropConnections()
		},
		"reconnect in place of Hello": func(r *running) {
			r.app.Script(discordtest.Connection{ReconnectFirst: true}, discordtest.Connection{NoHello: true})
			r.app.DropConnections()
		},
		"resume refused": func(r *running) {
			r.app.Script(discordtest.Connection{RefuseResume: true})
			r.app.DropConnections()
		},
		"no acknowledgements": func(r *running) {
			r.app.WithholdAcks(true)
			time.Sleep(100 * time.Second)
			r.app.WithholdAcks(false)
		},
	} {
		t.Run(name, func(t *testing.T) {
			story(t, discordtest.Options{}, Options{}, func(r *running) {
				time.Sleep(10 * time.Second)
				happen(r)
				r.served()
				if n := r.app.Identified(); n != 1 && keepsSession[name] {
					r.Errorf("%d sessions were begun", n)
				}
			})
		})
	}
}

// A session that does not go on again and again uses up no more of the day's
// sessions than may be begun: all of them would reset the token. It is said what
// Baton waits for, and the next day it goes on.
func TestCase22SessionsOfADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		discordtest.SkipToEpoch()
		r := newRunning(t, discordtest.Options{InMemory: true, Limits: unlimited, Identifies: keepSessions + 20}, Options{})
		var bad []discordtest.Connection
		for range 200 {
			bad = append(bad, discordtest.Connection{RefuseIdentify: true})
		}
		r.app.Script(bad...)
		r.start()
		time.Sleep(20 * time.Hour)
		if n := r.app.Identified(); n != 20 {
			r.Errorf("%d sessions were begun", n)
		}
		if up, all := r.healthy(); up || !strings.Contains(all, "used up") {
			r.Errorf("the health: %s", all)
		}
		r.app.Unscript()
		time.Sleep(5 * time.Hour)
		r.served()
		r.halt()
	})
}

// A connection on which nothing comes any more is noticed within a minute, and the
// session goes on.
func TestCase22Silence(t *testing.T) {
	story(t, discordtest.Options{}, Options{}, func(r *running) {
		time.Sleep(10 * time.Second)
		r.app.Hush()
		r.served()
		if n := r.app.Identified(); n != 1 {
			r.Errorf("%d sessions were begun", n)
		}
	})
}

// What is asked while the connection is down comes when it is up again, once, and
// is answered if that is soon enough.
func TestCase22Replay(t *testing.T) {
	story(t, discordtest.Options{}, Options{}, func(r *running) {
		r.slash(r.ana, r.launch, "baton status", nil)
		// Baton connects again at once: only a second end keeps it away for a while.
		r.app.Script(discordtest.Connection{DropAtOnce: true})
		r.app.DropConnections()
		if err := r.app.AwaitGone(r.Context()); err != nil {
			r.Fatal(err)
		}
		i := r.slash(r.ana, r.launch, "baton status", nil)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if len(r.h.calls()) != 2 || i.Now().State != discordtest.Replied || r.app.Identified() != 1 {
			r.Errorf("%d calls; ana sees %+v; %d sessions", len(r.h.calls()), i.Now(), r.app.Identified())
		}
		r.app.Script(discordtest.Connection{NoHello: true})
		r.app.DropConnections()
		if err := r.app.AwaitGone(r.Context()); err != nil {
			r.Fatal(err)
		}
		r.slash(r.ana, r.launch, "baton approve", discordtest.Args{"number": 1})
		time.Sleep(30 * time.Second)
		synctest.Wait()
		all := r.launch.Messages()
		if last := all[len(all)-1]; len(r.h.calls()) != 2 || !strings.Contains(text(&last), "say it again") || r.app.Identified() != 1 {
			r.Errorf("%d calls; everybody sees %q; %d sessions", len(r.h.calls()), text(&last), r.app.Identified())
		}
	})
}

// Where asking again would not help, Run ends and says what to do.
func TestCase22FatalCodes(t *testing.T) {
	for code := range fatal {
		for _, running := range []bool{false, true} {
			t.Run(fmt.Sprint(code, running), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					discordtest.SkipToEpoch()
					r := newRunning(t, discordtest.Options{InMemory: true, Limits: unlimited}, Options{})
					if !running {
						r.app.Script(discordtest.Connection{Close: code})
					}
					r.start()
					if running {
						r.app.CloseConnections(code)
					}
					err := <-r.ended
					var bad *fatalError
					if up, all := r.healthy(); !errors.As(err, &bad) || bad.Code != code || up || !strings.HasSuffix(all, fatal[code]) {
						r.Errorf("it ended with %v; the health: %s", err, all)
					}
					r.server.Close()
				})
			})
		}
	}
}

// An intent that the portal does not grant, and a token that is none, are such.
func TestRevokedToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		discordtest.SkipToEpoch()
		r := newRunning(t, discordtest.Options{InMemory: true, Limits: unlimited}, Options{})
		r.start()
		r.app.Revoke()
		if err := <-r.ended; err == nil || !strings.Contains(err.Error(), "DISCORD_BOT_TOKEN") {
			r.Errorf("it ended with %v", err)
		}
		r.start()
		if err := <-r.ended; err == nil || !strings.Contains(err.Error(), "DISCORD_BOT_TOKEN") || strings.Contains(err.Error(), r.app.Token) {
			r.Errorf("it ended with %v", err)
		}
		r.server.Close()
	})
}

// Interactions that go elsewhere are said so, instead of never coming.
func TestEndpointConflict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		discordtest.SkipToEpoch()
		r := newRunning(t, discordtest.Options{InMemory: true, Limits: unlimited}, Options{})
		r.app.SetEndpoint("https://example.org/interactions")
		r.start()
		if err := <-r.ended; err == nil || !strings.Contains(err.Error(), "https://example.org/interactions") {
			r.Errorf("it ended with %v", err)
		}
		if up, all := r.healthy(); up || all == "" {
			r.Errorf("the health: %q", all)
		}
		r.server.Close()
	})
}

// A bot in many servers has as many sessions as Discord wants, not begun at once.
func TestShards(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		discordtest.SkipToEpoch()
		r := newRunning(t, discordtest.Options{InMemory: true, Limits: unlimited, Shards: 3}, Options{})
		other := r.server.NewGuild("Other")
		r.app.Join(other, discordtest.Core)
		town := other.NewChannel("town", discordtest.Text)
		bo := other.NewMember("bo")
		r.start()
		if up, all := r.healthy(); up {
			r.Errorf("the health: %s", all)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		r.slash(r.ana, r.launch, "baton status", nil)
		r.slash(bo, town, "baton status", nil)
		if up, all := r.healthy(); !up || len(r.h.calls()) != 2 || r.app.Identified() != 3 {
			r.Errorf("%d calls, %d sessions; the health: %s", len(r.h.calls()), r.app.Identified(), all)
		}
		for _, v := range r.server.Violations(discordtest.GatewayRule) {
			r.Errorf("%v", v)
		}
		r.halt()
	})
}

// Who writes to Baton in a message is answered under it; who writes about it is
// not. Their rights are those of the server's roles.
func TestMention(t *testing.T) {
	story(t, discordtest.Options{}, Options{Mentions: true}, func(r *running) {
		gus := r.guild.NewMember("gus", r.guild.NewRole("manager", discordtest.Permission(manageGuild)))
		r.settle()
		said, err := gus.Say(r.launch, r.app.Mention()+" note ask "+r.ana.Mention()+" for\nthe draft")
		if err != nil {
			r.Fatal(err)
		}
		r.settle()
		for _, text := range []string{"tell " + r.app.Mention() + " so", "nothing at all", "@Baton status"} {
			if _, err := r.ana.Say(r.launch, text); err != nil {
				r.Fatal(err)
			}
		}
		r.settle()
		if len(r.h.calls()) != 1 {
			r.Fatalf("%+v", r.h.calls())
		}
		c := r.h.calls()[0]
		if c.Text != "note ask "+r.ana.Mention()+" for\nthe draft" || c.Role != "admin" || c.Thread != r.where ||
			c.Mentions[r.ana.Mention()].Name != "ana" || c.Link != linkTo(r.guild.ID, r.launch.ID, said.ID) {
			r.Errorf("%+v", c)
		}
		all := r.launch.Messages()
		if answer := all[1]; answer.ReplyTo != said.ID || !strings.Contains(text(&answer), "heard note ask") {
			r.Errorf("the answer: %+v", answer)
		}
		thread, err := r.ana.OpenThread(r.launch, "topic", &said, discordtest.PublicThread)
		if err != nil {
			r.Fatal(err)
		}
		r.h.answers(noting)
		if _, err := r.ana.Say(thread, r.app.Mention()+" note form"); err != nil {
			r.Fatal(err)
		}
		r.settle()
		if c := r.h.calls()[1]; c.Thread != r.where.Under(thread.ID) || c.Role != "" {
			r.Errorf("%+v", c)
		}
		r.clean()
	})
}

// A message of Baton's own that carries a key is told of, with its place.
func TestHeard(t *testing.T) {
	type told struct {
		in  chat.Thread
		key string
	}
	var all []told
	story(t, discordtest.Options{}, Options{Mentions: true, Heard: func(in chat.Thread, key string) error {
		all = append(all, told{in, key})
		return nil
	}}, func(r *running) {
		if err := r.say(r.where, 7); err != nil {
			r.Fatal(err)
		}
		r.settle()
		if len(all) != 1 || all[0] != (told{r.where, testKey(7)}) {
			r.Errorf("told: %+v", all)
		}
	})
}

// What cannot be read ends nothing.
func FuzzInteraction(f *testing.F) {
	for _, seed := range []string{
		`{}`, `null`, `[]`, `{"id":"1","token":"t","type":2}`, `{"id":"1","token":"t","guild_id":"2","channel_id":"3","member":{},"type":2,"data":{"name":"baton","options":[{"type":1,"name":"note","options":[{"name":"text","type":3,"value":null}]}]}}`,
		`{"id":"1","token":"t","guild_id":"2","channel_id":"3","member":{},"type":5,"data":{"custom_id":"f1:{\"v\":\"note\"}","components":{}}}`,
		`{"id":"1","token":"t","guild_id":"2","channel_id":"3","member":{},"type":3,"data":{"custom_id":"b1:v=note&o=x","values":[]}}`,
	} {
		f.Add([]byte(seed))
	}
	a := newAdapter(Options{Keep: &memoryKeep{}})
	s := &shift{a: a, h: &answering{}, ctx: context.Background()}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var i interaction
		if json.Unmarshal(raw, &i) != nil {
			return
		}
		if r, err := s.decode(i); err == nil && (r.call.ID == "" || r.call.Verb == "" || r.call.Thread.IsZero()) {
			t.Errorf("%s became %+v", raw, r.call)
		}
	})
}
