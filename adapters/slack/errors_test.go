package slack

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	slackgo "github.com/slack-go/slack"
	"github.com/synthoperator/baton/chat"
)

// used are the methods whose errors have to be known.
var used = []string{
	"chat.postMessage", "chat.postEphemeral", "chat.update", "chat.delete", "conversations.history", "conversations.replies",
	"conversations.open", "files.getUploadURLExternal", "files.completeUploadExternal", "chat.startStream", "chat.appendStream",
	"chat.stopStream", "assistant.threads.setStatus", "auth.test", "views.open", "views.update", "views.push", "views.publish",
}

// TestEveryCodeIsKnown: of each error that Slack's pages name it was decided what
// it means.
func TestEveryCodeIsKnown(t *testing.T) {
	data, err := os.ReadFile("../../../shared/specs/slack-methods.json")
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("the facts of Slack's methods are not there")
	}
	if err != nil {
		t.Fatal(err)
	}
	var facts struct {
		Methods map[string]struct{ Errors []string }
	}
	if err := json.Unmarshal(data, &facts); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, method := range used {
		m, there := facts.Methods[method]
		if !there {
			t.Errorf("there is no method %s", method)
		}
		for _, code := range m.Errors {
			n++
			if _, known := codes[code]; !known {
				t.Errorf("%s: %s is not known", method, code)
			}
		}
	}
	if n < 200 {
		t.Errorf("only %d errors were looked at", n)
	}
}

// TestVerdicts: what announcements depend on, code by code.
func TestVerdicts(t *testing.T) {
	in, err := chat.NewThread(Platform, "T1", "C1", "1.000001")
	if err != nil {
		t.Fatal(err)
	}
	blockedAt := map[string]string{
		"is_archived": in.Parent().Key(), "not_in_channel": in.Parent().Key(), "channel_not_found": in.Parent().Key(),
		"restricted_action": in.Parent().Key(), "restricted_action_read_only_channel": in.Parent().Key(),
		"restricted_action_thread_locked": in.Key(), "account_inactive": in.WorkspaceKey(), "token_revoked": in.WorkspaceKey(),
		"invalid_auth": in.WorkspaceKey(), "missing_scope": in.WorkspaceKey(), "team_not_found": in.WorkspaceKey(),
	}
	a := &Adapter{}
	for code, known := range codes {
		err := a.failed("chat.postMessage", in, slackgo.SlackErrorResponse{Err: code})
		var (
			blocked  chat.Blocked
			later    chat.Later
			rejected chat.Rejected
		)
		switch {
		case errors.As(err, &blocked):
			if want, listed := blockedAt[code]; listed && blocked.Where != want {
				t.Errorf("%s blocks %s, want %s", code, blocked.Where, want)
			}
			if strings.HasPrefix(blocked.Why, "Slack says") {
				t.Errorf("%s blocks a place and does not say why", code)
			}
		case errors.As(err, &later):
			if later.After <= 0 || later.Where == "" {
				t.Errorf("%s: %+v", code, later)
			}
		case errors.As(err, &rejected), errors.As(err, new(chat.Gone)):
		case known.verdict != nobodyKnows:
			t.Errorf("%s says nothing for sure: %v", code, err)
		}
		if _, listed := blockedAt[code]; listed && blocked.Where == "" {
			t.Errorf("%s blocks nothing: %v", code, err)
		}
	}
	for _, code := range []string{"internal_error", "fatal_error", "service_unavailable", "a_code_of_tomorrow"} {
		err := a.failed("chat.postMessage", in, slackgo.SlackErrorResponse{Err: code})
		if errors.As(err, new(chat.Later)) || errors.As(err, new(chat.Blocked)) || errors.As(err, new(chat.Rejected)) || errors.As(err, new(chat.Gone)) {
			t.Errorf("%s says %v for sure", code, err)
		}
	}
}
