package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
	"github.com/synthoperator/baton/chat"
)

// TestCase11MentionsInText: text mentions nobody, and whoever is to notice it does.
func TestCase11MentionsInText(t *testing.T) {
	bubble(t, discordtest.Options{}, Options{}, func(w *town) {
		text := "@everyone <@&1> <@2> @here " + w.ana.Mention()
		post := func(n int, m chat.Message) {
			if _, err := w.a.Post(w.Context(), chat.Post{Key: testKey(n), To: w.where, Body: m}); err != nil {
				w.Fatal(err)
			}
		}
		post(1, chat.Message{Title: text, Blocks: []chat.Block{chat.Paragraph(text), chat.Rich(text), chat.Code(text)}})
		w.clean()
		if v := w.server.Violations(); len(v) > 0 {
			w.Errorf("%v", v)
		}
		for _, r := range w.server.Requests(discordtest.To("POST", routeMessages)) {
			if !strings.Contains(string(r.Body), `"allowed_mentions":{"parse":[]}`) {
				w.Errorf("%s", r.Body)
			}
		}
		m := paragraph(text)
		m.To = []chat.Person{{ID: w.ana.User.ID, Name: "ana"}}
		post(2, m)
		all := w.launch.Messages()
		if got := all[len(all)-1].Pinged; len(got) != 1 || got[0] != w.ana.User.ID {
			w.Errorf("it notified %v", got)
		}
	})
}

// TestCase12LongAnswers: every chunk fits, code is closed, the order holds, whatever
// characters there are.
func TestCase12LongAnswers(t *testing.T) {
	bubble(t, discordtest.Options{}, Options{}, func(w *town) {
		for _, n := range []int{2001, 4001, 30000} {
			for _, word := range []string{"word ", "漢字", "🙂"} {
				text := "```go\n" + strings.Repeat(word, n/len([]rune(word))+1) + "\n```\nafter"
				parts, err := w.a.render(w.Context(), chat.Message{Blocks: []chat.Block{chat.Rich(text)}})
				if err != nil {
					w.Fatal(err)
				}
				if _, err := w.a.say(w.Context(), w.where, parts); err != nil {
					w.Fatalf("%d of %s: %v", n, word, err)
				}
			}
		}
		for _, m := range w.launch.Messages() {
			if s := seenAs(w.where, w.app.Bot.ID, m); strings.Count(s.Source, "```")%2 != 0 {
				w.Errorf("code is left open: %.80q", s.Source)
			}
		}
		w.clean()
	})
}

// TestCase14LateAnswer: an answer that comes after everybody has given up leaves one
// message, however often the post is repeated.
func TestCase14LateAnswer(t *testing.T) {
	bubble(t, discordtest.Options{}, Options{}, func(w *town) {
		w.server.AddFault((discordtest.Fault{Store: true, After: 20 * time.Second}).On(discordtest.To("POST", routeMessages), 1))
		p := chat.Post{Key: testKey(1), To: w.where, Body: paragraph("once")}
		ctx, cancel := context.WithTimeout(w.Context(), 10*time.Second)
		defer cancel()
		if _, err := w.a.Post(ctx, p); err == nil || sure(err) {
			w.Fatalf("%v", err)
		}
		p.Since = time.Now()
		again, err := w.a.Post(w.Context(), p)
		if err != nil {
			w.Fatal(err)
		}
		if all := w.launch.Messages(); len(all) != 1 || all[0].ID != again.ID {
			w.Errorf("%+v", all)
		}
	})
}

// card is a session's card.
func card(n int) chat.Post {
	return chat.Post{Key: testKey(n), Root: true, Card: true, Body: chat.Message{
		Title:  "Product launch: an invoicing tool",
		Blocks: []chat.Block{chat.Fields{{Name: "Phase", Value: "Build"}}},
	}}
}

// TestCase20Root: a thread hangs under the message and is named after it. Where the
// thread could not be opened at once a look-up opens it, and one that is there
// is used.
func TestCase20Root(t *testing.T) {
	bubble(t, discordtest.Options{}, Options{}, func(w *town) {
		threads := discordtest.To("POST", routeMessageThreads)
		w.server.AddFault(discordtest.Failing(502, true).On(threads, 1))
		p := card(1)
		p.To = w.where
		if _, err := w.a.Post(w.Context(), p); err == nil || sure(err) {
			w.Fatalf("%v", err)
		}
		p.Since = time.Now()
		there, err := w.a.Find(w.Context(), p)
		if err != nil || len(there) != 1 {
			w.Fatalf("%+v, %v", there, err)
		}
		time.Sleep(time.Hour) // no nonce lives that long
		again, err := w.a.Post(w.Context(), p)
		if err != nil || again.ID != there[0].ID {
			w.Errorf("%+v, %v", again, err)
		}
		all := w.launch.Threads()
		if len(all) != 1 || all[0].ID != there[0].ID || all[0].Name() != p.Body.Title {
			w.Fatalf("%+v", all)
		}
		if err := w.a.openThread(w.Context(), p, again.ID); err != nil {
			w.Errorf("opening it once more: %v", err)
		}
		if err := w.say(w.where.Under(again.ID), 2); err != nil || len(all[0].Messages()) != 2 {
			w.Errorf("%v: %+v", err, all[0].Messages())
		}
		w.clean()
	})
}

