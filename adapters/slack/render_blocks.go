package slack

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	slackgo "github.com/slack-go/slack"
	"github.com/synthoperator/baton/chat"
)

// blocksOf is one block as Slack shows it; nothing where there is nothing to see.
func blocksOf(block chat.Block) []slackgo.Block {
	if blank(words(block)) {
		return nil
	}
	switch b := block.(type) {
	case chat.Paragraph:
		text := clean(string(b))
		if heads(text) {
			bold := &slackgo.RichTextSectionTextStyle{Bold: true}
			return one(slackgo.NewRichTextBlock("", slackgo.NewRichTextSection(slackgo.NewRichTextSectionTextElement(text, bold))))
		}
		return one(slackgo.NewRichTextBlock("", slackgo.NewRichTextSection(inline(text)...)))
	case chat.Rich:
		return one(slackgo.NewMarkdownBlock("", inert(string(b))))
	case chat.Bullets:
		var items []slackgo.RichTextElement
		for _, item := range b {
			if !blank(item) {
				items = append(items, slackgo.NewRichTextSection(inline(strings.TrimSpace(clean(item)))...))
			}
		}
		return one(slackgo.NewRichTextBlock("", bulleted{slackgo.RTEList, slackgo.RTEListBullet, items}))
	case chat.Fields:
		var all []*slackgo.TextBlockObject
		for _, f := range b {
			all = append(all, field(f))
		}
		return one(slackgo.NewSectionBlock(nil, all, nil))
	case chat.Code:
		text := strings.Trim(clean(string(b)), "\n")
		return one(slackgo.NewRichTextBlock("", &slackgo.RichTextPreformatted{
			Type: slackgo.RTEPreformatted, Elements: []slackgo.RichTextSectionElement{slackgo.NewRichTextSectionTextElement(text, nil)},
		}))
	case chat.Remark:
		return one(small(string(b)))
	case chat.Progress:
		return one(small(words(b)))
	case chat.Pointer:
		return one(slackgo.NewRichTextBlock("", slackgo.NewRichTextSection(pointer(b)...)))
	}
	panic(fmt.Sprintf("slack: a block of the kind %T", block))
}

// maxHeading is how long the words over a list are at most; longer ones are a
// sentence.
const maxHeading = 40

// heads reports whether a paragraph is the words over what follows, as "Open items:"
// over a list. They are bold, so that a card can be read at a glance.
func heads(text string) bool {
	return strings.HasSuffix(text, ":") && units(text) <= maxHeading && !strings.ContainsAny(text, "\n`") && !addressRE.MatchString(text)
}

// bulleted is a list. That of slack-go has an offset too, which Slack's own types
// do not know.
type bulleted struct {
	Type     slackgo.RichTextElementType     `json:"type"`
	Style    slackgo.RichTextListElementType `json:"style"`
	Elements []slackgo.RichTextElement       `json:"elements"`
}

// RichTextElementType implements [slackgo.RichTextElement].
func (b bulleted) RichTextElementType() slackgo.RichTextElementType { return b.Type }

func one(b slackgo.Block) []slackgo.Block { return []slackgo.Block{b} }

// size is how many units a block that fits has, and how many blocks it becomes.
func size(block chat.Block) (text, blocks int) {
	if blank(words(block)) {
		return 0, 0
	}
	switch b := block.(type) {
	case chat.Rich:
		return markdownUnits(string(b)), 1
	case chat.Remark:
		return smallUnits(string(b)), 1
	case chat.Fields:
		for _, f := range b {
			text += fieldUnits(f)
		}
		return text, 1
	case chat.Pointer:
		return units(b.Label) + units(pointerURL(b)) + 3, 1
	case chat.Paragraph, chat.Bullets, chat.Code, chat.Progress:
	}
	return units(words(block)), 1
}

// words is a block as plain text.
func words(block chat.Block) string {
	switch b := block.(type) {
	case chat.Paragraph:
		return clean(string(b))
	case chat.Rich:
		return clean(string(b))
	case chat.Bullets:
		return clean(strings.Join(b, "\n"))
	case chat.Fields:
		var lines []string
		for _, f := range b {
			if !blank(f.Name) || !blank(f.Value) {
				lines = append(lines, clean(f.Name)+": "+clean(f.Value))
			}
		}
		return strings.Join(lines, "\n")
	case chat.Code:
		return clean(string(b))
	case chat.Remark:
		return clean(string(b))
	case chat.Progress:
		return bar(b)
	case chat.Pointer:
		return clean(b.Label + pointerWords(b))
	}
	panic(fmt.Sprintf("slack: a block of the kind %T", block))
}

