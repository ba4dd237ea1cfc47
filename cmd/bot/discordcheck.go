package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/synthoperator/baton/adapters/discord"
	"github.com/synthoperator/baton/commands"
)

// discordChecked is what a check of Discord found.
type discordChecked struct {
	Transport   string          `json:"transport"`
	Application string          `json:"application,omitempty"`
	As          string          `json:"as,omitempty"`
	Servers     []serverChecked `json:"servers"`

	Checks platformChecks `json:"checks"`

	config DiscordConfig
	ask    discord.Inspector
}

// serverChecked is one server that the bot is in.
type serverChecked struct {
	ID       string               `json:"id"`
	Name     string               `json:"name"`
	Lacks    []discord.Permission `json:"lacks,omitempty"`
	Channels []discord.Place      `json:"channels"`
}

// checkDiscord asks Discord about the bot; nil where it is not enabled. It shows
// no secret and connects to no gateway.
func checkDiscord(ctx context.Context, c DiscordConfig) *discordChecked {
	if !c.Enabled {
		return nil
	}
	d := &discordChecked{Transport: string(c.Transport), Servers: []serverChecked{}, Checks: platformChecks{}, config: c}
	token, wrong := discordTokenOf(c)
	d.Checks.unset(wrong)
	if len(wrong) > 0 {
		return d
	}
	d.ask = c.inspector(token)
	id, err := d.identify(ctx)
	if err != nil {
		d.Checks.add(discordBotToken, checkWrong, discordFailed(discordBotToken, err), discordRemedy(err))
		return d
	}
	d.Application, d.As = id.Application, id.Name
	d.Checks.add(discordBotToken, checkReady, fmt.Sprintf("%s works: application %s, as @%s", discordBotToken, id.Application, id.Name), "")
	d.transport(id)
	d.commands(ctx, id)
	d.servers(ctx, id)
	return d
}

func (d *discordChecked) identify(ctx context.Context) (discord.Identity, error) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	return d.ask.Identify(ctx)
}

// transport says whether the developer portal agrees with the configuration, and
// what is listened to.
func (d *discordChecked) transport(id discord.Identity) {
	c := d.config
	if discord.Transport(c.Transport) != discord.HTTP {
		if id.Endpoint != "" {
			d.Checks.add("interactions_endpoint_url", checkWrong, "Discord sends this application's interactions to "+id.Endpoint+", so that none comes over the gateway",
				`clear the Interactions Endpoint URL under "General Information" at `+discordPortal+`, or set transport = "http"`)
		}
		text := "it asks for no privileged intent: commands come without any"
		if c.Mentions {
			text = "it asks for no privileged intent: messages that name Baton come with the intent GUILD_MESSAGES, and with what they say"
		}
		d.Checks.add("intents", checkReady, text, "")
		return
	}
	switch {
	case id.PublicKey != "" && id.PublicKey != c.PublicKey:
		d.Checks.add("public_key", checkWrong, "public_key is not the one of this bot's application", `copy the Public Key from "General Information" at `+discordPortal)
	default:
		d.Checks.add("public_key", checkReady, "public_key is the one of this bot's application", "")
	}
	if id.Endpoint == "" {
		d.Checks.add("interactions_endpoint_url", checkWrong, "the application has no Interactions Endpoint URL, so that nothing is heard",
			`while `+"`bot run`"+` runs, set it under "General Information" at `+discordPortal+" to the address at which Discord reaches "+discordPath+" here")
		return
	}
	d.Checks.add("interactions_endpoint_url", checkNoted, "Discord sends interactions to "+id.Endpoint+"; that has to lead to "+discordPath+" here", "")
}

// commands says whether what is registered is what this release understands.
func (d *discordChecked) commands(ctx context.Context, id discord.Identity) {
	scopes := d.config.Guilds
	if len(scopes) == 0 {
		scopes = []string{""}
	}
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	for _, guild := range scopes {
		where, again := whereOf(guild), "`bot register discord` registers them"
		if guild != "" && !id.In(guild) {
			d.Checks.add("commands", checkWrong, "Baton is not in server "+guild+", which discord.guilds names", "`bot invite discord` has the link")
			continue
		}
		r, err := d.ask.Compare(ctx, id.Application, commands.New(commands.Deps{}).Specs(), guild)
		switch {
		case err != nil:
			d.Checks.add("commands", checkWrong, discordFailed("the commands "+where, err), discordRemedy(err))
		case r.None:
			d.Checks.add("commands", checkWrong, "no commands are registered "+where+", so that nobody can type /baton", again)
		case !r.Same():
			d.Checks.add("commands", checkWrong, fmt.Sprintf("the commands registered %s are not those of this release: %s", where, andMore(r.Differences, 3)), again)
		default:
			d.Checks.add("commands", checkReady, "the commands are registered "+where, "")
		}
	}
}

