package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/adaptertest"
	"github.com/synthoperator/baton/adapters/discord/discordtest"
	"github.com/synthoperator/baton/chat"
)

// TestSuite is the whole suite over the gateway. People act when the suite
// delivers; what is delivered again is what Discord delivered.
func TestSuite(t *testing.T) {
	t.Parallel()
	adaptertest.Run(t, func(t *testing.T, h chat.Handler) *adaptertest.Harness {
		discordtest.SkipToEpoch()
		w := newBareTown(t, discordtest.Options{InMemory: true, Limits: unlimited, Global: 1 << 20}, Options{Mentions: true})
		w.a.o.Dial = w.server.DialContext
		s := &listening{side: newSide(w), h: h, sent: map[string]bool{}}
		if _, err := w.a.Register(t.Context(), h.Specs(), ""); err != nil {
			t.Fatal(err)
		}
		s.start()
		return &adaptertest.Harness{
			Stage: s, People: s, View: s, Moderator: s, Faults: s, Poster: w.a,
			Deliver: func(d adaptertest.Delivery, _ bool) { d.(interface{ deliver() }).deliver() },
			Restart: func() { s.halt(); w.a.known, w.a.heard = newKnown(), newHeard(); s.start() },
			Stop:    func() { s.halt(); w.server.Close() },
			Lacks: map[adaptertest.Ability]string{
				adaptertest.RetryMarks: "Discord marks nothing that comes again",
				adaptertest.Archiving:  "channels are not archived", adaptertest.Revoking: "see TestOutcomes",
				adaptertest.Workspaces: "no two guilds have a channel of one id",
				adaptertest.Lagging:    "what was made is listed at once",
				adaptertest.Speakers:   "the case says two things under one key, which Discord takes for one; see TestSpeaker",
			},
		}
	})
}

// listening is Discord with a whole adapter.
type listening struct {
	*side
	h     chat.Handler
	end   context.CancelFunc
	ended chan error

	mu      sync.Mutex
	deeds   []*deed
	foreign uint64          // interactions that are none of the fake's
	sent    map[string]bool // forms, by the interaction that opened them
}

func (s *listening) start() {
	ctx, cancel := context.WithCancel(context.Background())
	s.end, s.ended = cancel, make(chan error, 1)
	go func() { s.ended <- s.a.Run(ctx, s.h) }()
	ready, done := context.WithTimeout(context.Background(), time.Minute)
	defer done()
	if err := s.app.AwaitReady(ready, 1); err != nil {
		s.Fatal(err)
	}
	synctest.Wait()
}

func (s *listening) halt() {
	if s.end == nil {
		return
	}
	s.end()
	if err := <-s.ended; !errors.Is(err, context.Canceled) {
		s.Errorf("the adapter ended with %v", err)
	}
	s.end = nil
	s.app.ForgiveIdentifies()
}

// deed is what somebody does when it is delivered. Done once more, it is the
// same that comes again.
type deed struct {
	s   *listening
	who chat.Person
	do  func() (*discordtest.Interaction, error)
	was *discordtest.Interaction
}

func (d *deed) deliver() {
	if d.was != nil {
		d.was.Redeliver()
		return
	}
	was, err := d.do()
	if err != nil {
		d.s.Error(err)
		return
	}
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	d.was = was
	d.s.deeds = append(d.s.deeds, d)
}

// spoken is a message, or what Discord would tell of one that it cannot be made
// to tell.
type spoken struct {
	do    func() (raw []byte, err error)
	tell  func(s *shift, raw []byte)
	s     *listening
	again []byte
}

func (d *spoken) deliver() {
	if d.again != nil {
		d.tell(d.s.a.current.Load(), d.again)
		return
	}
	raw, err := d.do()
	if err != nil {
		d.s.Error(err)
	}
	d.again = raw
}

func (s *listening) channelAt(in chat.Thread) *discordtest.Channel {
	if in.InChannel() {
		return s.server.Channel(in.Channel())
	}
	return s.server.Channel(in.Root())
}

func (s *listening) who(p chat.Person) *discordtest.Member {
	for _, m := range s.people {
		if m.User.ID == p.ID {
			return m
		}
	}
	s.Fatalf("there is no %s", p.Name)
	return nil
}

// Say is a command where its options take what is said, and a mention of Baton
// elsewhere.
func (s *listening) Say(p chat.Person, in chat.Thread, text string) adaptertest.Delivery {
	verb, rest, _ := strings.Cut(text, " ")
	args := discordtest.Args{}
	for _, spec := range s.h.Specs() {
		if !in.InChannel() || spec.Name != verb || rest == "" || len(spec.Options) == 0 {
			continue
		}
		o := spec.Options[len(spec.Options)-1]
		var n int
		if _, err := fmt.Sscan(rest, &n); o.Kind == chat.Number && err == nil {
			args[o.Name], rest = n, ""
		} else if o.Kind != chat.Number {
			args[o.Name], rest = rest, ""
		}
	}
	ch, who := s.channelAt(in), s.who(p)
	if rest == "" && in.InChannel() {
		return &deed{s: s, who: p, do: func() (*discordtest.Interaction, error) { return who.Slash(ch, "baton "+verb, args) }}
	}
	return &spoken{s: s, tell: (*shift).takeMessage, do: func() ([]byte, error) {
		m, err := who.Say(ch, s.app.Mention()+" "+text)
		if err != nil {
			return nil, err
		}
		return json.Marshal(map[string]any{
			"id": m.ID, "channel_id": ch.ID, "guild_id": s.guild.ID, "content": m.Content,
			"author": map[string]any{"id": p.ID, "username": p.Name}, "member": map[string]any{"roles": []string{}},
		})
	}}
}

