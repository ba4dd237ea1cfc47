package slacktest

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// pour adds what a call brings to a streamed message.
func (s *Server) pour(m *Message, args Args) *refusal {
	chunks, refused := list(args, "chunks", "invalid_chunks")
	if refused == nil {
		refused = m.stream.keepsMode(args.Has("markdown_text"), len(chunks) > 0)
	}
	if refused != nil {
		return refused
	}
	if wrong := checkChunks(chunks); len(wrong) > 0 {
		return refuse("invalid_chunks", wrong...)
	}
	added := args.Text("markdown_text")
	if utf8.RuneCountInString(added) > maxMarkdown {
		return refuse("msg_too_long")
	}
	items := m.Blocks
	for _, item := range chunks {
		chunk := item.(map[string]any)
		switch chunk["type"] {
		case "markdown_text":
			added += chunk["text"].(string)
		case "blocks":
			items = append(slices.Clone(items), s.named(chunk["blocks"].([]any))...)
		default:
			items = withTask(items, chunk)
		}
	}
	if n := utf8.RuneCountInString(m.Text+added) + shownChars(items); n > maxMessageChars {
		return refuse("msg_blocks_too_long")
	}
	m.stream.set(args.Has("markdown_text"), len(chunks) > 0, added)
	m.Markdown, m.Text, m.Blocks = true, m.Text+added, items
	s.mark(m)
	return nil
}

// keepsMode refuses a stream that was opened with text and goes on with chunks,
// or the other way (slack.md §1.8, a third party's measurement).
func (st *stream) keepsMode(text, chunks bool) *refusal {
	switch {
	case text && chunks:
		return refuse("streaming_mode_mismatch", "[ERROR] markdown_text and chunks in one call")
	case text && st.mode == "chunks", chunks && st.mode == "text":
		return refuse("streaming_mode_mismatch", "[ERROR] opened with "+st.mode)
	}
	return nil
}

func (st *stream) set(text, chunks bool, added string) {
	if text || chunks {
		st.mode = map[bool]string{true: "text", false: "chunks"}[text]
	}
	if st.opening == "" {
		st.opening = added
	}
}

// SeenBy is the text of a message as one person sees it now: of a stream in a
// channel, others than its recipient see the opening only until it ends (GH:
// agentconnect-md/agentconnect#1494).
func (c *Channel) SeenBy(user, ts string) string {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	m := c.find(ts)
	switch {
	case m == nil:
		return ""
	case m.Streaming && c.Kind != IM && m.stream.recipient != user:
		return m.stream.opening
	}
	return m.Text
}

// withTask adds a block; a task or plan that is there already is replaced.
func withTask(items []any, chunk map[string]any) []any {
	kind, _ := chunk["type"].(string)
	same := func(v any) bool {
		o, _ := v.(map[string]any)
		return strings.HasSuffix(kind, "_update") && o["type"] == kind && o["id"] == chunk["id"]
	}
	if i := slices.IndexFunc(items, same); i >= 0 {
		items = slices.Clone(items)
		items[i] = chunk
		return items
	}
	return append(slices.Clone(items), chunk)
}

var chunkShapes = kinds{
	"markdown_text": object(typed("markdown_text").with(fields{"text!": text(0, maxMarkdown)})),
	"plan_update":   object(typed("plan_update").with(fields{"title!": text(1, maxTaskField)})),
	"task_update": object(typed("task_update").with(fields{
		"id!": text(1, maxTaskField), "title!": text(1, maxTaskField), "details": text(0, maxTaskField), "output": text(0, maxTaskField),
		"status": oneOf("pending", "in_progress", "complete", "error"), "sources": array(0, 100, source),
	})),
	"blocks": object(typed("blocks").with(fields{"blocks!": func(v any, at string, p *problems) {
		items, is := v.([]any)
		if !is || len(items) > maxMessageBlocks {
			p.add(at, "must be an array of at most %d blocks", maxMessageBlocks)
			return
		}
		*p = append(*p, checkBlocks(items, blocks, at)...)
	}})),
}

func checkChunks(chunks []any) problems {
	var p problems
	array(0, 1000, chunkShapes.check)(chunks, "/chunks", &p)
	return p
}