// mostServers is of how many servers the channels are looked at.
const mostServers = 20

// servers says where Baton is and what it lacks there.
func (d *discordChecked) servers(ctx context.Context, id discord.Identity) {
	const invite = "`bot invite discord` has the link"
	if len(id.Guilds) == 0 {
		d.Checks.add("servers", checkWrong, "Baton is in no server yet", invite)
		return
	}
	needed := discord.Permissions(d.config.Faces)
	for i, g := range id.Guilds {
		if i == mostServers {
			d.Checks.add("servers", checkNoted, fmt.Sprintf("Baton is in %d more servers, which were not looked at", len(id.Guilds)-i), "")
			return
		}
		d.server(ctx, id, g, needed)
	}
}

func (d *discordChecked) server(ctx context.Context, id discord.Identity, g discord.Guild, needed []discord.Permission) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	s := serverChecked{ID: g.ID, Name: g.Name, Lacks: g.Lacks(needed), Channels: []discord.Place{}}
	name := withDetail(g.Name, g.ID)
	for _, p := range s.Lacks {
		d.Checks.add("permissions", checkWrong, fmt.Sprintf("%s: Baton lacks %s, %s", name, p.Name, p.Why), "open the link of `bot invite discord` again, or give it to Baton's role under Server Settings → Roles")
	}
	all, err := d.ask.Places(ctx, id, g, needed)
	if err != nil {
		d.Checks.add("channels", checkWrong, discordFailed("the channels of "+name, err), discordRemedy(err))
	}
	s.Channels = append(s.Channels, all...)
	d.Servers = append(d.Servers, s)
	var works []string
	hidden := 0
	for _, p := range all {
		var lacks []string
		for _, lack := range p.Lacks {
			lacks = append(lacks, lack.Name)
		}
		switch {
		case p.Hides:
			hidden++
		case len(lacks) == 0:
			works = append(works, "#"+p.Name)
		case len(s.Lacks) < len(lacks):
			d.Checks.add("channels", checkNoted, fmt.Sprintf("%s: Baton cannot work in #%s without %s", name, p.Name, strings.Join(lacks, ", ")), "give that to Baton's role in the channel's permissions, where sessions are to be there")
		}
	}
	if err == nil && len(s.Lacks) == 0 {
		d.worksIn(name, works, hidden)
	}
}

func (d *discordChecked) worksIn(name string, works []string, hidden int) {
	if len(works) == 0 {
		d.Checks.add("channels", checkNoted, name+": Baton can work in no channel", "give Baton's role access to one in its permissions")
		return
	}
	const shown = 20
	text := name + ": Baton works in " + andMore(works, shown)
	if hidden > 0 {
		text += fmt.Sprintf("; it does not see %s", count(hidden, "other channel"))
	}
	d.Checks.add("channels", checkReady, text, "")
}

// andMore is a list of which no more than so many are named.
func andMore(all []string, shown int) string {
	if more := len(all) - shown; more > 0 {
		all = append(all[:shown:shown], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(all, ", ")
}

// discordFailed says what came of asking.
func discordFailed(what string, err error) string {
	why := strings.TrimPrefix(err.Error(), "discord: ")
	switch {
	case discord.Dead(err):
		return what + " does not work: Discord refuses " + why
	case discord.Refused(err):
		return what + ": Discord refuses " + why
	case errors.Is(err, context.DeadlineExceeded):
		return what + ": Discord gave no answer in time"
	}
	return what + ": Discord cannot be reached: " + why
}

// discordRemedy says what to do about it.
func discordRemedy(err error) string {
	switch {
	case discord.Dead(err):
		return findDiscordToken
	case discord.Refused(err):
		return "https://docs.discord.com/developers/topics/opcodes-and-status-codes says what that means"
	}
	return "look at the network, at a proxy, and at discord.api_url"
}
