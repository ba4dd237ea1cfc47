package discord

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/adaptertest"
	"github.com/synthoperator/baton/adapters/discord/discordtest"
	"github.com/synthoperator/baton/adapters/discord/discordtest/spec"
	"github.com/synthoperator/baton/chat"
)

// oracle is Discord's description, or nil where it is not at hand.
var oracle = sync.OnceValue(func() discordtest.Oracle {
	at := spec.Shared()
	if at == "" {
		return nil
	}
	s, err := spec.Load(at)
	if err != nil {
		panic(err)
	}
	return s
})

// town is a small Discord and an adapter that posts to it.
type town struct {
	*testing.T
	server *discordtest.Server
	app    *discordtest.Application
	guild  *discordtest.Guild
	launch *discordtest.Channel
	ana    *discordtest.Member
	mod    *discordtest.Member
	a      *Adapter
	where  chat.Thread // launch
}

// unlimited leaves limits to those who test them.
var unlimited = map[string]discordtest.Limit{"": {}}

func newTown(t *testing.T, o discordtest.Options, mine Options) *town {
	t.Helper()
	if o.Oracle = oracle(); o.Oracle == nil {
		t.Log("../shared/specs/discord-openapi.json is absent: nothing is checked against it")
	}
	return newBareTown(t, o, mine)
}

// newBareTown is one where only the fake's own checks are made, which are much
// faster.
func newBareTown(t *testing.T, o discordtest.Options, mine Options) *town {
	t.Helper()
	w := &town{T: t, server: discordtest.New(o)}
	t.Cleanup(w.server.Close)
	w.app = w.server.NewApplication("Baton")
	w.guild = w.server.NewGuild("Acme")
	w.launch = w.guild.NewChannel("launch", discordtest.Text)
	w.app.Join(w.guild, discordtest.Core)
	w.ana = w.guild.NewMember("ana")
	w.mod = w.guild.NewMember("mo", w.guild.NewRole("moderators", discordtest.ManageThreads|discordtest.ManageMessages|discordtest.ManageWebhooks))
	mine.APIURL, mine.Token, mine.Client, mine.Keep = w.server.URL(), w.app.Token, w.server.Client(), &memoryKeep{}
	w.a = newAdapter(mine)
	w.where = w.thread(w.launch)
	return w
}

func (w *town) thread(c *discordtest.Channel) chat.Thread {
	w.Helper()
	return placeOf(w.guild, c)
}

func placeOf(g *discordtest.Guild, c *discordtest.Channel) chat.Thread {
	channel, root := c.ID, ""
	if c.Parent() != nil {
		channel, root = c.Parent().ID, c.ID
	}
	in, err := chat.NewThread(Platform, g.ID, channel, root)
	if err != nil {
		panic(err)
	}
	return in
}

// forgiven are violations that are meant: who is to notice something is
// notified.
func (w *town) clean() {
	w.Helper()
	for _, v := range w.server.Violations() {
		if v.Kind != discordtest.Pinged {
			w.Errorf("%v", v)
		}
	}
}

// memoryKeep keeps texts in memory.
type memoryKeep struct {
	mu  sync.Mutex
	all map[string][]byte
}

func (k *memoryKeep) Put(_ context.Context, key string, value []byte, _ time.Duration) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.all == nil {
		k.all = map[string][]byte{}
	}
	k.all[key] = value
	return nil
}

func (k *memoryKeep) Get(_ context.Context, key string) ([]byte, bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	v, ok := k.all[key]
	return v, ok, nil
}

// readMarkup is what people read of Discord's markup, but for emphasis: escapes
// are gone, code stands as it is.
func readMarkup(markup string) string {
	var out strings.Builder
	fenced := false
	for line := range strings.SplitSeq(markup, "\n") {
		switch {
		case strings.HasPrefix(line, "```"):
			fenced = !fenced
			out.WriteString(strings.TrimPrefix(line, "```"))
		case fenced:
			out.WriteString(line)
		default:
			out.WriteString(readLine(line))
		}
		out.WriteString("\n")
	}
	return strings.ReplaceAll(strings.TrimSuffix(out.String(), "\n"), zeroWidth, "")
}

