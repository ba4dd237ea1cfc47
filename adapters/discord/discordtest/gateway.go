package discordtest

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// Opcodes of the gateway (D:topics/opcodes-and-status-codes).
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opPresence       = 3
	opVoice          = 4
	opResume         = 6
	opReconnect      = 7
	opRequestMembers = 8
	opInvalidSession = 9
	opHello          = 10
	opAck            = 11
)

// Close codes of the gateway (D:topics/opcodes-and-status-codes).
const (
	closeUnknownOp       = 4001
	closeDecode          = 4002
	closeNotIdentified   = 4003
	closeAuthFailed      = 4004
	closeAlready         = 4005
	closeInvalidSeq      = 4007
	closeRateLimited     = 4008
	closeTimedOut        = 4009
	closeInvalidShard    = 4010
	closeShardsRequired  = 4011
	closeInvalidVersion  = 4012
	closeInvalidIntents  = 4013
	closeForbiddenIntent = 4014
)

// Limits of what a client may send (D:events/gateway).
const (
	payloadLimit = 4096
	sentLimit    = 120
	sentWindow   = 60 * time.Second
)

// Connection is how the gateway treats one connection. The zero value is a
// healthy one.
type Connection struct {
	NoHello              bool // accepts the connection and stays silent
	ReconnectFirst       bool // asks to reconnect (op 7) in place of Hello
	ReconnectAfterResume bool // asks to reconnect right after the Resume
	RefuseResume         bool // answers a Resume with op 9 and false
	RefuseIdentify       bool // answers an Identify with op 9 and false
	NoAcks               bool // answers no heartbeat
	Close                int  // closes with this code when the client identifies or resumes
	DropAtOnce           bool // closes the socket without a word
}

// Script says how the gateway treats the next connections of an application,
// one by one; those after them are healthy. As the gateway does not know yet
// whose a connection is when it opens, a server with several applications takes
// the first script that is not empty.
func (a *Application) Script(next ...Connection) {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	a.script = append(a.script, next...)
}

// Unscript has the connections be healthy that were not met yet.
func (a *Application) Unscript() {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	a.script = nil
}

// payload is what travels over the gateway.
type payload struct {
	Op   int    `json:"op"`
	Data any    `json:"d"`
	Seq  *int   `json:"s"`
	Type string `json:"t,omitempty"`
}

// conn is one connection of a client.
type conn struct {
	s       *Server
	ws      *websocket.Conn
	raw     net.Conn
	resumed string // the path it came in by, if that is a resume URL
	script  Connection
	version string

	compress bool // the client takes compressed payloads

	out     chan struct{} // told when there is something to write
	queue   []outgoing
	session *session
	// invalidated is the session an op 9 took from this connection.
	invalidated *session
	sent        []time.Time
	beat        func() bool // stops the timer for the next heartbeat
	over        bool
	hushed      bool // nothing comes through any more: see [Application.Hush]
}

// outgoing is a payload to write, or the end.
type outgoing struct {
	data   []byte
	code   int
	reason string
	drop   bool
}

func (s *Server) serveGateway(w http.ResponseWriter, r *http.Request) {
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	c := &conn{s: s, ws: ws, raw: ws.NetConn(), out: make(chan struct{}, 1), beat: func() bool { return false }}
	if strings.HasPrefix(r.URL.Path, "/resume") {
		c.resumed = strings.TrimSuffix(r.URL.Path, "/")
	}
	written := make(chan struct{})
	go func() {
		defer close(written)
		c.write()
	}()
	c.open(r)
	c.read()
	<-written
	c.raw.Close()
}

