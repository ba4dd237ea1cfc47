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
func (v *colleague) says(turn string) {
	v.t.Helper()
	m := turnRE.FindStringSubmatch(strings.TrimRight(turn, "\n"))
	if m == nil || v.people[m[1]] == nil {
		v.t.Fatalf("nobody in this Slack says %q", turn)
	}
	who, text := v.people[m[1]], unindented(m[3])
	doors := v.threadDoors(who, text)
	if m[2] == "" {
		doors = v.channelDoors(who, text)
	}
	name := slices.MinFunc(slices.DeleteFunc(slices.Clone(allDoors), func(d string) bool { return doors[d] == nil }),
		func(a, b string) int { return v.used[a] - v.used[b] })
	v.used[name]++
	v.t.Logf("%s, %s: %s", m[1], name, text)
	doors[name]()
	v.settle()
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

func (v *colleague) channelDoors(who *slacktest.Person, text string) map[string]func() {
	return map[string]func(){
		bySlash:          func() { v.slash(who, text) },
		byChannelMention: func() { v.mention(who, "", text) },
	}
}

// threadDoors are the doors through which a line of the session's thread can come.
func (v *colleague) threadDoors(who *slacktest.Person, text string) map[string]func() {
	doors := map[string]func(){byMention: func() { v.mention(who, v.root, text) }}
	if strings.Contains(text, "\n") {
		return map[string]func(){byPaste: doors[byMention]}
	}
	if on, ok := v.button(v.labels[text]); ok {
		doors[byButton] = func() { v.heard(who.Click(on, v.labels[text])) }
	}
	if values, ok := formOf(text); ok {
		verb, _, _ := strings.Cut(text, " ")
		if label := v.labels[verb+" form"]; label != "" {
			if on, ok := v.button(label); ok {
				doors[byButtonForm] = func() { v.fill(who, who.Click(on, label), values) }
			}
		}
		doors[byTypedForm] = func() { v.fill(who, who.Slash(v.launch, "/baton", verb+" form"), values) }
	}
	if shortcut, words := shortcutOf(text); shortcut != "" {
		doors[byShortcut] = func() {
			said := who.Say(v.launch, v.root, words)
			v.settle()
			v.fill(who, who.Shortcut(said.Message, shortcut), nil)
		}
	}
	return doors
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

// shortcutOf is the shortcut that records what a line records, and the message to
// use it on.
func shortcutOf(text string) (callback, words string) {
	for kind, callback := range map[string]string{
		"decision": slack.DecisionShortcut, "artifact": slack.ArtifactShortcut, "open": slack.OpenShortcut,
	} {
		if words, ok := strings.CutPrefix(text, "note "+kind+" "); ok && !strings.Contains(words, " because ") && !strings.Contains(words, " for @") {
			return callback, words
		}
	}
	return "", ""
}

// slash types a command in the channel; it is Slack that makes ids of names there.
func (v *colleague) slash(who *slacktest.Person, text string) {
	v.t.Helper()
	v.heard(who.Slash(v.launch, "/baton", text))
}

// mention says something to Baton and sees that it is answered.
func (v *colleague) mention(who *slacktest.Person, thread, text string) {
	v.t.Helper()
	text = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
	for _, p := range v.people {
		text = strings.ReplaceAll(text, "@"+p.Name, "<@"+p.ID+">")
	}
	if answer := who.Mention(v.launch, thread, v.bot, text).Answer(10 * time.Second); answer.TS == "" {
		v.t.Errorf("nothing is said to %q", text)
	}
}

// heard sees that Slack passed on what somebody did, and that Baton took it.
func (v *colleague) heard(seen *slacktest.Seen) {
	v.t.Helper()
	if seen.Refused != "" || seen.TimedOut {
		v.t.Errorf("refused: %q, timed out: %v", seen.Refused, seen.TimedOut)
	}
}

// fill fills in the form that was asked for, under what stands in it, and sends
// it. Whoever may not do that is told so.
func (v *colleague) fill(who *slacktest.Person, seen *slacktest.Seen, values map[string]string) {
	v.t.Helper()
	v.heard(seen)
	form := seen.Opened()
	if form == nil {
		if seen.Told() == "" {
			v.t.Errorf("%s sees neither a form nor why there is none", who.Name)
		}
		return
	}
	v.settle()
	values = maps.Clone(values)
	stands := standing(form)
	for name, value := range values {
		if old := stands[name]; old != "" && form.JSON()["title"] != nil && name != "kind" && name != "text" {
			values[name] = old + "\n- " + strings.ReplaceAll(value, "; ", "\n- ")
		}
	}
	sent := who.Submit(form, values)
	v.heard(sent)
	if len(sent.Errors) > 0 {
		v.t.Logf("%s is told: %v", who.Name, sent.Errors)
		v.heard(who.Close(form))
	}
}

// standing is what stands in the inputs of a form.
func standing(form *slacktest.View) map[string]string {
	all := map[string]string{}
	blocks, _ := form.JSON()["blocks"].([]any)
	for _, b := range blocks {
		b, _ := b.(map[string]any)
		element, _ := b["element"].(map[string]any)
		if text, ok := element["initial_value"].(string); ok {
			all[fmt.Sprint(b["block_id"])] = text
		}
	}
	return all
}

// button is the newest message of the session's thread, its card included, that
// has a button of that name.
func (v *colleague) button(label string) (slacktest.Message, bool) {
	card, _ := v.launch.Message(v.root)
	all := append([]slacktest.Message{card}, v.launch.Replies(v.root)...)
	for _, m := range slices.Backward(all) {
		if label != "" && strings.Contains(m.JSON(), `"text":"`+label+`","type":"plain_text"`) {
			return m, true
		}
	}
	return slacktest.Message{}, false
}
