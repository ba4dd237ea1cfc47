package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/bolt"
)

// trial is a bot that is killed, beside its twin that is not. Whoever talks to
// it does what a platform does: says again, with the same key, what was not
// answered, and now and then what was.
type trial struct {
	*twin
	dir   string
	said  []*heard // not answered in full yet, in the order they were said
	acked []*heard // answered in full
	tally
	problems []string
}

// tally is what happened in a trial.
type tally struct {
	kills    int
	acked    int // commands that were answered in full and decided something
	again    int // lines said again after the answer was lost
	repeated int // lines said again after they were answered
	equal    int // of these, answered as the first time
	late     int // commands found done though their answer was lost
	verified int // runs of `bot verify`
}

func (a *tally) add(b tally) {
	a.kills, a.acked, a.again, a.repeated = a.kills+b.kills, a.acked+b.acked, a.again+b.again, a.repeated+b.repeated
	a.equal, a.late, a.verified = a.equal+b.equal, a.late+b.late, a.verified+b.verified
}

func (a tally) String() string {
	return fmt.Sprintf("%d kills; %d commands acknowledged, 0 lost, 0 twice; %d lines said again after their answer was lost, "+
		"%d commands of them done already; %d said again after they were answered, %d answered as the first time; %d runs of bot verify",
		a.kills, a.acked, a.again, a.late, a.repeated, a.equal, a.verified)
}

func newTrial(t *testing.T) *trial {
	t.Helper()
	return &trial{twin: newTwin(t), dir: t.TempDir()}
}

func (tr *trial) problem(format string, args ...any) {
	tr.problems = append(tr.problems, fmt.Sprintf(format, args...))
}

// settled fails the test if anything was wrong so far.
func (tr *trial) settled(context string, stderr *bytes.Buffer) {
	tr.t.Helper()
	if len(tr.problems) == 0 {
		return
	}
	tr.t.Fatalf("%s:\n%s\nstandard error: %v", context, strings.Join(tr.problems, "\n"), stderr)
}

// ask has a line said for the first time.
func (tr *trial) ask(place, text string) *heard {
	h := tr.hear(place, text)
	tr.said = append(tr.said, h)
	return h
}

// answered takes in an answer that was received in full.
func (tr *trial) answered(raw string) {
	a, err := readAnswer(raw)
	h := tr.byKey[a.ID]
	switch {
	case err != nil || h == nil:
		tr.problem("an answer to nobody: %v, %s", err, raw)
	case a.Fault:
		tr.problem("%s broke: %s", h.text, raw)
	case h.first != "":
		tr.repeated++
		if raw == h.first {
			tr.equal++
		} else {
			tr.problem("[%s] %s is answered in another way when it is said again (-first +now):\n%s", h.key, h.text, cmp.Diff(h.first, raw))
		}
	default:
		if !same(h.answer, raw) {
			tr.problem("[%s] %s is not answered as by a bot that was never killed (-never +killed):\n%s", h.key, h.text, cmp.Diff(dateless(h.answer), dateless(raw)))
		}
		if len(tr.said) == 0 || tr.said[0] != h {
			tr.problem("[%s] %s is answered out of turn", h.key, h.text)
		} else {
			tr.said = tr.said[1:]
		}
		h.first = raw
		tr.acked = append(tr.acked, h)
		if h.decision >= 0 {
			tr.tally.acked++
		}
	}
}

// check looks at what a killed process left: the file verifies, every command
// that was acknowledged is there once, none is there twice, nothing else is, and
// the sessions are what their logs say. It works on a copy, as opening a
// database and closing it tidies it up.
func (tr *trial) check() {
	tr.t.Helper()
	tr.kills++
	path := filepath.Join(tr.t.TempDir(), "copy.db")
	if err := copyFile(filepath.Join(tr.dir, databaseName), path); errors.Is(err, fs.ErrNotExist) {
		tr.compare(nil) // killed before there was one
		return
	} else if err != nil {
		tr.t.Fatal(err)
	}
	defer os.Remove(path)
	tr.look(path)
}

// look does that with one file.
func (tr *trial) look(path string) {
	tr.t.Helper()
	var out, stderr bytes.Buffer
	if code := execute(tr.t.Context(), []string{"inspect-file", "--log=off", path}, streams{nil, &out, &stderr}); code != exitDone {
		tr.problem("the file does not verify: exit code %d, %s%s", code, &out, &stderr)
		return
	}
	db, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		tr.t.Fatal(err)
	}
	st, err := state.Open(db, state.Options{})
	if err != nil {
		tr.t.Fatal(err)
	}
	defer st.Close()
	log, _ := decisionsOf(tr.t, st, db, 0)
	tr.compare(log)
	if len(tr.problems) == 0 {
		tr.fold(st, db, log)
	}
}

// compare holds a log against what was said and answered.
func (tr *trial) compare(log []decided) {
	count := map[string]int{}
	for _, d := range log {
		count[d.key]++
		if h := tr.byKey[d.key]; h == nil || h.decision < 0 || !same(tr.twin.log[h.decision].what, d.what) {
			tr.problem("the log holds what was never said so: %s", d.what)
		}
	}
	for _, h := range tr.lines {
		switch n := count[h.key]; {
		case n > 1:
			tr.problem("twice: [%s] %s was done %d times", h.key, h.text, n)
		case n == 0 && h.decision >= 0 && h.first != "":
			tr.problem("lost: [%s] %s was acknowledged and is not there", h.key, h.text)
		case n == 1 && h.first == "":
			tr.late++
		}
	}
	for i, d := range log {
		if i >= len(tr.twin.log) || tr.twin.log[i].key != d.key {
			tr.problem("out of order: %s", d.what)
			return
		}
	}
}

// fold holds the sessions against the twin's, each as of its last decision.
func (tr *trial) fold(st *state.Store, b state.Backend, log []decided) {
	tr.t.Helper()
	last := map[string]uint64{}
	for _, d := range log {
		if d.session != "" {
			last[d.session] = d.seq
		}
	}
	for _, s := range streamsOf(tr.t, b) {
		id, ok := s.Session()
		if !ok {
			continue
		}
		session, err := st.Session(tr.t.Context(), id)
		if err != nil {
			tr.t.Fatal(err)
		}
		place := streamName(tr.t, st, s)
		if want, got := tr.folded(place, last[place]), folded(session); !same(want, got) {
			tr.problem("%s is not what its log says (-twin +killed):\n%s", place, cmp.Diff(want, got))
		}
	}
}

// verify runs the real `bot verify` on a copy.
func (tr *trial) verify(bot string) {
	tr.t.Helper()
	dir := tr.t.TempDir()
	if err := copyFile(filepath.Join(tr.dir, databaseName), filepath.Join(dir, databaseName)); errors.Is(err, fs.ErrNotExist) {
		return
	} else if err != nil {
		tr.t.Fatal(err)
	}
	if code, out := runBot(tr.t, bot, "verify", "--json", "--data", dir); code != exitDone {
		tr.problem("bot verify: exit code %d, %s", code, out)
	}
	tr.verified++
}