// open greets a client as the script says.
func (c *conn) open(r *http.Request) {
	s := c.s
	s.mu.Lock()
	defer s.mu.Unlock()
	q := r.URL.Query()
	for _, app := range s.apps {
		if len(app.script) > 0 {
			c.script, app.script = app.script[0], app.script[1:]
			break
		}
	}
	switch c.version = q.Get("v"); {
	case c.version != "10" && c.version != "9":
		c.close(closeInvalidVersion, "Invalid API version")
	case q.Get("encoding") != "json" || q.Get("compress") != "":
		s.violate(nil, GatewayRule, "the fake speaks JSON without transport compression, not %s", r.URL.RawQuery)
		c.close(closeDecode, "encoding or transport compression not supported by the fake")
	case c.script.DropAtOnce:
		c.push(outgoing{drop: true})
	case c.script.NoHello:
	case c.script.ReconnectFirst:
		c.send(opReconnect, nil)
	default:
		c.send(opHello, object{"heartbeat_interval": s.opts.Heartbeat.Milliseconds(), "_trace": []string{}})
		c.expectBeat()
	}
}

// expectBeat closes a connection whose heartbeat stays away. Discord does not
// say how long it waits (unverified): two intervals here.
func (c *conn) expectBeat() {
	c.beat()
	c.beat = c.s.clock.AfterFunc(2*c.s.opts.Heartbeat, func() {
		c.s.mu.Lock()
		defer c.s.mu.Unlock()
		if !c.over {
			c.s.violate(nil, GatewayRule, "no heartbeat for two intervals")
			c.close(closeTimedOut, "Session timed out.")
		}
	})
}

// send queues a payload without a sequence. s.mu is held, as for all below.
func (c *conn) send(op int, data any) {
	b, err := json.Marshal(payload{Op: op, Data: data})
	if err != nil {
		panic("discordtest: " + err.Error())
	}
	c.push(outgoing{data: b})
}

// push never waits, whatever the client does, so that events cannot be held up
// by one who does not read.
func (c *conn) push(o outgoing) {
	if c.over || c.hushed && !o.drop {
		return
	}
	c.queue = append(c.queue, o)
	c.over = o.drop || o.code != 0
	select {
	case c.out <- struct{}{}:
	default:
	}
}

func (c *conn) close(code int, reason string) { c.push(outgoing{code: code, reason: reason}) }

// write writes what is queued until the end of the connection.
func (c *conn) write() {
	for {
		c.s.mu.Lock()
		queue := c.queue
		c.queue = nil
		over := c.over
		c.s.mu.Unlock()
		for _, o := range queue {
			switch {
			case o.drop:
				c.raw.Close()
				return
			case o.code != 0:
				_ = c.ws.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(o.code, o.reason))
				return
			}
			if c.writeData(o.data) != nil {
				return
			}
		}
		if over && len(queue) == 0 {
			return
		}
		select {
		case <-c.out:
		case <-c.s.done:
			c.raw.Close()
			return
		}
	}
}

// compressFrom is the size from which payloads are compressed for a client that
// asked for it. Discord does not say which it compresses (unverified).
const compressFrom = 512

func (c *conn) writeData(data []byte) error {
	c.s.mu.Lock()
	compress := c.compress
	c.s.mu.Unlock()
	if !compress || len(data) < compressFrom {
		return c.ws.WriteMessage(websocket.TextMessage, data)
	}
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	if _, err := z.Write(data); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return c.ws.WriteMessage(websocket.BinaryMessage, out.Bytes())
}

// read takes what the client sends until the end of the connection. A session
// survives it, unless the client closes with 1000 or 1001 (D:events/gateway).
func (c *conn) read() {
	c.ws.SetReadLimit(1 << 20)
	for {
		kind, data, err := c.ws.ReadMessage()
		c.s.mu.Lock()
		if err != nil {
			c.ended(err)
			c.s.mu.Unlock()
			return
		}
		c.receive(kind, data)
		c.s.mu.Unlock()
	}
}

func (c *conn) ended(err error) {
	c.beat()
	if x := c.session; x != nil && x.conn == c {
		x.conn, x.left = nil, c.s.clock.Now()
		if websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway) {
			x.end()
		}
	}
	c.push(outgoing{drop: true})
	c.s.happened()
}
