package slack

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/slack/slacktest"
	"github.com/synthoperator/baton/chat"
)

var approveSeven = chat.Button{Label: "Approve", Verb: "approve", Args: map[string]string{"task": "7"}, Typed: "approve 7"}

// card says something with buttons in a thread and returns it.
func (w *world) card(root string, buttons ...chat.Button) slacktest.Message {
	w.t.Helper()
	in, _ := chat.NewThread(Platform, "T1", "C1", root)
	m := says("a card")
	m.Buttons = buttons
	ref, err := w.a.Post(w.t.Context(), chat.Post{Key: strings.Repeat("c", 26), To: in, Body: m})
	if err != nil {
		w.t.Fatal(err)
	}
	found, _ := w.launch.Message(ref.ID)
	return found
}

// Case 15: whoever presses is the person, in the thread of the card; two people
// are two calls, one press is one.
func TestPress(t *testing.T) {
	both(t, setting{}, func(w *world) {
		root := w.ana.Say(w.launch, "", "a topic").Message.TS
		card := w.card(root, approveSeven)
		w.app.Next(slacktest.Omen{Repeat: true})
		w.ana.Click(card, "Approve")
		w.h.answers(func(context.Context, chat.Call) chat.Message { return whispers("approved already, by ana") })
		seen := w.ben.Click(card, "Approve")
		pass(time.Second)
		calls := w.h.called()
		if len(calls) != 2 || calls[0].Verb != "approve" || calls[0].Args["task"] != "7" || calls[0].Thread.Root() != root ||
			calls[0].Person.ID != "U1" || calls[1].Person.ID != "U2" || calls[0].ID == calls[1].ID || calls[0].At.IsZero() {
			w.t.Fatalf("%+v", calls)
		}
		if got := w.texts(root); len(got) != 2 || !strings.Contains(got[1], "heard approve") {
			w.t.Errorf("%q", got)
		}
		if !strings.Contains(seen.Told(), "approved already") {
			w.t.Errorf("%q\n%s", seen.Told(), w.log)
		}
	})
}

// A button that could not be written down is visibly not accepted.
func TestPressWhileTheStoreIsDown(t *testing.T) {
	m := says("Not accepted")
	m.Fault = true
	both(t, setting{answer: func(context.Context, chat.Call) chat.Message { return m }}, func(w *world) {
		if told := w.ben.Click(w.card("", approveSeven), "Approve").Told(); !strings.Contains(told, "Not accepted") {
			w.t.Errorf("%q", told)
		}
	})
}

// Case 20: a response_url that is used up is replaced by another way.
func TestHookUsedUp(t *testing.T) {
	both(t, setting{answer: func(context.Context, chat.Call) chat.Message { return whispers(strings.Repeat("many words ", 9000)) }}, func(w *world) {
		w.ben.Click(w.card("", approveSeven), "Approve")
		pass(time.Minute)
		all := ""
		for _, m := range w.launch.Ephemerals("U2") {
			all += m.JSON()
		}
		if strings.Count(all, "many words") < 8950 || len(w.Requests("chat.postEphemeral")) == 0 {
			w.t.Errorf("%d words, %d requests\n%s", strings.Count(all, "many words"), len(w.Requests("chat.postEphemeral")), w.log)
		}
	})
}

// A card stays as it is when a button on it is answered.
func TestCardStays(t *testing.T) {
	both(t, setting{answer: func(context.Context, chat.Call) chat.Message { return whispers("yes") }}, func(w *world) {
		card := w.card("", approveSeven)
		w.ben.Click(card, "Approve")
		pass(time.Second)
		if now, _ := w.launch.Message(card.TS); now.JSON() != card.JSON() || now.Deleted {
			w.t.Errorf("%+v", now)
		}
		for _, r := range w.Requests("hooks/actions") {
			if r.Args["replace_original"] != false {
				w.t.Errorf("%v", r.Args)
			}
		}
	})
}

// A public answer that cannot be said for all is said to the person who called.
func TestPlaceThatTakesNothing(t *testing.T) {
	both(t, setting{answer: func(context.Context, chat.Call) chat.Message { return says("for all") }}, func(w *world) {
		card := w.card("", approveSeven)
		w.launch.Leave("UBATON")
		if told := w.ben.Click(card, "Approve").Told(); !strings.Contains(told, "for all") {
			w.t.Errorf("%q\n%s", told, w.log)
		}
		pass(time.Second)
		if all := w.launch.Ephemerals("U2"); len(all) != 1 || !strings.Contains(all[0].JSON(), "Only you see this") {
			w.t.Errorf("%+v", all)
		}
	})
}

