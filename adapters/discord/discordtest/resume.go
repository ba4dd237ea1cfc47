package discordtest

import (
	"slices"
	"time"
)

// sessionLife is how long a session waits for a client that went away. Discord
// does not say (unverified).
const sessionLife = 5 * time.Minute

// over reports whether a session cannot be resumed any more; nothing is kept for
// it then.
func (x *session) over() bool {
	if !x.dead && x.conn == nil && x.app.s.clock.Now().Sub(x.left) > sessionLife {
		x.end()
	}
	return x.dead
}

// endsSession: after these a client has to begin a new one
// (D:topics/opcodes-and-status-codes).
func endsSession(code int) bool { return code == closeInvalidSeq || code == closeTimedOut }

// resume goes on with a session and replays what was missed
// (D:events/gateway, Resuming).
func (c *conn) resume(f form) {
	token, _ := f.in["token"].(string)
	id, _ := f.in["session_id"].(string)
	seq, ok := whole(f.in["seq"])
	app := c.s.byToken(token)
	switch {
	case c.session != nil:
		c.violate("it resumed what it had")
		c.close(closeAlready, "Already authenticated.")
		return
	case c.script.Close != 0:
		for _, x := range app.sessions {
			if x.id == id && endsSession(c.script.Close) {
				x.end()
			}
		}
		c.close(c.script.Close, "")
		return
	case app == nil:
		c.close(closeAuthFailed, "Authentication failed.")
		return
	}
	at := slices.IndexFunc(app.sessions, func(x *session) bool { return x.id == id && !x.over() })
	if at >= 0 && c.script.RefuseResume {
		app.sessions[at].end()
	}
	if at < 0 || c.script.RefuseResume {
		c.send(opInvalidSession, false)
		return
	}
	x := app.sessions[at]
	if !ok || seq > x.seq || seq < 0 {
		c.violate("a Resume with the sequence %d of %d", seq, x.seq)
		x.end()
		c.close(closeInvalidSeq, "Invalid seq.")
		return
	}
	if c.resumed != x.resumePath() && c.invalidated != x {
		c.violate("it resumed at %q, not at the resume_gateway_url it was given", or(c.resumed, "the first address"))
	}
	x.hangUp()
	c.session, x.conn = x, c
	for _, e := range x.sent {
		if e.seq > seq {
			c.push(outgoing{data: e.data})
		}
	}
	x.dispatch("RESUMED", object{"_trace": []string{}})
	if c.script.ReconnectAfterResume {
		c.send(opReconnect, nil)
	}
}
