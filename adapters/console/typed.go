package console

import (
	"maps"
	"slices"
	"strings"
)

// typed is the line that does what a button does: the verb, and its arguments
// by name in the order in which the verb declares them.
func (r renderer) typed(verb string, args map[string]string) string {
	var b strings.Builder
	b.WriteString(verb)
	for _, name := range r.order(verb, args) {
		b.WriteString(" " + name + ": " + quoteValue(args[name]))
	}
	return b.String()
}

func (r renderer) order(verb string, args map[string]string) []string {
	var names []string
	for _, option := range r.specs[verb].Options {
		if args[option.Name] != "" {
			names = append(names, option.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(args)) {
		if args[name] != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// quoteValue puts a value in quotes where it would not stand alone.
func quoteValue(s string) string {
	if s != "" && !strings.ContainsAny(s, " \t\n\"';:“”‘’") {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
