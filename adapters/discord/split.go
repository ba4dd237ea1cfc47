package discord

import (
	"strings"
	"unicode"

	"github.com/synthoperator/baton/chat"
)

// Split is a message in parts that each fit into one of Discord's.
func (a *Adapter) Split(m chat.Message) []chat.Message { return split(m) }

func split(m chat.Message) []chat.Message {
	m = inWords(m)
	s := &splitter{like: chat.Message{As: m.As, Only: m.Only, Thread: m.Thread, Refused: m.Refused, Fault: m.Fault}}
	s.begin()
	s.part.Short = m.Short
	s.people(m.To, m.Short)
	s.title(m.Title)
	for _, b := range m.Blocks {
		s.block(b)
	}
	for _, b := range m.Buttons {
		if len(s.part.Buttons)%maxRowButtons != 0 && s.fits(0, 1) {
			s.room(0, 1)
		} else {
			s.row()
		}
		s.part.Buttons = append(s.part.Buttons, b)
	}
	for _, sel := range m.Selects {
		s.row()
		s.part.Selects = append(s.part.Selects, sel)
	}
	for _, f := range m.Files {
		s.file(f)
	}
	return append(s.parts, s.part)
}

// splitter fills one part after the other.
type splitter struct {
	like  chat.Message // what all parts have
	parts []chat.Message
	part  chat.Message
	text  int // units that are shown in the part
	comps int // components of the part
	rows  int // of buttons and lists
	line  int // units of the line that notifies
	bytes int // of its files
	used  bool
	base  int // units that every part shows
}

const (
	// fewUnits is how little room is left to the next part rather than filled
	// with the beginning of a long text.
	fewUnits = 400
	// spareUpload is for what else is in a request with files.
	spareUpload = 1 << 20
)

func (s *splitter) begin() {
	text, comps := heading(s.like.As)
	s.part, s.text, s.comps, s.rows, s.line, s.bytes, s.used, s.base = s.like, text, comps+1, 0, 0, 0, false, text
}

func (s *splitter) next() {
	s.parts = append(s.parts, s.part)
	s.begin()
}

func (s *splitter) fits(text, comps int) bool {
	return s.text+text <= maxShown && s.comps+comps <= maxComponents
}

// room begins a new part where so much does not fit.
func (s *splitter) room(text, comps int) {
	if s.used && !s.fits(text, comps) {
		s.next()
	}
	s.text, s.comps, s.used = s.text+text, s.comps+comps, true
}

// row begins a row with one button or list in it.
func (s *splitter) row() {
	if s.rows == maxRows {
		s.next()
	}
	s.room(0, 2)
	s.rows++
}

// people are notified in as many parts as their names need. What a notification
// shows stands beside them.
func (s *splitter) people(all []chat.Person, short string) {
	if len(all) == 0 {
		return
	}
	s.line = units(notice(short)) + 1
	s.room(s.line, 1)
	for _, p := range all {
		n := units(mention(p.ID, p.Name)) + 1
		if len(s.part.To) == maxPinged || s.text+n > maxShown || s.line+n > maxContent {
			s.next()
			s.room(0, 1)
		}
		s.part.To, s.text, s.line = append(s.part.To, p), s.text+n, s.line+n
	}
}

func (s *splitter) title(title string) {
	title = inOneLine(title)
	if blank(title) {
		return
	}
	pieces := cut(title, maxTitle, maxTitle, width)
	s.room(units(drawTitle(pieces[0])), 1)
	s.part.Title = pieces[0]
	for _, rest := range pieces[1:] {
		s.block(chat.Paragraph(rest))
	}
}

// maxTitle is how long a title is as a heading; what is beyond follows as text.
const maxTitle = 250

func (s *splitter) block(b chat.Block) {
	if !visible(b) {
		return
	}
	n, most := units(draw(b)), maxShown-s.base
	if s.fits(n, 1) {
		s.add(b, n)
		return
	}
	first := maxShown - s.text
	if s.used && (n <= most/2 || first < fewUnits || s.comps == maxComponents) {
		s.next()
		first = most
	}
	if n <= first {
		s.add(b, n)
		return
	}
	for _, piece := range pieces(b, first, most) {
		if visible(piece) {
			s.add(piece, units(draw(piece)))
		}
	}
}

func (s *splitter) add(b chat.Block, n int) {
	s.room(n, 1)
	s.part.Blocks = append(s.part.Blocks, b)
}

func (s *splitter) file(f chat.File) {
	cost := 1
	for _, had := range s.part.Files {
		if picture(f) && picture(had) {
			cost = 0 // they share a gallery
		}
	}
	if len(s.part.Files) == maxFiles || s.bytes+len(f.Data) > maxUpload-spareUpload {
		s.next()
	}
	s.room(0, cost)
	s.bytes += len(f.Data)
	s.part.Files = append(s.part.Files, f)
}

