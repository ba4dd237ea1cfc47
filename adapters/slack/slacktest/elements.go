package slacktest

// The lengths are those that T says in words; slack.md §1.3 lists them.

func plain(most int) rule {
	return object(typed("plain_text").with(fields{"text!": text(1, most), "emoji": truth}))
}

func mrkdwn(most int) rule {
	return object(typed("mrkdwn").with(fields{"text!": text(1, most), "verbatim": truth}))
}

// either is a text object of one of the two kinds.
func either(most int) rule {
	return kinds{"plain_text": plain(most), "mrkdwn": mrkdwn(most)}.check
}

var (
	id          = text(1, maxID)
	link        = text(1, 3000)
	style       = oneOf("primary", "danger")
	label       = text(0, 75)
	placeholder = plain(150)
	confirm     = object(fields{
		"title": plain(100), "text!": either(300), "confirm": plain(30), "deny": plain(30), "style": style,
	})
	slackFile = object(fields{"id": anyText, "url": anyText}, needsOne("id", "url"))
	dispatch  = object(fields{"trigger_actions_on": array(1, 2, oneOf("on_enter_pressed", "on_character_entered"))})
	// T says 75 for the value; Slack was seen to take 150 (slack.md §1.3: keep to 75).
	plainOption = object(fields{"text!": plain(75), "value!": text(1, 75), "description": plain(75)})
	linkOption  = object(fields{"text!": plain(75), "value!": text(1, 75), "description": plain(75), "url": link})
	anyOption   = object(fields{"text!": either(75), "value!": text(1, 75), "description": either(75)})
	group       = object(fields{"label!": plain(75), "options!": array(1, 100, plainOption)})
	imageFields = typed("image").with(fields{
		"alt_text!": text(0, 2000), "image_url": link, "slack_file": slackFile,
	})
	imageElement = object(imageFields, needsOne("image_url", "slack_file"))
)

// acting is what elements that cause an action have in common.
func acting(kind string, more fields) fields {
	return typed(kind).with(fields{"action_id": id}).with(more)
}

// choosing is what select menus have in common.
func choosing(kind string, many bool, more fields) fields {
	f := acting(kind, fields{"placeholder": placeholder, "confirm": confirm, "focus_on_load": truth}).with(more)
	if many {
		f["max_selected_items"] = number(1, 100)
	}
	return f
}

func menu(kind string, many bool, initial fields) rule {
	return object(choosing(kind, many, fields{
		"options": array(1, 100, plainOption), "option_groups": array(1, 100, group),
	}).with(initial), needsOne("options", "option_groups"))
}

var filter = object(fields{
	"include": array(1, 4, oneOf("im", "mpim", "private", "public")), "exclude_bot_users": truth,
	"exclude_external_shared_channels": truth,
})

var selects = kinds{
	"static_select": menu("static_select", false, fields{"initial_option": plainOption}),
	"external_select": object(choosing("external_select", false, fields{
		"initial_option": plainOption, "min_query_length": number(0, 1000),
	})),
	"users_select": object(choosing("users_select", false, fields{"initial_user": anyText})),
	"channels_select": object(choosing("channels_select", false, fields{
		"initial_channel": anyText, "response_url_enabled": truth,
	})),
	"conversations_select": object(choosing("conversations_select", false, fields{
		"initial_conversation": anyText, "response_url_enabled": truth, "default_to_current_conversation": truth, "filter": filter,
	})),
	"multi_static_select": menu("multi_static_select", true, fields{"initial_options": array(1, 100, plainOption)}),
	"multi_external_select": object(choosing("multi_external_select", true, fields{
		"initial_options": array(1, 100, plainOption), "min_query_length": number(0, 1000),
	})),
	"multi_users_select":    object(choosing("multi_users_select", true, fields{"initial_users": array(1, 100, anyText)})),
	"multi_channels_select": object(choosing("multi_channels_select", true, fields{"initial_channels": array(1, 100, anyText)})),
	"multi_conversations_select": object(choosing("multi_conversations_select", true, fields{
		"initial_conversations": array(1, 100, anyText), "default_to_current_conversation": truth, "filter": filter,
	})),
}

// typing is what fields to type into have in common.
func typing(kind string, more fields) rule {
	return object(acting(kind, fields{
		"placeholder": placeholder, "focus_on_load": truth, "dispatch_action_config": dispatch,
	}).with(more))
}

func picking(kind string, more fields) rule {
	return object(acting(kind, fields{"confirm": confirm, "focus_on_load": truth}).with(more))
}

var elements = selects.and(kinds{
	"button": object(acting("button", fields{
		"text!": plain(75), "value": text(0, 2000), "url": link, "style": style, "confirm": confirm, "accessibility_label": label,
	})),
	"workflow_button": object(acting("workflow_button", fields{
		"text!": plain(75), "style": style, "confirm": confirm, "accessibility_label": label,
		"workflow!": object(fields{"trigger!": object(fields{
			"url!": link, "customizable_input_parameters": array(0, 100, object(fields{"name!": anyText, "value!": anyText})),
		})}),
	})),
	"overflow": object(acting("overflow", fields{"options!": array(1, 5, linkOption), "confirm": confirm})),
	"checkboxes": picking("checkboxes", fields{
		"options!": array(1, 10, anyOption), "initial_options": array(1, 10, anyOption),
	}),
	"radio_buttons":  picking("radio_buttons", fields{"options!": array(1, 10, anyOption), "initial_option": anyOption}),
	"datepicker":     picking("datepicker", fields{"initial_date": text(10, 10), "placeholder": placeholder}),
	"timepicker":     picking("timepicker", fields{"initial_time": text(5, 5), "placeholder": placeholder, "timezone": anyText}),
	"datetimepicker": picking("datetimepicker", fields{"initial_date_time": anyNumber}),
	"plain_text_input": typing("plain_text_input", fields{
		"initial_value": text(0, 3000), "multiline": truth, "min_length": number(0, 3000), "max_length": number(1, 3000),
	}),
	"email_text_input": typing("email_text_input", fields{"initial_value": anyText}),
	"url_text_input":   typing("url_text_input", fields{"initial_value": anyText}),
	"number_input": typing("number_input", fields{
		"is_decimal_allowed!": truth, "initial_value": anyText, "min_value": anyText, "max_value": anyText,
	}),
	"rich_text_input": typing("rich_text_input", fields{
		"initial_value": richText, "min_lines": number(1, 100), "max_lines": number(1, 100),
	}),
	"file_input":       object(acting("file_input", fields{"filetypes": array(1, 100, anyText), "max_files": number(1, 10)})),
	"feedback_buttons": object(acting("feedback_buttons", fields{"positive_button!": feedback, "negative_button!": feedback})),
	"icon_button": object(acting("icon_button", fields{
		"icon!": anyText, "text!": plain(75), "value": text(0, 2000), "confirm": confirm, "accessibility_label": label,
		"visible_to_user_ids": array(0, 100, anyText),
	})),
	"image":      imageElement,
	"plain_text": plain(3000),
	"mrkdwn":     mrkdwn(3000),
})

var feedback = object(fields{"text!": plain(75), "value!": text(0, 2000), "accessibility_label": label})
