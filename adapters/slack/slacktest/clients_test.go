package slacktest_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/slack/slacktest"
)

// node is the program that runs Slack's own clients. Without it, or without the
// clients, the proof is skipped; in CI that is a failure.
func node(t *testing.T) string {
	t.Helper()
	missing := t.Skipf
	if os.Getenv("CI") != "" {
		missing = t.Fatalf
	}
	bin, err := exec.LookPath("node")
	if err != nil {
		missing("node is not installed: Slack's own clients do not run")
	}
	if _, err := os.Stat(filepath.Join("clients", "node_modules", "@slack", "bolt")); err != nil {
		missing("run npm ci --prefix adapters/slack/slacktest/clients to get Slack's own clients")
	}
	return bin
}

func script(ctx context.Context, t *testing.T, w *world, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(ctx, node(t), args...)
	cmd.Dir = "clients"
	cmd.Env = append(os.Environ(), "SLACK_API_URL="+w.APIURL(), "SLACK_BOT_TOKEN="+w.bot.Token, "SLACK_APP_TOKEN="+w.app.Token,
		"SLACK_SIGNING_SECRET="+w.app.SigningSecret, "NODE_NO_WARNINGS=1")
	cmd.Stderr = os.Stderr
	return cmd
}

// startBolt runs the bot until the test ends and gives its first line.
func startBolt(t *testing.T, w *world, how string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := script(ctx, t, w, "bolt.mjs", how)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cmd.StdinPipe(); err != nil { // closes with the test, whatever ends it
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the bot said nothing: %v", err)
	}
	return strings.TrimSpace(line)
}

// patience bounds a wait for another process; nothing is asserted about time.
const patience = 2 * time.Minute

func TestOfficialClients(t *testing.T) {
	node(t)
	t.Run("web-api", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, slacktest.Options{Burst: 20})
		w.Fault(slacktest.Fault{When: slacktest.Calls("bots.info"), Answer: slacktest.TooMany, RetryAfter: 7})
		w.Fault(slacktest.Fault{
			When: func(c slacktest.Call) bool {
				return c.Method == "chat.getPermalink" && len(w.Requests("chat.delete")) > 0
			},
			Times: 1, Answer: slacktest.TooMany, RetryAfter: 1,
		})
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		var out bytes.Buffer
		cmd := script(ctx, t, w, "webapi.mjs")
		cmd.Stdout = &out
		if err := cmd.Run(); err != nil || !strings.Contains(out.String(), "walked") {
			t.Fatalf("%v\n%s", err, out.String())
		}
		if n := len(w.Requests("chat.getPermalink")); n != 3 {
			t.Errorf("getPermalink was called %d times; after the 429 it comes again", n)
		}
		for _, f := range w.Files() {
			if string(f.Content) != "the whole run" {
				t.Errorf("the file holds %q", f.Content)
			}
		}
	})
	t.Run("bolt, socket", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, slacktest.Options{Burst: 50})
		startBolt(t, w, "socket")
		if !w.Await(patience, func() bool { return len(w.app.Conns()) > 0 }) {
			t.Fatal("no connection")
		}
		walk(t, w)
		w.bot.Emit(w.team, map[string]any{"type": "nobody_knows_this"})
		w.Await(patience, func() bool { return w.app.Deliveries()[len(w.app.Deliveries())-1].Acked })
		reconnect(t, w)
	})
	t.Run("bolt, http", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, slacktest.Options{Burst: 50})
		w.app.RequestURL = startBolt(t, w, "http")
		if err := w.app.Verify(); err != nil {
			t.Error(err)
		}
		if err := w.app.CheckSSL(); err != nil {
			t.Error(err)
		}
		walk(t, w)
		forged, err := w.app.Post(map[string][]string{"Content-Type": {"application/json"}, "X-Slack-Signature": {"v0=00"}}, []byte(`{}`))
		if err != nil || forged.Status != 401 {
			t.Errorf("a forged delivery got %d, %v", forged.Status, err)
		}
	})
}

