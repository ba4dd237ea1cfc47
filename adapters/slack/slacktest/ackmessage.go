package slacktest

import "strings"

// commandAnswer shows the message that came with a command's acknowledgement.
func (s *Seen) commandAnswer(in *Install) {
	srv := s.person.s
	srv.mu.Lock()
	defer srv.mu.Unlock()
	raw := strings.TrimSpace(string(s.Ack))
	if raw == "" || raw == "{}" || raw == "null" {
		return
	}
	args := Args{"text": raw} // by HTTP a plain text is a message too
	if v, err := parseJSON([]byte(raw)); err == nil {
		if o, is := v.(map[string]any); is {
			args = o
		} else if text, is := v.(string); is {
			args = Args{"text": text}
		}
	}
	for name := range args {
		if !contains(hookFields, name) || name == "replace_original" || name == "delete_original" {
			srv.violate("acknowledgement of a command", "has no field %s", name)
		}
	}
	m, refused := srv.compose(&Call{Method: "ack", Args: args}, maxText)
	if refused != nil {
		srv.violate("acknowledgement of a command", "%s: %s", refused.code, strings.Join(refused.messages, "; "))
		s.Refused = "operation failed: " + refused.code
		return
	}
	m.author(in, Args{})
	switch kind := args.Text("response_type"); kind {
	case "", "ephemeral":
		m.For = s.person.ID
	case "in_channel": // shows the typed command as well
		s.InChannel = true
		s.channel.store(&Message{User: s.person.ID, Text: s.delivery.Payload["command"].(string) + " " + s.delivery.Payload["text"].(string)})
	default:
		srv.violate("acknowledgement of a command", "response_type %q", kind)
	}
	s.channel.store(m)
	s.Text, s.Blocks = m.Shown(), m.Blocks
}
