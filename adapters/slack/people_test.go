package slack

import (
	"slices"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/slack/slacktest"
)

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
