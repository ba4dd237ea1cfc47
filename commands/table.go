package commands

import (
	"fmt"
	"strings"
)

// Table is the verbs as the README shows them.
func Table() string {
	var b strings.Builder
	b.WriteString("| verb | what it does | for example |\n|---|---|---|\n")
	for _, v := range All() {
		fmt.Fprintf(&b, "| `%s` | %s | `%s` |\n", v.spec.Name, v.spec.Help, v.spec.Example)
	}
	return b.String()
}
