package slack

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// link is one connection of Socket Mode.
type link struct {
	ws  *websocket.Conn
	out *outlet
	buf bytes.Buffer // what was read last

	mu   sync.Mutex // writers one by one
	gone bool

	closing atomic.Bool

	retiring chan struct{} // closed when Slack said that the connection ends
	once     sync.Once
}

// How a connection is watched. A half-open one looks alive to whoever only waits:
// it is found silence after the last sign of life. Slack pings too, and answers
// pings (https://docs.slack.dev/apis/events-api/using-socket-mode).
const (
	pingEvery = 5 * time.Second
	silence   = 15 * time.Second
	writeWait = 5 * time.Second
	maxFrame  = 8 << 20 // bytes of one message; a view has 250 KB at most, a message less
)

func newLink(ws *websocket.Conn, out *outlet) *link {
	l := &link{ws: ws, out: out, retiring: make(chan struct{})}
	out.gather()
	ws.SetReadLimit(maxFrame)
	l.alive()
	ws.SetPingHandler(func(data string) error {
		l.alive()
		err := ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeWait))
		if errors.Is(err, websocket.ErrCloseSent) {
			return nil
		}
		return errors.Join(err, out.flush())
	})
	goodbye := ws.CloseHandler()
	ws.SetCloseHandler(func(code int, text string) error { return errors.Join(goodbye(code, text), out.flush()) })
	ws.SetPongHandler(func(string) error { l.alive(); return nil })
	return l
}

// alive waits for the next sign of life; not once the connection is being closed.
func (l *link) alive() {
	if !l.closing.Load() {
		_ = l.ws.SetReadDeadline(time.Now().Add(silence))
	}
}

// next is the next thing that Slack says.
func (l *link) next() (frame, error) {
	kind, r, err := l.ws.NextReader()
	if err == nil {
		l.buf.Reset()
		_, err = l.buf.ReadFrom(r)
	}
	if err != nil {
		return frame{}, err
	}
	data := l.buf.Bytes() // of which frame has copies
	l.alive()
	if kind != websocket.TextMessage {
		return frame{}, nil
	}
	f, err := parseFrame(data)
	if err != nil {
		return frame{}, nil //nolint:nilerr // one strange message is no end of a connection
	}
	return f, nil
}

// ping asks for a sign of life until the connection ends.
func (l *link) ping(end <-chan struct{}) {
	t := time.NewTicker(pingEvery)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			if l.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWait)) != nil || l.out.flush() != nil {
				l.cut()
				return
			}
		case <-end:
			return
		}
	}
}

// write sends an acknowledgement. When it returns, the connection has it.
func (l *link) write(data []byte) error {
	err := l.hand(data)
	if err == nil {
		err = l.out.flush()
	}
	if err != nil {
		l.cut()
	}
	return err
}

// hand has an acknowledgement leave with the next flush.
func (l *link) hand(data []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.gone {
		return errors.New("the connection has ended")
	}
	return l.ws.WriteMessage(websocket.TextMessage, data)
}

// retire says that the connection is about to end.
func (l *link) retire() { l.once.Do(func() { close(l.retiring) }) }

// close ends the connection after what was written to it has arrived.
func (l *link) close() {
	l.closing.Store(true)
	_ = l.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
	_ = l.out.flush()
	_ = l.ws.SetReadDeadline(time.Now().Add(time.Second)) // for the other side's goodbye, which whoever reads gets
}

// cut ends the connection at once.
func (l *link) cut() {
	l.mu.Lock()
	l.gone = true
	l.mu.Unlock()
	_ = l.ws.Close()
}

// ackFrame is the acknowledgement of an envelope. A payload goes with it only where
// Slack takes one.
func ackFrame(id string, accepts bool, payload []byte) []byte {
	payload = bytes.TrimSpace(payload)
	if !accepts || len(payload) == 0 {
		return fmt.Appendf(nil, `{"envelope_id":%q}`, id)
	}
	return fmt.Appendf(nil, `{"envelope_id":%q,"payload":%s}`, id, payload)
}
