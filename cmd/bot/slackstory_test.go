package main

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/synthoperator/baton/adapters/slack"
)

// The same six weeks, said in Slack by mention, command, button and form, leave
// the log that they leave when they are typed at the console: over both transports,
// with no more permissions than by default and with all there are.
func TestTheLaunchInSlack(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/scenarios/product-launch.txtar")
	if err != nil {
		t.Fatal(err)
	}
	s := readScenario(t, archive)
	s.shipped = shippedLines(t)
	said, log := s.play(t, inMemory(t), false)
	want := wherever(t, log)
	every := slices.DeleteFunc(slack.Features(), func(f slack.Feature) bool { return f == slack.Agents }) // which there are none of yet
	for _, with := range []struct {
		name      string
		transport slack.Transport
		features  []slack.Feature
	}{
		{"socket", slack.SocketMode, DefaultConfig().Slack.Features},
		{"http", slack.HTTP, DefaultConfig().Slack.Features},
		{"http with every feature", slack.HTTP, every},
	} {
		t.Run(with.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(monday))
				c := &colleague{office: openOffice(t, with.transport, with.features), said: said, labels: buttons(said), used: map[string]int{}}
				c.plays(s)
				c.close()
				if diff := cmp.Diff(lines(want), lines(wherever(t, c.recorded(s)))); diff != "" {
					t.Errorf("the log (-console +slack):\n%s", diff)
				}
				c.looks()
			})
		})
	}
}

// plays plays the chat of a scenario.
func (c *colleague) plays(s scenario) {
	c.t.Helper()
	clock := &player{t: c.t}
	for _, turn := range s.turns() {
		if strings.HasPrefix(turn, "//") {
			if wait := time.Until(clock.until(turn)); wait > 0 {
				time.Sleep(wait)
				c.settle()
			}
			continue
		}
		if strings.TrimSpace(turn) == "" {
			continue
		}
		c.says(turn)
		if c.root == "" {
			c.root = c.cardOfTheSession()
		}
	}
	for _, door := range allDoors {
		c.t.Logf("%2d × %s", c.used[door], door)
		if c.used[door] == 0 {
			c.t.Errorf("nothing came through the door %q", door)
		}
	}
}

// cardOfTheSession is the message under which the session's thread hangs.
func (c *colleague) cardOfTheSession() string {
	c.t.Helper()
	for _, m := range c.launch.Messages() {
		if m.BotID == c.bot.BotID && m.ThreadTS == "" && strings.Contains(m.Shown(), "Six-week product launch") {
			return m.TS
		}
	}
	c.t.Fatalf("there is no card: %v", c.launch.Messages())
	return ""
}

var (
	entryRE = regexp.MustCompile(`(?m)^(\d+) `)
	namedRE = regexp.MustCompile(`\bentry (\d+)\b`)
	boundRE = regexp.MustCompile(`(?m), bound to console/\S+?,|^\d+ .*bound to (?:slack/T1/C1/\d+\.\d+|discord/\d+/\d+/\d+)$\n`)
)

// wherever is a log without where its session is bound. That is the one thing in
// which platforms differ: at the console a thread has its name before anything is
// said in it, so that a session is bound as it starts, while Slack and Discord name
// a thread after the card under which it hangs, so that the session is bound by an entry of
// its own once the card was delivered. All entries after it have one number more,
// by which some are named by others.
func wherever(t *testing.T, log string) string {
	t.Helper()
	bound := boundRE.FindAllString(log, -1)
	if len(bound) != 1 {
		t.Fatalf("the session is bound %d times:\n%s", len(bound), log)
	}
	if strings.HasPrefix(bound[0], ",") {
		return strings.Replace(log, bound[0], ",", 1)
	}
	log = strings.Replace(log, bound[0], "", 1)
	if !strings.HasPrefix(bound[0], "2 ") {
		t.Errorf("the session is bound late: %s", bound[0])
	}
	before := func(text string) string {
		n, _ := strconv.Atoi(text)
		if n > 2 {
			n--
		}
		return strconv.Itoa(n)
	}
	log = entryRE.ReplaceAllStringFunc(log, func(m string) string { return before(strings.TrimSpace(m)) + " " })
	return namedRE.ReplaceAllStringFunc(log, func(m string) string { return "entry " + before(strings.TrimPrefix(m, "entry ")) })
}

var (
	announcedRE = regexp.MustCompile(`(?m)^baton@launch\| (Session 1: .+)$`)
	standingRE  = regexp.MustCompile(`(?m)^baton@launch\| (Session 1 .+)$`)
)

// looks sees that what stands in Slack in the end is what was said at the console:
// each announcement once and in order, and the card as it turned last.
func (c *colleague) looks() {
	c.t.Helper()
	var want, got []string
	for _, m := range announcedRE.FindAllStringSubmatch(c.said, -1) {
		want = append(want, m[1])
	}
	for _, m := range c.launch.Messages() {
		if m.Broadcast {
			got = append(got, m.Text)
		}
	}
	if len(want) == 0 {
		c.t.Error("the scenario announces nothing")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		c.t.Errorf("announced in the channel (-console +slack):\n%s", diff)
	}
	all := standingRE.FindAllStringSubmatch(c.said, -1)
	card, _ := c.launch.Message(c.root)
	if last := all[len(all)-1][1]; card.Text != last {
		c.t.Errorf("the card shows %q, and the session stands at %q", card.Text, last)
	}
	for _, bad := range c.Violations() {
		c.t.Errorf("Slack would not have it: %s", bad)
	}
}
