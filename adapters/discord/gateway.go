package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// The gateway is spoken with gorilla/websocket, not through discordgo v0.29.0,
// which was measured to hang for ever holding its lock where Discord asks to
// reconnect in place of Hello, right after a Resume, or never says Hello. Such a
// session can be left behind and replaced, but its goroutines stay, and with it
// goes the session's id, which is private: what would have been replayed is lost.
// It also resumes at another address than the one that it is given, and closes
// with 1000 where an ACK is missing, which ends the session too.

// Opcodes (D:topics/opcodes-and-status-codes).
const (
	opDispatch  = 0
	opHeartbeat = 1
	opIdentify  = 2
	opResume    = 6
	opReconnect = 7
	opInvalid   = 9
	opHello     = 10
	opAck       = 11
)

// Times and sizes of connections.
const (
	dialWait  = 10 * time.Second
	helloWait = 5 * time.Second
	// readyWait is how long a session may take to begin or to go on.
	readyWait = 20 * time.Second
	writeWait = 5 * time.Second
	// ackWait is how long a heartbeat may go without its ACK. Discord's "before the
	// next one" (D:events/gateway, Zombied Connections) would leave a connection on
	// which nothing comes any more unnoticed for a minute and a half.
	ackWait = 7 * time.Second
	// maxFrame is the most that is read at once. A large server is told of in some
	// megabytes.
	maxFrame = 64 << 20
	// closeAgain is a code with which a session outlives its connection: 1000 and
	// 1001 end it (D:events/gateway, Initiating a Disconnect).
	closeAgain = 4000
)

// frame is what travels over the gateway.
type frame struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  *int64          `json:"s"`
	Type string          `json:"t"`
}

// link is one connection.
type link struct {
	ws *websocket.Conn
	mu sync.Mutex // writers one by one
}

func dial(ctx context.Context, by DialFunc, address string) (*link, error) {
	ctx, cancel := context.WithTimeout(ctx, dialWait)
	defer cancel()
	d := websocket.Dialer{NetDialContext: by, Proxy: http.ProxyFromEnvironment, HandshakeTimeout: dialWait}
	ws, answer, err := d.DialContext(ctx, address+"/?v=10&encoding=json", nil)
	if answer != nil && answer.Body != nil {
		_ = answer.Body.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("connect to the gateway: %w", err)
	}
	ws.SetReadLimit(maxFrame)
	return &link{ws: ws}, nil
}

// next is the next thing that Discord says.
func (l *link) next() (frame, error) {
	var f frame
	_, data, err := l.ws.ReadMessage()
	if err != nil {
		return f, err
	}
	if err := json.Unmarshal(data, &f); err != nil {
		return f, fmt.Errorf("the gateway says what is no JSON: %w", err)
	}
	return f, nil
}

func (l *link) send(op int, data any) error {
	text, err := json.Marshal(map[string]any{"op": op, "d": data})
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	_ = l.ws.SetWriteDeadline(time.Now().Add(writeWait))
	return l.ws.WriteMessage(websocket.TextMessage, text)
}

// end closes the connection with a code and waits for nothing.
func (l *link) end(code int) {
	_ = l.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
	_ = l.ws.Close()
}

// connection is one connection of a shard, from Hello on.
type connection struct {
	*shard
	*link
	cancel context.CancelCauseFunc

	mu    sync.Mutex
	owed  bool // a heartbeat was not acknowledged yet
	ready bool // the session has begun, or goes on
}

// errAgain says that Discord asked to reconnect.
var errAgain = errors.New("Discord asked to reconnect")

// errSilent says that a connection looks alive and is not.
var errSilent = errors.New("Discord acknowledged no heartbeat")

