package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/synthoperator/baton/adapters/discord"
	"github.com/synthoperator/baton/adapters/discord/discordtest"
	"github.com/synthoperator/baton/commands"
)

// discordWorld is a Discord of a script's own, beside the program under test. Its
// token is a canary: wherever it shows, the script fails.
type discordWorld struct {
	server  *discordtest.Server
	app     *discordtest.Application
	guild   *discordtest.Guild
	people  map[string]*discordtest.Member
	places  map[string]*discordtest.Channel
	last    map[string]*discordtest.Interaction // what somebody did last
	waiting time.Duration
	forgive bool
}

// canaryDiscord is joined here so that no scanner takes this file for a leak.
const canaryDiscord = "MTIzNDU2Nzg5MDEyMzQ1Njc4" + ".canary." + "discord-0123456789-0123456789-0123"

// newDiscordWorld starts a Discord with one server, Acme, in which ana and ben
// are, with the channels launch and ops and the forum reviews. A script does in a
// second what a team does in an hour, so that the limit of all routes is higher. Baton is an
// application that is in no server yet and has no commands.
func newDiscordWorld() *discordWorld {
	w := &discordWorld{
		server: discordtest.New(discordtest.Options{Global: 1000}), waiting: 20 * time.Second,
		people: map[string]*discordtest.Member{}, places: map[string]*discordtest.Channel{},
		last: map[string]*discordtest.Interaction{},
	}
	w.app = w.server.NewApplication("Baton")
	w.app.Token = canaryDiscord
	w.guild = w.server.NewGuild("Acme")
	for _, name := range []string{"ana", "ben"} {
		w.people[name] = w.guild.NewMember(name)
	}
	for _, name := range []string{"launch", "ops"} {
		w.places[name] = w.guild.NewChannel(name, discordtest.Text)
	}
	w.places["reviews"] = w.guild.NewChannel("reviews", discordtest.Forum)
	return w
}

// invited takes Baton into the server with what a link asks for.
func (w *discordWorld) invited(link string) error {
	bits := regexp.MustCompile(`client_id=(\d+)&.*permissions=(\d+)&scope=bot%20applications.commands`).FindStringSubmatch(link)
	if bits == nil || bits[1] != w.app.ID {
		return fmt.Errorf("%q invites nobody", link)
	}
	n, err := strconv.ParseUint(bits[2], 10, 64)
	if err == nil {
		w.app.Join(w.guild, discordtest.Permission(n))
	}
	return err
}

// place is a channel, or with "/1" its first thread, "/2" its second.
func (w *discordWorld) place(where string) (*discordtest.Channel, error) {
	name, n, inThread := strings.Cut(where, "/")
	channel := w.places[name]
	if channel == nil {
		return nil, fmt.Errorf("nothing is called %s", name)
	}
	if !inThread {
		return channel, nil
	}
	at, err := strconv.Atoi(n)
	if all := channel.Threads(); err == nil && at >= 1 && at <= len(all) {
		return all[at-1], nil
	}
	return nil, fmt.Errorf("there is no thread %s", where)
}

// opened is a place, once it is there.
func (w *discordWorld) opened(ctx context.Context, where string) (*discordtest.Channel, error) {
	for {
		n := len(w.server.Requests(nil))
		channel, err := w.place(where)
		if err == nil {
			return channel, nil
		}
		if _, gone := w.server.AwaitRequests(ctx, n+1, nil); gone != nil {
			return nil, err
		}
	}
}

// types has somebody type a command or a mention. What they are told comes back.
func (w *discordWorld) types(who, where, text string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), w.waiting)
	defer cancel()
	channel, err := w.opened(ctx, where)
	if err != nil {
		return "", err
	}
	if rest, ok := strings.CutPrefix(text, "/"); ok {
		did, err := slashed(w.people, w.people[who], channel, rest)
		if err != nil {
			return "", err
		}
		w.last[who] = did
		seen, err := did.Said(ctx)
		if err != nil {
			return "", err
		}
		if seen.State == discordtest.Failed {
			return "", errors.New("Discord says: The application did not respond")
		}
		return shownIn(seen), nil
	}
	rest, ok := strings.CutPrefix(text, "@Baton ")
	if !ok {
		return "", fmt.Errorf("neither a command nor a mention: %s", text)
	}
	said, err := w.people[who].Say(channel, w.app.Mention()+" "+rest)
	if err != nil {
		return "", err
	}
	return w.answer(ctx, channel, said)
}

