package console

import (
	"regexp"
	"strings"

	"github.com/synthoperator/baton/chat"
)

// Platform and Workspace are the first two parts of every thread of a console.
const (
	Platform  = "console"
	Workspace = "local"
)

// place is who speaks where.
type place struct {
	person  string // as typed; the id is its lower case
	channel string
	session string // the session's number in the channel, or "" for the channel
}

// keyboard is who speaks where no prefix says so.
var keyboard = place{person: operator, channel: "general"}

// operator is the name of the person at the keyboard.
const operator = "you"

func (p place) String() string {
	s := p.person + "@" + p.channel
	if p.session != "" {
		s += "/" + p.session
	}
	return s
}

// line is one thing that was said.
type line struct {
	place
	named bool   // a prefix says who speaks where
	key   string // the delivery's name, or ""
	text  string
}

// badLine is a line that looks like one with a prefix and has none.
type badLine struct{ why string }

func (e badLine) Error() string { return e.why }

var (
	prefixRE = regexp.MustCompile(`^(?:\[([^\[\]\s]{1,200})\]\s+)?([^\s@>/|\[\]]{1,80})@([^\s@>/|\[\]]{1,80})(?:/([^\s@>|]{1,80}))?>(.*)$`)
	numberRE = regexp.MustCompile(`^0*([1-9][0-9]{0,8})$`)
	botRE    = regexp.MustCompile(`(?i)^[/@]baton(?:[,:]?\s+|[,:]?$)`)
	nameRE   = regexp.MustCompile(`(^|[\s("',;:])@([\pL\pN][\pL\pN\pM._-]*)`)
)

// parseLine reads what was typed at a place: the place stands where the line
// names no other.
func parseLine(said string, at place) (line, error) {
	first, rest, several := strings.Cut(strings.ToValidUTF8(said, "�"), "\n")
	l := line{place: at, text: first}
	if m := prefixRE.FindStringSubmatch(first); m != nil {
		l.named, l.key, l.text = true, m[1], m[5]
		l.place = place{person: m[2], channel: strings.ToLower(m[3])}
		if m[4] != "" {
			n := numberRE.FindStringSubmatch(m[4])
			if n == nil {
				return l, badLine{"a session is named by its number in the channel, counted from 1, as in " +
					m[2] + "@" + l.channel + "/1>"}
			}
			l.session = n[1]
		}
	}
	l.text = strings.TrimSpace(l.text)
	l.text = l.text[len(botRE.FindString(l.text)):]
	if several {
		l.text = strings.TrimSpace(l.text + "\n" + rest)
	}
	return l, nil
}

// id is the person's id.
func (p place) id() string { return strings.ToLower(p.person) }

// thread is the place without the person.
func (p place) thread() (chat.Thread, error) {
	return chat.NewThread(Platform, Workspace, p.channel, p.session)
}

// call is the line as the rest of Baton knows it.
func (l line) call(id string) (chat.Call, error) {
	thread, err := l.thread()
	if err != nil {
		return chat.Call{}, err
	}
	if l.key != "" {
		id = l.key
	}
	return chat.Call{
		ID: id, Thread: thread, Text: l.text,
		Person:   chat.Person{ID: l.id(), Name: l.person},
		Mentions: mentions(l.text),
		Operator: l.id() == operator,
		Numbered: true,
	}, nil
}

// mentions are the people a text names with an @.
func mentions(texts ...string) map[string]chat.Person {
	var out map[string]chat.Person
	for _, text := range texts {
		for _, m := range nameRE.FindAllStringSubmatch(text, -1) {
			name := strings.TrimRight(m[2], "._-")
			if strings.EqualFold(name, "baton") {
				continue
			}
			if out == nil {
				out = map[string]chat.Person{}
			}
			out["@"+name] = chat.Person{ID: strings.ToLower(name), Name: name}
		}
	}
	return out
}

// prefix is what stands in front of every line said in a thread.
func prefix(t chat.Thread) string {
	s := "baton@" + t.Channel()
	if t.Root() != "" {
		s += "/" + t.Root()
	}
	return s + "|"
}
