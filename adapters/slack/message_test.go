package slack

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/slack/slacktest"
	"github.com/synthoperator/baton/chat"
)

// texts are what Baton said in a thread.
func (w *world) texts(root string) []string {
	var all []string
	for _, m := range w.launch.Replies(root) {
		if m.AppID != "" {
			all = append(all, m.Shown())
		}
	}
	return all
}

// Case 6: a mention is answered in its thread, and one in the channel under it.
func TestMention(t *testing.T) {
	both(t, setting{}, func(w *world) {
		root := w.ana.Say(w.launch, "", "a topic").Message.TS
		w.ana.Mention(w.launch, root, w.bot, "persona &lt;y&gt;")
		pass(time.Second)
		said := w.ben.Mention(w.launch, "", w.bot, "status")
		pass(time.Second)
		calls := w.h.called()
		if len(calls) != 2 || calls[0].Text != "persona <y>" || calls[0].Thread.Key() != "slack/T1/C1/"+root || calls[1].Thread.Key() != "slack/T1/C1" {
			w.t.Fatalf("%+v", calls)
		}
		if calls[1].Person.Name != "ben" || calls[1].At.IsZero() || !strings.HasSuffix(calls[1].Link, "/archives/C1/p"+strings.Replace(said.Message.TS, ".", "", 1)) {
			w.t.Errorf("%+v", calls[1])
		}
		for _, thread := range []string{root, said.Message.TS} {
			if got := w.texts(thread); len(got) != 1 || !strings.Contains(got[0], "heard") {
				w.t.Errorf("in %s: %q", thread, got)
			}
		}
	})
}

// Case 7: a mention is told as two events, in either order, and is one call.
func TestMentionIsOneCall(t *testing.T) {
	for _, messageFirst := range []bool{true, false} {
		both(t, setting{}, func(w *world) {
			root := w.ana.Say(w.launch, "", "a topic").Message.TS
			said := w.ana.Mention(w.launch, root, w.bot, "status", messageFirst)
			pass(10 * time.Minute)
			w.one()
			if all := said.Deliveries(); len(all) != 2 || !all[0].Acked || !all[1].Acked || len(all[0].Attempts)+len(all[1].Attempts) != 2 {
				w.t.Errorf("%+v", all)
			}
			if got := w.texts(root); len(got) != 1 {
				w.t.Errorf("%q", got)
			}
		})
	}
}

// Case 8: what is first seen as a retry is heard; what comes again, under whatever
// id, is acknowledged only.
func TestRetries(t *testing.T) {
	both(t, setting{}, func(w *world) {
		root := w.ana.Say(w.launch, "", "a topic").Message.TS
		w.app.Next(slacktest.Omen{Drop: true})
		w.app.Next(slacktest.Omen{Drop: true})
		w.ana.Mention(w.launch, root, w.bot, "note one")
		pass(time.Minute)
		w.one()
		w.app.Next(slacktest.Omen{Repeat: true, Twin: true})
		w.app.Next(slacktest.Omen{Repeat: true})
		w.ana.Mention(w.launch, root, w.bot, "note two")
		pass(time.Minute)
		if calls := w.h.called(); len(calls) != 2 {
			w.t.Errorf("%d calls", len(calls))
		}
		if got := w.texts(root); len(got) != 2 {
			w.t.Errorf("%q", got)
		}
	})
}

// What is no word to Baton is no call, and is acknowledged.
func TestNotForBaton(t *testing.T) {
	both(t, setting{}, func(w *world) {
		other := w.Server.App(slacktest.AppConfig{ID: "A9", Scopes: allScopes}).Install(w.team)
		w.launch.Join(other.UserID)
		said := w.ana.Say(w.launch, "", "just talk")
		w.ana.Edit(said.Message, "<@UBATON> end because I changed my mind")
		w.ana.Delete(said.Message)
		w.bot.Emit(w.team, map[string]any{"type": "message", "channel": "C1", "user": other.UserID, "bot_id": other.BotID, "app_id": "A9", "text": "<@UBATON> end", "ts": "9.1"})
		w.bot.Emit(w.team, map[string]any{"type": "nobody_knows_this", "channel": map[string]any{"id": "C1"}})
		w.bot.RateLimited(w.team)
		w.ana.Say(w.launch, "", "I told <@UBATON> end because it was over")
		pass(10 * time.Minute)
		if calls := w.h.called(); len(calls) != 0 {
			w.t.Errorf("%+v", calls)
		}
		for _, d := range w.app.Deliveries() {
			if !d.Acked || len(d.Attempts) != 1 {
				w.t.Errorf("%v: %d attempts", d.Payload["event"], len(d.Attempts))
			}
		}
		if told := w.launch.Ephemerals("U1"); len(told) != 1 || !strings.Contains(told[0].Shown(), "begin with its name") {
			w.t.Errorf("%v", told)
		}
	})
}

