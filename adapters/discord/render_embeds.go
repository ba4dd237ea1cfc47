package discord

import (
	"errors"
	"strings"
	"time"

	"github.com/synthoperator/baton/chat"
)

// embed is one embed of a message, as far as Baton uses it (D:resources/message,
// Embed Object).
type embed struct {
	Author      *embedAuthor `json:"author,omitempty"`
	Description string       `json:"description,omitempty"`
	URL         string       `json:"url,omitempty"`
	Color       uint32       `json:"color,omitempty"`
	Fields      []embedField `json:"fields,omitempty"`
}

type embedAuthor struct {
	Name string `json:"name"`
	Icon string `json:"icon_url,omitempty"`
}

type embedField struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Inline bool   `json:"inline"`
}

// embedded is a message as it was said before Components V2: a line of text,
// embeds, and rows of buttons and lists.
type embedded struct {
	content string
	embeds  []embed
	rows    []component
}

// inEmbeds is a part as embeds. What fits into a message of components fits here:
// its texts have no more than 4000 units together, an embed's description may
// have 4096 and all embeds 6000 (D:resources/message, Embed Limits).
func inEmbeds(m chat.Message, key string, controls []component) *embedded {
	out := &embedded{rows: append([]component{}, controls...), embeds: tables(m)}
	if len(out.embeds) > maxEmbeds {
		out.embeds = []embed{{Description: embedText(m, m.Blocks)}}
	}
	if len(m.To) > 0 {
		out.content = addressed(m)
		if strings.Contains(out.content, "://") { // its preview would be shown
			out.content = addressed(chat.Message{To: m.To})
		}
	}
	author := authorOf(m.As)
	if len(out.embeds) == 0 && (author != nil || key != "") {
		out.embeds = []embed{{Description: zeroWidth}}
	}
	for i := range out.embeds {
		e := &out.embeds[i]
		e.Color = m.As.Color & 0xFFFFFF
		if i == 0 {
			e.Author = author
			if key != "" {
				e.URL = keyAddress + key
			}
		}
	}
	return out
}

// authorOf is who speaks as an embed's author; nil for Baton.
func authorOf(as chat.Speaker) *embedAuthor {
	name := inOneLine(as.Name)
	if blank(name) {
		return nil
	}
	if emoji := inOneLine(as.Emoji); !blank(emoji) && units(emoji) <= maxEmoji {
		name = emoji + " " + name
	}
	out := &embedAuthor{Name: name}
	if pictured(as) {
		out.Icon = as.Avatar
	}
	return out
}

// tables are a message's title and blocks as embeds in which fields are fields.
// An embed shows its text above its fields, so that text after a table begins
// another one, and so does the 26th field.
func tables(m chat.Message) []embed {
	var all []embed
	var said []chat.Block
	title := m.Title
	flush := func(fields []embedField) {
		text := embedText(chat.Message{Title: title}, said)
		for rest := fields; text != "" || len(rest) > 0; {
			n := min(len(rest), maxEmbedFields)
			all = append(all, embed{Description: text, Fields: rest[:n:n]})
			text, rest = "", rest[n:]
		}
		title, said = "", nil
	}
	for _, b := range m.Blocks {
		if fields := fieldsOf(b); fields != nil {
			flush(fields)
			continue
		}
		said = append(said, b)
	}
	flush(nil)
	return all
}

// fieldsOf is a table as fields of an embed; nil where it is none, or has one that
// does not fit.
func fieldsOf(b chat.Block) []embedField {
	table, _ := b.(chat.Fields)
	var out []embedField
	for _, f := range table {
		name, value := plainLine(inOneLine(f.Name)), plain(f.Value)
		switch {
		case blank(f.Name) && blank(f.Value):
			continue
		case blank(f.Name), blank(f.Value), units(name) > maxEmbedName, units(value) > maxEmbedValue:
			return nil
		}
		out = append(out, embedField{Name: name, Value: value, Inline: true})
	}
	return out
}

// embedText is a title and blocks as the text of one embed.
func embedText(m chat.Message, blocks []chat.Block) string {
	var lines []string
	if !blank(m.Title) {
		lines = append(lines, drawTitle(m.Title))
	}
	for _, b := range blocks {
		if visible(b) {
			lines = append(lines, draw(b))
		}
	}
	return strings.Join(lines, "\n")
}

// asEmbeds is a message of components said as embeds. All else of it stays.
func (p payload) asEmbeds() payload {
	said := p.embeds()
	p.Flags &^= flagComponentsV2
	p.Content, p.Embeds, p.Components = &said.content, said.embeds, said.rows
	if p.Embeds == nil {
		p.Embeds = []embed{} // an edit takes old ones away
	}
	return p
}

// like is a message made of what it is to replace is made of.
func (p payload) like(inEmbeds bool) payload {
	if inEmbeds {
		return p.asEmbeds()
	}
	return p
}

// carry says a message of components, and as embeds where Discord refuses that:
// a proxy, an older API, or an application that is not let use them. It reports
// whether it was said as embeds. What is refused both ways was not refused for
// its form, and the first refusal tells why.
func (a *Adapter) carry(p payload, send func(payload) error) (asEmbeds bool, err error) {
	if p.embeds == nil {
		return false, send(p)
	}
	if a.known.onlyEmbeds(a.rest.now()) {
		return true, send(p.asEmbeds())
	}
	if err = send(p); !coded(err, invalidForm, emptyMessage) {
		return false, err
	}
	again := send(p.asEmbeds())
	var refused *apiError
	switch {
	case again == nil:
		a.rest.log.Warn("Discord does not take Components V2; Baton speaks in embeds for a while", "err", err)
		a.known.believeEmbeds(a.rest.now().Add(askForComponents))
		return true, nil
	case errors.As(again, &refused) && refused.effect() == rejected:
		return false, err
	}
	return true, again
}

// Codes with which a message is refused for what it looks like
// (D:topics/opcodes-and-status-codes).
const (
	invalidForm  = 50035
	emptyMessage = 50006 // from whoever does not know the flag, and sees nothing in it
)

// askForComponents is how long Components V2 are believed not to be taken.
const askForComponents = 10 * time.Minute

func (k *known) onlyEmbeds(now time.Time) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return now.Before(k.embedsUntil)
}

func (k *known) believeEmbeds(until time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.embedsUntil = until
}
