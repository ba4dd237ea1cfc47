package slacktest

import (
	"encoding/json"
	"fmt"
)

// SearchMessage types into a menu of a message that the app fills.
func (p *Person) SearchMessage(m Message, name, typed string) *Seen {
	p.s.mu.Lock()
	at, err := p.messagePlace(m)
	return p.search(at, err, name, typed)
}

// Search types into a menu of a view that the app fills.
func (p *Person) Search(v *View, name, typed string) *Seen {
	p.s.mu.Lock()
	at, err := viewPlace(v)
	return p.search(at, err, name, typed)
}

// search asks the app for options. s.mu is held on entry.
func (p *Person) search(at place, err error, name, typed string) *Seen {
	s := p.s
	seen := &Seen{person: p, channel: at.channel}
	var b, e map[string]any
	if err == nil {
		b, e = byName(at.blocks, name)
		if kind, _ := e["type"].(string); kind != "external_select" && kind != "multi_external_select" {
			err = fmt.Errorf("%q is no menu that the app fills", name)
		} else if least := 3; len(typed) < minQuery(e, least) { // T: min_query_length, 3 when absent
			err = fmt.Errorf("the menu is searched from %d characters", minQuery(e, least))
		}
	}
	if err != nil {
		s.mu.Unlock()
		seen.Refused = err.Error()
		return seen
	}
	payload := p.interaction(at, "block_suggestion")
	delete(payload, "trigger_id")
	delete(payload, "response_url")
	payload["action_id"], payload["block_id"], payload["value"] = e["action_id"], b["block_id"], typed
	seen.delivery = s.deliver(at.in.app, p.team.ID, Interactive, payload, nil)
	s.mu.Unlock()
	if seen.await() {
		s.mu.Lock()
		defer s.mu.Unlock()
		seen.Options = s.suggestions(seen.Ack)
		s.offers[offerKey(b, e)] = seen.Options
	}
	return seen
}

// offerKey names a menu that the app fills.
func offerKey(b, e map[string]any) string { return fmt.Sprint(b["block_id"], "/", e["action_id"]) }

// offered is an element together with what the app last offered in it.
func (s *Server) offered(b, e map[string]any) map[string]any {
	with := clone(e).(map[string]any)
	with["found"] = s.offers[offerKey(b, e)]
	return with
}

func minQuery(e map[string]any, otherwise int) int {
	if n, is := e["min_query_length"].(json.Number); is {
		return atoi(n)
	}
	return otherwise
}

var suggestionShape = object(fields{
	"options": array(0, maxSuggestions, plainOption), "option_groups": array(0, maxSuggestions, group),
}, needsOne("options", "option_groups"))

// suggestions are the options in an answer. s.mu is held.
func (s *Server) suggestions(raw json.RawMessage) []any {
	v, err := parseJSON(raw)
	if err != nil {
		s.violate("answer to a search", "%v", err)
		return nil
	}
	var wrong problems
	suggestionShape(v, "", &wrong)
	if len(wrong) > 0 {
		s.violate("answer to a search", "%v", []string(wrong))
		return nil
	}
	o := v.(map[string]any)
	options, _ := o["options"].([]any)
	groups, _ := o["option_groups"].([]any)
	for _, g := range groups {
		options = append(options, g.(map[string]any)["options"].([]any)...)
	}
	return options
}
