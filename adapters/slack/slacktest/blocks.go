package slacktest

import (
	"fmt"
	"slices"
	"unicode/utf8"
)

func block(kind string, f fields, also ...func(map[string]any, string, *problems)) rule {
	return object(typed(kind).with(fields{"block_id": id}).with(f), also...)
}

var (
	cells  = kinds{"rich_text": richText, "raw_text": rawText, "raw_number": rawNumber}
	source = object(typed("url").with(fields{"url!": link, "text!": anyText}))

	rawText   = object(typed("raw_text").with(fields{"text!": text(1, 1<<20)}))
	rawNumber = object(typed("raw_number").with(fields{"text!": text(1, 1<<20), "value!": anyNumber}))

	task = block("task_card", fields{
		"task_id!": anyText, "title!": text(1, maxTaskField), "status!": oneOf("pending", "in_progress", "complete", "error"),
		"details": richText, "output": richText, "sources": array(0, 100, source),
	})
	card = block("card", fields{
		"hero_image": imageElement, "icon": imageElement, "title": mrkdwn(150), "subtitle": mrkdwn(150), "body": mrkdwn(200),
		"actions": array(1, 25, elements.only("button").check),
	}, needsSome("hero_image", "title", "actions", "body"))
)

var choosers = []string{
	"static_select", "external_select", "users_select", "channels_select", "conversations_select", "multi_static_select",
	"multi_external_select", "multi_users_select", "multi_channels_select", "multi_conversations_select",
	"checkboxes", "radio_buttons", "datepicker", "timepicker",
}

// blocks are all blocks that T knows, with the lengths that it says in words.
var blocks = allBlocks()

func allBlocks() kinds {
	with := func(more ...string) rule { return elements.only(append(more, choosers...)...).check }
	all := kinds{
		"actions": block("actions", fields{
			"elements!": array(1, 25, with("button", "overflow", "datetimepicker", "workflow_button", "rich_text_input")),
		}),
		"alert": block("alert", fields{
			"text!": either(3000), "level": oneOf("default", "info", "warning", "error", "success"),
		}),
		"card":     card,
		"carousel": block("carousel", fields{"elements!": array(1, 10, card)}),
		"context": block("context", fields{
			"elements!": array(1, 10, elements.only("image", "plain_text", "mrkdwn").check),
		}),
		"context_actions": block("context_actions", fields{
			"elements!": array(1, 5, elements.only("feedback_buttons", "icon_button").check),
		}),
		"data_table": block("data_table", fields{
			"caption!": text(1, 3000), "rows!": array(1, 100, array(1, 20, cells.check)), "page_size": number(1, 100),
			"row_header_column_index": number(0, 19),
		}),
		"divider": block("divider", fields{}),
		"file":    block("file", fields{"external_id!": anyText, "source!": anyText}),
		"header":  block("header", fields{"text!": plain(150)}),
		"image":   object(imageFields.with(fields{"block_id": id, "title": plain(2000)}), needsOne("image_url", "slack_file")),
		"input": block("input", fields{
			"label!": plain(2000), "hint": plain(2000), "optional": truth, "dispatch_action": truth,
			"element!": with("datetimepicker", "plain_text_input", "email_text_input", "url_text_input", "number_input",
				"rich_text_input", "file_input"),
		}),
		"markdown":  block("markdown", fields{"text!": text(1, maxMarkdown)}),
		"plan":      block("plan", fields{"title!": text(1, maxTaskField), "tasks": array(0, 50, task)}),
		"rich_text": richText,
		"section": block("section", fields{
			"text": either(3000), "fields": array(1, 10, either(2000)), "expand": truth,
			"accessory": with("button", "image", "overflow", "workflow_button"),
		}, needsSome("text", "fields")),
		"table": block("table", fields{
			"rows!": array(1, 100, array(1, 20, cells.check)),
			"column_settings": array(0, 20, object(fields{
				"align": oneOf("left", "center", "right"), "is_wrapped": truth,
			})),
		}),
		"task_card": task,
		"video": block("video", fields{
			"alt_text!": text(1, 2000), "title!": plain(199), "title_url": link, "thumbnail_url!": link, "video_url!": link,
			"author_name": text(0, 49), "provider_name": anyText, "provider_icon_url": link, "description": plain(200),
		}),
	}
	all["container"] = block("container", fields{
		"title": plain(150), "rich_text_title": richText, "subtitle": either(150), "icon": imageElement, "width": oneOf("narrow", "standard", "wide", "full"),
		"child_blocks!": array(1, 10, all.only("actions", "context", "divider", "file", "header", "image", "input",
			"rich_text", "section", "table", "video").check),
		"is_collapsible": truth, "default_collapsed": truth, "has_header_divider": truth,
	}, needsSome("title", "rich_text_title"))
	return all
}

