package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/synthoperator/baton/adapters/console"
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/bolt"
)

// The steps from a line to its answer, in order. Those from "enqueued" to
// "before-reply" are package bolt's.
var steps = []string{
	"received", "enqueued", "before-commit", "in-transaction", "visible",
	"committed", "before-reply", "handled", "half-written", "answered",
}

// durable reports whether what a line decided must be there once the step was
// reached.
func durable(step string) bool {
	switch step {
	case "received", "enqueued", "before-commit", "in-transaction":
		return false
	}
	return true
}

// What the dying bot is told by its environment.
const (
	dieAt  = "BATON_TEST_DIE_AT" // step@key: the step, while the line with that key is answered
	broken = "BATON_TEST_BROKEN" // a guarantee to go without: see [breakIt]
)

// dying is `bot console --json` over the database in the folder that is its
// argument, made of the same parts, which kills itself where it is told to. It
// is a program of its own, see TestMain: the one that is shipped cannot do that.
func dying() {
	fail := func(err error) {
		fmt.Fprintln(os.Stderr, "dying:", err)
		os.Exit(exitFailed)
	}
	e := &executioner{out: os.Stdout}
	e.step, e.key, _ = strings.Cut(os.Getenv(dieAt), "@")
	db, err := bolt.Open(filepath.Join(os.Args[1], databaseName), bolt.Options{Step: e.reach})
	if err != nil {
		fail(err)
	}
	log := newLogger(LogConfig{Format: "text", Level: "info"}, os.Stderr)
	p, err := assemble(breakIt(db), DefaultConfig(), around{now: time.Now, log: log.Logger, fatal: fail})
	if err != nil {
		fail(err)
	}
	e.Handler = p.router
	if err := console.Run(context.Background(), console.Options{In: os.Stdin, Out: e, Handler: e, JSON: true}); err != nil {
		fail(err)
	}
	if err := p.close(); err != nil {
		fail(err)
	}
}

// executioner ends the process at a step.
type executioner struct {
	chat.Handler
	out       io.Writer
	step, key string

	mu sync.Mutex
	at string // the key of what is being answered
}

// reach ends the process if this is the step to do so, and does not return then.
func (e *executioner) reach(step string) {
	if !e.due(step) {
		return
	}
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill() // SIGKILL where there is such a thing
	}
	panic(fmt.Sprint("still alive: ", err))
}

func (e *executioner) due(step string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return step == e.step && e.at == e.key
}

func (e *executioner) Handle(ctx context.Context, call chat.Call) chat.Message {
	e.mu.Lock()
	e.at = call.ID
	e.mu.Unlock()
	e.reach("received")
	m := e.Handler.Handle(ctx, call)
	e.reach("handled")
	return m
}

func (e *executioner) Write(p []byte) (int, error) {
	if e.due("half-written") {
		_, _ = e.out.Write(p[:len(p)/2])
		e.reach("half-written")
	}
	n, err := e.out.Write(p)
	e.reach("answered")
	return n, err
}

// breakIt takes a guarantee out of a backend, so that it can be seen that its
// loss does not go unnoticed.
func breakIt(b state.Backend) state.Backend {
	switch os.Getenv(broken) {
	case "answered before it is durable":
		return &hasty{Backend: b}
	case "keys are forgotten":
		return forgetful{b}
	}
	return b
}

// hasty says that a write is done and does it before the next one.
type hasty struct {
	state.Backend
	left []state.Write
}

func (h *hasty) Commit(ctx context.Context, w state.Write) error {
	for _, w := range h.left {
		if err := h.Backend.Commit(ctx, w); err != nil {
			return err
		}
	}
	h.left = []state.Write{w}
	return nil
}

// forgetful keeps no inbound keys.
type forgetful struct{ state.Backend }

func (f forgetful) Commit(ctx context.Context, w state.Write) error {
	w.Key = ""
	return f.Backend.Commit(ctx, w)
}
