package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
	"github.com/synthoperator/baton/announce"
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/commands"
	"github.com/synthoperator/baton/library"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/memory"
)

// launched is what a team does in a day, in the channel.
var launched = []string{
	"settings digest: daily 9:00", "settings zone: Europe/Berlin",
	"start product-launch Launch an invoicing tool for <freelancers> & *small* teams",
	"note decision Postgres, not `mongo`", "note open Who writes the page?", "remind in 2 hours check the landing page",
	"run draft the architecture", "override persona growth-marketer because we are early", "undo",
	"handoff decisions: one service, one database artifacts: https://example.com/sketch open: pricing",
	"pause because of holidays", "resume",
}

// TestGoldensOfWhatIsSaid: the card, announcements, reminders, nudges and digests,
// as Discord has them after two days, with components and in embeds. The fake and
// Discord's own description have taken all of it.
func TestGoldensOfWhatIsSaid(t *testing.T) {
	for name, o := range map[string]discordtest.Options{"components": {}, "embeds": old} {
		t.Run(name, func(t *testing.T) {
			bubble(t, o, Options{}, func(w *town) {
				w.launches()
				golden(w.T, "said-in-"+name, w.keyed())
				w.clean()
			})
		})
	}
}

// launches runs the day and the one after it.
func (w *town) launches() {
	w.Helper()
	st, err := state.Open(memory.New(), state.Options{})
	if err != nil {
		w.Fatal(err)
	}
	lib, err := library.Open([]library.Source{library.Shipped()}, library.Options{})
	if err != nil {
		w.Fatal(err)
	}
	ctx, end := context.WithCancel(w.Context())
	log := slog.New(slog.NewTextHandler(w.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	router := commands.New(commands.Deps{Store: st, Library: lib, Log: log})
	announcer, err := announce.New(ctx, announce.Deps{Store: st, Words: router, Posters: map[string]chat.Poster{Platform: w.a}, Log: log})
	if err != nil {
		w.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() {
		if err := announcer.Run(ctx); err != nil {
			w.Error(err)
		}
	})
	for i, line := range launched {
		m := router.Handle(ctx, chat.Call{
			ID: fmt.Sprint("call-", i), Thread: w.where, Person: chat.Person{ID: w.ana.User.ID, Name: "ana"}, Role: "admin", Text: line, At: time.Now(),
		})
		if m.Fault || m.Refused {
			w.Errorf("%s: %+v", line, m)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
	}
	time.Sleep(48 * time.Hour)
	synctest.Wait()
	end()
	running.Wait()
	_ = st.Close()
}

// changingRE finds what differs from run to run: ids, the numbers of keys, and what
// follows from the content of the library.
var changingRE = regexp.MustCompile(`[0-9]{16,20}|[0-9A-HJKMNP-TV-Z]{26}|#[a-z2-7]{26}|\b[0-9a-f]{12,64}\b|"id":[ ]?[0-9]+|[0-9][0-9,]* tokens`)

// keyed are the messages of the channel and its threads that carry a key, as JSON.
func (w *town) keyed() []byte {
	w.Helper()
	var all []any
	for _, ch := range append([]*discordtest.Channel{w.launch}, w.launch.Threads()...) {
		for _, m := range ch.Messages() {
			components, _ := json.Marshal(m.Components)
			embeds, _ := json.Marshal(m.Embeds)
			said := message{Components: components, Embeds: embeds, Flags: m.Flags}
			if said.key() == "" {
				continue
			}
			var files []string
			for _, f := range m.Attachments {
				files = append(files, f.Name+" "+f.Type+": "+f.Description)
			}
			all = append(all, map[string]any{
				"thread": ch != w.launch, "content": m.Content, "embeds": said.embeds(), "components": said.components(), "files": files, "notifies": len(m.Pinged),
			})
		}
	}
	if len(all) < 5 {
		w.Fatalf("only %d messages were said", len(all))
	}
	return []byte(changingRE.ReplaceAllStringFunc(string(indented(w.T, all)), func(s string) string {
		if strings.HasPrefix(s, `"id"`) {
			return `"id": "…"`
		}
		return "…"
	}))
}
