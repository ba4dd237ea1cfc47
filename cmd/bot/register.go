package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/synthoperator/baton/adapters/discord"
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/commands"
)

// registerCmd is bot register.
type registerCmd struct {
	Discord discordRegisterCmd `cmd:"" help:"Make the commands in Discord those of this release; nothing is sent where they are."`
}

// discordRegisterCmd is bot register discord.
type discordRegisterCmd struct {
	Guild  []string `help:"Register in this server alone, where it is there at once: for trials. Beats discord.guilds." placeholder:"ID" sep:"none"`
	DryRun bool     `help:"Say what differs and change nothing."`
	Remove bool     `help:"Take the commands out instead, as after a trial."`
}

// registered is what was registered, or would be.
type registered struct {
	discord.Registration
	Changed bool `json:"changed"`
}

// Run compares and registers.
func (c *discordRegisterCmd) Run(j *job) error {
	ask, id, err := j.discordBot()
	if err != nil {
		return err
	}
	specs := commands.New(commands.Deps{}).Specs()
	if c.Remove {
		specs = nil
	}
	var all []registered
	for _, guild := range c.scopes(j.config.Discord) {
		one, err := c.one(j, ask, id, specs, guild)
		if err != nil {
			return err
		}
		all = append(all, one)
		if !j.JSON {
			if err := c.print(j, id, one); err != nil {
				return err
			}
		}
	}
	if j.JSON {
		return printJSON(j.out, all)
	}
	return c.twice(j, ask, id, specs)
}

// scopes are where to register: "" is everywhere.
func (c *discordRegisterCmd) scopes(config DiscordConfig) []string {
	switch {
	case len(c.Guild) > 0:
		return c.Guild
	case len(config.Guilds) > 0:
		return config.Guilds
	}
	return []string{""}
}

func (c *discordRegisterCmd) one(ctx context.Context, ask discord.Inspector, id discord.Identity, specs []chat.Spec, guild string) (registered, error) {
	if guild != "" && !discord.IsID(guild) {
		return registered{}, usageError{fmt.Errorf("%q is no server's id: it is a number; with Developer Mode on, a server's menu has Copy Server ID", short(guild))}
	}
	if guild != "" && !id.In(guild) {
		return registered{}, usageError{fmt.Errorf("@%s is not in server %s: open the link of `bot invite discord` first", id.Name, guild)}
	}
	r, err := ask.Compare(ctx, id.Application, specs, guild)
	if err != nil {
		return registered{}, fmt.Errorf("%s; %s", discordFailed("the commands "+whereOf(guild), err), discordRemedy(err))
	}
	if r.Same() || c.DryRun {
		return registered{r, false}, nil
	}
	if err := ask.Register(ctx, r); err != nil {
		return registered{}, fmt.Errorf("%s; %s", discordFailed("register the commands "+whereOf(guild), err), discordRemedy(err))
	}
	return registered{r, true}, nil
}

func (c *discordRegisterCmd) print(j *job, id discord.Identity, r registered) error {
	p := &printer{w: j.out}
	for _, line := range r.Differences {
		p.line("%s", line)
	}
	where := whereOf(r.Guild)
	switch {
	case r.Same() && c.Remove:
		p.line("No commands of @%s are registered %s; nothing was sent.", id.Name, where)
	case r.Same():
		p.line("The commands of @%s are registered %s as they should be; nothing was sent.", id.Name, where)
	case c.DryRun:
		p.line("That would change %s; nothing was sent.", where)
	case c.Remove:
		p.line("The commands of @%s were taken out %s.", id.Name, where)
	default:
		p.line("The commands of @%s are registered %s.", id.Name, where)
	}
	return p.err
}

// twice warns of commands that people would see twice: Discord shows those of a
// server beside those for all, also where they are the same
// (https://docs.discord.com/developers/interactions/application-commands).
func (c *discordRegisterCmd) twice(j *job, ask discord.Inspector, id discord.Identity, specs []chat.Spec) error {
	if c.Remove || c.scopes(j.config.Discord)[0] == "" {
		return nil
	}
	everywhere, err := ask.Compare(j, id.Application, specs, "")
	if err != nil || everywhere.None {
		return nil //nolint:nilerr // what was asked for is done
	}
	_, err = fmt.Fprintln(j.out, "The commands are registered everywhere as well, so that people there see each twice: take them out again with --remove once the trial is over.")
	return err
}

func whereOf(guild string) string {
	if guild == "" {
		return "everywhere"
	}
	return "in server " + guild
}

// discordBot is the bot that the token is for.
func (j *job) discordBot() (discord.Inspector, discord.Identity, error) {
	token, wrong := discordTokenOf(j.config.Discord)
	if len(wrong) > 0 {
		return discord.Inspector{}, discord.Identity{}, usageError{errors.New(joinSentences(wrong))}
	}
	ask := j.config.Discord.inspector(token)
	id, err := ask.Identify(j)
	switch {
	case err == nil:
		return ask, id, nil
	case discord.Dead(err):
		return ask, id, usageError{fmt.Errorf("%s; %s", discordFailed(discordBotToken, err), discordRemedy(err))}
	}
	return ask, id, fmt.Errorf("%s; %s", discordFailed(discordBotToken, err), discordRemedy(err))
}

// inviteCmd is bot invite.
type inviteCmd struct {
	Discord discordInviteCmd `cmd:"" help:"Print the link that takes the bot into a Discord server."`
}

// discordInviteCmd is bot invite discord.
type discordInviteCmd struct{}

// invited is the link, with what it asks for.
type invited struct {
	Link        string    `json:"link"`
	Permissions []granted `json:"permissions"`
}

type granted struct {
	Name string `json:"name"`
	Why  string `json:"why"`
}

// Run prints the link and why it asks for what.
func (*discordInviteCmd) Run(j *job) error {
	_, id, err := j.discordBot()
	if err != nil {
		return err
	}
	needed := discord.Permissions(j.config.Discord.Faces)
	link := invited{Link: discord.Invitation(id.Application, needed)}
	for _, p := range needed {
		link.Permissions = append(link.Permissions, granted{p.Name, p.Why})
	}
	if j.JSON {
		return printJSON(j.out, link)
	}
	p := &printer{w: j.out}
	p.line("%s", link.Link)
	p.line("It lets @%s into a server that you manage, with", id.Name)
	for _, one := range link.Permissions {
		p.line("- %s, %s", one.Name, one.Why)
	}
	return p.err
}
