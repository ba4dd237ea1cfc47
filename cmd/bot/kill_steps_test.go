package main

import (
	"os/exec"
	"strings"
	"testing"
)

// flow is one of every kind of thing that is decided, typed in a thread and in
// the channel. Each line decides something.
var flow = [][2]string{
	{"ana@launch", "start product-launch Goal KEY because KEY"},
	{"ana@launch/1", "note decision d-KEY because KEY"},
	{"ana@launch", "note open d-KEY because KEY"},
	{"ana@launch/1", "note resolve #2 because KEY"},
	{"ana@launch/1", "persona growth-marketer because KEY"},
	{"ana@launch/1", "load seo-audit because KEY"},
	{"ana@launch/1", "override persona finance-lead because KEY"},
	{"ana@launch/1", "undo because KEY"},
	{"ana@launch/1", "run do-KEY because KEY"},
	{"ana@launch/1", "run task: 3 report: done-KEY because KEY"},
	{"ana@launch/1", "approve 3 because KEY"},
	{"ana@launch/1", "remind in 2 days look-KEY because KEY"},
	{"ana@launch", "persona product-manager because KEY"},
	{"ana@launch/1", "handoff because KEY"},
	{"ana@launch/1", "pause because KEY"},
	{"ana@launch", "resume because KEY"},
	{"ana@launch", "end because KEY"},
}

// atEveryStep kills the bot at every named step from a line to its answer, while
// it answers every kind of line. Whether it was done is known for each step, and
// saying it again does what is left to do.
func (k *killing) atEveryStep(t *testing.T) {
	for _, step := range steps {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			tr := newTrial(t)
			for _, line := range flow {
				tr.die(line, step, "")
				tr.settled("after a kill at "+step, nil)
			}
			tr.last(shipped(k.bot))
			k.add(tr)
		})
	}
}

// dyingBot is the bot of the function dying.
func dyingBot(t *testing.T, at, without string) program {
	t.Helper()
	path, err := exec.LookPath("dying")
	if err != nil {
		t.Fatal(err)
	}
	return func(dir string) *exec.Cmd {
		cmd := exec.Command(path, dir)
		cmd.Env = append(cmd.Environ(), dieAt+"="+at, broken+"="+without)
		return cmd
	}
}

// die has the bot answer what was not answered, or the last line again, and die
// at a step of a new one.
func (tr *trial) die(line [2]string, step, without string) {
	tr.t.Helper()
	tr.again += len(tr.said)
	lines := append([]*heard(nil), tr.said...)
	if len(lines) == 0 && len(tr.acked) > 0 {
		lines = append(lines, tr.acked[len(tr.acked)-1])
	}
	h := tr.ask(line[0], line[1])
	if h.decision < 0 {
		tr.t.Fatalf("%s decides nothing: %s", h.text, h.answer)
	}
	l := begin(tr.t, dyingBot(tr.t, step+"@"+h.key, without), tr.dir)
	for _, h := range append(lines, h) {
		l.say(h)
	}
	for raw := range l.answers {
		if tr.answered(raw); h.first != "" {
			_ = l.in.Close() // it should be dead
		}
	}
	if code := l.end(); code != -1 {
		tr.problem("the bot did not die at %s of %s: exit code %d, %s", step, h.text, code, &l.err)
	}
	if got := h.first != ""; got != (step == "answered") {
		tr.problem("%s, killed at %s: answered %v", h.text, step, got)
	}
	was := tr.late
	tr.check()
	if got := h.first != "" || tr.late > was; got != durable(step) {
		tr.problem("%s, killed at %s: done %v", h.text, step, got)
	}
}

// A test that cannot fail is worse than none: a bot without the guarantee is
// found out.
func TestKillFindsABrokenBot(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ without, step, want string }{
		{"answered before it is durable", "answered", "lost: [k1]"},
		{"keys are forgotten", "before-reply", "twice: [k1]"},
	} {
		t.Run(test.without, func(t *testing.T) {
			t.Parallel()
			tr := newTrial(t)
			for _, line := range flow[:2] {
				tr.die(line, test.step, test.without)
			}
			if found := strings.Join(tr.problems, "\n"); !strings.Contains(found, test.want) {
				t.Errorf("%q is not among what was found:\n%s", test.want, found)
			}
		})
	}
}
