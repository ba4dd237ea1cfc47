package main

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/synthoperator/baton/adapters/discord"
)

// The same six weeks, said in Discord by command, button, form, menu and mention,
// leave the log that they leave when they are typed at the console: over both
// transports, and where personas have faces.
func TestTheLaunchInDiscord(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/scenarios/product-launch.txtar")
	if err != nil {
		t.Fatal(err)
	}
	s := readScenario(t, archive)
	s.shipped = shippedLines(t)
	said, log := s.play(t, inMemory(t), false)
	want := wherever(t, log)
	for _, with := range []struct {
		name      string
		transport discord.Transport
		faces     bool
	}{
		{"gateway", discord.Gateway, false},
		{"http", discord.HTTP, false},
		{"gateway with faces", discord.Gateway, true},
	} {
		t.Run(with.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(monday))
				m := &mate{hall: openHall(t, with.transport, with.faces), over: with.transport, said: said, labels: buttons(said), used: map[string]int{}}
				m.plays(s)
				m.close()
				if diff := cmp.Diff(lines(want), lines(wherever(t, m.recorded(s)))); diff != "" {
					t.Errorf("the log (-console +discord):\n%s", diff)
				}
				m.looks()
			})
		})
	}
}

// plays plays the chat of a scenario.
func (m *mate) plays(s scenario) {
	m.t.Helper()
	clock := &player{t: m.t}
	for _, turn := range s.turns() {
		if strings.HasPrefix(turn, "//") {
			if wait := time.Until(clock.until(turn)); wait > 0 {
				time.Sleep(wait)
				m.settle()
			}
			continue
		}
		if strings.TrimSpace(turn) == "" {
			continue
		}
		m.says(turn)
		if m.root == nil {
			m.root = m.thread(m.launch)
		}
	}
	for _, door := range discordDoors(m.over) {
		m.t.Logf("%2d × %s", m.used[door], door)
		if m.used[door] == 0 {
			m.t.Errorf("nothing came through the door %q", door)
		}
	}
}

// looks sees that what stands in Discord in the end is what was said at the console:
// each announcement once and in order, and the card as it turned last.
func (m *mate) looks() {
	m.t.Helper()
	var want, got []string
	for _, one := range announcedRE.FindAllStringSubmatch(m.said, -1) {
		want = append(want, one[1])
	}
	for _, one := range m.launch.Messages() {
		for _, line := range strings.Split(textOf(one), "\n") {
			if slices.Contains(want, line) {
				got = append(got, line)
			}
		}
	}
	if len(want) == 0 {
		m.t.Error("the scenario announces nothing")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		m.t.Errorf("announced in the channel (-console +discord):\n%s", diff)
	}
	all := standingRE.FindAllStringSubmatch(m.said, -1)
	last := strings.Split(all[len(all)-1][1], " · ")[1]
	if card := textOf(m.card()); !slices.Contains(strings.Split(card, "\n"), last) {
		m.t.Errorf("the session stands at %q, and the card shows\n%s", last, card)
	}
	m.clean()
}
