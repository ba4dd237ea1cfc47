package discord

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/internal/lanes"
)

// heardMessage is a message that was just heardMessage (D:events/gateway-events, Message
// Create).
type heardMessage struct {
	message
	GuildID  string   `json:"guild_id"`
	Content  string   `json:"content"`
	Writer   person   `json:"author"`
	Member   member   `json:"member"` // without the user
	Mentions []person `json:"mentions"`
}

// takeMessage takes a message in. It is told without what it says unless it names
// Baton or is Baton's own (D:events/gateway, Message Content Intent).
func (s *shift) takeMessage(raw []byte) {
	var m heardMessage
	if err := json.Unmarshal(raw, &m); err != nil {
		s.a.o.Log.Warn("Discord told of a message that cannot be read", "error", err)
		return
	}
	// Two fields read the author.
	m.Author.ID = m.Writer.ID
	s.a.known.mu.Lock()
	me := s.a.known.me
	s.a.known.mu.Unlock()
	if m.by(me) {
		s.hear(m)
		return
	}
	text, ok := addressedTo(me.user, m.Content)
	if !ok || m.Writer.Bot || m.WebhookID != "" || m.GuildID == "" || !s.seen.claim(seenID{message: true, id: number(m.ID)}) {
		return
	}
	r := request{door: doorMention, lane: m.ChannelID, said: &m}
	r.call = chat.Call{
		ID: Platform + ":" + me.application + ":m:" + m.ID, Text: text, At: madeAt(m.ID),
		Person: m.Writer.named(m.Member.Nick), Link: linkTo(m.GuildID, m.ChannelID, m.ID),
	}
	s.a.heard.names.learn(r.call.Person)
	for _, p := range m.Mentions {
		s.a.heard.names.learn(p.named(""))
		r.mention(p.named(""))
	}
	if verb, _, _ := strings.Cut(text, " "); urgent[strings.ToLower(verb)] {
		r.lane = ""
	}
	s.begin(&work{shift: s, request: r})
}

// addressedTo is what somebody says to Baton; ok is false where they only say
// something about it.
func addressedTo(bot, content string) (text string, ok bool) {
	content = strings.TrimSpace(content)
	for _, name := range []string{"<@" + bot + ">", "<@!" + bot + ">"} {
		if rest, ok := strings.CutPrefix(content, name); ok {
			return strings.TrimSpace(strings.TrimLeft(rest, " \t\n,:")), true
		}
	}
	return "", false
}

// hear tells of a message of Baton's own that carries a key.
func (s *shift) hear(m heardMessage) {
	key := m.key()
	if key == "" || s.a.o.Heard == nil || m.GuildID == "" {
		return
	}
	s.answers.Add("heard", lanes.Job{Do: func() {
		in, err := s.a.placeOf(s.ctx, m.GuildID, m.ChannelID)
		if err == nil {
			err = s.a.o.Heard(in, key)
		}
		if err != nil {
			s.a.o.Log.Error("a message of Baton's own was not taken in", "channel", m.ChannelID, "error", err)
		}
	}})
}

// complete is what a call lacks that Discord has to be asked for: where a
// message stands, and what its writer may do. It is false where the place cannot
// be found out: a thread taken for a channel would be another place for good.
func (w *work) complete(ctx context.Context) bool {
	for _, value := range w.call.Args {
		for _, id := range idsIn(value) {
			if _, known := w.call.Mentions["<@"+id+">"]; !known {
				w.mention(w.a.heard.names.of(id))
			}
		}
	}
	if w.said == nil {
		return true
	}
	in, err := w.a.placeOf(ctx, w.said.GuildID, w.said.ChannelID)
	if err != nil {
		w.a.o.Log.Warn("it is not known which channel a thread is in", "channel", w.said.ChannelID, "error", err)
		w.call.Thread, _ = placeIn(w.said.GuildID, w.said.ChannelID, channel{}) // of ids that are there: where to say so
		return false
	}
	w.call.Thread = in
	m := w.said.Member
	m.Permissions = w.a.rights(ctx, w.said.GuildID, w.said.Writer.ID, m.Roles)
	w.call.Role = w.a.role(m)
	return true
}

// idsIn are the people that a text names by their ids.
func idsIn(text string) []string {
	var ids []string
	for {
		_, rest, ok := strings.Cut(text, "<@")
		if !ok {
			return ids
		}
		id, after, ok := strings.Cut(strings.TrimPrefix(rest, "!"), ">")
		if !ok {
			return ids
		}
		if idRE.MatchString(id) {
			ids = append(ids, id)
			rest = after
		}
		text = rest
	}
}

// reply answers a message, under it. Nothing can be said to one person alone
// there, and no form can be opened: a button does that.
func (w *work) reply(ctx context.Context, m chat.Message) {
	if m.Form != nil {
		f := *m.Form
		m.Form, m.Blocks = nil, append(m.Blocks[:len(m.Blocks):len(m.Blocks)], chat.Paragraph("This is entered in a form."))
		m.Buttons = append(m.Buttons[:len(m.Buttons):len(m.Buttons)], chat.Button{Label: "Open the form", Verb: f.Verb, Args: f.Args, Form: true, Typed: f.Verb + " form"})
	}
	if m.IsZero() {
		return
	}
	in := w.call.Thread
	if !m.Thread.IsZero() && !private(m) {
		in = m.Thread
	}
	parts, err := w.a.render(ctx, m)
	if err == nil && in == w.call.Thread {
		var left []payload
		if left, err = w.a.replyTo(ctx, in, w.said, parts); err == nil {
			parts = left
		}
	}
	if err == nil {
		_, err = w.a.say(ctx, in, parts)
	}
	if err != nil {
		w.a.o.Log.Error("an answer was not shown", "call", w.call.ID, "thread", in.Key(), "error", err)
	}
}

// referring is a message that hangs under another one (D:resources/message,
// Message Reference). It notifies nobody by that.
type referring struct {
	payload
	Reference reference `json:"message_reference"`
}

type reference struct {
	MessageID string `json:"message_id"`
	Must      bool   `json:"fail_if_not_exists"`
}

// replyTo says the first part under a message, and returns what is left.
func (a *Adapter) replyTo(ctx context.Context, in chat.Thread, to *heardMessage, parts []payload) ([]payload, error) {
	body := referring{parts[0], reference{MessageID: to.ID}}
	body.Nonce, body.EnforceNonce = randomNonce(), true
	for try := 1; ; try++ {
		err := a.inTurn(ctx, in, func() error {
			_, err := a.carry(body.payload, func(p payload) error {
				return a.rest.do(ctx, http.MethodPost, routeMessages, "/channels/"+to.ChannelID+"/messages", referring{p, body.Reference}, body.files, nil)
			})
			return err
		})
		if err == nil || sure(err) || try == sayTries || ctx.Err() != nil {
			return parts[1:], err
		}
	}
}

// names are what people are called, of those who were heard of lately.
type names struct {
	mu  sync.Mutex
	all map[string]string
}

// mostNames is of how many people a name is kept.
const mostNames = 10_000

func (n *names) learn(p chat.Person) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.all) >= mostNames {
		clear(n.all)
	}
	n.all[p.ID] = p.Name
}

func (n *names) of(id string) chat.Person {
	n.mu.Lock()
	defer n.mu.Unlock()
	if name := n.all[id]; name != "" {
		return chat.Person{ID: id, Name: name}
	}
	return chat.Person{ID: id, Name: id}
}
