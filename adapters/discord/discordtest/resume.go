package discordtest

import "slices"

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
		c.close(c.script.Close, "")
		return
	case app == nil:
		c.close(closeAuthFailed, "Authentication failed.")
		return
	}
	at := slices.IndexFunc(app.sessions, func(x *session) bool { return x.id == id && !x.dead })
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
