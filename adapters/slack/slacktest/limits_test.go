package slacktest

import (
	"fmt"
	"strings"
	"testing"
)

// Each row is a place in a block and how much fits: so much passes, one more does
// not. Sources are those of slack.md §1.3.
func TestLengths(t *testing.T) {
	plain := func(s string) string { return fmt.Sprintf(`{"type":"plain_text","text":%q}`, s) }
	in := func(shape string) func(string) string {
		return func(s string) string { return strings.Replace(shape, "%", s, 1) }
	}
	item := func(shape, what string) func(int) string {
		return func(n int) string {
			var items []string
			for i := range n {
				items = append(items, strings.ReplaceAll(what, "#", fmt.Sprint(i)))
			}
			return strings.Replace(shape, "%", strings.Join(items, ","), 1)
		}
	}
	long := func(shape func(string) string) func(int) string {
		return func(n int) string { return shape(strings.Repeat("ü", n)) }
	}
	element := `{"type":"actions","elements":[%]}`
	menu := `{"type":"actions","elements":[{"type":"static_select","options":[%]}]}`
	anOption := `{"text":{"type":"plain_text","text":"o#"},"value":"v#"}`
	aButton := `{"type":"button","action_id":"a#","text":{"type":"plain_text","text":"b"}}`
	rows := []struct {
		what string
		most int
		make func(int) string
	}{
		{"section text", 3000, long(in(`{"type":"section","text":{"type":"mrkdwn","text":"%"}}`))},
		{"section field", 2000, long(in(`{"type":"section","fields":[{"type":"mrkdwn","text":"%"}]}`))},
		{"section fields", 10, item(`{"type":"section","fields":[%]}`, `{"type":"mrkdwn","text":"x"}`)},
		{"header", 150, long(in(`{"type":"header","text":{"type":"plain_text","text":"%"}}`))},
		{"markdown", 12000, long(in(`{"type":"markdown","text":"%"}`))},
		{"actions", 25, item(element, aButton)},
		{"context", 10, item(`{"type":"context","elements":[%]}`, plain("x"))},
		{"context_actions", 5, item(`{"type":"context_actions","elements":[%]}`, `{"type":"icon_button","icon":"trash","action_id":"a#","text":{"type":"plain_text","text":"b"}}`)},
		{"table rows", 100, item(`{"type":"table","rows":[%]}`, `[{"type":"raw_text","text":"x"}]`)},
		{"table cells", 20, item(`{"type":"table","rows":[[%]]}`, `{"type":"raw_text","text":"x"}`)},
		{"button text", 75, long(in(`{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"%"}}]}`))},
		{"button value", 2000, long(in(`{"type":"actions","elements":[{"type":"button","value":"%","text":{"type":"plain_text","text":"x"}}]}`))},
		{"button url", 3000, long(in(`{"type":"actions","elements":[{"type":"button","url":"%","text":{"type":"plain_text","text":"x"}}]}`))},
		{"button label", 75, long(in(`{"type":"actions","elements":[{"type":"button","accessibility_label":"%","text":{"type":"plain_text","text":"x"}}]}`))},
		{"action_id", 255, long(in(`{"type":"actions","elements":[{"type":"button","action_id":"%","text":{"type":"plain_text","text":"x"}}]}`))},
		{"block_id", 255, long(in(`{"type":"divider","block_id":"%"}`))},
		{"options", 100, item(menu, anOption)},
		{"option groups", 100, item(`{"type":"actions","elements":[{"type":"static_select","option_groups":[%]}]}`, `{"label":{"type":"plain_text","text":"g"},"options":[`+anOption+`]}`)},
		{"option text", 75, long(in(`{"type":"actions","elements":[{"type":"static_select","options":[{"text":{"type":"plain_text","text":"%"},"value":"v"}]}]}`))},
		{"option value", 75, long(in(`{"type":"actions","elements":[{"type":"static_select","options":[{"text":{"type":"plain_text","text":"x"},"value":"%"}]}]}`))},
		{"overflow", 5, item(`{"type":"actions","elements":[{"type":"overflow","options":[%]}]}`, anOption)},
		{"radio buttons", 10, item(`{"type":"actions","elements":[{"type":"radio_buttons","options":[%]}]}`, anOption)},
		{"checkboxes", 10, item(`{"type":"actions","elements":[{"type":"checkboxes","options":[%]}]}`, anOption)},
		{"confirm title", 100, long(in(`{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"x"},"confirm":{"text":{"type":"mrkdwn","text":"x"},"title":{"type":"plain_text","text":"%"}}}]}`))},
		{"confirm text", 300, long(in(`{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"x"},"confirm":{"text":{"type":"mrkdwn","text":"%"}}}]}`))},
		{"confirm button", 30, long(in(`{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"x"},"confirm":{"text":{"type":"mrkdwn","text":"x"},"deny":{"type":"plain_text","text":"%"}}}]}`))},
		{"typed value", 3000, long(in(`{"type":"input","label":{"type":"plain_text","text":"x"},"element":{"type":"plain_text_input","initial_value":"%"}}`))},
	}
	for _, row := range rows {
		if wrong := ours(row.make(row.most)); len(wrong) > 0 {
			t.Errorf("%s of %d is refused: %v", row.what, row.most, wrong)
		}
		if len(ours(row.make(row.most+1))) == 0 {
			t.Errorf("%s of %d is taken", row.what, row.most+1)
		}
	}
}

func TestIDsAreUnique(t *testing.T) {
	parse := func(raw string) []any { v, _ := parseJSON([]byte(raw)); return v.([]any) }
	if len(checkBlocks(parse(`[{"type":"divider","block_id":"b"},{"type":"divider","block_id":"b"}]`), blocks, "")) == 0 {
		t.Error("a block_id twice is taken")
	}
	same := strings.Replace(`[{"type":"actions","elements":[%,%]}]`, "%", button, 2)
	if len(checkBlocks(parse(same), blocks, "")) == 0 {
		t.Error("an action_id twice in a block is taken")
	}
}