// serve speaks over a connection until it ends. The error says why.
func (s *shard) serve(ctx context.Context, l *link) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	c := &connection{shard: s, link: l, cancel: cancel}
	stop := context.AfterFunc(ctx, func() {
		code := closeAgain
		if errors.Is(context.Cause(ctx), errStopped) {
			code = websocket.CloseNormalClosure
		}
		l.end(code)
	})
	defer stop()
	every, err := c.hello()
	if err != nil {
		l.end(closeAgain)
		return err
	}
	var beating sync.WaitGroup
	beating.Go(func() { c.beat(ctx, every) })
	beating.Go(func() {
		if err := c.begin(ctx); err != nil {
			cancel(err)
		}
	})
	err = c.read()
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	cancel(err)
	l.end(closeAgain)
	beating.Wait()
	if c.ready {
		s.wasReady = true
	}
	return err
}

// hello waits until Discord greets, and gives the interval of heartbeats. It may
// ask to reconnect instead (D:events/gateway-events, Reconnect).
func (c *connection) hello() (time.Duration, error) {
	_ = c.ws.SetReadDeadline(time.Now().Add(helloWait))
	f, err := c.next()
	switch {
	case err != nil:
		return 0, fmt.Errorf("be greeted by the gateway: %w", err)
	case f.Op == opReconnect:
		return 0, errAgain
	case f.Op != opHello:
		return 0, fmt.Errorf("the gateway begins with op %d", f.Op)
	}
	var hello struct {
		Every int64 `json:"heartbeat_interval"`
	}
	if err := json.Unmarshal(f.Data, &hello); err != nil || hello.Every <= 0 {
		return 0, errors.New("the gateway greets without an interval of heartbeats")
	}
	_ = c.ws.SetReadDeadline(time.Time{})
	return time.Duration(hello.Every) * time.Millisecond, nil
}

// beat sends heartbeats, the first one after a part of the interval so that not
// everybody's come at once (D:events/gateway, Sending Heartbeats).
func (c *connection) beat(ctx context.Context, every time.Duration) {
	for wait := time.Duration(rand.Float64() * float64(every)); sleep(ctx, wait) == nil; { //nolint:gosec // a jitter
		c.owes(true)
		if c.pulse() != nil {
			return // whoever reads sees it too
		}
		patience := min(ackWait, every)
		if sleep(ctx, patience) != nil {
			return
		}
		if c.owes(true) {
			c.cancel(errSilent)
			return
		}
		wait = every - patience
	}
}

// owes notes whether an ACK is owed, and tells whether one was.
func (c *connection) owes(now bool) (before bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	before, c.owed = c.owed, now
	return before
}

func (c *connection) pulse() error {
	if seq := c.sequence(); seq > 0 {
		return c.send(opHeartbeat, seq)
	}
	return c.send(opHeartbeat, nil)
}

// read takes in what comes until the connection ends.
func (c *connection) read() error {
	for {
		f, err := c.next()
		if err != nil {
			return err
		}
		if err := c.take(f); err != nil {
			return err
		}
	}
}

func (c *connection) take(f frame) error {
	switch f.Op {
	case opDispatch:
		c.dispatch(f)
	case opHeartbeat:
		return c.pulse()
	case opAck:
		c.owes(false)
	case opReconnect:
		return errAgain
	case opInvalid:
		var resumable bool
		_ = json.Unmarshal(f.Data, &resumable) // what is none is false
		if !resumable {
			c.forget()
		}
		return errInvalid
	}
	return nil
}

// errInvalid says that Discord does not go on with a session.
var errInvalid = errors.New("Discord ended the session")

// dispatch takes an event in. It never waits: heartbeats are read by the same
// goroutine.
func (c *connection) dispatch(f frame) {
	if f.Seq != nil {
		c.advance(*f.Seq)
	}
	switch f.Type {
	case "READY":
		c.begun(f.Data)
		c.up()
	case "RESUMED":
		c.up()
	case "INTERACTION_CREATE":
		c.to.takeInteraction(f.Data)
	case "MESSAGE_CREATE":
		c.to.takeMessage(f.Data)
	default:
		c.to.a.heard.event(f.Type, f.Data)
	}
}

// up says that the session has begun, or goes on.
func (c *connection) up() {
	_ = c.ws.SetReadDeadline(time.Time{}) // heartbeats tell from now on whether anybody is there
	c.mu.Lock()
	c.ready = true
	c.mu.Unlock()
	c.supervisor.tell(c.shard, true, "")
}