// answer waits for what stands under a message.
func (w *discordWorld) answer(ctx context.Context, in *discordtest.Channel, to discordtest.Message) (string, error) {
	for {
		for _, m := range in.Messages() {
			if m.ReplyTo == to.ID {
				return textOf(m), nil
			}
		}
		n := len(w.server.Requests(nil))
		if _, err := w.server.AwaitRequests(ctx, n+1, nil); err != nil {
			return "", fmt.Errorf("nothing is said to %q", to.Content)
		}
	}
}

// shows waits until what stands in a channel and its threads matches.
func (w *discordWorld) shows(where string, re *regexp.Regexp) (string, bool) {
	ctx, cancel := context.WithTimeout(context.Background(), w.waiting)
	defer cancel()
	for {
		n := len(w.server.Requests(nil))
		var all strings.Builder
		channel, err := w.place(where)
		if err != nil {
			return err.Error(), false
		}
		for _, in := range append(channel.Threads(), channel) {
			for _, m := range in.Messages() {
				all.WriteString(textOf(m) + "\n")
			}
		}
		if re.MatchString(all.String()) {
			return all.String(), true
		}
		if _, err := w.server.AwaitRequests(ctx, n+1, nil); err != nil {
			return all.String(), false
		}
	}
}

// theCommands are those that are registered, by the verbs' names.
func theCommands() map[string]discord.OptionSpec {
	all, err := discord.Commands(commands.New(commands.Deps{}).Specs(), true)
	if err != nil {
		panic(err)
	}
	out := map[string]discord.OptionSpec{}
	for _, verb := range all[0].Options {
		out[verb.Name] = verb
	}
	return out
}

// slashed sends a command as Discord shows it: "baton note kind:decision text:…".
func slashed(people map[string]*discordtest.Member, who *discordtest.Member, in *discordtest.Channel, line string) (*discordtest.Interaction, error) {
	words := strings.SplitN(line, " ", 3)
	if who == nil || len(words) < 2 {
		return nil, fmt.Errorf("nobody types /%s", line)
	}
	rest := ""
	if len(words) == 3 {
		rest = words[2]
	}
	args, err := optionsOf(people, theCommands()[words[1]], rest)
	if err != nil {
		return nil, err
	}
	return who.Slash(in, words[0]+" "+words[1], args)
}

// optionsOf are the options of a verb that somebody filled in.
func optionsOf(people map[string]*discordtest.Member, verb discord.OptionSpec, text string) (discordtest.Args, error) {
	args := discordtest.Args{}
	names := make([]string, len(verb.Options))
	for i, o := range verb.Options {
		names[i] = regexp.QuoteMeta(o.Name)
	}
	if text == "" {
		return args, nil
	}
	at := regexp.MustCompile(`(?:^| )(`+strings.Join(names, "|")+`):`).FindAllStringSubmatchIndex(text, -1)
	if len(at) == 0 || at[0][0] != 0 {
		return nil, fmt.Errorf("%q fills in no option of %s", text, verb.Name)
	}
	for i, m := range at {
		end := len(text)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		name, value := text[m[2]:m[3]], text[m[1]:end]
		var err error
		if args[name], err = optionOf(people, verb, name, value); err != nil {
			return nil, err
		}
	}
	return args, nil
}

// Types of options (D:interactions/application-commands).
const (
	optionWhole = 4
	optionYes   = 5
	optionWho   = 6
)

func optionOf(people map[string]*discordtest.Member, verb discord.OptionSpec, name, value string) (any, error) {
	i := slices.IndexFunc(verb.Options, func(o discord.OptionSpec) bool { return o.Name == name })
	switch verb.Options[i].Type {
	case optionWhole:
		return strconv.Atoi(value)
	case optionYes:
		return strconv.ParseBool(value)
	case optionWho:
		who := people[strings.TrimPrefix(value, "@")]
		if who == nil {
			return nil, fmt.Errorf("nobody is called %s", value)
		}
		return who, nil
	}
	return value, nil
}

// shownIn is what somebody reads after what they did.
func shownIn(s discordtest.Seen) string {
	var all []string
	if s.Message != nil {
		all = append(all, textOf(*s.Message))
	}
	for _, m := range s.FollowUps {
		all = append(all, textOf(m))
	}
	if s.Modal != nil {
		all = append(all, "form: "+s.Modal.Title)
	}
	return strings.Join(all, "\n")
}

