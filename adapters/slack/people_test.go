package slack

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/slack/slacktest"
)

// Slack that is slow with names makes nobody miss an answer: they are asked for as
// long as there is time, and then the id has to do.
func TestManyNamesInTime(t *testing.T) {
	both(t, setting{}, func(w *world) {
		w.Fault(slacktest.Fault{When: slacktest.Calls("users.info"), Before: 700 * time.Millisecond})
		text := "note decision"
		for n := range 6 {
			text += fmt.Sprintf(" <@U%d>", 10+n)
			w.team.Person(fmt.Sprintf("U%d", 10+n), fmt.Sprint("somebody-", n))
		}
		said := w.ana.Mention(w.launch, "", w.bot, text)
		pass(time.Minute)
		if c := w.one(); len(c.Mentions) != 6 || strings.Count(c.Text, "@") != 6 {
			w.t.Errorf("%+v", c)
		}
		for _, d := range said.Deliveries() {
			if len(d.Attempts) != 1 || !d.Acked {
				w.t.Errorf("it was told %d times\n%s", len(d.Attempts), w.log)
			}
		}
	})
}

// Where Baton may not ask for names, somebody is called the same by whichever door
// they come: messages carry no name, and commands and buttons do. What a text
// calls somebody is only for that text.
func TestNamesThatCameAlong(t *testing.T) {
	least := Scopes()
	both(t, setting{
		app:     func(cfg *slacktest.AppConfig) { cfg.Scopes, cfg.Events = least, []string{"app_mention"} },
		options: func(o *Options) { o.Installs.(*installations).all[0].Scopes = least },
	}, func(w *world) {
		root := w.ana.Say(w.launch, "", "a topic").Message.TS
		w.ana.Mention(w.launch, root, w.bot, "status")
		pass(time.Second)
		w.ana.Slash(w.launch, "/baton", "note open pricing for @ben")
		pass(2 * time.Hour)
		w.ana.Mention(w.launch, root, w.bot, "status")
		pass(time.Second)
		w.ben.Mention(w.launch, root, w.bot, "status")
		pass(time.Second)
		var got []string
		for _, c := range w.h.called() {
			got = append(got, c.Person.Name)
		}
		if want := []string{"U1", "ana", "ana", "U2"}; !slices.Equal(got, want) {
			w.t.Errorf("called %q, want %q", got, want)
		}
	})
}
