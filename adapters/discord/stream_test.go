package discord

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
	"github.com/synthoperator/baton/chat"
)

func agent(text string) chat.Message {
	return chat.Message{As: cto, Blocks: []chat.Block{chat.Rich(text)}}
}

// TestStream: what grows is edited at most once in two seconds, and what stands
// at the end is there.
func TestStream(t *testing.T) {
	bubble(t, discordtest.Options{}, Options{}, func(w *town) {
		s := w.a.stream(w.where)
		text := ""
		for i := range 100 {
			text += fmt.Sprintf("word%03d ", i)
			if err := s.update(w.Context(), agent(text)); err != nil {
				w.Fatal(err)
			}
			time.Sleep(100 * time.Millisecond)
		}
		refs, err := s.finish(w.Context(), agent(text+"the end"))
		if err != nil || len(refs) != 1 {
			w.Fatalf("%v, %v", refs, err)
		}
		if n := len(w.server.Requests(nil)); n > 6 {
			w.Errorf("%d requests in ten seconds", n)
		}
		all := w.launch.Messages()
		if len(all) != 1 || !strings.Contains(seenAs(w.where, "", all[0]).Text, "the end") {
			w.Errorf("%+v", all)
		}
		w.clean()
	})
}

// TestStreamWithLimits: where Discord has few requests left it is told that more
// comes, and the end is written however long that takes.
func TestStreamWithLimits(t *testing.T) {
	limits := discordtest.DefaultLimits()
	limits["PATCH "+routeMessage] = discordtest.Limit{N: 2, Per: time.Minute}
	bubble(t, discordtest.Options{Limits: limits}, Options{}, func(w *town) {
		s := w.a.stream(w.where)
		for i := range 20 {
			if err := s.update(w.Context(), agent(fmt.Sprint("word ", i))); err != nil {
				w.Fatal(err)
			}
			time.Sleep(editEvery)
		}
		if n := len(w.server.Requests(discordtest.To("POST", routeTyping))); n == 0 {
			w.Error("nobody knows that more comes")
		}
		if _, err := s.finish(w.Context(), agent("the end")); err != nil {
			w.Fatal(err)
		}
		if all := w.launch.Messages(); !strings.Contains(seenAs(w.where, "", all[0]).Text, "the end") {
			w.Errorf("%+v", all)
		}
		w.clean()
	})
}

// TestStreamInChunks: a long text is several messages, one that is too long a
// file after its beginning, and messages that are too many then are taken back.
func TestStreamInChunks(t *testing.T) {
	bubble(t, discordtest.Options{}, Options{}, func(w *town) {
		s := w.a.stream(w.where)
		text := strings.Repeat("word ", 3000)
		if err := s.update(w.Context(), agent(text)); err != nil {
			w.Fatal(err)
		}
		if n := len(w.launch.Messages()); n < 3 || n > maxChunks {
			w.Errorf("%d messages", n)
		}
		long := strings.Repeat("another ", 6000)
		refs, err := s.finish(w.Context(), agent(long))
		if err != nil {
			w.Fatal(err)
		}
		all := w.launch.Messages()
		if len(refs) != 1 || len(all) != 1 || len(all[0].Attachments) != 1 {
			w.Fatalf("%d messages, %+v", len(all), refs)
		}
		if got := string(all[0].Attachments[0].Data); strings.Count(got, "another") != 6000 {
			w.Errorf("the file has %d bytes", len(got))
		}
		if s := seenAs(w.where, "", all[0]); !strings.Contains(s.Text, "another another") || !strings.Contains(s.Text, "all.md") {
			w.Errorf("%.200s", s.Text)
		}
		w.clean()
	})
}
