package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/synthoperator/baton/adapters/slack"
	"github.com/synthoperator/baton/adapters/slack/slacktest"
)

// The doors of Slack, as a story counts them.
const (
	bySlash          = "slash command"
	byChannelMention = "mention in the channel"
	byMention        = "mention in the thread"
	byPaste          = "paste with line breaks in the thread"
	byButton         = "button"
	byButtonForm     = "form, opened by a button"
	byTypedForm      = "form, opened by a slash command"
	byShortcut       = "form, opened by a shortcut of a message"
)

var allDoors = []string{bySlash, byChannelMention, byMention, byPaste, byButton, byButtonForm, byTypedForm, byShortcut}

// colleague types, presses and submits in Slack what a scenario says.
type colleague struct {
	*office
	said   string            // the chat as the console has it
	labels map[string]string // of the buttons that a scenario shows, by what each stands for
	used   map[string]int
	root   string // of the session's thread
}

var (
	turnRE   = regexp.MustCompile(`(?s)^(\w+)@launch(/1)?> (.*)$`)
	buttonRE = regexp.MustCompile(`(?m)^baton@\S+\| → ([^:\n]+): (.+)$`)
)

// buttons are the labels of the buttons in a chat, by what each stands for.
func buttons(said string) map[string]string {
	all := map[string]string{}
	for _, m := range buttonRE.FindAllStringSubmatch(said, -1) {
		all[m[2]] = m[1]
	}
	return all
}

// says plays one turn through that of its doors which was used least so far.
func (c *colleague) says(turn string) {
	c.t.Helper()
	m := turnRE.FindStringSubmatch(strings.TrimRight(turn, "\n"))
	if m == nil || c.people[m[1]] == nil {
		c.t.Fatalf("nobody in this Slack says %q", turn)
	}
	who, text := c.people[m[1]], unindented(m[3])
	doors := c.threadDoors(who, text)
	if m[2] == "" {
		doors = c.channelDoors(who, text)
	}
	name := slices.MinFunc(slices.DeleteFunc(slices.Clone(allDoors), func(d string) bool { return doors[d] == nil }),
		func(a, b string) int { return c.used[a] - c.used[b] })
	c.used[name]++
	c.t.Logf("%s, %s: %s", m[1], name, text)
	doors[name]()
	c.settle()
}

// unindented is what is said in several lines, without what marks them as such in
// a scenario.
func unindented(text string) string {
	all := strings.Split(text, "\n")
	for i, line := range all[1:] {
		all[i+1] = strings.TrimPrefix(line, "  ")
	}
	return strings.Join(all, "\n")
}

func (c *colleague) channelDoors(who *slacktest.Person, text string) map[string]func() {
	return map[string]func(){
		bySlash:          func() { c.slash(who, text) },
		byChannelMention: func() { c.mention(who, "", text) },
	}
}

// changing are the verbs that act on the one session of a channel wherever they
// are said; the others look at the place in which they are said.
var changing = []string{"note", "handoff", "override", "undo", "run", "approve"}

// threadDoors are the doors through which a line of the session's thread can come.
func (c *colleague) threadDoors(who *slacktest.Person, text string) map[string]func() {
	verb, _, _ := strings.Cut(text, " ")
	if strings.Contains(text, "\n") {
		return map[string]func(){byPaste: func() { c.mention(who, c.root, text) }}
	}
	if verb == "Phase" { // the protocol's own sentences, as they are pasted
		return map[string]func(){byPaste: func() { c.mention(who, c.root, sentenceRE.ReplaceAllString(text, "\n$1")) }}
	}
	doors := map[string]func(){}
	if slices.Contains(changing, verb) {
		doors = c.channelDoors(who, text)
	}
	doors[byMention] = func() { c.mention(who, c.root, text) }
	if label := c.labels[text]; label != "" {
		if on, ok := c.button(label); ok {
			doors[byButton] = func() { c.heard(who.Click(on, label)) }
		}
	}
	if values, ok := formOf(text); ok {
		c.formDoors(doors, who, verb, values)
	}
	return doors
}

var sentenceRE = regexp.MustCompile(` ((?:Decisions|Artifacts|Open items|Switching to):)`)

