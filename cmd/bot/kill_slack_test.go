package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/slack/slacktest"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/bolt"
)

var slackKills = flag.Int("slackkills", 20, "how many times TestKillSlack kills the bot at a random moment")

// Case 12 of the Slack reference: the bot is killed while it serves Slack, at every
// step from an envelope to its answer and at random moments, and started again on
// what it left. Slack tells events again that nobody acknowledged. Whatever was
// acknowledged is in the log once, nothing is there twice, and what Baton says by
// itself stands there once.
func TestKillSlack(t *testing.T) {
	t.Parallel()
	seed := *killSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("-killseed=%d", seed)
	var all []func()
	for i := range 2 {
		all = append(all, func() {
			t.Run("at random", func(t *testing.T) {
				k := newSlackKilling(t, seed, uint64(i))
				for range (*slackKills + 1) / 2 {
					k.live("")
				}
				k.look()
			})
		})
	}
	for i, step := range slackSteps {
		all = append(all, func() {
			t.Run("at "+step, func(t *testing.T) {
				k := newSlackKilling(t, seed, 100+uint64(i))
				for n := range 2 {
					k.lives(fmt.Sprint(step, "@", 1+n), func() { // of one message, or of the second
						k.mentions(override)
						k.command("note decision d-KEY because KEY")
						k.mentions(override)
						k.mentions("note open d-KEY because KEY")
					})
				}
				if k.atStep == 0 {
					t.Errorf("the bot never came to the step %q", step)
				}
				k.look()
			})
		})
	}
	together(all)
}

// A bot that acknowledges before what it heard is durable, or that forgets what it
// did, is found out.
func TestKillSlackFindsABrokenBot(t *testing.T) {
	t.Parallel()
	for without, test := range map[string]struct{ step, want string }{
		"answered before it is durable": {"acked", "lost: "},
		"keys are forgotten":            {"before-reply", "twice: "},
	} {
		t.Run(without, func(t *testing.T) {
			t.Parallel()
			k := newSlackKilling(t, 1, 1)
			k.env = []string{broken + "=" + without}
			k.lives(test.step+"@1", func() { k.mentions("note decision d-KEY because KEY") })
			k.env = nil
			k.end()
			k.compare()
			if found := strings.Join(k.problems, "\n"); !strings.Contains(found, test.want) {
				t.Errorf("%q is not among what was found:\n%s", test.want, found)
			}
		})
	}
}

// slackKilling is a Slack that lives on while the bot that serves it dies.
type slackKilling struct {
	*slackWorld
	t      *testing.T
	dir    string
	root   string // of the session's thread
	rng    *rand.Rand
	env    []string
	ahead  time.Duration
	kills  int
	atStep int

	said     sync.WaitGroup // commands under way
	mu       sync.Mutex
	lines    []*slackLine
	problems []string
}

// slackLine is something that somebody said to the bot.
type slackLine struct {
	key, text string
	mention   *slacktest.Said // or else it is a command
	acked     bool            // of a command
}

// apart is how much later every bot starts than the one before it, by its own and
// by Slack's clock: what an attempt left shows by then.
const slackApart = time.Minute

func newSlackKilling(t *testing.T, seed, stream uint64) *slackKilling {
	t.Helper()
	waits := make([]time.Duration, 20) // so that nothing is given up
	for i := range waits {
		waits[i] = time.Second
	}
	w, err := newSlackWorldOf(slacktest.Options{Unlimited: true, AckTime: time.Second, Retries: waits, Seed: seed + stream}, theScopes, slacktest.AppConfig{})
	if err != nil {
		t.Fatal(err)
	}
	k := &slackKilling{slackWorld: w, t: t, dir: t.TempDir(), rng: rand.New(rand.NewPCG(seed, stream))}
	t.Cleanup(w.server.Close)
	a := k.begin("")
	k.command("announce all because KEY")
	k.said.Wait()
	k.command("start product-launch Goal-KEY because KEY")
	k.said.Wait()
	if !w.server.Await(patience, func() bool {
		for _, m := range w.places["launch"].Messages() {
			if m.Metadata != nil {
				k.root = m.TS
			}
		}
		return k.root != ""
	}) {
		t.Fatalf("no session: %s", &a.stderr)
	}
	k.leave(a)
	return k
}

