package discord

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/synthoperator/baton/adapters/adaptertest"
	"github.com/synthoperator/baton/chat"
	"pgregory.net/rapid"
)

func TestPlain(t *testing.T) {
	for text, want := range map[string]string{
		"snake_case *not* bold":       `snake\_case \*not\* bold`,
		"type `handoff form` now":     "type `handoff form` now",
		"one ` alone":                 "one \\` alone",
		"# no heading":                `\# no heading`,
		"- no entry":                  `\- no entry`,
		"1. no entry":                 `1\. no entry`,
		"version 1.5 - fine":          "version 1.5 - fine",
		"> no quote":                  `\> no quote`,
		"<@1> <@&2> <#3> </x:4> < 1":  "<\u200b@1> <\u200b@&2> <\u200b#3> <\u200b/x:4> < 1",
		"https://x.io/<#1>":           "https://x.io/<\u200b#1>",
		"https://x.io/` a` <@1>":      "https://x.io/\\` a\\` <\u200b@1>",
		"@everyone and @here":         "@\u200beveryone and @\u200bhere",
		"see https://x.io/a_b_c.":     "see https://x.io/a_b_c.",
		"[a](https://evil.example)":   `\[a\](https://evil.example)`,
		"||spoiler||":                 `\|\|spoiler\|\|`,
		"turn \u202eback\u202c again": "turn back again",
		"`a``b`":                      "`a`\u200b`b`",
	} {
		if got := plain(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestRich(t *testing.T) {
	for text, want := range map[string]string{
		"**bold** and `<@1>`":                "**bold** and `<@1>`",
		"hi <@1> @everyone":                  "hi <\u200b@1> @\u200beveryone",
		"#### deep":                          "### deep",
		">>> all":                            "> all",
		"a || b":                             `a \|\| b`,
		"![x](https://x.io/p.png)":           "[x](https://x.io/p.png)",
		"~~~go\nx := 1\n~~~":                 "```go\nx := 1\n```",
		"````\n```\ninner\n```\n````":        "```\n``\u200b`\ninner\n``\u200b`\n```",
		"| a | bb |\n|---|---|\n| ccc | d |": "```\na    bb\n───  ──\nccc  d\n```",
		"| a |\n|---|\n| 漢字 |":               "```\na\n────\n漢字\n```",
		"text ``` more":                      "text \\`\\`\\` more",
		"```\nopen":                          "```\nopen\n```",
		"<https://x.io> <b>":                 "<https://x.io> <\u200bb>",
	} {
		if got := rich(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// mentionRE finds what Discord would show as a mention or a command.
var (
	mentionRE = regexp.MustCompile(`<(@[!&]?|#|/|t:|a?:|id:)[^\s>]*>|@everyone|@here`)
	codeRE    = regexp.MustCompile("(?s)^(```.*?```|``.*?[^`]``|`[^`]+`)")
	linkRE    = regexp.MustCompile(`^https?://[^\s<]*`)
	escapedRE = regexp.MustCompile(`^\\[!-/:-@\[-` + "`" + `{-~]`)
)

// inert is what would mention somebody in markup; "" where nothing does.
func inert(markup string) string { return mentionRE.FindString(outside(markup)) }

// outside is what of markup is neither code nor an address nor escaped, read
// from the left as Discord does.
func outside(markup string) string {
	var out strings.Builder
	for i := 0; i < len(markup); {
		rest := markup[i:]
		switch {
		case escapedRE.MatchString(rest):
			out.WriteByte(' ')
			i += 2
		case codeRE.MatchString(rest):
			out.WriteByte(' ')
			i += len(codeRE.FindString(rest))
		case linkRE.MatchString(rest):
			out.WriteByte(' ')
			i += len(linkRE.FindString(rest))
		default:
			out.WriteByte(rest[0])
			i++
		}
	}
	return out.String()
}

func FuzzPlain(f *testing.F) {
	for _, seed := range []string{"", "a_b `c` <@1>", "https://x.io/@everyone_", "``x``", "\\`\\", "@here @everyone", "- 1. > #"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		markup := plain(text)
		strip := func(s string) string { return strings.ReplaceAll(s, zeroWidth, "") }
		if got, want := readPlain(markup), strip(clean(text)); got != want {
			t.Errorf("%q is drawn as %q and read as %q", want, markup, got)
		}
		most := 0
		for _, r := range clean(text) {
			most += width(r)
		}
		if n := units(markup); n > most {
			t.Errorf("%q takes %d units, at most %d were expected", markup, n, most)
		}
	})
}

// readPlain is what people read of what plain drew: escapes are gone.
func readPlain(markup string) string {
	lines := strings.Split(markup, "\n")
	for i, line := range lines {
		lines[i] = readLine(line)
	}
	return strings.ReplaceAll(strings.Join(lines, "\n"), zeroWidth, "")
}

func FuzzRich(f *testing.F) {
	for _, seed := range []string{"", "```go\nx", "| a |\n|--|\n| b |", "~~~\n```\n~~~", "<@1> `a` <!here>", "\\", "   ```\nx\n```"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		markup := rich(clean(text))
		if strings.Count(markup, "```")%2 != 0 {
			t.Errorf("%q leaves code open: %q", text, markup)
		}
		if !utf8.ValidString(markup) {
			t.Errorf("%q is no text", markup)
		}
		// Drawn from what it is parsed to, a text is the same.
		var again []string
		for _, item := range parseRich(clean(text)) {
			again = append(again, item.source())
		}
		if got := rich(strings.Join(again, "\n")); got != markup {
			t.Errorf("%q is drawn as %q and, from its items, as %q", text, markup, got)
		}
	})
}

// TestInert: whatever people write, no part of a message mentions anybody but by
// its To.
func TestInert(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.OneOf(adaptertest.Texts(), rapid.StringMatching("(<@[0-9]{3}>|@everyone|`|\\\\|<#1>|<t:1:R>|\n| |x|https://x.io/){0,12}")).Draw(rt, "text")
		for _, b := range []chat.Block{chat.Paragraph(text), chat.Bullets{text}, chat.Fields{{Name: text, Value: text}}, chat.Remark(text), chat.Pointer{Label: text}} {
			if m := inert(draw(b)); m != "" {
				rt.Errorf("%T draws %q: %q", b, m, draw(b))
			}
		}
		if m := inert(rich(clean(text))); m != "" {
			rt.Errorf("Markdown draws %q: %q", m, rich(clean(text)))
		}
	})
}

func FuzzSplit(f *testing.F) {
	for _, seed := range []string{"", "word ", "```\nx\n", "| a |\n|--|\n| b |\n", "漢字🙂", "- x\n"} {
		f.Add(seed, 700, byte(0))
	}
	f.Fuzz(func(t *testing.T, piece string, times int, kind byte) {
		if times < 0 || times > 2000 || len(piece) > 50 {
			t.Skip()
		}
		text := strings.Repeat(piece, times)
		b := []chat.Block{chat.Paragraph(text), chat.Rich(text), chat.Code(text), chat.Remark(text), chat.Bullets{text}, chat.Fields{{Name: piece, Value: text}}}[int(kind)%6]
		parts := split(chat.Message{Title: "T", Blocks: []chat.Block{b}})
		for i, part := range parts {
			shownUnits := 0
			all, err := (&Adapter{}).renderPart(t.Context(), part, "")
			if err != nil {
				t.Fatal(err)
			}
			walk(all.Components, func(c *component) { shownUnits += units(c.Content) })
			if shownUnits > maxShown {
				t.Errorf("part %d shows %d units", i+1, shownUnits)
			}
			if again := split(part); len(again) != 1 {
				t.Errorf("part %d is split again into %d", i+1, len(again))
			}
		}
	})
}
