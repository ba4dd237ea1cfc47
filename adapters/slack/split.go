package slack

import "github.com/synthoperator/baton/chat"

// Split is a message in parts that Slack holds. Whether files can be uploaded and
// names be spoken under is what all known installations grant.
func (a *Adapter) Split(m chat.Message) []chat.Message { return split(m, a.grantedEverywhere()) }

func split(m chat.Message, g grants) []chat.Message {
	m = inWords(m, g)
	s := &splitter{like: chat.Message{
		As: m.As, Only: m.Only, Thread: m.Thread, Refused: m.Refused, Fault: m.Fault,
	}}
	s.begin()
	s.part.Short = m.Short
	s.people(m.To)
	s.title(m.Title)
	for _, block := range m.Blocks {
		for _, piece := range pieces(block) {
			s.block(piece)
		}
	}
	for _, b := range m.Buttons {
		s.button(b)
	}
	for _, sel := range m.Selects {
		s.choices(sel)
	}
	for _, f := range m.Files {
		s.file(f)
	}
	s.parts = append(s.parts, s.part)
	return s.parts
}

// maxFiles is how many files are shared at once
// (https://docs.slack.dev/reference/methods/files.completeUploadExternal names no
// number; people can share ten in one message).
const maxFiles = 10

// splitter fills one part after the other.
type splitter struct {
	like   chat.Message // what all parts have
	parts  []chat.Message
	part   chat.Message
	text   int // units in the part
	blocks int
	first  int
}

// begin begins a part. A name that may have to be said in the text has its room.
func (s *splitter) begin() {
	s.part, s.text, s.blocks = s.like, 0, 0
	if s.like.As.Name != "" {
		s.text, s.blocks = smallUnits(speakerLine(s.like.As)), 1
	}
	s.first = s.blocks
}

func (s *splitter) next() {
	s.parts = append(s.parts, s.part)
	s.begin()
}

// room begins a new part where so much does not fit.
func (s *splitter) room(text, blocks int) {
	if s.blocks > s.first && (s.text+text > maxMessage || s.blocks+blocks > maxBlocks) {
		s.next()
	}
	s.text, s.blocks = s.text+text, s.blocks+blocks
}

// people are notified in as many parts as one section each has room for.
func (s *splitter) people(all []chat.Person) {
	used := 0
	for _, p := range all {
		n := units(mention(p)) + 1
		if used == 0 || used+n > maxSection {
			if used > 0 {
				s.next()
			}
			used = 0
			s.room(0, 1)
		}
		used, s.text = used+n, s.text+n
		s.part.To = append(s.part.To, p)
	}
}

func (s *splitter) title(title string) {
	if blank(title) {
		return
	}
	all := cut(oneLine(title), maxHeader, units)
	s.room(units(all[0]), 1)
	s.part.Title = all[0]
	for _, rest := range all[1:] {
		s.block(chat.Paragraph(rest))
	}
}

func (s *splitter) block(b chat.Block) {
	if text, blocks := size(b); blocks > 0 {
		s.room(text, blocks)
		s.part.Blocks = append(s.part.Blocks, b)
	}
}

func (s *splitter) button(b chat.Button) {
	text, blocks := units(label(b)), 0
	if len(s.part.Buttons)%maxButtons == 0 {
		blocks = 1
	}
	if s.blocks > s.first && (s.text+text > maxMessage || s.blocks+blocks > maxBlocks) {
		s.next()
		blocks = 1
	}
	s.text, s.blocks = s.text+text, s.blocks+blocks
	s.part.Buttons = append(s.part.Buttons, b)
}

// file adds a file; a message that says nothing else names its first.
func (s *splitter) file(f chat.File) {
	if len(s.part.Files) == maxFiles {
		s.next()
	}
	if s.blocks == s.first {
		s.block(pieces(chat.Remark(attached(f)))[0])
	}
	s.part.Files = append(s.part.Files, f)
}

// maxMenu is how many units of choices one menu has at most, so that a message
// holds one beside what it says.
const maxMenu = maxMessage / 2

// choices are asked for by as many menus as they need.
func (s *splitter) choices(sel chat.Select) {
	all := sel.Choices
	for len(all) > 0 {
		n, text := 0, units(menuLabel(sel))
		for n < len(all) && n < maxChoices*maxChoices {
			c := choiceUnits(all[n])
			if n%maxChoices == 0 {
				c += maxLabel
			}
			if n > 0 && text+c > maxMenu {
				break
			}
			n, text = n+1, text+c
		}
		s.room(text, 1)
		sel.Choices, all = all[:n:n], all[n:]
		s.part.Selects = append(s.part.Selects, sel)
	}
}

// pieces is a block in blocks that each are few enough blocks of Slack's.
func pieces(block chat.Block) []chat.Block {
	switch b := block.(type) {
	case chat.Paragraph:
		return each(cutInline(clean(string(b)), maxSection), func(t string) chat.Block { return chat.Paragraph(t) })
	case chat.Rich:
		return each(cutMarkdown(clean(string(b)), maxMarkdown), func(t string) chat.Block { return chat.Rich(t) })
	case chat.Code:
		return each(cut(clean(string(b)), maxSection, units), func(t string) chat.Block { return chat.Code(t) })
	case chat.Remark:
		return each(cut(clean(string(b)), maxSmall, smallUnits), func(t string) chat.Block { return chat.Remark(t) })
	case chat.Bullets:
		return bullets(b)
	case chat.Fields:
		return fields(b)
	case chat.Pointer:
		if units(b.Label)+units(pointerURL(b)) > maxSection {
			return pieces(chat.Paragraph(b.Label + " → " + b.To.Link))
		}
	case chat.Progress:
	}
	return []chat.Block{block}
}

func each(texts []string, block func(string) chat.Block) []chat.Block {
	var blocks []chat.Block
	for _, t := range texts {
		blocks = append(blocks, block(t))
	}
	return blocks
}

// bullets are lists that each fit; an entry that does not becomes several.
func bullets(all chat.Bullets) []chat.Block {
	var (
		lists []chat.Block
		list  chat.Bullets
		used  int
	)
	for _, item := range all {
		for _, entry := range cutInline(clean(item), maxSection/2) {
			n := units(entry)
			if used+n > maxSection && len(list) > 0 {
				lists, list, used = append(lists, list), nil, 0
			}
			list, used = append(list, entry), used+n
		}
	}
	if len(list) > 0 {
		lists = append(lists, list)
	}
	return lists
}

// fields are sections that each fit; a field that does not becomes text.
func fields(all chat.Fields) []chat.Block {
	var (
		blocks []chat.Block
		table  chat.Fields
	)
	flush := func() {
		if len(table) > 0 {
			blocks = append(blocks, table)
		}
		table = nil
	}
	for _, f := range all {
		f.Name, f.Value = clean(f.Name), clean(f.Value)
		if blank(f.Name) && blank(f.Value) {
			continue
		}
		if n := len(table) - 1; n >= 0 && blank(f.Name) { // it goes on with the one before
			if joined := (chat.Field{Name: table[n].Name, Value: table[n].Value + "\n" + f.Value}); fieldUnits(joined) <= maxField {
				table[n] = joined
				continue
			}
		}
		if fieldUnits(f) > maxField {
			flush()
			blocks = append(blocks, pieces(chat.Paragraph(f.Name+": "+f.Value))...)
			continue
		}
		if len(table) == maxFields {
			flush()
		}
		table = append(table, f)
	}
	flush()
	return blocks
}
