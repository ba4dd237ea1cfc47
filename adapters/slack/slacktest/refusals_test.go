package slacktest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/slack/slacktest"
)

// stage is a world with everything that the refusals below refer to.
type stage struct {
	*world
	root, reply, foreign, anas, stream, locked string
}

func newStage(t *testing.T) *stage {
	s := &stage{world: newWorld(t, slacktest.Options{Pipe: true, Unlimited: true})}
	other := s.App(slacktest.AppConfig{ID: "A2", Scopes: allScopes}).InstallAs(s.team, slacktest.Install{Token: "xoxb-2", UserID: "UBOT2", BotID: "B2"})
	s.launch.Join(other.UserID)
	s.App(slacktest.AppConfig{ID: "A3", Scopes: []string{"commands"}}).InstallAs(s.team, slacktest.Install{Token: "xoxb-3", UserID: "UBOT3", BotID: "B3"})
	s.team.Channel("C2", "elsewhere")
	s.team.PrivateChannel("G1", "secret")
	old := s.team.Channel("C3", "old")
	old.Join("UBOT")
	old.Archive(true)
	ts := func(body map[string]any) string { return body["ts"].(string) }
	s.root = ts(s.call(t, "xoxb-1", "chat.postMessage", "channel", "C1", "text", "root"))
	s.reply = ts(s.call(t, "xoxb-1", "chat.postMessage", "channel", "C1", "text", "reply", "thread_ts", s.root))
	s.foreign = ts(s.call(t, "xoxb-2", "chat.postMessage", "channel", "C1", "text", "of another app"))
	s.anas = s.ana.Say(s.launch, "", "of ana").Message.TS
	s.stream = ts(s.call(t, "xoxb-1", "chat.startStream", "channel", "C1", "thread_ts", s.root, "recipient_user_id", "U1",
		"recipient_team_id", "T1", "chunks", `[{"type":"markdown_text","text":"a"}]`))
	s.locked = ts(s.call(t, "xoxb-1", "chat.postMessage", "channel", "C1", "text", "to be locked"))
	s.launch.Lock(s.locked)
	return s
}

func section(chars int) string {
	return fmt.Sprintf(`{"type":"section","text":{"type":"mrkdwn","text":%q}}`, strings.Repeat("x", chars))
}

func many(n int, what string) string {
	return "[" + strings.TrimSuffix(strings.Repeat(what+",", n), ",") + "]"
}

