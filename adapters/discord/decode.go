package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/synthoperator/baton/chat"
)

// Types of interactions (D:interactions/receiving-and-responding).
const (
	typePing        = 1
	typeCommand     = 2
	typeComponent   = 3
	typeSuggestions = 4
	typeForm        = 5
)

// interaction is what Baton reads of one, whichever way it came
// (D:interactions/receiving-and-responding, Interaction Structure).
type interaction struct {
	ID            string          `json:"id"`
	ApplicationID string          `json:"application_id"`
	Type          int             `json:"type"`
	Token         string          `json:"token"`
	GuildID       string          `json:"guild_id"`
	ChannelID     string          `json:"channel_id"`
	Channel       channel         `json:"channel"`
	Member        *member         `json:"member"`
	Message       *message        `json:"message"`
	Data          json.RawMessage `json:"data"`
}

// member is somebody in a guild (D:resources/guild, Guild Member Object).
type member struct {
	User        person   `json:"user"`
	Nick        string   `json:"nick"`
	Roles       []string `json:"roles"`
	Permissions string   `json:"permissions"` // in the channel of the interaction
}

// person is a user (D:resources/user).
type person struct {
	ID         string `json:"id"`
	Username   string `json:"username"`
	GlobalName string `json:"global_name"`
	Bot        bool   `json:"bot"`
}

func (p person) named(nick string) chat.Person {
	name := p.Username
	if p.GlobalName != "" {
		name = p.GlobalName
	}
	if nick != "" {
		name = nick
	}
	return chat.Person{ID: p.ID, Name: name}
}

// Types of channels that are threads (D:resources/channel).
const (
	announcementThread = 10
	publicThread       = 11
	privateThread      = 12
)

func (c channel) isThread() bool {
	return c.Type == announcementThread || c.Type == publicThread || c.Type == privateThread
}

// decode makes a request of an interaction. It asks nobody anything but the Keep:
// whoever listens waits for it.
func (s *shift) decode(i interaction) (request, error) {
	r := request{raw: i, lane: i.ChannelID, on: i.Message}
	if i.GuildID == "" || i.Member == nil {
		return r, errors.New("it does not come from a server")
	}
	in, err := placeIn(i.GuildID, i.ChannelID, i.Channel)
	if err != nil {
		return r, err
	}
	who := i.Member.User.named(i.Member.Nick)
	r.call = chat.Call{
		ID: Platform + ":" + i.ApplicationID + ":" + i.ID, Thread: in, Person: who, At: madeAt(i.ID),
		Role: s.a.role(*i.Member),
	}
	s.a.heard.names.learn(who)
	switch i.Type {
	case typeCommand, typeSuggestions:
		err = s.decodeCommand(&r, i)
	case typeComponent:
		r.call.Pressed = true
		err = s.decodeComponent(&r, i)
	case typeForm:
		r.call.Pressed = true
		err = s.decodeForm(&r, i)
	default:
		err = fmt.Errorf("an interaction of the type %d", i.Type)
	}
	if r.door == doorSuggestions || urgent[r.call.Verb] && !r.call.Form {
		r.lane = ""
	}
	return r, err
}

// placeIn is the thread or channel that Discord calls a channel.
func placeIn(guild, id string, c channel) (chat.Thread, error) {
	if c.isThread() && c.ParentID != "" {
		return chat.NewThread(Platform, guild, c.ParentID, id)
	}
	return chat.NewThread(Platform, guild, id, "")
}

// Permissions (D:topics/permissions).
const (
	administrator = 1 << 3
	manageGuild   = 1 << 5
)

// role is what Discord's own roles make of somebody: the most that one of them
// gives.
func (a *Adapter) role(m member) string {
	rights := rightsOf(m.Permissions)
	if rights&(administrator|manageGuild) != 0 {
		return "admin"
	}
	best := ""
	for _, id := range m.Roles {
		best = more(best, a.o.Roles[id])
	}
	for name, bit := range rightNames {
		if rights&bit != 0 {
			best = more(best, a.o.Roles[name])
		}
	}
	return best
}

// chosen is what was pressed or chosen.
type chosen struct {
	CustomID string   `json:"custom_id"`
	Values   []string `json:"values"`
}

func (s *shift) decodeComponent(r *request, i interaction) error {
	r.door = doorComponent
	var c chosen
	if err := json.Unmarshal(i.Data, &c); err != nil {
		return fmt.Errorf("a component: %w", err)
	}
	ctx, cancel := context.WithTimeout(s.ctx, time.Second)
	defer cancel()
	if d, ok, err := s.a.draft(ctx, c.CustomID); ok || err != nil {
		if err != nil {
			return err
		}
		r.draft, r.lane = d, "" // it was opened before, and changes nothing
		r.call.Verb, r.call.Args, r.call.Form = d.Form.Verb, d.Form.Args, true
		return r.belongs(d.Thread)
	}
	v, err := parseCustom(ctx, s.a.o.Keep, c.CustomID)
	if err != nil {
		return err
	}
	r.call.Verb, r.call.Args, r.call.Form = v.Verb, v.Args, v.Form
	if v.Option != "" {
		if len(c.Values) != 1 {
			return fmt.Errorf("%d values were chosen at once", len(c.Values))
		}
		if r.call.Args == nil {
			r.call.Args = map[string]string{}
		}
		r.call.Args[v.Option] = c.Values[0]
	}
	return nil
}

func (s *shift) decodeForm(r *request, i interaction) error {
	r.door = doorForm
	var d struct {
		CustomID   string          `json:"custom_id"`
		Components json.RawMessage `json:"components"`
	}
	if err := json.Unmarshal(i.Data, &d); err != nil {
		return fmt.Errorf("a form: %w", err)
	}
	ctx, cancel := context.WithTimeout(s.ctx, time.Second)
	defer cancel()
	var err error
	if r.meta, err = parseForm(ctx, s.a.o.Keep, d.CustomID); err != nil {
		return err
	}
	r.call.Verb, r.call.Args = r.meta.Verb, map[string]string{}
	for name, value := range r.meta.Args {
		r.call.Args[name] = value
	}
	r.entered = map[string]bool{}
	for name, value := range modalValues(d.Components, r.meta) {
		r.call.Args[name], r.entered[name] = value, true
	}
	return r.belongs(r.meta.Thread)
}

// belongs has a request count for another place than where it was made: the one
// that its form is about. It is in the same channel: a custom_id comes from whoever
// sends it, and what they may do was told for this channel.
func (r *request) belongs(key string) error {
	if key == "" {
		return nil
	}
	in, err := chat.ParseThread(key)
	if err != nil || in.Platform() != Platform || in.Parent() != r.call.Thread.Parent() {
		return fmt.Errorf("a form is about %.80q", key)
	}
	r.call.Thread = in
	return nil
}
