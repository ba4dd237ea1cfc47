package slack

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/synthoperator/baton/chat"
)

// A pointer to a channel is Slack's own mention of it, which shows the name that
// people know; a channel of elsewhere has its key.
func TestPointerToAChannel(t *testing.T) {
	for key, want := range map[string]string{
		"slack/T1/C7":   `{"type":"channel","channel_id":"C7"}`,
		"discord/1/234": `Also told: discord/1/234`,
	} {
		to, err := chat.ParseThread(key)
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(pointer(chat.Pointer{Label: "Also told", To: chat.Ref{Thread: to}}))
		if err != nil || !strings.Contains(string(got), want) {
			t.Errorf("%s is shown as %s, %v", key, got, err)
		}
	}
}