// barCells is how wide a bar is.
const barCells = 10

// bar is how much of something is done.
func bar(p chat.Progress) string {
	full := 0
	if p.Of > 0 {
		full = max(0, min(barCells, p.Done*barCells/p.Of))
	}
	return strings.Repeat("▰", full) + strings.Repeat("▱", barCells-full) + fmt.Sprintf(" %d of %d done", p.Done, p.Of)
}

// small is small print.
func small(text string) slackgo.Block {
	text = strings.TrimSpace(clean(text))
	object := plain(text)
	if marked, ok := mrkdwn(text); ok {
		object = markup(marked)
	}
	return slackgo.NewContextBlock("", object)
}

// smallUnits is how long a text can become as small print or a field.
func smallUnits(text string) int { return units(escaped.Replace(text)) }

// field is a name over its value. Where the one or the other would be drawn
// otherwise than it stands, neither is bold.
func field(f chat.Field) *slackgo.TextBlockObject {
	name, ok1 := mrkdwn(oneLine(f.Name))
	value, ok2 := mrkdwn(f.Value)
	if !ok1 || !ok2 || name == "" || strings.Contains(name, "`") {
		return plain(strings.TrimSpace(oneLine(f.Name) + "\n" + clean(f.Value)))
	}
	return markup("*" + name + "*\n" + value)
}

func fieldUnits(f chat.Field) int { return smallUnits(clean(f.Name)) + smallUnits(clean(f.Value)) + 3 }

// addressRE finds addresses in text.
var addressRE = regexp.MustCompile("https?://[^\\s<>\"'`|]+")

// inline is text in which code stands between backticks; addresses can be
// followed, and everything else is shown as it stands.
func inline(text string) []slackgo.RichTextSectionElement {
	var all []slackgo.RichTextSectionElement
	at := 0
	for _, span := range codeRE.FindAllStringIndex(text, -1) {
		all = append(all, linked(text[at:span[0]])...)
		all = append(all, slackgo.NewRichTextSectionTextElement(text[span[0]+1:span[1]-1], &slackgo.RichTextSectionTextStyle{Code: true}))
		at = span[1]
	}
	return append(all, linked(text[at:])...)
}

func linked(text string) []slackgo.RichTextSectionElement {
	var all []slackgo.RichTextSectionElement
	literally := func(t string) {
		if t != "" {
			all = append(all, slackgo.NewRichTextSectionTextElement(t, nil))
		}
	}
	at := 0
	for _, span := range addressRE.FindAllStringIndex(text, -1) {
		address := strings.TrimRight(text[span[0]:span[1]], ".,;:!?)]}*_~")
		if !followable(address) {
			continue
		}
		literally(text[at:span[0]])
		all = append(all, slackgo.NewRichTextSectionLinkElement(address, "", nil))
		at = span[0] + len(address)
	}
	literally(text[at:])
	return all
}

// followable reports whether an address leads somewhere people can see.
func followable(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && len(address) <= maxURL
}

// pointer leads to what was said elsewhere: by a link where there is one.
func pointer(p chat.Pointer) []slackgo.RichTextSectionElement {
	label := clean(p.Label)
	if place, ok := p.To.Place(); ok && place.Platform() == Platform {
		return append(inline(label+": "), slackgo.NewRichTextSectionChannelElement(place.Channel(), nil))
	}
	if address := pointerURL(p); address != "" {
		if blank(label) {
			label = address
		}
		return []slackgo.RichTextSectionElement{slackgo.NewRichTextSectionLinkElement(address, label, nil)}
	}
	return inline(label + pointerWords(p))
}

// pointerURL is where a pointer leads, where that is known.
func pointerURL(p chat.Pointer) string {
	if followable(p.To.Link) {
		return p.To.Link
	}
	return ""
}

// pointerWords say where it leads in words where no link is known.
func pointerWords(p chat.Pointer) string {
	if p.To.Link != "" {
		return " → " + p.To.Link
	}
	if place, ok := p.To.Place(); ok {
		return ": " + place.Key()
	}
	return ""
}
