package slack

import (
	"net"
	"runtime"
	"sync"
	"time"
)

// outlet is a connection on which what is written leaves with flush, and what
// others write meanwhile with it: the acknowledgements of calls that were
// committed together take one system call, not one each.
type outlet struct {
	net.Conn

	mu       sync.Mutex
	gathers  bool // from when it is a websocket on
	out      []byte
	spare    []byte
	taken    uint64 // how many bytes were taken over so far
	left     uint64 // how many of them are with the system
	err      error
	flushing sync.Mutex
}

// Write takes over what is to leave.
func (o *outlet) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.gathers {
		return o.Conn.Write(p)
	}
	if o.err != nil {
		return 0, o.err
	}
	o.out = append(o.out, p...)
	o.taken += uint64(len(p))
	return len(p), nil
}

// gather has writes wait for flush.
func (o *outlet) gather() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.gathers = true
}

// flush returns when what was written before is with the system. An error says
// that it is not, or that this is not known.
func (o *outlet) flush() error {
	o.mu.Lock()
	mine := o.taken
	o.mu.Unlock()
	runtime.Gosched() // whoever is about to write as well
	o.flushing.Lock()
	defer o.flushing.Unlock()
	o.mu.Lock()
	out, err := o.out, o.err
	if o.left >= mine {
		o.mu.Unlock()
		return nil // it left with another's
	}
	if err != nil {
		o.mu.Unlock()
		return err
	}
	o.out = o.spare[:0]
	o.mu.Unlock()
	_ = o.Conn.SetWriteDeadline(time.Now().Add(writeWait))
	n, err := o.Conn.Write(out)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.spare, o.err = out[:0], err
	o.left += uint64(n)
	return err
}
