package discordtest_test

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
)

// nodeBot is the bot in clients/, on discord.js.
type nodeBot struct {
	*town
	events chan object
	stdin  io.Closer
}

// nodeOrSkip is where Node is. Where it or a package is missing the test is
// skipped, except in CI, where that is a failure.
func nodeOrSkip(t *testing.T, pkg string) string {
	t.Helper()
	missing := t.Skip
	if os.Getenv("CI") != "" {
		missing = t.Fatal
	}
	node, err := exec.LookPath("node")
	if err != nil {
		missing("node is not installed: the fake is not tried with", pkg)
	}
	if _, err := os.Stat("clients/node_modules/" + pkg); err != nil {
		missing("run `npm ci --prefix adapters/discord/discordtest/clients` to try the fake with", pkg)
	}
	return node
}

// startNode starts the bot against the town's server.
func (w *town) startNode(env ...string) *nodeBot {
	w.Helper()
	node := nodeOrSkip(w.T, "discord.js")
	cmd := exec.CommandContext(w.Context(), node, "bot.mjs")
	cmd.Dir = "clients"
	cmd.Env = append(os.Environ(), "BASE="+w.server.URL(), "TOKEN="+w.app.Token)
	cmd.Env = append(cmd.Env, env...)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		w.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		w.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		w.Fatal(err)
	}
	b := &nodeBot{town: w, events: make(chan object, 1000), stdin: stdin}
	go func() {
		defer close(b.events)
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			var event object
			if json.Unmarshal(lines.Bytes(), &event) == nil {
				b.events <- event
			}
		}
	}()
	w.Cleanup(func() {
		stdin.Close()
		_ = cmd.Wait()
	})
	return b
}

// await is the next event of a kind; "failed" and "error" end the test.
func (b *nodeBot) await(kind string) object {
	b.Helper()
	for {
		select {
		case event, ok := <-b.events:
			switch {
			case !ok:
				b.Fatalf("the bot ended before it told of %q", kind)
			case event["event"] == kind:
				return event
			case event["event"] == "failed", event["event"] == "error":
				b.Fatalf("waiting for %q: %v", kind, event)
			}
		case <-time.After(time.Minute):
			b.Fatalf("the bot does not tell of %q", kind)
		}
	}
}

// slash sends /baton verb and waits for what is said.
func (b *nodeBot) slash(verb string, args discordtest.Args) (*discordtest.Interaction, discordtest.Seen) {
	b.Helper()
	i, err := b.ana.Slash(b.launch, "baton "+verb, args)
	if err != nil {
		b.Fatal(err)
	}
	return i, b.said(i)
}

func (b *nodeBot) said(i *discordtest.Interaction) discordtest.Seen {
	b.Helper()
	seen, err := i.Said(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	if seen.State == discordtest.Failed {
		b.Fatalf("the interaction failed: %v", drain(b.events))
	}
	return seen
}

func drain(events chan object) (out []object) {
	for {
		select {
		case e, ok := <-events:
			if !ok {
				return out
			}
			out = append(out, e)
		default:
			return out
		}
	}
}

func (b *nodeBot) reports(verb string, want object) {
	b.Helper()
	_, seen := b.slash(verb, nil)
	var got object
	if err := json.Unmarshal([]byte(seen.Message.Content), &got); err != nil {
		b.Fatalf("%s: %q", verb, seen.Message.Content)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		b.Errorf("%s (-want +got):\n%s", verb, diff)
	}
}
