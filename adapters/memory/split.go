package memory

import "github.com/synthoperator/baton/chat"

// Split is a message in parts that the world holds.
func (a *Adapter) Split(m chat.Message) []chat.Message {
	m = a.inWords(m)
	s := &splitter{l: a.world.o.Limits, like: chat.Message{
		As: m.As, Only: m.Only, Thread: m.Thread, Refused: m.Refused, Fault: m.Fault,
	}}
	s.part = s.like
	s.part.Short = m.Short
	s.people(m.To)
	s.title(m.Title)
	for _, block := range m.Blocks {
		for _, piece := range s.pieces(block) {
			s.block(piece)
		}
	}
	for _, b := range m.Buttons {
		if len(s.part.Buttons) == s.l.Buttons {
			s.next()
		}
		s.part.Buttons = append(s.part.Buttons, b)
	}
	for _, sel := range m.Selects {
		s.choices(sel)
	}
	for _, f := range m.Files {
		if len(s.part.Files) == s.l.Files {
			s.next()
		}
		s.part.Files = append(s.part.Files, f)
	}
	s.parts = append(s.parts, s.part)
	return s.parts
}

// splitter fills one part after the other.
type splitter struct {
	l        Limits
	like     chat.Message // what all parts have
	parts    []chat.Message
	part     chat.Message
	text     int // characters in the part
	sections int
}

func (s *splitter) next() {
	s.parts = append(s.parts, s.part)
	s.part, s.text, s.sections = s.like, 0, 0
}

// room begins a new part where so many characters do not fit.
func (s *splitter) room(text int) {
	if s.sections > 0 && (s.text+text > s.l.Text || s.sections == s.l.Sections) {
		s.next()
	}
	s.text, s.sections = s.text+text, s.sections+1
}

// people are notified in as many parts as their names need.
func (s *splitter) people(all []chat.Person) {
	for _, p := range all {
		n := len([]rune(mention(p))) + 1
		if s.sections == 0 {
			s.sections = 1
		} else if s.text+n > s.l.Text {
			s.part.Blocks = append(s.part.Blocks, chat.Paragraph(""))
			s.next()
			s.sections = 1
		}
		s.part.To, s.text = append(s.part.To, p), s.text+n
	}
}

func (s *splitter) title(title string) {
	if blank(title) {
		return
	}
	most := min(200, s.l.Text)
	pieces := cut(clean(title), most)
	s.room(width(pieces[0]))
	s.part.Title = pieces[0]
	for _, rest := range pieces[1:] {
		s.block(chat.Paragraph(rest))
	}
}

func (s *splitter) block(b chat.Block) {
	if visible(b) {
		s.room(section(b).size())
		s.part.Blocks = append(s.part.Blocks, b)
	}
}

func (s *splitter) choices(sel chat.Select) {
	all := sel.Choices
	for len(all) > 0 {
		if len(s.part.Selects) == s.l.Selects {
			s.next()
		}
		n := min(len(all), s.l.Choices)
		sel.Choices, all = all[:n:n], all[n:]
		s.part.Selects = append(s.part.Selects, sel)
	}
}

// pieces is a block in blocks that each fit into a part.
func (s *splitter) pieces(block chat.Block) []chat.Block {
	switch b := block.(type) {
	case chat.Paragraph:
		return each(cut(clean(string(b)), s.l.Text), func(t string) chat.Block { return chat.Paragraph(t) })
	case chat.Rich:
		return each(cutRich(clean(string(b)), s.l.Text), func(t string) chat.Block { return chat.Rich(t) })
	case chat.Code:
		return each(cut(clean(string(b)), s.l.Text), func(t string) chat.Block { return chat.Code(t) })
	case chat.Remark:
		return each(cut(clean(string(b)), s.l.Text), func(t string) chat.Block { return chat.Remark(t) })
	case chat.Bullets:
		return s.bullets(b)
	case chat.Fields:
		return s.fields(b)
	case chat.Progress:
		return []chat.Block{b}
	case chat.Pointer:
		if section(b).size() > s.l.Text {
			return s.pieces(chat.Paragraph(b.Label + " → " + b.To.Link))
		}
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

// bullets are lists that each fit; an entry that does not becomes several. Each
// line of an entry is indented, so that it may grow to three times its length.
func (s *splitter) bullets(all chat.Bullets) []chat.Block {
	var (
		lists []chat.Block
		list  chat.Bullets
		used  int
	)
	for _, item := range all {
		for _, entry := range cut(clean(item), s.l.Text/4) {
			n := len([]rune(bullet(entry))) + 1
			if used+n > s.l.Text && len(list) > 0 {
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

// fields are tables that each fit; a field that does not becomes text.
func (s *splitter) fields(all chat.Fields) []chat.Block {
	var (
		blocks []chat.Block
		table  chat.Fields
		used   int
	)
	flush := func() {
		if len(table) > 0 {
			blocks = append(blocks, table)
		}
		table, used = nil, 0
	}
	for _, f := range all {
		f.Name, f.Value = clean(f.Name), clean(f.Value)
		n := width(f.Name) + width(f.Value)
		if n > s.l.Text {
			flush()
			blocks = append(blocks, s.pieces(chat.Paragraph(f.Name+": "+f.Value))...)
			continue
		}
		if used+n > s.l.Text || len(table) == s.l.Pairs {
			flush()
		}
		table, used = append(table, f), used+n
	}
	flush()
	return blocks
}
