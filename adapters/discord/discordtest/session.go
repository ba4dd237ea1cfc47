package discordtest

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/gorilla/websocket"
)

// session is what outlives connections: what was dispatched, to be replayed.
type session struct {
	id      string
	app     *Application
	intents int
	shard   [2]int
	seq     int
	sent    []sentEvent
	conn    *conn     // nil while no client is connected
	left    time.Time // when the last one went
	dead    bool
}

type sentEvent struct {
	seq  int
	data []byte
}

func (x *session) end() { x.dead = true; x.sent = nil }

// resumePath is where a session is resumed; it is another address than the one
// sessions begin at.
func (x *session) resumePath() string { return "/resume/" + x.id[:8] }

func (x *session) close(code int, reason string) {
	if x.conn != nil {
		x.conn.close(code, reason)
	}
}

func (x *session) hangUp() {
	if x.conn != nil {
		x.conn.push(outgoing{drop: true})
	}
}

// dispatch gives an event the session's next number, keeps it and sends it.
func (x *session) dispatch(kind string, body any) {
	if x.over() {
		return
	}
	x.seq++
	seq := x.seq
	data, err := json.Marshal(payload{Op: opDispatch, Data: body, Seq: &seq, Type: kind})
	if err != nil {
		panic("discordtest: " + err.Error())
	}
	x.sent = append(x.sent, sentEvent{seq, data})
	if x.conn != nil {
		x.conn.push(outgoing{data: data})
	}
}

// receive takes one payload of a client. s.mu is held.
func (c *conn) receive(kind int, data []byte) {
	if c.over {
		return
	}
	if len(data) > payloadLimit {
		c.violate("a payload of %d bytes", len(data))
		c.close(closeDecode, "Payload too large")
		return
	}
	now := c.s.clock.Now()
	c.sent = slices.DeleteFunc(append(c.sent, now), func(t time.Time) bool { return now.Sub(t) >= sentWindow })
	if len(c.sent) > sentLimit {
		c.violate("%d payloads in 60 seconds", len(c.sent))
		c.close(closeRateLimited, "You are being rate limited.")
		return
	}
	var p struct {
		Op   *int   `json:"op"`
		Data object `json:"d"`
	}
	beat := struct {
		Data *int `json:"d"`
	}{}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	err := dec.Decode(&p)
	if p.Op != nil && *p.Op == opHeartbeat {
		err = json.Unmarshal(data, &beat)
	}
	if err != nil || p.Op == nil || kind != websocket.TextMessage {
		c.violate("a payload that cannot be read")
		c.close(closeDecode, "Error while decoding payload.")
		return
	}
	c.obey(*p.Op, p.Data, beat.Data)
	c.s.happened()
}

func (c *conn) obey(op int, data object, seq *int) {
	if c.session == nil && op != opHeartbeat && op != opIdentify && op != opResume {
		c.violate("op %d before it identified", op)
		c.close(closeNotIdentified, "Not authenticated.")
		return
	}
	switch op {
	case opHeartbeat:
		c.heartbeat(seq)
	case opIdentify:
		c.identify(newForm(data))
	case opResume:
		c.resume(newForm(data))
	case opPresence, opVoice:
	default:
		c.violate("op %d, which the fake does not know", op)
		c.close(closeUnknownOp, "Unknown opcode.")
	}
}

func (c *conn) violate(text string, args ...any) { c.s.violate(nil, GatewayRule, text, args...) }

func (c *conn) heartbeat(seq *int) {
	if c.session != nil && seq != nil && *seq > c.session.seq {
		c.violate("a heartbeat with a sequence that was never sent: %d of %d", *seq, c.session.seq)
	}
	c.expectBeat()
	x := c.session
	if x == nil {
		x = c.invalidated
	}
	if deaf := x != nil && x.app.deaf; !c.script.NoAcks && !deaf {
		c.send(opAck, nil)
	}
}

// byToken is the application with a token as clients send it.
func (s *Server) byToken(token string) *Application {
	for _, app := range s.apps {
		if !app.revoked && (token == app.Token || token == "Bot "+app.Token) {
			return app
		}
	}
	return nil
}

