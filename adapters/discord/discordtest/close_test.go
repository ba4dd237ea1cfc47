package discordtest_test

import (
	"testing"

	"github.com/gorilla/websocket"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
)

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
		"resumed what it had":   {do: func(c *client) { c.login(0).resumeFrom(1) }, code: 4005},
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
		if got := w.dialAt("ws" + w.server.URL()[4:] + "/gateway/?" + query).closed(); got != code {
			t.Errorf("%s: closed with %d", query, got)
		}
	}
}
