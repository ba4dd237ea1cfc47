package console

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/synthoperator/baton/chat"
)

// twin answers from a script and keeps what it was called with.
type twin struct {
	mu     sync.Mutex
	calls  []chat.Call
	answer func(chat.Call) chat.Message
}

func (h *twin) Handle(_ context.Context, c chat.Call) chat.Message {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.calls = append(h.calls, c)
	if h.answer != nil {
		return h.answer(c)
	}
	return chat.Message{Blocks: []chat.Block{chat.Paragraph(c.Person.Name + " said " + c.Text)}}
}

func (h *twin) Complete(_ context.Context, c chat.Call) []chat.Suggestion {
	word := c.Text[strings.LastIndexByte(c.Text, ' ')+1:]
	var out []chat.Suggestion
	for _, name := range []string{"status", "start", "startup-cto", "seo-audit"} {
		if strings.HasPrefix(name, word) {
			out = append(out, chat.Suggestion{Text: name, Label: name, Detail: "about " + name})
		}
	}
	return out
}

func (h *twin) Specs() []chat.Spec {
	return []chat.Spec{
		{Name: "handoff", Usage: "handoff decisions: …; … artifacts: … open: …", Options: []chat.Option{
			{Name: "decisions", Kind: chat.List}, {Name: "artifacts", Kind: chat.List},
		}},
		{Name: "approve", Usage: "approve 7", Options: []chat.Option{{Name: "task", Kind: chat.Number}, {Name: "note"}}},
	}
}

// played is the output of piping a text through a console.
func played(t *testing.T, h *twin, opts Options, in string) string {
	t.Helper()
	var out strings.Builder
	opts.In, opts.Out, opts.Handler = strings.NewReader(in), &out, h
	if err := Run(t.Context(), opts); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// brief is a call as a test reads it.
func brief(c chat.Call) string {
	at := c.Thread.Channel()
	if !c.Thread.InChannel() {
		at += "/" + c.Thread.Root()
	}
	who := c.Person.ID
	if c.Operator {
		who += "!"
	}
	return fmt.Sprintf("%s@%s %q", who, at, c.Text)
}
