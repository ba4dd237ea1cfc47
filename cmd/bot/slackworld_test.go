package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/synthoperator/baton/adapters/slack"
	"github.com/synthoperator/baton/adapters/slack/slacktest"
)

// slackWorld is a Slack of a script's own, beside the program under test. Its
// secrets are canaries: wherever one shows, the script fails.
type slackWorld struct {
	server  *slacktest.Server
	app     *slacktest.App
	team    *slacktest.Workspace
	bot     *slacktest.Install
	people  map[string]*slacktest.Person
	places  map[string]*slacktest.Channel
	scopes  []string
	waiting time.Duration
	listen  string // where the program takes deliveries over HTTP
}

// The canaries. They are joined here so that no scanner takes this file for a leak.
const (
	canaryBot     = "xox" + "b-canary-bot-0123456789"
	canaryApp     = "xap" + "p-1-A1-canary-app-0123456789"
	canarySigning = "canarysigning0123456789abcdef"
	canaryClient  = "canaryclientsecret0123456789ab"
	canaryKey     = "Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5ISE=" // 32 bytes in base64
)

var theScopes = []string{
	"app_mentions:read", "channels:history", "channels:read", "chat:write", "chat:write.customize", "commands", "files:write", "groups:history", "groups:read", "im:history", "users:read",
}

// tokenRE are the tokens that this Slack makes up, and the canaries.
var tokenRE = regexp.MustCompile(`xox` + `b-[0-9a-f]{32}`)

// newSlackWorld starts a Slack with one workspace, acme, in which ana and ben
// work, with the channels launch and ops. Baton is installed and in launch.
func newSlackWorld(scopes []string, cfg slacktest.AppConfig) (*slackWorld, error) {
	return newSlackWorldOf(slacktest.Options{}, scopes, cfg)
}

func newSlackWorldOf(o slacktest.Options, scopes []string, cfg slacktest.AppConfig) (*slackWorld, error) {
	server, err := slacktest.Start(o)
	if err != nil {
		return nil, err
	}
	w := &slackWorld{server: server, scopes: scopes, people: map[string]*slacktest.Person{}, places: map[string]*slacktest.Channel{}, waiting: 20 * time.Second}
	w.team = server.Workspace("T1", "acme")
	cfg.ID, cfg.Name, cfg.Token, cfg.SigningSecret, cfg.ClientID, cfg.ClientSecret = "A1", "baton", canaryApp, canarySigning, "1.2", canaryClient
	cfg.Commands, cfg.Escape, cfg.HomeTab, cfg.Scopes = []string{"/baton"}, true, true, scopes
	cfg.Events = []string{"app_mention", "app_home_opened", "app_uninstalled", "tokens_revoked"}
	cfg.Shortcuts = map[string]string{"baton_decision": "message", "baton_handoff": "message"}
	w.app = server.App(cfg)
	w.bot = &slacktest.Install{UserID: "UBATON"}
	if len(cfg.RedirectURLs) == 0 {
		w.bot = w.app.InstallAs(w.team, slacktest.Install{Token: canaryBot, UserID: "UBATON", BotID: "BBATON"})
	} else {
		w.app.Consent(slacktest.Consent{Team: w.team})
	}
	for i, name := range []string{"ana", "ben"} {
		w.people[name] = w.team.Person(fmt.Sprintf("U%d", i+1), name)
	}
	for i, name := range []string{"launch", "ops"} {
		w.places[name] = w.team.Channel(fmt.Sprintf("C%d", i+1), name)
		w.places[name].Join("U1", "U2")
	}
	w.places["launch"].Join(w.bot.UserID)
	return w, nil
}

// types has somebody type a line in a channel, or in the thread of the channel's
// newest message that has one. What they are told comes back.
func (w *slackWorld) types(who, where, text string) (string, error) {
	person, channel := w.people[who], w.places[where]
	if person == nil || channel == nil {
		return "", fmt.Errorf("nobody is called %s, or nothing %s", who, where)
	}
	if rest, ok := strings.CutPrefix(text, "/invite @baton"); ok && rest == "" {
		channel.Join(w.bot.UserID)
		return "", nil
	}
	if command, rest, _ := strings.Cut(text, " "); strings.HasPrefix(command, "/") {
		seen := person.Slash(channel, command, rest)
		switch {
		case seen.Refused != "":
			return "", fmt.Errorf("Slack says: %s", seen.Refused)
		case seen.TimedOut:
			return "", fmt.Errorf("Slack says: %s failed with the error \"operation_timeout\"", command)
		}
		return seen.Text + blocksText(seen.Blocks), nil
	}
	rest, ok := strings.CutPrefix(text, "@baton ")
	if !ok {
		return "", fmt.Errorf("neither a command nor a mention: %s", text)
	}
	root, _ := w.newestRoot(where)
	said := person.Mention(channel, root, w.bot, rest)
	answer := said.Answer(w.waiting)
	return answer.Shown(), nil
}

// newestRoot is the newest message of Baton's in a channel itself.
func (w *slackWorld) newestRoot(where string) (string, bool) {
	all := w.places[where].Messages()
	for i := len(all) - 1; i >= 0; i-- {
		if m := all[i]; m.Thread() == "" || m.Thread() == m.TS {
			return m.TS, true
		}
	}
	return "", false
}

// shows waits until what stands in a channel matches.
func (w *slackWorld) shows(where string, re *regexp.Regexp) (string, bool) {
	text := ""
	ok := w.server.Await(w.waiting, func() bool {
		var all strings.Builder
		for _, m := range w.places[where].Messages() {
			all.WriteString(m.Shown() + "\n")
		}
		text = all.String()
		return re.MatchString(text)
	})
	return text, ok
}

