package slack

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/commands"
	"github.com/synthoperator/baton/library"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/memory"
)

// real puts Baton's own verbs in place of the script.
func (w *world) real(lib *library.Library) {
	w.t.Helper()
	st, err := state.Open(memory.New(), state.Options{Now: time.Now})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = st.Close() })
	r := commands.New(commands.Deps{Store: st, Library: lib})
	w.h.whole = r
	w.h.answers(func(ctx context.Context, c chat.Call) chat.Message { return r.Handle(ctx, c) })
}

func shipped(t *testing.T) *library.Library {
	t.Helper()
	lib, err := library.Open([]library.Source{library.Shipped()}, library.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

// A session through all doors: started and worked on by mentions, recorded by a
// shortcut, handed off by a form. Case 4: where a channel has several sessions, a
// command asks which one is meant, and changes nothing.
func TestSessionThroughAllDoors(t *testing.T) {
	lib := shipped(t)
	both(t, setting{}, func(w *world) {
		w.real(lib)
		var roots []string
		for _, goal := range []string{"Ship the beta", "Ship the docs"} {
			root := w.ana.Say(w.launch, "", "let us talk about "+goal).Message.TS
			w.ana.Mention(w.launch, root, w.bot, "start solo-sprint "+goal)
			pass(time.Second)
			if got := w.texts(root); len(got) != 1 || !strings.Contains(got[0], goal) {
				w.t.Fatalf("%q\n%s", got, w.log)
			}
			roots = append(roots, root)
		}
		if seen := w.ana.Slash(w.launch, "/baton", "note decision Postgres because it is boring"); !strings.Contains(seen.Told(), "Which one?") {
			w.t.Fatalf("%q", seen.Told())
		}
		if len(w.texts(roots[0])) != 1 || len(w.texts(roots[1])) != 1 {
			w.t.Error("something was done that nobody meant")
		}
		asked := w.launch.Ephemerals("U1")
		w.ana.Click(asked[len(asked)-1], "1: Ship the beta")
		pass(time.Second)
		said := w.launch.Messages()
		if all := said[len(said)-1].Shown(); !strings.Contains(all, "Decision #1 recorded: Postgres, because it is boring.") || !strings.Contains(all, "Ship the beta") {
			w.t.Fatalf("%s\n%s", all, w.log)
		}
		w.record(roots[0])
		w.handOff(roots[0])
		if told := w.ana.Slash(w.launch, "/baton", "persona nobody-of-that-name in: 2").Told(); !strings.Contains(told, "nobody-of-that-name") {
			w.t.Errorf("%q", told)
		}
	})
}

// A form that overrides takes a phase, a persona or a skill by what is typed, and a
// person by choosing one.
func TestOverrideForm(t *testing.T) {
	lib := shipped(t)
	both(t, setting{}, func(w *world) {
		w.real(lib)
		for _, goal := range []string{"Ship it", "Document it"} {
			w.ana.Mention(w.launch, w.ana.Say(w.launch, "", "let us begin").Message.TS, w.bot, "start solo-sprint "+goal)
			pass(time.Second)
		}
		for _, one := range []struct {
			typed string
			enter map[string]string
			want  string
		}{
			{"ship", map[string]string{"what": "phase", "to": "Ship and iterate"}, "to Ship and iterate"},
			{"growth", map[string]string{"what": "persona", "to": "growth-marketer"}, "to growth-marketer"},
			{"seo-audit, copywriting", map[string]string{"what": "skills", "to": "seo-audit, copywriting"}, "to seo-audit, copywriting"},
			{"", map[string]string{"what": "owner", "who": "U2"}, "owner from ana to ben"},
		} {
			v := w.ana.Slash(w.launch, "/baton", "override in: 1 form").Opened()
			if v == nil {
				w.t.Fatalf("no form\n%s", w.log)
			}
			if one.typed != "" {
				w.ana.Search(v, "to", one.typed)
			}
			one.enter["because"] = "it is better"
			if seen := w.ana.Submit(v, one.enter); seen.Refused != "" || len(seen.Errors) > 0 {
				w.t.Fatalf("%+v: %+v", one, seen)
			}
			pass(time.Second)
			said := w.launch.Messages()
			if all := said[len(said)-1].Shown(); !strings.Contains(all, one.want) {
				w.t.Errorf("%+v: %s\n%s", one, all, w.log)
			}
		}
	})
}

// record records a message by its shortcut.
func (w *world) record(root string) {
	w.t.Helper()
	reply := w.ben.Say(w.launch, root, "we need a price by Friday")
	v := w.ben.Shortcut(reply.Message, "baton_open").Opened()
	if v == nil {
		w.t.Fatalf("no form\n%s", w.log)
	}
	if seen := w.ben.Submit(v, map[string]string{}); seen.TimedOut || len(seen.Errors) > 0 || v.Open() {
		w.t.Fatalf("%+v", seen)
	}
	pass(time.Second)
	if all := allOf(w, root); !strings.Contains(all, "price by Friday") {
		w.t.Errorf("%s\n%s", all, w.log)
	}
}

// handOff hands the first phase off by the button on a card.
func (w *world) handOff(root string) {
	w.t.Helper()
	w.ana.Mention(w.launch, root, w.bot, "status")
	pass(2 * time.Second)
	all := w.launch.Replies(root)
	v := w.ana.Click(all[len(all)-1], "Hand off").Opened()
	if v == nil {
		w.t.Fatalf("no form\n%s", w.log)
	}
	if !strings.Contains(w.state(v), "Postgres") || !strings.Contains(w.state(v), "price by Friday") {
		w.t.Errorf("what was recorded is not in the form: %s", w.state(v))
	}
	if seen := w.ana.Submit(v, nil); seen.TimedOut || len(seen.Errors) > 0 || v.Open() {
		w.t.Fatalf("%+v\n%s", seen, w.log)
	}
	pass(2 * time.Second)
	if all := allOf(w, root); !strings.Contains(all, "hase 2") {
		w.t.Errorf("%s", all)
	}
}

func allOf(w *world, root string) string {
	all := strings.Join(w.texts(root), "\n")
	for _, who := range []string{"U1", "U2"} {
		for _, m := range w.launch.Ephemerals(who) {
			all += "\n" + m.Shown()
		}
	}
	return all
}
