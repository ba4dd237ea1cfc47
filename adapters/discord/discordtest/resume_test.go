package discordtest_test

import (
	"testing"

	"github.com/gorilla/websocket"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
)

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
	// It may be resumed where it was; what came meanwhile is replayed.
	thread, err := w.mod.OpenThread(w.launch, "t", nil, discordtest.PublicThread)
	if err != nil {
		t.Fatal(err)
	}
	c.resumeFrom(c.seq)
	if told := c.expect(0, "THREAD_CREATE").object(w); told["id"] != thread.ID {
		t.Errorf("%v is replayed", told["id"])
	}
	c.expect(0, "RESUMED")
	if v := w.server.Violations(discordtest.GatewayRule); len(v) > 0 {
		t.Errorf("violations: %v", v)
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
