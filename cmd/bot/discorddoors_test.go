package main

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/synthoperator/baton/adapters/discord"
	"github.com/synthoperator/baton/adapters/discord/discordtest"
)

// The doors of Discord that Slack does not have; the others have the same names.
const (
	byThreadSlash = "slash command in the thread"
	byMenu        = "form, opened from a message's menu"
)

// discordDoors are the doors that there are over a transport: over HTTP Discord
// tells of no messages.
func discordDoors(over discord.Transport) []string {
	all := []string{bySlash, byThreadSlash, byButton, byButtonForm, byTypedForm, byMenu}
	if over == discord.Gateway {
		all = append(all, byChannelMention, byMention, byPaste)
	}
	return all
}

// mate types, presses and submits in Discord what a scenario says.
type mate struct {
	*hall
	over   discord.Transport
	said   string            // the chat as the console has it
	labels map[string]string // of the buttons that a scenario shows, by what each stands for
	used   map[string]int
	root   *discordtest.Channel // the session's thread
}

// says plays one turn through that of its doors which was used least so far.
func (m *mate) says(turn string) {
	m.t.Helper()
	line := turnRE.FindStringSubmatch(strings.TrimRight(turn, "\n"))
	if line == nil || m.people[line[1]] == nil {
		m.t.Fatalf("nobody in this Discord says %q", turn)
	}
	who, text := m.people[line[1]], unindented(line[3])
	doors := m.threadDoors(who, text)
	if line[2] == "" {
		doors = m.channelDoors(who, text)
	}
	open := slices.DeleteFunc(discordDoors(m.over), func(d string) bool { return doors[d] == nil })
	if len(open) == 0 {
		m.t.Fatalf("there is no door for %q", text)
	}
	name := slices.MinFunc(open, func(a, b string) int { return m.used[a] - m.used[b] })
	m.used[name]++
	m.t.Logf("%s, %s: %s", line[1], name, text)
	doors[name]()
	m.settle()
}

func (m *mate) channelDoors(who *discordtest.Member, text string) map[string]func() {
	doors := map[string]func(){byChannelMention: func() { m.mention(who, m.launch, text) }}
	if typed, ok := optionsTyped(text); ok {
		doors[bySlash] = func() { m.does(slashed(m.people, who, m.launch, typed)) }
	}
	return doors
}

// threadDoors are the doors through which a line of the session's thread can come.
func (m *mate) threadDoors(who *discordtest.Member, text string) map[string]func() {
	verb, _, _ := strings.Cut(text, " ")
	doors := map[string]func(){}
	typed, oneLine := optionsTyped(text)
	if slices.Contains(changing, verb) && oneLine {
		doors = m.channelDoors(who, text)
	}
	if oneLine {
		doors[byThreadSlash] = func() { m.does(slashed(m.people, who, m.root, typed)) }
		doors[byMention] = func() { m.mention(who, m.root, text) }
	}
	if verb == "Phase" || !oneLine { // the protocol's own sentences, as they are pasted
		doors[byPaste] = func() { m.mention(who, m.root, sentenceRE.ReplaceAllString(text, "\n$1")) }
		delete(doors, byMention)
	}
	if label := m.labels[text]; label != "" {
		if on, ok := m.button(label); ok {
			doors[byButton] = func() { m.does(who.Click(on, label)) }
		}
	}
	if values, ok := formOf(text); ok {
		m.formDoors(doors, who, verb, values)
	}
	if values, ok := reportOf(text); ok {
		on, _ := m.button(m.labels["run form"])
		doors[byButtonForm] = func() {
			m.fills(who, values, func() (*discordtest.Interaction, error) { return who.Click(on, m.labels["run form"]) })
		}
	}
	return doors
}

// formDoors are the doors behind which there is a form.
func (m *mate) formDoors(doors map[string]func(), who *discordtest.Member, verb string, values map[string]string) {
	if on, ok := m.button(m.labels[verb+" form"]); ok {
		doors[byButtonForm] = func() {
			m.fills(who, values, func() (*discordtest.Interaction, error) { return who.Click(on, m.labels[verb+" form"]) })
		}
	}
	doors[byTypedForm] = func() {
		typed := "baton " + verb + " form:true"
		if verb == "note" {
			typed = "baton note kind:" + values["kind"] + " form:true"
		}
		m.fills(who, values, func() (*discordtest.Interaction, error) { return slashed(m.people, who, m.root, typed) })
	}
	doors[byMenu] = func() {
		if verb == "handoff" {
			card := m.card()
			m.fills(who, values, func() (*discordtest.Interaction, error) { return who.MessageCommand(card, "Hand off this") })
			return
		}
		said, err := who.Say(m.root, values["text"])
		if err != nil {
			m.t.Fatal(err)
		}
		name := map[string]string{"decision": "Record decision", "artifact": "Record artifact", "open": "Record open item"}[values["kind"]]
		m.fills(who, nil, func() (*discordtest.Interaction, error) { return who.MessageCommand(said, name) })
	}
}

