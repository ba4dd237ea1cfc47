package main

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/discord"
	"github.com/synthoperator/baton/adapters/discord/discordtest"
	"github.com/synthoperator/baton/adapters/discord/discordtest/spec"
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/commands"
)

// hall is a house in a Discord within the process: the commands are registered as
// bot register does it, the bot is in the server with what bot invite asks for, and
// the adapter is wired as bot run wires it.
type hall struct {
	*discordtest.Server
	*house
	app    *discordtest.Application
	guild  *discordtest.Guild
	launch *discordtest.Channel
	people map[string]*discordtest.Member
	served *discordServed
	ends   []func() error
}

// described is Discord's own description of its API, or nil where it is not at
// hand: every request of a story is held to it.
var described = sync.OnceValue(func() discordtest.Oracle {
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

// openHall has everybody in the server. It is called in a bubble, at a time that
// Discord's ids can tell.
func openHall(t *testing.T, transport discord.Transport, faces bool) *hall {
	t.Helper()
	if described() == nil {
		t.Log("../shared/specs/discord-openapi.json is absent: nothing is checked against it")
	}
	pipe := discordtest.NewPipe()
	h := &hall{
		// Weeks pass, and a heartbeat in forty seconds would take most of the time that the test takes.
		Server: discordtest.New(discordtest.Options{InMemory: true, Heartbeat: 10 * time.Minute, Dial: pipe.DialContext, Oracle: described()}),
		house:  newHouse(t), people: map[string]*discordtest.Member{},
	}
	h.app = h.NewApplication("Baton")
	h.guild = h.NewGuild("Acme")
	h.launch = h.guild.NewChannel("launch", discordtest.Text)
	for _, name := range []string{"ana", "ben"} {
		h.people[name] = h.guild.NewMember(name)
	}
	c := DefaultConfig()
	c.Discord.Transport, c.Discord.APIURL, c.Discord.Faces = DiscordTransport(transport), h.URL(), faces
	c.Discord.PublicKey, c.Discord.Mentions = h.app.PublicKey, transport == discord.Gateway
	j := testJob(h.t, h.t.Output())
	j.config = c
	h.served = j.newDiscord(&hosts{}, c.Discord, Secret{h.app.Token})
	h.prepare(faces)
	h.opens(c, func(p *parts) (map[string]chat.Poster, error) {
		options := h.served.options(p)
		options.Client, options.Dial = h.Client(), h.DialContext
		var err error
		h.served.adapter, err = discord.New(options)
		return map[string]chat.Poster{discord.Platform: h.served.adapter}, err
	})
	if transport == discord.HTTP {
		h.app.SetEndpoint("http://baton.test" + discordPath)
		h.delivered(pipe)
	}
	h.runs(h.served.adapter.Run)
	return h
}

// prepare does what an operator does before the bot runs.
func (h *hall) prepare(faces bool) {
	h.t.Helper()
	var rights discordtest.Permission
	for _, p := range discord.Permissions(faces) {
		rights |= map[string]discordtest.Permission{
			"View Channels": discordtest.ViewChannel, "Send Messages": discordtest.SendMessages,
			"Create Public Threads": discordtest.CreatePublicThreads, "Send Messages in Threads": discordtest.SendMessagesInThreads,
			"Embed Links": discordtest.EmbedLinks, "Attach Files": discordtest.AttachFiles,
			"Read Message History": discordtest.ReadMessageHistory, "Manage Webhooks": discordtest.ManageWebhooks,
		}[p.Name]
	}
	h.app.Join(h.guild, rights)
	ask := discord.Inspector{APIURL: h.URL(), Token: h.app.Token, Client: h.Client()}
	r, err := ask.Compare(h.t.Context(), h.app.ID, commands.New(commands.Deps{}).Specs(), "")
	if err == nil {
		err = ask.Register(h.t.Context(), r)
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

// close ends the bot and then Discord.
func (h *hall) close() {
	h.t.Helper()
	h.house.close()
	h.Close()
	for _, end := range h.ends {
		_ = end()
	}
}

// clean sees that Discord has no complaint. Who is to notice something is
// notified.
func (h *hall) clean() {
	h.t.Helper()
	for _, v := range h.Violations() {
		if v.Kind != discordtest.Pinged {
			h.t.Errorf("Discord would not have it: %s", v)
		}
	}
}

// thread is the first thread of a channel.
func (h *hall) thread(in *discordtest.Channel) *discordtest.Channel {
	h.t.Helper()
	all := in.Threads()
	if len(all) == 0 {
		h.t.Fatalf("there is no thread in %s", in.Name())
	}
	return all[0]
}

// does lets somebody do something and everything happen that comes of it. What
// they see then is returned; nothing may be left without an answer.
func (h *hall) does(did *discordtest.Interaction, err error) discordtest.Seen {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
	h.settle()
	seen := did.Now()
	if slices.Contains([]discordtest.State{discordtest.Waiting, discordtest.Thinking, discordtest.Failed}, seen.State) {
		h.t.Errorf("what was done is left %s: %s", seen.State, shownIn(seen))
	}
	return seen
}

// types sends a command as Discord shows it.
func (h *hall) types(who string, in *discordtest.Channel, line string) discordtest.Seen {
	h.t.Helper()
	return h.does(slashed(h.people, h.people[who], in, line))
}

// delivered has Discord bring interactions to the bot without a network.
func (h *hall) delivered(by *discordtest.Pipe) {
	mux := http.NewServeMux()
	mux.Handle(discordPath, h.served.adapter.Routes())
	server := &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	go server.Serve(by)
	h.ends = append(h.ends, server.Close)
}
