package discord

import (
	"strings"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
	"github.com/synthoperator/baton/chat"
)

// faces is a town in which personas have faces.
func faces(t *testing.T, test func(*town)) {
	t.Helper()
	bubble(t, discordtest.Options{}, Options{Faces: true}, func(w *town) {
		w.launch.Overwrite(w.app, discordtest.ManageWebhooks, 0)
		test(w)
		w.clean()
	})
}

var cto = chat.Speaker{Name: "Startup CTO", Emoji: "🚀", Avatar: "https://example.com/cto.png", Color: 0x336699}

// speaks posts something that a persona says.
func (w *town) speaks(in chat.Thread, as chat.Speaker, n int) (chat.Ref, discordtest.Message) {
	w.Helper()
	m := paragraph("I would take Postgres")
	m.As = as
	said, err := w.a.Post(w.Context(), chat.Post{Key: testKey(n), To: in, Body: m})
	if err != nil {
		w.Fatal(err)
	}
	id := in.Channel()
	if !in.InChannel() {
		id = in.Root()
	}
	seen, ok := w.server.Channel(id).Message(said.ID)
	if !ok {
		w.Fatalf("%+v is not there", said)
	}
	return said, seen
}

// TestCaseFaces: a persona speaks under its own name and picture, by one webhook of
// the channel, also in a thread; it is found, edited and taken back there.
func TestCaseFaces(t *testing.T) {
	faces(t, func(w *town) {
		p := card(1)
		p.To = w.where
		root, err := w.a.Post(w.Context(), p)
		if err != nil {
			w.Fatal(err)
		}
		in, since := w.where.Under(root.ID), time.Now()
		said, seen := w.speaks(in, cto, 2)
		if seen.Author != cto.Name || seen.Avatar != cto.Avatar {
			t.Errorf("%s speaks with %s", seen.Author, seen.Avatar)
		}
		w.speaks(w.where, cto, 3)
		if n := len(w.server.Requests(discordtest.To("POST", routeHooks))); n != 1 {
			t.Errorf("%d webhooks", n)
		}
		post := chat.Post{Key: testKey(2), To: in, Body: paragraph("Postgres it is"), Since: since}
		post.Body.As = cto
		if there, err := w.a.Find(w.Context(), post); err != nil || len(there) != 1 || there[0].ID != said.ID {
			t.Errorf("%+v, %v", there, err)
		}
		if again, err := w.a.Post(w.Context(), post); err != nil || again.ID != said.ID {
			t.Errorf("said again: %+v, %v", again, err)
		}
		if err := w.a.Edit(w.Context(), said, post); err != nil {
			t.Error(err)
		}
		for _, r := range w.server.Requests(discordtest.To("PATCH", routeHookMessage)) {
			if r.Query.Get("thread_id") != root.ID {
				t.Errorf("an edit without its thread: %s", r.Path)
			}
		}
		if there, err := w.a.Find(w.Context(), post); err != nil || len(there) != 1 {
			t.Errorf("after an edit: %+v, %v", there, err)
		}
		for range 2 {
			if err := w.a.Remove(w.Context(), said); err != nil {
				t.Error(err)
			}
		}
	})
}

// TestCaseFacesWebhookDeleted: it is made again once, and the message is said.
func TestCaseFacesWebhookDeleted(t *testing.T) {
	faces(t, func(w *town) {
		w.speaks(w.where, cto, 1)
		w.launch.DeleteWebhooks()
		if _, seen := w.speaks(w.where, cto, 2); seen.Author != cto.Name {
			t.Errorf("%s speaks", seen.Author)
		}
		gone := discordtest.Refusing(404, 10015, "Unknown Webhook", false)
		w.server.AddFault(gone.On(discordtest.To("POST", routeHook), 0))
		_, seen := w.speaks(w.where, cto, 3)
		if seen.Author != "Baton" || !strings.Contains(seenAs(w.where, "", seen).Text, cto.Name) {
			t.Errorf("without a webhook %s speaks: %s", seen.Author, seenAs(w.where, "", seen).Text)
		}
	})
}

// TestCaseFacesNotAllowed: without the right to make webhooks, and for a name that
// Discord refuses, Baton speaks with the name over the message.
func TestCaseFacesNotAllowed(t *testing.T) {
	faces(t, func(w *town) {
		_, seen := w.speaks(w.where, chat.Speaker{Name: "Discord-bot"}, 1)
		if seen.Author != "Baton" || !strings.Contains(seenAs(w.where, "", seen).Text, "Discord-bot") {
			t.Errorf("%s speaks", seen.Author)
		}
		if n := len(w.server.Requests(discordtest.To("POST", routeHook))); n != 0 {
			t.Errorf("%d messages by webhook", n)
		}
		other := w.guild.NewChannel("other", discordtest.Text)
		for n := range 3 {
			if _, seen := w.speaks(w.thread(other), cto, 10+n); seen.Author != "Baton" {
				t.Errorf("%s speaks", seen.Author)
			}
		}
		if n := len(w.server.Requests(discordtest.To("GET", routeHooks))); n != 1 {
			t.Errorf("it was asked %d times for webhooks", n)
		}
	})
}

func TestFaceName(t *testing.T) {
	for name, want := range map[string]string{
		"Startup CTO": "Startup CTO", "discord": "", "A Clyde of mine": "", "": "", " \u200b": "", "everyone": "",
		strings.Repeat("x", 80): strings.Repeat("x", 80), strings.Repeat("x", 81): "",
	} {
		if got := faceName(name); got != want {
			t.Errorf("%q is %q", name, got)
		}
	}
}
