package orchestration

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// PersonaName is how a persona is referred to. The zero value is nobody.
type PersonaName struct{ text string }

// SkillName is how a skill is referred to. The zero value names nothing.
//
// A name is one segment ("seo-audit") or, where one segment would not be
// unique, qualified: "domain/plugin/name" or "source:domain/plugin/name".
type SkillName struct{ text string }

// maxName bounds a qualified name, in bytes. The longest real one measured is 93.
const maxName = 200

// ParsePersonaName reads a name: trimmed, NFKC, lower case, spaces as hyphens,
// without a full stop or slash at its end. The empty text, "none" and "nobody"
// are the zero name.
func ParsePersonaName(s string) (PersonaName, error) {
	text, err := parseName("persona", s)
	switch text {
	case "none", "nobody":
		text = ""
	case "end":
		return PersonaName{}, Refuse("%q ends a session and names no persona", text).Try("end because …")
	}
	return PersonaName{text}, err
}

// ParseSkillName reads a name as [ParsePersonaName] does; it may not be empty.
func ParseSkillName(s string) (SkillName, error) {
	text, err := parseName("skill", s)
	if err == nil && (text == "" || text == "none" || text == "nobody") {
		return SkillName{}, Refuse("a skill has no name here").Try("load seo-audit")
	}
	return SkillName{text}, err
}

// String is the whole name, or "" for nobody.
func (n PersonaName) String() string { return n.text }

// IsZero reports whether the name is nobody's.
func (n PersonaName) IsZero() bool { return n.text == "" }

// String is the whole name.
func (n SkillName) String() string { return n.text }

// IsZero reports whether the name names nothing.
func (n SkillName) IsZero() bool { return n.text == "" }

// Last is the last segment: the name people say.
func (n SkillName) Last() string { return lastSegment(n.text) }

// Last is the last segment: the name people say.
func (n PersonaName) Last() string { return lastSegment(n.text) }

func lastSegment(s string) string { return s[strings.LastIndexAny(s, "/:")+1:] }

func parseName(kind, s string) (string, error) {
	if !utf8.ValidString(s) {
		return "", Refuse("a %s name is UTF-8 text, this one is not", kind).Try("list " + kind + "s")
	}
	// Lower case can be composed where upper case is not, hence twice.
	s = norm.NFKC.String(strings.ToLower(norm.NFKC.String(strings.TrimSpace(s))))
	s = strings.TrimRight(strings.Join(strings.Fields(s), "-"), "./:")
	if len(s) > maxName {
		return "", Refuse("a %s name has at most %d bytes, this one %d", kind, maxName, len(s)).Try("list " + kind + "s")
	}
	named := s == ""
	for _, r := range s {
		word := unicode.IsLetter(r) || unicode.IsDigit(r)
		if !word && !unicode.IsMark(r) && !strings.ContainsRune("-_./:", r) || invisible(r) {
			return "", Refuse("%s cannot be in a %s name (in %q)", strconv.QuoteRuneToASCII(r), kind, cut(s, 60)).Try("list " + kind + "s")
		}
		named = named || word
	}
	if !named {
		return "", Refuse("%q names no %s", s, kind).Try("list " + kind + "s")
	}
	return s, nil
}

// Pin says exactly which content was loaded: the source it came from, its path
// there, and the SHA-256 of its bytes in hexadecimal.
type Pin struct{ Source, Path, Hash string }

// Short is the first twelve digits of the hash, enough to compare by eye.
func (p Pin) Short() string { return p.Hash[:min(12, len(p.Hash))] }

// Origin says where a persona or a skill in force comes from.
// A thread's own choice beats the plan, the plan beats the channel, the channel
// beats the workspace.
type Origin string

// The origins, nearest first.
const (
	FromThread    Origin = "thread"
	FromPlan      Origin = "plan"
	FromChannel   Origin = "channel"
	FromWorkspace Origin = "workspace"
)

// Persona is a persona in force: its name and the content pinned when it was
// loaded. The zero value is nobody.
type Persona struct {
	Name PersonaName
	Pin  Pin
	From Origin
}

// Skill is a loaded skill: its name and the content pinned when it was loaded.
type Skill struct {
	Name SkillName
	Pin  Pin
	From Origin
}

// String is name@hash, or "nobody".
func (p Persona) String() string {
	if p.Name.IsZero() {
		return "nobody"
	}
	return pinned(p.Name.Last(), p.Pin)
}

// String is name@hash.
func (s Skill) String() string { return pinned(s.Name.Last(), s.Pin) }

func pinned(name string, pin Pin) string {
	if pin.Hash == "" {
		return name
	}
	return name + "@" + pin.Short()
}

// Same reports whether both are the same skill of the same source, whatever
// its content was when each was loaded.
func (s Skill) Same(o Skill) bool {
	if s.Pin.Source != "" || o.Pin.Source != "" {
		return s.Pin.Source == o.Pin.Source && s.Pin.Path == o.Pin.Path
	}
	return s.Name == o.Name
}

// Shelf is the library as the rules see it: names in, pinned content out.
// One Shelf never changes, so that deciding twice decides the same.
type Shelf interface {
	// Persona finds exactly one persona, or says why not (a Refusal).
	Persona(PersonaName) (Persona, error)
	// Skill finds exactly one skill, or says why not (a Refusal).
	Skill(SkillName) (Skill, error)
}

// orNobody is the name, or the word people use for none.
func (n PersonaName) orNobody() string { return orNobody(n.text) }
