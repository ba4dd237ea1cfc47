package slack

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/slack/slacktest"
	"github.com/synthoperator/baton/chat"
	"pgregory.net/rapid"
)

// directThread is a thread in the direct messages of somebody.
func directThread(s *saying, name string) (chat.Thread, *slacktest.Channel) {
	p := s.Person(name)
	dm := s.teams["W1"].DM(s.people["W1"+p.ID], s.bots["W1"])
	in, err := chat.NewThread(Platform, "W1", dm.ID, s.people["W1"+p.ID].Say(dm, "", "hello").Message.TS)
	if err != nil {
		panic(err)
	}
	s.channels[in.Parent()] = dm
	return in, dm
}

// TestStream is case 25: whatever becomes of the preview, the whole message stands
// there at the end, once and findable, in a channel and in a direct message.
func TestStream(t *testing.T) {
	final := chat.Message{Title: "Done", Blocks: []chat.Block{chat.Rich("The **whole** answer, `end`")}}
	for name, c := range map[string]struct {
		write func(s *saying, sink Sink)
		fault *slacktest.Fault
	}{
		"short": {func(_ *saying, sink Sink) {
			sink.Write("The wh")
			time.Sleep(5 * time.Second)
			sink.Write("ole answer")
		}, nil},
		"nothing before": {func(*saying, Sink) {}, nil},
		"for long": {func(_ *saying, sink Sink) {
			for i := range 320 {
				sink.Write(fmt.Sprint("word", i, " "))
				time.Sleep(time.Second)
			}
		}, nil},
		"much": {func(_ *saying, sink Sink) {
			for range 16 {
				sink.Write("```go\n" + strings.Repeat("a line of code 漢字\n", 40) + "```\n")
				time.Sleep(3 * time.Second)
			}
		}, nil},
		"lost answers": {func(_ *saying, sink Sink) {
			for range 10 {
				sink.Write("more ")
				time.Sleep(2 * time.Second)
			}
		}, &slacktest.Fault{When: slacktest.Calls("chat.update", "chat.appendStream"), Times: 4, Kept: true, Answer: slacktest.Cut}},
		"too many": {func(_ *saying, sink Sink) {
			for range 10 {
				sink.Write("more ")
				time.Sleep(2 * time.Second)
			}
		}, &slacktest.Fault{When: slacktest.Calls("chat.update", "chat.appendStream"), Times: 2, Answer: slacktest.TooMany, RetryAfter: 7}},
		"hostile": {func(_ *saying, sink Sink) {
			for _, r := range "so <!channel> &lt;!here> <@U1> @everyone ![x](https://example.com/?a) <!subteam^S1> done\n" {
				sink.Write(string(r))
				time.Sleep(3 * time.Second)
			}
		}, nil},
	} {
		for _, where := range []string{"channel", "direct"} {
			t.Run(name+"/"+where, func(t *testing.T) {
				slackBubble(t, slacktest.Options{}, slacktest.AppConfig{}, func(t *testing.T, s *saying) {
					in := s.Thread(s.Channel("w1", "launch"), 1)
					if where == "direct" {
						in, _ = directThread(s, "bo")
					}
					if c.fault != nil {
						s.slack.Fault(*c.fault)
					}
					sink, err := s.a.Stream(t.Context(), in, s.Person("bo"), chat.Speaker{})
					if err != nil {
						t.Fatal(err)
					}
					since := time.Now()
					c.write(s, sink)
					time.Sleep(10 * time.Second)
					if pings := s.slack.Pings(); len(pings) > 0 {
						t.Errorf("the preview notified %v", pings)
					}
					p := chat.Post{Key: aKey, Body: final, Since: since}
					refs, err := sink.End(t.Context(), p)
					if err != nil || len(refs) != 1 {
						t.Fatalf("%v, %v", refs, err)
					}
					if again, _ := sink.End(t.Context(), p); !slices.Equal(again, refs) {
						t.Errorf("it ends twice: %v", again)
					}
					left := s.channels[in.Parent()].Replies(in.Root())
					if len(left) != 1 || left[0].Streaming || !strings.Contains(left[0].Shown(), "The **whole** answer") {
						t.Errorf("%d messages are left: %+v", len(left), left)
					}
					p.To = in
					if found, err := s.a.Find(t.Context(), p); err != nil || len(found) != 1 || found[0].ID != refs[0].ID {
						t.Errorf("%v, %v", found, err)
					}
					for _, r := range s.slack.Requests("chat.startStream", "chat.appendStream") {
						if r.Args.Has("markdown_text") {
							t.Errorf("a stream is opened with text, so that it takes no chunks: %v", r.Args)
						}
					}
				})
			})
		}
	}
}

// TestStreamIsSeen: everybody in a channel sees what is being said, and edits of
// many at once stay below what Slack takes.
func TestStreamIsSeen(t *testing.T) {
	slackBubble(t, slacktest.Options{Burst: 5}, slacktest.AppConfig{}, func(t *testing.T, s *saying) {
		launch := s.Channel("w1", "launch")
		var sinks []Sink
		for n := range 5 {
			sink, err := s.a.Stream(t.Context(), s.Thread(launch, n+1), chat.Person{}, chat.Speaker{Name: "CTO"})
			if err != nil {
				t.Fatal(err)
			}
			sinks = append(sinks, sink)
		}
		for i := range 120 {
			for _, sink := range sinks {
				sink.Write(fmt.Sprint("word-", i, " "))
			}
			time.Sleep(time.Second)
		}
		for n := range 5 {
			if got := s.Messages(s.Thread(launch, n+1)); len(got) != 1 || !strings.Contains(got[0].Text, "word-105 ") || got[0].Speaker != "CTO" {
				t.Errorf("%d messages: %.100q", len(got), got)
			}
		}
		for _, sink := range sinks {
			if _, err := sink.End(t.Context(), chat.Post{Key: aKey, Body: sentence("done")}); err != nil {
				t.Error(err)
			}
		}
		for _, r := range s.slack.Requests("chat.update") {
			if r.Error != "" {
				t.Fatalf("an edit was refused: %s", r.Error)
			}
		}
	})
}

