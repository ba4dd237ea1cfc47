package discordtest

// interaction is the one whose token a request bears. The token lives for 15
// minutes; before the callback there is nothing to follow up
// (D:interactions/receiving-and-responding).
func (c *call) interaction() (*Interaction, error) {
	i := c.s.interactions[c.params["webhook_token"]]
	switch {
	case i == nil || i.app.ID != c.params["webhook_id"]:
		return nil, invalidToken()
	case c.s.clock.Now().Sub(i.made) >= tokenLife:
		c.s.violate(c.req, LateAnswer, "the token of the interaction %s is over", i.ID)
		return nil, invalidToken()
	case i.state == Waiting || i.state == Failed:
		return nil, unknownWebhook()
	}
	return i, nil
}

// postFollowUp says something more. The first one after a deferred answer fills
// that in instead, which is deprecated behaviour of Discord's
// (GH: discord/discord-api-docs#2735).
func postFollowUp(c *call) (reply, error) {
	i, err := c.interaction()
	if err != nil {
		return reply{}, err
	}
	d, err := c.readDraft(newForm(c.body), byReply, nil)
	if err != nil {
		return reply{}, err
	}
	if m := i.original; m != nil && m.flags&flagLoading != 0 {
		d.flags = d.flags&^flagEphemeral | m.flags&flagEphemeral
		m.rewrite(d)
		c.observe(m)
		i.become(Replied)
		return reply{200, m.json()}, nil
	}
	if t := i.channel.thread; t != nil && t.locked && d.flags&flagEphemeral == 0 && !i.appPermissions().has(ManageThreads) {
		return reply{}, locked()
	}
	m := i.say(c, d, kindReply)
	if i.original != nil {
		m.reply = i.original.id
	}
	i.further = append(i.further, m)
	i.s.happened()
	return reply{200, m.json()}, nil
}

// replyMessage is a message of an interaction: @original, or one of those that
// followed.
func (c *call) replyMessage() (*message, error) {
	i, err := c.interaction()
	if err != nil {
		return nil, err
	}
	id, given := c.params["message_id"]
	if !given {
		if i.original == nil {
			return nil, unknownWebhook()
		}
		id = i.original.id
	}
	for _, m := range i.channel.messages {
		if m.id == id && (m.token == i.Token || m == i.original) {
			return m, nil
		}
	}
	return nil, unknownMessage()
}

// filled notes that what was "thinking…" says something now.
func (m *message) filled() {
	if i := m.channel.s.interactions[m.token]; i != nil && i.original == m && i.state == Thinking {
		i.become(Replied)
	}
}
