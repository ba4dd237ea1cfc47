package discord

import (
	"testing"

	"github.com/synthoperator/baton/chat"
)

// A pointer to a channel is Discord's own mention of it, which shows the name that
// people know.
func TestPointerToAChannel(t *testing.T) {
	to, err := chat.NewThread(Platform, "1", "234", "")
	if err != nil {
		t.Fatal(err)
	}
	if got := pointer(chat.Pointer{Label: "Also told", To: chat.Ref{Thread: to}}); got != "Also told: <#234>" {
		t.Errorf("it is shown as %q", got)
	}
	if got := pointer(chat.Pointer{Label: "<#234>", To: chat.Ref{}}); got == "<#234>" {
		t.Error("a label mentions a channel")
	}
}
