package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/slack"
	"github.com/synthoperator/baton/adapters/slack/slacktest"
)

// block is a part of a guide that is to be typed.
type block struct{ lang, file, text string }

// blocks are those of a guide, in order.
func blocks(t *testing.T, path string) []block {
	t.Helper()
	doc, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []block
	for _, m := range regexp.MustCompile("(?ms)^```(\\w+)(?: ([\\w.]+))?\\n(.*?)^```$").FindAllSubmatch(doc, -1) {
		out = append(out, block{string(m[1]), string(m[2]), string(m[3])})
	}
	return out
}

// guide is somebody who knows nothing and follows a guide word by word.
type guide struct {
	t      *testing.T
	dir    string
	env    []string                 // where the platform is
	tokens *strings.Replacer        // puts what the platform gave into what is typed
	serves string                   // how the bot says that it is connected
	types  func(b block)            // types into the platform
	ran    func(text, shown string) // looks at what a command printed; may be nil

	before string // what was exported
	bot    *exec.Cmd
}

// follow does every step. Blocks that are said to be of a file are of another way
// to run it.
func (g *guide) follow(path, platform string) (steps int) {
	g.t.Helper()
	for _, b := range blocks(g.t, path) {
		if b.file != "" && b.lang != platform {
			continue
		}
		steps++
		switch b.lang {
		case "toml":
			g.write("baton.toml", b.text)
		case "sh":
			g.shell(b.text)
		case platform:
			g.types(b)
		default:
			g.t.Fatalf("nobody knows what to do with %s", b.lang)
		}
	}
	return steps
}

// said sees that a line was taken.
func (g *guide) said(line, told string) {
	g.t.Helper()
	g.t.Logf("%s\n%s", line, told)
	for _, refusal := range []string{"Not accepted", "is no verb", "nothing has been started", "; try"} {
		if strings.Contains(told, refusal) {
			g.t.Errorf("%s: %s", line, told)
		}
	}
}

func (g *guide) write(name, text string) {
	g.t.Helper()
	if err := os.WriteFile(filepath.Join(g.dir, name), []byte(text), 0o600); err != nil {
		g.t.Fatal(err)
	}
}

// command is a shell in which all that was exported before holds.
func (g *guide) command(text string) *exec.Cmd {
	cmd := exec.Command("sh", "-e", "-c", g.before+"\n"+g.tokens.Replace(text))
	cmd.Dir = g.dir
	if strings.Contains(text, "go install") {
		cmd.Dir = "../.."
	}
	cmd.Env = append(os.Environ(), "GOBIN="+filepath.Join(g.dir, "bin"), "PATH="+filepath.Join(g.dir, "bin")+":"+os.Getenv("PATH"),
		"XDG_DATA_HOME="+filepath.Join(g.dir, "data"), "SLACK_BOT_TOKEN=", "SLACK_APP_TOKEN=", "DISCORD_BOT_TOKEN=")
	cmd.Env = append(cmd.Env, g.env...)
	return cmd
}

func (g *guide) shell(text string) {
	g.t.Helper()
	switch {
	case strings.HasPrefix(text, "export "):
		g.before += g.tokens.Replace(text)
		return
	case strings.HasPrefix(text, "bot run "):
		g.start(text)
		return
	}
	out, err := g.command(text).CombinedOutput()
	if err != nil {
		g.t.Fatalf("%s: %v\n%s", text, err, out)
	}
	for _, canary := range []string{canaryBot, canaryApp, canaryDiscord} {
		if bytes.Contains(out, []byte(canary)) {
			g.t.Errorf("%s shows a secret", text)
		}
	}
	if g.ran != nil {
		g.ran(text, string(out))
	}
}

