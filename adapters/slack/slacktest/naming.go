package slacktest

import "fmt"

// named is a copy of blocks in which every block and every element that can be
// acted on has an id, as Slack makes them up where an app gives none.
func (s *Server) named(items []any) []any {
	if items == nil {
		return nil
	}
	out := make([]any, len(items))
	for i, item := range items {
		o := clone(item).(map[string]any)
		s.name(o)
		out[i] = o
	}
	return out
}

func (s *Server) name(o map[string]any) {
	if id, _ := o["block_id"].(string); id == "" {
		o["block_id"] = fmt.Sprintf("blk%d", s.clock.next())
	}
	for _, e := range elementsOf(o) {
		kind, _ := e["type"].(string)
		if kind == "image" || kind == "plain_text" || kind == "mrkdwn" || elements[kind] == nil {
			continue
		}
		if id, _ := e["action_id"].(string); id == "" {
			e["action_id"] = fmt.Sprintf("act%d", s.clock.next())
		}
	}
	if children, is := o["child_blocks"].([]any); is {
		for _, c := range children {
			if child, is := c.(map[string]any); is {
				s.name(child)
			}
		}
	}
}

func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = clone(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = clone(e)
		}
		return out
	default:
		return v
	}
}
