package slack

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/slack/slacktest"
	"github.com/synthoperator/baton/announce"
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/commands"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/memory"
)

// saidStory is what leads to each kind of thing that Baton says by itself, by the
// golden that it is held against.
var saidStory = []struct{ name, text string }{
	{"", "announce all"},
	{"card", "start product-launch Launch an invoicing tool"},
	{"said-persona", "persona growth-marketer because the page is next"},
	{"said-override", "override persona startup-cto because the audit is near"},
	{"said-undo", "undo because it was not"},
	{"said-owner", "override owner @ben because ana leaves"},
	{"said-proposal", "run draft the landing page"},
	{"said-report", "run task: 1 report: Decisions:\n- a page with one button"},
	{"said-approve", "approve 1 because it is short"},
	{"said-reminder", "remind in 1 hour look at the numbers"},
	{"said-announce", "announce We ship on Friday"},
	{"said-handoff", "handoff decisions: Postgres; one button"},
	{"said-override-handoff", "override handoff because there was nothing to write"},
	{"said-pause", "pause because of the holidays"},
	{"said-resume", "resume because they are over"},
	{"said-end", "end because it was shipped"},
}

// Each kind of thing that Baton says by itself is held on its own: the card as it is
// when a session begins, and what a channel that hears everything hears after each
// kind of decision.
func TestGoldenSaid(t *testing.T) {
	lib, err := shippedLibrary()
	if err != nil {
		t.Fatal(err)
	}
	slackBubble(t, slacktest.Options{}, slacktest.AppConfig{}, func(t *testing.T, s *saying) {
		ctx, end := context.WithCancel(t.Context())
		store, err := state.Open(memory.New(), state.Options{})
		if err != nil {
			t.Fatal(err)
		}
		log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
		router := commands.New(commands.Deps{Store: store, Library: lib, Log: log})
		announcer, err := announce.New(ctx, announce.Deps{Store: store, Words: router, Posters: map[string]chat.Poster{Platform: s.a}, Log: log})
		if err != nil {
			t.Fatal(err)
		}
		var running sync.WaitGroup
		running.Go(func() {
			if err := announcer.Run(ctx); err != nil {
				t.Error(err)
			}
		})
		launch, people := s.Channel("w1", "launch"), map[string]chat.Person{"@ben": s.Person("ben")}
		in, who, known := launch, s.Person("ana"), map[string]bool{}
		for i, step := range saidStory {
			m := router.Handle(ctx, chat.Call{
				ID: fmt.Sprint("call-", i), Thread: in, Person: who, Text: step.text, At: time.Now(), Mentions: people,
			})
			if m.Fault || m.Refused {
				t.Errorf("%s: %+v", step.text, m.Blocks)
			}
			time.Sleep(2 * time.Hour)
			synctest.Wait()
			if step.name == "card" {
				in = boundThread(t, store, launch)
			}
			if step.name == "said-owner" {
				who = people["@ben"]
			}
			if step.name != "" {
				golden(t, step.name, s.saidSince(launch, in, known))
			}
		}
		end()
		running.Wait()
		store.Close()
	})
}

// saidSince is what Baton said by itself that is not known yet, and what it changed
// but for the card.
func (s *saying) saidSince(launch, in chat.Thread, known map[string]bool) any {
	all := []any{}
	channel := s.channels[launch]
	for _, m := range slices.Concat(channel.Messages(), channel.Replies(in.Root())) {
		kind, _ := m.Event()
		stands := m.TS + m.EditedTS
		if m.TS == in.Root() {
			stands = m.TS
		}
		if kind != postEvent || known[stands] {
			continue
		}
		known[stands] = true
		all = append(all, map[string]any{
			"text": m.Text, "blocks": m.Blocks, "reply": m.ThreadTS != "", "broadcast": m.Broadcast, "username": m.Username, "edited": m.EditedTS != "",
		})
	}
	return all
}
