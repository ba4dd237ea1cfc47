package slacktest

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Person is somebody who works in a workspace, and what they do there.
type Person struct {
	ID, Name string
	TZ       string
	TZOffset int
	Admin    bool

	s     *Server
	team  *Workspace
	stack []*View // open modals, the topmost last
	homes map[string]*View
}

// Seen is what became of something a person did, as they see it.
type Seen struct {
	// Refused is what Slack's own client said instead of telling the app.
	Refused string
	// TimedOut says that the app did not acknowledge in time: Slack shows
	// operation_timeout.
	TimedOut bool
	// Text and Blocks are what the acknowledgement showed, InChannel to whom.
	Text      string
	Blocks    []any
	InChannel bool
	// Ack is what came with the acknowledgement, as it was sent.
	Ack json.RawMessage
	// Errors are the complaints at fields of a submitted modal.
	Errors map[string]string
	// Options are the answers to a search in a menu.
	Options []any

	trigger  string
	channel  *Channel
	person   *Person
	since    int
	delivery *Delivery
}

// Delivery is what the app was told, and how often.
func (s *Seen) Delivery() Delivery {
	if s.delivery == nil {
		return Delivery{}
	}
	s.person.s.mu.Lock()
	defer s.person.s.mu.Unlock()
	return s.delivery.copy()
}

// Opened is the modal that the app opened for what was done, if it did so within
// three seconds.
func (s *Seen) Opened() *View {
	var found *View
	s.person.s.Await(ackTime, func() bool {
		s.person.s.mu.Lock()
		defer s.person.s.mu.Unlock()
		if t := s.person.s.triggers[s.trigger]; t != nil && t.view != nil {
			found = t.view
		}
		return found != nil
	})
	return found
}

// Told is what only this person was told about it: with the acknowledgement, or
// within three seconds after it.
func (s *Seen) Told() string {
	if s.Text != "" && !s.InChannel || s.channel == nil {
		return s.Text
	}
	said := ""
	s.person.s.Await(ackTime, func() bool {
		if told := s.channel.Ephemerals(s.person.ID); len(told) > s.since {
			said = told[len(told)-1].Shown()
		}
		return said != ""
	})
	return said
}

// threadCommands is what Slack's client says (slack.md §1.1).
const threadCommands = " is not supported in threads. Sorry!"

// SlashInThread types a command as a reply in a thread. The app never hears of it.
func (p *Person) SlashInThread(_ *Channel, _, command, _ string) *Seen {
	return &Seen{Refused: command + threadCommands, person: p}
}

// Slash types a command in a channel.
func (p *Person) Slash(ch *Channel, command, text string) *Seen {
	s := p.s
	s.mu.Lock()
	seen := &Seen{person: p, channel: ch, since: ch.countFor(p.ID)}
	in := p.team.commandOwner(command)
	switch {
	case in == nil:
		seen.Refused = command + " is not a valid command."
	case !ch.members[p.ID]:
		seen.Refused = "You are not in this channel."
	}
	if seen.Refused != "" {
		s.mu.Unlock()
		return seen
	}
	form := p.commandForm(ch, in, command, text)
	seen.trigger = form.Get("trigger_id")
	payload := map[string]any{}
	for name := range form {
		payload[name] = form.Get(name)
	}
	if flag := form.Get("is_enterprise_install"); flag != "" && !in.app.TextEnterpriseFlag {
		payload["is_enterprise_install"] = flag == "true"
	}
	seen.delivery = s.deliver(in.app, p.team.ID, Command, payload, form)
	s.mu.Unlock()
	if seen.await() {
		seen.commandAnswer(in)
	}
	return seen
}

// commandOwner is the app that a command belongs to: of several, the one that
// was installed last (D:interactivity/implementing-slash-commands).
func (w *Workspace) commandOwner(command string) *Install {
	for _, in := range slices.Backward(w.installs) {
		if slices.Contains(in.app.Commands, command) && slices.Contains(in.Scopes, "commands") {
			return in
		}
	}
	return nil
}

func (p *Person) commandForm(ch *Channel, in *Install, command, text string) url.Values {
	name := ch.Name
	switch ch.Kind {
	case Private:
		name = "privategroup"
	case IM:
		name = "directmessage"
	}
	if in.app.Escape {
		text = p.team.escape(text)
	}
	form := url.Values{
		"token": {"t"}, "team_id": {p.team.ID}, "team_domain": {p.team.Name}, "channel_id": {ch.ID}, "channel_name": {name},
		"user_id": {p.ID}, "user_name": {p.Name}, "command": {command}, "text": {text}, "api_app_id": {in.app.ID},
		"response_url": {p.s.newHook("commands", in, ch, p.ID, nil)}, "trigger_id": {p.s.newTrigger(p, in, nil)},
		"is_enterprise_install": {map[bool]string{true: "true", false: "false"}[in.org != nil]},
	}
	if in.app.OmitEnterpriseFlag {
		form.Del("is_enterprise_install")
	}
	if p.team.org != nil {
		form.Set("enterprise_id", p.team.org.ID)
		form.Set("enterprise_name", p.team.org.Name)
	}
	return form
}

// escape writes names as Slack does with should_escape.
func (w *Workspace) escape(text string) string {
	words := strings.Split(strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text), " ")
	for i, word := range words {
		name, is := strings.CutPrefix(word, "@")
		for _, p := range w.people {
			if is && p.Name == name {
				words[i] = "<@" + p.ID + "|" + p.Name + ">"
			}
		}
		name, is = strings.CutPrefix(word, "#")
		for _, c := range w.channels {
			if is && c.Name == name && c.Kind == Public {
				words[i] = "<#" + c.ID + "|" + c.Name + ">"
			} else if is && c.Name == name {
				words[i] = "<#" + c.ID + "|>"
			}
		}
		if strings.HasPrefix(word, "https://") || strings.HasPrefix(word, "http://") {
			words[i] = "<" + word + ">"
		}
	}
	return strings.Join(words, " ")
}

// await waits for the acknowledgement.
func (s *Seen) await() bool {
	srv, d := s.person.s, s.delivery
	t := time.NewTimer(ackTime)
	defer t.Stop()
	select {
	case <-d.answers:
	case <-t.C:
	case <-srv.done:
	}
	srv.mu.Lock()
	defer srv.mu.Unlock()
	s.TimedOut = !d.Acked
	s.Ack = d.Response
	return d.Acked
}

func (c *Channel) countFor(user string) int {
	n := 0
	for _, m := range c.messages {
		if m.For == user {
			n++
		}
	}
	return n
}
