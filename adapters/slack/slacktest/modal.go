package slacktest

import (
	"encoding/json"
	"slices"
	"strings"
)

// Submit fills in a modal and submits it. Values are named by action id, block
// id or label; an element that takes several gets them in one value, separated
// by line breaks. What Slack's client can refuse by itself it refuses.
func (p *Person) Submit(v *View, values map[string]string) *Seen {
	s := p.s
	s.mu.Lock()
	seen := &Seen{person: p}
	at, err := viewPlace(v)
	if err == nil {
		err = p.fillIn(v, values)
	}
	if err != nil || v.body["submit"] == nil {
		s.mu.Unlock()
		seen.Refused = "the modal cannot be submitted"
		if err != nil {
			seen.Refused = err.Error()
		}
		return seen
	}
	if seen.Errors = complaints(v); len(seen.Errors) > 0 {
		s.mu.Unlock()
		return seen
	}
	payload := p.interaction(at, "view_submission")
	payload["response_urls"] = p.responseURLs(v)
	seen.trigger, _ = payload["trigger_id"].(string)
	seen.delivery = s.deliver(v.in.app, p.team.ID, Interactive, payload, nil)
	s.mu.Unlock()
	if seen.await() {
		s.mu.Lock()
		defer s.mu.Unlock()
		seen.submitted(v)
		s.changedLocked()
	}
	return seen
}

func (p *Person) fillIn(v *View, values map[string]string) error {
	for name, value := range values {
		b, e := byName(v.body["blocks"].([]any), name)
		if e == nil {
			return errNoField(name)
		}
		e = p.s.offered(b, e)
		got, err := filled(e, strings.Split(value, "\n")...)
		if kind, _ := e["type"].(string); kind == "plain_text_input" || kind == "rich_text_input" {
			got, err = filled(e, value)
		}
		if err != nil {
			return err
		}
		v.values[b["block_id"].(string)][e["action_id"].(string)] = got
	}
	return nil
}

type errNoField string

func (e errNoField) Error() string { return "the modal has no field " + string(e) }

// complaints are what the client says to the inputs.
func complaints(v *View) map[string]string {
	found := map[string]string{}
	for _, item := range v.body["blocks"].([]any) {
		b := item.(map[string]any)
		if b["type"] != "input" {
			continue
		}
		e := b["element"].(map[string]any)
		block := b["block_id"].(string)
		value, _ := v.values[block][e["action_id"].(string)].(map[string]any)
		if said := complaint(b, e, value); said != "" {
			found[block] = said
		}
	}
	return found
}

// responseURLs are only there for inputs that ask for them (D:surfaces/modals).
func (p *Person) responseURLs(v *View) []any {
	urls := []any{}
	for _, item := range v.body["blocks"].([]any) {
		b := item.(map[string]any)
		for _, e := range elementsOf(b) {
			if e["response_url_enabled"] != true {
				continue
			}
			value, _ := v.values[b["block_id"].(string)][e["action_id"].(string)].(map[string]any)
			chosen, _ := value["selected_conversation"].(string)
			if chosen == "" {
				chosen, _ = value["selected_channel"].(string)
			}
			if ch := p.team.channels[chosen]; ch != nil {
				urls = append(urls, map[string]any{
					"block_id": b["block_id"], "action_id": e["action_id"], "channel_id": chosen,
					"response_url": p.s.newHook("app", v.in, ch, p.ID, nil),
				})
			}
		}
	}
	return urls
}

// submitted does what the answer to a submission says. s.mu is held.
func (s *Seen) submitted(v *View) {
	srv, raw := s.person.s, strings.TrimSpace(string(s.Ack))
	if raw == "" || raw == "null" || raw == "{}" {
		s.person.pop(v)
		return
	}
	var answer struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	trouble := func(format string, args ...any) {
		srv.violate("answer to a submission", format, args...)
		s.Refused = "We had some trouble connecting. Try again?"
	}
	if err := json.Unmarshal([]byte(raw), &answer); err != nil {
		trouble("%v: %.200s", err, raw)
		return
	}
	var body map[string]any
	if answer.Action == "update" || answer.Action == "push" {
		var refused *refusal
		if body, refused = srv.readView(Args{"view": string(answer.View)}, "modal"); refused != nil {
			trouble("%s: %s", refused.code, strings.Join(refused.messages, "; "))
			return
		}
	}
	switch answer.Action {
	case "errors":
		s.complain(v, answer.Errors, trouble)
	case "update":
		v.fill(srv, body)
	case "push":
		if _, refused := srv.stackView(body, v); refused != nil {
			trouble("%s", refused.code)
		}
	case "clear":
		for _, open := range s.person.stack {
			open.open = false
		}
		s.person.stack = nil
	default: // {"ok":true} breaks the modal (GH: inkeep/agents#2228)
		trouble("response_action %q: %.200s", answer.Action, raw)
	}
}

func (s *Seen) complain(v *View, said map[string]string, trouble func(string, ...any)) {
	if len(said) == 0 {
		trouble("errors without errors")
		return
	}
	for block := range said {
		known := slices.ContainsFunc(v.body["blocks"].([]any), func(item any) bool {
			b := item.(map[string]any)
			return b["type"] == "input" && b["block_id"] == block
		})
		if !known {
			trouble("an error at %q, which is no input block", block)
			return
		}
	}
	s.Errors = said
}

func (p *Person) pop(v *View) {
	v.open = false
	p.stack = slices.DeleteFunc(p.stack, func(o *View) bool { return o == v })
}

// Close closes a modal; the one below it shows again. The app hears of it only
// where the view asked for that.
func (p *Person) Close(v *View) *Seen { return p.closeView(v, false) }

// CloseAll closes a modal and everything below it.
func (p *Person) CloseAll(v *View) *Seen { return p.closeView(v, true) }

func (p *Person) closeView(v *View, all bool) *Seen {
	s := p.s
	s.mu.Lock()
	seen := &Seen{person: p}
	at, err := viewPlace(v)
	if err != nil {
		s.mu.Unlock()
		seen.Refused = err.Error()
		return seen
	}
	if v.body["notify_on_close"] == true {
		payload := p.interaction(at, "view_closed")
		delete(payload, "trigger_id")
		payload["is_cleared"] = all
		seen.delivery = s.deliver(v.in.app, p.team.ID, Interactive, payload, nil)
	}
	p.pop(v)
	if all || v.body["clear_on_close"] == true {
		for _, open := range p.stack {
			open.open = false
		}
		p.stack = nil
	}
	s.changedLocked()
	s.mu.Unlock()
	if seen.delivery != nil {
		seen.await()
	}
	return seen
}
