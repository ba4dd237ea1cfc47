package prompt

import (
	"strings"

	"github.com/synthoperator/baton/library"
)

// Demote turns the sentences by which a skill opens as somebody ("You are an
// expert in …") into the name of a method. It returns the new text and what was
// set aside. Only the opening is touched: a "You are" further down, in an
// example say, is the skill's own business.
func Demote(name, body string) (demoted string, was []string) {
	found := library.Identity(body)
	if len(found) == 0 {
		return body, nil
	}
	lines := strings.Split(body, "\n")
	for _, f := range found {
		line := lines[f.Number-1]
		lines[f.Number-1] = strings.Replace(line, f.Text, "This is the method of "+name+": "+f.Method+".", 1)
		was = append(was, f.Text)
	}
	return strings.Join(lines, "\n"), was
}
