package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/memory"
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/bolt"
)

// alive begins a bot that has to serve.
func (s *stage) alive(env ...string) *act {
	s.t.Helper()
	a := s.begin(env...)
	if !a.served() {
		s.t.Fatalf("the bot did not come: %s", &a.stderr)
	}
	return a
}

// done waits until a bot has answered and said everything.
func (a *act) done() {
	a.s.t.Helper()
	if err := a.atRest(); err != nil {
		a.s.t.Fatalf("%v: %s\n%s", err, &a.stderr, strings.Join(a.s.problems, "\n"))
	}
}

// starts has a session started on each platform.
func (s *stage) starts(a *act) {
	for _, name := range []string{rooted, numbered} {
		s.tell(name, home(name), "start product-launch Goal-KEY because KEY")
	}
	a.done()
}

// everywhere says something in every thread.
func (s *stage) everywhere(text string) {
	for _, name := range []string{rooted, numbered} {
		for _, thread := range s.threads(name) {
			s.tell(name, thread, text)
		}
	}
}

// replyOnItsWay kills the bot when a post stands there and its reply has not
// come.
func (k *killingSpeaker) replyOnItsWay(t *testing.T) {
	s := newStage(t, k.seed, 200)
	a := s.alive()
	s.starts(a)
	for range 8 {
		name := s.one(rooted, numbered)
		in := s.threads(name)[0]
		before := len(s.keysOf(in))
		end := s.worlds[name].Fail(memory.Fault{On: memory.Post, After: 300 * time.Millisecond})
		s.tell(name, in, s.one("announce Hear-KEY", "handoff decisions: d-KEY because KEY", "override phase 2 because KEY"))
		look := time.NewTicker(time.Millisecond)
		for len(s.keysOf(in)) == before && t.Context().Err() == nil {
			<-look.C
			if m, ok := s.answer(s.lines[len(s.lines)-1]); ok && m.Refused {
				break
			}
		}
		look.Stop()
		a.kill()
		a.over()
		end()
		a = s.alive()
		a.done()
		s.settled("after a kill with the reply on its way")
	}
	a.kill()
	s.look()
	if s.heard.found < 4 {
		t.Errorf("%d look-ups for posts whose reply was lost", s.heard.found)
	}
	k.add(s)
}

// keysOf are the keys of what Baton said in a place.
func (s *stage) keysOf(in chat.Thread) (keys []string) {
	for _, m := range s.said(in) {
		keys = append(keys, m.Key)
	}
	return keys
}

// besideASecond starts a second bot on the same database. It says why it cannot
// run, and nothing else, and the first goes on.
func (k *killingSpeaker) besideASecond(t *testing.T) {
	s := newStage(t, k.seed, 300)
	a := s.alive()
	s.starts(a)
	s.everywhere("announce Hear-KEY")
	other := &stage{platforms: newPlatforms(t, 1), dir: s.dir}
	began := time.Now()
	second := other.begin()
	select {
	case <-second.ended:
	case <-time.After(patience):
		t.Fatal("the second bot does not end")
	}
	if took := time.Since(began); took > 10*time.Second { // 5 of them are what it waits for the first
		t.Errorf("it took %v to end", took)
	}
	if code := second.cmd.ProcessState.ExitCode(); code != exitFailed || !strings.Contains(second.stderr.String(), "is in use by another process") {
		t.Errorf("exit code %d, %s", code, &second.stderr)
	}
	other.platforms.mu.Lock()
	if other.now != nil || len(other.requests) > 0 {
		t.Errorf("the second bot spoke: %v", other.requests)
	}
	other.platforms.mu.Unlock()
	s.everywhere("handoff decisions: d-KEY because KEY")
	a.done()
	a.kill()
	a.over()
	s.look()
	k.add(s)
}

// restored puts a backup in the place of the database: one of what was decided
// and not yet said, or in whatever state its bot died. What has been said since
// is not said again, what has been forgotten is not said any more, and what is
// decided then is said.
func (k *killingSpeaker) restored(t *testing.T, at string, stream uint64) {
	s := newStage(t, k.seed, stream)
	a := s.alive()
	s.starts(a)
	a.kill()
	a.over()
	if at == "" {
		a = s.alive(mute + "=yes")
	} else {
		a = s.begin(speakerDies + "=" + at)
	}
	s.everywhere("announce Hear-KEY")
	if at != "" {
		<-a.ended
	} else if err := a.answered(t.Context()); err != nil {
		t.Fatal(err)
	}
	a.kill()
	a.over()
	backup := filepath.Join(t.TempDir(), "backup.db")
	s.command("backup", "--data", s.dir, backup)
	a = s.alive()
	s.everywhere("announce Later-KEY")
	a.done()
	a.kill()
	a.over()
	s.forget(backup)
	s.command("restore", "--data", s.dir, "--force", backup)
	a = s.alive()
	s.everywhere("announce Anew-KEY")
	a.done()
	a.kill()
	a.over()
	s.look()
	k.add(s)
}

// command runs a command of the bot that has to succeed.
func (s *stage) command(args ...string) {
	s.t.Helper()
	path, err := exec.LookPath("bot")
	if err != nil {
		s.t.Fatal(err)
	}
	if code, out := runBot(s.t, path, args...); code != exitDone {
		s.t.Fatalf("bot %v: exit code %d, %s", args, code, out)
	}
}

// forget marks what a backup does not know.
func (s *stage) forget(backup string) {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), "copy.db")
	if err := copyFile(backup, path); err != nil {
		s.t.Fatal(err)
	}
	defer os.Remove(path)
	db, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	st, err := state.Open(db, state.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	defer st.Close()
	known := map[string]bool{}
	for _, d := range s.log(st, db) {
		known[d.key] = true
	}
	for _, l := range s.lines {
		l.forgotten = !known[l.key]
	}
}
