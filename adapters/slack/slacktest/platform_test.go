package slacktest_test

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/slack/slacktest"
)

func post(w *world, text string, more ...string) []string {
	return append([]string{"channel", "C1", "text", text}, more...)
}

func ts(body map[string]any) string { s, _ := body["ts"].(string); return s }

func TestHistory(t *testing.T) {
	bubble(t, slacktest.Options{HistoryLag: 5 * time.Second}, func(t *testing.T, w *world) {
		root := ts(w.call(t, "xoxb-1", "chat.postMessage", post(w, "root", "metadata", `{"event_type":"a","event_payload":{"n":7}}`)...))
		if got := w.call(t, "xoxb-1", "conversations.history", "channel", "C1"); len(got["messages"].([]any)) != 0 {
			t.Error("there is no lag")
		}
		time.Sleep(5 * time.Second)
		w.call(t, "xoxb-1", "chat.postMessage", post(w, "hidden", "thread_ts", root)...)
		loud := ts(w.call(t, "xoxb-1", "chat.postMessage", post(w, "loud", "thread_ts", root, "reply_broadcast", "true")...))
		time.Sleep(5 * time.Second)
		texts := func(body map[string]any) (all []string) {
			for _, m := range body["messages"].([]any) {
				all = append(all, m.(map[string]any)["text"].(string))
			}
			return all
		}
		if got := texts(w.call(t, "xoxb-1", "conversations.history", "channel", "C1")); !slices.Equal(got, []string{"loud", "root"}) {
			t.Errorf("history %v", got)
		}
		thread := w.call(t, "xoxb-1", "conversations.replies", "channel", "C1", "ts", root)
		if got := texts(thread); !slices.Equal(got, []string{"root", "hidden", "loud"}) {
			t.Errorf("replies %v", got)
		}
		first := thread["messages"].([]any)[0].(map[string]any)
		if first["metadata"] != nil || first["thread_ts"] != root || first["reply_count"] != 2.0 {
			t.Errorf("the root is %v", first)
		}
		with := w.call(t, "xoxb-1", "conversations.replies", "channel", "C1", "ts", root, "include_all_metadata", "true")
		if with["messages"].([]any)[0].(map[string]any)["metadata"] == nil {
			t.Error("no metadata")
		}
		for args, want := range map[string][]string{
			"oldest=" + root:                     {"loud"},
			"oldest=" + root + "&inclusive=1":    {"loud", "root"},
			"latest=" + loud:                     {"root"},
			"latest=" + loud + "&inclusive=true": {"loud", "root"},
		} {
			pairs := []string{"channel", "C1"}
			values, _ := url.ParseQuery(args)
			for name := range values {
				pairs = append(pairs, name, values.Get(name))
			}
			if got := texts(w.call(t, "xoxb-1", "conversations.history", pairs...)); !slices.Equal(got, want) {
				t.Errorf("%s: %v", args, got)
			}
		}
	})
}

func TestPingsAndUnfurls(t *testing.T) {
	bubble(t, slacktest.Options{Burst: 20}, func(t *testing.T, w *world) {
		say := func(pairs ...string) slacktest.Message {
			got := w.call(t, "xoxb-1", "chat.postMessage", append([]string{"channel", "C1"}, pairs...)...)
			m, _ := w.launch.Message(ts(got))
			return m
		}
		for _, row := range []struct {
			pairs []string
			want  string
		}{
			{[]string{"text", "<!channel> <@U1> <!subteam^S1|x> <!here>"}, "<!channel> <!here> <!subteam^S1> <@U1>"},
			{[]string{"text", "&lt;!channel&gt; @here <#C1> <https://x.y|z>"}, ""},
			{[]string{"text", "@here", "parse", "full"}, "<!here>"},
			{[]string{"text", "@channel", "link_names", "true"}, "<!channel>"},
			{[]string{"markdown_text", "**<!everyone>**"}, "<!everyone>"},
			{[]string{"blocks", `[{"type":"markdown","text":"<@U1>"}]`}, "<@U1>"},
			{[]string{"blocks", `[{"type":"section","text":{"type":"mrkdwn","text":"<!here>"}}]`}, "<!here>"},
			{[]string{"blocks", `[{"type":"section","text":{"type":"plain_text","text":"<!here>"}}]`}, ""},
			{[]string{"blocks", `[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"<!here>"}]}]}]`}, ""},
			{[]string{"blocks", `[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"broadcast","range":"here"}]}]}]`}, "<!here>"},
		} {
			if got := strings.Join(say(row.pairs...).Pings, " "); got != row.want {
				t.Errorf("%v pings %q, want %q", row.pairs, got, row.want)
			}
		}
		if m := say("text", "see https://a.b/c"); len(m.Unfurls) != 1 {
			t.Errorf("unfurls %v", m.Unfurls)
		}
		if m := say("text", "see https://a.b/c", "unfurl_links", "false", "unfurl_media", "false"); len(m.Unfurls) != 0 {
			t.Errorf("unfurls %v", m.Unfurls)
		}
		if len(w.Pings()) == 0 || len(w.Unfurls()) != 2 {
			t.Errorf("in all %v, %v", w.Pings(), w.Unfurls())
		}
	})
}