// textOf is what somebody reads in a message, without markup's escapes.
func textOf(m discordtest.Message) string {
	out := []string{m.Content}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, key := range []string{"content", "label"} {
				if text, ok := v[key].(string); ok {
					out = append(out, text)
				}
			}
			for _, key := range []string{"components", "accessory"} {
				walk(v[key])
			}
		case []any:
			for _, one := range v {
				walk(one)
			}
		}
	}
	var all any
	raw, _ := json.Marshal(m.Components) // it was JSON before
	_ = json.Unmarshal(raw, &all)
	walk(all)
	return escapeRE.ReplaceAllString(strings.Join(out, "\n"), "$1")
}

var escapeRE = regexp.MustCompile(`\\([^\w\s])`)

// A script's Discord:
//
//	discord start               start it; DISCORD_* are set for what follows
//	discord http FILE           the same over HTTP, as FILE then configures
//	discord beside FILE         the same at the address of the script's Slack, added to FILE
//	discord invite FILE         take Baton into the server by the link in a file
//	discord WHO WHERE TEXT…     somebody types a command or a mention; stdout is what they are told
//	discord shows WHERE PATTERN wait until what stands in the channel or its threads matches
//	discord endpoint URL        the portal has interactions sent there; "" is the gateway
//	discord close CODE          end the connections that stand
//	discord keeps WHERE         take the right to write there
//	discord later               so much later that another session may begin
//	discord promote WHO         make somebody a moderator, who manages threads
//	discord revoke              reset the token
//	discord forgive             the script provokes what Discord would not have
func discordCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: discord start|http|beside|invite|shows|endpoint|close|keeps|later|promote|revoke|forgive|WHO …")
	}
	holder := ts.Value(discordWorldKey{}).(*discordHolder)
	if args[0] == "start" || args[0] == "http" || args[0] == "beside" {
		ts.Check(holder.end(ts.Getenv("WORK")))
		holder.discordWorld = newDiscordWorld()
		ts.Setenv("DISCORD_API_URL", holder.server.URL())
		ts.Setenv(discordBotToken, canaryDiscord)
		ts.Setenv("GUILD", holder.guild.ID)
		ts.Setenv("OPS", holder.places["ops"].ID)
		switch args[0] {
		case "http":
			at, err := freeAddress()
			ts.Check(err)
			ts.Check(holder.overHTTP(at, ts.MkAbs(args[1])))
		case "beside":
			at := ts.Value(slackWorldKey{}).(*slackHolder).listen
			ts.Check(holder.overHTTP(at, ts.MkAbs(args[1])))
		}
		return
	}
	w := holder.discordWorld
	if w == nil {
		ts.Fatalf("discord start comes first")
	}
	switch args[0] {
	case "invite":
		ts.Check(w.invited(ts.ReadFile(args[1])))
	case "endpoint":
		w.app.SetEndpoint(args[1])
	case "close":
		code, err := strconv.Atoi(args[1])
		ts.Check(err)
		w.app.CloseConnections(code)
	case "keeps":
		w.places[args[1]].Overwrite(w.app, 0, discordtest.SendMessages)
	case "later":
		w.app.ForgiveIdentifies()
	case "promote":
		w.people[args[1]].SetRoles(w.guild.NewRole("moderators", discordtest.ManageThreads))
	case "revoke":
		w.app.Revoke()
	case "forgive":
		w.forgive = true
	case "shows":
		re, err := regexp.Compile(`(?m)` + args[2])
		ts.Check(err)
		if text, ok := w.shows(args[1], re); !ok {
			ts.Fatalf("no match for %s in\n%s", args[2], text)
		}
	default:
		told, err := w.types(args[0], args[1], strings.Join(args[2:], " "))
		ts.Check(err)
		fmt.Fprintln(ts.Stdout(), told)
	}
}

// freeAddress is one that nobody listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// overHTTP has interactions sent to an address, and adds to a configuration what a
// program needs that listens there.
func (w *discordWorld) overHTTP(at, file string) error {
	w.app.SetEndpoint("http://" + at + discordPath)
	had, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	text := fmt.Sprintf("%s\n[discord]\nenabled = true\ntransport = \"http\"\nlisten = %q\npublic_key = %q\n", had, at, w.app.PublicKey)
	return os.WriteFile(file, []byte(text), 0o600)
}

// discordHolder is where a script finds its Discord.
type discordHolder struct{ *discordWorld }

// end looks at what the script left: Discord has no complaint, and no secret
// shows in any file.
func (h *discordHolder) end(dir string) error {
	if h.discordWorld == nil {
		return nil
	}
	h.server.Close()
	for _, v := range h.server.Violations() {
		if v.Kind != discordtest.Pinged && !h.forgive {
			return fmt.Errorf("Discord would not have it: %s", v)
		}
	}
	return noCanary(dir)
}

type discordWorldKey struct{}
