package console

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/mattn/go-runewidth"
	"github.com/synthoperator/baton/chat"
)

// widest bounds the column of field names, in cells of the terminal.
const widest = 28

// row is one line of an answer.
type row struct {
	text string
	dim  bool // small print
	bare bool // without the place in front
}

// renderer turns messages into rows. It knows the verbs so that it can say what
// to type for a button and for a form.
type renderer struct {
	specs  map[string]chat.Spec
	files  func(chat.File) []row
	screen bool // somebody reads along: what is to be copied stands alone, forms are asked for afterwards
}

// message is the whole of it, title first. On a screen the small print at the
// end comes after the documents, which may be longer than the screen.
func (r renderer) message(m chat.Message) []row {
	rows := plainRows(m.Title)
	blocks, small := m.Blocks, 0
	if r.screen && len(m.Files) > 0 {
		small = remarksAtEnd(blocks)
	}
	for _, block := range blocks[:len(blocks)-small] {
		rows = append(rows, r.block(block)...)
	}
	if small == 0 && unread(rows) {
		rows = plainRows(m.Short) // it stands for all there is to read
	}
	for _, file := range m.Files {
		rows = append(rows, r.files(file)...)
	}
	for _, block := range blocks[len(blocks)-small:] {
		rows = append(rows, r.block(block)...)
	}
	if m.As.Name != "" {
		rows = append([]row{{text: oneLine(strings.TrimSpace(m.As.Emoji+" "+m.As.Name)) + ":"}}, rows...)
	}
	if m.Form != nil && !r.screen {
		rows = append(rows, r.form(*m.Form)...)
	}
	for _, button := range m.Buttons {
		rows = append(rows, row{text: "→ " + oneLine(button.Label+": "+r.typed(button))})
	}
	for _, s := range m.Selects {
		rows = append(rows, row{text: "→ " + oneLine(s.Label+": "+s.Typed)})
		for _, choice := range s.Choices {
			rows = append(rows, hanging("  - ", clean(choice.Text+"  "+choice.Label+" "+choice.Detail))...)
		}
	}
	return rows
}

// unread reports whether rows hold nothing to read.
func unread(rows []row) bool {
	word := func(r rune) bool { return unicode.In(r, unicode.L, unicode.N, unicode.So) }
	return !slices.ContainsFunc(rows, func(r row) bool { return strings.ContainsFunc(r.text, word) })
}

// remarksAtEnd is how many of the last blocks are small print.
func remarksAtEnd(blocks []chat.Block) int {
	for n := range blocks {
		if _, ok := blocks[len(blocks)-1-n].(chat.Remark); !ok {
			return n
		}
	}
	return len(blocks)
}

func (r renderer) block(block chat.Block) []row {
	switch b := block.(type) {
	case chat.Paragraph:
		return plainRows(string(b))
	case chat.Bullets:
		var rows []row
		for _, text := range b {
			rows = append(rows, hanging("- ", clean(text))...)
		}
		return rows
	case chat.Fields:
		return fields(b)
	case chat.Rich:
		return plainRows(string(b))
	case chat.Progress:
		return []row{{text: progress(b)}}
	case chat.Pointer:
		return plainRows(pointer(b))
	case chat.Code:
		return r.toCopy(string(b))
	case chat.Remark:
		rows := plainRows(string(b))
		for i := range rows {
			rows[i].dim = true
		}
		return rows
	}
	return plainRows(fmt.Sprint(block))
}

// progress is a bar: "■■□□ 2 of 4 done".
func progress(p chat.Progress) string {
	of := max(p.Of, 0)
	done := min(max(p.Done, 0), of)
	bar := strings.Repeat("■", done) + strings.Repeat("□", of-done)
	if of > 20 {
		bar = strings.Repeat("■", done*20/of) + strings.Repeat("□", 20-done*20/of)
	}
	return strings.TrimSpace(fmt.Sprintf("%s %d of %d done", bar, p.Done, p.Of))
}

// pointer says where something stands, in the words of a console.
func pointer(p chat.Pointer) string {
	if p.To.Link != "" {
		return p.Label + ": " + p.To.Link
	}
	place := p.To.Thread.Channel()
	if root := p.To.Thread.Root(); root != "" {
		place += "/" + root
	}
	if p.To.Thread.Platform() != Platform {
		place = p.To.Thread.Platform() + " " + place
	}
	return p.Label + ": " + place
}

// fields are aligned in two columns.
func fields(all chat.Fields) []row {
	width := 0
	for _, f := range all {
		if w := runewidth.StringWidth(oneLine(f.Name)); w <= widest {
			width = max(width, w)
		}
	}
	var rows []row
	for _, f := range all {
		name := runewidth.FillRight(oneLine(f.Name), width)
		rows = append(rows, hanging(name+"  ", clean(f.Value))...)
	}
	return rows
}

// hanging puts a lead in front of the first line and its width of spaces in
// front of the others.
func hanging(lead, text string) []row {
	var rows []row
	for i, part := range strings.Split(text, "\n") {
		if i == 1 {
			lead = strings.Repeat(" ", runewidth.StringWidth(lead))
		}
		rows = append(rows, row{text: strings.TrimRight(lead+part, " ")})
	}
	return rows
}

// plainRows are the lines of a text as they stand; none for the empty text.
func plainRows(text string) []row {
	if text == "" {
		return nil
	}
	var rows []row
	for _, part := range strings.Split(clean(text), "\n") {
		rows = append(rows, row{text: part})
	}
	return rows
}

// form is what a form asks for, where nobody can be asked: the values that
// stand in it, and the line to type instead.
func (r renderer) form(form chat.Form) []row {
	rows := plainRows(form.Title)
	var values chat.Fields
	for _, input := range form.Inputs {
		value := input.Value
		switch {
		case value == "" && input.Required:
			value = "(needed) " + input.Help
		case value == "":
			value = "(empty) " + input.Help
		}
		values = append(values, chat.Field{Name: input.Name, Value: strings.TrimRight(value, " ")})
	}
	rows = append(rows, fields(values)...)
	usage := form.Verb
	if spec, ok := r.specs[form.Verb]; ok && spec.Usage != "" {
		usage = spec.Usage
	}
	return append(rows, row{text: "→ type: " + oneLine(usage)})
}

// oneLine is a text that stands on one line.
func oneLine(text string) string { return strings.ReplaceAll(clean(text), "\n", " ") }

// clean drops what would let a text move the cursor, change colours or order,
// or begin a line that is not its own.
func clean(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\u2028", "\n", "\u2029", "\n", "\u0085", "\n").Replace(text)
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < 0x20, r >= 0x7f && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff:
			return -1
		}
		return r
	}, text)
}