func TestStreamsEnd(t *testing.T) {
	bubble(t, slacktest.Options{}, func(t *testing.T, w *world) {
		root := ts(w.call(t, "xoxb-1", "chat.postMessage", post(w, "root")...))
		start := func() string {
			return ts(w.call(t, "xoxb-1", "chat.startStream", "channel", "C1", "thread_ts", root, "recipient_user_id", "U1", "recipient_team_id", "T1"))
		}
		add := func(at string) any {
			return w.call(t, "xoxb-1", "chat.appendStream", "channel", "C1", "ts", at, "chunks", `[{"type":"markdown_text","text":"a"}]`)["error"]
		}
		at := start()
		add(at)
		time.Sleep(5*time.Minute - time.Second)
		if got := add(at); got != nil || w.launch.SeenBy("U1", at) != "aa" || w.launch.SeenBy("U2", at) != "a" {
			t.Error(got, w.launch.SeenBy("U1", at), w.launch.SeenBy("U2", at))
		}
		time.Sleep(time.Second)
		if got := add(at); got != "message_not_in_streaming_state" {
			t.Error(got)
		}
		if got := w.call(t, "xoxb-1", "chat.update", "channel", "C1", "ts", at, "text", "whole"); got["ok"] != true {
			t.Error(got)
		}
		if m, _ := w.launch.Message(at); m.Streaming || m.Text != "whole" {
			t.Errorf("after the update %+v", m)
		}
		at = start()
		m, _ := w.launch.Message(at)
		if _, err := w.ana.StopStream(m); err != nil {
			t.Error(err)
		}
		if got := add(at); got != "stopped_by_user" {
			t.Error(got)
		}
	})
}

func TestResponseURL(t *testing.T) {
	bubble(t, slacktest.Options{}, func(t *testing.T, w *world) {
		address := make(chan string, 10)
		b := connect(t, w, func(e envelope) any {
			if e.Type == slacktest.Command {
				address <- e.Payload["response_url"].(string)
			}
			return nil
		})
		use := func(address, body string) int {
			answer, err := w.Client().Post(address, "application/json", bytes.NewReader([]byte(body)))
			if err != nil {
				t.Fatal(err)
			}
			answer.Body.Close()
			return answer.StatusCode
		}
		seen := w.ana.Slash(w.launch, "/baton", "x")
		at := <-address
		for i := range 5 {
			if got := use(at, `{"text":"yours","metadata":{"event_type":"","event_payload":null},"blocks":null}`); got != 200 {
				t.Errorf("use %d: %d", i+1, got)
			}
		}
		if got := use(at, `{"text":"x"}`); got != 404 || seen.Told() != "yours" {
			t.Errorf("the sixth: %d, told %q", got, seen.Told())
		}
		w.ana.Slash(w.launch, "/baton", "x")
		at = <-address
		root := ts(w.call(t, "xoxb-1", "chat.postMessage", post(w, "root")...))
		if got := use(at, `{"response_type":"in_channel","thread_ts":"`+root+`","replace_original":false,"text":"in the thread"}`); got != 200 || len(w.launch.Replies(root)) != 1 {
			t.Errorf("in a thread: %d", got)
		}
		for _, wrong := range []string{`{"text":"x","thread_ts":"` + root + `"}`, `{"delete_original":true,"text":"x"}`, `{"text":"x","colour":1}`} {
			if use(at, wrong); rules(w.TakeViolations()) == "" {
				t.Errorf("%s passes", wrong)
			}
		}
		w.ana.Slash(w.launch, "/baton", "x")
		at = <-address
		time.Sleep(30*time.Minute + time.Second)
		if got := use(at, `{"text":"x"}`); got != 404 {
			t.Errorf("after half an hour: %d", got)
		}
		b.close()
	})
}

