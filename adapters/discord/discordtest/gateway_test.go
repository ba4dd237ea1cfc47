package discordtest_test

import (
	"context"
	"encoding/json"
	"sync"
	"testing"
	"time"

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

	w.post(w.launch, "phase 1 has begun")
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

// What ends a connection, by the code it is closed with.
func TestCloses(t *testing.T) {
	send := func(op int, more object) func(*client) {
		return func(c *client) {
			c.expect(10, "")
			c.send(op, with(identity(c.w, 1), more))
		}
	}
	for name, c := range map[string]struct {
		shards int
		do     func(*client)
		code   int
	}{
		"a wrong token":         {do: send(2, object{"token": "x"}), code: 4004},
		"before it identified":  {do: send(3, nil), code: 4003},
		"a shard that is not":   {do: send(2, object{"shard": []int{2, 2}}), code: 4010},
		"too few shards":        {shards: 2, do: send(2, nil), code: 4011},
		"an intent that is not": {do: send(2, object{"intents": 1 << 18}), code: 4013},
		"a privileged intent":   {do: send(2, object{"intents": 1 << 15}), code: 4014},
		"no intents":            {do: send(2, object{"intents": nil}), code: 4002},
		"a resume by nobody":    {do: send(6, object{"token": "x", "session_id": "y", "seq": 0}), code: 4004},
		"an unknown opcode":     {do: func(c *client) { c.login(0).send(99, nil) }, code: 4001},
		"4097 bytes":            {do: func(c *client) { c.login(0).send(3, object{"x": chars(4097)}) }, code: 4002},
		"identified twice":      {do: func(c *client) { c.login(0).send(2, identity(c.w, 0)) }, code: 4005},
		"121 payloads":          {do: func(c *client) { c.login(0).presences(120) }, code: 4008},
		"what cannot be read": {do: func(c *client) {
			c.expect(10, "")
			_ = c.ws.WriteMessage(websocket.TextMessage, []byte("{"))
		}, code: 4002},
	} {
		t.Run(name, func(t *testing.T) {
			w := newTown(t, discordtest.Options{Shards: c.shards})
			gw := w.connect()
			c.do(gw)
			if got := gw.closed(); got != c.code {
				t.Errorf("closed with %d, not %d", got, c.code)
			}
		})
	}
}

func TestGatewayAddress(t *testing.T) {
	w := newTown(t, discordtest.Options{})
	for query, code := range map[string]int{"v=8&encoding=json": 4012, "v=10&encoding=etf": 4002, "v=10&encoding=json&compress=zlib-stream": 4002} {
		d := websocket.Dialer{}
		ws, _, err := d.DialContext(t.Context(), "ws"+w.server.URL()[4:]+"/gateway/?"+query, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := (&client{w: w, ws: ws}).closed(); got != code {
			t.Errorf("%s: closed with %d", query, got)
		}
		ws.Close()
	}
}

// What happens while nobody is connected is replayed in its order, once, where
// the client says it stopped.
func TestResume(t *testing.T) {
	w := newTown(t, discordtest.Options{})
	w.register()
	c := w.connect().login(1)
	c.ws.Close()
	if err := w.app.AwaitGone(t.Context()); err != nil {
		t.Fatal(err)
	}
	var want []string
	for range 3 {
		i, err := w.ana.Slash(w.launch, "baton note", nil)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, i.ID)
	}
	seq := c.seq
	c = c.back()
	c.expect(10, "")
	c.resumeFrom(seq + 1) // The first was seen already.
	for _, id := range want[1:] {
		if told := c.expect(0, "INTERACTION_CREATE").object(w); told["id"] != id {
			t.Errorf("%v is replayed, not %s", told["id"], id)
		}
	}
	c.expect(0, "RESUMED")
	if v := w.server.Violations(discordtest.GatewayRule); len(v) > 0 {
		t.Errorf("violations: %v", v)
	}

	// A sequence that was never sent ends the session.
	c.ws.Close()
	c = c.back()
	c.expect(10, "")
	c.resumeFrom(99)
	if got := c.closed(); got != 4007 {
		t.Errorf("closed with %d", got)
	}
	c = c.back()
	c.expect(10, "")
	c.resumeFrom(1)
	if p := c.expect(9, ""); string(p.Data) != "false" {
		t.Errorf("op 9 says %s", p.Data)
	}
}

// A client that closes with 1000 gives its session up.
func TestAnOrderlyCloseEndsTheSession(t *testing.T) {
	for code, resumable := range map[int]bool{1000: false, 1001: false, 4900: true} {
		w := newTown(t, discordtest.Options{})
		c := w.connect().login(1)
		_ = c.ws.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""))
		c.closed()
		if err := w.app.AwaitGone(t.Context()); err != nil {
			t.Fatal(err)
		}
		c = c.back()
		c.expect(10, "")
		c.resumeFrom(c.seq)
		if p := c.next(); (p.Type == "RESUMED") != resumable {
			t.Errorf("after %d the gateway sends op %d %s", code, p.Op, p.Type)
		}
	}
}

