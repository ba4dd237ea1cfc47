package adaptertest

import (
	"context"
	"maps"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/synthoperator/baton/chat"
)

var controlTests = []test{
	{"ButtonIsTyped", []Ability{Buttons}, testButtonIsTyped},
	{"ButtonOpensForm", []Ability{Buttons, Payloads}, testButtonOpensForm},
	{"PressedTwice", []Ability{Buttons, Repeats, Payloads}, testPressedTwice},
	{"PressedAfterRestart", []Ability{Buttons, Restarts}, testPressedAfterRestart},
	{"Chosen", []Ability{Selects}, testChosen},
	{"FormFilled", []Ability{Forms}, testFormFilled},
	{"FormRefused", []Ability{Forms}, testFormRefused},
	{"ForeignPayload", []Ability{Buttons, Payloads}, testForeignPayload},
}

var approve = chat.Button{
	Label: "Approve 7", Verb: "approve", Args: map[string]string{"task": "7", "in": "2"}, Typed: "approve 7 in: 2",
}

// card has Baton say something with those buttons in the thread.
func (f *fixture) card(in chat.Thread, buttons ...chat.Button) Seen {
	f.Helper()
	f.answers(func(context.Context, chat.Call) chat.Message {
		m := paragraph("a card")
		m.Buttons = buttons
		return m
	})
	f.says(f.ana, in, "status")
	f.settle()
	f.answers(nil)
	cards := containing(f.baton(in), "a card")
	if len(cards) == 0 {
		f.Fatalf("there is no card: %q", texts(f.baton(in)))
	}
	return cards[len(cards)-1]
}

// press presses a button and returns the call that comes of it.
func (f *fixture) press(p chat.Person, on Seen, label string) chat.Call {
	f.Helper()
	before := len(f.called())
	f.Deliver(f.People.Press(p, on, label), false)
	f.settle()
	calls := f.called()
	if len(calls) != before+1 {
		f.Fatalf("%d calls came of the button %q", len(calls)-before, label)
	}
	return calls[before]
}

// does: a call is what a button says, by its arguments or as it is typed.
func does(c chat.Call, b chat.Button) bool {
	if c.Verb == "" {
		return strings.TrimSpace(c.Text) == b.Typed
	}
	return c.Verb == b.Verb && maps.Equal(c.Args, b.Args) && c.Form == b.Form
}

func testButtonIsTyped(f *fixture) {
	for _, in := range []chat.Thread{f.channel, f.thread(1)} {
		c := f.press(f.bo, f.card(in, approve), approve.Label)
		if !does(c, approve) || c.Person.ID != f.bo.ID || c.Thread != in || c.ID == "" {
			f.Errorf("%+v is not what %s pressed in %s", c, f.bo.Name, in.Key())
		}
	}
}

func testButtonOpensForm(f *fixture) {
	edit := chat.Button{Label: "Note …", Verb: "note", Args: map[string]string{"in": "2"}, Form: true, Typed: "note form"}
	if c := f.press(f.bo, f.card(f.channel, edit), edit.Label); !does(c, edit) {
		f.Errorf("%+v", c)
	}
}

// testPressedTwice: the same press that comes again is the same delivery; that of
// another person is another.
func testPressedTwice(f *fixture) {
	card := f.card(f.channel, approve)
	before := len(f.called())
	d := f.People.Press(f.ana, card, approve.Label)
	f.Deliver(d, false)
	f.settle()
	f.Deliver(d, true)
	f.settle()
	first := f.called()[before:]
	for _, c := range first {
		if c.ID != first[0].ID {
			f.Errorf("one press is %q and %q", first[0].ID, c.ID)
		}
	}
	if c := f.press(f.bo, card, approve.Label); len(first) == 0 || c.ID == first[0].ID {
		f.Errorf("the presses of two people are %v and %q", first, c.ID)
	}
}

// testPressedAfterRestart: a button needs nothing that was kept in memory.
func testPressedAfterRestart(f *fixture) {
	card := f.card(f.channel, approve)
	f.Restart()
	if c := f.press(f.bo, card, approve.Label); !does(c, approve) {
		f.Errorf("%+v", c)
	}
}

func testChosen(f *fixture) {
	f.answers(func(context.Context, chat.Call) chat.Message {
		m := paragraph("a choice")
		m.Selects = []chat.Select{{
			Label: "Persona", Verb: "persona", Args: map[string]string{"in": "2"}, Option: "name", Typed: "persona …",
			Choices: []chat.Suggestion{{Text: "startup-cto", Label: "Startup CTO"}, {Text: "growth-marketer", Label: "Growth marketer"}},
		}}
		return m
	})
	f.says(f.ana, f.channel, "status")
	f.settle()
	on := containing(f.baton(f.channel), "a choice")
	if len(on) != 1 {
		f.Fatal("there is nothing to choose from")
	}
	f.answers(nil)
	f.Deliver(f.People.Choose(f.bo, on[0], "Persona", "Growth marketer"), false)
	f.settle()
	calls := f.called()
	c := calls[len(calls)-1]
	want := map[string]string{"in": "2", "name": "growth-marketer"}
	if len(calls) != 2 || c.Verb != "persona" || !maps.Equal(c.Args, want) || c.Person.ID != f.bo.ID || c.Thread != f.channel {
		f.Errorf("%+v", calls[1:])
	}
}

