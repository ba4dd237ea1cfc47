package slack

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"
	"github.com/synthoperator/baton/adapters/slack/slacktest"
	"github.com/synthoperator/baton/chat"
)

// TestFindAfterALag: what history shows only later is found once the platform is
// said to have settled.
func TestFindAfterALag(t *testing.T) {
	slackBubble(t, slacktest.Options{HistoryLag: settle}, slacktest.AppConfig{}, func(t *testing.T, s *saying) {
		launch := s.Channel("w1", "launch")
		thread := s.Thread(launch, 1)
		for _, to := range []chat.Thread{launch, thread} {
			p := chat.Post{Key: aKey, To: to, Body: sentence("late"), Since: time.Now()}
			ref, err := s.a.Post(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(s.a.Traits().Settle)
			found, err := s.a.Find(t.Context(), p)
			if err != nil || len(found) != 1 || found[0] != ref {
				t.Errorf("%+v, %v, want %+v", found, err, ref)
			}
		}
	})
}

// TestFindWithAClockThatIsAhead: what was said is found where our clock is minutes
// ahead of Slack's.
func TestFindWithAClockThatIsAhead(t *testing.T) {
	slackBubble(t, slacktest.Options{}, slacktest.AppConfig{}, func(t *testing.T, s *saying) {
		launch := s.Channel("w1", "launch")
		for _, to := range []chat.Thread{launch, s.Thread(launch, 1)} {
			p := chat.Post{Key: aKey, To: to, Body: sentence("early"), Since: time.Now().Add(9 * time.Minute)}
			ref, err := s.a.Post(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			if found, err := s.a.Find(t.Context(), p); err != nil || len(found) != 1 || found[0] != ref {
				t.Errorf("%+v, %v, want %+v", found, err, ref)
			}
		}
	})
}

// TestFindTwoCopies: what was said twice is found twice, oldest first, and the
// later one can be taken back.
func TestFindTwoCopies(t *testing.T) {
	slackBubble(t, slacktest.Options{}, slacktest.AppConfig{}, func(t *testing.T, s *saying) {
		p := chat.Post{Key: aKey, To: s.Thread(s.Channel("w1", "launch"), 1), Body: sentence("twice"), Since: time.Now()}
		var want []string
		for range 2 {
			ref, err := s.a.Post(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, ref.ID)
			time.Sleep(time.Minute)
		}
		found, err := s.a.Find(t.Context(), p)
		if err != nil || len(found) != 2 || found[0].ID != want[0] || found[1].ID != want[1] {
			t.Fatalf("%v, %v", found, err)
		}
		for range 2 {
			if err := s.a.Remove(t.Context(), found[1]); err != nil {
				t.Error(err)
			}
		}
		if found, err = s.a.Find(t.Context(), p); err != nil || len(found) != 1 {
			t.Errorf("%v, %v", found, err)
		}
	})
}

// TestFindAsACommercialApp: with one call a minute and 15 messages a call a
// look-up says when to go on, goes on there, and sees everything in the end.
func TestFindAsACommercialApp(t *testing.T) {
	slackBubble(t, slacktest.Options{}, slacktest.AppConfig{Commercial: true}, func(t *testing.T, s *saying) {
		launch := s.Channel("w1", "launch")
		thread := s.Thread(launch, 1)
		for _, to := range []chat.Thread{launch, thread} {
			p := chat.Post{Key: aKey, To: to, Body: sentence("the one"), Since: time.Now()}
			ref, err := s.a.Post(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			for i := range 60 {
				time.Sleep(time.Second)
				s.Say(s.Person("bo"), to, fmt.Sprint("talk ", i))
			}
			waits := 0
			for {
				found, err := s.a.Find(t.Context(), p)
				var later chat.Later
				if errors.As(err, &later) {
					if waits++; waits > 10 {
						t.Fatal("it does not come to an end")
					}
					time.Sleep(later.After)
					continue
				}
				if err != nil || len(found) != 1 || found[0].ID != ref.ID {
					t.Errorf("%v, %v", found, err)
				}
				break
			}
			if waits < 3 {
				t.Errorf("Slack made it wait %d times", waits)
			}
			time.Sleep(time.Minute)
		}
	})
}

// TestNobodyForges: a post is found by what only Baton can write. Nobody else's
// message counts, not even with metadata that was copied from Baton's, and
// Baton's own do not with a signature for another place or key.
func TestNobodyForges(t *testing.T) {
	slackBubble(t, slacktest.Options{Unlimited: true}, slacktest.AppConfig{}, func(t *testing.T, s *saying) {
		launch, other := s.Channel("w1", "launch"), s.Channel("w1", "other")
		since := time.Now()
		real := chat.Post{Key: aKey, To: launch}
		s.Imitate(s.Person("bo"), launch, aKey, "the same")
		client := s.slack.Client()
		defer client.CloseIdleConnections()
		api := slackgo.New(s.bots["W1"].Token, slackgo.OptionAPIURL(s.slack.APIURL()), slackgo.OptionHTTPClient(client))
		elsewhere := real
		elsewhere.To = other
		another := real
		another.Key = strings.Repeat("b", 26)
		wrongKey := &Adapter{o: s.a.o}
		wrongKey.o.Key = []byte("another key of thirty-two bytes!")
		forged := s.a.metadata(another)
		forged.EventPayload["k"] = aKey
		renamed := s.a.metadata(real)
		renamed.EventType = "other"
		for i, meta := range []slackgo.SlackMetadata{
			s.a.metadata(elsewhere), s.a.metadata(another), wrongKey.metadata(real), forged, renamed,
			{EventType: postEvent, EventPayload: map[string]any{"k": aKey}},
			{EventType: postEvent, EventPayload: map[string]any{"k": aKey, "mac": 7}},
		} {
			if _, _, err := api.PostMessageContext(context.Background(), launch.Channel(), slackgo.MsgOptionText("forged", false), slackgo.MsgOptionMetadata(meta)); err != nil {
				t.Fatalf("%d: %v", i, err)
			}
		}
		p := chat.Post{Key: aKey, To: launch, Since: since}
		if found, err := s.a.Find(t.Context(), p); err != nil || len(found) != 0 {
			t.Errorf("%v, %v", found, err)
		}
		p.Body = sentence("real")
		ref, err := s.a.Post(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		if found, err := s.a.Find(t.Context(), p); err != nil || len(found) != 1 || found[0].ID != ref.ID {
			t.Errorf("%v, %v", found, err)
		}
	})
}

// TestFindWithoutHistory: who may not read what was said does not know.
func TestFindWithoutHistory(t *testing.T) {
	slackBubble(t, slacktest.Options{}, slacktest.AppConfig{Scopes: []string{"chat:write"}}, func(t *testing.T, s *saying) {
		launch := s.Channel("w1", "launch")
		for _, to := range []chat.Thread{launch, s.Thread(launch, 1), launch.ToPerson(s.Person("bo"))} {
			_, err := s.a.Find(t.Context(), chat.Post{Key: aKey, To: to, Since: time.Now()})
			if err == nil || errors.As(err, new(chat.Later)) || errors.As(err, new(chat.Blocked)) || errors.As(err, new(chat.Rejected)) {
				t.Errorf("%s: %#v", to.Key(), err)
			}
		}
		if n := len(s.slack.Requests()); n != 0 {
			t.Errorf("%d requests that Slack was sure to refuse", n)
		}
		in := s.installs.all["W1"]
		in.Scopes = append(leastScopes, "channels:history") // what is on record may be old
		_ = s.installs.Put(t.Context(), in)
		_, err := s.a.Find(t.Context(), chat.Post{Key: aKey, To: launch, Since: time.Now()})
		if err == nil || errors.As(err, new(chat.Blocked)) || !strings.Contains(err.Error(), "channels:history") {
			t.Errorf("%#v", err)
		}
		s.slack.TakeViolations()
	})
}