// Each row is a request and what Slack answers to it; fair marks what a correct
// client may meet and is therefore no violation.
func TestRefusals(t *testing.T) {
	modal := `{"type":"modal","title":{"type":"plain_text","text":"T"},"blocks":[{"type":"divider"}]}`
	rows := []struct {
		want string
		fair bool
		call string
	}{
		{"unknown_method", false, "chat.shout channel=C1"},
		{"invalid_arguments", false, "chat.postMessage channel=C1 text=x colour=red"},
		{"invalid_arguments", false, "chat.postMessage text=x"},
		{"invalid_auth", false, "auth.test token=xoxb-9"},
		{"not_authed", false, "auth.test token="},
		{"not_allowed_token_type", false, "apps.connections.open"},
		{"not_allowed_token_type", false, "chat.postMessage token=APP channel=C1 text=x"},
		{"missing_scope", false, "chat.postMessage token=xoxb-3 channel=C1 text=x"},
		{"missing_scope", false, "chat.postMessage channel=C1 text=x username=cto"},
		{"missing_scope", false, "chat.postMessage channel=C1 text=x icon_emoji=:eyes:"},
		{"channel_not_found", true, "chat.postMessage channel=C9 text=x"},
		{"channel_not_found", true, "chat.postMessage channel=G1 text=x"},
		{"not_in_channel", true, "chat.postMessage channel=C2 text=x"},
		{"is_archived", true, "chat.postMessage channel=C3 text=x"},
		{"restricted_action_thread_locked", true, "chat.postMessage channel=C1 text=x thread_ts=LOCKED"},
		{"thread_not_found", true, "chat.postMessage channel=C1 text=x thread_ts=1.000001"},
		{"thread_not_found", false, "chat.postMessage channel=C1 text=x thread_ts=REPLY"},
		{"invalid_thread_ts", false, "chat.postMessage channel=C1 text=x thread_ts=17"},
		{"no_text", false, "chat.postMessage channel=C1"},
		{"msg_too_long", false, "chat.postMessage channel=C1 text=" + strings.Repeat("x", 40001)},
		{"msg_too_long", false, "chat.postMessage channel=C1 markdown_text=" + strings.Repeat("x", 12001)},
		{"markdown_text_conflict", false, "chat.postMessage channel=C1 markdown_text=x text=y"},
		{"invalid_blocks_format", false, "chat.postMessage channel=C1 blocks={"},
		{"invalid_blocks", false, "chat.postMessage channel=C1 blocks=" + many(51, `{"type":"divider"}`)},
		{"invalid_blocks", false, "chat.postMessage channel=C1 blocks=[" + section(3001) + "]"},
		{"invalid_blocks", false, `chat.postMessage channel=C1 blocks=[{"type":"alert","text":{"type":"plain_text","text":"x"}}]`},
		{"msg_blocks_too_long", false, "chat.postMessage channel=C1 blocks=" + many(5, section(2700))},
		{"too_many_attachments", false, "chat.postMessage channel=C1 attachments=" + many(101, `{"text":"x"}`)},
		{"invalid_metadata_format", false, "chat.postMessage channel=C1 text=x metadata=[]"},
		{"invalid_metadata_schema", false, `chat.postMessage channel=C1 text=x metadata={"event_type":"a"}`},
		{"metadata_too_large", false, `chat.postMessage channel=C1 text=x metadata={"event_type":"a","event_payload":{"x":"` + strings.Repeat("x", 16000) + `"}}`},
		{"invalid_arguments", false, "chat.postMessage channel=C1 text=x reply_broadcast=true"},
		{"cant_update_message", false, "chat.update channel=C1 ts=FOREIGN text=x"},
		{"cant_update_message", false, "chat.update channel=C1 ts=ANAS text=x"},
		{"message_not_found", true, "chat.update channel=C1 ts=1.000001 text=x"},
		{"msg_too_long", false, "chat.update channel=C1 ts=ROOT text=" + strings.Repeat("x", 4001)},
		{"streaming_state_conflict", false, "chat.update channel=C1 ts=STREAM text=x"},
		{"cant_broadcast_message", false, "chat.update channel=C1 ts=ROOT text=x reply_broadcast=true"},
		{"cant_delete_message", false, "chat.delete channel=C1 ts=FOREIGN"},
		{"message_not_found", true, "chat.delete channel=C1 ts=1.000001"},
		{"user_not_in_channel", true, "chat.postEphemeral channel=C1 user=U9 text=x"},
		{"message_not_found", true, "chat.getPermalink channel=C1 message_ts=1.000001"},
		{"not_in_channel", true, "conversations.history channel=C2"},
		{"invalid_cursor", false, "conversations.history channel=C1 cursor=x"},
		{"invalid_limit", false, "conversations.history channel=C1 limit=1000"},
		{"invalid_ts_oldest", false, "conversations.history channel=C1 oldest=yesterday"},
		{"missing_scope", false, "conversations.history token=xoxb-3 channel=C1"},
		{"thread_not_found", true, "conversations.replies channel=C1 ts=1.000001"},
		{"invalid_types", false, "conversations.list types=everything"},
		{"user_not_found", true, "users.info user=U9"},
		{"already_reacted", true, "reactions.add channel=C1 name=eyes timestamp=ROOT"},
		{"bad_timestamp", false, "pins.add channel=C1 timestamp=17"},
		{"file_not_found", false, `files.completeUploadExternal files=[{"id":"F9"}]`},
		{"invalid_arguments", false, "files.getUploadURLExternal filename=a length=0"},
		{"invalid_thread_ts", false, "assistant.threads.setStatus channel_id=C1 thread_ts=REPLY status=x"},
		{"invalid_arguments", false, "agents.sessions.setStatus channel_id=C1 thread_ts=ROOT status=busy"},
		{"not_allowed", false, "agents.sessions.setStatus token=xoxb-2 channel_id=C1 thread_ts=ROOT status=active"},

		{"missing_recipient_user_id", false, "chat.startStream channel=C1 thread_ts=ROOT"},
		{"missing_recipient_team_id", false, "chat.startStream channel=C1 thread_ts=ROOT recipient_user_id=U1"},
		{"user_not_found", false, "chat.startStream channel=C1 thread_ts=ROOT recipient_user_id=U9 recipient_team_id=T1"},
		{"invalid_arguments", false, "chat.startStream channel=C1 recipient_user_id=U1 recipient_team_id=T1"},
		{"streaming_mode_mismatch", false, "chat.appendStream channel=C1 ts=STREAM markdown_text=x"},
		{"invalid_chunks", false, `chat.appendStream channel=C1 ts=STREAM chunks=[{"type":"picture"}]`},
		{"msg_blocks_too_long", false, `chat.appendStream channel=C1 ts=STREAM chunks=[` + chunk(7000) + "," + chunk(7000) + "]"},
		{"no_text", false, "chat.appendStream channel=C1 ts=STREAM"},
		{"message_not_in_streaming_state", true, `chat.appendStream channel=C1 ts=ROOT chunks=[` + chunk(1) + "]"},
		{"message_not_owned_by_app", false, `chat.stopStream channel=C1 ts=FOREIGN`},

		{"invalid_trigger_id", false, "views.open trigger_id=1.2.3 view=" + modal},
		{"invalid_arguments", false, `views.open trigger_id=1.2.3 view={"type":"modal"}`},
		{"invalid_arguments", false, `views.open trigger_id=1.2.3 view=` + strings.Replace(modal, `"T"`, `"`+strings.Repeat("T", 25)+`"`, 1)},
		{"view_too_large", false, `views.open trigger_id=1.2.3 view=` + strings.Replace(modal, `"T"`, `"`+strings.Repeat("T", 250<<10)+`"`, 1)},
		{"not_found", true, "views.update view_id=V9 view=" + modal},
		{"hash_conflict", true, `views.publish user_id=U1 hash=x view={"type":"home","blocks":[]}`},
		{"not_enabled", false, `views.publish token=xoxb-2 user_id=U1 view={"type":"home","blocks":[]}`},
		{"invalid_code", false, "oauth.v2.access code=x client_id=y client_secret=z"},
	}
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		s.call(t, "xoxb-1", "reactions.add", "channel", "C1", "name", "eyes", "timestamp", s.root)
		s.TakeViolations()
		named := strings.NewReplacer("LOCKED", s.locked, "REPLY", s.reply, "FOREIGN", s.foreign, "ANAS", s.anas, "ROOT", s.root, "STREAM", s.stream, "APP", s.app.Token)
		for _, row := range rows {
			method, pairs, _ := strings.Cut(named.Replace(row.call), " ")
			token, args := "xoxb-1", []string{}
			for pair := range strings.FieldsSeq(pairs) {
				name, value, _ := strings.Cut(pair, "=")
				if name == "token" {
					token = value
				} else {
					args = append(args, name, value)
				}
			}
			before := len(s.launch.Messages())
			got := s.call(t, token, method, args...)
			if got["ok"] != false || got["error"] != row.want {
				t.Errorf("%.80s: %v, want %s", row.call, got, row.want)
			}
			if v := s.TakeViolations(); (len(v) == 0) != row.fair {
				t.Errorf("%.80s: violations %v", row.call, v)
			}
			if len(s.launch.Messages()) != before {
				t.Errorf("%.80s: a refused call left a message", row.call)
			}
		}
	})
}

