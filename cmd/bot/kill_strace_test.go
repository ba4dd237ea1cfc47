package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// traced is a bot under strace, in which a system call fails or kills it.
type traced struct {
	program
	calls string // the names, separated by commas
	log   string
}

// strace is how the bot is started so that the named system calls meet with
// fault from the nth on, or at the nth alone ("error=EIO:when=2"). One processor
// keeps the commits on one thread: strace counts for each thread.
func strace(t *testing.T, bot, calls, fault string) traced {
	t.Helper()
	path, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed, so no system call can be made to fail here")
	}
	if out, err := exec.Command(path, "-f", "-qq", "-o", os.DevNull, "-e", "trace=fdatasync", "true").CombinedOutput(); err != nil {
		t.Skipf("strace may not trace here: %v, %s", err, out)
	}
	x := traced{calls: calls, log: filepath.Join(t.TempDir(), "strace")}
	x.program = func(dir string) *exec.Cmd {
		cmd := exec.Command(path, "-f", "-qq", "-o", x.log, "-e", "trace="+calls, "-e", "inject="+calls+":"+fault,
			bot, "console", "--json", "--data", dir)
		cmd.Env = append(cmd.Environ(), "GOMAXPROCS=1")
		return cmd
	}
	return x
}

// injected is which of all the calls was the first to fail, counted from 1; 0
// where none did.
func (x traced) injected(t *testing.T) int {
	t.Helper()
	log, err := os.ReadFile(x.log)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(log)) {
		if strings.Contains(line, "resumed>") || !strings.Contains(line, "(") {
			continue
		}
		if n++; strings.Contains(line, "(INJECTED)") {
			return n
		}
	}
	return 0
}

func nth(n int) string { return strconv.Itoa(n) }