func readLine(line string) string {
	var out strings.Builder
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == '\\' && i+1 < len(line) && strings.ContainsRune("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", rune(line[i+1])):
			i++
			out.WriteByte(line[i])
		case line[i] == '`':
			n := len(line[i:]) - len(strings.TrimLeft(line[i:], "`"))
			end := strings.Index(line[i+n:], line[i:i+n])
			if end < 0 {
				out.WriteString(line[i : i+n])
				i += n - 1
				break
			}
			out.WriteString(line[i : i+n+end+n])
			i += n + end + n - 1
		default:
			out.WriteByte(line[i])
		}
	}
	return out.String()
}

// componentsOf are a message's components as Baton reads them.
func componentsOf(m discordtest.Message) []component {
	raw, _ := json.Marshal(m.Components)
	var all []component
	if err := json.Unmarshal(raw, &all); err != nil {
		panic(err)
	}
	return all
}

// seenAs is a message as the suite sees it.
func seenAs(in chat.Thread, bot string, m discordtest.Message) adaptertest.Seen {
	out := adaptertest.Seen{Ref: ref(in, m.ChannelID, m.ID), Author: m.AuthorID, Source: m.Content}
	if m.AuthorID == bot || m.Author == "Baton" {
		out.Author = ""
	}
	walk(componentsOf(m), func(c *component) {
		switch c.Type {
		case textDisplay:
			out.Source += c.Content + "\n"
		case pressButton:
			out.Buttons = append(out.Buttons, c.Label)
		case stringSelect:
			s := adaptertest.Select{Label: c.Placeholder}
			for _, o := range c.Options {
				s.Choices = append(s.Choices, o.Label)
			}
			out.Selects = append(out.Selects, s)
		}
	})
	for _, e := range m.Embeds {
		out.Source += embedSource(e)
	}
	out.Text = readMarkup(out.Source)
	out.Notice, _, _ = strings.Cut(strings.TrimSpace(out.Text), "\n")
	for _, f := range m.Attachments {
		out.Files = append(out.Files, chat.File{Name: f.Name, MediaType: f.Type, Data: f.Data, Alt: f.Description})
	}
	for _, id := range m.Pinged {
		if id == "everyone" {
			id = adaptertest.Everybody
		}
		out.Pings = append(out.Pings, id)
	}
	return out
}

// embedSource is the markup of an embed, from top to bottom as it is shown.
func embedSource(from map[string]any) string {
	raw, _ := json.Marshal(from)
	var e embed
	if err := json.Unmarshal(raw, &e); err != nil {
		panic(err)
	}
	text := ""
	if e.Author != nil {
		text += plainLine(e.Author.Name) + "\n" // which has no markup
	}
	text += e.Description + "\n"
	for _, f := range e.Fields {
		text += "**" + f.Name + "**: " + f.Value + "\n"
	}
	return text
}

// side is a Discord as the suite sees it, as far as Baton posts to it.
type side struct {
	*town
	guilds map[string]*discordtest.Guild
	rooms  map[string]*discordtest.Channel
	people map[string]*discordtest.Member
}

func newSide(w *town) *side {
	return &side{w, map[string]*discordtest.Guild{"w1": w.guild}, map[string]*discordtest.Channel{"w1 launch": w.launch}, map[string]*discordtest.Member{}}
}

func (s *side) member(name string) *discordtest.Member {
	if s.people[name] == nil {
		s.people[name] = s.guild.NewMember(name)
	}
	return s.people[name]
}

func (s *side) Person(name string) chat.Person {
	return chat.Person{ID: s.member(name).User.ID, Name: name}
}

func (s *side) Mention(p chat.Person) string { return "<@" + p.ID + ">" }

func (s *side) Channel(workspace, name string) chat.Thread {
	g := s.guilds[workspace]
	if g == nil {
		g = s.server.NewGuild(workspace)
		s.app.Join(g, discordtest.Core)
		g.Add(s.mod.User, g.NewRole("moderators", discordtest.ManageThreads|discordtest.ManageMessages))
		s.guilds[workspace] = g
	}
	c := s.rooms[workspace+" "+name]
	if c == nil {
		c = g.NewChannel(name, discordtest.Text)
		s.rooms[workspace+" "+name] = c
	}
	return placeOf(g, c)
}

