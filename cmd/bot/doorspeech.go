package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// What is said through the door: one line of JSON from who knocks, a [request];
// then lines of JSON from the bot, each a [status], of which the last is not
// busy; then as many bytes as that one says.

const (
	maxRequest = 64 << 10         // bytes of a request
	maxStatus  = 1 << 20          // bytes of a status
	listening  = 5 * time.Second  // for a request to arrive
	beat       = time.Second      // between two signs that an answer is being made
	stalled    = 30 * time.Second // without a byte: the other side is gone
)

// request is what is asked for.
type request struct {
	Do      string `json:"do"` // "backup", "verify", "history", "export", "sessions", "installs" or "health"
	Session string `json:"session,omitempty"`
	For     string `json:"for,omitempty"` // the command that sessions are listed for
	JSON    bool   `json:"json,omitempty"`
}

// status says how an answer goes on.
type status struct {
	Busy  bool   `json:"busy,omitempty"` // it is being made
	Code  int    `json:"code"`           // the exit code
	Error string `json:"error,omitempty"`
	Bytes int64  `json:"bytes"` // that follow
}

// answered is an error of the process that holds the database.
type answered struct {
	text string
	code int
}

func (a *answered) Error() string { return a.text }

// errLong says that a line is longer than it may be.
var errLong = errors.New("the line is too long")

// readLine reads one value in JSON, on a line of at most most bytes.
func readLine(r *bufio.Reader, most int, v any) error {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		if line = append(line, part...); len(line) > most {
			return errLong
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return err
		}
		return json.Unmarshal(line, v)
	}
}

// patient is a connection that gives up when nothing moves for so long.
type patient struct {
	net.Conn
	patience time.Duration
}

func (p patient) Read(b []byte) (int, error) {
	if err := p.SetReadDeadline(time.Now().Add(p.patience)); err != nil {
		return 0, err
	}
	return p.Conn.Read(b)
}

// maxWrite is how many bytes are given the patience of one write.
const maxWrite = 64 << 10

func (p patient) Write(b []byte) (n int, err error) {
	for n < len(b) && err == nil {
		if err = p.SetWriteDeadline(time.Now().Add(p.patience)); err != nil {
			return n, err
		}
		var more int
		more, err = p.Conn.Write(b[n:min(len(b), n+maxWrite)])
		n += more
	}
	return n, err
}

// say writes one value on one line.
func say(w io.Writer, v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("say %T: %w", v, err)
	}
	_, err = w.Write(append(line, '\n'))
	return err
}
