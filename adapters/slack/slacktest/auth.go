package slacktest

func (s *Server) authTest(c *Call) (map[string]any, *refusal) {
	in := c.grant.install
	body := map[string]any{
		"url": s.base + "/", "user": in.app.Name, "user_id": in.UserID, "bot_id": in.BotID,
		"is_enterprise_install": in.org != nil,
	}
	if in.team != nil {
		body["team"], body["team_id"] = in.team.Name, in.team.ID
		if in.team.org != nil {
			body["enterprise_id"] = in.team.org.ID
		}
	} else {
		body["team"], body["team_id"], body["enterprise_id"] = in.org.Name, in.org.ID, in.org.ID
	}
	return body, nil
}

func (s *Server) authRevoke(c *Call) (map[string]any, *refusal) {
	if !c.Args.Bool("test") {
		c.grant.revoked = true
	}
	return map[string]any{"revoked": !c.Args.Bool("test")}, nil
}
