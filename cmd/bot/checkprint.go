package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/synthoperator/baton/library"
)

func (c *checked) print(w io.Writer, everything bool) error {
	p := &printer{w: w}
	c.printConfiguration(p)
	if c.Database.Path != "" {
		p.line("database       %s: %s", c.Database.Path, withDetail(c.Database.State, c.Database.What))
	}
	all := c.platforms()
	for _, platform := range slices.Sorted(maps.Keys(all)) {
		all[platform].print(p, platform)
	}
	for _, s := range c.Sources {
		personas := count(s.Personas, "persona")
		if s.Subagents > 0 {
			personas += ", " + count(s.Subagents, "subagent")
		}
		p.line("source         %s: %s, %s, %s", withDetail(s.Name, s.Path), personas, count(s.Skills, "skill"), count(s.Patterns, "pattern"))
	}
	for _, one := range c.Calendars {
		p.line("%s", one)
	}
	for _, level := range levels() {
		found := c.at(level)
		switch {
		case everything || level != library.Shadowed && level != library.Noted:
			for _, f := range found {
				p.line("%s", f)
			}
		case level == library.Shadowed:
			c.printShadowed(p, found)
		}
	}
	if len(c.Findings) > 0 {
		p.line("%s", c.totals(everything))
	}
	return p.err
}

func (c *checked) printConfiguration(p *printer) {
	switch {
	case c.Configuration.Path == "":
		p.line("configuration  none; the defaults hold")
	case len(c.Configuration.Problems) == 0:
		p.line("configuration  %s", c.Configuration.Path)
	}
	for _, problem := range c.Configuration.Problems {
		p.line("%s", ConfigError{c.Configuration.Path, []Problem{problem}})
	}
	for _, texts := range [][]string{c.Configuration.NotYet, c.Configuration.Secrets} {
		for _, text := range texts {
			p.line("configuration  %s", text)
		}
	}
}

// levels are in the order of what there is to do.
func levels() []library.Level {
	return []library.Level{library.Refused, library.Missing, library.Repaired, library.Skipped, library.Shadowed, library.Noted}
}

// at are the findings of one level.
func (c *checked) at(level library.Level) []findingChecked {
	return slices.DeleteFunc(slices.Clone(c.Findings), func(f findingChecked) bool { return f.Level != string(level) })
}

func (f findingChecked) String() string {
	at := f.Path
	if f.Line > 0 {
		at += fmt.Sprintf(":%d", f.Line)
	}
	return fmt.Sprintf("%s: %s: %s", at, f.Level, withRemedy(f.What, f.Remedy))
}

// totals says how much there is of each level.
func (c *checked) totals(everything bool) string {
	var parts []string
	shortened := false
	for _, level := range levels() {
		if n := len(c.at(level)); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, level))
			shortened = shortened || level == library.Shadowed || level == library.Noted
		}
	}
	text := strings.Join(parts, ", ")
	if shortened && !everything {
		text += "; --all tells each in full"
	}
	return text
}

// printShadowed tells of a name in several places on one line, and of all that
// a source has put in the place of shipped content on another.
func (c *checked) printShadowed(p *printer, found []findingChecked) {
	shipped := library.Shipped().Name
	replaced := func(f findingChecked) bool {
		return strings.HasPrefix(f.Path, shipped+":") && f.cover.By != "" && f.cover.By != shipped
	}
	for _, s := range c.Sources {
		if text := c.replaces(s.Name, slices.DeleteFunc(slices.Clone(found), func(f findingChecked) bool { return !replaced(f) || f.cover.By != s.Name })); text != "" {
			p.line("shadowed: %s", text)
		}
	}
	rest := slices.DeleteFunc(slices.Clone(found), replaced)
	slices.SortStableFunc(rest, func(a, b findingChecked) int {
		return cmp.Or(cmp.Compare(a.cover.Kind, b.cover.Kind), cmp.Compare(a.cover.Name, b.cover.Name))
	})
	for len(rest) > 0 {
		one := rest[0]
		n := slices.IndexFunc(rest, func(f findingChecked) bool {
			return f.cover.Kind != one.cover.Kind || f.cover.Name != one.cover.Name
		})
		if n < 0 {
			n = len(rest)
		}
		if n == 1 {
			p.line("%s", one)
		} else {
			p.line("shadowed: %s %s: %d places; %s, and so on – see --all", one.cover.Kind, one.cover.Name, one.cover.Places, one.Remedy)
		}
		rest = rest[n:]
	}
}

// replaces says what of the shipped content a source has its own of.
func (c *checked) replaces(source string, found []findingChecked) string {
	var parts []string
	all := false
	for _, kind := range []library.Kind{library.PersonaKind, library.SkillKind, library.PatternKind} {
		n := len(slices.DeleteFunc(slices.Clone(found), func(f findingChecked) bool { return f.cover.Kind != kind }))
		of := c.shipped(kind)
		noun := "shipped " + string(kind)
		switch {
		case n == 0:
			continue
		case n < of:
			parts = append(parts, fmt.Sprintf("%d of %s", n, count(of, noun)))
		case all:
			parts = append(parts, count(n, noun))
		default:
			parts = append(parts, "all "+count(n, noun))
		}
		all = n == of
	}
	if len(parts) == 0 {
		return ""
	}
	text := parts[len(parts)-1]
	if before := parts[:len(parts)-1]; len(before) > 0 {
		text = strings.Join(before, ", ") + " and " + text
	}
	return source + " replaces " + text
}

// shipped is how many of a kind come with Baton, replaced or not.
func (c *checked) shipped(kind library.Kind) int {
	for _, s := range c.Sources {
		switch {
		case s.Name != library.Shipped().Name:
		case kind == library.PersonaKind:
			return s.Personas
		case kind == library.SkillKind:
			return s.Skills
		case kind == library.PatternKind: // one that is replaced is not on the shelf
			n := s.Patterns
			for _, f := range c.at(library.Shadowed) {
				if f.cover.Kind == kind && strings.HasPrefix(f.Path, s.Name+":") {
					n++
				}
			}
			return n
		}
	}
	return 0
}

// printer keeps the first error of printing.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

func withDetail(what, detail string) string {
	if detail == "" {
		return what
	}
	return what + " (" + detail + ")"
}

func withRemedy(what, remedy string) string {
	if remedy == "" {
		return what
	}
	return what + "; " + remedy
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
