package discord

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/synthoperator/baton/adapters/discord/discordtest"
	"github.com/synthoperator/baton/chat"
)

// noting answers with the form of a note where that is asked for.
func noting(_ context.Context, c chat.Call) chat.Message {
	if !c.Form {
		return paragraph("recorded " + c.Args["text"])
	}
	f := chat.Form{Title: "Note", Verb: "note", Args: map[string]string{"in": "2"}}
	for _, o := range verbs[1].Options {
		f.Inputs = append(f.Inputs, chat.Input{Option: o, Value: c.Args[o.Name]})
	}
	return chat.Message{Form: &f, Only: true}
}

// A verb sent without what it needs opens its form; what is entered is its call.
func TestCase08Form(t *testing.T) {
	story(t, discordtest.Options{}, Options{}, func(r *running) {
		r.h.answers(noting)
		i := r.slash(r.ana, r.launch, "baton note", nil)
		if seen := i.Now(); seen.State != discordtest.Form || seen.Modal.Title != "Note" {
			r.Fatalf("ana sees %+v", seen)
		}
		sent, err := r.ana.Submit(i, discordtest.Values{"kind": "decision", "text": "two\nlines by <@" + r.mod.User.ID + ">"})
		if err != nil {
			r.Fatal(err)
		}
		r.settle()
		calls := r.h.calls()
		c := calls[1]
		want := map[string]string{"in": "2", "kind": "decision", "text": "two\nlines by <@" + r.mod.User.ID + ">", "link": "", "owner": ""}
		if diff := cmp.Diff(want, c.Args); diff != "" || c.Verb != "note" || c.Form || c.Thread != r.where || c.ID == calls[0].ID {
			r.Errorf("%+v %s", c, diff)
		}
		if c.Mentions["<@"+r.mod.User.ID+">"].ID != r.mod.User.ID {
			r.Errorf("the people in it: %+v", c.Mentions)
		}
		if seen := sent.Now(); !strings.Contains(text(seen.Message), "recorded two") || seen.Ephemeral {
			r.Errorf("ana sees %+v", seen)
		}
		r.clean()
	})
}

// A form that is refused is opened again with all that was typed, without asking
// anybody: as the form of a form is not possible, by a button.
func TestCase08FormRefused(t *testing.T) {
	story(t, discordtest.Options{}, Options{}, func(r *running) {
		r.h.answers(noting)
		i := r.slash(r.ana, r.launch, "baton note", nil)
		r.h.answers(func(context.Context, chat.Call) chat.Message { return refusal("too vague") })
		long := strings.TrimSpace(strings.Repeat("typed at length ", 200))
		sent, err := r.ana.Submit(i, discordtest.Values{"kind": "open", "text": long})
		if err != nil {
			r.Fatal(err)
		}
		r.settle()
		seen := sent.Now()
		if !seen.Ephemeral || !strings.Contains(text(seen.Message), "too vague") {
			r.Fatalf("ana sees %+v", seen)
		}
		again, err := r.ana.Click(*seen.Message, "Open the form again")
		if err != nil {
			r.Fatal(err)
		}
		r.settle()
		form := again.Now().Modal
		if form == nil || len(r.h.calls()) != 2 {
			r.Fatalf("ana sees %+v after %d calls", again.Now(), len(r.h.calls()))
		}
		for _, f := range form.Fields {
			if f.CustomID == "text" && f.Value != long {
				r.Errorf("what was typed is %q", f.Value)
			}
		}
		r.h.answers(noting)
		if _, err := r.ana.Submit(again, nil); err != nil {
			r.Fatal(err)
		}
		r.settle()
		if c := r.h.calls()[2]; c.Args["text"] != long || c.Args["kind"] != "open" || c.Args["in"] != "2" {
			r.Errorf("%+v", c)
		}
		r.clean()
	})
}

// Where a form takes too long, it is said and a button opens it.
func TestCase08FormLate(t *testing.T) {
	story(t, discordtest.Options{}, Options{}, func(r *running) {
		r.h.answers(func(ctx context.Context, c chat.Call) chat.Message {
			time.Sleep(4 * time.Second)
			return noting(ctx, c)
		})
		i := r.slash(r.ana, r.launch, "baton note", nil)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		seen := i.Now()
		if !seen.Ephemeral || seen.Message == nil {
			r.Fatalf("ana sees %+v", seen)
		}
		r.h.answers(noting)
		again, err := r.ana.Click(*seen.Message, "Open the form")
		if err != nil {
			r.Fatal(err)
		}
		r.settle()
		if again.Now().Modal == nil || len(r.server.Violations(discordtest.LateAnswer)) > 0 {
			r.Errorf("ana sees %+v", again.Now())
		}
		r.clean()
	})
}

