package commands_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// A digest says of each open session where it stands, what was decided since
// the last one and on whom it waits, shows the timelines of three, and names
// those that have ended. It notifies nobody.
func TestDigest(t *testing.T) {
	b := newBot(t)
	b.ok("ana", 0, "start product-launch Launch an invoicing tool")
	b.ok("ana", 1, "note decision Postgres")
	b.ok("ana", 1, "handoff open: who signs <@ben> & <!all>?")
	for i := range 4 {
		b.ok("ana", 0, fmt.Sprintf("start domain-deep-dive Audit %d", i))
	}
	b.ok("ana", 2, "pause because we wait")
	b.ok("ana", 5, "end because it was asked twice")
	channel := orchestration.ChannelKey(b.call("ana", 0, "").Thread.Key())
	ended, _, err := b.store.ByNumber(context.Background(), channel, 5)
	if err != nil {
		t.Fatal(err)
	}
	m, err := b.router.Digest(context.Background(), channel, time.Time{}, []state.SessionID{ended})
	if err != nil {
		t.Fatal(err)
	}
	must(t, words(m), "How things stand, Mon 23 Nov 2026", "Session 1, Six-week product launch: Launch an invoicing tool",
		"Phase 2 of 4: Prepare, due Mon 7 Dec 2026", "waiting on somebody to take 1 open item", "Build was handed off by ana", "decided: #1 Postgres",
		"(paused)", "Ended:", "Audit 3")
	if m.Short != "How things stand, Mon 23 Nov 2026: 4 open sessions" || len(m.To) > 0 || len(m.Files) != 3 || m.Files[0].Alt == "" {
		t.Errorf("short %q, to %v, %d files", m.Short, m.To, len(m.Files))
	}
	m, err = b.router.Digest(context.Background(), channel, time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC), nil)
	if err != nil {
		t.Fatal(err)
	}
	mustNot(t, words(m), "decided", "handed off", "Ended")
}
