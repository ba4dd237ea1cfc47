package console

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/synthoperator/baton/chat"
)

func TestTheHintForSeveralLines(t *testing.T) {
	const yes, no = true, false
	for _, test := range []struct {
		name, in string
		hint     bool
	}{
		{"after a refusal", "ana@launch> no such\nstatus", yes},
		{"after a handoff", "ana@launch/1> Phase 1 complete.\nDecisions: Postgres", yes},
		{"after a bold handoff", "ana@launch/1> **Phase 12 complete.**\nDecisions: Postgres", yes},
		{"after a handoff and a blank line", "ana@launch/1> Phase 1 complete.\n\nDecisions: Postgres", yes},
		{"after a report's first line", "ana@launch/1> run report 3: # Architecture\nWe use Postgres", yes},
		{"after an indented handoff", "ana@launch/1> Phase 1 complete.\n  Decisions: Postgres\nstatus", no},
		{"after a handoff on one line", "ana@launch/1> Phase 1 complete. Decisions: Postgres\nstatus", no},
		{"after an indented report", "ana@launch/1> run report 3: # Architecture\n  We use Postgres\nstatus", no},
		{"after an answer", "ana@launch> status\nstatus", no},
		{"before a prefix", "ana@launch> no such\nana@launch> status", no},
		{"after a refusal without a prefix", "no such\nstatus", no},
		{"after a blank line", "ana@launch> no such\n\nstatus", no},
		{"after a blank line and text", "ana@launch> no such\n  of it\n\nstatus", no},
		{"after text with a blank line in it", "ana@launch> no such\n\n  of it\nstatus", yes},
		{"after a remark", "ana@launch> Phase 1 complete.\n// so\nstatus", no},
		{"after what Baton said", "ana@launch> no such\nbaton@launch| refused\nstatus", no},
		{"later", "ana@launch> no such\nana@launch> status\nstatus", no},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := &twin{answer: func(c chat.Call) chat.Message {
				return chat.Message{Title: "answer", Refused: strings.HasPrefix(c.Text, "no such")}
			}}
			out := played(t, h, Options{}, test.in+"\n")
			if got := strings.HasSuffix(out, "baton@general| answer\nbaton@general| "+indentHint+"\n"); got != test.hint || !got && strings.Contains(out, indentHint) {
				t.Errorf("hint %v, want %v:\n%s", got, test.hint, out)
			}
		})
	}
}

// The hint is given once, changes nothing about what is done, and is part of
// the answer as JSON too.
func TestTheHintIsGivenOnce(t *testing.T) {
	in := "ana@launch> Phase 1 complete.\nDecisions: a\nana@launch> Phase 1 complete.\nDecisions: b\n"
	h := &twin{}
	out := played(t, h, Options{}, in)
	if strings.Count(out, indentHint) != 1 || len(h.calls) != 4 || brief(h.calls[3]) != `you!@general "Decisions: b"` {
		t.Errorf("%v\n%s", said(h), out)
	}
	var a Answer
	lines := strings.Split(played(t, &twin{}, Options{JSON: true}, in), "\n")
	if err := json.Unmarshal([]byte(lines[1]), &a); err != nil || !strings.HasSuffix(a.Text, "\n"+indentHint) {
		t.Errorf("%q, %v", a.Text, err)
	}
}
