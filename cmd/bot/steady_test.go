package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// steady takes out of an answer what changes with every edit of a shipped file,
// so that a scenario changes only where Baton does: the hashes, the tokens, and
// the text of shipped personas and skills.
type steady struct {
	out     *strings.Builder
	shipped map[string]bool // the lines of shipped files
}

var (
	shortHashRE = regexp.MustCompile(`@[0-9a-f]{12}\b`)
	longHashRE  = regexp.MustCompile(`\b[0-9a-f]{64}\b`)
	pngSizeRE   = regexp.MustCompile(`\.png \([^()]*\)`)
	tokensRE    = regexp.MustCompile(`\b[0-9][0-9,]* tokens?\b`)
)

func (s steady) Write(p []byte) (int, error) {
	text := shortHashRE.ReplaceAllString(string(p), "@hash")
	text = longHashRE.ReplaceAllString(text, "sha256")
	text = pngSizeRE.ReplaceAllString(text, ".png (N KiB)")
	text = tokensRE.ReplaceAllString(text, "N tokens")
	s.out.WriteString(s.elide(text))
	return len(p), nil
}

// elide puts one line in place of every stretch of shipped text.
func (s steady) elide(text string) string {
	all := strings.SplitAfter(text, "\n")
	var out strings.Builder
	for i := 0; i < len(all); {
		n := s.stretch(all[i:])
		if n == 0 {
			out.WriteString(all[i])
			i++
			continue
		}
		place, _, _ := strings.Cut(all[i], "|")
		out.WriteString(place + "| ⋮\n")
		i += n
	}
	return out.String()
}

// stretch is how many lines from here on are shipped text: three of them at
// least, not counting blank ones, and none blank at its end.
func (s steady) stretch(all []string) int {
	lines, end := 0, 0
	for i, line := range all {
		_, said, _ := strings.Cut(line, "|")
		said = strings.TrimSpace(said)
		if said == "" && lines > 0 {
			continue
		}
		if !s.shipped[said] {
			break
		}
		lines, end = lines+1, i+1
	}
	if lines < 3 {
		return 0
	}
	return end
}

// shippedLines are the lines of all personas and skills that come with Baton.
func shippedLines(t *testing.T) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for _, pattern := range []string{"../../personas/*.md", "../../skills/*/SKILL.md"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(data)) {
				if line = strings.TrimSpace(line); line != "" {
					out[line] = true
				}
			}
		}
	}
	return out
}

func TestSteady(t *testing.T) {
	var out strings.Builder
	s := steady{&out, map[string]bool{"one": true, "two": true, "three": true}}
	text := "b@x| startup-cto@0123456789ab, 1,234 tokens\nb@x| one\nb@x|\nb@x| two\nb@x| three\nb@x|\nb@x| carried: one\nb@x| one\nb@x| two\n"
	if _, err := s.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	want := "b@x| startup-cto@hash, N tokens\nb@x| ⋮\nb@x|\nb@x| carried: one\nb@x| one\nb@x| two\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}
