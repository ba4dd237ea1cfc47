package slacktest

import (
	"fmt"
	"slices"
	"time"
)

// Said is something a person wrote.
type Said struct {
	Message Message
	person  *Person
	channel *Channel
	told    []*Delivery
	before  int
}

// Say writes in a channel, or in a thread when thread is the timestamp of its root.
func (p *Person) Say(ch *Channel, thread, text string) *Said { return p.say(ch, thread, text, false) }

// Mention writes to an app's bot. The app hears of it as app_mention and, where it
// subscribed, as message.* under another event id; messageFirst puts that first.
func (p *Person) Mention(ch *Channel, thread string, bot *Install, text string, messageFirst ...bool) *Said {
	return p.say(ch, thread, "<@"+bot.UserID+"> "+text, len(messageFirst) > 0 && messageFirst[0])
}

func (p *Person) say(ch *Channel, thread, text string, messageFirst bool) *Said {
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	m := &Message{User: p.ID, Text: text, ThreadTS: thread, UnfurlLinks: true, UnfurlMedia: true}
	m.Team, m.Channel, m.TS, m.posted = ch.team.ID, ch.ID, s.clock.stamp(), s.Now()
	s.mark(m)
	ch.messages = append(ch.messages, m)
	before := len(ch.messages)
	told := s.tellInOrder(ch, m, messageFirst)
	s.changedLocked()
	return &Said{Message: m.copy(), person: p, channel: ch, told: told, before: before}
}

// Deliveries are what apps were told about it.
func (s *Said) Deliveries() []Delivery {
	s.person.s.mu.Lock()
	defer s.person.s.mu.Unlock()
	var all []Delivery
	for _, d := range s.told {
		all = append(all, d.copy())
	}
	return all
}

// Answer is the first message of an app after it in its thread, if one comes
// within d; the zero message otherwise.
func (s *Said) Answer(d time.Duration) Message {
	var found Message
	s.person.s.Await(d, func() bool {
		s.person.s.mu.Lock()
		defer s.person.s.mu.Unlock()
		for _, m := range s.channel.messages[s.before:] {
			if m.AppID != "" && m.ThreadTS == s.Message.Thread() && !m.Deleted && (m.For == "" || m.For == s.person.ID) {
				found = m.copy()
				return true
			}
		}
		return false
	})
	return found
}

// Edit changes what the person wrote.
func (p *Person) Edit(m Message, text string) error {
	return p.own(m, func(ch *Channel, live *Message) {
		with := *live
		with.Text = text
		p.s.rewrite(ch, live, &with)
	})
}

// Delete takes back what the person wrote.
func (p *Person) Delete(m Message) error {
	return p.own(m, func(ch *Channel, live *Message) { p.s.remove(ch, live) })
}

func (p *Person) own(m Message, f func(*Channel, *Message)) error {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	ch := p.team.channels[m.Channel]
	if ch == nil {
		return fmt.Errorf("there is no channel %s", m.Channel)
	}
	live := ch.find(m.TS)
	if live == nil || live.User != p.ID {
		return fmt.Errorf("%s has no message %s", p.Name, m.TS)
	}
	f(ch, live)
	return nil
}

// Shortcut uses a message shortcut; those work on every message, also on replies
// and on messages of other apps (D:interactivity/implementing-shortcuts).
func (p *Person) Shortcut(m Message, callback string) *Seen {
	s := p.s
	s.mu.Lock()
	at, err := p.messagePlace(m)
	seen := &Seen{person: p, channel: at.channel}
	if at.in = p.team.shortcutOwner(callback, "message"); err == nil && at.in == nil {
		err = fmt.Errorf("no app here has the message shortcut %s", callback)
	}
	if err != nil {
		s.mu.Unlock()
		seen.Refused = err.Error()
		return seen
	}
	seen.since = at.channel.countFor(p.ID)
	payload := p.interaction(at, "message_action")
	delete(payload, "container")
	delete(payload, "state")
	payload["callback_id"], payload["message_ts"], payload["action_ts"] = callback, at.message.TS, s.clock.stamp()
	return p.send(seen, at, payload)
}

// GlobalShortcut uses a shortcut from anywhere: it has no channel and no
// response_url.
func (p *Person) GlobalShortcut(callback string) *Seen {
	s := p.s
	s.mu.Lock()
	at := place{in: p.team.shortcutOwner(callback, "global")}
	seen := &Seen{person: p}
	if at.in == nil {
		s.mu.Unlock()
		seen.Refused = "no app here has the shortcut " + callback
		return seen
	}
	payload := p.interaction(at, "shortcut")
	payload["callback_id"], payload["action_ts"] = callback, s.clock.stamp()
	return p.send(seen, at, payload)
}

// send delivers a payload and waits. s.mu is held on entry.
func (p *Person) send(seen *Seen, at place, payload map[string]any) *Seen {
	seen.trigger, _ = payload["trigger_id"].(string)
	seen.delivery = p.s.deliver(at.in.app, p.team.ID, Interactive, payload, nil)
	p.s.mu.Unlock()
	seen.await()
	return seen
}

func (w *Workspace) shortcutOwner(callback, kind string) *Install {
	for _, in := range slices.Backward(w.installs) {
		if in.app.Shortcuts[callback] == kind && slices.Contains(in.Scopes, "commands") {
			return in
		}
	}
	return nil
}

// OpenHome opens an app: its home tab, or its messages tab, where people talk
// with an agent (D:reference/events/app_home_opened).
func (p *Person) OpenHome(bot *Install, tab string) *Delivery {
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Contains(bot.app.Events, "app_home_opened") {
		return nil
	}
	event := map[string]any{"type": "app_home_opened", "user": p.ID, "channel": p.team.dm(p.ID, bot.UserID).ID, "tab": tab}
	if v := p.homes[bot.app.ID]; v != nil && tab == "home" {
		event["view"] = v.wire()
	}
	return s.emit(bot, p.team, event)
}
