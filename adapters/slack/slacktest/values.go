package slacktest

import (
	"encoding/json"
	"fmt"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// initial is what an element holds before anybody touched it.
func initial(e map[string]any) any {
	kind, _ := e["type"].(string)
	value := map[string]any{"type": kind}
	put := func(field, from string, empty any) {
		value[field] = empty
		if e[from] != nil {
			value[field] = e[from]
		}
	}
	switch kind {
	case "static_select", "external_select", "radio_buttons":
		put("selected_option", "initial_option", nil)
	case "multi_static_select", "multi_external_select", "checkboxes":
		put("selected_options", "initial_options", []any{})
	case "users_select":
		put("selected_user", "initial_user", nil)
	case "channels_select":
		put("selected_channel", "initial_channel", nil)
	case "conversations_select":
		put("selected_conversation", "initial_conversation", nil)
	case "multi_users_select":
		put("selected_users", "initial_users", []any{})
	case "multi_channels_select":
		put("selected_channels", "initial_channels", []any{})
	case "multi_conversations_select":
		put("selected_conversations", "initial_conversations", []any{})
	case "datepicker":
		put("selected_date", "initial_date", nil)
	case "timepicker":
		put("selected_time", "initial_time", nil)
	case "datetimepicker":
		put("selected_date_time", "initial_date_time", nil)
	case "rich_text_input":
		put("rich_text_value", "initial_value", nil)
	case "file_input":
		value["files"] = []any{}
	default:
		put("value", "initial_value", nil)
	}
	return value
}

// filled is what an element holds after somebody chose or typed one value (or
// several, for elements that take many), or why it does not take that.
func filled(e map[string]any, given ...string) (map[string]any, error) {
	value := initial(e).(map[string]any)
	if len(given) == 0 || len(given) == 1 && given[0] == "" {
		return value, nil
	}
	for field := range value {
		switch field {
		case "type":
		case "selected_option":
			o, err := optionOf(e, given[0])
			if err != nil {
				return nil, err
			}
			value[field] = o
		case "selected_options":
			chosen := []any{}
			for _, g := range given {
				o, err := optionOf(e, g)
				if err != nil {
					return nil, err
				}
				chosen = append(chosen, o)
			}
			value[field] = chosen
		case "selected_users", "selected_channels", "selected_conversations", "files":
			chosen := []any{}
			for _, g := range given {
				chosen = append(chosen, g)
			}
			value[field] = chosen
		case "selected_date_time":
			value[field] = json.Number(given[0])
		case "rich_text_value":
			value[field] = map[string]any{"type": "rich_text", "elements": []any{map[string]any{
				"type": "rich_text_section", "elements": []any{map[string]any{"type": "text", "text": given[0]}},
			}}}
		default:
			value[field] = given[0]
		}
	}
	return value, nil
}

// optionOf finds an option by value or text. A menu that is searched by the app
// takes what it offered.
func optionOf(e map[string]any, want string) (map[string]any, error) {
	var all []any
	for _, from := range []any{e["options"], e["found"]} {
		if items, is := from.([]any); is {
			all = append(all, items...)
		}
	}
	if groups, is := e["option_groups"].([]any); is {
		for _, g := range groups {
			items, _ := g.(map[string]any)["options"].([]any)
			all = append(all, items...)
		}
	}
	var names []string
	for _, o := range all {
		option, _ := o.(map[string]any)
		if option["value"] == want || textOf(option["text"]) == want {
			return option, nil
		}
		names = append(names, textOf(option["text"]))
	}
	return nil, fmt.Errorf("there is no option %q; there are %s", want, strings.Join(names, ", "))
}

// empty reports whether nothing was chosen or typed.
func empty(value map[string]any) bool {
	for field, v := range value {
		items, many := v.([]any)
		if field != "type" && v != nil && v != "" && (!many || len(items) > 0) {
			return false
		}
	}
	return true
}

// complaint is what Slack's client says to a value before the app hears of it.
func complaint(b, e, value map[string]any) string {
	if empty(value) {
		if b["optional"] == true {
			return ""
		}
		return "Please complete this required field."
	}
	typed, _ := value["value"].(string)
	n := utf8.RuneCountInString(typed)
	switch e["type"] {
	case "plain_text_input":
		if least, is := e["min_length"].(json.Number); is && n < atoi(least) {
			return fmt.Sprintf("Please enter at least %s characters.", least)
		}
		most := 3000
		if m, is := e["max_length"].(json.Number); is {
			most = atoi(m)
		}
		if n > most {
			return fmt.Sprintf("Please enter fewer than %d characters.", most)
		}
	case "number_input":
		if _, err := strconv.ParseFloat(typed, 64); err != nil {
			return "Please enter a number."
		}
	case "email_text_input":
		if _, err := mail.ParseAddress(typed); err != nil {
			return "Please enter a valid email address."
		}
	case "url_text_input":
		if !strings.HasPrefix(typed, "http://") && !strings.HasPrefix(typed, "https://") {
			return "Please enter a valid URL."
		}
	}
	return ""
}

func atoi(n json.Number) int { i, _ := n.Int64(); return int(i) }

// byName finds the block and element that somebody means: by action id, block
// id, label, or the text on a button.
func byName(items []any, name string) (b, e map[string]any) {
	for _, match := range []func(b, e map[string]any) bool{
		func(_, e map[string]any) bool { return e["action_id"] == name },
		func(b, _ map[string]any) bool { return b["block_id"] == name },
		func(b, e map[string]any) bool { return textOf(b["label"]) == name || textOf(e["text"]) == name },
	} {
		for _, item := range items {
			b, _ := item.(map[string]any)
			found := elementsOf(b)
			if i := slices.IndexFunc(found, func(e map[string]any) bool { return e["action_id"] != nil && match(b, e) }); i >= 0 {
				return b, found[i]
			}
		}
	}
	return nil, nil
}