// TestStreamRotates: a stream is ended before Slack ends it, and one that Slack
// ended all the same goes on by edits.
func TestStreamRotates(t *testing.T) {
	slackBubble(t, slacktest.Options{}, slacktest.AppConfig{}, func(t *testing.T, s *saying) {
		in, dm := directThread(s, "bo")
		sink, err := s.a.Stream(t.Context(), in, s.Person("bo"), chat.Speaker{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range 600 {
			sink.Write(fmt.Sprint("w", i, " "))
			time.Sleep(time.Second)
		}
		if n := len(s.slack.Requests("chat.startStream")); n != 3 {
			t.Errorf("%d streams in ten minutes", n)
		}
		s.slack.Advance(5 * time.Minute) // the clock jumps: Slack ended it
		for i := range 20 {
			sink.Write(fmt.Sprint("x", i, " "))
			time.Sleep(time.Second)
		}
		all := ""
		for _, m := range dm.Replies(in.Root()) {
			all += m.Shown()
		}
		for _, word := range []string{"w0 ", "w599 ", "x15 "} {
			if strings.Count(all, " "+word)+strings.Count(all, "\n"+word) == 0 && !strings.HasPrefix(all, word) {
				t.Errorf("%q is not shown", word)
			}
		}
		for i := range 600 {
			if word := fmt.Sprint("w", i, " "); !strings.Contains(all, word) {
				t.Fatalf("%q is not shown", word)
			}
		}
		if _, err := sink.End(t.Context(), chat.Post{Key: aKey, Body: sentence("done")}); err != nil {
			t.Error(err)
		}
	})
}

// stopEvent is what Slack delivers when somebody presses Stop
// (https://docs.slack.dev/ai/agent-sessions).
func stopEvent(t *testing.T, a *Adapter, channel, thread, stream string) {
	t.Helper()
	e := map[string]any{"type": "agent_session_stopped", "channel": channel, "user": "U1", "streaming_message_ts": []string{stream}, "event_ts": "9.1"}
	if thread != "" {
		e["thread_ts"] = thread
	}
	payload, err := json.Marshal(map[string]any{"type": "event_callback", "team_id": "W1", "api_app_id": "A1", "event_id": "Ev1", "event": e})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.decodeEvent(t.Context(), delivery{kind: "events_api", payload: payload}); err != nil {
		t.Fatal(err)
	}
}

// TestStreamIsStopped: who presses Stop ends the work, however Slack tells it, and
// the message is ended properly all the same.
func TestStreamIsStopped(t *testing.T) {
	for _, how := range []string{"refused", "event", "event without a thread"} {
		t.Run(how, func(t *testing.T) {
			slackBubble(t, slacktest.Options{}, slacktest.AppConfig{Agent: true}, func(t *testing.T, s *saying) {
				in, dm := directThread(s, "bo")
				sink, err := s.a.Stream(t.Context(), in, s.Person("bo"), chat.Speaker{})
				if err != nil {
					t.Fatal(err)
				}
				sink.Write("it begins ")
				time.Sleep(2 * time.Second)
				replies := dm.Replies(in.Root())
				bo := s.people["W1"+s.Person("bo").ID]
				if _, err := bo.StopStream(replies[0]); err != nil {
					t.Fatal(err)
				}
				switch how {
				case "event":
					stopEvent(t, s.a, dm.ID, in.Root(), replies[0].TS)
				case "event without a thread":
					stopEvent(t, s.a, dm.ID, "", replies[0].TS)
				}
				sink.Write("and goes on ")
				time.Sleep(2 * time.Second)
				select {
				case <-sink.Stopped():
				default:
					t.Error("nobody was told")
				}
				if s.a.stopStreams("W1", "C9", "", nil) || s.a.stopStreams("W2", dm.ID, in.Root(), nil) {
					t.Error("another place was stopped")
				}
				if _, err := sink.End(t.Context(), chat.Post{Key: aKey, Body: sentence("stopped by bo")}); err != nil {
					t.Fatal(err)
				}
				if got := dm.Replies(in.Root()); len(got) != 1 || got[0].Streaming || !strings.Contains(got[0].Shown(), "stopped by bo") {
					t.Errorf("%+v", got)
				}
			})
		})
	}
}

// TestInertLiveGrows: what is made of a beginning is the beginning of what is made
// of the whole.
func TestInertLiveGrows(t *testing.T) {
	pieces := rapid.SliceOf(rapid.SampledFrom([]string{"<", "!", "here>", "@", "channel", "&lt;", "&", "#", "[", "](", "x", " ", ";"}))
	rapid.Check(t, func(rt *rapid.T) {
		whole, before := "", ""
		for _, piece := range pieces.Draw(rt, "pieces") {
			whole += piece
			now := inertLive(whole)
			if !strings.HasPrefix(now, before) {
				rt.Fatalf("%q became %q", before, now)
			}
			if aliveRE.MatchString(now) {
				rt.Fatalf("%q is alive", now)
			}
			before = now
		}
	})
}
