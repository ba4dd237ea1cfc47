package slacktest

var (
	limitedStyle = object(fields{"bold": truth, "italic": truth, "strike": truth, "underline": truth,
		"highlight": truth, "client_highlight": truth, "unlink": truth})
	fullStyle = object(fields{"bold": truth, "italic": truth, "strike": truth, "underline": truth, "code": truth})
)

func inline(kind string, f fields) rule {
	return object(typed(kind).with(fields{"style": limitedStyle}).with(f))
}

var richElements = kinds{
	"broadcast": inline("broadcast", fields{"range!": oneOf("here", "channel", "everyone"), "style": fullStyle}),
	"color":     inline("color", fields{"value!": anyText, "style": fullStyle}),
	"channel":   inline("channel", fields{"channel_id!": anyText, "style": fullStyle}),
	"date": inline("date", fields{
		"timestamp!": anyNumber, "format!": anyText, "url": anyText, "fallback": anyText, "style": fullStyle,
	}),
	"emoji":     inline("emoji", fields{"name!": anyText, "unicode": anyText, "url": anyText, "style": fullStyle}),
	"link":      inline("link", fields{"url!": anyText, "text": anyText, "unsafe": truth, "style": fullStyle}),
	"team":      inline("team", fields{"team_id!": anyText, "style": fullStyle}),
	"text":      inline("text", fields{"text!": anyText, "style": fullStyle}),
	"user":      inline("user", fields{"user_id!": anyText, "style": fullStyle}),
	"usergroup": inline("usergroup", fields{"usergroup_id!": anyText, "style": fullStyle}),
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
