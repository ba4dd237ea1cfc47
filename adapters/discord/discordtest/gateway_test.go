package discordtest_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
)

// client is a gateway client that does nothing by itself.
type client struct {
	w       *town
	ws      *websocket.Conn
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
	d := websocket.Dialer{NetDialContext: w.server.DialContext}
	ws, _, err := d.DialContext(w.Context(), url+"/?v=10&encoding=json", nil)
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { ws.Close() })
	return &client{w: w, ws: ws}
}

// next is what the gateway sends next; a close is its code, negative.
func (c *client) next() packet {
	c.w.Helper()
	var p packet
	if err := c.ws.ReadJSON(&p); err != nil {
		if e, ok := err.(*websocket.CloseError); ok {
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

	w.post(w.launch, "phase 1 has begun")
	all := w.launch.Messages()
	if len(all) != 2 || all[1].Content != "phase 1 has begun" {
		t.Fatalf("in the channel stands %+v", all)
	}
	if v := w.server.Violations(); len(v) > 0 {
		t.Errorf("violations: %v", v)
	}
}
