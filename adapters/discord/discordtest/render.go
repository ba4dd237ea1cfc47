package discordtest

import (
	"maps"
	"slices"
	"time"
)

// What objects look like on the wire. All of it is read with s.mu held, and
// checked by the platform's own description where that is at hand.

func stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000+00:00")
}

func (u *User) json() object {
	out := object{
		"id": u.ID, "username": u.Name, "discriminator": "0", "avatar": nil, "global_name": nil,
		"public_flags": 0, "flags": 0, "primary_guild": nil, "banner": nil, "accent_color": nil,
		"avatar_decoration_data": nil,
	}
	if u.Bot {
		out["bot"] = true
	} else {
		out["global_name"] = u.Name
	}
	return out
}

// me is a user as it sees itself.
func (u *User) me() object {
	out := u.json()
	out["mfa_enabled"], out["locale"], out["verified"] = true, "en-US", true
	out["email"] = nil
	return out
}

func (m *Member) json() object {
	return object{
		"user": m.User.json(), "roles": slices.Clone(orEmpty(m.roles)), "nick": nil, "avatar": nil, "banner": nil,
		"joined_at": stamp(m.joined), "premium_since": nil, "pending": false, "deaf": false, "mute": false,
		"flags": 0, "communication_disabled_until": nil,
	}
}

func (m *Member) withGuild() object {
	out := m.json()
	out["guild_id"] = m.Guild.ID
	return out
}

// partial is a member as a message carries it: without the user.
func (m *Member) partial() object {
	out := m.json()
	delete(out, "user")
	return out
}

func orEmpty[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}

func (r *Role) json(position int) object {
	return object{
		"id": r.ID, "name": r.Name, "permissions": r.Permissions.text(), "color": 0, "position": position,
		"colors": object{"primary_color": 0, "secondary_color": nil, "tertiary_color": nil},
		"hoist":  false, "managed": position > 0, "mentionable": false, "flags": 0, "icon": nil,
		"unicode_emoji": nil, "description": nil,
	}
}

func (c *Channel) json() object {
	switch {
	case c.thread != nil:
		return c.threadJSON()
	case c.Type == Direct:
		return c.directJSON()
	}
	out := object{
		"id": c.ID, "type": int(c.Type), "guild_id": c.guild.ID, "name": c.name, "flags": 0,
		"position": slices.Index(c.guild.channels, c), "parent_id": nil, "nsfw": false,
		"last_message_id": c.lastID(), "rate_limit_per_user": 0, "topic": nil,
		"permission_overwrites": c.overwritesJSON(),
	}
	if c.topic != "" {
		out["topic"] = c.topic
	}
	if c.Type == Forum {
		tags := []object{}
		for _, t := range c.tags {
			tags = append(tags, object{"id": t.id, "name": t.name, "moderated": t.moderated, "emoji_id": nil, "emoji_name": nil})
		}
		out["available_tags"], out["default_reaction_emoji"] = tags, nil
		out["default_sort_order"], out["default_forum_layout"] = nil, 0
		if c.requireTag {
			out["flags"] = flagRequireTag
		}
	}
	return out
}

func (c *Channel) overwritesJSON() []object {
	out := []object{}
	for id, o := range c.overwrites {
		kind := 0
		if o.member {
			kind = 1
		}
		out = append(out, object{"id": id, "type": kind, "allow": o.allow.text(), "deny": o.deny.text()})
	}
	return out
}

func (c *Channel) lastID() any {
	if len(c.messages) == 0 {
		return nil
	}
	return c.messages[len(c.messages)-1].id
}

func (c *Channel) threadJSON() object {
	t := c.thread
	out := object{
		"id": c.ID, "type": int(c.Type), "guild_id": c.guild.ID, "name": c.name, "flags": 0,
		"parent_id": c.parent.ID, "owner_id": t.ownerID, "last_message_id": c.lastID(), "rate_limit_per_user": 0,
		"message_count": t.sent, "member_count": len(t.members), "total_message_sent": t.sent,
		"thread_metadata": object{
			"archived": t.archived, "locked": t.locked, "auto_archive_duration": t.duration,
			"archive_timestamp": stamp(t.changed), "create_timestamp": stamp(t.made),
		},
	}
	if c.Type == PrivateThread {
		out["thread_metadata"].(object)["invitable"] = true
	}
	if c.parent.Type == Forum {
		out["applied_tags"] = orEmpty(slices.Clone(t.applied))
	}
	return out
}

func (g *Guild) json() object {
	roles := []object{}
	for i, r := range g.roles {
		roles = append(roles, r.json(i))
	}
	return object{
		"id": g.ID, "name": g.Name, "owner_id": g.ownerID, "roles": roles, "icon": nil, "splash": nil,
		"discovery_splash": nil, "banner": nil, "description": nil, "home_header": nil, "region": "deprecated",
		"afk_channel_id": nil, "afk_timeout": 300, "verification_level": 0, "default_message_notifications": 1,
		"explicit_content_filter": 0, "emojis": []object{}, "stickers": []object{}, "features": []string{},
		"mfa_level": 0, "application_id": nil, "system_channel_id": nil, "system_channel_flags": 0,
		"rules_channel_id": nil, "public_updates_channel_id": nil, "safety_alerts_channel_id": nil,
		"vanity_url_code": nil, "premium_tier": 0, "premium_subscription_count": 0, "preferred_locale": "en-US",
		"nsfw": false, "nsfw_level": 0, "premium_progress_bar_enabled": false, "widget_enabled": false,
		"widget_channel_id": nil, "max_presences": nil, "max_members": 500000, "max_video_channel_users": 25,
		"max_stage_video_channel_users": 50, "incidents_data": nil, "hub_type": nil,
	}
}

// create is a guild as the gateway tells of it. A bot is told the channels it
// cannot see as well: that is what Discord does, for roles to be known.
func (g *Guild) create() object {
	out := g.json()
	channels, threads, members := []object{}, []object{}, []object{}
	for _, c := range g.channels {
		switch {
		case c.thread == nil:
			channels = append(channels, c.json())
		case !c.thread.archived && c.Type != PrivateThread:
			threads = append(threads, c.json())
		}
	}
	for _, m := range g.members {
		if m.User.Bot {
			members = append(members, m.json())
		}
	}
	maps.Copy(out, object{
		"joined_at": stamp(g.joined), "large": false, "unavailable": false, "member_count": len(g.members),
		"voice_states": []object{}, "members": members, "channels": channels, "threads": threads,
		"presences": []object{}, "stage_instances": []object{}, "guild_scheduled_events": []object{},
		"soundboard_sounds": []object{},
	})
	return out
}

func (a *Application) json() object {
	out := object{
		"id": a.ID, "name": a.Name, "icon": nil, "description": "", "type": nil, "bot": a.Bot.json(),
		"bot_public": true, "bot_require_code_grant": false, "verify_key": a.PublicKey, "flags": 0, "flags_new": "0",
		"summary": "", "redirect_uris": []string{}, "interactions_endpoint_url": nil,
		"role_connections_verification_url": nil, "owner": a.Bot.json(), "team": nil, "hook": true,
		"approximate_guild_count": 0, "approximate_user_install_count": 0, "approximate_user_authorization_count": 0,
		"explicit_content_filter": 0, "event_webhooks_url": nil, "event_webhooks_status": 1,
		"event_webhooks_types": []string{}, "rpc_origins": []string{}, "eligible_oauth2_scopes": []string{"bot", "applications.commands"},
	}
	if a.endpoint != "" {
		out["interactions_endpoint_url"] = a.endpoint
	}
	return out
}
