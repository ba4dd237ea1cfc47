package state

import (
	"time"

	o "github.com/synthoperator/baton/orchestration"
)

// Stored forms of events with plain fields. They convert to and from the
// event by Go's own conversion, so that a field added there does not compile
// here until it is kept.
type (
	nothing struct{}
	idOnly  struct {
		ID int `json:"id"`
	}
	idText struct {
		ID   int    `json:"id"`
		Text string `json:"text"`
	}
	textOnly struct {
		Text string `json:"text"`
	}
	phaseOnly struct {
		Phase int `json:"phase"`
	}
	dueOnly struct {
		Due time.Time `json:"due,omitzero"`
	}
	bound struct {
		Thread o.ThreadKey `json:"thread"`
	}
	itemSuperseded struct {
		ID int `json:"id"`
		By int `json:"by"`
	}
	overridden struct {
		What o.OverrideKind `json:"what"`
		From string         `json:"from,omitempty"`
		To   string         `json:"to,omitempty"`
	}
	undone struct {
		Seq  uint64 `json:"seq"`
		What string `json:"what,omitempty"`
	}
	taskAsked struct {
		ID    int    `json:"id"`
		Brief string `json:"brief"`
	}
	taskReported struct {
		ID   int    `json:"id"`
		Text string `json:"text"`
		Via  string `json:"via,omitempty"`
	}
	reminderSet struct {
		ID   int       `json:"id"`
		At   time.Time `json:"at"`
		Text string    `json:"text"`
	}
	everybodySet struct {
		Role o.Role `json:"role"`
	}
	announcementsSet struct {
		Mode o.AnnounceMode `json:"mode"`
		To   []o.ChannelKey `json:"to,omitempty"`
	}
	timeZoneSet struct {
		Zone string `json:"zone"`
	}
	budgetSet struct {
		Tokens int `json:"tokens"`
	}
	digestSet struct {
		Every   o.DigestEvery `json:"every"`
		Minute  int           `json:"minute,omitempty"`
		Weekday time.Weekday  `json:"weekday,omitempty"` // 0 is Sunday
	}
	quietSet struct {
		From int `json:"from"`
		To   int `json:"to"`
	}
	workdaysSet struct {
		Days []time.Weekday `json:"days"`
	}
)

// Stored forms with days in them.
type (
	holidaysSet struct {
		Calendar string    `json:"calendar,omitempty"`
		Days     []holiday `json:"days,omitempty"`
	}
	holiday struct {
		Date day    `json:"date,omitzero"`
		Name string `json:"name,omitempty"`
	}
)

// day is a date in stored form: "2026-12-24".
type day o.Date

// MarshalText writes the day.
func (d day) MarshalText() ([]byte, error) { return []byte(o.Date(d).String()), nil }

// UnmarshalText reads it.
func (d *day) UnmarshalText(text []byte) error {
	date, err := o.ParseDate(string(text))
	*d = day(date)
	return err
}

func toHolidaysSet(e o.HolidaysSet) holidaysSet {
	s := holidaysSet{Calendar: e.Calendar}
	for _, h := range e.Days {
		s.Days = append(s.Days, holiday{day(h.Date), h.Name})
	}
	return s
}

func fromHolidaysSet(s holidaysSet) o.HolidaysSet {
	e := o.HolidaysSet{Calendar: s.Calendar}
	for _, h := range s.Days {
		e.Days = append(e.Days, o.Holiday{Date: o.Date(h.Date), Name: h.Name})
	}
	return e
}

// Stored forms with people in them.
type (
	itemAssigned struct {
		ID    int     `json:"id"`
		Owner *person `json:"owner,omitempty"`
	}
	roleGiven struct {
		Person *person `json:"person,omitempty"`
		Role   o.Role  `json:"role"`
	}
)

// person is a human in stored form; nil is nobody.
type person struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
}

func toPerson(h o.Human) *person {
	if h == (o.Human{}) {
		return nil
	}
	return &person{string(h.ID()), h.Name()}
}

func (p *person) orEmpty() *person {
	if p == nil {
		return &person{}
	}
	return p
}

func (p *person) human() o.Human {
	if p == nil {
		return o.Human{}
	}
	return o.RecallHuman(o.PersonID(p.ID), p.Name)
}

// pinned is a persona or a skill with the content that was loaded.
type pinned struct {
	Name   string   `json:"name,omitempty"`
	Source string   `json:"source,omitempty"`
	Path   string   `json:"path,omitempty"`
	Hash   string   `json:"hash,omitempty"`
	From   o.Origin `json:"from,omitempty"`
}

func toPinned(p o.Persona) pinned {
	return pinned{p.Name.String(), p.Pin.Source, p.Pin.Path, p.Pin.Hash, p.From}
}

func skillPinned(s o.Skill) pinned {
	return pinned{s.Name.String(), s.Pin.Source, s.Pin.Path, s.Pin.Hash, s.From}
}

func (p pinned) pin() o.Pin { return o.Pin{Source: p.Source, Path: p.Path, Hash: p.Hash} }

func (p pinned) persona() o.Persona {
	return o.Persona{Name: o.RecallPersonaName(p.Name), Pin: p.pin(), From: p.From}
}

func (p pinned) skill() o.Skill {
	return o.Skill{Name: o.RecallSkillName(p.Name), Pin: p.pin(), From: p.From}
}