// start runs the bot until the guide ends. It has to say that it is connected
// before anybody types.
func (g *guide) start(text string) {
	g.t.Helper()
	g.bot = g.command("exec " + text)
	log, err := os.Create(filepath.Join(g.dir, "log"))
	if err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(func() { _ = log.Close() })
	g.bot.Stderr = log
	out, err := g.bot.StdoutPipe()
	if err != nil {
		g.t.Fatal(err)
	}
	if err := g.bot.Start(); err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(g.stop)
	watchdog := time.AfterFunc(20*time.Second, func() { _ = g.bot.Process.Kill() })
	defer watchdog.Stop()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, g.serves) {
		g.t.Fatalf("%q, %v", line, err)
	}
}

func (g *guide) stop() {
	if g.bot == nil || g.bot.ProcessState != nil {
		return
	}
	_ = g.bot.Process.Signal(os.Interrupt)
	if err := g.bot.Wait(); err != nil {
		g.t.Errorf("the bot ends with %v", err)
	}
}

// Somebody follows the guide to Slack, with the tokens that Slack gave them.
func TestTheGuideToSlackWorks(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the program")
	}
	world, err := newSlackWorld(slack.Scopes(slack.Home, slack.People, slack.Channels, slack.History), slacktest.AppConfig{})
	if err != nil {
		t.Fatal(err)
	}
	holder := &slackHolder{world}
	dir := t.TempDir()
	defer func() {
		if err := holder.end(dir); err != nil {
			t.Error(err)
		}
	}()
	world.places["launch"].Leave(world.bot.UserID) // it is invited by the guide
	g := &guide{
		t: t, dir: dir, env: []string{"SLACK_API_URL=" + world.server.APIURL()}, serves: "Baton serves slack over socket: ",
		tokens: strings.NewReplacer("=xoxb-…", "="+canaryBot, "=xapp-…", "="+canaryApp),
	}
	g.types = func(b block) {
		for _, line := range strings.Split(strings.TrimSpace(b.text), "\n") {
			told, err := world.types("ana", "launch", line)
			if err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			g.said(line, told)
			if !strings.HasPrefix(line, "/baton start") {
				continue
			}
			if text, ok := world.shows("launch", regexp.MustCompile("Phase 1 of 4: Build")); !ok {
				t.Fatalf("%s: nothing was started:\n%s", line, text)
			}
		}
	}
	if ran := g.follow("../../docs/slack.md", "slack"); ran < 8 {
		t.Errorf("only %d steps are in the guide", ran)
	}
	if text, ok := world.shows("launch", regexp.MustCompile("Postgres")); !ok {
		t.Error(text)
	}
	g.stop()
}

// Every configuration in the guide is one, and every manifest it speaks of can
// be made.
func TestTheGuidesConfigurationsAreTaken(t *testing.T) {
	seen := 0
	for _, b := range blocks(t, "../../docs/slack.md") {
		if b.lang != "toml" {
			continue
		}
		seen++
		c, _, err := load(t, b.text)
		if err != nil {
			t.Errorf("%s: %v", b.text, err)
			continue
		}
		if _, err := slack.MakeManifest(nil, c.Slack.setup()); err != nil {
			t.Errorf("%s: %v", b.text, err)
		}
	}
	if seen != 5 {
		t.Errorf("%d configurations", seen)
	}
}

// The guide's table of features is what the manifest asks for.
func TestTheGuideNamesEveryPermission(t *testing.T) {
	doc, err := os.ReadFile("../../docs/slack.md")
	if err != nil {
		t.Fatal(err)
	}
	least := slack.Scopes()
	for _, f := range slack.Features() {
		row := regexp.MustCompile(fmt.Sprintf("(?m)^\\| `%s` \\| .* \\| (.*) \\|$", f)).FindSubmatch(doc)
		if row == nil {
			t.Errorf("%s is not in the table", f)
			continue
		}
		var want []string
		for _, s := range slack.Scopes(f) {
			if !strings.Contains(strings.Join(least, " "), s) || s == "chat:write.customize" {
				want = append(want, "`"+s+"`")
			}
		}
		if text := strings.Join(want, ", "); string(row[1]) != text && (text != "" || string(row[1]) != "none") {
			t.Errorf("%s takes %s, and the guide says %s", f, text, row[1])
		}
	}
}
