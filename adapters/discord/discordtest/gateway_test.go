package discordtest_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
)

// client is a gateway client that does nothing by itself.
type client struct {
	w       *town
	ws      *websocket.Conn
	writing sync.Mutex
	seq     int
	session string
	resume  string
}

type packet struct {
	Op   int             `json:"op"`
	Seq  int             `json:"s"`
	Type string          `json:"t"`
	Data json.RawMessage `json:"d"`
}

func (p packet) object(w *town) object {
	w.Helper()
	var out object
	if err := json.Unmarshal(p.Data, &out); err != nil {
		w.Fatal(err)
	}
	return out
}

func (w *town) connect() *client {
	w.Helper()
	url := w.must("GET", "/gateway/bot", nil).body["url"].(string)
	return w.dial(url)
}

func (w *town) dial(url string) *client {
	w.Helper()
	return w.dialAt(url + "/?v=10&encoding=json")
}

func (w *town) dialAt(url string) *client {
	w.Helper()
	d := websocket.Dialer{NetDialContext: w.server.DialContext}
	ws, resp, err := d.DialContext(w.Context(), url, nil)
	if err != nil {
		w.Fatal(err)
	}
	resp.Body.Close()
	w.Cleanup(func() { ws.Close() })
	return &client{w: w, ws: ws}
}

// next is what the gateway sends next; a close is its code, negative.
func (c *client) next() packet {
	c.w.Helper()
	var p packet
	if err := c.ws.ReadJSON(&p); err != nil {
		if e := new(websocket.CloseError); errors.As(err, &e) {
			return packet{Op: -e.Code}
		}
		return packet{Op: -1}
	}
	if p.Seq > 0 {
		c.seq = p.Seq
	}
	return p
}

func (c *client) expect(op int, kind string) packet {
	c.w.Helper()
	p := c.next()
	if p.Op != op || p.Type != kind {
		c.w.Fatalf("the gateway sent op %d %s, not %d %s", p.Op, p.Type, op, kind)
	}
	return p
}

func (c *client) send(op int, data any) {
	c.w.Helper()
	c.writing.Lock()
	defer c.writing.Unlock()
	if err := c.ws.WriteJSON(object{"op": op, "d": data}); err != nil {
		c.w.Fatal(err)
	}
}

func identity(w *town, intents int) object {
	return object{"token": w.app.Token, "intents": intents, "properties": object{"os": "linux", "browser": "test", "device": "test"}}
}

// login goes as far as the first guild.
func (c *client) login(intents int) *client {
	c.w.Helper()
	c.expect(10, "")
	c.send(2, identity(c.w, intents))
	ready := c.expect(0, "READY").object(c.w)
	c.session, c.resume = ready["session_id"].(string), ready["resume_gateway_url"].(string)
	if intents&1 != 0 {
		c.expect(0, "GUILD_CREATE")
	}
	return c
}

func TestFromHelloToAnAnsweredCommand(t *testing.T) {
	w := newTown(t, discordtest.Options{})
	w.register()
	c := w.connect().login(1)

	i, err := w.ana.Slash(w.launch, "baton persona", discordtest.Args{"name": "startup-cto"})
	if err != nil {
		t.Fatal(err)
	}
	told := c.expect(0, "INTERACTION_CREATE").object(w)
	if told["id"] != i.ID {
		t.Fatalf("the interaction %v was delivered, not %s", told["id"], i.ID)
	}
	callback := "/interactions/" + i.ID + "/" + i.Token + "/callback"
	w.must("POST", callback, object{"type": 5})
	seen, err := i.Seen(context.Background())
	if err != nil || seen.State != discordtest.Thinking {
		t.Fatalf("ana sees %+v, %v", seen, err)
	}
	w.must("PATCH", "/webhooks/"+w.app.ID+"/"+i.Token+"/messages/@original", quiet(object{"content": "startup-cto it is"}))
	if seen, _ := i.Said(t.Context()); seen.State != discordtest.Replied || seen.Message.Content != "startup-cto it is" {
		t.Fatalf("ana sees %+v", seen)
	}

	w.must("POST", "/channels/"+w.launch.ID+"/messages", quiet(object{"content": "phase 1 has begun", "nonce": "r7.s1"}))
	all := w.launch.Messages()
	if len(all) != 2 || all[1].Content != "phase 1 has begun" {
		t.Fatalf("in the channel stands %+v", all)
	}
	if v := w.server.Violations(); len(v) > 0 {
		t.Errorf("violations: %v", v)
	}
}

// presences sends so many payloads that change nothing.
func (c *client) presences(n int) {
	c.w.Helper()
	for range n {
		c.send(3, object{"status": "online"})
	}
}

// closed reads on until the end of the connection and gives the code it ended
// with; 0 where the socket just went.
func (c *client) closed() int {
	c.w.Helper()
	for {
		if p := c.next(); p.Op < 0 {
			return max(0, -p.Op)
		}
	}
}

// back is a new connection where the session is to be resumed.
func (c *client) back() *client {
	c.w.Helper()
	next := c.w.dial(c.resume)
	next.session, next.resume, next.seq = c.session, c.resume, c.seq
	return next
}

func (c *client) resumeFrom(seq int) {
	c.w.Helper()
	c.send(6, object{"token": c.w.app.Token, "session_id": c.session, "seq": seq})
}
