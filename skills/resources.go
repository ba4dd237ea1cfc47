package skills

import "strings"

// ResourceFolder reports whether a folder of that name inside a skill holds
// what the skill uses: nothing below it is a skill of its own.
func ResourceFolder(name string) bool {
	switch strings.ToLower(name) {
	case "references", "reference", "assets", "scripts", "resources", "templates", "template",
		"examples", "example", "expected_outputs", "evals", "tests", "test", "testdata", "fixtures", "agents":
		return true
	}
	return false
}
