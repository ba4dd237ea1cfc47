package slacktest

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// pipes is a network inside the process: who dials gets one end, who listens
// the other. Unlike sockets its waits are seen by testing/synctest, and unlike
// net.Pipe it has a buffer, so that a peer which reads no more looks as it does
// over TCP: writes go on for a while and nobody is told.
type pipes struct {
	accepted chan net.Conn
	closed   chan struct{}
	once     sync.Once
}

func newPipes() *pipes {
	return &pipes{accepted: make(chan net.Conn), closed: make(chan struct{})}
}

// Dial connects to the listener, whatever the address says.
func (p *pipes) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := pipePair()
	select {
	case p.accepted <- far:
		return near, nil
	case <-p.closed:
		return nil, errors.New("connection refused: the fake Slack is closed")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept is part of net.Listener.
func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.accepted:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close is part of net.Listener.
func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

// Addr is part of net.Listener.
func (p *pipes) Addr() net.Addr { return pipeAddr{} }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "slack.test:80" }

// held is how many writes one direction holds before the writer waits.
const held = 4096

type pipeConn struct {
	in, out    chan []byte
	gone, peer chan struct{} // closed with this end, with the other
	once       *sync.Once
	rest       []byte
	mu         sync.Mutex // held by the reader
	read       deadline
	write      deadline
}

func pipePair() (net.Conn, net.Conn) {
	a, b := make(chan []byte, held), make(chan []byte, held)
	nearGone, farGone := make(chan struct{}), make(chan struct{})
	near := &pipeConn{in: a, out: b, gone: nearGone, peer: farGone, once: new(sync.Once)}
	far := &pipeConn{in: b, out: a, gone: farGone, peer: nearGone, once: new(sync.Once)}
	for _, c := range []*pipeConn{near, far} {
		c.read.init()
		c.write.init()
	}
	return near, far
}

func (c *pipeConn) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.rest) == 0 {
		b, err := c.next()
		if err != nil {
			return 0, err
		}
		c.rest = b
	}
	n := copy(p, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

func (c *pipeConn) next() ([]byte, error) {
	late := c.read.wait()
	select {
	case <-c.gone:
		return nil, net.ErrClosed
	case <-late:
		return nil, os.ErrDeadlineExceeded
	default:
	}
	select {
	case b := <-c.in:
		return b, nil
	default:
	}
	select {
	case b := <-c.in:
		return b, nil
	case <-c.gone:
		return nil, net.ErrClosed
	case <-c.peer:
		select { // what was written before the end is still read
		case b := <-c.in:
			return b, nil
		default:
			return nil, io.EOF
		}
	case <-late:
		return nil, os.ErrDeadlineExceeded
	}
}

var errReset = errors.New("connection reset by peer")

func (c *pipeConn) Write(p []byte) (int, error) {
	select {
	case <-c.gone:
		return 0, net.ErrClosed
	case <-c.peer:
		return 0, errReset
	default:
	}
	select {
	case c.out <- append([]byte(nil), p...):
		return len(p), nil
	case <-c.gone:
		return 0, net.ErrClosed
	case <-c.peer:
		return 0, errReset
	case <-c.write.wait():
		return 0, os.ErrDeadlineExceeded
	}
}

func (c *pipeConn) Close() error {
	c.once.Do(func() { close(c.gone) })
	return nil
}

func (c *pipeConn) LocalAddr() net.Addr  { return pipeAddr{} }
func (c *pipeConn) RemoteAddr() net.Addr { return pipeAddr{} }

func (c *pipeConn) SetDeadline(t time.Time) error {
	c.read.set(t)
	c.write.set(t)
	return nil
}

func (c *pipeConn) SetReadDeadline(t time.Time) error  { c.read.set(t); return nil }
func (c *pipeConn) SetWriteDeadline(t time.Time) error { c.write.set(t); return nil }

// deadline is a channel that closes at a time that may be moved. Whoever waits
// on it while it is moved is woken by the old channel only when that was due.
type deadline struct {
	mu    sync.Mutex
	timer *time.Timer
	late  chan struct{}
}

func (d *deadline) init() { d.late = make(chan struct{}) }

func (d *deadline) wait() chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.late
}

func (d *deadline) set(t time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.timer != nil && !d.timer.Stop() {
		<-d.late // the timer's own close has happened or is about to
	}
	d.timer = nil
	over := false
	select {
	case <-d.late:
		over = true
	default:
	}
	if over {
		d.late = make(chan struct{})
	}
	if t.IsZero() {
		return
	}
	late := d.late
	if wait := time.Until(t); wait > 0 {
		d.timer = time.AfterFunc(wait, func() { close(late) })
	} else {
		close(late)
	}
}
