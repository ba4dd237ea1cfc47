package discordtest

import "slices"

func joinThread(c *call) (reply, error) {
	ch, m, err := c.channel()
	if err != nil {
		return reply{}, err
	}
	return ch.addMember(m)
}

func addToThread(c *call) (reply, error) {
	ch, m, err := c.channel()
	if err != nil {
		return reply{}, err
	}
	if err := m.maySend(ch, nil); err != nil {
		return reply{}, err
	}
	who := ch.guild.members[c.params["user_id"]]
	if who == nil {
		return reply{}, unknownUser()
	}
	return ch.addMember(who)
}

func (c *Channel) addMember(m *Member) (reply, error) {
	switch {
	case c.thread == nil:
		return reply{}, wrongChannel()
	case c.thread.archived:
		return reply{}, archived()
	case slices.Contains(c.thread.members, m.User.ID):
		return reply{status: 204}, nil
	case len(c.thread.members) >= threadMembers:
		return reply{}, refuse(400, 30033, "Maximum number of thread participants has been reached (1000)")
	}
	c.thread.members = append(c.thread.members, m.User.ID)
	c.s.threadMembersChanged(c, []string{m.User.ID}, nil)
	return reply{status: 204}, nil
}

func leaveThread(c *call) (reply, error) {
	ch, m, err := c.channel()
	switch {
	case err != nil:
		return reply{}, err
	case ch.thread == nil:
		return reply{}, wrongChannel()
	case ch.thread.archived:
		return reply{}, archived()
	}
	ch.thread.members = slices.DeleteFunc(ch.thread.members, func(id string) bool { return id == m.User.ID })
	ch.s.threadMembersChanged(ch, nil, []string{m.User.ID})
	return reply{status: 204}, nil
}

func listThreadMembers(c *call) (reply, error) {
	ch, _, err := c.channel()
	if err != nil {
		return reply{}, err
	}
	if ch.thread == nil {
		return reply{}, wrongChannel()
	}
	out := []object{}
	for _, id := range ch.thread.members {
		out = append(out, ch.memberJSON(id))
	}
	return reply{200, out}, nil
}

func (c *Channel) memberJSON(id string) object {
	return object{"id": c.ID, "user_id": id, "join_timestamp": stamp(c.thread.made), "flags": 0}
}

// threadMembersChanged tells of those who joined or left: each bot of itself,
// of others only with GUILD_MEMBERS (D:topics/threads).
func (s *Server) threadMembersChanged(ch *Channel, added, removed []string) {
	for _, app := range s.apps {
		own := slices.Contains(added, app.Bot.ID) || slices.Contains(removed, app.Bot.ID)
		intent := intentGuildMembers
		if own {
			intent = intentGuilds
		}
		body := object{"id": ch.ID, "guild_id": ch.guild.ID, "member_count": len(ch.thread.members)}
		if len(added) > 0 {
			all := []object{}
			for _, id := range added {
				all = append(all, ch.memberJSON(id))
			}
			body["added_members"] = all
		}
		if len(removed) > 0 {
			body["removed_member_ids"] = removed
		}
		if m := ch.guild.members[app.Bot.ID]; m != nil && m.sees(ch) {
			s.dispatchTo(app, ch.guild.ID, "THREAD_MEMBERS_UPDATE", intent, body)
		}
	}
}

func activeThreads(c *call) (reply, error) {
	g, m, err := c.guild()
	if err != nil {
		return reply{}, err
	}
	threads, members := []object{}, []object{}
	for _, t := range g.channels {
		if t.thread == nil || t.thread.archived || !m.sees(t) {
			continue
		}
		threads = append(threads, t.json())
		if slices.Contains(t.thread.members, m.User.ID) {
			members = append(members, t.memberJSON(m.User.ID))
		}
	}
	slices.Reverse(threads)
	return reply{200, object{"threads": threads, "members": members, "has_more": false}}, nil
}

func archivedThreads(c *call) (reply, error) {
	ch, m, err := c.channel()
	if err != nil {
		return reply{}, err
	}
	threads := []object{}
	if m.permissions(ch).has(ReadMessageHistory) {
		for _, t := range slices.Backward(ch.guild.channels) {
			if t.parent == ch && t.thread != nil && t.thread.archived && t.Type != PrivateThread {
				threads = append(threads, t.json())
			}
		}
	}
	return reply{200, object{"threads": threads, "members": []object{}, "has_more": false}}, nil
}