func blocksText(blocks []any) string {
	if len(blocks) == 0 {
		return ""
	}
	return fmt.Sprint(blocks)
}

// A script's Slack:
//
//	slack start [scope …]      start it; SLACK_* are set for what follows
//	slack http FILE [installs] the same over HTTP, as FILE then configures; with installs, others install the app
//	slack install              an admin installs the app; stdout is the last page
//	slack WHO WHERE TEXT…      somebody types a command, a mention or /invite; stdout is what they are told
//	slack shows WHERE PATTERN  wait until what stands in the channel matches
//	slack fails METHOD N       have Slack fail N calls of a method
//	slack off | on             turn Socket Mode off or on
//	slack uninstall            take the app out of the workspace
//	slack forgive              take the violations: the script provoked them
func slackCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: slack start|off|on|uninstall|forgive|shows|WHO …")
	}
	switch args[0] {
	case "start":
		startSlack(ts, args[1:], slacktest.AppConfig{})
		return
	case "http":
		httpSlack(ts, args[1:])
		return
	}
	w, _ := ts.Value(slackWorldKey{}).(*slackHolder)
	if w == nil || w.slackWorld == nil {
		ts.Fatalf("slack start comes first")
	}
	switch args[0] {
	case "fails":
		n, err := strconv.Atoi(args[2])
		ts.Check(err)
		w.server.Fault(slacktest.Fault{When: slacktest.Calls(args[1]), Times: n, Answer: slacktest.Status500})
	case "install":
		page, err := w.installs()
		ts.Check(err)
		fmt.Fprintln(ts.Stdout(), page)
	case "off":
		w.app.LinkDisabled()
	case "on":
		w.app.LinkEnabled()
	case "uninstall":
		w.bot.Uninstall()
	case "forgive":
		w.server.TakeViolations()
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

// slackHolder is where a script finds its Slack.
type slackHolder struct{ *slackWorld }

// end looks at what the script left: Slack has no complaint, and no secret shows
// in any file.
func (h *slackHolder) end(dir string) error {
	if h.slackWorld == nil {
		return nil
	}
	h.server.Close()
	for _, v := range h.server.Violations() {
		return fmt.Errorf("Slack would not have it: %s", v)
	}
	return noCanary(dir)
}

type slackWorldKey struct{}

func startSlack(ts *testscript.TestScript, scopes []string, cfg slacktest.AppConfig) *slackWorld {
	if len(scopes) == 0 {
		scopes = theScopes
	}
	w, err := newSlackWorld(scopes, cfg)
	ts.Check(err)
	holder := ts.Value(slackWorldKey{}).(*slackHolder)
	ts.Check(holder.end(ts.Getenv("WORK")))
	holder.slackWorld = w
	ts.Setenv("SLACK_API_URL", w.server.APIURL())
	ts.Setenv(slackBotToken, canaryBot)
	ts.Setenv(slackAppToken, canaryApp)
	ts.Setenv(slackSigning, canarySigning)
	return w
}

// httpSlack starts a Slack that delivers to an address, and writes the
// configuration of a program that listens there.
func httpSlack(ts *testscript.TestScript, args []string) {
	at, err := freeAddress()
	ts.Check(err)
	cfg, more := slacktest.AppConfig{RequestURL: "http://" + at + slack.EventsPath}, ""
	if len(args) > 1 {
		cfg.RedirectURLs, more = []string{"https://baton.example.com" + slack.RedirectPath}, "client_id = \"1.2\"\n"
	}
	w := startSlack(ts, nil, cfg)
	w.listen = at
	if len(args) > 1 {
		ts.Setenv(slackBotToken, "")
		ts.Setenv(slackClientKey, canaryClient)
		ts.Setenv(encryptionKey, canaryKey)
	}
	text := fmt.Sprintf("[slack]\nenabled = true\ntransport = \"http\"\nlisten = %q\npublic_url = \"https://baton.example.com\"\n%s\n[log]\nlevel = \"debug\"\n", at, more)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

// installs is an admin's browser that installs the app, behind the proxy that
// takes https off.
func (w *slackWorld) installs() (page string, err error) {
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	var cookies []*http.Cookie
	for next := "http://" + w.listen + slack.InstallPath; next != ""; {
		r, err := http.NewRequest(http.MethodGet, strings.Replace(next, "https://baton.example.com", "http://"+w.listen, 1), nil)
		if err != nil {
			return "", err
		}
		for _, c := range cookies {
			r.AddCookie(c)
		}
		answer, err := client.Do(r)
		if err != nil {
			return "", err
		}
		body, err := io.ReadAll(answer.Body)
		if err = errors.Join(err, answer.Body.Close()); err != nil {
			return "", err
		}
		cookies = append(cookies, answer.Cookies()...)
		page, next = string(body), answer.Header.Get("Location")
	}
	return page, nil
}

// noCanary fails where a secret stands in anything that a script left behind.
func noCanary(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, canary := range []string{canaryBot, canaryApp, canarySigning, canaryClient, canaryKey, canaryDiscord} {
			if strings.Contains(string(data), canary) {
				return fmt.Errorf("%s holds a secret", path)
			}
		}
		if tokenRE.Match(data) {
			return fmt.Errorf("%s holds a token that was handed over by OAuth", path)
		}
		return nil
	})
}