// identify begins a session (D:events/gateway, Identify).
func (c *conn) identify(f form) {
	s := c.s
	token, _ := f.in["token"].(string)
	app := s.byToken(token)
	intents, ok := whole(f.in["intents"])
	properties, hasProperties := f.child("properties")
	shard, shardOK := readShard(f)
	switch {
	case c.session != nil:
		c.violate("it identified twice")
		c.close(closeAlready, "Already authenticated.")
	case c.script.Close != 0:
		c.close(c.script.Close, "")
	case app == nil:
		c.close(closeAuthFailed, "Authentication failed.")
	case !ok || !hasProperties || !properties.has("os") && !properties.has("$os"):
		c.violate("an Identify without intents or properties")
		c.close(closeDecode, "Error while decoding payload.")
	case intents&^allIntents != 0:
		c.close(closeInvalidIntents, "Invalid intent(s).")
	case intents&privilegedIntents&^app.privileged != 0:
		c.close(closeForbiddenIntent, "Disallowed intent(s).")
	case !shardOK:
		c.close(closeInvalidShard, "Invalid shard.")
	case s.opts.Shards > 1 && shard[1] < 2:
		c.close(closeShardsRequired, "Sharding required.")
	case !c.mayIdentify(app):
	case c.script.RefuseIdentify:
		c.send(opInvalidSession, false)
	default:
		c.begin(app, intents, shard, f.in["compress"] == true)
	}
}

func readShard(f form) (shard [2]int, ok bool) {
	all := f.list("shard", 2, 2)
	if all == nil {
		return [2]int{0, 1}, !f.has("shard")
	}
	if len(all) != 2 {
		return shard, false
	}
	id, ok1 := whole(all[0])
	n, ok2 := whole(all[1])
	return [2]int{id, n}, ok1 && ok2 && id >= 0 && id < n
}

// identifyPause is how far apart identifies are with a concurrency of 1
// (D:events/gateway).
const identifyPause = 5 * time.Second

// mayIdentify holds an application to its budget. Too many in 24 hours end all
// sessions and reset the token; two within 5 seconds invalidate the second
// (D:events/gateway).
func (c *conn) mayIdentify(app *Application) bool {
	now := c.s.clock.Now()
	recent := app.identifiesSince(now)
	app.identified = append(recent, now)
	switch {
	case len(recent) >= c.s.opts.Identifies:
		c.violate("%d identifies in 24 hours: the token is reset", len(recent)+1)
		app.revoked = true
		for _, x := range app.sessions {
			x.close(closeAuthFailed, "Authentication failed.")
		}
		c.close(closeAuthFailed, "Authentication failed.")
		return false
	case len(recent) > 0 && now.Sub(recent[len(recent)-1]) < identifyPause:
		c.violate("two identifies within 5 seconds")
		c.send(opInvalidSession, false)
		return false
	}
	return true
}

func (a *Application) identifiesSince(now time.Time) []time.Time {
	return slices.DeleteFunc(slices.Clone(a.identified), func(t time.Time) bool { return now.Sub(t) >= 24*time.Hour })
}

// begin makes a session: READY, then the guilds one by one.
func (c *conn) begin(app *Application, intents int, shard [2]int, compress bool) {
	c.compress = compress
	x := &session{id: rand.Text(), app: app, intents: intents, shard: shard, conn: c}
	c.session = x
	app.sessions = append(slices.DeleteFunc(app.sessions, (*session).over), x)
	guilds := []object{}
	var full []*Guild
	for _, g := range c.s.guilds {
		if g.members[app.Bot.ID] != nil && x.serves(g.ID) {
			guilds = append(guilds, object{"id": g.ID, "unavailable": true})
			full = append(full, g)
		}
	}
	version, _ := strconv.Atoi(c.version)
	x.dispatch("READY", object{
		"v": version, "user": app.Bot.me(), "guilds": guilds, "session_id": x.id, "shard": []int{shard[0], shard[1]},
		"resume_gateway_url": c.s.gatewayURL(x.resumePath()), "application": object{"id": app.ID, "flags": 0, "flags_new": "0"},
		"session_type": "normal", "private_channels": []object{}, "relationships": []object{}, "presences": []object{},
	})
	for _, g := range full {
		if intents&intentGuilds != 0 {
			x.dispatch("GUILD_CREATE", g.create())
		}
	}
}
