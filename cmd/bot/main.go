// Command bot is Baton: a team's orchestration protocol where the team talks.
//
// Without a command it starts the console on the user's own data directory.
// Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 state damaged
// or newer than this release.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// streams are what the program reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := execute(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}
