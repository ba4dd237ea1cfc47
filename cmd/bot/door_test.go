//go:build unix

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// running is a bot at work in a process of its own.
type running struct {
	*exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
	err bytes.Buffer
}

func startConsole(t *testing.T, dir string) *running {
	t.Helper()
	r := &running{Cmd: exec.Command("bot", "console", "--json", "--data", dir)}
	r.Stderr = &r.err
	out, err := r.StdoutPipe()
	if err == nil {
		r.in, err = r.StdinPipe()
	}
	if err == nil {
		err = r.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	r.out = bufio.NewScanner(out)
	t.Cleanup(func() {
		_ = r.Process.Kill()
		_ = r.Wait()
	})
	return r
}

// say gives the bot a line and waits for its answer.
func (r *running) say(t *testing.T, line string) {
	t.Helper()
	if _, err := fmt.Fprintln(r.in, line); err != nil || !r.out.Scan() {
		t.Fatalf("%s: %v, %v; %s", line, err, r.out.Err(), r.err.String())
	}
	if strings.Contains(r.out.Text(), "Not accepted") {
		t.Error(r.out.Text())
	}
}

// end tells the bot that nothing more is said.
func (r *running) end(t *testing.T) {
	t.Helper()
	_ = r.in.Close()
	if err := r.Wait(); err != nil || r.err.Len() > 0 {
		t.Errorf("%v: %s", err, r.err.String())
	}
}

func begun(t *testing.T, dir string) *running {
	t.Helper()
	r := startConsole(t, dir)
	r.say(t, "ana@launch> start product-launch Launch an invoicing tool")
	r.say(t, "ana@launch/1> note decision Postgres, not Dynamo")
	return r
}

// mustRun runs a command that has to end with that exit code.
func mustRun(t *testing.T, code int, args ...string) string {
	t.Helper()
	got, out := runBot(t, "bot", args...)
	if got != code {
		t.Fatalf("bot %s: exit code %d, want %d:\n%s", strings.Join(args, " "), got, code, out)
	}
	return out
}

func mustSay(t *testing.T, text string, all ...string) {
	t.Helper()
	for _, want := range all {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// All that reads works while a bot is being talked to, and says what it says
// at rest.
func TestReadingWhileABotRuns(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := begun(t, dir)
	if info, err := os.Lstat(filepath.Join(dir, "baton.sock")); err != nil || info.Mode() != os.ModeSocket|0o600 {
		t.Errorf("the socket: %v, %v", info.Mode(), err)
	}
	commands := [][]string{
		{"history"},
		{"history", "--json"},
		{"history", "launch/1"},
		{"history", "launch/1", "--json"},
		{"export"},
		{"export", "launch/1"},
		{"export", "launch/1", "--json"},
		{"verify"},
		{"verify", "--json"},
	}
	said := func() (all []string) {
		for _, c := range commands {
			all = append(all, mustRun(t, exitDone, append(c, "--data", dir)...))
		}
		return all
	}
	running := said()
	mustSay(t, running[2], "Postgres, not Dynamo")
	mustSay(t, running[7], "every checksum is right")
	mustSay(t, mustRun(t, exitFailed, "history", "launch/7", "--json", "--data", dir), `"code": 1`, "there is no session launch/7")
	mustSay(t, mustRun(t, exitUsage, "history", "launch", "--data", dir), "bot: ", "names no session")
	page := filepath.Join(t.TempDir(), "launch.md")
	mustRun(t, exitDone, "export", "launch/1", "--to", page, "--data", dir)
	if text, err := os.ReadFile(page); err != nil || string(text) != running[5] {
		t.Errorf("%v: %s", err, text)
	}
	r.end(t)
	for i, at := range said() {
		if at != running[i] {
			t.Errorf("bot %v said while the bot ran\n%sand at rest\n%s", commands[i], running[i], at)
		}
	}
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	hidden, _ := filepath.Glob(filepath.Join(dir, ".*"))
	if err != nil || len(left) != 1 || len(hidden) > 0 {
		t.Errorf("left behind: %v %v", left, hidden)
	}
}

// A backup of a bot that is being written to is whole, and holds all that was
// answered before.
func TestBackupWhileABotIsWrittenTo(t *testing.T) {
	t.Parallel()
	dir, copies := t.TempDir(), t.TempDir()
	r := begun(t, dir)
	stop, answers := make(chan struct{}), make(chan int)
	go func() {
		defer close(answers)
		for n := 1; ; n++ {
			r.say(t, fmt.Sprintf("ana@launch/1> note decision Number %d.", n))
			select {
			case <-stop:
				return
			case answers <- n:
			}
		}
	}()
	for i := range 2 {
		before := <-answers
		done := make(chan struct{})
		file := filepath.Join(copies, fmt.Sprint(i))
		go func() {
			defer close(done)
			mustSay(t, mustRun(t, exitDone, "backup", file+".db", "--json", "--data", dir), `"bytes":`)
		}()
		for writing := true; writing; {
			select {
			case <-answers:
			case <-done:
				writing = false
			}
		}
		mustRun(t, exitDone, "restore", file+".db", "--data", file)
		mustSay(t, mustRun(t, exitDone, "verify", "--data", file), "every checksum is right")
		mustSay(t, mustRun(t, exitDone, "history", "launch/1", "--data", file), fmt.Sprintf("Number %d.", before))
	}
	close(stop)
	for range answers {
	}
	mustSay(t, mustRun(t, exitFailed, "restore", filepath.Join(copies, "0.db"), "--force", "--data", dir), "in use by another process")
	r.end(t)
}

// What a killed bot leaves behind hinders nobody.
func TestSocketOfAKilledBot(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := begun(t, dir)
	if err := r.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = r.Wait()
	left := filepath.Join(dir, ".baton.db.copy-1")
	if err := os.WriteFile(left, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(filepath.Join(dir, "baton.sock")); err != nil {
		t.Fatal("a killed bot leaves no socket: ", err)
	}
	next := startConsole(t, dir)
	next.say(t, "ana@launch/1> note decision Magic links")
	mustSay(t, mustRun(t, exitDone, "history", "launch/1", "--data", dir), "Postgres", "Magic links")
	if _, err := os.Stat(left); err == nil {
		t.Error("a copy that was left lies there still")
	}
	next.end(t)
	if _, err := os.Lstat(filepath.Join(dir, "baton.sock")); err == nil {
		t.Error("a bot that ends leaves its socket")
	}
}

// A bot that is halted holds the database and answers nobody: that is said.
func TestAHaltedBot(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := begun(t, dir)
	if err := r.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	mustSay(t, mustRun(t, exitFailed, "history", "--data", dir), "is in use by another process")
	if err := r.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	mustSay(t, mustRun(t, exitDone, "history", "--data", dir), "launch/1")
}

// Where the data directory's path is too long for a socket it is elsewhere.
func TestLongPath(t *testing.T) {
	short, err := os.MkdirTemp("", "b")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(short) })
	t.Setenv("TMPDIR", short)
	dir := filepath.Join(t.TempDir(), strings.Repeat("long", 30))
	r := begun(t, dir)
	mustSay(t, mustRun(t, exitDone, "history", "launch/1", "--data", dir), "Postgres")
	if all, err := filepath.Glob(short + "/baton-*.sock"); err != nil || len(all) != 1 {
		t.Errorf("%v, %v", all, err)
	}
	r.end(t)
	if all, _ := filepath.Glob(short + "/*.sock"); len(all) > 0 {
		t.Errorf("left: %v", all)
	}
}

// What is damaged on disk is found by the running bot too.
func TestVerifyFindsDamageInARunningBot(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := begun(t, dir)
	r.say(t, "status")
	path := filepath.Join(dir, databaseName)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	word := []byte("Postgres")
	for at, n := bytes.Index(data, word), 0; n >= 0; at += n + len(word) {
		if _, err := f.WriteAt([]byte("p"), int64(at)); err != nil {
			t.Fatal(err)
		}
		n = bytes.Index(data[at+len(word):], word)
	}
	var found inspection
	out := mustRun(t, exitDamaged, "verify", "--json", "--data", dir)
	if err := json.Unmarshal([]byte(out), &found); err != nil || found.OK || len(found.Findings) == 0 || found.Path != path {
		t.Errorf("%v: %s", err, out)
	}
	if found.Error != "" {
		t.Errorf("the copy was not looked at: %s", found.Error)
	}
}
