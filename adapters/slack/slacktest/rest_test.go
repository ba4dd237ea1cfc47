package slacktest_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/slack/slacktest"
)

// Who hears of what: members of the channel, the mention only of people, never in
// direct messages, never of the app's own posts.
func TestWhoIsTold(t *testing.T) {
	bubble(t, slacktest.Options{}, func(t *testing.T, w *world) {
		b := connect(t, w)
		mentions := func() (n int) {
			synctest.Wait()
			for _, d := range w.app.Deliveries(slacktest.Event) {
				if d.Payload["event"].(map[string]any)["type"] == "app_mention" {
					n++
				}
			}
			return n
		}
		w.call(t, "xoxb-1", "chat.postMessage", post(w, "<@UBOT> is me")...)
		w.ana.Mention(w.team.DM(w.ana, w.bot), "", w.bot, "in private")
		far := w.team.Channel("C5", "far")
		far.Join("U1")
		w.ana.Mention(far, "", w.bot, "are you here?")
		if n := mentions(); n != 0 {
			t.Errorf("%d mentions of nobody's", n)
		}
		said := w.ana.Mention(w.launch, "", w.bot, "hello")
		if mentions() != 1 {
			t.Error("a mention was not told")
		}
		before := len(w.app.Deliveries())
		if err := w.ana.Edit(said.Message, "bye"); err != nil {
			t.Error(err)
		}
		if err := w.ben.Delete(said.Message); err == nil {
			t.Error("ben deleted what ana wrote")
		}
		if err := w.ana.Delete(said.Message); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		var kinds []string
		for _, d := range w.app.Deliveries()[before:] {
			kinds = append(kinds, d.Payload["event"].(map[string]any)["subtype"].(string))
		}
		if strings.Join(kinds, " ") != "message_changed message_deleted" {
			t.Errorf("told of %v", kinds)
		}
		w.bot.RateLimited(w.team)
		b.close()
	})
}

// Of several apps with a command, the one that was installed last gets it.
func TestTheLastInstalledCommandWins(t *testing.T) {
	bubble(t, slacktest.Options{}, func(t *testing.T, w *world) {
		other := w.App(slacktest.AppConfig{ID: "A2", Scopes: []string{"commands"}, Commands: []string{"/baton"}})
		other.Install(w.team)
		if seen := w.ana.Slash(w.launch, "/baton", "x"); seen.Delivery().App != "A2" || !seen.TimedOut {
			t.Errorf("%+v", seen.Delivery())
		}
		if seen := w.ana.Slash(w.launch, "/other", "x"); seen.Refused == "" {
			t.Error("a command of nobody was taken")
		}
	})
}

func TestEscapedCommands(t *testing.T) {
	bubble(t, slacktest.Options{}, func(t *testing.T, w *world) {
		w.app.Escape = true
		w.team.PrivateChannel("G1", "secret")
		b := connect(t, w)
		w.ana.Slash(w.launch, "/baton", "@ben #launch #secret https://a.b <x>")
		got := b.envelopes()[0].Payload["text"]
		if got != "<@U2|ben> <#C1|launch> <#G1|> <https://a.b> &lt;x&gt;" {
			t.Errorf("%v", got)
		}
		b.close()
	})
}

// Who does not answer pings is dropped.
func TestSilentClientsAreDropped(t *testing.T) {
	bubble(t, slacktest.Options{}, func(t *testing.T, w *world) {
		opened := w.call(t, w.app.Token, "apps.connections.open")
		ws, err := dial(w, opened["url"].(string))
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Minute) // nobody reads, so nobody answers
		if n := len(w.app.Conns()); n != 0 {
			t.Errorf("%d connections", n)
		}
		ws.Close()
		b := connect(t, w)
		time.Sleep(2 * time.Minute)
		if n := len(w.app.Conns()); n != 1 {
			t.Error("who answers was dropped too")
		}
		b.close()
	})
}

// A connection is told before its time is over.
func TestConnectionsAgeAndAreTold(t *testing.T) {
	bubble(t, slacktest.Options{ConnectionTime: time.Hour}, func(t *testing.T, w *world) {
		b := connect(t, w)
		time.Sleep(time.Hour - 5*time.Second)
		if got := b.envelopes(); len(got) != 1 || got[0].Reason != "warning" {
			t.Errorf("%+v", got)
		}
		<-b.done
	})
}