// The ways a connection goes wrong that discord.md lists.
func TestScripts(t *testing.T) {
	begin := func(s discordtest.Connection) (*town, *client) {
		w := newTown(t, discordtest.Options{})
		w.app.Script(s)
		return w, w.connect()
	}
	_, c := begin(discordtest.Connection{ReconnectFirst: true})
	c.expect(7, "")
	_, c = begin(discordtest.Connection{DropAtOnce: true})
	if got := c.closed(); got != 0 && got != 1006 {
		t.Errorf("closed with %d", got)
	}
	w, c := begin(discordtest.Connection{Close: 4014})
	c.expect(10, "")
	c.send(2, identity(w, 1))
	if got := c.closed(); got != 4014 {
		t.Errorf("closed with %d", got)
	}
	w, c = begin(discordtest.Connection{RefuseIdentify: true})
	c.expect(10, "")
	c.send(2, identity(w, 1))
	if p := c.expect(9, ""); string(p.Data) != "false" {
		t.Errorf("op 9 says %s", p.Data)
	}
	w, c = begin(discordtest.Connection{NoAcks: true})
	c.expect(10, "")
	c.send(1, nil)
	c.send(2, identity(w, 1))
	c.expect(0, "READY") // And no ack before it.

	w, c = begin(discordtest.Connection{NoHello: true})
	c.send(2, identity(w, 1))
	c.expect(0, "READY")

	w, c = begin(discordtest.Connection{})
	c.login(1)
	w.app.Script(discordtest.Connection{ReconnectAfterResume: true}, discordtest.Connection{RefuseResume: true})
	c = c.back()
	c.expect(10, "")
	c.resumeFrom(c.seq)
	c.expect(0, "RESUMED")
	c.expect(7, "")
	c = c.back()
	c.expect(10, "")
	c.resumeFrom(c.seq)
	c.expect(9, "")
}

func TestOrdersFromTheGateway(t *testing.T) {
	w := newTown(t, discordtest.Options{})
	c := w.connect().login(1)
	w.app.Reconnect()
	c.expect(7, "")
	w.app.RequestHeartbeat()
	c.expect(1, "")
	c.send(1, c.seq)
	c.expect(11, "")
	w.app.WithholdAcks(true)
	c.send(1, c.seq)
	w.app.InvalidateSession(true)
	if p := c.expect(9, ""); string(p.Data) != "true" {
		t.Errorf("op 9 says %s", p.Data)
	}
	w.app.CloseConnections(4009)
	if got := c.closed(); got != 4009 {
		t.Errorf("closed with %d", got)
	}
	c = c.back()
	c.expect(10, "")
	c.resumeFrom(c.seq)
	c.expect(9, "")
}

// Events come to those who asked for them, and what people wrote only to those
// who may read it.
func TestIntents(t *testing.T) {
	const guilds, messages, content = 1, 1 << 9, 1 << 15
	w := newTown(t, discordtest.Options{})
	w.app.Grant(content)
	w.register()
	read := func(intents int, text string) any {
		c := w.connect().login(intents)
		defer c.ws.Close()
		if _, err := w.ana.Say(w.launch, text); err != nil {
			t.Fatal(err)
		}
		i, err := w.ana.Slash(w.launch, "baton note", nil)
		if err != nil {
			t.Fatal(err)
		}
		p := c.next()
		if p.Type == "MESSAGE_CREATE" {
			return p.object(w)["content"]
		}
		if told := p.object(w); told["id"] != i.ID {
			t.Errorf("%s %v", p.Type, told)
		}
		return nil
	}
	for _, c := range []struct {
		intents int
		text    string
		want    any
	}{
		{guilds, "hello", nil},
		{guilds | messages, "hello", ""},
		{guilds | messages, w.app.Mention() + " hello", w.app.Mention() + " hello"},
		{guilds | messages | content, "hello", "hello"},
	} {
		w.app.ForgiveIdentifies()
		if got := read(c.intents, c.text); got != c.want {
			t.Errorf("with the intents %b, of %q one reads %q", c.intents, c.text, got)
		}
	}
}

func TestIdentifiesAreRationed(t *testing.T) {
	clock := atNoon()
	w := newTown(t, discordtest.Options{Clock: clock, Identifies: 2})
	w.connect().login(1)
	hasty := w.connect()
	hasty.expect(10, "")
	hasty.send(2, identity(w, 1))
	hasty.expect(9, "")
	clock.Advance(5 * time.Second)
	if limit := w.must("GET", "/gateway/bot", nil).body["session_start_limit"].(object); limit["remaining"] != 0.0 {
		t.Errorf("%v", limit)
	}
	over := w.connect()
	over.expect(10, "")
	over.send(2, identity(w, 1))
	if got := over.closed(); got != 4004 {
		t.Errorf("closed with %d", got)
	}
	if got := w.do("GET", "/users/@me", nil); got.status != 401 {
		t.Errorf("the token was not reset: %d", got.status)
	}
}

func TestShards(t *testing.T) {
	w := newTown(t, discordtest.Options{Shards: 2})
	second := w.server.NewGuild("Second")
	w.app.Join(second, discordtest.Core)
	served := map[any]int{}
	for shard := range 2 {
		w.app.ForgiveIdentifies()
		c := w.connect()
		c.expect(10, "")
		c.send(2, with(identity(w, 1), object{"shard": []int{shard, 2}}))
		c.expect(0, "READY")
		served[c.expect(0, "GUILD_CREATE").object(w)["id"]]++
	}
	if served[w.guild.ID] != 1 || served[second.ID] != 1 {
		t.Errorf("served: %v", served)
	}
}
