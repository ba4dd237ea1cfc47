package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkSlack compares Baton with the least bots that do less, in one run on
// one fake Slack: commands over Socket Mode spread over 64 channels, each setting
// its channel's persona, answered in the acknowledgement. Rounds of all bots
// alternate, so that other load falls on all of them; -benchtime 5x is five.
//
//	x-bolt-16, x-bolt-128   commands a second with so many in flight, over
//	                        warm @slack/bolt's, which keeps its state in memory
//	x-bolt-p99-128          the 99th percentile, over Bolt's
//	x-update-1              commands a second with one in flight, over those of
//	                        slack-go with one bbolt.Update per command
//	rss-MB, first-ms        Baton's peak memory, and from its start to its first answer
//
// The bot called echo does nothing: it is what the load itself costs.
func BenchmarkSlack(b *testing.B) {
	bots := benchBots(b)
	first := firstAnswer(b, bots[0])
	for _, bot := range bots {
		bot.start(b)
	}
	var said strings.Builder
	fmt.Fprintf(&said, "load average before: %s\n", loadAverage())
	for b.Loop() {
		for _, inFlight := range benchInFlight {
			for _, bot := range bots {
				bot.round(b, inFlight)
			}
		}
	}
	fmt.Fprintf(&said, "load average after: %s\n", loadAverage())
	byName := map[string]*benchBot{}
	for _, bot := range bots {
		byName[bot.name] = bot
		bot.report(b, &said)
	}
	fmt.Fprint(os.Stderr, said.String()) // since a benchmark's own log is cut off after ten lines
	baton, bolt, update := byName["baton"], byName["bolt"], byName["slack-go"]
	b.ReportMetric(0, "ns/op")
	for _, n := range benchInFlight {
		b.ReportMetric(baton.rate(n), fmt.Sprintf("baton-%d/s", n))
		b.ReportMetric(baton.p99(n), fmt.Sprintf("baton-p99-%d-ms", n))
	}
	b.ReportMetric(baton.rate(1)/update.rate(1), "x-update-1")
	if bolt != nil {
		b.ReportMetric(baton.rate(16)/bolt.rate(16), "x-bolt-16")
		b.ReportMetric(baton.rate(128)/bolt.rate(128), "x-bolt-128")
		b.ReportMetric(baton.p99(128)/bolt.p99(128), "x-bolt-p99-128")
	}
	b.ReportMetric(baton.peak(b), "rss-MB")
	b.ReportMetric(first, "first-ms")
}

// How many commands are in flight, how long a round is, and how many commands
// warm a bot up: Node compiles what was run often.
var benchInFlight = []int{1, 16, 128}

const (
	roundLength = time.Second
	warmUp      = 5_000
)

// profileTo is a folder in which Baton's processor and heap profiles are left.
var profileTo = flag.String("profile-bot", "", "run Baton as a part of the test, and leave its profiles in this folder")

// benchBot is a program that is measured, and what was measured.
type benchBot struct {
	name    string
	command func() *exec.Cmd
	load    *slackLoad
	cmd     *exec.Cmd
	said    bytes.Buffer // on standard error
	rounds  map[int][]benchRound
}

type benchRound struct{ rate, p50, p99, cpu, driver float64 } // a second, and milliseconds