// link_disabled on one connection is meant for all: Socket Mode is off until it is
// turned on again.
func TestLinkDisabledOnOneConnection(t *testing.T) {
	bubble(t, slacktest.Options{}, func(t *testing.T, w *world) {
		b := connect(t, w)
		w.app.Conns()[0].Disconnect("link_disabled")
		<-b.done
		if got := w.call(t, w.app.Token, "apps.connections.open"); got["ok"] != false || rules(w.TakeViolations()) == "" {
			t.Error(got)
		}
		w.app.LinkEnabled()
		connect(t, w).close()
	})
}

func TestStatusVanishes(t *testing.T) {
	bubble(t, slacktest.Options{}, func(t *testing.T, w *world) {
		root := ts(w.call(t, "xoxb-1", "chat.postMessage", post(w, "root")...))
		set := func() {
			w.call(t, "xoxb-1", "assistant.threads.setStatus", "channel_id", "C1", "thread_ts", root, "status", "thinks")
		}
		set()
		time.Sleep(2*time.Minute - time.Second)
		if got := w.launch.Status(root); got != "thinks" {
			t.Errorf("%q", got)
		}
		time.Sleep(time.Second)
		if got := w.launch.Status(root); got != "" {
			t.Errorf("%q", got)
		}
		set()
		time.Sleep(time.Second)
		w.call(t, "xoxb-1", "chat.postMessage", post(w, "reply", "thread_ts", root)...)
		if got := w.launch.Status(root); got != "" {
			t.Errorf("%q in spite of the reply", got)
		}
	})
}

func TestUploadsAndPrivateChannels(t *testing.T) {
	bubble(t, slacktest.Options{}, func(t *testing.T, w *world) {
		got := w.call(t, "xoxb-1", "files.getUploadURLExternal", "filename", "a", "length", "5")
		answer, err := w.Client().Post(got["upload_url"].(string), "application/octet-stream", strings.NewReader("four"))
		if err != nil || answer.StatusCode != http.StatusBadRequest || rules(w.TakeViolations()) != "upload" {
			t.Errorf("%v, %v", answer, err)
		}
		answer.Body.Close()
		w.team.PrivateChannel("G1", "secret")
		listed := w.call(t, "xoxb-1", "conversations.list", "types", "public_channel,private_channel")
		if n := len(listed["channels"].([]any)); n != 1 {
			t.Errorf("%d channels", n)
		}
		if got := w.call(t, "xoxb-1", "auth.test", "token", "xoxb-2"); got["error"] != "invalid_auth" {
			t.Error(got)
		}
		w.TakeViolations()
	})
}

// The workspace has a ceiling over all its channels.
func TestCeilingOfAWorkspace(t *testing.T) {
	bubble(t, slacktest.Options{WorkspacePerMinute: 4}, func(t *testing.T, w *world) {
		w.team.Channel("C2", "other").Join("UBOT")
		for i, channel := range []string{"C1", "C2", "C1", "C2"} {
			if got := w.call(t, "xoxb-1", "chat.postMessage", "channel", channel, "text", "x"); got["ok"] != true {
				t.Error(i, got)
			}
		}
		if got := w.call(t, "xoxb-1", "chat.postMessage", post(w, "x")...); got["error"] != "ratelimited" {
			t.Error(got)
		}
	})
}

// Lifetimes can be moved without a bubble.
func TestAdvance(t *testing.T) {
	w := newWorld(t, slacktest.Options{})
	root := ts(w.call(t, "xoxb-1", "chat.postMessage", post(w, "root")...))
	at := ts(w.call(t, "xoxb-1", "chat.startStream", "channel", "C1", "thread_ts", root, "recipient_user_id", "U1", "recipient_team_id", "T1"))
	w.Advance(5 * time.Minute)
	if got := w.call(t, "xoxb-1", "chat.stopStream", "channel", "C1", "ts", at); got["error"] != "message_not_in_streaming_state" {
		t.Error(got)
	}
}