// inMessages are the blocks that chat.postMessage takes. It refuses alert, card
// and carousel (S: chat_stream_chunks.go); whether it takes task_card and plan
// is unverified, and file blocks only come from Slack (T).
var inMessages = blocks.only("actions", "container", "context", "context_actions", "data_table", "divider", "header", "image",
	"input", "markdown", "rich_text", "section", "table", "video")

// inViews are the blocks of modals and home tabs (D:reference/block-kit/blocks).
var inViews = blocks.only("actions", "context", "divider", "header", "image", "input", "rich_text", "section", "video")

// checkMessageBlocks holds what a message's blocks have to keep.
func checkMessageBlocks(items []any) *refusal {
	if len(items) > maxMessageBlocks {
		return refuse("invalid_blocks", fmt.Sprintf("[ERROR] no more than %d items allowed [json-pointer:/blocks]", maxMessageBlocks))
	}
	if wrong := checkBlocks(items, inMessages, "/blocks"); len(wrong) > 0 {
		return refuse("invalid_blocks", wrong...)
	}
	if n := shownChars(items); n > maxMessageChars {
		return refuse("msg_blocks_too_long", fmt.Sprintf("[ERROR] %d characters in all blocks, at most %d", n, maxMessageChars))
	}
	return nil
}

func checkBlocks(items []any, allowed kinds, at string) problems {
	var p problems
	array(0, 1000, allowed.check)(items, at, &p)
	seen := map[string]bool{}
	for i, item := range items {
		o, _ := item.(map[string]any)
		name, _ := o["block_id"].(string)
		if name != "" && seen[name] {
			p.add(fmt.Sprintf("%s/%d/block_id", at, i), "block_id %q is there twice", name)
		}
		seen[name] = true
		for _, twice := range sameActions(o) {
			p.add(fmt.Sprintf("%s/%d", at, i), "action_id %q is there twice", twice)
		}
	}
	return p
}

// sameActions are the action ids that a block has more than once.
func sameActions(o map[string]any) []string {
	var ids, twice []string
	for _, e := range elementsOf(o) {
		name, _ := e["action_id"].(string)
		if name != "" && slices.Contains(ids, name) {
			twice = append(twice, name)
		}
		ids = append(ids, name)
	}
	return twice
}

// elementsOf are the elements of a block that somebody can act on.
func elementsOf(o map[string]any) []map[string]any {
	var found []map[string]any
	add := func(v any) {
		if e, is := v.(map[string]any); is {
			found = append(found, e)
		}
	}
	add(o["accessory"])
	add(o["element"])
	if items, is := o["elements"].([]any); is {
		for _, e := range items {
			add(e)
		}
	}
	if items, is := o["child_blocks"].([]any); is {
		for _, child := range items {
			if c, is := child.(map[string]any); is {
				found = append(found, elementsOf(c)...)
			}
		}
	}
	return found
}

func shownChars(items []any) int {
	n := 0
	eachText(items, func(_, text string) { n += utf8.RuneCountInString(text) })
	return n
}
