package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"github.com/synthoperator/baton/state/bolt"
)

// How long a command waits for a database that another process holds.
const (
	waitInAll  = 4 * time.Second
	waitAtOnce = 200 * time.Millisecond // before the door is tried
	waitAgain  = 700 * time.Millisecond
	mostTries  = 6
)

// reach does something with the database file, or has the process do it that
// holds it; begin gives what that one's answer is written to, empty. Where the
// file is held and nobody answers, it says so within five seconds.
func (j *job) reach(path string, q request, begin func() (io.Writer, error), file func(patience time.Duration) error) error {
	until, patience := time.Now().Add(waitInAll), waitAtOnce
	var err error
	for range mostTries {
		if err = file(patience); !errors.Is(err, bolt.ErrInUse) {
			return err
		}
		alive, asked := j.ask(path, q, time.Until(until), begin)
		var told *answered
		switch {
		case j.Err() != nil:
			return context.Cause(j)
		case asked == nil, errors.As(asked, &told):
			return asked
		}
		j.log.Debug("the process that holds the database gave no answer", "err", asked)
		if alive { // it ended since: the file is free, or another's
			until = time.Now().Add(waitInAll)
		} else if time.Until(until) <= 0 {
			break
		}
		patience = max(waitAtOnce, min(waitAgain, time.Until(until)))
	}
	return err
}

// ask asks the process that holds the database. alive says that there is one
// and that it understood.
func (j *job) ask(database string, q request, patience time.Duration, begin func() (io.Writer, error)) (alive bool, err error) {
	conn, err := knock(j, database)
	if err != nil {
		return false, err
	}
	defer conn.Close()
	defer context.AfterFunc(j, func() { _ = conn.Close() })()
	if err := say(patient{conn, listening}, q); err != nil {
		return false, err
	}
	in := &patient{conn, max(patience, waitAgain)}
	r := bufio.NewReader(in)
	for {
		var s status
		if err := readLine(r, maxStatus, &s); err != nil {
			return alive, fmt.Errorf("wait for an answer: %w", err)
		}
		alive, in.patience = true, stalled
		switch {
		case s.Busy:
			continue
		case s.Error != "" || s.Code != exitDone:
			return alive, &answered{s.Error, s.Code}
		}
		w, err := begin()
		if err != nil {
			return alive, &answered{err.Error(), exitFailed}
		}
		return alive, receive(w, r, s.Bytes)
	}
}

// receive takes the bytes of an answer. What cannot be written is an answer
// too: it would be asked again otherwise.
func receive(w io.Writer, r io.Reader, n int64) error {
	out := &keeping{to: w}
	got, err := io.CopyN(out, r, n)
	switch {
	case out.err != nil:
		return &answered{cause(out.err), exitFailed}
	case err != nil:
		return fmt.Errorf("the answer ends after %d of %d bytes: %w", got, n, err)
	}
	return nil
}

// keeping remembers why a write went wrong.
type keeping struct {
	to  io.Writer
	err error
}

func (k *keeping) Write(b []byte) (int, error) {
	n, err := k.to.Write(b)
	if err != nil {
		k.err = err
	}
	return n, err
}

// knock connects to the process that holds a database. A socket of somebody
// else than the database is not spoken to: others may write where it is.
func knock(ctx context.Context, database string) (net.Conn, error) {
	path := doorPath(database)
	socket, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	file, err := os.Stat(database)
	if err != nil {
		return nil, err
	}
	if !sameOwner(socket, file) {
		return nil, fmt.Errorf("%s belongs to another user than %s", path, database)
	}
	d := net.Dialer{Timeout: time.Second}
	return d.DialContext(ctx, "unix", path)
}
