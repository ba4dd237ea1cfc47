package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	slackgo "github.com/slack-go/slack"
	"github.com/synthoperator/baton/adapters/slack/slacktest"
	"github.com/synthoperator/baton/announce"
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/commands"
	"github.com/synthoperator/baton/library"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/memory"
)

var rewrite = flag.Bool("update", false, "write the golden files anew")

// story is what a team does, one call after the other; each answer is a golden
// file. "channel" calls are said in the channel, others in the session's thread.
var story = []struct{ name, in, text string }{
	{"help", "channel", "help"},
	{"status-empty", "channel", "status"},
	{"start-form", "channel", "start form"},
	{"start", "channel", "start product-launch Launch an invoicing tool for <freelancers> & *small* teams"},
	{"list-patterns", "channel", "list patterns"},
	{"list-skills", "channel", "list skills"},
	{"settings", "channel", "settings"},
	{"settings-form", "channel", "settings form"},
	{"persona-picker", "thread", "persona"},
	{"persona-refused", "thread", "persona growth-marketr"},
	{"load", "thread", "load senior-security because #17"},
	{"note", "thread", "note decision Postgres, not `mongo`"},
	{"note-form", "thread", "note form"},
	{"status", "thread", "status"},
	{"prompt", "thread", "prompt"},
	{"run", "thread", "run design the schema"},
	{"handoff-form", "thread", "handoff form"},
	{"handoff", "thread", "handoff decisions: one service, one database artifacts: https://example.com/sketch open: pricing"},
	{"override-form", "thread", "override form"},
	{"override", "thread", "override skills senior-security because the audit is near"},
	{"undo", "thread", "undo"},
	{"history", "thread", "history"},
	{"export", "thread", "export"},
	{"catchup", "thread", "catchup"},
	{"approve-nothing", "thread", "approve 9"},
	{"pause", "thread", "pause"},
	{"end", "thread", "end"},
}

var shippedLibrary = sync.OnceValues(func() (*library.Library, error) {
	return library.Open([]library.Source{library.Shipped()}, library.Options{})
})

// TestGolden: what Baton says in a session, as Slack is given it. Slack's fake and
// the schema of Slack's own types take every bit of it.
func TestGolden(t *testing.T) {
	lib, err := shippedLibrary()
	if err != nil {
		t.Fatal(err)
	}
	slackBubble(t, slacktest.Options{}, slacktest.AppConfig{HomeTab: true}, func(t *testing.T, s *saying) {
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
		launch, ana := s.Channel("w1", "launch"), s.Person("ana")
		thread := launch
		for i, step := range story {
			in := launch
			if step.in == "thread" {
				if thread == launch {
					thread = boundThread(t, store, launch)
				}
				in = thread
			}
			m := router.Handle(ctx, chat.Call{ID: fmt.Sprint("call-", i), Thread: in, Person: ana, Text: step.text, At: time.Now()})
			if m.Fault {
				t.Errorf("%s: %+v", step.name, m)
			}
			golden(t, step.name, s.answered(t, in, m))
			time.Sleep(time.Minute)
			synctest.Wait()
		}
		time.Sleep(10 * time.Minute)
		golden(t, "said-by-itself", s.stored(launch))
		end()
		running.Wait()
		store.Close()
	})
}

// boundThread is the thread of the only session in a channel.
func boundThread(t *testing.T, store *state.Store, in chat.Thread) chat.Thread {
	t.Helper()
	listed, err := store.Sessions(t.Context(), orchestration.ChannelKey(in.Key()), state.Page{})
	if err != nil || len(listed) != 1 {
		t.Fatal(listed, err)
	}
	session, err := store.Session(t.Context(), listed[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	thread, err := chat.ParseThread(string(session.Thread()))
	if err != nil {
		t.Fatal(err)
	}
	return thread
}

// answered is a message as Slack is given it, after Slack took it.
func (s *saying) answered(t *testing.T, in chat.Thread, m chat.Message) any {
	t.Helper()
	got := map[string]any{}
	if m.Form != nil {
		v, err := modal(*m.Form, stowed(t, s.a, formMeta{Verb: m.Form.Verb, Args: m.Form.Args, Thread: in.Key()}))
		if err != nil {
			t.Fatal(err)
		}
		checkView(t, v)
		s.publish(t, v)
		got["view"] = v
		m.Form = nil
	}
	parts := s.a.render(m, in.Workspace())
	if !m.IsZero() {
		var all []any
		for _, r := range parts {
			checkBlocks(t, r.Blocks)
			var files []string
			for _, f := range r.Files {
				files = append(files, fmt.Sprint(f.Name, " ", f.MediaType))
			}
			all = append(all, map[string]any{"text": r.Text, "blocks": r.Blocks, "username": r.Username, "icon": r.IconEmoji, "files": files})
		}
		got["messages"] = all
		if err := s.a.say(t.Context(), in, parts, chat.Person{}); err != nil {
			t.Error(err)
		}
	}
	return got
}

// publish has Slack look at the blocks of a modal, which it takes in a home too.
func (s *saying) publish(t *testing.T, v slackgo.ModalViewRequest) {
	t.Helper()
	api, _, err := s.a.api(t.Context(), "W1")
	if err != nil {
		t.Fatal(err)
	}
	_, err = api.PublishViewContext(t.Context(), slackgo.PublishViewContextRequest{
		UserID: "UANA", View: slackgo.HomeTabViewRequest{Type: slackgo.VTHomeTab, Blocks: v.Blocks, PrivateMetadata: v.PrivateMetadata, CallbackID: v.CallbackID},
	})
	if err != nil {
		t.Error(err)
	}
}

// stored are those messages of a channel that carry a key.
func (s *saying) stored(in chat.Thread) any {
	var all []any
	for _, m := range s.channels[in].Messages() {
		if kind, _ := m.Event(); kind == postEvent {
			all = append(all, map[string]any{
				"text": m.Text, "blocks": m.Blocks, "reply": m.ThreadTS != "", "broadcast": m.Broadcast, "username": m.Username,
			})
		}
	}
	return all
}

// volatileRE finds what differs from run to run: ids, hashes, moments, and what
// follows from the content of the library.
var volatileRE = regexp.MustCompile(`[0-9A-HJKMNP-TV-Z]{26}|\b[0-9a-f]{12,64}\b|\bblk[0-9]+|\bact[0-9]+|[0-9]{9,10}\.[0-9]{6}|\bp[0-9]{15,16}\b|[0-9][0-9,]* tokens`)

// golden compares what Slack is given with what it was given before.
func golden(t *testing.T, name string, v any) {
	t.Helper()
	var got bytes.Buffer
	enc := json.NewEncoder(&got)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	text := volatileRE.ReplaceAllString(got.String(), "…")
	path := filepath.Join("testdata", "golden", name+".json")
	if *rewrite {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(text, "\n")); diff != "" {
		t.Errorf("%s (-update writes it anew): %s", name, diff)
	}
}
