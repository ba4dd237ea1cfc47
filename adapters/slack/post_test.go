package slack

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/slack/slacktest"
	"github.com/synthoperator/baton/chat"
)

// slackBubble is a story with a Slack that holds all its limits, in fake time.
func slackBubble(t *testing.T, o slacktest.Options, cfg slacktest.AppConfig, story func(t *testing.T, s *saying)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		o.Pipe = true
		if cfg.ID == "" {
			cfg.ID = "A1"
		}
		if cfg.Scopes == nil {
			cfg.Scopes = append(leastScopes, "files:write", "chat:write.customize")
		}
		story(t, open(t, o, cfg))
	})
}

func sentence(text string) chat.Message {
	return chat.Message{Blocks: []chat.Block{chat.Paragraph(text)}}
}

const aKey = "abcdefghijklmnopqrstuvwxyz"

// TestLimitsOfPosts is case 21 of the reference: whoever is told to wait says the
// same later, in order, and other channels go on.
func TestLimitsOfPosts(t *testing.T) {
	for name, answer := range map[string]slacktest.Answer{
		"429": slacktest.TooMany, "429 without Retry-After": slacktest.TooManyBare, "200 ratelimited": slacktest.Ratelimited,
	} {
		t.Run(name, func(t *testing.T) {
			slackBubble(t, slacktest.Options{}, slacktest.AppConfig{}, func(t *testing.T, s *saying) {
				launch, other := s.Channel("w1", "launch"), s.Channel("w1", "other")
				s.slack.Fault(slacktest.Fault{When: slacktest.Calls("chat.postMessage"), Times: 1, Answer: answer, RetryAfter: 2})
				p := chat.Post{Key: aKey, To: launch, Body: sentence("first")}
				_, err := s.a.Post(t.Context(), p)
				var later chat.Later
				want := map[slacktest.Answer]time.Duration{slacktest.TooMany: 2 * time.Second}[answer]
				if want == 0 {
					want = retryBare
				}
				if !errors.As(err, &later) || later.After != want {
					t.Fatalf("%#v", err)
				}
				if answer != slacktest.Ratelimited && later.Where != launch.Key() {
					t.Errorf("%s has to wait", later.Where)
				}
				before := s.Requests()
				if _, err := s.a.Post(t.Context(), p); answer != slacktest.Ratelimited && (!errors.As(err, &later) || s.Requests() != before) {
					t.Errorf("Slack was asked before it wanted to be: %v", err)
				}
				if _, err := s.a.Post(t.Context(), chat.Post{Key: aKey, To: other, Body: sentence("other")}); err != nil {
					t.Error(err)
				}
				time.Sleep(later.After)
				for _, text := range []string{"first", "second"} {
					p.Body = sentence(text)
					if _, err := s.a.Post(t.Context(), p); err != nil && answer != slacktest.Ratelimited {
						t.Error(err)
					}
				}
			})
		})
	}
}

// TestAnswersWaitTheirTurn: an answer in many parts keeps its order and Slack's
// pace, and nothing of it is said twice.
func TestAnswersWaitTheirTurn(t *testing.T) {
	slackBubble(t, slacktest.Options{Burst: 1}, slacktest.AppConfig{}, func(t *testing.T, s *saying) {
		launch := s.Channel("w1", "launch")
		m := chat.Message{Title: "All"}
		for i := range 120 {
			m.Blocks = append(m.Blocks, chat.Paragraph(fmt.Sprintf("paragraph-%03d", i)))
		}
		if err := s.a.say(t.Context(), launch, s.a.render(m, launch.Workspace()), chat.Person{}); err != nil {
			t.Fatal(err)
		}
		var all string
		for _, m := range s.Messages(launch) {
			all += m.Text + "\n"
		}
		at := 0
		for i := range 120 {
			word := fmt.Sprintf("paragraph-%03d", i)
			n := strings.Index(all[at:], word)
			if n < 0 || strings.Count(all, word) != 1 {
				t.Fatalf("%s is not where it belongs", word)
			}
			at += n
		}
	})
}

// TestTurnIsAsked: an answer that counts waits for its turn among what is
// announced, and gives the turn back.
func TestTurnIsAsked(t *testing.T) {
	slackBubble(t, slacktest.Options{}, slacktest.AppConfig{}, func(t *testing.T, s *saying) {
		launch, turns, back := s.Channel("w1", "launch"), 0, 0
		s.a.o.Turn = func(_ context.Context, in chat.Thread) (func(), error) {
			if in != launch {
				t.Errorf("a turn in %s", in.Key())
			}
			turns++
			return func() { back++ }, nil
		}
		if err := s.a.say(t.Context(), launch, s.a.render(sentence("x"), "W1"), chat.Person{}); err != nil || turns != 1 || back != 1 {
			t.Errorf("%v after %d turns, of which %d came back", err, turns, back)
		}
		if err := s.a.say(t.Context(), launch, s.a.render(sentence("x"), "W1"), s.Person("bo")); err != nil || turns != 1 {
			t.Errorf("%v, %d turns: what one person sees does not count", err, turns)
		}
	})
}