// formDoors are the doors behind which there is a form.
func (c *colleague) formDoors(doors map[string]func(), who *slacktest.Person, verb string, values map[string]string) {
	if on, ok := c.button(c.labels[verb+" form"]); ok {
		doors[byButtonForm] = func() { c.fill(who, who.Click(on, c.labels[verb+" form"]), values) }
	}
	doors[byTypedForm] = func() { c.fill(who, who.Slash(c.launch, "/baton", verb+" form"), values) }
	doors[byShortcut] = func() {
		if verb == "handoff" {
			card, _ := c.launch.Message(c.root)
			c.fill(who, who.Shortcut(card, slack.HandOffShortcut), values)
			return
		}
		said := who.Say(c.launch, c.root, values["text"])
		c.settle()
		c.fill(who, who.Shortcut(said.Message, map[string]string{
			"decision": slack.DecisionShortcut, "artifact": slack.ArtifactShortcut, "open": slack.OpenShortcut,
		}[values["kind"]]), nil)
	}
}

// formOf are the values of a form that come to the same as a line. A form has no
// reason and no owner "for" whom something is, so lines with these are typed.
func formOf(text string) (map[string]string, bool) {
	if strings.Contains(text, " because ") || strings.Contains(text, " for @") {
		return nil, false
	}
	verb, rest, _ := strings.Cut(text, " ")
	switch verb {
	case "note":
		kind, words, _ := strings.Cut(rest, " ")
		return map[string]string{"kind": kind, "text": words}, true
	case "handoff":
		values := map[string]string{}
		parts := keyRE.FindAllStringSubmatchIndex(rest, -1)
		for i, at := range parts {
			end := len(rest)
			if i+1 < len(parts) {
				end = parts[i+1][0]
			}
			values[rest[at[2]:at[3]]] = strings.TrimSpace(rest[at[1]:end])
		}
		return values, true
	}
	return nil, false
}

var keyRE = regexp.MustCompile(`\b(decisions|artifacts|open):`)

// slash types a command in the channel; it is Slack that makes ids of names there.
func (c *colleague) slash(who *slacktest.Person, text string) {
	c.t.Helper()
	c.heard(who.Slash(c.launch, "/baton", text))
}

// mention says something to Baton and sees that it is answered.
func (c *colleague) mention(who *slacktest.Person, thread, text string) {
	c.t.Helper()
	text = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
	for _, p := range c.people {
		text = strings.ReplaceAll(text, "@"+p.Name, "<@"+p.ID+">")
	}
	if answer := who.Mention(c.launch, thread, c.bot, text).Answer(10 * time.Second); answer.TS == "" {
		c.t.Errorf("nothing is said to %q", text)
	}
}

// heard sees that Slack passed on what somebody did, and that Baton took it.
func (c *colleague) heard(seen *slacktest.Seen) {
	c.t.Helper()
	if seen.Refused != "" || seen.TimedOut {
		c.t.Errorf("refused: %q, timed out: %v", seen.Refused, seen.TimedOut)
	}
}

// fill fills in the form that was asked for, below what stands in its lists, and
// sends it. Who may not do that is told the same as at the console.
func (c *colleague) fill(who *slacktest.Person, seen *slacktest.Seen, values map[string]string) {
	c.t.Helper()
	c.heard(seen)
	form := seen.Opened()
	if form == nil {
		c.t.Errorf("%s sees no form, and is told %q", who.Name, seen.Told())
		return
	}
	c.settle()
	values = maps.Clone(values)
	for list, stands := range standing(form) {
		if more, ok := values[list]; ok {
			values[list] = stands + "\n- " + strings.ReplaceAll(more, "; ", "\n- ")
		}
	}
	sent := who.Submit(form, values)
	c.heard(sent)
	for _, told := range sent.Errors {
		if !strings.Contains(c.said, told) {
			c.t.Errorf("%s is told %q, which is not said at the console", who.Name, told)
		}
	}
	if len(sent.Errors) > 0 {
		c.heard(who.Close(form))
	}
	if form.Open() {
		c.t.Errorf("%s still sees the form %q: %s", who.Name, form.Title(), form.Shown())
	}
}

// standing is what stands in the lists of a form, one entry a line.
func standing(form *slacktest.View) map[string]string {
	all := map[string]string{}
	blocks, _ := form.JSON()["blocks"].([]any)
	for _, b := range blocks {
		b, _ := b.(map[string]any)
		element, _ := b["element"].(map[string]any)
		if text, ok := element["initial_value"].(string); ok && strings.HasPrefix(text, "- ") {
			all[fmt.Sprint(b["block_id"])] = text
		}
	}
	return all
}

// button is the message of the session's thread that has a button of that name: its
// card, which always shows how it stands, or else the newest.
func (c *colleague) button(label string) (slacktest.Message, bool) {
	card, _ := c.launch.Message(c.root)
	all := append(c.launch.Replies(c.root), card)
	for _, m := range slices.Backward(all) {
		if label != "" && strings.Contains(m.JSON(), `"text":"`+label+`","type":"plain_text"`) {
			return m, true
		}
	}
	return slacktest.Message{}, false
}
