package orchestration

import "time"

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
	Phase    int    // index of the phase it was recorded in
	Because  string // the reason it was recorded with
	Owner    Human
	Link     string
	Task     int
	State    ItemState
	Settled  string // who closed it, for people
	Replaced int    // the item that supersedes it
	Edits    int
	leftOut  bool // a handoff kept it out: on record, but carried no further
}

// openMark marks open items nobody has settled.
const openMark marks = 1 << 63

func (i Item) marks() marks {
	if i.State != Live {
		return 0
	}
	if i.Kind == OpenItem {
		return phaseMark(i.Phase) | openMark
	}
	return phaseMark(i.Phase)
}

// MaxItem bounds the text of an item, in bytes, so that a handoff can hold
// several.
const MaxItem = 1000

// maxItems bounds what one session records; a thread that long is not read.
const maxItems = 20000

// Note is a wish to record an item.
type Note struct {
	Kind  ItemKind
	Text  string
	Owner Human  // who is to see to an open item; may be nobody
	Link  string // where it was said, if that is known
}

// maxLink bounds the address of what was said, in bytes.
const maxLink = 2000

// Record adds an item to the open phase. A paused session still takes notes.
func (s Session) Record(by Human, in Room, n Note, because string) (Decision, error) {
	if err := s.may(by, in, ToRecord, object{}); err != nil {
		return Decision{}, err
	}
	if err := s.writable("record something"); err != nil {
		return Decision{}, err
	}
	e, err := s.newItem(0, n)
	if err != nil {
		return Decision{}, err
	}
	return decide(by, because, e)
}

// newItem is the event that records a note, as the one after so many others of
// the same decision.
func (s Session) newItem(before int, n Note) (ItemRecorded, error) {
	text, err := itemText(n.Kind, n.Text)
	if err != nil {
		return ItemRecorded{}, err
	}
	if s.items.len()+before >= maxItems {
		return ItemRecorded{}, tooMany()
	}
	if !n.Owner.IsZero() && n.Kind != OpenItem {
		return ItemRecorded{}, Refuse("only an open item has somebody to see to it").Try("note open " + text)
	}
	link, err := parseLine("link", n.Link, maxLink)
	return ItemRecorded{ID: s.next() + before, Kind: n.Kind, Text: text, Owner: n.Owner, Link: link}, err
}

func tooMany() Refusal {
	return Refuse("a session holds at most %d items: end this one and start the next", maxItems).
		Try("end because …")
}

// itemText is the text of an item, cleaned. It may not be empty, nor a word
// that stands for the empty list where a handoff is read back.
func itemText(kind ItemKind, s string) (string, error) {
	switch kind {
	case DecisionItem, ArtifactItem, OpenItem:
	default:
		return "", Refuse("an item is a decision, an artifact or open, not %q", kind).Try("note decision …", "note open …")
	}
	name := string(kind)
	if kind == OpenItem {
		name = "open item"
	}
	text, err := parseLine(name, s, MaxItem)
	if err != nil {
		return "", err
	}
	if text == "" {
		return "", Refuse("this %s has no words", name).Try("note decision Postgres, not Dynamo")
	}
	if none(text) {
		return "", Refuse("%q says that there is no %s: then none is recorded", text, name).Try("status")
	}
	return text, nil
}

// Edit replaces an item's text. Its author may, and whoever may steer.
func (s Session) Edit(by Human, in Room, id int, text, because string) (Decision, error) {
	item, err := s.liveItem(by, in, id)
	if err != nil {
		return Decision{}, err
	}
	if text, err = itemText(item.Kind, text); err != nil {
		return Decision{}, err
	}
	if text == item.Text {
		return Decision{}, Refuse("#%d says that already", id).Try("status")
	}
	return decide(by, because, ItemEdited{id, text})
}

// Resolve closes an open item, also when the session has ended. Whoever may
// record may: an open item that two people see to is better closed twice than
// never.
func (s Session) Resolve(by Human, in Room, id int, because string) (Decision, error) {
	if err := s.may(by, in, ToRecord, object{}); err != nil {
		return Decision{}, err
	}
	item, err := s.findLive(id)
	if err != nil {
		return Decision{}, err
	}
	if item.Kind != OpenItem {
		return Decision{}, Refuse("#%d is %s, only an open item is resolved", id, withArticle(string(item.Kind))).
			Try("note supersede #" + itoa(id) + " …")
	}
	return decide(by, because, ItemResolved{id})
}

// Withdraw takes an item back that should not have been recorded. It stays in
// the log. Its author may, and whoever may steer.
func (s Session) Withdraw(by Human, in Room, id int, because string) (Decision, error) {
	if _, err := s.liveItem(by, in, id); err != nil {
		return Decision{}, err
	}
	return decide(by, because, ItemWithdrawn{id})
}

// Assign gives an open item to somebody, or to nobody again.
func (s Session) Assign(by Human, in Room, id int, owner Human, because string) (Decision, error) {
	if err := s.may(by, in, ToRecord, object{}); err != nil {
		return Decision{}, err
	}
	item, err := s.findLive(id)
	if err != nil {
		return Decision{}, err
	}
	if item.Kind != OpenItem {
		return Decision{}, Refuse("#%d is %s, only an open item has somebody to see to it", id, withArticle(string(item.Kind))).
			Try("note open …")
	}
	if owner.ID() == item.Owner.ID() {
		return Decision{}, Refuse("#%d is with %s already", id, orNobody(owner.Name())).Try("status")
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
	e, err := s.newItem(0, Note{Kind: old.Kind, Text: text, Owner: old.Owner})
	if err != nil {
		return Decision{}, err
	}
	if e.Text == old.Text {
		return Decision{}, Refuse("#%d says that already", id).Try("status")
	}
	return decide(by, because, e, ItemSuperseded{id, e.ID})
}

// liveItem is an item that by may change: their own, or any if they may steer.
func (s Session) liveItem(by Human, in Room, id int) (Item, error) {
	if err := s.writable("change an item"); err != nil {
		return Item{}, err
	}
	item, err := s.findLive(id)
	if err != nil {
		return Item{}, err
	}
	var obj object
	if h, ok := item.By.(Human); ok {
		obj.author = h.ID()
	}
	return item, s.may(by, in, ToAmend, obj)
}

// findLive is the item with that number if it stands, may be seen, and may be
// changed by anybody: what sealed reviews are about stays as it is until the
// decision, so that all see the same.
func (s Session) findLive(id int) (Item, error) {
	item, ok := s.item(id)
	if !ok {
		return Item{}, s.noSuch("item", id)
	}
	if s.hidden(item) {
		return Item{}, sealedNow(id)
	}
	if s.reviewing() && item.Phase != s.at {
		return Item{}, s.leaveAlone(id, item.Phase)
	}
	switch item.State {
	case Resolved:
		return Item{}, Refuse("#%d was resolved already", id).Try("status")
	case Superseded:
		return Item{}, Refuse("#%d was replaced by #%d", id, item.Replaced).Try("status")
	case Withdrawn:
		return Item{}, Refuse("#%d was taken back", id).Try("status")
	}
	return item, nil
}