// TestLostAnswer is case 22: where the connection ends after Slack took a post,
// a look-up finds it, and it stands there once.
func TestLostAnswer(t *testing.T) {
	slackBubble(t, slacktest.Options{}, slacktest.AppConfig{}, func(t *testing.T, s *saying) {
		launch := s.Channel("w1", "launch")
		s.slack.Fault(slacktest.Fault{When: slacktest.Calls("chat.postMessage"), Times: 1, Kept: true, Answer: slacktest.Cut})
		p := chat.Post{Key: aKey, To: launch, Body: sentence("once"), Since: time.Now()}
		if _, err := s.a.Post(t.Context(), p); err == nil || errors.As(err, new(chat.Later)) {
			t.Fatalf("%v", err)
		}
		if n := len(s.slack.Requests("chat.postMessage")); n != 1 {
			t.Errorf("it was sent %d times", n)
		}
		found, err := s.a.Find(t.Context(), p)
		if err != nil || len(found) != 1 || len(s.Messages(launch)) != 1 {
			t.Errorf("%v, %v", found, err)
		}
	})
}

// TestPlacesThatTakeNothing: what a place does not take names the place and what
// to do.
func TestPlacesThatTakeNothing(t *testing.T) {
	slackBubble(t, slacktest.Options{}, slacktest.AppConfig{}, func(t *testing.T, s *saying) {
		launch := s.Channel("w1", "launch")
		thread := s.Thread(launch, 1)
		ch := s.channels[launch]
		for _, c := range []struct {
			do, undo func()
			to       chat.Thread
			where    string
			say      string
		}{
			{func() { ch.Archive(true) }, func() { ch.Archive(false) }, thread, launch.Key(), "unarchive"},
			{func() { ch.Leave("UBOT") }, func() { ch.Join("UBOT") }, thread, launch.Key(), "/invite"},
			{func() { ch.Lock(thread.Root()) }, func() {}, thread, thread.Key(), "locked"},
		} {
			c.do()
			_, err := s.a.Post(t.Context(), chat.Post{Key: aKey, To: c.to, Body: sentence("x")})
			var blocked chat.Blocked
			if !errors.As(err, &blocked) || blocked.Where != c.where || !strings.Contains(blocked.Why, c.say) {
				t.Errorf("%#v", err)
			}
			c.undo()
			time.Sleep(time.Second)
		}
		if _, err := s.a.Post(t.Context(), chat.Post{Key: aKey, To: launch, Body: sentence("x")}); err != nil {
			t.Error(err)
		}
		nowhere, _ := chat.NewThread(Platform, "T9", "C1", "")
		_, err := s.a.Post(t.Context(), chat.Post{Key: aKey, To: nowhere, Body: sentence("x")})
		var blocked chat.Blocked
		if !errors.As(err, &blocked) || blocked.Where != nowhere.WorkspaceKey() || !strings.Contains(blocked.Why, "install") {
			t.Errorf("%#v", err)
		}
	})
}

// TestDirectMessage: somebody is told something alone; it can be edited, found
// and taken back like anything else.
func TestDirectMessage(t *testing.T) {
	slackBubble(t, slacktest.Options{}, slacktest.AppConfig{}, func(t *testing.T, s *saying) {
		bo := s.Person("bo")
		to := s.Channel("w1", "launch").ToPerson(bo)
		p := chat.Post{Key: aKey, To: to, Body: sentence("for you"), Since: time.Now()}
		ref, err := s.a.Post(t.Context(), p)
		if err != nil || ref.Thread != to {
			t.Fatalf("%+v, %v", ref, err)
		}
		dm := s.teams["W1"].DM(s.people["W1"+bo.ID], s.bots["W1"])
		if got := dm.Messages(); len(got) != 1 || !strings.Contains(got[0].Shown(), "for you") {
			t.Fatalf("%+v", got)
		}
		p.Body = sentence("for you, again")
		if err := s.a.Edit(t.Context(), ref, p); err != nil || !strings.Contains(dm.Messages()[0].Shown(), "again") {
			t.Error(err)
		}
		found, err := s.a.Find(t.Context(), p)
		if err != nil || len(found) != 1 || found[0].ID != ref.ID {
			t.Errorf("%v, %v", found, err)
		}
		if err := s.a.Remove(t.Context(), ref); err != nil || len(dm.Messages()) != 0 {
			t.Error(err)
		}
	})
}

