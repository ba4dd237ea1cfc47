package slack

import (
	"strings"

	slackgo "github.com/slack-go/slack"
	"github.com/synthoperator/baton/chat"
)

// rendered is one message as Slack is given it.
type rendered struct {
	Text                         string // what a notification shows; markup
	Blocks                       []slackgo.Block
	Username, IconEmoji, IconURL string
	Files                        []chat.File // to be uploaded after it
}

// render is a message in the form that a workspace shows, in as many parts as it
// takes. It drops nothing: what cannot be shown there is said in words.
func (a *Adapter) render(m chat.Message, workspace string) []rendered {
	var g grants
	if m.As.Name != "" || len(m.Files) > 0 { // nothing else depends on it
		g = a.granted(workspace)
	}
	var all []rendered
	for _, part := range split(m, g) {
		all = append(all, renderPart(part, g))
	}
	return all
}

// renderPart is a part of a message that was split.
func renderPart(m chat.Message, g grants) rendered {
	r := rendered{Text: fallback(m), Files: m.Files}
	r.speaker(m.As, g)
	if len(m.To) > 0 {
		var names []string
		for _, p := range m.To {
			names = append(names, mention(p))
		}
		r.add(slackgo.NewSectionBlock(markup(strings.Join(names, " ")), nil, nil))
	}
	if !blank(m.Title) {
		r.add(slackgo.NewHeaderBlock(plain(shorten(oneLine(m.Title), maxHeader))))
	}
	for _, block := range m.Blocks {
		r.add(blocksOf(block)...)
	}
	r.buttons(m.Buttons)
	for _, s := range m.Selects {
		r.add(menu(s))
	}
	return r
}

func (r *rendered) add(blocks ...slackgo.Block) { r.Blocks = append(r.Blocks, blocks...) }

// speaker says who speaks: as the name of the message where that is granted,
// else in its first line.
func (r *rendered) speaker(as chat.Speaker, g grants) {
	if as.Name == "" {
		return
	}
	if !g.customize {
		r.add(small(speakerLine(as)))
		return
	}
	var beside bool
	r.Username, beside = username(as)
	switch {
	case beside:
	case strings.HasPrefix(as.Avatar, "https://") && len(as.Avatar) <= maxURL:
		r.IconURL = as.Avatar
	default:
		r.IconEmoji = emojiNames[as.Emoji]
	}
}

// username is what somebody speaks under, which mentions nobody; beside says that
// their emoji stands in it, as it has no name that can stand beside the message.
func username(as chat.Speaker) (name string, beside bool) {
	name = strings.ReplaceAll(oneLine(as.Name), "<", "<"+joiner)
	avatar := strings.HasPrefix(as.Avatar, "https://") && len(as.Avatar) <= maxURL
	if beside = !avatar && emojiNames[as.Emoji] == "" && oneLine(as.Emoji) != ""; beside {
		name = strings.TrimSpace(oneLine(as.Emoji) + " " + name)
	}
	return name, beside
}

// speakerLine is a speaker as text.
func speakerLine(as chat.Speaker) string {
	return strings.TrimSpace(oneLine(as.Emoji) + " " + oneLine(as.Name))
}

// emojiNames are Slack's names for emoji that can stand beside a message
// (https://docs.slack.dev/reference/methods/chat.postMessage takes a name, not
// the character). One that is not here stands in the name.
var emojiNames = map[string]string{
	"🎯": ":dart:", "🏗️": ":building_construction:", "📈": ":chart_with_upwards_trend:", "🛠️": ":hammer_and_wrench:",
	"🧭": ":compass:", "🧮": ":abacus:", "✍️": ":writing_hand:", "🚀": ":rocket:", "🤖": ":robot_face:", "💡": ":bulb:",
	"🔒": ":lock:", "🎨": ":art:", "🧪": ":test_tube:", "⚙️": ":gear:", "📊": ":bar_chart:", "📣": ":mega:", "🔍": ":mag:",
}

// fallback is a message in one line, for notifications and for who cannot see
// blocks. Slack shows it instead of the blocks only there.
func fallback(m chat.Message) string {
	for _, text := range []string{m.Short, m.Title, firstText(m)} {
		if text = oneLine(text); text != "" {
			return escape(shorten(text, maxText/5))
		}
	}
	return "…"
}

// firstText is the first thing that a message without a title says.
func firstText(m chat.Message) string {
	for _, block := range m.Blocks {
		if text := words(block); !blank(text) {
			return text
		}
	}
	for _, b := range m.Buttons {
		return b.Label
	}
	for _, s := range m.Selects {
		return s.Label
	}
	for _, f := range m.Files {
		return attached(f)
	}
	return ""
}

func plain(text string) *slackgo.TextBlockObject {
	return &slackgo.TextBlockObject{Type: slackgo.PlainTextType, Text: text}
}

// markup is text that was made inert before; names and addresses in it are left
// alone (verbatim).
func markup(text string) *slackgo.TextBlockObject {
	return &slackgo.TextBlockObject{Type: slackgo.MarkdownType, Text: text, Verbatim: true}
}

// mention is markup that notifies somebody; their name where that is impossible.
func mention(p chat.Person) string {
	if !userRE.MatchString(p.ID) {
		return escape(shorten(oneLine(p.Name), maxLabel))
	}
	return "<@" + p.ID + ">"
}
