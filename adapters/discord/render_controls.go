package discord

import (
	"context"
	"strings"

	"github.com/synthoperator/baton/chat"
)

// controls are a message's buttons and selects in rows.
func (a *Adapter) controls(ctx context.Context, m chat.Message) ([]component, error) {
	var rows []component
	for i, b := range m.Buttons {
		if i%maxRowButtons == 0 {
			rows = append(rows, component{Type: actionRow})
		}
		id, err := value{Verb: b.Verb, Args: b.Args, Form: b.Form}.custom(ctx, a.o.Keep)
		if err != nil {
			return nil, err
		}
		style := secondaryButton
		if i == 0 {
			style = primaryButton
		}
		row := &rows[len(rows)-1]
		row.Components = append(row.Components, component{Type: pressButton, Style: style, Label: inOneLine(b.Label), CustomID: id})
	}
	for _, s := range m.Selects {
		id, err := value{Verb: s.Verb, Args: s.Args, Option: s.Option}.custom(ctx, a.o.Keep)
		if err != nil {
			return nil, err
		}
		list := component{Type: stringSelect, CustomID: id, Placeholder: inOneLine(s.Label)}
		for _, c := range s.Choices {
			list.Options = append(list.Options, option{Label: inOneLine(choiceLabel(c)), Value: c.Text, Description: inOneLine(c.Detail)})
		}
		rows = append(rows, component{Type: actionRow, Components: []component{list}})
	}
	return rows, nil
}

// pictures are the kinds of files that Discord shows as pictures.
var pictures = map[string]bool{"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true}

func picture(f chat.File) bool { return pictures[strings.ToLower(f.MediaType)] }

// attach uploads files with a message and shows them: pictures together, others
// one by one. What is not shown by a component nobody would see
// (D:components/reference, File).
func (p *payload) attach(files []chat.File) []component {
	var out []component
	gallery := component{Type: mediaGallery}
	for i, f := range files {
		alt := inOneLine(f.Alt)
		p.files = append(p.files, f)
		p.Attachments = append(p.Attachments, attachment{ID: i, Filename: f.Name, Description: alt})
		at := mediaURL{URL: "attachment://" + f.Name}
		if picture(f) {
			gallery.Items = append(gallery.Items, media{Media: at, Description: alt})
		} else {
			out = append(out, component{Type: fileDisplay, File: &at})
		}
	}
	if len(gallery.Items) > 0 {
		out = append([]component{gallery}, out...)
	}
	return out
}
