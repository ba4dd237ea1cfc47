package frontmatter

import (
	"strings"
	"testing"
)

// What to do fits what is wrong: the words are those of the YAML library, and
// an update of it that changes them is noticed here.
func TestRemedyFitsTheError(t *testing.T) {
	for in, want := range map[string]string{
		"description: Use: this. Triggers on: x":         "hold a colon",
		"description: \"Does it, and more\nlicense: MIT": "close the quote",
		"description: 'Does it, and more\nlicense: MIT":  "close the quote",
		"description: [this never":                       "close the list",
		"metadata: {a: b":                                "close the braces",
		"description: does d\n\tlicense: MIT":            "spaces instead of tabs",
		"description: @does it":                          "begin with a sign",
		"description: \"C:\\work\"":                      "for a backslash",
		"description: 'it's broken":                      "around the whole value",
		"argument-hint: [a] [b]":                         "around the whole value",
		"metadata:\n  author: x\n version: \"1.0\"":      "indent it like",
		"description: *nowhere":                          "correct the YAML",
	} {
		p, err := Read([]byte("---\nname: a\n" + in + "\n---\ntext"))
		if err != nil || len(p.Repairs) == 0 {
			t.Errorf("%q: %v, %+v", in, err, p.Repairs)
			continue
		}
		if got := p.Repairs[0]; !strings.Contains(got.Remedy, want) {
			t.Errorf("%q: %s; %s", in, got.What, got.Remedy)
		}
	}
}
