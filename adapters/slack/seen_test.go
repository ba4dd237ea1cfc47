package slack

import (
	"fmt"
	"strings"

	"github.com/synthoperator/baton/adapters/adaptertest"
	"github.com/synthoperator/baton/adapters/slack/slacktest"
)

var unescaped = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// read is what people read of a message.
func read(m slacktest.Message) adaptertest.Seen {
	s := adaptertest.Seen{Speaker: m.Username, Only: m.For, Notice: unescaped.Replace(m.Text)}
	if m.BotID == "" {
		s.Author, s.Text = m.User, unescaped.Replace(m.Text)
	}
	for _, ping := range m.Pings {
		s.Pings = append(s.Pings, strings.Trim(ping, "<@>"))
	}
	var lines, sources []string
	for _, b := range m.Blocks {
		block := b.(map[string]any)
		switch block["type"] {
		case "actions":
			addControls(&s, block)
			continue
		case "markdown":
			sources = append(sources, block["text"].(string))
		}
		lines = append(lines, shown(block))
	}
	if len(m.Blocks) > 0 {
		s.Text = strings.Join(lines, "\n")
	}
	s.Source = strings.Join(sources, "\n")
	return s
}

// shown is a block, or something in one, as it is read.
func shown(v any) string {
	switch v := v.(type) {
	case []any:
		var all []string
		for _, e := range v {
			all = append(all, shown(e))
		}
		return strings.Join(all, "\n")
	case map[string]any:
		switch v["type"] {
		case "mrkdwn":
			return unescaped.Replace(v["text"].(string))
		case "plain_text", "text", "markdown":
			return v["text"].(string)
		case "link":
			if text, ok := v["text"].(string); ok && text != v["url"] {
				return text + " " + v["url"].(string)
			}
			return v["url"].(string)
		case "rich_text_section", "rich_text_preformatted":
			line := ""
			for _, e := range v["elements"].([]any) {
				line += shown(e)
			}
			return line
		}
		var all []string
		for _, name := range []string{"text", "fields", "elements"} {
			if v[name] != nil {
				all = append(all, shown(v[name]))
			}
		}
		return strings.Join(all, "\n")
	}
	panic(fmt.Sprintf("%T in a block", v))
}

func addControls(s *adaptertest.Seen, block map[string]any) {
	text := func(o any, name string) string {
		t, _ := o.(map[string]any)[name].(map[string]any)
		value, _ := t["text"].(string)
		return value
	}
	for _, e := range block["elements"].([]any) {
		o := e.(map[string]any)
		if o["type"] == "button" {
			s.Buttons = append(s.Buttons, text(o, "text"))
			continue
		}
		menu := adaptertest.Select{Label: text(o, "placeholder")}
		groups, _ := o["option_groups"].([]any)
		for _, g := range append(groups, o) {
			options, _ := g.(map[string]any)["options"].([]any)
			for _, c := range options {
				menu.Choices = append(menu.Choices, strings.TrimSpace(text(c, "text")+" "+text(c, "description")))
			}
		}
		s.Selects = append(s.Selects, menu)
	}
}