// A direct message needs no mention, and is a channel of its own.
func TestToldDirectly(t *testing.T) {
	both(t, setting{}, func(w *world) {
		dm := w.team.DM(w.ana, w.bot)
		w.ana.Say(dm, "", "status")
		pass(time.Second)
		if c := w.one(); c.Text != "status" || c.Thread.Channel() != dm.ID || !c.Thread.InChannel() {
			w.t.Errorf("%+v", c)
		}
		if all := dm.Messages(); len(all) != 2 || all[1].ThreadTS != "" {
			w.t.Errorf("%+v", all)
		}
	})
}

// Baton's own messages that carry a key made for their place are reported, and no
// others.
func TestHeard(t *testing.T) {
	both(t, setting{}, func(w *world) {
		channel, _ := chat.NewThread(Platform, "T1", "C1", "")
		event := func(ts, thread, bot string, made chat.Thread) {
			meta := w.a.metadata(chat.Post{Key: strings.Repeat("k", 26), To: made})
			e := map[string]any{
				"type": "message", "channel": "C1", "bot_id": bot, "text": "x", "ts": ts,
				"metadata": map[string]any{"event_type": meta.EventType, "event_payload": meta.EventPayload},
			}
			if thread != "" {
				e["thread_ts"] = thread
			}
			w.bot.Emit(w.team, e)
			pass(time.Second)
		}
		event("9.1", "", "BBATON", channel)
		event("9.2", "9.1", "BBATON", channel.Under("9.1"))
		event("9.3", "9.1", "BBATON", channel) // copied from elsewhere
		event("9.4", "", "BOTHER", channel)
		if got := fmt.Sprint(w.heard); got != "[slack/T1/C1 "+strings.Repeat("k", 26)+" slack/T1/C1/9.1 "+strings.Repeat("k", 26)+"]" {
			w.t.Errorf("%s\n%s", got, w.log)
		}
	})
}

// A second Baton under the same name is heard by what it says, whether or not Slack
// shows what its messages carry.
func TestHeardOfATwin(t *testing.T) {
	for name, shown := range map[string][]string{"shown": {postEvent}, "kept back": nil} {
		t.Run(name, func(t *testing.T) {
			both(t, setting{app: func(c *slacktest.AppConfig) { c.Metadata = shown }}, func(w *world) {
				channel, _ := chat.NewThread(Platform, "T1", "C1", "")
				root := w.ana.Say(w.launch, "", "a topic").Message.TS
				for key, in := range map[string]chat.Thread{"c": channel, "t": channel.Under(root)} {
					if _, err := w.a.Post(w.t.Context(), chat.Post{Key: strings.Repeat(key, 26), To: in, Body: says("by the other")}); err != nil {
						w.t.Fatal(err)
					}
					pass(2 * time.Second)
				}
				if err := w.a.say(w.t.Context(), channel, w.a.render(says("an answer"), "T1"), chat.Person{}); err != nil {
					w.t.Fatal(err)
				}
				pass(5 * time.Second)
				slices.Sort(w.heard)
				want := []string{"slack/T1/C1 " + strings.Repeat("c", 26), "slack/T1/C1/" + root + " " + strings.Repeat("t", 26)}
				if !slices.Equal(w.heard, want) {
					w.t.Errorf("%q\n%s", w.heard, w.log)
				}
				asked := len(w.Requests("conversations.history")) + len(w.Requests("conversations.replies"))
				if shown != nil && asked > 0 {
					w.t.Errorf("%d questions for what was shown", asked)
				}
			})
		})
	}
}

// Case 5: while nothing can be written down, an event comes again until it is.
func TestEventWhileTheStoreIsDown(t *testing.T) {
	both(t, setting{}, func(w *world) {
		var down atomic.Bool
		down.Store(true)
		w.h.answers(func(context.Context, chat.Call) chat.Message {
			if down.Load() {
				m := whispers("Not accepted: Baton could not write it down")
				m.Fault = true
				return m
			}
			return says("done")
		})
		root := w.ana.Say(w.launch, "", "a topic").Message.TS
		said := w.ana.Mention(w.launch, root, w.bot, "note x")
		pass(30 * time.Second)
		told := w.launch.Ephemerals("U1")
		if len(told) == 0 || !strings.Contains(told[0].Shown(), "Not accepted") || !strings.Contains(told[0].Shown(), "by itself") || said.Deliveries()[0].Acked {
			w.t.Fatalf("%+v", told)
		}
		down.Store(false)
		pass(10 * time.Minute)
		if got := w.texts(root); len(got) != 1 || !said.Deliveries()[0].Acked {
			w.t.Errorf("%q", got)
		}
	})
}

// What is said of one workspace does not reach another one with equal ids, and a
// workspace that took Baton out is not spoken to any more.
func TestTakenOut(t *testing.T) {
	both(t, setting{}, func(w *world) {
		w.bot.Uninstall()
		pass(time.Minute)
		if all, _ := w.installs.All(w.t.Context()); len(all) != 0 {
			w.t.Errorf("%+v", all)
		}
	})
}