// TestRootWithoutThread: a message whose thread does not exist gets it when
// something is said there.
func TestRootWithoutThread(t *testing.T) {
	bubble(t, discordtest.Options{}, Options{}, func(w *town) {
		p := card(1)
		p.To, p.Root = w.where, false
		said, err := w.a.Post(w.Context(), p)
		if err != nil {
			w.Fatal(err)
		}
		if err := w.say(w.where.Under(said.ID), 2); err != nil {
			w.Fatal(err)
		}
		if all := w.launch.Threads(); len(all) != 1 || all[0].Name() != p.Body.Title {
			w.Errorf("%v", all)
		}
		said2, err := w.ana.Say(w.launch, "somebody else's")
		if err != nil {
			w.Fatal(err)
		}
		if err := w.say(w.where.Under(said2.ID), 3); !errors.As(err, new(chat.Blocked)) {
			w.Errorf("under a message of a person: %v", err)
		}
	})
}

// TestCase21ArchivedThread: a thread that was put away is opened by what is said in it
// and for an edit; a locked one is blocked, and nothing else.
func TestCase21ArchivedThread(t *testing.T) {
	bubble(t, discordtest.Options{}, Options{}, func(w *town) {
		p := card(1)
		p.To = w.where
		root, err := w.a.Post(w.Context(), p)
		if err != nil {
			w.Fatal(err)
		}
		in := w.where.Under(root.ID)
		thread := w.server.Channel(root.ID)
		said, err := w.a.Post(w.Context(), chat.Post{Key: testKey(2), To: in, Body: paragraph("before")})
		if err != nil {
			w.Fatal(err)
		}
		w.mod.Archive(thread)
		if err := w.a.Edit(w.Context(), said, chat.Post{Key: testKey(2), Body: paragraph("corrected")}); err != nil || thread.Archived() {
			w.Errorf("an edit: %v", err)
		}
		w.mod.Archive(thread)
		if err := w.say(in, 3); err != nil || thread.Archived() {
			w.Errorf("a message: %v", err)
		}
		w.mod.Lock(thread)
		var blocked chat.Blocked
		if err := w.say(in, 4); !errors.As(err, &blocked) || blocked.Where != in.Key() || !strings.Contains(blocked.Why, "lock") {
			w.Errorf("locked: %#v", err)
		}
		w.mod.Archive(thread)
		if err := w.a.Edit(w.Context(), said, chat.Post{Key: testKey(2), Body: paragraph("again")}); !errors.As(err, &blocked) || blocked.Where != in.Key() {
			w.Errorf("an edit in a locked thread: %#v", err)
		}
		if err := w.say(w.where, 5); err != nil {
			w.Errorf("the channel is not concerned: %v", err)
		}
		w.clean()
	})
}

// TestKeySurvivesEdits: also where the edit bears another key, and after a
// restart.
func TestKeySurvivesEdits(t *testing.T) {
	bubble(t, discordtest.Options{}, Options{}, func(w *town) {
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
			if err := w.a.Edit(w.Context(), said, chat.Post{Key: testKey(100 + n), Body: paragraph("now")}); err != nil {
				w.Fatal(err)
			}
			if there, err := w.a.Find(w.Context(), p); err != nil || len(there) != 1 || there[0].ID != said.ID {
				w.Errorf("restarted %v: %+v, %v", restart, there, err)
			}
		}
	})
}

// TestCopyOfAnother: what another application posts with the same ids in it is
// not taken for Baton's.
func TestCopyOfAnother(t *testing.T) {
	bubble(t, discordtest.Options{}, Options{}, func(w *town) {
		p := card(1)
		p.To, p.Since = w.where, time.Now()
		w.app.Grant(1 << 15) // MESSAGE_CONTENT: without it nothing of theirs is seen at all
		other := w.server.NewApplication("Imitator")
		other.Join(w.guild, discordtest.Core)
		theirs := newAdapter(Options{APIURL: w.server.URL(), Token: other.Token, Client: w.server.Client(), Keep: &memoryKeep{}})
		if _, err := theirs.Post(w.Context(), chat.Post{Key: p.Key, To: p.To, Body: p.Body}); err != nil {
			w.Fatal(err)
		}
		if there, err := w.a.Find(w.Context(), p); err != nil || len(there) > 0 {
			w.Errorf("%+v, %v", there, err)
		}
		if there, err := theirs.Find(w.Context(), p); err != nil || len(there) != 1 {
			w.Errorf("its own: %+v, %v", there, err)
		}
	})
}

