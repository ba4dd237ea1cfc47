package discordtest

import (
	"context"
	"crypto/rand"
	"time"
)

// Types of interactions (D:interactions/receiving-and-responding).
const (
	pingInteraction         = 1
	commandInteraction      = 2
	componentInteraction    = 3
	autocompleteInteraction = 4
	modalInteraction        = 5
)

// Times of interactions (D:interactions/receiving-and-responding).
const (
	answerWithin = 3 * time.Second
	tokenLife    = 15 * time.Minute
)

// Interaction is one thing a person did that an application answers.
type Interaction struct {
	ID, Token string
	Type      int

	s        *Server
	app      *Application
	who      *Member
	channel  *Channel
	made     time.Time
	body     object
	source   *message // what the component is on
	stop     func() bool
	state    State
	original *message
	further  []*message
	opener   *Interaction // what opened the modal that this submits
	modal    *Modal
	shapes   []object // the modal's components as they were sent
	sent     bool     // the modal was submitted
	choices  []Choice
}

// State is what a person sees of an interaction.
type State string

// The states.
const (
	Waiting  State = "waiting"  // nothing yet
	Thinking State = "thinking" // "Baton is thinking…"
	Replied  State = "replied"  // a message
	Accepted State = "accepted" // the spinner on the button went away
	Updated  State = "updated"  // the message with the button changed
	Form     State = "form"     // a modal opened
	Choices  State = "choices"  // suggestions
	Failed   State = "failed"   // "This interaction failed", "The application did not respond"
)

// Choice is a suggestion for an option that is being typed.
type Choice struct {
	Name  string
	Value any
}

// Seen is what a person sees of an interaction at a moment.
type Seen struct {
	State     State
	Ephemeral bool     // nobody else sees it
	Message   *Message // the reply, or the message with the button
	Modal     *Modal
	Choices   []Choice
	FollowUps []Message
}

// Delivery is how an interaction comes to the application.
type Delivery struct {
	Age   time.Duration // its id says it was made so long ago
	Delay time.Duration // it is delivered so much later than it is made
	Times int           // how often it is delivered; 0 is once
	Drop  bool          // it is not delivered at all
	// Forged signs it wrongly, over HTTP. An application has to answer 401 then,
	// and is not told of anything.
	Forged bool
}

// With is the member doing one thing whose delivery is out of the ordinary.
func (m *Member) With(d Delivery) *Member {
	out := *m
	out.delivery = d
	return &out
}

// act makes an interaction and sends it on its way. s.mu is held.
func (m *Member) act(app *Application, ch *Channel, kind int, data object, source *message) *Interaction {
	s := m.Guild.s
	i := &Interaction{
		ID: s.idAt(s.clock.Now().Add(-m.delivery.Age)), Token: rand.Text() + rand.Text(), Type: kind,
		s: s, app: app, who: m, channel: ch, made: s.clock.Now().Add(-m.delivery.Age), source: source, state: Waiting,
		stop: func() bool { return false },
	}
	s.interactions[i.Token] = i
	i.body = i.payload(data)
	if left := answerWithin - m.delivery.Age; left > 0 {
		i.stop = s.clock.AfterFunc(left, i.expire)
	} else {
		i.state = Failed
	}
	if !m.delivery.Drop {
		i.sendAfter(m.delivery.Delay, max(1, m.delivery.Times))
	}
	return i
}

func (i *Interaction) sendAfter(d time.Duration, times int) {
	for range times {
		if d == 0 {
			i.deliver()
			continue
		}
		i.s.clock.AfterFunc(d, i.Redeliver)
	}
}

// Redeliver delivers an interaction once more, as it was.
func (i *Interaction) Redeliver() {
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	i.deliver()
}

// deliver sends an interaction to the gateway or, where the application has an
// address for them, there; never to both. No intent gates it.
func (i *Interaction) deliver() {
	if i.app.endpoint != "" {
		go i.post(i.app.endpoint)
		return
	}
	i.s.dispatchTo(i.app, i.channel.guild.ID, "INTERACTION_CREATE", 0, i.body)
}

func (i *Interaction) stopTimer() { i.stop() }

// expire is the end of the time to answer.
func (i *Interaction) expire() {
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	if i.state == Waiting {
		i.become(Failed)
	}
}

func (i *Interaction) become(s State) {
	i.state = s
	if s != Waiting {
		i.stop()
	}
	i.s.happened()
}

// payload is an interaction as an application is told of it
// (D:interactions/receiving-and-responding, Interaction Structure).
func (i *Interaction) payload(data object) object {
	g := i.channel.guild
	member := i.who.withGuild()
	delete(member, "guild_id")
	member["permissions"] = i.who.permissions(i.channel).text()
	out := object{
		"id": i.ID, "application_id": i.app.ID, "type": i.Type, "token": i.Token, "version": 1,
		"guild_id": g.ID, "channel_id": i.channel.ID, "channel": i.channelJSON(), "member": member,
		"guild":           object{"id": g.ID, "locale": "en-US", "features": []string{}},
		"app_permissions": i.appPermissions().text(), "locale": "en-US", "guild_locale": "en-US", "context": 0,
		"authorizing_integration_owners": object{"0": g.ID}, "entitlements": []object{},
		"attachment_size_limit": 10 << 20, "data": data, "entitlement_sku_ids": []string{},
	}
	if i.source != nil {
		out["message"] = i.source.json()
	}
	return out
}

func (i *Interaction) channelJSON() object {
	out := i.channel.json()
	out["permissions"] = i.who.permissions(i.channel).text()
	delete(out, "permission_overwrites")
	return out
}

func (i *Interaction) appPermissions() Permission {
	if m := i.channel.guild.members[i.app.Bot.ID]; m != nil {
		return m.permissions(i.channel)
	}
	return 0
}

// Now is what the person sees at the moment.
func (i *Interaction) Now() Seen {
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	return i.seen()
}

func (i *Interaction) seen() Seen {
	out := Seen{State: i.state, Modal: i.modal, Choices: i.choices}
	if i.original != nil {
		view := i.original.view()
		out.Message, out.Ephemeral = &view, view.Ephemeral
	}
	for _, m := range i.further {
		out.FollowUps = append(out.FollowUps, m.view())
	}
	return out
}

// Seen waits until the application answered or its time is over.
func (i *Interaction) Seen(ctx context.Context) (Seen, error) {
	return i.Until(ctx, func(s Seen) bool { return s.State != Waiting })
}

// Said waits until there is a message that is more than "thinking…", or the
// interaction failed.
func (i *Interaction) Said(ctx context.Context) (Seen, error) {
	return i.Until(ctx, func(s Seen) bool {
		return s.State != Waiting && s.State != Thinking && (s.Message == nil || !s.Message.Loading)
	})
}

// Until waits until what the person sees is as wanted.
func (i *Interaction) Until(ctx context.Context, ready func(Seen) bool) (Seen, error) {
	var out Seen
	err := i.s.wait(ctx, func() bool {
		out = i.seen()
		return ready(out)
	})
	return out, err
}