func (s *side) Thread(in chat.Thread, n int) chat.Thread {
	c := s.server.Channel(in.Channel())
	mod := s.mod
	if in.Workspace() != s.guild.ID {
		mod = s.guilds["w2"].Owner()
	}
	for len(c.Threads()) < n {
		said, err := mod.Say(c, "a topic")
		if err == nil {
			_, err = mod.OpenThread(c, "a topic", &said, discordtest.PublicThread)
		}
		if err != nil {
			panic(err)
		}
	}
	return in.Under(c.Threads()[n-1].ID)
}

func (s *side) Messages(in chat.Thread) []adaptertest.Seen {
	id := in.Channel()
	if !in.InChannel() {
		id = in.Root()
	}
	var out []adaptertest.Seen
	for _, m := range s.server.Channel(id).Messages() {
		out = append(out, seenAs(in, s.app.Bot.ID, m))
	}
	return out
}

func (s *side) Forms(chat.Person, chat.Thread) []adaptertest.Form { return nil }

func (s *side) Delete(r chat.Ref) {
	for _, m := range s.server.Channel(r.Thread.Channel()).Messages() {
		if m.ID == r.ID {
			if err := s.mod.DeleteMessage(m); err != nil {
				panic(err)
			}
		}
	}
}

func (s *side) Close(t chat.Thread, how adaptertest.Closing) {
	switch how {
	case adaptertest.Locked:
		c := s.server.Channel(t.Root())
		if err := errors.Join(s.mod.Lock(c), s.mod.Archive(c)); err != nil {
			panic(err)
		}
	case adaptertest.Removed:
		s.server.Channel(t.Channel()).Overwrite(s.app, 0, discordtest.ViewChannel)
	}
}

func (s *side) Reopen(t chat.Thread, how adaptertest.Closing) {
	switch how {
	case adaptertest.Locked:
		c := s.server.Channel(t.Root())
		if err := errors.Join(s.mod.Unarchive(c), s.mod.Unlock(c)); err != nil {
			panic(err)
		}
	case adaptertest.Removed:
		s.server.Channel(t.Channel()).Overwrite(s.app, discordtest.ViewChannel, 0)
	}
}

func asked(kind adaptertest.Request) func(discordtest.Request) bool {
	switch kind {
	case adaptertest.Post:
		return discordtest.To("POST", routeMessages)
	case adaptertest.Edit:
		return discordtest.To("PATCH", routeMessage)
	}
	return discordtest.To("GET", routeMessages)
}

func (s *side) Fail(kind adaptertest.Request, times int, t adaptertest.Trouble) {
	var f discordtest.Fault
	switch t.What {
	case adaptertest.ReplyLost:
		f = discordtest.Fault{Store: true, Drop: true}
	case adaptertest.ReplyHangs:
		f = discordtest.Fault{Store: true, Hang: true}
	case adaptertest.NotCarried:
		f = discordtest.Fault{Drop: true}
	case adaptertest.Limited:
		f = discordtest.RateLimited("user", t.Wait)
	case adaptertest.LimitedAll:
		f = discordtest.RateLimited("global", t.Wait)
	case adaptertest.Refused:
		f = discordtest.Refusing(http.StatusBadRequest, 50035, "Invalid Form Body", false)
	}
	if t.What == adaptertest.Refused {
		times *= 2 // what is refused as components is tried as embeds
	}
	if kind == adaptertest.Find && f.Drop {
		times *= 2 // net/http asks once more for what it may ask twice for
	}
	s.server.AddFault(f.On(asked(kind), times))
}

func (s *side) Lag(time.Duration) {}

func (s *side) Imitate(p chat.Person, in chat.Thread, key, text string) {
	for _, m := range s.people {
		if m.User.ID == p.ID {
			if _, err := m.Say(s.server.Channel(in.Channel()), text+" "+key+" id="+strconv.Itoa(keyNumbers(key)[0])); err != nil {
				panic(err)
			}
		}
	}
}

func (s *side) Requests() int { return len(s.server.Requests(nil)) }
