package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/synthoperator/baton/chat"
)

// decode makes a request of a delivery. It asks nobody anything that could take
// long: whoever listens waits for it.
func (a *Adapter) decode(ctx context.Context, d delivery) (request, error) {
	switch d.kind {
	case kindCommand:
		return a.decodeCommand(d)
	case kindInteractive:
		return a.decodeInteraction(ctx, d)
	case kindEvent:
		return a.decodeEvent(ctx, d)
	}
	return request{}, fmt.Errorf("an envelope of the kind %.40q", d.kind)
}

// command is what is read of a command
// (https://docs.slack.dev/interactivity/implementing-slash-commands).
type command struct {
	Enterprise string `json:"enterprise_id"`
	Team       string `json:"team_id"`
	Channel    string `json:"channel_id"`
	User       string `json:"user_id"`
	UserName   string `json:"user_name"`
	Text       string `json:"text"`
	Response   string `json:"response_url"`
	Trigger    string `json:"trigger_id"`
	App        string `json:"api_app_id"`
}

func (a *Adapter) decodeCommand(d delivery) (request, error) {
	var c command
	if err := json.Unmarshal(d.payload, &c); err != nil {
		return request{}, fmt.Errorf("a command: %w", err)
	}
	r := request{door: doorCommand, in: workspace{c.Enterprise, c.Team}, came: c.UserName, raw: c.Text}
	if c.Trigger == "" {
		return request{}, fmt.Errorf("a command without a trigger id")
	}
	if firstWord(c.Text) == "start" {
		r.typed = strings.Join([]string{c.Team, c.User, c.Channel, c.Text}, "\n")
	}
	return r, a.finish(&r, d, by{c.App, c.User, c.Channel, "", c.Response, c.Trigger}, "cmd:"+c.Trigger)
}

// by is what all deliveries of people have in common.
type by struct{ app, user, channel, root, response, trigger string }

// finish puts into a request what it is known by, who it is from and where.
func (a *Adapter) finish(r *request, d delivery, b by, keys ...string) error {
	a.clients.note(r.in)
	for _, key := range keys {
		r.keys = append(r.keys, strings.Join([]string{Platform, b.app, r.in.id(), key}, ":"))
	}
	thread, err := chat.NewThread(Platform, r.in.id(), b.channel, b.root)
	if err != nil {
		return err
	}
	if b.user == "" {
		return fmt.Errorf("it is from nobody")
	}
	r.call.ID, r.call.Thread, r.call.Person = r.keys[0], thread, chat.Person{ID: b.user}
	r.hook = newHook(b.response, a.o.Now)
	if b.trigger != "" {
		r.trigger = trigger{b.trigger, d.receipt.came.Add(triggerLife)}
	}
	return nil
}

// completeWithin is how long names and links are asked for altogether, on the way to
// an answer that has three seconds; who is not named by then is called by the id.
const completeWithin = time.Second

// complete is the call with what it does not say itself: names, and the link to
// what was said.
func (w *work) complete(ctx context.Context) chat.Call {
	ctx, cancel := bounded(ctx, completeWithin)
	defer cancel()
	call := w.call
	call.Person = w.a.people.caller(ctx, w.in, call.Person.ID, w.came)
	call.Args = maps.Clone(call.Args)
	if w.raw != "" {
		t := w.a.readable(ctx, w.in, w.raw)
		if w.link { // it is somebody else's text, as a form's
			call.Args["text"] = strings.Join(strings.Fields(t.text), " ")
		} else {
			call.Text = t.text
		}
		call.Mentions = t.people
	}
	for _, value := range call.Args {
		for token, id := range mentionsIn(value) {
			if call.Mentions == nil {
				call.Mentions = map[string]chat.Person{}
			}
			call.Mentions[token] = w.a.people.named(ctx, w.in, id, "")
		}
	}
	if w.ts == "" || w.door == doorShortcut && !w.link {
		return call
	}
	link := w.a.permalink(ctx, w.in, call.Thread.Channel(), w.ts, w.under)
	if w.link && link != "" {
		call.Args["link"] = link
	} else if !w.link {
		call.Link = link
	}
	return call
}

// moment is the time of a message's timestamp; zero if it is none.
func moment(ts string) time.Time {
	seconds, micros, _ := strings.Cut(ts, ".")
	s, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil || s <= 0 {
		return time.Time{}
	}
	us, _ := strconv.ParseInt((micros + "000000")[:6], 10, 64)
	return time.Unix(s, us*1000)
}

// isDirect reports whether a conversation is with one person
// (https://docs.slack.dev/reference/objects/conversation-object: ids of direct
// messages begin with D).
func isDirect(channel string) bool { return strings.HasPrefix(channel, "D") }

// firstWord is the first word of a text in lower case.
func firstWord(text string) string {
	fields := strings.Fields(text)
	if len(fields) == 0 {
		return ""
	}
	return strings.ToLower(fields[0])
}