// slackLife is one process of the bot.
type slackLife struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	stdout bytes.Buffer
	stderr bytes.Buffer
	ended  chan struct{}
}

// begin starts a bot that dies at a step, and waits until it is connected or gone.
func (k *slackKilling) begin(dies string) *slackLife {
	k.t.Helper()
	path, err := exec.LookPath("slack-dying")
	if err != nil {
		k.t.Fatal(err)
	}
	k.ahead += slackApart
	k.server.Advance(slackApart)
	a := &slackLife{cmd: exec.Command(path, k.dir), ended: make(chan struct{})}
	a.cmd.Env = append(a.cmd.Environ(), "SLACK_API_URL="+k.server.APIURL(), slackBotToken+"="+canaryBot, slackAppToken+"="+canaryApp,
		ahead+"="+k.ahead.String(), speakerDies+"="+dies)
	a.cmd.Env = append(a.cmd.Env, k.env...)
	a.cmd.Stdout, a.cmd.Stderr = &a.stdout, &a.stderr
	if a.in, err = a.cmd.StdinPipe(); err != nil {
		k.t.Fatal(err)
	}
	opened := k.app.Opened()
	if err := a.cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	go func() {
		_ = a.cmd.Wait() // the state says it better
		close(a.ended)
	}()
	k.t.Cleanup(func() { k.kill(a) })
	if !k.server.Await(patience, func() bool {
		select {
		case <-a.ended:
			return true
		default:
			return k.app.Opened() > opened && len(k.app.Conns()) > 0
		}
	}) {
		k.t.Fatalf("the bot does not come: %s", &a.stderr)
	}
	return a
}

// kill kills a bot that is not gone, and reports whether it was.
func (k *slackKilling) kill(a *slackLife) (gone bool) {
	gone = errors.Is(a.cmd.Process.Kill(), os.ErrProcessDone)
	<-a.ended
	return gone
}

// leave has a bot say what there is to say and end in order; it reports whether
// nothing is left.
func (k *slackKilling) leave(a *slackLife) bool {
	k.t.Helper()
	_ = a.in.Close()
	select {
	case <-a.ended:
	case <-time.After(patience):
		k.kill(a)
		k.t.Fatalf("the bot does not come to its end: %s", &a.stderr)
	}
	if code := a.cmd.ProcessState.ExitCode(); code != exitDone {
		k.t.Fatalf("exit code %d at the end: %s", code, &a.stderr)
	}
	return a.stdout.Len() == 0
}

// live has a bot hear something new and be killed.
func (k *slackKilling) live(at string) {
	k.t.Helper()
	k.lives(at, func() {
		for range 1 + k.rng.IntN(3) {
			if k.rng.IntN(3) == 0 {
				k.command(k.words())
			} else {
				k.mentions(k.words())
			}
		}
	})
}

// lives has a bot hear what is said and be killed: by itself at a step, or from
// outside after a while.
func (k *slackKilling) lives(at string, say func()) {
	k.t.Helper()
	a := k.begin(at)
	say()
	wait := time.Duration(k.rng.IntN(600)) * time.Millisecond
	if at != "" {
		wait = 8 * time.Second // it comes to the step, or did not have to
	}
	select {
	case <-a.ended:
	case <-time.After(wait):
	}
	k.said.Wait()
	if k.kill(a) && at != "" {
		k.atStep++
	}
	if code := a.cmd.ProcessState.ExitCode(); code != -1 {
		k.t.Fatalf("the bot ended by itself, with exit code %d: %s", code, &a.stderr)
	}
	k.kills++
}

func (k *slackKilling) words() string {
	return []string{"note open d-KEY because KEY", "note decision d-KEY because KEY", override, override}[k.rng.IntN(4)]
}

// override is told in the thread too.
const override = "override persona PERSONA because KEY"

func (k *slackKilling) line(text string) *slackLine {
	l := &slackLine{key: fmt.Sprintf("k%04d", len(k.lines)+1)}
	persona := []string{"startup-cto", "growth-marketer", "product-manager", "finance-lead"}[len(k.lines)%4]
	l.text = strings.NewReplacer("KEY", l.key, "PERSONA", persona).Replace(text)
	k.lines = append(k.lines, l)
	return l
}