// fills opens a form, fills it in below what stands in its lists, and sends it. Who
// may not do that is told the same as at the console.
func (m *mate) fills(who *discordtest.Member, values map[string]string, open func() (*discordtest.Interaction, error)) {
	m.t.Helper()
	opened, err := open()
	seen := m.does(opened, err)
	if seen.Modal == nil {
		m.refused(who, seen)
		return
	}
	entered := discordtest.Values{}
	for _, field := range seen.Modal.Fields {
		more, ok := values[field.CustomID]
		switch {
		case !ok:
		case strings.HasPrefix(field.Value, "- "):
			entered[field.CustomID] = field.Value + "\n- " + strings.ReplaceAll(more, "; ", "\n- ")
		default:
			entered[field.CustomID] = more
		}
	}
	m.refused(who, m.does(who.Submit(opened, entered)))
}

// refused sees that who is told privately is told what is said at the console, too.
func (m *mate) refused(who *discordtest.Member, seen discordtest.Seen) {
	m.t.Helper()
	text := strings.TrimSpace(shownIn(seen))
	first, _, _ := strings.Cut(text, "\n")
	if seen.Ephemeral && !strings.Contains(m.said, first) {
		m.t.Errorf("%s is told %q, which is not said at the console", who.User.Name, text)
	}
}

// mention says something to Baton and sees that it is answered.
func (m *mate) mention(who *discordtest.Member, in *discordtest.Channel, text string) {
	m.t.Helper()
	for name, p := range m.people {
		text = strings.ReplaceAll(text, "@"+name, p.Mention())
	}
	said, err := who.Say(in, m.app.Mention()+" "+text)
	if err != nil {
		m.t.Fatal(err)
	}
	m.settle()
	if !slices.ContainsFunc(in.Messages(), func(a discordtest.Message) bool { return a.ReplyTo == said.ID }) {
		m.t.Errorf("nothing is said to %q", text)
	}
}

// card is the message under which the session's thread hangs.
func (m *mate) card() discordtest.Message {
	m.t.Helper()
	card, ok := m.launch.Message(m.root.ID)
	if !ok {
		m.t.Fatal("there is no card")
	}
	return card
}

// button is the message that has a button of that name: the session's card, which
// always shows how it stands, or else the newest in its thread, or in the channel.
func (m *mate) button(label string) (discordtest.Message, bool) {
	if label == "" {
		return discordtest.Message{}, false
	}
	for _, one := range slices.Backward(slices.Concat(m.launch.Messages(), m.root.Messages(), []discordtest.Message{m.card()})) {
		if slices.Contains(strings.Split(textOf(one), "\n"), label) {
			return one, true
		}
	}
	return discordtest.Message{}, false
}

// positional are the options that a line names by their places, by verb.
var positional = map[string][]string{
	"start": {"pattern", "objective"}, "note": {"kind", "text"}, "override": {"what", "to"}, "run": {"brief"},
	"approve": {"number"}, "prompt": {"task"}, "status": {"what"}, "export": {"format"},
}

var (
	itemRE   = regexp.MustCompile(`^#(\d+) ?`)
	reportRE = regexp.MustCompile(`(?s)^run report (\d+): (.*)$`)
	phaseRE  = regexp.MustCompile(`^Phase \d+ complete\. Decisions: (.*) Artifacts: (.*) Open items: none Switching to: .*$`)
)

// optionsTyped is a line as Discord has it typed, with an option for each of its
// parts. Several lines cannot be typed there.
func optionsTyped(text string) (string, bool) {
	if m := phaseRE.FindStringSubmatch(text); m != nil {
		return "baton handoff decisions:" + m[1] + " artifacts:" + m[2], true
	}
	if strings.Contains(text, "\n") {
		return "", false
	}
	verb, rest, _ := strings.Cut(text, " ")
	places, known := positional[verb]
	if !known && rest != "" && !slices.Contains([]string{"handoff", "undo"}, verb) {
		return "", false
	}
	options := map[string]string{}
	if before, reason, ok := strings.Cut(" "+rest, " because "); ok {
		rest, options["because"] = strings.TrimSpace(before), reason
	}
	if before, who, ok := strings.Cut(rest, " for @"); ok {
		rest, options["owner"] = before, who
	}
	rest = keyed(verb, rest, options)
	for i, place := range places {
		word := rest
		if i < len(places)-1 {
			word, rest, _ = strings.Cut(rest, " ")
		}
		if word != "" {
			options[place] = word
		}
	}
	if m := itemRE.FindStringSubmatch(options["text"]); m != nil && options["kind"] == "resolve" {
		options["item"], options["text"] = m[1], strings.TrimPrefix(options["text"], m[0])
	}
	line := "baton " + verb
	for _, name := range slices.Sorted(maps.Keys(options)) {
		if options[name] != "" {
			line += " " + name + ":" + options[name]
		}
	}
	return line, true
}

// keyed takes the options off a line that are named in it.
func keyed(verb, rest string, into map[string]string) string {
	var names []string
	for _, o := range theCommands()[verb].Options {
		names = append(names, o.Name)
	}
	at := regexp.MustCompile(`(?:^| )(`+strings.Join(names, "|")+`): `).FindAllStringSubmatchIndex(rest, -1)
	for i, m := range at {
		end := len(rest)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		into[rest[m[2]:m[3]]] = rest[m[1]:end]
	}
	if len(at) > 0 {
		return strings.TrimSpace(rest[:at[0][0]])
	}
	return rest
}

// reportOf is what is pasted into the form of a report.
func reportOf(text string) (map[string]string, bool) {
	m := reportRE.FindStringSubmatch(text)
	if m == nil {
		return nil, false
	}
	return map[string]string{"report": m[2]}, true
}
