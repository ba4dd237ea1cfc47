package slacktest_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/synthoperator/baton/adapters/slack/slacktest"
)

// slack-go as a client: whatever it sends is taken, whatever comes back it reads.
func TestSlackGo(t *testing.T) {
	bubble(t, slacktest.Options{Burst: 30}, func(t *testing.T, w *world) {
		ctx := context.Background()
		api := slack.New("xoxb-1", slack.OptionAPIURL(w.APIURL()), slack.OptionHTTPClient(w.Client()), slack.OptionAppLevelToken(w.app.Token))
		must := func(what string, err error) {
			t.Helper()
			if err != nil {
				t.Errorf("%s: %v", what, err)
			}
		}
		me, err := api.AuthTestContext(ctx)
		must("auth.test", err)
		if me.BotID != "B1" {
			t.Errorf("%+v", me)
		}
		_, root, err := api.PostMessageContext(ctx, "C1", slack.MsgOptionText("root <!here>", true), slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
			slack.MsgOptionBlocks(
				slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", "*x*", false, false), nil, nil),
				slack.NewActionBlock("verbs", slack.NewButtonBlockElement("go", "1", slack.NewTextBlockObject("plain_text", "Go", false, false)))),
			slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "session", EventPayload: map[string]any{"id": "S1"}}))
		must("chat.postMessage", err)
		_, _, err = api.PostMessageContext(ctx, "C1", slack.MsgOptionText("reply", false), slack.MsgOptionTS(root))
		must("reply", err)
		_, _, _, err = api.UpdateMessageContext(ctx, "C1", root, slack.MsgOptionText("edited", false))
		must("chat.update", err)
		_, err = api.PostEphemeralContext(ctx, "C1", "U1", slack.MsgOptionText("psst", false))
		must("chat.postEphemeral", err)
		thread, _, _, err := api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{ChannelID: "C1", Timestamp: root, IncludeAllMetadata: true})
		must("conversations.replies", err)
		if len(thread) != 2 || thread[0].Text != "edited" || thread[0].Metadata.EventPayload["id"] != "S1" || len(thread[0].Blocks.BlockSet) != 0 {
			t.Errorf("the thread is %+v", thread)
		}
		_, err = api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: "C1", Limit: 10, Oldest: "0"})
		must("conversations.history", err)
		_, at, err := api.StartStreamContext(ctx, "C1", slack.MsgOptionTS(root), slack.MsgOptionRecipientTeamID("T1"), slack.MsgOptionRecipientUserID("U1"),
			slack.MsgOptionChunks(slack.NewMarkdownTextChunk("a")))
		must("chat.startStream", err)
		_, _, err = api.AppendStreamContext(ctx, "C1", at, slack.MsgOptionChunks(slack.NewMarkdownTextChunk("b"), slack.NewTaskUpdateChunk("t", "T")))
		must("chat.appendStream", err)
		_, _, err = api.StopStreamContext(ctx, "C1", at, slack.MsgOptionChunks(slack.NewMarkdownTextChunk("c")))
		must("chat.stopStream", err)
		if m, _ := w.launch.Message(at); m.Text != "abc" || m.Streaming {
			t.Errorf("the stream left %+v", m)
		}
		must("setStatus", api.SetAssistantThreadsStatusContext(ctx, slack.AssistantThreadsSetStatusParameters{ChannelID: "C1", ThreadTS: root, Status: "thinks"}))
		_, err = api.SetAgentSessionStatusContext(ctx, slack.AgentSessionSetStatusParameters{ChannelID: "C1", ThreadTS: root, Status: "active"})
		must("agents.sessions.setStatus", err)
		must("reactions.add", api.AddReactionContext(ctx, "eyes", slack.NewRefToMessage("C1", root)))
		must("pins.add", api.AddPinContext(ctx, "C1", slack.NewRefToMessage("C1", root)))
		_, err = api.GetUserInfoContext(ctx, "U1")
		must("users.info", err)
		_, err = api.GetPermalinkContext(ctx, &slack.PermalinkParameters{Channel: "C1", Ts: root})
		must("chat.getPermalink", err)
		_, _, err = api.GetConversationsContext(ctx, &slack.GetConversationsParameters{Types: []string{"public_channel"}, ExcludeArchived: true, Limit: 10})
		must("conversations.list", err)
		_, err = api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: "C1"})
		must("conversations.info", err)
		_, _, err = api.GetUsersInConversationContext(ctx, &slack.GetUsersInConversationParameters{ChannelID: "C1", Limit: 10})
		must("conversations.members", err)
		_, _, _, err = api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{"U1"}, ReturnIM: true})
		must("conversations.open", err)
		_, err = api.UploadFileContext(ctx, slack.UploadFileParameters{
			Filename: "a.txt", Content: "abc", FileSize: 3, Channel: "C1", ThreadTimestamp: root, InitialComment: "here",
		})
		must("upload", err)
		_, err = api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: "U1", View: slack.HomeTabViewRequest{
			Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewDividerBlock()}},
		}})
		must("views.publish", err)
		_, _, err = api.DeleteMessageContext(ctx, "C1", root)
		must("chat.delete", err)
		if _, address, err := api.StartSocketModeContext(ctx); err != nil || address == "" {
			t.Errorf("apps.connections.open: %q, %v", address, err)
		}

		w.Fault(slacktest.Fault{Answer: slacktest.TooMany, RetryAfter: 9, Times: 1})
		var limited *slack.RateLimitedError
		if _, err := api.AuthTestContext(ctx); !errors.As(err, &limited) || limited.RetryAfter != 9*time.Second {
			t.Errorf("429: %v", err)
		}
		time.Sleep(9 * time.Second)
		var said slack.SlackErrorResponse
		if _, _, err := api.PostMessageContext(ctx, "C9", slack.MsgOptionText("x", false)); !errors.As(err, &said) || said.Err != "channel_not_found" {
			t.Errorf("refusal: %v", err)
		}
		deliveries(t, w)
	})
}

// deliveries are checked and read with slack-go's own parsers.
func deliveries(t *testing.T, w *world) {
	t.Helper()
	results := make(chan error, 10)
	w.app.RequestURL = "http://bot.test/"
	w.app.Transport = transport(func(r *http.Request) (*http.Response, error) {
		var body bytes.Buffer
		_, _ = body.ReadFrom(r.Body)
		verifier, err := slack.NewSecretsVerifier(r.Header, w.app.SigningSecret)
		if err == nil {
			_, _ = verifier.Write(body.Bytes())
			err = verifier.Ensure()
		}
		results <- err
		r.Body = http.NoBody
		return &http.Response{StatusCode: 200, Body: http.NoBody, Header: http.Header{}}, nil
	})
	w.ana.Slash(w.launch, "/baton", "status")
	w.ana.GlobalShortcut("everywhere")
	w.bot.Emit(w.team, map[string]any{"type": "app_mention"})
	time.Sleep(time.Second)
	if n := len(results); n < 3 {
		t.Errorf("%d deliveries", n)
	}
	for range len(results) {
		if err := <-results; err != nil {
			t.Errorf("the signature: %v", err)
		}
	}
}
