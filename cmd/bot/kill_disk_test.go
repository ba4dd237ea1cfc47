package main

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// syncFails has the syncs of a commit fail: that of the pages, that of the page
// that points at them. The command is not accepted, the person is told so, and
// the process ends: what is on disk is known only to who reads it anew. Said
// again, the command is there once.
func (k *killing) syncFails(t *testing.T) {
	for i := range 3 {
		for sync := 1; sync <= 2; sync++ {
			t.Run(fmt.Sprintf("%s sync %d", strings.Fields(flow[i][1])[0], sync), func(t *testing.T) {
				t.Parallel()
				for range 20 {
					if oneSyncFails(t, k.bot, flow[:i], flow[i:i+2], sync) {
						return
					}
				}
				t.Fatal("the sync could not be made to fail: the commit moves from thread to thread")
			})
		}
	}
}

// oneSyncFails has a sync of the first of some lines fail, after others. It is
// false if another sync was hit.
func oneSyncFails(t *testing.T, bot string, before, lines [][2]string, sync int) bool {
	t.Helper()
	x := strace(t, bot, "fdatasync", "error=EIO:when="+nth(sync))
	tr := newTrial(t)
	tr.clean(shipped(bot), before...) // makes the database as well
	l, answers := tr.until(x.program, lines)
	if x.injected(t) != sync {
		return false
	}
	took := tr.unaccepted(l, answers)
	if len(tr.said) != len(lines) {
		t.Error("something was accepted in spite of the fault")
	}
	if took > time.Second {
		t.Errorf("the process ended %v after it said so", took)
	}
	done := tr.late
	tr.last(shipped(bot))
	t.Logf("ended after %v; found done after the restart: %d", took, done)
	return true
}

// clean has lines answered by a bot that ends by itself.
func (tr *trial) clean(run program, lines ...[2]string) {
	tr.t.Helper()
	l := begin(tr.t, run, tr.dir)
	for _, line := range lines {
		l.say(tr.ask(line[0], line[1]))
	}
	_ = l.in.Close()
	for raw := range l.answers {
		tr.answered(raw)
	}
	if code := l.end(); code != exitDone || len(tr.said) > 0 {
		tr.problem("exit code %d with %d lines not answered", code, len(tr.said))
	}
	tr.settled("without a fault", &l.err)
}

// until says lines to a bot until it ends, by itself if it cannot write them
// down, and returns what it said meanwhile.
func (tr *trial) until(run program, lines [][2]string) (ended *life, answers []received) {
	tr.t.Helper()
	l := begin(tr.t, run, tr.dir)
	for _, line := range lines {
		l.say(tr.ask(line[0], line[1]))
	}
	for raw := range l.answers {
		answers = append(answers, received{raw, time.Now()})
		if len(answers) == len(lines) && !isFault(raw) {
			_ = l.in.Close() // it met with no fault and would go on for ever
		}
	}
	l.end()
	return l, answers
}

// received is an answer and when it came.
type received struct {
	raw string
	at  time.Time
}

// unaccepted checks a life in which a line could not be written down, and
// returns how long the process lived on after it said so.
func (tr *trial) unaccepted(l *life, answers []received) time.Duration {
	tr.t.Helper()
	var told time.Time
	for _, a := range answers {
		switch {
		case told.IsZero() && !isFault(a.raw):
			tr.answered(a.raw)
		case tr.notAccepted(a.raw) && told.IsZero():
			told = a.at
		}
	}
	if told.IsZero() { // it was what Baton said by itself that could not be written: nobody waited
		told = l.ended
		if !strings.Contains(l.err.String(), "bot: not accepted") {
			tr.problem("nobody was told")
		}
	}
	if l.code != exitFailed {
		tr.problem("exit code %d", l.code)
	}
	tr.check()
	tr.settled("after a fault", &l.err)
	return l.ended.Sub(told)
}

func isFault(raw string) bool {
	a, err := readAnswer(raw)
	return err == nil && a.Fault
}

// notAccepted takes an answer in that must say that a line was not accepted.
func (tr *trial) notAccepted(raw string) bool {
	a, err := readAnswer(raw)
	if err == nil && a.Fault && strings.HasPrefix(a.Text, "Not accepted") && strings.Contains(a.Text, "ry again") {
		return true
	}
	tr.problem("answered in spite of the fault: %s", raw)
	return false
}

// anySyncFails has any sync of a life fail: while the database is made, and when
// it is tidied up at the end, after the answer.
func (k *killing) anySyncFails(t *testing.T) {
	hit := 0
	for n := 1; n <= 6; n++ {
		x := strace(t, k.bot, "fdatasync,fsync", "error=EIO:when="+nth(n))
		tr := newTrial(t)
		l := begin(t, x.program, tr.dir)
		l.say(tr.ask(flow[0][0], flow[0][1]))
		_ = l.in.Close()
		for raw := range l.answers {
			if isFault(raw) {
				tr.notAccepted(raw)
			} else {
				tr.answered(raw) // and then it must be there
			}
		}
		code := l.end()
		if failed := x.injected(t) > 0; failed != (code == exitFailed) {
			tr.problem("a sync failed: %v; exit code %d", failed, code)
		} else if failed {
			hit++
		}
		tr.check()
		tr.settled("after sync "+nth(n), &l.err)
		tr.last(shipped(k.bot))
	}
	if hit == 0 {
		t.Error("no sync failed")
	}
}

// diskFull takes the space away, which ends the process as well; what was
// acknowledged stays.
func (k *killing) diskFull(t *testing.T) {
	t.Run("no space", func(t *testing.T) {
		for n := range 5 {
			x := strace(t, k.bot, "pwrite64", "error=ENOSPC:when="+nth(n+1)+"+")
			tr := newTrial(t)
			tr.clean(shipped(k.bot), flow[0])
			tr.unaccepted(tr.until(x.program, flow[1:]))
			tr.last(shipped(k.bot))
		}
	})
	t.Run("file too large", func(t *testing.T) {
		sh, err := exec.LookPath("sh")
		if err != nil {
			t.Skip("there is no shell to limit the size of files")
		}
		tr := newTrial(t)
		tr.clean(shipped(k.bot), flow[0])
		many := make([][2]string, 60)
		for i := range many {
			many[i] = [2]string{"ana@launch/1", "note decision d-KEY " + strings.Repeat("x", 250) + " because KEY"}
		}
		tr.unaccepted(tr.until(func(dir string) *exec.Cmd {
			return exec.Command(sh, "-c", `ulimit -f 150; exec "$0" "$@"`, k.bot, "console", "--json", "--data", dir)
		}, many))
		tr.verify(k.bot)
		tr.settled("with a full disk", nil)
		tr.last(shipped(k.bot))
	})
}
