package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/synthoperator/baton/commands"
)

// What help and the README promise is done in a scenario: every verb's example,
// every option by one of its keys, every choice.
func TestEveryClaimIsExercised(t *testing.T) {
	said := everythingSaid(t)
	has := func(parts ...string) bool {
		return slices.ContainsFunc(said, func(line string) bool {
			for _, p := range parts {
				if !strings.Contains(line, strings.ToLower(p)) {
					return false
				}
			}
			return true
		})
	}
	for _, verb := range commands.All() {
		spec := verb.Spec()
		if !slices.Contains(said, strings.ToLower(spec.Example)) {
			t.Errorf("no scenario says the example of %s: %s", spec.Name, spec.Example)
		}
		for _, o := range spec.Options {
			for _, choice := range o.Choices {
				if !has(spec.Name, choice) {
					t.Errorf("no scenario says %s … %s", spec.Name, choice)
				}
			}
			if !verb.Positional(o.Name) && !has(spec.Name, o.Name+":") {
				t.Errorf("no scenario gives %s its option %q", spec.Name, o.Name)
			}
		}
	}
}

// The transcript in the README is a scenario, so it is what the bot says.
func TestReadmeTranscript(t *testing.T) {
	const open, shut = "<!-- transcript -->\n", "<!-- end of transcript -->"
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(data), open)
	shown, after, ok2 := strings.Cut(rest, shut)
	if !ok || !ok2 {
		t.Fatal("the README has no transcript")
	}
	archive, err := txtar.ParseFile("testdata/scenarios/readme.txtar")
	if err != nil {
		t.Fatal(err)
	}
	scenario := readScenario(t, archive)
	scenario.raw = true
	chat, _ := scenario.play(t, inMemory(t), false)
	want := "```\n" + chat + "```\n"
	if shown == want {
		return
	}
	if !*update {
		t.Fatal("the transcript in the README is not that of testdata/scenarios/readme.txtar; run with -update")
	}
	if err := os.WriteFile("../../README.md", []byte(before+open+want+shut+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// everythingSaid is every line that somebody says in a scenario, in lower case
// and without who says it.
func everythingSaid(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/scenarios/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no scenarios", err)
	}
	var said []string
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			who, text, ok := strings.Cut(strings.TrimSpace(line), "> ")
			if ok && strings.Contains(who, "@") && !strings.Contains(who, " ") {
				said = append(said, strings.ToLower(text))
			}
		}
	}
	return said
}
