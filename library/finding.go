package library

import (
	"cmp"
	"slices"
)

// Level is how bad a finding is.
type Level string

// The levels.
const (
	Refused  Level = "refused"  // not loaded, for the reason given
	Missing  Level = "missing"  // loaded, but a phase of it names what no source has
	Repaired Level = "repaired" // loaded after something was mended
	Shadowed Level = "shadowed" // loaded, but its bare name finds another, or asks
	Skipped  Level = "skipped"  // not looked at, by rule
	Noted    Level = "noted"    // loaded as it is; worth knowing
)

// Finding is something a person should know about a file or a folder.
type Finding struct {
	Path   string // source:path
	Line   int    // counted from 1; 0 says nothing
	Level  Level
	What   string // lower case, without a full stop
	Remedy string // what to do about it
	Cover  Cover  // of what is Shadowed
}

// Cover says what has the name of something that is shadowed.
type Cover struct {
	Kind   Kind
	Name   string // the bare name
	By     string // the source of what the name finds; "" where it asks which
	Places int    // that have the name, this one too
}

func sortFindings(all []Finding) {
	slices.SortStableFunc(all, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line))
	})
}
