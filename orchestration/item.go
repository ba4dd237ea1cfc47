package orchestration

import (
	"strings"
	"time"
	"unicode"
)

// ItemKind says what was recorded.
type ItemKind string

// The kinds of the protocol's handoff.
const (
	DecisionItem ItemKind = "decision"
	ArtifactItem ItemKind = "artifact"
	OpenItem     ItemKind = "open"
)

// ItemState says what became of an item.
type ItemState string

// The states. Only a live item travels into later prompts; an open item stays
// live until somebody resolves or supersedes it.
const (
	Live       ItemState = ""
	Resolved   ItemState = "resolved"
	Superseded ItemState = "superseded"
	Withdrawn  ItemState = "withdrawn" // its recording was undone
)

// Item is a decision, an artifact or an open item of a session.
type Item struct {
	ID       int
	Kind     ItemKind
	Text     string
	By       Actor
	At       time.Time
	Phase    int // index of the phase it was recorded in
	Owner    Human
	Link     string
	Task     int
	State    ItemState
	Settled  string // who closed it, for people
	Replaced int    // the item that supersedes it
	Edits    int
	leftOut  bool // a handoff kept it out: on record, but carried no further
}

// MaxItem bounds the text of an item, in bytes, so that a handoff can hold
// several.
const MaxItem = 1000

// maxItems bounds what one session records; a thread that long is not read.
const maxItems = 20000

// parseLine cleans text that must stand on one line: white space folded, no
// control or direction-changing characters, at most max bytes.
func parseLine(what, s string, max int) (string, error) {
	clean := true
	for i := 0; i < len(s) && clean; i++ {
		c := s[i]
		clean = c >= 0x20 && c < 0x7f && (c != ' ' || i > 0 && i < len(s)-1 && s[i-1] != ' ')
	}
	if !clean {
		s = strings.Join(strings.Fields(strings.Map(plain, strings.ToValidUTF8(s, "�"))), " ")
	}
	if len(s) > max {
		return "", Refuse("this %s has %d bytes, at most %d are possible", what, len(s), max)
	}
	return s, nil
}

// plain drops what would make shown text differ from stored text: controls,
// zero-width and bidirectional marks, tag characters.
func plain(r rune) rune {
	switch {
	case r == '\n' || r == '\t' || r == '\r':
		return ' '
	case unicode.IsControl(r), r >= 0x200b && r <= 0x200f && r != 0x200d, r >= 0x202a && r <= 0x202e,
		r >= 0x2066 && r <= 0x2069, r == 0xfeff, r >= 0xe0000 && r <= 0xe007f:
		return -1
	}
	return r
}

// parseText cleans text of several lines, as parseLine does one.
func parseText(what, s string, max int) (string, error) {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "�"), "\r\n", "\n")
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		return plain(r)
	}, s))
	if len(s) > max {
		return "", Refuse("this %s has %s, at most %s are possible", what, size(len(s)), size(max))
	}
	return s, nil
}

// Note is a wish to record an item.
type Note struct {
	Kind  ItemKind
	Text  string
	Owner Human
	Link  string
}

// Record adds an item to the open phase.
func (s Session) Record(by Human, in Room, n Note, because string) (Decision, error) {
	if err := s.may(by, in, ToRecord, onSession); err != nil {
		return Decision{}, err
	}
	if err := s.running("record a " + string(n.Kind)); err != nil && s.state != PausedState {
		return Decision{}, err
	}
	e, err := s.newItem(s.next(), n)
	if err != nil {
		return Decision{}, err
	}
	return decide(by, because, e)
}

func (s Session) newItem(id int, n Note) (ItemRecorded, error) {
	text, err := parseLine(string(n.Kind), n.Text, MaxItem)
	if err != nil {
		return ItemRecorded{}, err
	}
	if text == "" {
		return ItemRecorded{}, Refuse("this %s has no words", n.Kind).Try("note decision Postgres, not Dynamo")
	}
	if s.items.len() >= maxItems {
		return ItemRecorded{}, Refuse("this session holds %d items already: end it and start the next", maxItems)
	}
	if n.Owner != (Human{}) && n.Kind != OpenItem {
		return ItemRecorded{}, Refuse("only an open item has somebody to see to it").Try("note open " + text)
	}
	return ItemRecorded{ID: id, Kind: n.Kind, Text: text, Owner: n.Owner, Link: n.Link}, nil
}

// Edit replaces an item's text. Its author may, and whoever may steer.
func (s Session) Edit(by Human, in Room, id int, text, because string) (Decision, error) {
	item, err := s.liveItem(by, in, id)
	if err != nil {
		return Decision{}, err
	}
	text, err = parseLine(string(item.Kind), text, MaxItem)
	if err != nil {
		return Decision{}, err
	}
	if text == "" {
		return Decision{}, Refuse("#%d would have no words left", id).Try("undo")
	}
	if text == item.Text {
		return Decision{}, Refuse("#%d says that already", id)
	}
	return decide(by, because, ItemEdited{id, text})
}

// Resolve closes an open item. Whoever may record may: an open item that two
// people see to is better closed twice than never.
func (s Session) Resolve(by Human, in Room, id int, because string) (Decision, error) {
	if err := s.may(by, in, ToRecord, onSession); err != nil {
		return Decision{}, err
	}
	item, err := s.findLive(id)
	if err != nil {
		return Decision{}, err
	}
	if item.Kind != OpenItem {
		return Decision{}, Refuse("#%d is a %s, only an open item is resolved", id, item.Kind).
			Try("note supersede #" + itoa(id) + " …")
	}
	return decide(by, because, ItemResolved{id})
}

// Assign gives an open item to somebody.
func (s Session) Assign(by Human, in Room, id int, owner Human, because string) (Decision, error) {
	if err := s.may(by, in, ToRecord, onSession); err != nil {
		return Decision{}, err
	}
	item, err := s.findLive(id)
	if err != nil {
		return Decision{}, err
	}
	if item.Kind != OpenItem {
		return Decision{}, Refuse("#%d is a %s, only an open item has somebody to see to it", id, item.Kind)
	}
	return decide(by, because, ItemAssigned{id, owner})
}

// Supersede replaces an item by a new one of its kind. The old one is kept and
// points at the new.
func (s Session) Supersede(by Human, in Room, id int, text, because string) (Decision, error) {
	old, err := s.liveItem(by, in, id)
	if err != nil {
		return Decision{}, err
	}
	e, err := s.newItem(s.next(), Note{Kind: old.Kind, Text: text, Owner: old.Owner})
	if err != nil {
		return Decision{}, err
	}
	return decide(by, because, e, ItemSuperseded{id, e.ID})
}

// liveItem is an item that by may change: their own, or any if they may steer.
func (s Session) liveItem(by Human, in Room, id int) (Item, error) {
	item, err := s.findLive(id)
	if err != nil {
		return Item{}, err
	}
	obj := onSession
	if h, ok := item.By.(Human); ok {
		obj = object{author: h.ID()}
	}
	return item, s.may(by, in, ToAmend, obj)
}

func (s Session) findLive(id int) (Item, error) {
	item, ok := s.Item(id)
	if !ok {
		return Item{}, Refuse("there is no item #%d in this session", id).Try("status", "history")
	}
	if s.hidden(item) {
		return Item{}, Refuse("#%d is sealed until the decision", id)
	}
	switch item.State {
	case Resolved:
		return Item{}, Refuse("#%d was resolved already", id)
	case Superseded:
		return Item{}, Refuse("#%d was replaced by #%d", id, item.Replaced)
	case Withdrawn:
		return Item{}, Refuse("#%d was taken back", id)
	}
	return item, nil
}