// mentions is said in the thread; Slack tells it again until it is acknowledged.
func (k *slackKilling) mentions(text string) {
	l := k.line(text)
	l.mention = k.people["ana"].Mention(k.places["launch"], k.root, k.bot, l.text)
}

// command is said in the channel; Slack tells it once.
func (k *slackKilling) command(text string) {
	l := k.line(text)
	k.said.Go(func() {
		seen := k.people["ana"].Slash(k.places["launch"], "/baton", l.text)
		k.mu.Lock()
		defer k.mu.Unlock()
		l.acked = !seen.TimedOut && seen.Refused == "" && !strings.Contains(string(seen.Ack), "Not accepted")
	})
}

// look lets a last bot do what is left, and holds what there is against what was
// said.
func (k *slackKilling) look() {
	k.t.Helper()
	k.end()
	k.compare()
	if len(k.problems) > 0 {
		k.t.Fatal(strings.Join(k.problems, "\n"))
	}
}

// end has a bot do everything that is left.
func (k *slackKilling) end() {
	k.t.Helper()
	a := k.begin("")
	ctx, cancel := context.WithTimeout(k.t.Context(), patience)
	defer cancel()
	k.server.Await(patience, func() bool {
		for _, l := range k.lines {
			if l.mention != nil && !settledEvent(l) {
				return false
			}
		}
		return true
	})
	if ctx.Err() != nil {
		k.t.Fatalf("some events are never acknowledged: %s", &a.stderr)
	}
	for range 10 {
		if k.leave(a) {
			return
		}
		a = k.begin("") // so much later, what was waited for is due
	}
	k.t.Fatalf("the bot does not come to rest: %s", &a.stderr)
}

func settledEvent(l *slackLine) bool {
	for _, d := range l.mention.Deliveries() {
		if !d.Acked && !d.GaveUp {
			return false
		}
	}
	return true
}

// becauseRE finds whose decision an announcement tells of.
var becauseRE = regexp.MustCompile(`k\d{4}`)

// compare holds the log and what stands in Slack against what was said.
func (k *slackKilling) compare() {
	k.t.Helper()
	db, err := bolt.Open(filepath.Join(k.dir, databaseName), bolt.Options{})
	if err != nil {
		k.t.Fatal(err)
	}
	st, err := state.Open(db, state.Options{})
	if err != nil {
		k.t.Fatal(err)
	}
	defer st.Close()
	log, _ := decisionsOf(k.t, st, db, 0)
	count := map[string]int{}
	for _, d := range log {
		count[d.key]++
	}
	told := k.told()
	for _, l := range k.lines {
		acked := l.acked
		if l.mention != nil {
			acked = true
			for _, d := range l.mention.Deliveries() {
				acked = acked && d.Acked
			}
		}
		n, heard := count[l.key], told[l.key]
		switch {
		case n > 1:
			k.problem("twice: %s was done %d times", l.text, n)
		case n == 0 && acked && strings.HasPrefix(l.text, "note"): // which is never refused
			k.problem("lost: %s was acknowledged and is not there", l.text)
		case n == 1 && strings.HasPrefix(l.text, "override") && heard != 1:
			k.problem("%s was announced %d times", l.text, heard)
		}
	}
}

// told counts by decision what Baton said by itself; the same said twice under one
// key is a problem.
func (k *slackKilling) told() map[string]int {
	told, keys := map[string]int{}, map[string]int{}
	for _, m := range append(k.places["launch"].Messages(), k.places["launch"].Replies(k.root)...) {
		if m.Deleted || m.Metadata == nil {
			continue
		}
		_, payload := m.Event()
		keys[fmt.Sprint(payload["k"], " ", m.TS)]++
		if keys[fmt.Sprint(payload["k"], " ", m.TS)] > 1 { // the channel lists broadcasts and the thread does too
			continue
		}
		if keys[fmt.Sprint(payload["k"])]++; keys[fmt.Sprint(payload["k"])] > 1 {
			k.problem("twice: %s", m.Shown())
		}
		if m.TS == k.root {
			continue
		}
		seen := map[string]bool{}
		for _, key := range becauseRE.FindAllString(m.Shown(), -1) {
			if !seen[key] {
				told[key]++
			}
			seen[key] = true
		}
	}
	return told
}

func (k *slackKilling) problem(format string, args ...any) {
	k.problems = append(k.problems, fmt.Sprintf(format, args...))
}
