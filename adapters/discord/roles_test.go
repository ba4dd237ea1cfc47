package discord

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
	"github.com/synthoperator/baton/chat"
)

// governed is a town in which Baton answers by the protocol: everybody looks on,
// who has the role "lead" is an approver, and a launch is going on.
func governed(t *testing.T, tell func(r *running, lea *discordtest.Member, lead *discordtest.Role)) {
	t.Helper()
	for name, o := range map[string]discordtest.Options{"components": {}, "embeds": old} {
		t.Run(name, func(t *testing.T) {
			story(t, o, Options{}, func(r *running) {
				router := protocol(r.T)
				r.h.specs = router.Specs()
				r.h.answers(router.Handle)
				if _, err := r.a.Register(r.Context(), r.h.specs, ""); err != nil {
					r.Fatal(err)
				}
				lead := r.guild.NewRole("lead", 0)
				r.a.o.Roles = map[string]string{lead.ID: "approver"}
				owner := chat.Person{ID: r.guild.Owner().User.ID, Name: "owner"}
				for n, line := range []string{"settings everybody: observer", "start product-launch Launch an invoicing tool"} {
					m := router.Handle(r.Context(), chat.Call{ID: fmt.Sprint("before-", n), Thread: r.where, Person: owner, Role: "admin", Text: line, At: time.Now()})
					if m.Refused || m.Fault {
						r.Fatalf("%s: %+v", line, m)
					}
				}
				lea := r.guild.NewMember("lea", lead)
				tell(r, lea, lead)
				r.clean()
			})
		})
	}
}

// refusedAlone: somebody is told alone that they may not.
func (r *running) refusedAlone(i *discordtest.Interaction) {
	r.Helper()
	seen := i.Now()
	if seen.Message == nil || !seen.Ephemeral || !strings.Contains(text(seen.Message), "observer") {
		r.Errorf("they see %+v %q", seen, text(seen.Message))
	}
}

// stands is where the session stands, as its owner is told.
func (r *running) stands() string {
	r.Helper()
	return text(r.slash(r.guild.Owner(), r.launch, "baton status", nil).Now().Message)
}

// done sends a command or presses something and lets what comes of it happen.
func (r *running) done(i *discordtest.Interaction, err error) *discordtest.Interaction {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
	r.settle()
	return i
}

// A subcommand that takes more right than somebody has changes nothing.
func TestCase07Subcommand(t *testing.T) {
	governed(t, func(r *running, lea *discordtest.Member, lead *discordtest.Role) {
		before := r.stands()
		args := discordtest.Args{"name": "growth-marketer", "because": "we are early"}
		r.refusedAlone(r.slash(r.ana, r.launch, "baton persona", args))
		lea.SetRoles()
		r.refusedAlone(r.slash(lea, r.launch, "baton persona", args))
		if now := r.stands(); now != before {
			r.Errorf("it stands %s, it stood %s", now, before)
		}
		lea.SetRoles(lead)
		if seen := r.slash(lea, r.launch, "baton persona", args).Now(); seen.Ephemeral || !strings.Contains(r.stands(), "growth-marketer") {
			r.Errorf("with the role: %q", text(seen.Message))
		}
	})
}

// A right that is taken away between a button or a list being shown and being used
// is gone by then.
func TestCase07TakenBeforePress(t *testing.T) {
	governed(t, func(r *running, lea *discordtest.Member, lead *discordtest.Role) {
		router := r.h.handle
		m := paragraph("Who thinks now?")
		m.Buttons = []chat.Button{{Label: "Growth", Verb: "persona", Args: map[string]string{"name": "growth-marketer"}}}
		m.Selects = []chat.Select{{Label: "Who", Verb: "persona", Option: "name", Choices: []chat.Suggestion{{Text: "growth-marketer"}}}}
		before := r.stands()
		r.h.answers(func(context.Context, chat.Call) chat.Message { return m })
		shown := *r.slash(lea, r.launch, "baton status", nil).Now().Message
		r.h.answers(router)
		custom := ""
		walk(componentsOf(shown), func(c *component) {
			if c.Type == stringSelect {
				custom = c.CustomID
			}
		})
		press := map[string]func() (*discordtest.Interaction, error){
			"a button": func() (*discordtest.Interaction, error) { return lea.Click(shown, "Growth") },
			"a list":   func() (*discordtest.Interaction, error) { return lea.Select(shown, custom, "growth-marketer") },
		}
		lea.SetRoles()
		for _, do := range press {
			r.refusedAlone(r.done(do()))
		}
		if now := r.stands(); now != before {
			r.Errorf("it stands %s, it stood %s", now, before)
		}
		lea.SetRoles(lead)
		for what, do := range press {
			r.slash(lea, r.launch, "baton persona", discordtest.Args{"name": "startup-cto"})
			r.done(do())
			if now := r.stands(); !strings.Contains(now, "growth-marketer") {
				r.Errorf("%s with the role: it stands %s", what, now)
			}
		}
	})
}

// The same between a form being opened and being sent; what was typed is not lost.
func TestCase07TakenBeforeForm(t *testing.T) {
	governed(t, func(r *running, lea *discordtest.Member, lead *discordtest.Role) {
		before := r.stands()
		form := r.slash(lea, r.launch, "baton handoff", discordtest.Args{formOption: true})
		if form.Now().Modal == nil {
			r.Fatalf("lea sees %+v", form.Now())
		}
		lea.SetRoles()
		sent := r.done(lea.Submit(form, discordtest.Values{"decisions": "Postgres"}))
		r.refusedAlone(sent)
		if now := r.stands(); now != before {
			r.Errorf("it stands %s, it stood %s", now, before)
		}
		lea.SetRoles(lead)
		again := r.done(lea.Click(*sent.Now().Message, "Open the form again"))
		r.done(lea.Submit(again, nil))
		if now := r.stands(); now == before {
			r.Errorf("with the role it still stands %s", now)
		}
	})
}

// A right of Discord's own counts as it is when it is used, not when it was shown.
func TestCase07TakenPermission(t *testing.T) {
	governed(t, func(r *running, lea *discordtest.Member, _ *discordtest.Role) {
		managers := r.guild.NewRole("managers", discordtest.ManageGuild)
		lea.SetRoles(managers)
		args := discordtest.Args{"name": "growth-marketer"}
		if m := r.a.role(member{Permissions: "32"}); m != "admin" {
			r.Errorf("who manages the server is %q", m)
		}
		lea.SetRoles()
		r.refusedAlone(r.slash(lea, r.launch, "baton persona", args))
		lea.SetRoles(managers)
		if seen := r.slash(lea, r.launch, "baton persona", args).Now(); seen.Ephemeral {
			r.Errorf("a manager sees %q", text(seen.Message))
		}
	})
}
