package slacktest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/slack/slacktest"
)

func TestPaceOfPosts(t *testing.T) {
	bubble(t, slacktest.Options{}, func(t *testing.T, w *world) {
		w.team.Channel("C2", "other").Join("UBOT")
		for i := range 3 {
			if got := w.call(t, "xoxb-1", "chat.postMessage", post(w, "x")...); got["ok"] != true {
				t.Fatal(i, got)
			}
		}
		r, _ := http.NewRequest("POST", w.APIURL()+"chat.postMessage", strings.NewReader("channel=C1&text=y"))
		r.Header = http.Header{"Authorization": {"Bearer xoxb-1"}, "Content-Type": {"application/x-www-form-urlencoded"}}
		answer, err := w.Client().Do(r)
		if err != nil || answer.StatusCode != 429 || answer.Header.Get("Retry-After") != "1" {
			t.Fatalf("%v, %v", answer, err)
		}
		answer.Body.Close()
		if got := w.call(t, "xoxb-1", "chat.postMessage", "channel", "C2", "text", "x"); got["ok"] != true {
			t.Error("another channel waits too", got)
		}
		if w.call(t, "xoxb-1", "chat.postMessage", post(w, "early")...); rules(w.TakeViolations()) != "sent before Retry-After was over" {
			t.Error("nobody complained")
		}
		time.Sleep(time.Second)
		if got := w.call(t, "xoxb-1", "chat.postMessage", post(w, "y")...); got["ok"] != true {
			t.Error(got)
		}
	})
}

func TestTiers(t *testing.T) {
	for method, most := range map[string]int{"conversations.list": 20, "chat.update": 50, "users.info": 100} {
		bubble(t, slacktest.Options{}, func(t *testing.T, w *world) {
			root := ts(w.call(t, "xoxb-1", "chat.postMessage", post(w, "x")...))
			args := map[string][]string{"chat.update": post(w, "y", "ts", root), "users.info": {"user", "U1"}}[method]
			done := 0
			for w.call(t, "xoxb-1", method, args...)["ok"] == true {
				done++
			}
			if done != most {
				t.Errorf("%s: %d calls in a minute, want %d", method, done, most)
			}
			time.Sleep(time.Minute)
			if got := w.call(t, "xoxb-1", method, args...); got["ok"] != true {
				t.Errorf("%s after a minute: %v", method, got)
			}
		})
	}
}

func TestCommercialHistory(t *testing.T) {
	bubble(t, slacktest.Options{Burst: 30}, func(t *testing.T, w *world) {
		w.app.Commercial = true
		for range 20 {
			w.call(t, "xoxb-1", "chat.postMessage", post(w, "x")...)
		}
		got := w.call(t, "xoxb-1", "conversations.history", "channel", "C1", "limit", "100")
		if n := len(got["messages"].([]any)); n != 15 || got["has_more"] != true {
			t.Errorf("%d messages", n)
		}
		if got := w.call(t, "xoxb-1", "conversations.history", "channel", "C1"); got["error"] != "ratelimited" {
			t.Error(got)
		}
	})
}

func TestFaults(t *testing.T) {
	rows := []struct {
		fault         slacktest.Fault
		kept, answers bool
		code          string
	}{
		{slacktest.Fault{Kept: true, Answer: slacktest.Status500}, true, false, ""},
		{slacktest.Fault{Answer: slacktest.Status500}, false, false, ""},
		{slacktest.Fault{Kept: true, Answer: slacktest.Cut}, true, false, ""},
		{slacktest.Fault{Answer: slacktest.Cut}, false, false, ""},
		{slacktest.Fault{Kept: true, Answer: slacktest.Hang}, true, false, ""},
		{slacktest.Fault{Kept: true, Answer: slacktest.Internal}, true, true, "internal_error"},
		{slacktest.Fault{Answer: slacktest.Ratelimited}, false, true, "ratelimited"},
		{slacktest.Fault{Answer: slacktest.TooManyBare}, false, true, "ratelimited"},
		{slacktest.Fault{Before: time.Minute}, true, false, ""},
		{slacktest.Fault{After: time.Minute}, true, false, ""},
	}
	for i, row := range rows {
		bubble(t, slacktest.Options{}, func(t *testing.T, w *world) {
			row.fault.Times, row.fault.When = 1, slacktest.Calls("chat.postMessage")
			w.Fault(row.fault)
			client := w.Client()
			client.Timeout = 5 * time.Second
			r, _ := http.NewRequest("POST", w.APIURL()+"chat.postMessage", strings.NewReader("channel=C1&text=y"))
			r.Header = http.Header{"Authorization": {"Bearer xoxb-1"}, "Content-Type": {"application/x-www-form-urlencoded"}}
			answer, err := client.Do(r)
			var body struct{ Error string }
			read := err == nil && json.NewDecoder(answer.Body).Decode(&body) == nil
			if answer != nil {
				answer.Body.Close()
			}
			if read != row.answers || body.Error != row.code {
				t.Errorf("%d: answer %v, %q", i, read, body.Error)
			}
			kept := len(w.launch.Messages()) == 1
			if row.fault.Before > 0 { // whoever gives up before it is done gets nothing done
				kept = !kept
			}
			if kept != row.kept {
				t.Errorf("%d: kept %v", i, kept)
			}
			if got := w.call(t, "xoxb-1", "chat.postMessage", post(w, "z")...); got["ok"] != true {
				t.Errorf("%d: the fault stays: %v", i, got)
			}
		})
	}
}
