package discord

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/synthoperator/baton/chat"
)

// Messages are made of Components V2: one container in the speaker's colour with
// everything in it, and above it a line that notifies. Links in it have no
// previews, as such a message has no embeds (D:components/reference). Each part
// also fits into a message of embeds: see [Adapter.carry].

// render is a message as it is sent: its parts, each inside every limit.
func (a *Adapter) render(ctx context.Context, m chat.Message) ([]payload, error) {
	var out []payload
	for _, part := range split(m) {
		p, err := a.renderPart(ctx, part, "")
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// renderPart is one part of a message, with the key under which it is found
// again; "" for none.
func (a *Adapter) renderPart(ctx context.Context, m chat.Message, key string) (payload, error) {
	out := payload{Flags: flagComponentsV2, AllowedMentions: mentions{Parse: []string{}}, Attachments: []attachment{}}
	if len(m.To) > 0 {
		out.Components = append(out.Components, shown(addressed(m)))
		out.AllowedMentions.Users = pinged(m.To)
	}
	box := component{Type: container, AccentColor: m.As.Color & 0xFFFFFF}
	box.Components = head(m)
	for _, b := range m.Blocks {
		if visible(b) {
			box.Components = append(box.Components, shown(draw(b)))
		}
	}
	controls, err := a.controls(ctx, m)
	if err != nil {
		return payload{}, err
	}
	out.embeds = func() *embedded { return inEmbeds(m, key, controls) }
	box.Components = append(box.Components, controls...)
	box.Components = append(box.Components, out.attach(m.Files)...)
	if len(box.Components) == 0 && key == "" {
		return out, nil
	}
	out.Components = append(out.Components, box)
	if key != "" {
		mark(out.Components, key)
	}
	return out, nil
}

// says reports whether something of a message is seen.
func says(m chat.Message) bool {
	return !blank(m.Title) || !blank(m.Short) || slices.ContainsFunc(m.Blocks, visible) ||
		len(m.Buttons) > 0 || len(m.Selects) > 0 || len(m.Files) > 0
}

func shown(text string) component { return component{Type: textDisplay, Content: text} }

// head is who speaks, and the title.
func head(m chat.Message) []component {
	var texts []component
	if name := speaker(m.As); name != "" {
		texts = append(texts, shown(name))
	}
	face := len(texts) > 0 && pictured(m.As)
	if !blank(m.Title) {
		texts = append(texts, shown(drawTitle(m.Title)))
	}
	if face {
		return []component{{
			Type: section, Components: texts,
			Accessory: &component{Type: thumbnail, Media: &mediaURL{URL: m.As.Avatar}},
		}}
	}
	return texts
}

func drawTitle(title string) string { return "## " + plainLine(inOneLine(title)) }

// speaker is who speaks as one line; "" for Baton.
func speaker(as chat.Speaker) string {
	name := inOneLine(as.Name)
	if blank(name) {
		return ""
	}
	text := "**" + plainLine(name) + "**"
	if emoji := inOneLine(as.Emoji); !blank(emoji) && units(emoji) <= maxEmoji {
		text = plainLine(emoji) + " " + text
	}
	return text
}

const maxEmoji = 20 // units of what stands for a speaker beside the name

// pictured reports whether a speaker has a picture that Discord can show.
func pictured(as chat.Speaker) bool {
	u, err := url.Parse(as.Avatar)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && units(as.Avatar) <= maxMediaURL
}

// heading is what a speaker takes of a message: units and components.
func heading(as chat.Speaker) (text, comps int) {
	name := speaker(as)
	switch {
	case name == "":
		return 0, 0
	case pictured(as):
		return units(name), 3
	}
	return units(name), 1
}

// addressed is the line that notifies, which is also what a notification shows.
func addressed(m chat.Message) string {
	var names []string
	for _, p := range m.To {
		names = append(names, mention(p.ID, p.Name))
	}
	return strings.TrimRight(strings.Join(names, " ")+" "+notice(m.Short), " ")
}

// notice is what a notification shows beside names: one line, cut where it is
// too long, as all of it stands in the message.
func notice(short string) string {
	const most = 300
	text := plainLine(inOneLine(short))
	if units(text) <= most {
		return text
	}
	return plainLine(cut(inOneLine(short), most-1, most-1, width)[0]) + "…"
}

// pinged are the ids of those who are notified, each once.
func pinged(to []chat.Person) []string {
	var ids []string
	for _, p := range to {
		if idRE.MatchString(p.ID) && !slices.Contains(ids, p.ID) {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// small begins a line of small print.
const small = "-# "

// draw is a block as markup.
func draw(b chat.Block) string {
	switch b := b.(type) {
	case chat.Paragraph:
		return plain(string(b))
	case chat.Rich:
		return rich(clean(string(b)))
	case chat.Bullets:
		var items []string
		for _, item := range b {
			if !blank(item) {
				items = append(items, bullet(item))
			}
		}
		return strings.Join(items, "\n")
	case chat.Fields:
		var lines []string
		for _, f := range b {
			if !blank(f.Name) || !blank(f.Value) {
				lines = append(lines, field(f))
			}
		}
		return strings.Join(lines, "\n")
	case chat.Code:
		return fenced("", clean(string(b)))
	case chat.Remark:
		lines := strings.Split(plain(string(b)), "\n")
		for i, line := range lines {
			if !blank(line) {
				lines[i] = small + strings.TrimLeft(line, " \t")
			}
		}
		return strings.Join(lines, "\n")
	case chat.Progress:
		return progress(b)
	case chat.Pointer:
		return pointer(b)
	}
	panic(fmt.Sprintf("discord: a block of the kind %T", b))
}

// visible reports whether something of a block is seen.
func visible(b chat.Block) bool {
	// To draw what is long takes long, and drawing makes nothing visible or hides it
	// but in Markdown.
	switch b := b.(type) {
	case chat.Paragraph:
		return !blank(string(b))
	case chat.Code:
		return !blank(string(b))
	case chat.Remark:
		return !blank(string(b))
	case chat.Bullets:
		return slices.ContainsFunc(b, func(item string) bool { return !blank(item) })
	case chat.Rich:
		if strings.ContainsAny(string(b), "`~|\\!") {
			return !blank(strings.ReplaceAll(draw(b), "```", ""))
		}
		return !blank(string(b))
	default:
		return !blank(draw(b))
	}
}

func bullet(item string) string {
	return "- " + strings.ReplaceAll(plain(item), "\n", "\n  ")
}

func field(f chat.Field) string {
	name := inOneLine(f.Name)
	if blank(name) {
		return plain(f.Value)
	}
	return "**" + plainLine(name) + "**: " + plain(f.Value)
}

// progress is a bar of ten and the numbers.
func progress(p chat.Progress) string {
	const bars = 10
	full := 0
	if p.Of > 0 {
		full = min(max(p.Done*bars/p.Of, 0), bars)
	}
	return strings.Repeat("▰", full) + strings.Repeat("▱", bars-full) + fmt.Sprintf(" %d of %d done", p.Done, p.Of)
}

func pointer(p chat.Pointer) string {
	label, link := inOneLine(p.Label), p.To.Link
	if place, ok := p.To.Place(); ok && place.Platform() == Platform {
		return plainLine(label) + ": <#" + place.Channel() + ">"
	}
	switch {
	case link == "":
		return plainLine(label)
	case blank(label):
		return plain(link)
	case urlAt(link) == link && !strings.ContainsAny(link, "()"):
		return "[" + plainLine(label) + "](" + link + ")"
	}
	return plainLine(label) + " → " + plain(link)
}