// One message, a mention and a message: two events with ids of their own, in
// either order.
func TestMentionIsTwoEvents(t *testing.T) {
	for _, messageFirst := range []bool{false, true} {
		bubble(t, slacktest.Options{}, func(t *testing.T, w *world) {
			b := connect(t, w)
			w.ana.Mention(w.launch, "", w.bot, "hello", messageFirst)
			time.Sleep(time.Second)
			got := b.envelopes()
			kinds := []string{}
			for _, e := range got {
				kinds = append(kinds, e.Payload["event"].(map[string]any)["type"].(string))
			}
			want := []string{"app_mention", "message"}
			if messageFirst {
				slices.Reverse(want)
			}
			if !slices.Equal(kinds, want) || got[0].Payload["event_id"] == got[1].Payload["event_id"] {
				t.Errorf("%v", kinds)
			}
			b.close()
		})
	}
}

func TestWorkspacesStayApart(t *testing.T) {
	bubble(t, slacktest.Options{}, func(t *testing.T, w *world) {
		org := w.Org("E1", "concern")
		second := w.Workspace("T2", "bravo")
		second.JoinOrg(org)
		same := second.Channel("C1", "launch")
		eve := second.Person("U1", "eve")
		bot := w.app.InstallOrg(org)
		same.Join("U1", bot.UserID)
		if got := w.call(t, bot.Token, "chat.postMessage", "channel", "C1", "text", "there", "team_id", "T2"); got["ok"] != true {
			t.Fatal(got)
		}
		if len(w.launch.Messages()) != 0 || len(same.Messages()) != 1 {
			t.Error("the message is in the wrong workspace")
		}
		b := connect(t, w)
		eve.Slash(same, "/baton", "x")
		p := b.envelopes()[0].Payload
		if p["team_id"] != "T2" || p["enterprise_id"] != "E1" || p["is_enterprise_install"] != true {
			t.Errorf("%v", p)
		}
		bot.Uninstall()
		if got := w.call(t, bot.Token, "auth.test"); got["error"] != "token_revoked" {
			t.Error(got)
		}
		b.close()
	})
}

func TestInstalling(t *testing.T) {
	bubble(t, slacktest.Options{}, func(t *testing.T, w *world) {
		w.app.RedirectURLs = []string{"http://bot.test/oauth"}
		second := w.Workspace("T2", "bravo")
		w.app.Consent(slacktest.Consent{Team: second, Drop: []string{"users:read"}})
		client := w.Client()
		client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		answer, err := client.Get(w.URL() + "/oauth/v2/authorize?" + url.Values{
			"client_id": {w.app.ClientID}, "scope": {"chat:write,users:read"}, "state": {"s1"}, "redirect_uri": {"http://bot.test/oauth"},
		}.Encode())
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		back, _ := url.Parse(answer.Header.Get("Location"))
		if back.Query().Get("state") != "s1" {
			t.Fatal(back)
		}
		pairs := []string{
			"code", back.Query().Get("code"), "client_id", w.app.ClientID, "client_secret", w.app.ClientSecret, "redirect_uri", "http://bot.test/oauth",
		}
		got := w.call(t, "", "oauth.v2.access", pairs...)
		if got["scope"] != "chat:write" || got["team"].(map[string]any)["id"] != "T2" {
			t.Fatal(got)
		}
		if got := w.call(t, got["access_token"].(string), "auth.test"); got["team_id"] != "T2" {
			t.Error(got)
		}
		if got := w.call(t, "", "oauth.v2.access", pairs...); got["error"] != "invalid_code" || rules(w.TakeViolations()) != "invalid_code" {
			t.Error("a code works twice")
		}
	})
}
