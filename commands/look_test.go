package commands_test

import (
	"bytes"
	"image/png"
	"testing"
)

// Whoever joins late is told the phase, since when and by whom; what was
// decided, made and left open; what waits on whom since when; when it is due,
// what the last handoff said, and who may decide.
func TestCatchUp(t *testing.T) {
	b := newBot(t)
	b.ok("ana", 0, "start product-launch Launch an invoicing tool")
	b.ok("root", 0, "settings approver: @ben")
	b.ok("ana", 1, "note decision Postgres")
	b.ok("ana", 1, "note artifact Architecture doc")
	b.ok("ben", 1, "handoff open: pricing")
	b.ok("ana", 1, "run draft the landing page")
	b.ok("ana", 1, "run report 4: done")
	must(t, b.ok("mal", 1, "catchup"),
		"Phase 2 of 4: Prepare", "Since ", "opened by ben", "ana owns it", "Due Mon 7 Dec 2026", "May decide ana, ben", "Postgres", "Architecture doc", "pricing",
		"report on #4 waits since", "Waiting on ana, ben to decide on #4; somebody to take 1 open item", "Last handoff, by ben")
}

// The picture is a PNG, and whoever cannot see it is told the same.
func TestStatusPicture(t *testing.T) {
	b := newBot(t)
	b.ok("ana", 0, "start solo-sprint Ship the beta")
	for _, thread := range []int{0, 1} {
		m := b.say("ana", thread, "status picture")
		if m.Refused || m.Fault || len(m.Files) != 1 {
			t.Fatalf("%+v", m)
		}
		if _, err := png.Decode(bytes.NewReader(m.Files[0].Data)); err != nil {
			t.Error(err)
		}
		must(t, m.Files[0].Alt, "Ship the beta", "Build")
	}
}
