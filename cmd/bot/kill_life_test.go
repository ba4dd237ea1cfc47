package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/console"
)

// program is how a bot is started on a data directory.
type program func(dir string) *exec.Cmd

// theBot builds the program as it is shipped.
func theBot(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "bot.exe")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return path
}

func shipped(path string) program {
	return func(dir string) *exec.Cmd { return exec.Command(path, "console", "--json", "--data", dir) }
}

// life is one process of the bot, from its start to its end.
type life struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	answers chan string // what was received in full; closed when the process is gone
	err     bytes.Buffer
	guard   *time.Timer

	ended time.Time
	code  int // the exit code, -1 for a signal
}

// patience bounds a life, so that one that hangs fails the test that started it
// and not all.
const patience = time.Minute

func begin(t *testing.T, run program, dir string) *life {
	t.Helper()
	l := &life{cmd: run(dir), answers: make(chan string, 1024)}
	l.cmd.Stderr = &l.err
	in, err := l.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := l.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	l.in = in
	if err := l.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	l.guard = time.AfterFunc(patience, func() {
		t.Errorf("%s did not end", l.cmd)
		l.stop()
	})
	t.Cleanup(func() {
		if l.guard.Stop() { // the test failed before the end
			l.stop()
		}
	})
	go l.read(bufio.NewReader(out))
	return l
}

// read passes on whole answers. What a killed process left unfinished is none.
func (l *life) read(out *bufio.Reader) {
	defer close(l.answers)
	for {
		line, err := out.ReadString('\n')
		if err != nil {
			return
		}
		if strings.HasPrefix(line, `{"id":`) {
			l.answers <- besidesRE.ReplaceAllString(line, "}")
		}
	}
}

// say writes a line. The remark after it says that it is whole, else the console
// would wait for one that continues it. Whether the process still reads shows in
// its answers.
func (l *life) say(h *heard) {
	_, _ = io.WriteString(l.in, "["+h.key+"] "+h.text+"\n//\n")
}

// stop ends the process one way or the other: what strace traces lives on when
// strace is killed, until its input ends.
func (l *life) stop() {
	l.kill()
	_ = l.in.Close()
}

func (l *life) kill() { _ = l.cmd.Process.Kill() }

// end waits until the process is gone, and returns its exit code, -1 for a
// signal. All answers must have been received.
func (l *life) end() int {
	_ = l.cmd.Wait() // the state says it better
	l.guard.Stop()
	l.ended, l.code = time.Now(), l.cmd.ProcessState.ExitCode()
	return l.code
}

// besidesRE is what Baton said by itself, which comes last in an answer. Whether
// that is said once is another test's.
var besidesRE = regexp.MustCompile(`,"besides":\[.*\]\}`)

func readAnswer(raw string) (a console.Answer, err error) {
	err = json.Unmarshal([]byte(raw), &a)
	return a, err
}
