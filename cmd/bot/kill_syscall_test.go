package main

import (
	"math/rand/v2"
	"os"
	"testing"
)

// atSystemCalls kills the bot at the first, second, … of each kind of system
// call that reaches the disk or the person, so between the writes of one commit
// as well: first while it makes its database, then while it works.
func (k *killing) atSystemCalls(t *testing.T) {
	for call, most := range map[string]int{"pwrite64": 20, "fdatasync": 10, "fsync": 1, "ftruncate": 1, "write": 4} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			a := &author{rng: rand.New(rand.NewPCG(k.seed, uint64(most))), trial: newTrial(t)}
			first := a.ask(flow[0][0], flow[0][1])
			for n := 1; first.first == "" && n <= 20; n++ {
				if err := os.RemoveAll(a.dir); err != nil { // nothing was acknowledged yet
					t.Fatal(err)
				}
				a.killedAt(strace(t, k.bot, call, "signal=SIGKILL:when="+nth(n)), []*heard{first})
			}
			for n := 1; n <= most; n++ {
				a.killedAt(strace(t, k.bot, call, "signal=SIGKILL:when="+nth(n)), a.plan())
			}
			a.last(shipped(k.bot))
			k.add(a.trial)
		})
	}
}

// killedAt says lines to a bot that is killed by a system call, unless it comes
// to the end of its input before.
func (tr *trial) killedAt(x traced, lines []*heard) {
	tr.t.Helper()
	l := begin(tr.t, x.program, tr.dir)
	for _, h := range lines {
		l.say(h)
	}
	_ = l.in.Close()
	for raw := range l.answers {
		tr.answered(raw)
	}
	switch code := l.end(); code {
	case -1:
	case exitDone:
		tr.kills--
	default:
		tr.problem("exit code %d", code)
	}
	tr.check()
	tr.settled("after a kill at a system call", &l.err)
}