// walk does everything people can do to a bot.
func walk(t *testing.T, w *world) {
	t.Helper()
	if seen := w.ana.Slash(w.launch, "/baton", "echo a <b> & c"); seen.Told() != "a <b> & c" {
		t.Errorf("echo: %+v", seen)
	}
	if seen := w.ana.Slash(w.launch, "/baton", "respond"); seen.Told() != "later, to you alone" {
		t.Errorf("respond: %q", seen.Told())
	}
	if seen := w.ana.SlashInThread(w.launch, "1.0", "/baton", "x"); !strings.Contains(seen.Refused, "not supported in threads") {
		t.Errorf("in a thread: %+v", seen)
	}
	w.ana.Slash(w.launch, "/baton", "start")
	card := await(t, w, "started")
	w.ben.Click(card, "Approve")
	card = await(t, w, "approved run-7")
	if seen := w.ben.Select(card, "pick", "CMO"); seen.Told() != "picked cmo" {
		t.Errorf("pick: %+v, told %q", seen, seen.Told())
	}
	forms(t, w, card)

	said := w.ana.Mention(w.launch, "", w.bot, "hello")
	answer := said.Answer(patience)
	if answer.Text != "you called" || answer.ThreadTS != said.Message.TS {
		t.Errorf("mention: %+v", answer)
	}
	seen := w.ben.Shortcut(answer, "hand_off")
	if v := seen.Opened(); v == nil || v.JSON()["private_metadata"] != said.Message.TS {
		t.Errorf("the shortcut on a reply opened %v", v)
	}
	w.ana.OpenHome(w.bot, "home")
	if !w.Await(patience, func() bool { return w.ana.Home(w.app) != nil }) {
		t.Error("no home tab")
	}
}

func forms(t *testing.T, w *world, card slacktest.Message) {
	t.Helper()
	v := w.ana.Slash(w.launch, "/baton", "form").Opened()
	if v == nil || v.Title() != "Hand off" {
		t.Fatalf("form: %v", v)
	}
	if seen := w.ana.Submit(v, nil); seen.Errors["decisions"] == "" || seen.Delivery().Kind != "" {
		t.Errorf("an empty field is the client's affair: %+v", seen)
	}
	if seen := w.ana.Submit(v, map[string]string{"Decisions": "none"}); seen.Errors["decisions"] != "name one decision" {
		t.Errorf("none: %+v", seen)
	}
	if seen := w.ana.Search(v, "persona", "sta"); len(seen.Options) != 1 {
		t.Errorf("search: %+v", seen)
	}
	w.ana.Submit(v, map[string]string{"Decisions": "more", "persona": "sta"})
	if v.Title() != "More" || !v.Open() {
		t.Errorf("update: %s", v.Title())
	}
	w.ana.Submit(v, map[string]string{"Decisions": "Postgres"})
	if v.Open() {
		t.Error("the modal stays open")
	}
	await(t, w, "handed off by U1: Postgres")

	v = w.ben.Click(card, "Hand off").Opened()
	if v == nil || !w.Await(patience, func() bool { return v.Title() == "Ready" }) {
		t.Fatal("the skeleton was not filled")
	}
	w.ben.Close(v)
	await(t, w, "closed, cleared: false")
}

// await waits for a message whose text starts so.
func await(t *testing.T, w *world, text string) slacktest.Message {
	t.Helper()
	var found slacktest.Message
	w.Await(patience, func() bool {
		for _, m := range w.launch.Messages() {
			if m.AppID != "" && strings.HasPrefix(m.Text, text) {
				found = m
			}
		}
		return found.TS != ""
	})
	if found.TS == "" {
		t.Fatalf("nobody said %q", text)
	}
	return found
}

func reconnect(t *testing.T, w *world) {
	t.Helper()
	old := w.app.Conns()[0]
	old.Disconnect("warning")
	if !w.Await(patience, func() bool { c := w.app.Conns(); return len(c) > 0 && c[len(c)-1] != old && old.State().Ended != "" }) {
		t.Fatal("the client did not come back")
	}
	if seen := w.ana.Slash(w.launch, "/baton", "echo again"); seen.Told() != "again" {
		t.Errorf("after the reconnect: %+v", seen)
	}
	if v := w.Violations(); len(v) > 0 {
		t.Error(fmt.Sprint(v))
	}
}