// benchBots are Baton, and what it is compared with as far as it is there.
func benchBots(b *testing.B) []*benchBot {
	b.Helper()
	dir := b.TempDir()
	binary := filepath.Join(dir, "bot")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	config := filepath.Join(dir, "baton.toml")
	if err := os.WriteFile(config, []byte("[slack]\nenabled = true\ntransport = \"socket\"\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	n := 0
	bots := []*benchBot{
		{name: "baton", command: func() *exec.Cmd {
			n++
			if *profileTo != "" {
				return own(b, "profiled-bot", *profileTo, "run", "--config", config, "--data", filepath.Join(dir, fmt.Sprint("data", n)), "--log", "json")
			}
			return exec.Command(binary, "run", "--config", config, "--data", filepath.Join(dir, fmt.Sprint("data", n)), "--log", "json")
		}},
		{name: "slack-go", command: func() *exec.Cmd { return own(b, "slackgo-bot", filepath.Join(dir, "update.db")) }},
		{name: "echo", command: func() *exec.Cmd { return own(b, "echo-bot") }},
	}
	clients := filepath.Join("..", "..", "adapters", "slack", "slacktest", "clients")
	node, err := exec.LookPath("node")
	if _, missing := os.Stat(filepath.Join(clients, "node_modules", "@slack", "bolt")); err != nil || missing != nil {
		b.Log("not compared with Bolt, which needs node and npm ci --prefix adapters/slack/slacktest/clients")
	} else {
		bots = append(bots, &benchBot{name: "bolt", command: func() *exec.Cmd {
			cmd := exec.Command(node, "bench.mjs")
			cmd.Dir = clients
			return cmd
		}})
	}
	for _, bot := range bots {
		bot.load, bot.rounds = newLoad(b), map[int][]benchRound{}
	}
	return bots
}

// own is one of the programs that this one is besides a test, see TestMain.
func own(b *testing.B, name string, args ...string) *exec.Cmd {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Args = append([]string{name}, args...)
	return cmd
}

// launch runs the program until stop and waits until it is connected.
func (t *benchBot) launch(b *testing.B) (stop func()) {
	b.Helper()
	cmd := t.command()
	cmd.Env = append(os.Environ(), "SLACK_API_URL="+t.load.api, slackBotToken+"="+canaryBot, slackAppToken+"="+canaryApp, "NODE_NO_WARNINGS=1")
	cmd.Stderr = &t.said
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	t.cmd = cmd
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	select {
	case <-t.load.connected:
	case <-ended:
		b.Fatalf("%s ended: %s", t.name, t.said.String())
	case <-time.After(patience):
		b.Fatalf("%s does not connect", t.name)
	}
	return func() {
		_ = in.Close()
		_ = cmd.Process.Signal(os.Interrupt)
		select {
		case <-ended:
		case <-time.After(patience):
			_ = cmd.Process.Kill()
		}
	}
}

// firstAnswer is how long it takes Baton from its start to its first answer, in
// milliseconds: the median of several starts, each with a database of its own.
func firstAnswer(b *testing.B, t *benchBot) float64 {
	b.Helper()
	var took []float64
	for range 7 {
		began := time.Now()
		stop := t.launch(b)
		if _, err := t.load.drive(1, 0); err != nil {
			b.Fatal(err)
		}
		took = append(took, ms(time.Since(began)))
		stop()
		t.load.left(b)
	}
	return mid(took)
}

// start runs the program for the benchmark and warms it up.
func (t *benchBot) start(b *testing.B) {
	b.Helper()
	b.Cleanup(t.launch(b))
	for n := 0; n < warmUp; {
		took, err := t.load.drive(16, roundLength/4)
		if err != nil {
			b.Fatalf("%s: %v\n%s", t.name, err, t.said.String())
		}
		n += len(took)
	}
}

// round measures one round.
func (t *benchBot) round(b *testing.B, inFlight int) {
	b.Helper()
	bot, driver, began := processor(b, t.cmd.Process.Pid), processor(b, os.Getpid()), time.Now()
	took, err := t.load.drive(inFlight, roundLength)
	if err != nil {
		b.Fatalf("%s: %v\n%s", t.name, err, t.said.String())
	}
	n := float64(len(took))
	rate := n / time.Since(began).Seconds()
	slices.Sort(took)
	t.rounds[inFlight] = append(t.rounds[inFlight], benchRound{
		rate, ms(took[len(took)/2]), ms(took[len(took)*99/100]),
		(processor(b, t.cmd.Process.Pid) - bot) / n, (processor(b, os.Getpid()) - driver) / n,
	})
}

// rate is the median of the rounds' commands a second, and p99 of their 99th
// percentiles.
func (t *benchBot) rate(n int) float64 {
	return t.median(n, func(r benchRound) float64 { return r.rate })
}

func (t *benchBot) p99(n int) float64 {
	return t.median(n, func(r benchRound) float64 { return r.p99 })
}

func (t *benchBot) median(n int, of func(benchRound) float64) float64 {
	var all []float64
	for _, r := range t.rounds[n] {
		all = append(all, of(r))
	}
	return mid(all)
}

func (t *benchBot) report(b *testing.B, to io.Writer) {
	b.Helper()
	for _, n := range benchInFlight {
		fmt.Fprintf(to, "%-8s %3d in flight: %6.0f/s, p50 %6.2f ms, p99 %6.2f ms, processor %.3f ms a command, the load's %.3f\n", t.name, n, t.rate(n),
			t.median(n, func(r benchRound) float64 { return r.p50 }), t.p99(n),
			t.median(n, func(r benchRound) float64 { return r.cpu }), t.median(n, func(r benchRound) float64 { return r.driver }))
	}
	fmt.Fprintf(to, "%-8s peak memory %.0f MB, now %.0f MB and %.0f MB of files; %s\n",
		t.name, t.peak(b), t.memory(b, "RssAnon:"), t.memory(b, "RssFile:"), t.load.calls())
}

// peak is the most memory the program held, in MB: with the pages of files that
// it maps, as its database, which the system takes back where memory is short.
func (t *benchBot) peak(b *testing.B) float64 { return t.memory(b, "VmHWM:") }

// memory is a line of /proc/PID/status (proc(5)), in MB.
func (t *benchBot) memory(b *testing.B, line string) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", t.cmd.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), line)
	kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
	if err != nil {
		b.Fatal(err)
	}
	return kb / 1024
}

// processor is the time a process has used of the processor, in milliseconds: in
// /proc/PID/stat as ticks of 10 ms (proc(5)).
func processor(b *testing.B, pid int) float64 {
	b.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Fatal(err)
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	user, err := strconv.ParseFloat(fields[11], 64)
	system, other := strconv.ParseFloat(fields[12], 64)
	if err := errors.Join(err, other); err != nil {
		b.Fatal(err)
	}
	return (user + system) * 10
}

func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(text))
}

func ms(d time.Duration) float64 { return d.Seconds() * 1e3 }

func mid(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}
