package main

import (
	"bytes"
	"errors"
	"flag"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"
)

var (
	killCount = flag.Int("kills", 150, "how many times TestKill kills the bot at a random moment")
	killSeed  = flag.Uint64("killseed", 0, "what TestKill says, and when it kills, follows from this; 0 takes another one each time")
)

// The program is killed, in all ways there are, and started again on what it
// left. Every command that was acknowledged is there once, none is there twice,
// and what is said again is answered as it was the first time. A kill does not
// show a missing fsync, as the kernel keeps what a dead process wrote: what
// comes of a sync that fails is tested for itself.
func TestKill(t *testing.T) {
	t.Parallel()
	k := &killing{bot: theBot(t), seed: *killSeed}
	if k.seed == 0 {
		k.seed = uint64(time.Now().UnixNano())
	}
	t.Logf("-killseed=%d", k.seed)
	t.Run("all", func(t *testing.T) {
		for _, test := range []struct {
			name string
			run  func(*killing, *testing.T)
		}{
			{"at random", (*killing).atRandom},
			{"at every step", (*killing).atEveryStep},
			{"at system calls", (*killing).atSystemCalls},
			{"beside a second bot", (*killing).besideASecond},
			{"a sync fails", (*killing).syncFails},
			{"any sync fails", (*killing).anySyncFails},
			{"the disk is full", (*killing).diskFull},
			{"bits flip", (*killing).bitsFlip},
		} {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				test.run(k, t)
			})
		}
	})
	t.Log(k.all)
}

// killing is what the tests of the program have in common.
type killing struct {
	bot  string // the program as it is shipped
	seed uint64

	mu  sync.Mutex
	all tally
}

func (k *killing) add(tr *trial) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.all.add(tr.tally)
}

// atRandom kills at random moments.
func (k *killing) atRandom(t *testing.T) {
	const trials = 4
	for i := range trials {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			a := &author{rng: rand.New(rand.NewPCG(k.seed, uint64(i))), trial: newTrial(t)}
			for range (*killCount + trials - 1) / trials {
				a.live(k.bot)
			}
			a.last(shipped(k.bot))
			k.add(a.trial)
		})
	}
}

// live starts the bot, talks to it, kills it and looks at what is left.
func (a *author) live(bot string) {
	a.t.Helper()
	lines := a.plan()
	l := begin(a.t, shipped(bot), a.dir)
	after := a.rng.IntN(len(lines) + 1) // answers, before the moment comes
	wait := time.Duration(a.rng.IntN(2000)) * time.Microsecond
	if after == 0 {
		wait *= 30 // it has to start first
	}
	moment := func() { time.AfterFunc(wait, l.kill) }
	if a.rng.IntN(3) > 0 {
		a.ahead(l, lines, after, moment)
	} else {
		a.inTurn(l, lines, after, moment)
	}
	if code := l.end(); code != -1 {
		a.problem("the process ended by itself, with exit code %d", code)
	}
	a.check()
	if a.rng.IntN(10) == 0 {
		a.verify(bot)
	}
	a.settled("after a kill", &l.err)
}

// ahead says everything at once.
func (a *author) ahead(l *life, lines []*heard, after int, moment func()) {
	for _, h := range lines {
		l.say(h)
	}
	if after == 0 {
		moment()
	}
	for raw := range l.answers {
		a.answered(raw)
		if after--; after == 0 {
			moment()
		}
	}
}

// inTurn waits for each answer before it says the next line.
func (a *author) inTurn(l *life, lines []*heard, after int, moment func()) {
	for i, h := range lines {
		if i == after {
			moment()
		}
		l.say(h)
		raw, ok := <-l.answers
		if !ok {
			return
		}
		a.answered(raw)
	}
	if after == len(lines) {
		moment()
	}
	for raw := range l.answers {
		a.answered(raw)
	}
}

// plan is what is said in a life: what was not answered, some of what was, and
// something new.
func (a *author) plan() []*heard {
	a.again += len(a.said)
	for range 1 + a.rng.IntN(10) {
		a.next()
	}
	lines := append([]*heard(nil), a.said...)
	for range a.rng.IntN(4) {
		if h := a.old(); h != nil {
			i := a.rng.IntN(len(lines) + 1)
			lines = append(lines[:i], append([]*heard{h}, lines[i:]...)...)
		}
	}
	return lines
}

// old is a command that was acknowledged, more often one of the last. What
// decided nothing is not said again: a question is answered by what holds now.
func (a *author) old() *heard {
	if len(a.acked) == 0 {
		return nil
	}
	i := a.rng.IntN(len(a.acked))
	if a.rng.IntN(2) == 0 {
		i = max(i, len(a.acked)-1-a.rng.IntN(5))
	}
	if h := a.acked[i]; h.decision >= 0 {
		return h
	}
	return nil
}

// last says what is left and asks for everything; nobody is killed.
func (tr *trial) last(run program) {
	tr.t.Helper()
	tr.again += len(tr.said)
	asked := map[string]bool{}
	for _, d := range tr.twin.log {
		if d.session == "" || asked[d.session] {
			continue
		}
		asked[d.session] = true
		for _, q := range []string{"status", "history", "export json", "prompt", "catchup"} {
			tr.ask("ana@"+d.session, q)
		}
	}
	l := begin(tr.t, run, tr.dir)
	for _, h := range append(append([]*heard(nil), tr.said...), tr.acked[:min(20, len(tr.acked))]...) {
		if h.first == "" || h.decision >= 0 {
			l.say(h)
		}
	}
	if err := l.in.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		tr.t.Fatal(err)
	}
	for raw := range l.answers {
		tr.answered(raw)
	}
	if code := l.end(); code != exitDone {
		tr.problem("exit code %d at the end of the input", code)
	}
	if len(tr.said) > 0 {
		tr.problem("%d lines were never answered", len(tr.said))
	}
	tr.check()
	tr.kills-- // it was none
	tr.settled("at the end", &l.err)
}

// runBot runs the program to its end.
func runBot(t *testing.T, bot string, args ...string) (code int, out string) {
	t.Helper()
	var b bytes.Buffer
	cmd := exec.Command(bot, args...)
	cmd.Stdout, cmd.Stderr = &b, &b
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), b.String()
}
