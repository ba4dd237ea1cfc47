package console

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/synthoperator/baton/chat"
)

// Answer is one answer as JSON: one object on one line for each thing said.
type Answer struct {
	ID      string   `json:"id"`                // the delivery's
	Person  string   `json:"person"`            // who spoke
	Said    string   `json:"said"`              // and what
	Channel string   `json:"channel"`           // where the answer belongs
	Session string   `json:"session,omitempty"` // its number there
	Refused bool     `json:"refused"`           // nothing was done
	Fault   bool     `json:"fault"`             // something broke
	Text    string   `json:"text"`              // as it prints, without the place in front
	Title   string   `json:"title,omitempty"`
	Blocks  []Part   `json:"blocks,omitempty"`
	Buttons []Button `json:"buttons,omitempty"`
	Form    *Form    `json:"form,omitempty"`
	Files   []File   `json:"files,omitempty"`
	// Besides is what Baton said by itself since the answer before.
	Besides []Besides `json:"besides,omitempty"`
}

// Besides is something that Baton said by itself.
type Besides struct {
	Channel string `json:"channel"`
	Session string `json:"session,omitempty"`
	Text    string `json:"text"`
	Title   string `json:"title,omitempty"`
	Blocks  []Part `json:"blocks,omitempty"`
}

// Part is a block: its kind (paragraph, rich, bullets, fields, code, remark,
// progress, pointer) and what that kind holds.
type Part struct {
	Kind   string      `json:"kind"`
	Text   string      `json:"text,omitempty"`
	Items  []string    `json:"items,omitempty"`
	Fields [][2]string `json:"fields,omitempty"`
}

// Button is a line to type and what it is called.
type Button struct {
	Label string `json:"label"`
	Type  string `json:"type"`
}

// Form is what would be asked at a terminal.
type Form struct {
	Title  string  `json:"title"`
	Verb   string  `json:"verb"`
	Inputs []Input `json:"inputs"`
}

// Input is one value of a form.
type Input struct {
	Name     string   `json:"name"`
	Help     string   `json:"help,omitempty"`
	Value    string   `json:"value,omitempty"`
	Required bool     `json:"required,omitempty"`
	Choices  []string `json:"choices,omitempty"`
}

// File is a document; Text is there where it is one.
type File struct {
	Name      string `json:"name"`
	MediaType string `json:"mediaType"`
	Size      int    `json:"size"`
	Text      string `json:"text,omitempty"`
}

// besides is what was said by itself, as it goes with the next answer.
func besides(to chat.Thread, m chat.Message, rows []row) Besides {
	return Besides{Channel: to.Channel(), Session: to.Root(), Text: joined(rows), Title: m.Title, Blocks: parts(m)}
}

func joined(rows []row) string {
	text := make([]string, len(rows))
	for i, row := range rows {
		text[i] = row.text
	}
	return strings.Join(text, "\n")
}

func parts(m chat.Message) (out []Part) {
	for _, block := range m.Blocks {
		out = append(out, part(block))
	}
	return out
}

func encode(out io.Writer, a Answer) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(a); err != nil {
		return fmt.Errorf("print an answer: %w", err)
	}
	return nil
}

// writeJSON prints an answer as one line of JSON.
func writeJSON(out io.Writer, r renderer, call chat.Call, m chat.Message, also []Besides) error {
	thread := at(call, m)
	a := Answer{
		ID: call.ID, Person: call.Person.Name, Said: call.Text,
		Channel: thread.Channel(), Session: thread.Root(),
		Refused: m.Refused, Fault: m.Fault, Title: m.Title, Besides: also,
	}
	a.Text, a.Blocks = joined(r.message(m)), parts(m)
	for _, b := range m.Buttons {
		a.Buttons = append(a.Buttons, Button{b.Label, r.typed(b)})
	}
	for _, f := range m.Files {
		file := File{Name: f.Name, MediaType: f.MediaType, Size: len(f.Data)}
		if isText(f) {
			file.Text = string(f.Data)
		}
		a.Files = append(a.Files, file)
	}
	if m.Form != nil {
		a.Form = formJSON(*m.Form)
	}
	return encode(out, a)
}

func formJSON(f chat.Form) *Form {
	out := &Form{Title: f.Title, Verb: f.Verb}
	for _, in := range f.Inputs {
		out.Inputs = append(out.Inputs, Input{in.Name, in.Help, in.Value, in.Required, in.Choices})
	}
	return out
}

func part(block chat.Block) Part {
	switch b := block.(type) {
	case chat.Paragraph:
		return Part{Kind: "paragraph", Text: string(b)}
	case chat.Bullets:
		return Part{Kind: "bullets", Items: b}
	case chat.Fields:
		p := Part{Kind: "fields"}
		for _, f := range b {
			p.Fields = append(p.Fields, [2]string{f.Name, f.Value})
		}
		return p
	case chat.Rich:
		return Part{Kind: "rich", Text: string(b)}
	case chat.Progress:
		return Part{Kind: "progress", Text: progress(b)}
	case chat.Pointer:
		return Part{Kind: "pointer", Text: pointer(b)}
	case chat.Code:
		return Part{Kind: "code", Text: string(b)}
	case chat.Remark:
		return Part{Kind: "remark", Text: string(b)}
	}
	return Part{Kind: "paragraph", Text: fmt.Sprint(block)}
}
