package library

import (
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/skills"
)

// Kind is what an entry is. A persona slot never yields a skill, nor the reverse.
type Kind string

// The kinds.
const (
	PersonaKind Kind = "persona"
	SkillKind   Kind = "skill"
	PatternKind Kind = "pattern" // in Search and Complete only
)

// verb is what one types to load an entry of the kind.
func (k Kind) verb() string {
	switch k {
	case PersonaKind:
		return "persona "
	case PatternKind:
		return "start "
	}
	return "load "
}

// Entry is one persona or skill on the shelf. Its slices are shared: read them only.
type Entry struct {
	Kind        Kind
	Name        string // the shortest name that finds exactly this one
	ID          string // source:domain/plugin/name, which finds it whatever else there is
	Slug        string // the last segment of its path: what people say
	Title       string // for people
	Declared    string // the name its own frontmatter says, or ""
	Description string // one line
	Emoji       string // personas
	Vibe        string // personas, one sentence
	Subagent    bool   // a persona that was written as a subagent of another tool
	Pin         orchestration.Pin
	Tokens      int      // of its text, see Tokens
	Bytes       int      // of its file
	Resources   []string // files beside a skill, relative to its folder
	Loadout     []string // the skills a persona likes, as its file says
	Licence     string
	Identity    []string // the sentences by which a skill says who is thinking (rule 1)
}

// Line is a sentence by which a skill says who is thinking; see [Identity].
type Line = skills.Line

// Identity finds the sentences at the opening of a skill's text that tell the
// reader who they are, so that a prompt can make a method of them.
func Identity(body string) []Line { return skills.Identity(body) }

// Tokens estimates what a text costs: its bytes divided by four, rounded up.
// It is an estimate for people who choose what to load, the same everywhere in
// Baton. Providers count differently, by about a fifth either way in English
// prose and more in other scripts; what was really used they report themselves.
func Tokens(text string) int { return (len(text) + 3) / 4 }