func chunk(chars int) string {
	return fmt.Sprintf(`{"type":"markdown_text","text":%q}`, strings.Repeat("x", chars))
}

// The pointer says where in the blocks the mistake is.
func TestInvalidBlocksSayWhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		got := s.call(t, "xoxb-1", "chat.postMessage", "channel", "C1", "blocks", "["+section(5)+`,{"type":"header","text":{"type":"mrkdwn","text":"x"}}]`)
		said, _ := json.Marshal(got["response_metadata"])
		if !strings.Contains(string(said), "json-pointer:/blocks/1/text/type") {
			t.Errorf("%s", said)
		}
		s.TakeViolations()
	})
}

// A trigger works once and for three seconds.
func TestTriggers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, slacktest.Options{Pipe: true})
		modal := `{"type":"modal","title":{"type":"plain_text","text":"T"},"blocks":[{"type":"divider"}]}`
		var trigger string
		b := connect(t, w, func(e envelope) any { trigger = e.Payload["trigger_id"].(string); return nil })
		seen := w.ana.Slash(w.launch, "/baton", "form")
		if got := w.call(t, "xoxb-1", "views.open", "trigger_id", trigger, "view", modal); got["ok"] != true {
			t.Fatal(got)
		}
		if v := seen.Opened(); v == nil || v.Title() != "T" {
			t.Errorf("opened %v", v)
		}
		if got := w.call(t, "xoxb-1", "views.open", "trigger_id", trigger, "view", modal); got["error"] != "exchanged_trigger_id" {
			t.Error(got)
		}
		w.TakeViolations()
		w.ana.Slash(w.launch, "/baton", "form")
		time.Sleep(3*time.Second + time.Millisecond)
		if got := w.call(t, "xoxb-1", "views.open", "trigger_id", trigger, "view", modal); got["error"] != "expired_trigger_id" {
			t.Error(got)
		}
		b.close()
	})
}
