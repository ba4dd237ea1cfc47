package discordtest

import (
	"context"
	"strconv"
)

// Intents (D:events/gateway, List of Intents).
const (
	intentGuilds         = 1 << 0
	intentGuildMembers   = 1 << 1
	intentGuildMessages  = 1 << 9
	intentGuildTyping    = 1 << 11
	intentMessageContent = 1 << 15

	// Intents go up to AUTO_MODERATION_EXECUTION, and polls since 2024; 17 to 19,
	// 22 and 23 are not given.
	allIntents        = 1<<17 - 1 | 1<<20 | 1<<21 | 1<<24 | 1<<25
	privilegedIntents = intentGuildMembers | 1<<8 | intentMessageContent
)

// serves reports whether a shard has a guild: (guild_id >> 22) % shards
// (D:events/gateway, Sharding).
func (x *session) serves(guild string) bool {
	n, _ := strconv.ParseUint(guild, 10, 64)
	return int(n>>22%uint64(x.shard[1])) == x.shard[0]
}

// dispatchTo tells an application's sessions of an event in a guild; an intent
// of 0 needs none.
func (s *Server) dispatchTo(app *Application, guild, kind string, intent int, body any) {
	for _, x := range app.sessions {
		if x.serves(guild) && (intent == 0 || x.intents&intent != 0) {
			x.dispatch(kind, body)
		}
	}
}

// dispatchGuild tells all applications in a guild.
func (s *Server) dispatchGuild(g *Guild, kind string, intent int, body any) {
	for _, app := range s.apps {
		if g.members[app.Bot.ID] != nil {
			s.dispatchTo(app, g.ID, kind, intent, body)
		}
	}
}

// dispatchChannel tells those who see a channel.
func (s *Server) dispatchChannel(c *Channel, kind string, intent int, body any) {
	for _, app := range s.apps {
		if m := c.guild.members[app.Bot.ID]; m != nil && m.sees(c) {
			s.dispatchTo(app, c.guild.ID, kind, intent, body)
		}
	}
}

// dispatchMessage tells of a message, without what was written where neither
// the privileged intent nor one of its exceptions lets it be read
// (D:events/gateway, Message Content Intent).
func (s *Server) dispatchMessage(kind string, m *message) {
	for _, app := range s.apps {
		member := m.channel.guild.members[app.Bot.ID]
		if member == nil || !member.sees(m.channel) {
			continue
		}
		for _, x := range app.sessions {
			if !x.serves(m.channel.guild.ID) || x.intents&intentGuildMessages == 0 {
				continue
			}
			body := m.event()
			if x.intents&intentMessageContent == 0 && !m.readableWithout(app) {
				blank(body)
			}
			x.dispatch(kind, body)
		}
	}
}

func (m *message) readableWithout(app *Application) bool {
	return m.author == app.Bot || m.application == app.ID || m.mentionsUser(app.Bot.ID)
}

// live calls do for each session a client is connected to.
func (a *Application) live(do func(*session)) {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	for _, x := range a.sessions {
		if x.conn != nil && !x.dead {
			do(x)
		}
	}
}

// Reconnect asks clients to reconnect (op 7).
func (a *Application) Reconnect() { a.live(func(x *session) { x.conn.send(opReconnect, nil) }) }

// InvalidateSession ends sessions (op 9). Where they are resumable, a client may
// resume on the connection it has or on another; until then nothing is sent.
func (a *Application) InvalidateSession(resumable bool) {
	a.live(func(x *session) {
		c := x.conn
		c.send(opInvalidSession, resumable)
		c.session, c.invalidated, x.conn, x.left = nil, x, nil, c.s.clock.Now()
		if !resumable {
			x.end()
		}
	})
}

// DropConnections closes sockets without a word.
func (a *Application) DropConnections() { a.live((*session).hangUp) }

// CloseConnections closes connections with a code.
func (a *Application) CloseConnections(code int) {
	a.live(func(x *session) {
		x.close(code, "")
		if endsSession(code) {
			x.end()
		}
	})
}

// Hush keeps everything from coming through the connections that stand, which
// do not end: a network that is gone without a word. What is dispatched meanwhile
// is replayed to whoever resumes the session.
func (a *Application) Hush() { a.live(func(x *session) { x.conn.hushed = true }) }

// RequestHeartbeat asks clients for a heartbeat at once (op 1).
func (a *Application) RequestHeartbeat() { a.live(func(x *session) { x.conn.send(opHeartbeat, nil) }) }

// WithholdAcks stops or goes on acknowledging heartbeats.
func (a *Application) WithholdAcks(on bool) {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	a.deaf = on
}

// AwaitReady waits until clients are connected with so many sessions.
func (a *Application) AwaitReady(ctx context.Context, n int) error {
	return a.s.wait(ctx, func() bool { return a.connected() >= n })
}

// AwaitGone waits until no client is connected.
func (a *Application) AwaitGone(ctx context.Context) error {
	return a.s.wait(ctx, func() bool { return a.connected() == 0 })
}

func (a *Application) connected() int {
	n := 0
	for _, x := range a.sessions {
		if x.conn != nil && !x.dead {
			n++
		}
	}
	return n
}

// Identified is how often clients began a session; resumes do not count.
func (a *Application) Identified() int {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	return len(a.identified)
}

// ForgiveIdentifies forgets how often clients identified, so that a test need
// not wait five seconds between two.
func (a *Application) ForgiveIdentifies() {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	a.identified = nil
}