// TestForgery: somebody else's application may use the same ids,
// and is not taken for Baton.
func TestForgery(t *testing.T) {
	m := message{Author: user{ID: "7"}, ApplicationID: "8"}
	m.Components, _ = json.Marshal(func() []component {
		all := []component{{Type: container}}
		mark(all, testKey(1))
		return all
	}())
	if keyOf(m.components()) != testKey(1) || m.by(self{application: "1", user: "1"}) {
		t.Error("a message of another application is Baton's")
	}
	m.WebhookID = "9"
	if m.by(self{application: "1", user: "1"}) || !m.by(self{application: "8", user: "1"}) {
		t.Error("a webhook's message belongs to its application")
	}
}

// TestForum: in a forum a root is a post with its first message, which is found,
// edited and talked in as a thread.
func TestForum(t *testing.T) {
	bubble(t, discordtest.Options{}, Options{}, func(w *town) {
		forum := w.guild.NewChannel("sessions", discordtest.Forum)
		forum.NewTag("staff", true)
		launch := forum.NewTag("Product Launch", false)
		forum.RequireTag()
		p := card(1)
		p.To, p.Since = w.thread(forum), time.Now()
		said, err := w.a.Post(w.Context(), chat.Post{Key: p.Key, To: p.To, Root: true, Body: p.Body})
		if err != nil {
			w.Fatal(err)
		}
		posts := forum.Threads()
		if len(posts) != 1 || posts[0].ID != said.ID || said.Thread != p.To {
			w.Fatalf("%+v", said)
		}
		for _, r := range w.server.Requests(discordtest.To("POST", routeThreads)) {
			if !strings.Contains(string(r.Body), `"applied_tags":["`+launch+`"]`) {
				w.Errorf("%s", r.Body)
			}
		}
		w.a.known = newKnown()
		if there, err := w.a.Find(w.Context(), p); err != nil || len(there) != 1 || there[0].ID != said.ID {
			w.Errorf("%+v, %v", there, err)
		}
		if again, err := w.a.Post(w.Context(), p); err != nil || again.ID != said.ID || len(forum.Threads()) != 1 {
			w.Errorf("said again: %+v, %v", again, err)
		}
		if err := w.a.Edit(w.Context(), said, chat.Post{Key: p.Key, Body: paragraph("Prepare")}); err != nil {
			w.Error(err)
		}
		if err := w.say(p.To.Under(said.ID), 2); err != nil || len(posts[0].Messages()) != 2 {
			w.Errorf("%v", err)
		}
		w.clean()
	})
}

// TestLoudOnce: what is shown in the channel as well is shown there once, though
// the thread had to be tried again.
func TestLoudOnce(t *testing.T) {
	bubble(t, discordtest.Options{}, Options{}, func(w *town) {
		p := card(1)
		p.To = w.where
		root, err := w.a.Post(w.Context(), p)
		if err != nil {
			w.Fatal(err)
		}
		in := w.where.Under(root.ID)
		w.server.AddFault(discordtest.RateLimited("user", 10*time.Minute).On(func(r discordtest.Request) bool {
			return strings.HasPrefix(r.Path, "/channels/"+root.ID+"/messages")
		}, 1))
		loud := chat.Post{Key: testKey(2), To: in, Loud: true, Body: paragraph("phase 2 begins")}
		since := time.Now()
		var wait chat.Later
		if _, err := w.a.Post(w.Context(), loud); !errors.As(err, &wait) || wait.Where != "" {
			w.Fatalf("%#v", err)
		}
		time.Sleep(wait.After)
		loud.Since = since
		if _, err := w.a.Post(w.Context(), loud); err != nil {
			w.Fatal(err)
		}
		for _, place := range []chat.Thread{w.where, in} {
			n := 0
			for _, m := range w.server.Channel(place.Channel()).Messages() {
				if strings.Contains(seenAs(place, "", m).Text, "phase 2 begins") {
					n++
				}
			}
			if n != 1 {
				w.Errorf("%d times in %s", n, place.Key())
			}
		}
	})
}

// TestDirect: who is told something alone is told it in a channel that is opened
// for that, once.
func TestDirect(t *testing.T) {
	var asked []string
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.Path)
		if strings.HasSuffix(r.URL.Path, "/users/@me/channels") {
			fmt.Fprint(w, `{"id":"55","type":1}`)
			return
		}
		fmt.Fprint(w, `{"id":"66","channel_id":"55"}`)
	}))
	defer api.Close()
	a := newAdapter(Options{APIURL: api.URL, Token: "t", Keep: &memoryKeep{}})
	in, err := chat.NewThread(Platform, "1", "2", "")
	if err != nil {
		t.Fatal(err)
	}
	to := in.ToPerson(chat.Person{ID: "7"})
	for n := range 2 {
		said, err := a.Post(t.Context(), chat.Post{Key: testKey(n), To: to, Body: paragraph("alone")})
		if err != nil || said.Thread != to || said.Link != "https://discord.com/channels/@me/55/66" {
			t.Fatalf("%+v, %v", said, err)
		}
	}
	if len(asked) != 3 || asked[0] != "POST /api/v10/users/@me/channels" || asked[2] != "POST /api/v10/channels/55/messages" {
		t.Errorf("%q", asked)
	}
}