// Turn is asked before anything is posted for all, and for nothing else.
func TestTurn(t *testing.T) {
	var asked, given atomic.Int32
	both(t, setting{options: func(o *Options) {
		asked.Store(0)
		given.Store(0)
		o.Turn = func(context.Context, chat.Thread) (func(), error) {
			asked.Add(1)
			return func() { given.Add(1) }, nil
		}
	}}, func(w *world) {
		root := w.ana.Say(w.launch, "", "a topic").Message.TS
		w.ana.Slash(w.launch, "/baton", "status")
		w.ana.Mention(w.launch, root, w.bot, "status")
		pass(time.Second)
		if asked.Load() != 1 || given.Load() != 1 {
			w.t.Errorf("asked %d times, given back %d times", asked.Load(), given.Load())
		}
	})
}

var shortcutScript = func(_ context.Context, c chat.Call) chat.Message {
	if !c.Form {
		return whispers("recorded")
	}
	f := chat.Form{Title: "Record", Verb: c.Verb, Args: map[string]string{"in": "2"}, Submit: "Record"}
	for _, name := range []string{"kind", "text", "link"} {
		f.Inputs = append(f.Inputs, chat.Input{Option: chat.Option{Name: name, Kind: chat.Line, Required: name == "text"}, Value: c.Args[name]})
	}
	return chat.Message{Form: &f, Only: true}
}

// Case 19: a shortcut opens a form for the thread of the message, filled with what
// the message says and where it stands; also on messages of other apps.
func TestShortcut(t *testing.T) {
	both(t, setting{answer: shortcutScript}, func(w *world) {
		root := w.ana.Say(w.launch, "", "a topic")
		reply := w.ana.Say(w.launch, root.Message.TS, "let us take\nPostgres &amp; <@U2>")
		v := w.ben.Shortcut(reply.Message, "baton_decision").Opened()
		if v == nil {
			w.t.Fatalf("no form\n%s", w.log)
		}
		c := w.one()
		if c.Verb != "note" || !c.Form || c.Thread.Root() != root.Message.TS || c.Args["kind"] != "decision" || c.Args["text"] != "let us take Postgres & @ben" ||
			!strings.Contains(c.Args["link"], "/archives/C1/p") || !strings.Contains(c.Args["link"], "thread_ts="+root.Message.TS) {
			w.t.Errorf("%+v", c)
		}
		w.ben.Submit(v, map[string]string{"text": "Postgres"})
		pass(time.Second)
		calls := w.h.called()
		if c := calls[len(calls)-1]; len(calls) != 2 || v.Open() || c.Args["text"] != "Postgres" || c.Args["in"] != "2" || c.Thread.Root() != root.Message.TS || c.Person.ID != "U2" {
			w.t.Errorf("%+v", calls)
		}
		w.ben.Shortcut(root.Message, "baton_handoff")
		pass(time.Second)
		calls = w.h.called()
		if c := calls[len(calls)-1]; c.Verb != "handoff" || len(c.Args) != 0 || c.Thread.Root() != root.Message.TS {
			w.t.Errorf("%+v", c)
		}
	})
}

// Case 16: a handler that is slower than a trigger finds its form open.
func TestSlowForm(t *testing.T) {
	both(t, setting{answer: func(ctx context.Context, c chat.Call) chat.Message {
		time.Sleep(5 * time.Second)
		return shortcutScript(ctx, c)
	}}, func(w *world) {
		said := w.ana.Say(w.launch, "", "a topic")
		v := w.ben.Shortcut(said.Message, "baton_decision").Opened()
		if v == nil || !strings.Contains(v.Shown(), "One moment") {
			w.t.Fatalf("%v", v)
		}
		pass(6 * time.Second)
		if v.Title() != "Record" || !v.Open() {
			w.t.Errorf("%q\n%s", v.Title(), w.log)
		}
		for _, told := range w.launch.Ephemerals("U2") {
			w.t.Errorf("beside the form: %q", told.Shown())
		}
	})
}

// Case 16: where no form can be opened any more, a button opens it anew.
func TestLateForm(t *testing.T) {
	both(t, setting{answer: shortcutScript}, func(w *world) {
		w.Fault(slacktest.Fault{When: slacktest.Calls("views.open"), Times: 1, Answer: slacktest.Internal})
		said := w.ana.Say(w.launch, "", "a topic")
		w.ben.Shortcut(said.Message, "baton_decision")
		pass(time.Second)
		told := w.launch.Ephemerals("U2")
		if len(told) != 1 {
			w.t.Fatalf("%+v\n%s", told, w.log)
		}
		v := w.ben.Click(told[0], "Open the form").Opened()
		calls := w.h.called()
		if v == nil || calls[1].Args["text"] != "a topic" {
			w.t.Errorf("%+v\n%s", calls, w.log)
		}
	})
}

