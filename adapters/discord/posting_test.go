package discord

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/adaptertest"
	"github.com/synthoperator/baton/adapters/discord/discordtest"
	"github.com/synthoperator/baton/chat"
)

// TestPosting is the suite as far as it is about what Baton says, where it is not
// let use components: calls are made by hand and answered with the bot's token.
// [TestSuite] is all of it, with components.
func TestPosting(t *testing.T) {
	t.Parallel()
	adaptertest.Run(t, func(t *testing.T, h chat.Handler) *adaptertest.Harness {
		discordtest.SkipToEpoch()
		w := newBareTown(t, discordtest.Options{InMemory: true, Limits: unlimited, Global: 1 << 20, NoComponentsV2: true}, Options{})
		s := newSide(w)
		knows := func() { w.a.known.believeEmbeds(time.Now().AddDate(1, 0, 0)) } // TestCase13RefusalIsRemembered is about learning it
		knows()
		byHand := "calls are made by hand here"
		return &adaptertest.Harness{
			Stage: s, View: s, Moderator: s, Faults: s, Poster: w.a, Stop: w.server.Close,
			People:  speech{side: s},
			Deliver: func(d adaptertest.Delivery, _ bool) { s.answer(h, d.(chat.Call)) },
			Restart: func() { w.a.known = newKnown(); knows() },
			Lacks: map[adaptertest.Ability]string{
				adaptertest.Parallel: byHand, adaptertest.Repeats: byHand, adaptertest.Private: byHand,
				adaptertest.Forms: byHand, adaptertest.Selects: byHand, adaptertest.Buttons: byHand,
				adaptertest.Archiving: "channels are not archived", adaptertest.Revoking: "see TestOutcomes",
				adaptertest.Workspaces: "no two guilds have a channel of one id",
				adaptertest.Lagging:    "what was made is listed at once",
				adaptertest.Speakers:   "the case says two things under one key, which Discord takes for one; see TestSpeaker",
			},
		}
	})
}

// speech is people who say something.
type speech struct {
	*side
	adaptertest.People
}

var said int

func (s speech) Say(p chat.Person, in chat.Thread, text string) adaptertest.Delivery {
	said++
	c := chat.Call{ID: fmt.Sprint("say-", said), Person: p, Thread: in, Text: text, Mentions: map[string]chat.Person{}}
	for _, m := range s.people {
		if name := m.Mention(); strings.Contains(text, name) {
			c.Mentions[name] = chat.Person{ID: m.User.ID, Name: m.User.Name}
		}
	}
	return c
}

// answer hands a call over and posts what is answered.
func (s *side) answer(h chat.Handler, c chat.Call) {
	m := h.Handle(context.Background(), c)
	if m.IsZero() {
		return
	}
	in := c.Thread
	if !m.Thread.IsZero() {
		in = m.Thread
	}
	parts, err := s.a.render(context.Background(), m)
	if err == nil {
		_, err = s.a.say(context.Background(), in, parts)
	}
	if err != nil {
		s.Error(err)
	}
}

// TestSpeaker: it is said who speaks, and a name that is too long is said whole.
func TestSpeaker(t *testing.T) {
	long := strings.TrimSpace(strings.Repeat("Very long name ", 20))
	for _, as := range []chat.Speaker{cto, {Name: long}, {Name: "<@1> @everyone *x*"}} {
		m := paragraph("I would take Postgres")
		m.As = as
		p, err := newAdapter(Options{Keep: &memoryKeep{}}).renderPart(t.Context(), split(m)[0], "")
		if err != nil {
			t.Fatal(err)
		}
		var shown []string
		walk(p.Components, func(c *component) { shown = append(shown, readMarkup(c.Content)) })
		if !strings.Contains(strings.Join(shown, "\n"), as.Name) {
			t.Errorf("%q speaks, and shown is %q", as.Name, shown)
		}
		if p.Components[0].AccentColor != as.Color {
			t.Errorf("%+v", p.Components[0])
		}
	}
}
