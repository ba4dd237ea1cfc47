package commands

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite what is derived")

// The README's table of verbs is the declarations'.
func TestReadmeTable(t *testing.T) {
	const path, open, shut = "../README.md", "<!-- verbs -->\n", "<!-- end of verbs -->"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(data), open)
	table, after, ok2 := strings.Cut(rest, shut)
	if !ok || !ok2 {
		t.Fatalf("%s has no %s … %s", path, open, shut)
	}
	want := Table()
	if table == want {
		return
	}
	if !*update {
		t.Fatalf("the table of verbs in %s is not that of the declarations; run with -update", path)
	}
	if err := os.WriteFile(path, []byte(before+open+want+shut+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
