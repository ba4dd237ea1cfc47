package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/bolt"
)

// stage is a bot that is killed while it serves platforms that are not.
type stage struct {
	*platforms
	dir     string
	rng     *rand.Rand
	env     []string // of every bot
	often   string   // what people say more often than anything else
	lines   []*line
	endings map[state.SessionID]bool // sessions that ended, as the log says
	heard   tallyHeard

	mu       sync.Mutex
	problems []string
}

// tallyHeard is what happened on a stage.
type tallyHeard struct {
	kills, atStep int
	decisions     int // that somebody hears of
	reminders     int
	said, edited  int // messages
	found, again  int // looked up after nobody saw the end of it; calls handed over once more
	verified      int
	tries         int // requests to post
	sessions      int
}

func (a *tallyHeard) add(b tallyHeard) {
	a.kills, a.atStep, a.decisions, a.said = a.kills+b.kills, a.atStep+b.atStep, a.decisions+b.decisions, a.said+b.said
	a.edited, a.found, a.again, a.verified = a.edited+b.edited, a.found+b.found, a.again+b.again, a.verified+b.verified
	a.tries, a.sessions, a.reminders = a.tries+b.tries, a.sessions+b.sessions, a.reminders+b.reminders
}

func (a tallyHeard) String() string {
	return fmt.Sprintf("%d kills, %d of them at a named step; %d decisions of %d sessions to be heard of and %d reminders; %d messages said by %d posts, "+
		"0 lost, 0 twice, 0 out of order; %d look-ups for what nobody saw the end of; %d edits of cards and corrections; %d calls handed over again; %d runs of verify",
		a.kills, a.atStep, a.decisions, a.sessions, a.reminders, a.said, a.tries, a.found, a.edited, a.again, a.verified)
}

// The channels: sessions live in one, and another workspace hears of them too.
func home(platform string) chat.Thread { return must(chat.NewThread(platform, "w", "launch", "")) }
func away(platform string) chat.Thread { return must(chat.NewThread(platform, "v", "news", "")) }

func newStage(t *testing.T, seed, stream uint64) *stage {
	t.Helper()
	s := &stage{platforms: newPlatforms(t, seed+stream), dir: t.TempDir(), rng: rand.New(rand.NewPCG(seed, stream)), endings: map[state.SessionID]bool{}}
	db, err := bolt.Open(s.database(), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	st, err := state.Open(db, state.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	for name := range s.worlds {
		_, err := st.UpdateSettings(t.Context(), state.SettingChange{
			Stream: state.ChannelStream(orchestration.ChannelKey(home(name).Key())),
			Decide: func(v state.View, settings orchestration.Settings) (orchestration.Decision, error) {
				return settings.SetAnnouncements(orchestration.NewHuman(orchestration.PersonID(name+"/w/ana"), "Ana"),
					orchestration.Room{Now: v.Now()}, orchestration.AnnounceAll, []orchestration.ChannelKey{orchestration.ChannelKey(away(name).Key())}, "")
			},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func (s *stage) database() string { return filepath.Join(s.dir, databaseName) }

func (s *stage) problem(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.problems = append(s.problems, fmt.Sprintf(format, args...))
}

// act is one process of the bot on a stage.
type act struct {
	s      *stage
	cmd    *exec.Cmd
	stderr bytes.Buffer
	wire   *attached // once it is there
	ended  chan struct{}

	byItself bool // it was gone before it was killed
}

// begin starts a bot, a little later than it was; the environment says what is
// special about it.
func (s *stage) begin(env ...string) *act {
	s.t.Helper()
	later := time.Duration(s.platforms.ahead.Add(int64(20 * time.Second)))
	path, err := exec.LookPath("speaking")
	if err != nil {
		s.t.Fatal(err)
	}
	a := &act{s: s, ended: make(chan struct{})}
	a.cmd = exec.Command(path, s.dir, s.listener.Addr().String())
	a.cmd.Env = append(append(a.cmd.Environ(), ahead+"="+later.String()), slices.Concat(s.env, env)...)
	a.cmd.Stderr = &a.stderr
	if err := a.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	go func() {
		_ = a.cmd.Wait() // the state says it better
		close(a.ended)
	}()
	s.t.Cleanup(func() { a.kill() })
	return a
}

// served waits until the bot serves the platforms; false if it ends before.
func (a *act) served() bool {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	go func() {
		select {
		case <-a.ended:
			cancel()
		case <-ctx.Done():
		}
	}()
	var err error
	a.wire, err = a.s.bot(ctx, func(c *attached) bool { return c.pid == a.cmd.Process.Pid })
	return err == nil
}

// kill kills the bot, if it is not gone, and waits until it is.
func (a *act) kill() {
	a.byItself = errors.Is(a.cmd.Process.Kill(), os.ErrProcessDone)
	<-a.ended
}

// over counts a bot that is gone, and looks at how it ended.
func (a *act) over() {
	if code := a.cmd.ProcessState.ExitCode(); code != -1 {
		a.s.problem("the bot ended by itself, with exit code %d: %s", code, &a.stderr)
	}
	a.s.heard.kills++
	if a.byItself {
		a.s.heard.atStep++
	}
}

// atRest waits until a bot has answered everything and has nothing to say any
// more. An error says that it ended before.
func (a *act) atRest() error {
	ctx, cancel := context.WithTimeout(a.s.t.Context(), patience)
	defer cancel()
	err := a.answered(ctx)
	if err == nil {
		var got frame
		if got, err = a.wire.ask(ctx, frame{Do: "quiet"}); err == nil {
			err = got.Error.err()
		}
	}
	if ctx.Err() != nil {
		_ = a.cmd.Process.Signal(syscall.SIGQUIT) // where every goroutine hangs
		select {
		case <-a.ended:
		case <-time.After(patience):
		}
		a.kill()
		a.s.problem("the bot does not come to rest, with %d lines to be answered: %s", a.s.waiting(), &a.stderr)
	}
	return err
}

// watched adds what the platforms saw to the problems.
func (s *stage) watched() {
	for _, name := range []string{rooted, numbered} {
		for _, v := range s.worlds[name].Violations() {
			s.problem("%s: %s (%s in %s)\n%s", v.Rule, v.What, v.Kind, v.In.Key(), s.transcript(v.In, v.Key))
		}
	}
}

// settled fails the test if anything was wrong so far.
func (s *stage) settled(context string) {
	s.t.Helper()
	s.watched()
	if len(s.problems) > 0 {
		s.t.Fatalf("%s:\n%s", context, strings.Join(s.problems, "\n"))
	}
}

// live has a bot hear something new and be killed: by itself at a step, or from
// outside after a while, once it is there or before.
func (s *stage) live(at string, there bool) {
	s.t.Helper()
	a := s.begin(speakerDies + "=" + at)
	for range 1 + s.rng.IntN(3) {
		s.say()
	}
	if there && !a.served() {
		there = false
	}
	switch {
	case at == "":
		select {
		case <-a.ended:
		case <-time.After(time.Duration(s.rng.IntN(150)) * time.Millisecond):
		}
	case there && a.atRest() == nil: // it did not come to the step
	default:
		<-a.ended
	}
	a.kill()
	a.over()
	s.settled("after a kill at " + at)
}

// answered waits until everything that was said to the bot is answered.
func (a *act) answered(ctx context.Context) error {
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for a.s.waiting() > 0 {
		select {
		case <-look.C:
		case <-a.ended:
			return errGone
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