// Press presses a button; one that is switched off by then is pressed by
// somebody who has not seen that yet, which the fake's people always have.
func (s *listening) Press(p chat.Person, on adaptertest.Seen, label string) adaptertest.Delivery {
	m, custom := s.message(on), ""
	walk(componentsOf(m), func(c *component) {
		if c.Label == label && c.Disabled {
			custom = c.CustomID
		}
	})
	if custom != "" {
		return s.Tamper(p, on, custom)
	}
	return &deed{s: s, who: p, do: func() (*discordtest.Interaction, error) { return s.who(p).Click(m, label) }}
}

func (s *listening) message(on adaptertest.Seen) discordtest.Message {
	if m, ok := s.channelAt(on.Ref.Thread).Message(on.Ref.ID); ok {
		return m
	}
	for _, o := range s.whispers(on.Ref.Thread) {
		if o.m.ID == on.Ref.ID {
			return o.m
		}
	}
	s.Fatalf("there is no message %v", on.Ref)
	return discordtest.Message{}
}

func (s *listening) Choose(p chat.Person, on adaptertest.Seen, label, choice string) adaptertest.Delivery {
	m := s.message(on)
	custom, value := "", ""
	walk(componentsOf(m), func(c *component) {
		if c.Type != stringSelect || c.Placeholder != label {
			return
		}
		custom = c.CustomID
		for _, o := range c.Options {
			if o.Label == choice {
				value = o.Value
			}
		}
	})
	return &deed{s: s, who: p, do: func() (*discordtest.Interaction, error) { return s.who(p).Select(m, custom, value) }}
}

// Tamper is told as if Discord had: it lets nobody press what is not there.
func (s *listening) Tamper(p chat.Person, on adaptertest.Seen, payload string) adaptertest.Delivery {
	return &spoken{s: s, tell: func(*shift, []byte) {}, do: func() ([]byte, error) {
		s.foreign++
		id := idNumber(snowflake(time.Now()) + 4000 + s.foreign)
		place := s.channelAt(on.Ref.Thread)
		raw, err := json.Marshal(map[string]any{
			"id": id.text(), "application_id": s.app.ID, "type": typeComponent, "token": "none", "guild_id": s.guild.ID,
			"channel_id": place.ID, "channel": map[string]any{"id": place.ID, "type": 0},
			"member": map[string]any{"user": map[string]any{"id": p.ID, "username": p.Name}, "permissions": "0"},
			"data":   map[string]any{"custom_id": payload, "component_type": 2}, "message": map[string]any{"id": on.Ref.ID},
		})
		if err == nil {
			s.a.current.Load().takeInteraction(raw)
		}
		return nil, err
	}}
}

func (s *listening) Submit(p chat.Person, f adaptertest.Form, values map[string]string) adaptertest.Delivery {
	return &deed{s: s, who: p, do: func() (*discordtest.Interaction, error) {
		entered := discordtest.Values{}
		for name, value := range values {
			entered[name] = value
		}
		s.mu.Lock()
		s.sent[f.ID] = true
		by := s.deeds[slices.IndexFunc(s.deeds, func(d *deed) bool { return d.was.ID == f.ID })].was
		s.mu.Unlock()
		return s.who(p).Submit(by, entered)
	}}
}

// Forms are the forms that are open. Discord closes one that is sent; whoever
// sent one that was refused opens it again with the button under the refusal.
func (s *listening) Forms(p chat.Person, in chat.Thread) []adaptertest.Form {
	s.reopen(p, in)
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []adaptertest.Form
	for _, d := range s.deeds {
		seen := d.was.Now()
		if seen.Modal == nil || d.who != p || s.sent[d.was.ID] {
			continue
		}
		f := adaptertest.Form{ID: d.was.ID, Title: seen.Modal.Title, Values: map[string]string{}}
		for _, field := range seen.Modal.Fields {
			f.Values[field.CustomID] = field.Value
		}
		out = append(out, f)
	}
	return out
}

// reopen presses the newest button that opens a form again, once.
func (s *listening) reopen(p chat.Person, in chat.Thread) {
	all := s.Messages(in)
	for _, m := range slices.Backward(all) {
		if m.Only != p.ID || !slices.Contains(m.Buttons, "Open the form again") {
			continue
		}
		if !s.sent[m.Ref.ID] {
			s.mu.Lock()
			s.sent[m.Ref.ID] = true
			s.mu.Unlock()
			s.Press(p, m, "Open the form again").(*deed).deliver()
			synctest.Wait()
		}
		return
	}
}

// Messages are those of a place, with those that one person alone sees.
func (s *listening) Messages(in chat.Thread) []adaptertest.Seen {
	var out []adaptertest.Seen
	for _, m := range s.channelAt(in).Messages() {
		if !m.Loading {
			out = append(out, seenAs(in, s.app.Bot.ID, m))
		}
	}
	for _, o := range s.whispers(in) {
		seen := seenAs(in, s.app.Bot.ID, o.m)
		seen.Only = o.to.ID
		out = append(out, seen)
	}
	slices.SortStableFunc(out, func(a, b adaptertest.Seen) int { return cmpID(a.Ref.ID, b.Ref.ID) })
	return out
}

type whisper struct {
	m  discordtest.Message
	to chat.Person
}

// whispers are what was said to one person there.
func (s *listening) whispers(in chat.Thread) []whisper {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []whisper
	for _, d := range s.deeds {
		seen := d.was.Now()
		all := seen.FollowUps
		if seen.Message != nil {
			all = append(all, *seen.Message)
		}
		for _, m := range all {
			if m.Ephemeral && !m.Loading && m.ChannelID == s.channelAt(in).ID {
				out = append(out, whisper{m, d.who})
			}
		}
	}
	return out
}