func (w *world) form() *slacktest.View {
	w.t.Helper()
	said := w.ana.Say(w.launch, "", "a topic")
	v := w.ben.Shortcut(said.Message, "baton_decision").Opened()
	if v == nil {
		w.t.Fatalf("no form\n%s", w.log)
	}
	return v
}

// Case 17: what is wrong is said at its field, and nothing that was typed is lost.
func TestFormErrors(t *testing.T) {
	both(t, setting{answer: shortcutScript}, func(w *world) {
		v := w.form()
		for text, field := range map[string]string{"`text` is missing: the words.": "text", "Link leads nowhere.": "link", "Kindly not.": "kind", "No.": "kind"} {
			w.h.answers(func(context.Context, chat.Call) chat.Message { m := whispers(text); m.Refused = true; return m })
			if seen := w.ben.Submit(v, map[string]string{"text": "typed at length"}); len(seen.Errors) != 1 || !strings.Contains(seen.Errors[field], text) {
				w.t.Errorf("%q: %+v", text, seen.Errors)
			}
		}
		w.h.answers(shortcutScript)
		w.ben.Submit(v, nil)
		calls := w.h.called()
		if v.Open() || calls[len(calls)-1].Args["text"] != "typed at length" {
			w.t.Errorf("%+v", calls[len(calls)-1])
		}
	})
}

// Case 17: a form that comes next and is too large for an acknowledgement is put in
// place afterwards.
func TestLargeNextForm(t *testing.T) {
	both(t, setting{answer: shortcutScript}, func(w *world) {
		v := w.form()
		w.h.answers(func(context.Context, chat.Call) chat.Message {
			f := chat.Form{Title: "Next", Verb: "handoff", Inputs: []chat.Input{
				{Option: chat.Option{Name: "output", Kind: chat.Text}, Value: strings.Repeat("a line of it\n", 2500)},
			}}
			return chat.Message{Form: &f, Only: true}
		})
		w.ben.Submit(v, map[string]string{"text": "x"})
		pass(5 * time.Second)
		if v.Title() != "Next" || strings.Count(v.Shown()+w.state(v), "a line of it") < 2500 {
			w.t.Errorf("%q %d\n%s", v.Title(), strings.Count(w.state(v), "a line of it"), w.log)
		}
	})
}

// Case 17: a form that comes next takes its place too where it took long to make.
func TestLateNextForm(t *testing.T) {
	both(t, setting{answer: shortcutScript}, func(w *world) {
		v := w.form()
		w.h.answers(func(context.Context, chat.Call) chat.Message {
			time.Sleep(5 * time.Second)
			f := chat.Form{Title: "Next", Verb: "handoff", Inputs: []chat.Input{{Option: chat.Option{Name: "output", Kind: chat.Text}, Value: "drafted"}}}
			return chat.Message{Form: &f, Only: true}
		})
		w.ben.Submit(v, map[string]string{"text": "x"})
		pass(6 * time.Second)
		if v.Title() != "Next" || !strings.Contains(w.state(v), "drafted") {
			w.t.Errorf("%q %s\n%s", v.Title(), w.state(v), w.log)
		}
	})
}

// A form that comes next and fits into no modal is not passed over in silence.
func TestNextFormTooLarge(t *testing.T) {
	both(t, setting{answer: shortcutScript}, func(w *world) {
		v := w.form()
		w.h.answers(func(context.Context, chat.Call) chat.Message {
			f := chat.Form{Title: "Next", Verb: "handoff"}
			for n := range maxViewBlocks + 1 {
				f.Inputs = append(f.Inputs, chat.Input{Option: chat.Option{Name: fmt.Sprint("input", n), Kind: chat.Text}})
			}
			return chat.Message{Form: &f, Only: true}
		})
		if seen := w.ben.Submit(v, map[string]string{"text": "x"}); !strings.Contains(fmt.Sprint(seen.Errors), "handoff …") || !v.Open() {
			w.t.Errorf("%+v", seen)
		}
	})
}

func (w *world) state(v *slacktest.View) string {
	return string(mustJSON(v.JSON()))
}

