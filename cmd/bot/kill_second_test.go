package main

import (
	"strings"
	"testing"
	"time"
)

// besideASecond starts a second bot on the same data, which says so and ends
// soon; the first does not notice.
func (k *killing) besideASecond(t *testing.T) {
	tr := newTrial(t)
	l := begin(t, shipped(k.bot), tr.dir)
	for i, line := range flow {
		l.say(tr.ask(line[0], line[1]))
		raw, ok := <-l.answers
		if !ok {
			t.Fatalf("the first bot ended: %s", &l.err)
		}
		tr.answered(raw)
		if i != 1 {
			continue
		}
		began := time.Now()
		code, out := runBot(t, k.bot, "console", "--json", "--data", tr.dir)
		if code != exitFailed || !strings.Contains(out, "is in use by another process") {
			t.Errorf("exit code %d, %s", code, out)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("it took %v to say so", took)
		}
	}
	l.kill()
	if code := l.end(); code != -1 {
		t.Errorf("exit code %d", code)
	}
	tr.check()
	tr.settled("beside a second bot", &l.err)
	tr.last(shipped(k.bot))
	k.add(tr)
}
