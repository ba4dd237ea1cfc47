package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime/debug"
	"sync"
	"time"

	"github.com/synthoperator/baton/internal/redact"
	"github.com/synthoperator/baton/state"
)

// mostVisitors are served at a time; others wait.
const mostVisitors = 8

// door lets other processes of the same user read the database that this one
// holds: the lock on the file keeps them out, and two writers would damage it.
type door struct {
	job    *job
	path   string // the database
	store  *state.Store
	copies chan struct{} // one copy of the database at a time
}

func newDoor(j *job, path string, st *state.Store) *door {
	return &door{job: j, path: path, store: st, copies: make(chan struct{}, 1)}
}

// withDoor is the part of a bot that serves who asks for a backup, a history,
// an export, a verification, or how it stands. A bot that cannot do that runs on without.
func (j *job) withDoor(path string) part {
	return func(ctx context.Context, p *parts) error {
		newDoor(j, path, p.store).open(ctx, func(err error) {
			p.log.Warn("backup, history, export and verify cannot be used while this process runs", "err", err)
		})
		<-ctx.Done()
		return nil
	}
}

// open serves until ctx ends. Where it cannot, it says why and returns.
func (d *door) open(ctx context.Context, warn func(error)) {
	removeCopies(d.path)
	way, err := openDoorway(d.path)
	if err != nil {
		warn(err)
		return
	}
	defer context.AfterFunc(ctx, func() { _ = way.Close() })()
	if err := d.serve(ctx, way); ctx.Err() == nil {
		warn(err)
	}
	_ = way.Close()
}

// serve answers until ctx ends or nobody can come any more. It returns when
// the last one has left.
func (d *door) serve(ctx context.Context, l net.Listener) error {
	var visitors sync.WaitGroup
	defer visitors.Wait()
	room := make(chan struct{}, mostVisitors)
	for {
		select {
		case room <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		conn, err := l.Accept()
		switch {
		case ctx.Err() != nil, errors.Is(err, net.ErrClosed):
			return err
		case err != nil: // no file to be had, most likely
			<-room
			d.job.log.Warn("accept another process", "err", err)
			pause(ctx, beat)
			continue
		}
		visitors.Go(func() {
			defer func() { <-room }()
			d.visit(ctx, conn)
		})
	}
}

// pause waits, but not longer than ctx.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// visit hears one request and answers it.
func (d *door) visit(ctx context.Context, conn net.Conn) {
	ctx, leave := context.WithCancel(ctx)
	defer leave()
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	began := time.Now()
	q, err := hear(conn)
	if err == nil {
		err = d.reply(ctx, leave, patient{conn, stalled}, q)
	} else {
		_ = say(patient{conn, listening}, statusOf(err))
	}
	d.job.log.Info("asked by another process", "do", q.Do, "took", time.Since(began), "err", err)
}

// hear reads the request.
func hear(conn net.Conn) (q request, err error) {
	if err := conn.SetReadDeadline(time.Now().Add(listening)); err != nil {
		return q, err
	}
	switch err := readLine(bufio.NewReader(conn), maxRequest, &q); {
	case errors.Is(err, errLong):
		return q, usageError{fmt.Errorf("the request is longer than %d KiB", maxRequest>>10)}
	case err != nil:
		return q, usageError{fmt.Errorf("the request cannot be read: %w", err)}
	}
	return q, nil
}

// reply makes the answer, with a sign of life now and then, and sends it. Who
// does not take the signs ends the work.
func (d *door) reply(ctx context.Context, stop func(), conn io.Writer, q request) error {
	made := make(chan answer, 1)
	go func() { made <- d.answer(ctx, q) }()
	tick := time.NewTicker(beat)
	defer tick.Stop()
	gone := say(conn, status{Busy: true})
	for {
		if gone != nil {
			stop()
		}
		select {
		case a := <-made:
			defer a.close()
			if gone != nil {
				return gone
			}
			return a.send(conn)
		case <-tick.C:
			if gone == nil {
				gone = say(conn, status{Busy: true})
			}
		}
	}
}

// answer is what is sent: bytes, or an error, or both.
type answer struct {
	err   error
	body  io.Reader
	bytes int64
	close func()
}

func (a answer) send(conn io.Writer) error {
	s := statusOf(a.err)
	s.Bytes = a.bytes
	if err := say(conn, s); err != nil {
		return err
	}
	if a.bytes == 0 {
		return a.err
	}
	_, err := io.CopyN(conn, a.body, a.bytes)
	return errors.Join(a.err, err)
}

func statusOf(err error) status {
	if err == nil {
		return status{}
	}
	return status{Code: exitCode(err), Error: redact.Text(sentence(err))}
}

// answer does what is asked. What goes wrong in it ends the answer, not the bot.
func (d *door) answer(ctx context.Context, q request) (a answer) {
	a.close = func() {}
	defer func() {
		if r := recover(); r != nil {
			d.job.log.Error("an answer to another process went wrong", "do", q.Do, "panic", r, "stack", string(debug.Stack()))
			a = answer{err: errors.New("this went wrong in the running bot; its log says more"), close: func() {}}
		}
	}()
	switch q.Do {
	case "backup":
		return d.backup(ctx)
	case "verify":
		return d.verify(ctx)
	case "history", "export", "sessions", "installs":
		return d.read(ctx, q)
	case "health":
		return d.health()
	}
	a.err = usageError{fmt.Errorf("the running bot cannot do %q; is it of another release?", short(q.Do))}
	return a
}