var handoffForm = chat.Form{
	Title: "Note", Verb: "note", Args: map[string]string{"in": "2"}, Submit: "Record",
	Inputs: []chat.Input{
		{Option: chat.Option{Name: "kind", Help: "What it is", Kind: chat.Line}, Value: "decision"},
		{Option: chat.Option{Name: "text", Help: "What to record", Kind: chat.Text, Required: true}, Value: "Postgres\nnot Dynamo"},
	},
}

// opened has a form opened in front of ana in the thread.
func (f *fixture) opened(in chat.Thread) Form {
	f.Helper()
	f.answers(func(context.Context, chat.Call) chat.Message { return chat.Message{Form: &handoffForm, Only: true} })
	if _, lacking := f.Lacks[Payloads]; lacking {
		f.says(f.ana, in, "note form")
	} else {
		b := chat.Button{Label: "Note", Verb: "note", Form: true, Typed: "note form"}
		card := f.card(in, b)
		f.answers(func(context.Context, chat.Call) chat.Message { return chat.Message{Form: &handoffForm, Only: true} })
		f.Deliver(f.People.Press(f.ana, card, b.Label), false)
	}
	f.settle()
	forms := f.View.Forms(f.ana, in)
	if len(forms) != 1 || forms[0].Title != handoffForm.Title {
		f.Fatalf("the forms in front of %s: %+v", f.ana.Name, forms)
	}
	if n := len(f.View.Forms(f.bo, in)); n != 0 {
		f.Errorf("%d forms are in front of somebody else", n)
	}
	return forms[0]
}

// testFormFilled: what is entered comes back as one call by the person and in
// the thread for which the form was opened, with all arguments.
func testFormFilled(f *fixture) {
	form := f.opened(f.channel)
	if diff := cmp.Diff(map[string]string{"kind": "decision", "text": "Postgres\nnot Dynamo"}, form.Values); diff != "" {
		f.Errorf("what stands in the form: %s", diff)
	}
	f.answers(nil)
	before := len(f.called())
	f.Deliver(f.People.Submit(f.ana, form, map[string]string{"text": "two\nlines, by " + f.Stage.Mention(f.bo)}), false)
	f.settle()
	calls := f.called()[before:]
	if len(calls) != 1 {
		f.Fatalf("%d calls came of a form", len(calls))
	}
	c := calls[0]
	want := map[string]string{"in": "2", "kind": "decision", "text": "two\nlines, by " + f.Stage.Mention(f.bo)}
	if diff := cmp.Diff(want, c.Args); diff != "" || c.Verb != "note" || c.Form || c.Person.ID != f.ana.ID || c.Thread != f.channel || c.ID == "" {
		f.Errorf("%+v %s", c, diff)
	}
	if n := len(f.View.Forms(f.ana, f.channel)); n != 0 {
		f.Errorf("%d forms are still open", n)
	}
}

// testFormRefused: a form that was not taken stays open, says why, and loses
// nothing of what was typed; sent again it is another delivery.
func testFormRefused(f *fixture) {
	form := f.opened(f.channel)
	for _, bad := range []chat.Message{
		{Refused: true, Blocks: []chat.Block{chat.Paragraph("that is too vague")}},
		{Refused: true, Form: &handoffForm, Blocks: []chat.Block{chat.Paragraph("that is too vague")}},
		{Fault: true, Blocks: []chat.Block{chat.Paragraph("that is too vague for the store")}},
	} {
		f.answers(func(context.Context, chat.Call) chat.Message { return bad })
		f.Deliver(f.People.Submit(f.ana, form, map[string]string{"text": "typed at length"}), false)
		f.settle()
		forms := f.View.Forms(f.ana, f.channel)
		if len(forms) != 1 || forms[0].Values["text"] != "typed at length" || forms[0].Values["kind"] != "decision" {
			f.Fatalf("after a refusal: %+v", forms)
		}
		form = forms[0]
		if !strings.Contains(form.Note, "too vague") && len(containing(f.baton(f.channel), "too vague")) == 0 {
			f.Error("nothing says why the form was not taken")
		}
	}
	f.answers(nil)
	f.Deliver(f.People.Submit(f.ana, form, nil), false)
	f.settle()
	if n := len(f.View.Forms(f.ana, f.channel)); n != 0 {
		f.Errorf("%d forms are still open", n)
	}
	ids := map[string]bool{}
	calls := f.called()
	for _, c := range calls[len(calls)-4:] {
		ids[c.ID] = true
		if c.Args["text"] != "typed at length" {
			f.Errorf("%+v", c)
		}
	}
	if len(ids) != 4 {
		f.Errorf("four deliveries have the ids %v", ids)
	}
}

// testForeignPayload: a button that Baton did not make does nothing, and what
// comes after it is heard.
func testForeignPayload(f *fixture) {
	card := f.card(f.channel, approve)
	before := len(f.called())
	for _, payload := range []string{
		"x", "null", "[]", "{}", `{"verb":7}`, "v9:zz:1", `{"args":{"in":"2"}}`, strings.Repeat("a", 90), "\x00\xff", "🙂", `{"verb"`,
	} {
		f.Deliver(f.People.Tamper(f.bo, card, payload), false)
		f.settle()
		if calls := f.called(); len(calls) != before {
			f.Fatalf("%q became the call %+v", payload, calls[before])
		}
	}
	if c := f.press(f.bo, card, approve.Label); !does(c, approve) {
		f.Errorf("%+v", c)
	}
}
