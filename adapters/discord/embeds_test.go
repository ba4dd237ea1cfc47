package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
	"github.com/synthoperator/baton/chat"
)

// old is a Discord that knows no Components V2.
var old = discordtest.Options{NoComponentsV2: true}

// embedsOf are a message's embeds as Baton reads them.
func embedsOf(t *testing.T, m discordtest.Message) []embed {
	t.Helper()
	raw, err := json.Marshal(m.Embeds)
	if err != nil {
		t.Fatal(err)
	}
	var all []embed
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// Where Components V2 are refused, Baton speaks in embeds: a long text is split
// before it is sent, 26 fields are two embeds, and the persona is the author.
func TestCase13Embeds(t *testing.T) {
	bubble(t, old, Options{}, func(w *town) {
		said := func(n int, m chat.Message) discordtest.Message {
			w.Helper()
			for i, part := range w.a.Split(m) {
				if _, err := w.a.Post(w.Context(), chat.Post{Key: testKey(n*100 + i), To: w.where, Body: part}); err != nil {
					w.Fatal(err)
				}
			}
			all := w.launch.Messages()
			return all[len(all)-1]
		}
		last := said(1, chat.Message{As: cto, Blocks: []chat.Block{chat.Paragraph(strings.TrimSpace(strings.Repeat("words ", 1001)))}})
		if all := w.launch.Messages(); len(all) < 2 {
			t.Errorf("6001 characters are %d messages", len(all))
		}
		if e := embedsOf(t, last); e[0].Author == nil || e[0].Author.Name != "🚀 Startup CTO" || e[0].Author.Icon != cto.Avatar || e[0].Color != cto.Color {
			t.Errorf("%+v", e)
		}
		var fields chat.Fields
		for i := range 26 {
			fields = append(fields, chat.Field{Name: fmt.Sprint("Phase ", i), Value: "Build"})
		}
		e := embedsOf(t, said(2, chat.Message{Title: "Plan", Blocks: []chat.Block{fields, chat.Remark("by the plan")}}))
		if len(e) != 3 || len(e[0].Fields) != 25 || len(e[1].Fields) != 1 || e[0].Description != "## Plan" || e[2].Description != "-# by the plan" {
			t.Errorf("26 fields are %+v", e)
		}
		w.clean()
	})
}

// The refusal is remembered for a while, so that not every message is sent twice,
// and then Baton tries again.
func TestCase13RefusalIsRemembered(t *testing.T) {
	bubble(t, old, Options{}, func(w *town) {
		posts := func() int { return len(w.server.Requests(discordtest.To("POST", routeMessages))) }
		for n := range 3 {
			if err := w.say(w.where, n); err != nil {
				w.Fatal(err)
			}
		}
		if n := posts(); n != 4 {
			w.Errorf("three messages are %d requests", n)
		}
		time.Sleep(askForComponents)
		if err := w.say(w.where, 4); err != nil || posts() != 6 {
			w.Errorf("%v after %d requests", err, posts())
		}
	})
}

// What is wrong with a message in any form is told as it was told first, and is
// no reason to speak otherwise.
func TestCase13OtherRefusals(t *testing.T) {
	bubble(t, discordtest.Options{}, Options{}, func(w *town) {
		posts := discordtest.To("POST", routeMessages)
		w.server.AddFault(discordtest.Refusing(400, 50035, "the first", false).On(posts, 1))
		w.server.AddFault(discordtest.Refusing(400, 50035, "the second", false).On(posts, 1))
		if err := w.say(w.where, 1); err == nil || !strings.Contains(err.Error(), "the first") {
			w.Errorf("%v", err)
		}
		if err := w.say(w.where, 1); err != nil {
			w.Error(err)
		}
		if m := w.launch.Messages()[0]; len(m.Embeds) > 0 || m.Flags&flagComponentsV2 == 0 {
			w.Errorf("%+v", m)
		}
	})
}

// A message of embeds is found by its key, edited as what it is, also once
// components are taken again, and its key stays.
func TestCase13FoundAndEdited(t *testing.T) {
	bubble(t, old, Options{}, func(w *town) {
		p := card(1)
		p.To, p.Since = w.where, time.Now()
		said, err := w.a.Post(w.Context(), chat.Post{Key: p.Key, To: p.To, Root: true, Body: p.Body})
		if err != nil {
			w.Fatal(err)
		}
		for n, restart := range []bool{false, true} {
			if restart {
				w.a.known = newKnown()
			}
			m := paragraph(fmt.Sprint("now ", n))
			m.Title = "Product launch"
			m.Buttons = []chat.Button{{Label: "Hand off", Verb: "handoff", Form: true}}
			if err := w.a.Edit(w.Context(), said, chat.Post{Key: testKey(50 + n), Body: m}); err != nil {
				w.Fatal(err)
			}
			there, err := w.a.Find(w.Context(), p)
			if err != nil || len(there) != 1 || there[0].ID != said.ID {
				w.Errorf("restarted %v: %+v, %v", restart, there, err)
			}
			seen, _ := w.launch.Message(said.ID)
			if s := seenAs(w.where, w.app.Bot.ID, seen); !strings.Contains(s.Text, fmt.Sprint("now ", n)) || len(s.Buttons) != 1 {
				w.Errorf("%+v", s)
			}
		}
		if err := w.a.Edit(w.Context(), said, chat.Post{Key: p.Key, Body: paragraph("done")}); err != nil {
			w.Fatal(err)
		}
		if seen, _ := w.launch.Message(said.ID); len(seen.Components) > 0 {
			w.Errorf("buttons of before stay: %+v", seen.Components)
		}
		if err := w.say(w.where.Under(said.ID), 2); err != nil {
			w.Error(err)
		}
		w.clean()
	})
}

// Answers, files, forms and buttons work without components as with them.
func TestCase13Answers(t *testing.T) {
	story(t, old, Options{}, func(r *running) {
		m := paragraph("May it be done?")
		m.Buttons = []chat.Button{{Label: "Approve", Verb: "approve", Args: map[string]string{"number": "3"}}}
		m.Files = []chat.File{{Name: "plan.md", MediaType: "text/markdown", Data: []byte("# Plan")}}
		r.h.answers(func(context.Context, chat.Call) chat.Message { return m })
		seen := r.slash(r.ana, r.launch, "baton status", nil).Now()
		if seen.State != discordtest.Replied || !strings.Contains(text(seen.Message), "May it be done?") || len(seen.Message.Attachments) != 1 {
			r.Fatalf("ana sees %+v", seen)
		}
		r.h.answers(func(context.Context, chat.Call) chat.Message { return refusal("not you") })
		i, err := r.mod.Click(*seen.Message, "Approve")
		if err != nil {
			r.Fatal(err)
		}
		r.settle()
		if now := i.Now(); !now.Ephemeral || !strings.Contains(text(now.Message), "not you") {
			r.Errorf("mo sees %+v", now)
		}
		r.h.answers(slowly(5*time.Second, paragraph("all of it")))
		if _, err = r.ana.Click(*seen.Message, "Approve"); err != nil {
			r.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		r.settle()
		all := r.launch.Messages()
		if last := all[len(all)-1]; !strings.Contains(text(&last), "all of it") {
			r.Errorf("everybody sees %+v", last)
		}
		r.h.answers(noting)
		form := r.slash(r.ana, r.launch, "baton note", nil)
		if form.Now().Modal == nil {
			r.Errorf("ana sees %+v", form.Now())
		}
		r.clean()
	})
}

// A button for one decision is switched off on a message of embeds too, which
// stays as it is otherwise.
func TestCase13Decision(t *testing.T) {
	story(t, old, Options{}, func(r *running) {
		card := r.decisionCard()
		i, err := r.ana.Click(card, "Approve")
		if err != nil {
			r.Fatal(err)
		}
		r.settle()
		now, _ := r.launch.Message(card.ID)
		if i.Now().State != discordtest.Updated || !strings.Contains(text(&now), "May it be done?") {
			r.Errorf("ana sees %+v", i.Now())
		}
		if _, err := r.ana.Click(card, "Approve"); err == nil || !strings.Contains(err.Error(), "disabled") {
			r.Errorf("pressed again: %v", err)
		}
		r.clean()
	})
}