// TestEveryPostIsQuietAboutLinks: Slack opens no address that somebody wrote, and
// links nobody's name.
func TestEveryPostIsQuietAboutLinks(t *testing.T) {
	slackBubble(t, slacktest.Options{}, slacktest.AppConfig{}, func(t *testing.T, s *saying) {
		launch := s.Channel("w1", "launch")
		m := chat.Message{Title: "See", Blocks: []chat.Block{chat.Rich("https://example.com/?secret ![x](https://example.com/x.png)")}}
		if _, err := s.a.Post(t.Context(), chat.Post{Key: aKey, To: launch, Body: m}); err != nil {
			t.Fatal(err)
		}
		if err := s.a.say(t.Context(), launch, s.a.render(m, "W1"), chat.Person{}); err != nil {
			t.Fatal(err)
		}
		if u := s.slack.Unfurls(); len(u) > 0 {
			t.Errorf("Slack opens %v", u)
		}
		for _, r := range s.slack.Requests("chat.postMessage") {
			if r.Args.Text("unfurl_links") != "false" || r.Args.Text("unfurl_media") != "false" || r.Args.Has("link_names") || r.Args.Has("parse") {
				t.Errorf("%v", r.Args)
			}
		}
	})
}

// TestFilesThatAreNotTaken: where a file cannot be shared the message stands, and
// says so.
func TestFilesThatAreNotTaken(t *testing.T) {
	slackBubble(t, slacktest.Options{}, slacktest.AppConfig{}, func(t *testing.T, s *saying) {
		launch := s.Channel("w1", "launch")
		m := sentence("the export")
		m.Files = []chat.File{{Name: "launch.md", MediaType: "text/markdown", Data: []byte("# Launch")}}
		s.slack.Fault(slacktest.Fault{When: slacktest.Calls("files.completeUploadExternal"), Times: 1, Answer: slacktest.Internal})
		ref, err := s.a.Post(t.Context(), chat.Post{Key: aKey, To: launch, Body: m, Since: time.Now()})
		if err != nil {
			t.Fatal(err)
		}
		all := s.Messages(launch)
		if len(all) != 1 || !strings.Contains(all[0].Text, "did not take 1 of the files") || !strings.Contains(all[0].Text, "the export") {
			t.Errorf("%+v", all)
		}
		if found, err := s.a.Find(t.Context(), chat.Post{Key: aKey, To: launch, Since: time.Now()}); err != nil || len(found) != 1 || found[0].ID != ref.ID {
			t.Errorf("%v, %v", found, err)
		}
		s.slack.Fault(slacktest.Fault{When: slacktest.Calls("files.getUploadURLExternal"), Times: 1, Answer: slacktest.Internal})
		_, err = s.a.Post(t.Context(), chat.Post{Key: aKey, To: launch, Body: m})
		if !errors.As(err, new(chat.Later)) || len(s.Messages(launch)) != 1 {
			t.Errorf("nothing was said yet: %v", err)
		}
	})
}

// TestEditsShareABudget: no more edits are sent in a minute than Slack takes.
func TestEditsShareABudget(t *testing.T) {
	slackBubble(t, slacktest.Options{}, slacktest.AppConfig{}, func(t *testing.T, s *saying) {
		launch := s.Channel("w1", "launch")
		p := chat.Post{Key: aKey, To: launch, Body: sentence("card")}
		ref, err := s.a.Post(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		done := 0
		for range 200 {
			err := s.a.Edit(t.Context(), ref, p)
			var later chat.Later
			switch {
			case err == nil:
				done++
			case errors.As(err, &later):
				if later.Where != launch.WorkspaceKey() {
					t.Errorf("%s has to wait", later.Where)
				}
				time.Sleep(later.After)
			default:
				t.Fatal(err)
			}
		}
		if done < 150 {
			t.Errorf("%d edits", done)
		}
		for _, r := range s.slack.Requests("chat.update") {
			if r.Error != "" {
				t.Fatalf("Slack refused an edit: %s", r.Error)
			}
		}
	})
}

// TestLongEdit is of case 24: an edit that is longer than an edit's text may be is one of blocks.
func TestLongEdit(t *testing.T) {
	slackBubble(t, slacktest.Options{}, slacktest.AppConfig{}, func(t *testing.T, s *saying) {
		p := chat.Post{Key: aKey, To: s.Channel("w1", "launch"), Body: sentence("short")}
		ref, err := s.a.Post(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		p.Body = sentence(strings.Repeat("漢 ", maxText) + "end")
		if err := s.a.Edit(t.Context(), ref, p); err != nil {
			t.Fatal(err)
		}
		if got := s.Messages(p.To); len(got) != 1 || !strings.HasSuffix(got[0].Text, "end") || strings.Count(got[0].Text, "漢") != maxText {
			t.Errorf("%d messages", len(got))
		}
	})
}