// Case 18: what was typed into a form that was closed is there the next time, until
// the form is sent.
func TestDraft(t *testing.T) {
	both(t, setting{answer: shortcutScript}, func(w *world) {
		said := w.ana.Say(w.launch, "", "a topic")
		open := func() *slacktest.View {
			v := w.ben.Shortcut(said.Message, "baton_decision").Opened()
			if v == nil {
				w.t.Fatalf("no form\n%s", w.log)
			}
			return v
		}
		v := open()
		// What somebody types reaches Baton only with what they send or close.
		w.h.answers(func(context.Context, chat.Call) chat.Message {
			m := whispers("Text is vague.")
			m.Refused = true
			return m
		})
		w.ben.Submit(v, map[string]string{"text": "typed at length"})
		w.ben.Close(v)
		w.h.answers(shortcutScript)
		v = open()
		if all := w.state(v); !strings.Contains(all, "typed at length") || !strings.Contains(v.Shown(), "filled in again") {
			w.t.Errorf("%s", all)
		}
		w.ben.Submit(v, nil)
		if all := w.state(open()); strings.Contains(all, "typed at length") {
			w.t.Error("a form that was sent is still a draft")
		}
	})
}

// Case 18: a view that changed in between is replaced all the same.
func TestHashConflict(t *testing.T) {
	both(t, setting{answer: func(ctx context.Context, c chat.Call) chat.Message {
		time.Sleep(5 * time.Second)
		return shortcutScript(ctx, c)
	}}, func(w *world) {
		said := w.ana.Say(w.launch, "", "a topic")
		v := w.ben.Shortcut(said.Message, "baton_decision").Opened()
		other := &work{shift: &shift{a: w.a}, request: request{in: workspace{team: "T1"}}}
		if err := other.update(w.t.Context(), plainView("Other", "in between"), "", v.ID); err != nil {
			w.t.Fatal(err)
		}
		pass(6 * time.Second)
		if v.Title() != "Record" {
			w.t.Errorf("%q\n%s", v.Title(), w.log)
		}
	})
}

// A typed form opens too, and a picker in place of a form is shown.
func TestTypedForm(t *testing.T) {
	both(t, setting{answer: func(_ context.Context, c chat.Call) chat.Message {
		c.Form = true
		c.Verb = "note"
		return shortcutScript(context.Background(), c)
	}}, func(w *world) {
		if v := w.ana.Slash(w.launch, "/baton", "note form").Opened(); v == nil {
			w.t.Errorf("no form\n%s", w.log)
		}
	})
}

// What may be chosen is asked for as somebody types.
func TestSuggestions(t *testing.T) {
	both(t, setting{answer: func(_ context.Context, c chat.Call) chat.Message {
		return chat.Message{Form: &chat.Form{Title: "Persona", Verb: "persona", Inputs: []chat.Input{
			{Option: chat.Option{Name: "name", Kind: chat.Line, Complete: "personas"}},
		}}}
	}}, func(w *world) {
		v := w.ana.Slash(w.launch, "/baton", "persona form").Opened()
		seen := w.ana.Search(v, "name", "startup")
		if len(seen.Options) != 3 || !strings.Contains(fmt.Sprint(seen.Options[2]), "As typed") {
			w.t.Errorf("%+v\n%s", seen.Options, w.log)
		}
		if seen = w.ana.Search(v, "name", "startup-cto"); len(seen.Options) != 1 {
			w.t.Errorf("%+v", seen.Options)
		}
		if seen = w.ana.Search(v, "name", "our-own@abc"); len(seen.Options) != 1 {
			w.t.Errorf("what was typed cannot be chosen: %+v", seen.Options)
		}
		w.ana.Search(v, "name", "startup")
		w.ana.Submit(v, map[string]string{"name": "startup-cto"})
		calls := w.h.called()
		if c := calls[len(calls)-1]; c.Args["name"] != "startup-cto" {
			w.t.Errorf("%+v", c)
		}
	})
}

// The home shows what is made for the person, and a button there acts in the place
// that it names.
func TestHome(t *testing.T) {
	var in chat.Thread
	both(t, setting{options: func(o *Options) {
		o.Home = func(_ context.Context, workspace string, p chat.Person) (chat.Message, error) {
			m := says("what waits for " + p.Name + " of " + workspace)
			b := approveSeven
			b.Args = map[string]string{"task": "7", threadArg: in.Key()}
			m.Buttons = []chat.Button{b}
			return m, nil
		}
	}}, func(w *world) {
		channel, _ := chat.NewThread(Platform, "T1", "C1", "")
		in = channel.Under(w.ana.Say(w.launch, "", "a topic").Message.TS)
		w.ana.OpenHome(w.bot, "home")
		pass(time.Second)
		home := w.ana.Home(w.app)
		if home == nil || !strings.Contains(home.Shown(), "what waits for ana of T1") {
			w.t.Fatalf("%v\n%s", home, w.log)
		}
		w.h.answers(func(context.Context, chat.Call) chat.Message { return whispers("approved") })
		w.ana.Press(home, "Approve")
		pass(time.Second)
		if c := w.one(); c.Thread != in || len(c.Args) != 1 {
			w.t.Errorf("%+v", c)
		}
	})
}
