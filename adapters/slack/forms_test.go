package slack

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/slack/slacktest"
	"github.com/synthoperator/baton/chat"
)

// Nobody in a thread waits for a form that Slack does not open for somebody else.
func TestFormBlocksNobody(t *testing.T) {
	both(t, setting{answer: shortcutScript}, func(w *world) {
		said := w.ana.Say(w.launch, "", "a topic")
		w.Fault(slacktest.Fault{When: slacktest.Calls("views.open"), Times: 1, Answer: slacktest.Hang})
		w.Fault(slacktest.Fault{When: slacktest.Calls("chat.postEphemeral"), Times: 1, Answer: slacktest.TooMany, RetryAfter: 600})
		w.ben.Shortcut(said.Message, "baton_decision")
		w.h.answers(nil)
		w.ana.Mention(w.launch, said.Message.TS, w.bot, "status")
		pass(time.Second)
		if calls := w.h.called(); len(calls) != 2 {
			w.t.Errorf("%d calls\n%s", len(calls), w.log)
		}
		pass(20 * time.Minute)
	})
}

// A form that was open for too long stays open with what was typed, and says so.
func TestFormOpenForTooLong(t *testing.T) {
	long := strings.Repeat("what it is about ", 400)
	both(t, setting{answer: func(context.Context, chat.Call) chat.Message {
		return chat.Message{Form: &chat.Form{Title: "Note", Verb: "note", Args: map[string]string{"about": long}, Inputs: []chat.Input{
			{Option: chat.Option{Name: "text", Kind: chat.Text}},
		}}}
	}}, func(w *world) {
		v := w.ana.Slash(w.launch, "/baton", "note form").Opened()
		pass(25 * time.Hour)
		seen := w.ana.Submit(v, map[string]string{"text": "typed at length"})
		if !strings.Contains(seen.Errors["text"], "open for too long") || !v.Open() || len(w.h.called()) != 1 {
			w.t.Errorf("%+v\n%s", seen, w.log)
		}
	})
}

// What a form is about, and what was typed into one that was closed, is there after
// a restart.
func TestFormsOutliveARestart(t *testing.T) {
	long := strings.Repeat("what it is about ", 400)
	var keep Keeper
	both(t, setting{
		options: func(o *Options) {
			keep = newMemory(time.Now)
			o.Keep = keep
		},
		answer: func(context.Context, chat.Call) chat.Message {
			return chat.Message{Form: &chat.Form{Title: "Note", Verb: "note", Args: map[string]string{"about": long}, Inputs: []chat.Input{
				{Option: chat.Option{Name: "text", Kind: chat.Text}},
			}}}
		},
	}, func(w *world) {
		again := func() {
			w.stop()
			var err error
			if w.a, err = New(w.a.o); err != nil {
				w.t.Fatal(err)
			}
			w.run()
		}
		v := w.ana.Slash(w.launch, "/baton", "note form").Opened()
		again()
		w.h.answers(func(context.Context, chat.Call) chat.Message {
			m := whispers("Text is vague.")
			m.Refused = true
			return m
		})
		w.ana.Submit(v, map[string]string{"text": "typed at length"})
		if calls := w.h.called(); calls[len(calls)-1].Args["about"] != long {
			w.t.Fatalf("%.200q", calls[len(calls)-1].Args)
		}
		w.ana.Close(v)
		pass(time.Second)
		again()
		w.h.answers(w.h.first)
		if v = w.ana.Slash(w.launch, "/baton", "note form").Opened(); !strings.Contains(w.state(v), "typed at length") {
			w.t.Errorf("%s", w.state(v))
		}
	})
}

// Who is of another organisation, in a channel that is shared with it, presses in
// vain, as what they say is not heard either.
func TestForeignPress(t *testing.T) {
	both(t, setting{}, func(w *world) {
		card := w.card("", approveSeven)
		payload := w.ben.Click(card, "Approve").Delivery().Payload
		pass(time.Second)
		before := len(w.h.called())
		payload["user"].(map[string]any)["team_id"] = "T9"
		payload["actions"].([]any)[0].(map[string]any)["action_ts"] = "9.9"
		w.a.current.Load().take(delivery{kind: kindInteractive, payload: mustJSON(payload), receipt: receipt{came: time.Now(), give: func([]byte) {}, refuse: func() {}}})
		pass(time.Second)
		told := w.launch.Ephemerals("U2")
		if len(w.h.called()) != before || len(told) == 0 || !strings.Contains(told[len(told)-1].Shown(), "its own workspace") {
			w.t.Errorf("%d calls, %+v\n%s", len(w.h.called())-before, told, w.log)
		}
	})
}

// A button of another release is answered, and does nothing.
func TestButtonThatNobodyKnows(t *testing.T) {
	both(t, setting{}, func(w *world) {
		for _, root := range []string{"", w.ana.Say(w.launch, "", "a topic").Message.TS} {
			card := w.card(root, approveSeven)
			payload := w.ben.Click(card, "Approve").Delivery().Payload
			pass(time.Second)
			before := len(w.h.called())
			payload["actions"].([]any)[0].(map[string]any)["value"] = "approve:7"
			w.a.current.Load().take(delivery{kind: kindInteractive, payload: mustJSON(payload), receipt: receipt{came: time.Now(), give: func([]byte) {}, refuse: func() {}}})
			pass(time.Second)
			told := w.launch.Ephemerals("U2")
			if len(told) == 0 || !strings.Contains(told[len(told)-1].Shown(), "nothing was done") || told[len(told)-1].ThreadTS != root || len(w.h.called()) != before {
				w.t.Errorf("%+v\n%s", told, w.log)
			}
		}
	})
}
