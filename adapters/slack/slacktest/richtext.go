package slacktest

var richStyle = object(fields{"bold": truth, "italic": truth, "strike": truth, "underline": truth, "code": truth})

func inline(kind string, f fields) rule {
	return object(typed(kind).with(fields{"style": richStyle}).with(f))
}

var richElements = kinds{
	"broadcast": inline("broadcast", fields{"range!": oneOf("here", "channel", "everyone")}),
	"color":     inline("color", fields{"value!": anyText}),
	"channel":   inline("channel", fields{"channel_id!": anyText}),
	"date": inline("date", fields{
		"timestamp!": anyNumber, "format!": anyText, "url": anyText, "fallback": anyText,
	}),
	"emoji":     inline("emoji", fields{"name!": anyText, "unicode": anyText, "url": anyText}),
	"link":      inline("link", fields{"url!": anyText, "text": anyText, "unsafe": truth}),
	"team":      inline("team", fields{"team_id!": anyText}),
	"text":      inline("text", fields{"text!": anyText}),
	"user":      inline("user", fields{"user_id!": anyText}),
	"usergroup": inline("usergroup", fields{"usergroup_id!": anyText}),
}

var (
	border  = number(0, 1)
	section = object(typed("rich_text_section").with(fields{"elements!": array(0, 1000, richElements.check)}))
)

var richBlocks = kinds{
	"rich_text_section": section,
	"rich_text_list": object(typed("rich_text_list").with(fields{
		"elements!": array(0, 1000, section), "style!": oneOf("bullet", "ordered"), "indent": number(0, 8), "border": border,
	})),
	"rich_text_quote": object(typed("rich_text_quote").with(fields{
		"elements!": array(0, 1000, richElements.check), "border": border,
	})),
	"rich_text_preformatted": object(typed("rich_text_preformatted").with(fields{
		"elements!": array(0, 1000, richElements.only("text", "link").check), "border": border,
	})),
}

var richText = object(typed("rich_text").with(fields{
	"block_id": id, "elements!": array(0, 1000, richBlocks.check),
}))
