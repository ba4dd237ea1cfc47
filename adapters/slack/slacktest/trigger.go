package slacktest

import (
	"fmt"
	"time"
)

// triggerTime is how long a trigger works, once (D:interactivity/handling-user-interaction).
const triggerTime = 3 * time.Second

// trigger is the right to open a modal for what somebody just did.
type trigger struct {
	person  *Person
	in      *Install
	within  *View // the modal in which it was done
	expires time.Time
	used    bool
	view    *View // what was opened with it
}

func (s *Server) newTrigger(p *Person, in *Install, within *View) string {
	id := fmt.Sprintf("%d.%d.%s", s.clock.next(), s.clock.next(), s.secret())
	s.triggers[id] = &trigger{person: p, in: in, within: within, expires: s.Now().Add(triggerTime)}
	return id
}

// useTrigger takes the trigger that a call names.
func (s *Server) useTrigger(c *Call) (*trigger, *refusal) {
	id := c.Args.Text("trigger_id") + c.Args.Text("interactivity_pointer")
	t := s.triggers[id]
	switch {
	case id == "":
		return nil, refuse("invalid_arguments", "[ERROR] missing required field: trigger_id")
	case t == nil || t.in.app != c.grant.app:
		return nil, refuse("invalid_trigger_id")
	case t.used:
		return nil, refuse("exchanged_trigger_id")
	case c.At.After(t.expires):
		return nil, refuseFairly("expired_trigger_id")
	}
	t.used = true
	return t, nil
}