// pieces is a block in blocks that each fit: the first into what is left of a
// part, the others into one of their own.
func pieces(b chat.Block, first, most int) []chat.Block {
	text := func(t string, over int, width func(rune) int, make func(string) chat.Block) []chat.Block {
		var out []chat.Block
		for _, piece := range cut(clean(t), first-over, most-over, width) {
			out = append(out, make(piece))
		}
		return out
	}
	switch b := b.(type) {
	case chat.Paragraph:
		return text(string(b), 0, width, func(t string) chat.Block { return chat.Paragraph(t) })
	case chat.Code:
		return text(string(b), units(fenced("", "x"))-1, fixedWidth, func(t string) chat.Block { return chat.Code(t) })
	case chat.Remark:
		return text(string(b), len(small), prefixed(small), func(t string) chat.Block { return chat.Remark(t) })
	case chat.Rich:
		return cutRich(clean(string(b)), first, most)
	case chat.Bullets:
		return cutBullets(b, first, most)
	case chat.Fields:
		return cutFields(b, first, most)
	case chat.Pointer:
		return pieces(chat.Paragraph(b.Label+" → "+b.To.Link), first, most)
	case chat.Progress:
	}
	return []chat.Block{b}
}

// prefixed is the width of text whose lines all begin with something.
func prefixed(with string) func(rune) int {
	return func(r rune) int {
		if r == '\n' {
			return 1 + len(with)
		}
		return width(r)
	}
}

// cutBullets is lists that each fit; an entry that does not becomes several.
func cutBullets(all chat.Bullets, first, most int) []chat.Block {
	var (
		lists []chat.Block
		list  chat.Bullets
		used  int
		limit = first
	)
	for _, item := range all {
		if blank(item) {
			continue
		}
		for _, entry := range cut(clean(item), most/2, most/2, prefixed("  ")) {
			n := units(bullet(entry)) + 1
			if used+n > limit {
				if len(list) > 0 {
					lists = append(lists, list)
				}
				list, used, limit = nil, 0, most
			}
			list, used = append(list, entry), used+n
		}
	}
	if len(list) > 0 {
		lists = append(lists, list)
	}
	return lists
}

// cutFields is tables that each fit; a field that does not becomes text.
func cutFields(all chat.Fields, first, most int) []chat.Block {
	var (
		blocks []chat.Block
		table  chat.Fields
		used   int
		limit  = first
	)
	flush := func() {
		if len(table) > 0 {
			blocks = append(blocks, table)
		}
		table, used, limit = nil, 0, most
	}
	for _, f := range all {
		n := units(field(f)) + 1
		if n > most/2 {
			flush()
			blocks = append(blocks, pieces(chat.Paragraph(f.Name+": "+f.Value), most, most)...)
			continue
		}
		if used+n > limit {
			flush()
		}
		table, used = append(table, f), used+n
	}
	flush()
	return blocks
}

// cut is a clean text in pieces of at most so many units of markup, the first of
// them of another size: at the end of a line, else at a space, else between two
// characters. Only the line end or the space at a cut is left out. There is at
// least one piece.
func cut(text string, first, most int, width func(rune) int) []string {
	var out []string
	for limit := first; ; limit = most {
		end := fitting(text, limit, width)
		if end == len(text) {
			return append(out, text)
		}
		head, rest := text[:end], text[end:]
		if strings.HasPrefix(rest, "\n") {
			rest = rest[1:]
		} else if i := strings.LastIndexByte(head, '\n'); i > 0 {
			head, rest = text[:i], text[i+1:]
		} else if strings.HasPrefix(rest, " ") {
			rest = rest[1:]
		} else if i := strings.LastIndexByte(head, ' '); i > 0 {
			head, rest = text[:i], text[i+1:]
		}
		out, text = append(out, head), rest
	}
}

// fitting is how many bytes of a text fit: at least one character.
func fitting(text string, most int, width func(rune) int) int {
	used, safe := 0, 0
	var before rune
	for i, r := range text {
		if !joined(r) && before != joiner {
			safe = i
		}
		n := width(r)
		if used+n > most && i > 0 {
			if safe > 0 && i-safe < longest {
				return safe
			}
			return i
		}
		used, before = used+n, r
	}
	return len(text)
}

const (
	joiner  = 0x200d // ZERO WIDTH JOINER
	longest = 64     // bytes of a character that is made of several
)

// joined reports whether a character belongs to the one before it, so that no
// cut is made there.
func joined(r rune) bool {
	return r == joiner || r >= 0x1f3fb && r <= 0x1f3ff || unicode.Is(unicode.M, r)
}