// A form may come back in the shape of before labels, and with parts that nobody
// knows yet.
func TestCase09FormShapes(t *testing.T) {
	story(t, discordtest.Options{}, Options{}, func(r *running) {
		for n, components := range []string{
			`[{"type":18,"component":{"type":4,"custom_id":"decisions","value":"a; b"}},{"type":18,"component":{"type":21,"custom_id":"go","value":"yes"}}]`,
			`[{"type":1,"components":[{"type":4,"custom_id":"decisions","value":"a; b"}]},{"type":1,"components":[{"type":4,"custom_id":"go","value":"yes"}]}]`,
			`[{"type":18,"component":{"type":4,"custom_id":"decisions","value":"a; b"}},{"type":99,"surprise":[1]},{"type":18,"component":{"type":99}},7,{"type":18,"component":{"type":23,"custom_id":"go","value":true}}]`,
		} {
			id := idNumber(snowflake(time.Now()) + 1000 + uint64(n)) //nolint:gosec // small
			raw := `{"id":"` + id.text() + `","application_id":"` + r.app.ID + `","type":5,"token":"t","guild_id":"` + r.guild.ID +
				`","channel_id":"` + r.launch.ID + `","channel":{"id":"` + r.launch.ID + `","type":0},"member":{"user":{"id":"` + r.ana.User.ID +
				`","username":"ana"},"roles":[],"permissions":"0"},"data":{"custom_id":"f1:{\"v\":\"handoff\"}","components":` + components + `}}`
			r.a.current.Load().takeInteraction([]byte(raw))
			r.settle()
			c := r.h.calls()[n]
			if c.Verb != "handoff" || c.Args["decisions"] != "a; b" || c.Args["go"] != "yes" {
				r.Errorf("%s: %+v", components, c)
			}
		}
	})
}

// The commands of a message's menu open the form of a note, or of a handoff,
// filled from the message; in the thread under it where there is one.
func TestMenu(t *testing.T) {
	story(t, discordtest.Options{}, Options{}, func(r *running) {
		r.h.answers(noting)
		said, err := r.mod.Say(r.launch, "Postgres,\nnot mongo, says <@"+r.ana.User.ID+">")
		if err != nil {
			r.Fatal(err)
		}
		for _, threaded := range []bool{false, true} {
			in := r.where
			if threaded {
				if _, err := r.mod.OpenThread(r.launch, "topic", &said, discordtest.PublicThread); err != nil {
					r.Fatal(err)
				}
				in = in.Under(said.ID)
			}
			i, err := r.ana.MessageCommand(said, "Record decision")
			if err != nil {
				r.Fatal(err)
			}
			r.settle()
			calls := r.h.calls()
			c := calls[len(calls)-1]
			want := map[string]string{
				"kind": "decision", "text": "Postgres, not mongo, says <@" + r.ana.User.ID + ">",
				"link": linkTo(r.guild.ID, r.launch.ID, said.ID),
			}
			if diff := cmp.Diff(want, c.Args); diff != "" || c.Verb != "note" || !c.Form || c.Thread != in || c.Mentions["<@"+r.ana.User.ID+">"].Name != "ana" {
				r.Errorf("%+v %s", c, diff)
			}
			if i.Now().Modal == nil {
				r.Fatalf("ana sees %+v", i.Now())
			}
			if _, err := r.ana.Submit(i, nil); err != nil {
				r.Fatal(err)
			}
			r.settle()
			calls = r.h.calls()
			if c := calls[len(calls)-1]; c.Thread != in || c.Args["kind"] != "decision" || c.Form {
				r.Errorf("what was entered: %+v", c)
			}
		}
		i, err := r.ana.MessageCommand(said, "Hand off this")
		if err != nil {
			r.Fatal(err)
		}
		r.settle()
		calls := r.h.calls()
		if c := calls[len(calls)-1]; c.Verb != "handoff" || !c.Form || i.Now().Modal == nil {
			r.Errorf("%+v", c)
		}
		r.clean()
	})
}

// A form that nobody expected, and that comes after three seconds, is offered.
func TestCase08FormAfterThinking(t *testing.T) {
	story(t, discordtest.Options{}, Options{}, func(r *running) {
		r.h.answers(func(ctx context.Context, c chat.Call) chat.Message {
			time.Sleep(4 * time.Second)
			c.Form = true
			return noting(ctx, c)
		})
		i := r.slash(r.ana, r.launch, "baton status", nil)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		seen := i.Now()
		if len(seen.FollowUps) != 1 || len(r.launch.Messages()) != 0 {
			r.Fatalf("ana sees %+v", seen)
		}
		again, err := r.ana.Click(seen.FollowUps[0], "Open the form again")
		if err != nil {
			r.Fatal(err)
		}
		r.settle()
		if again.Now().Modal == nil {
			r.Errorf("ana sees %+v", again.Now())
		}
		r.clean()
	})
}
