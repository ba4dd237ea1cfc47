package slack

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	slackgo "github.com/slack-go/slack"

	"github.com/synthoperator/baton/adapters/slack/slacktest"
	"github.com/synthoperator/baton/chat"
)

// Case 24: an answer of 30,000 characters becomes messages that Slack takes, with
// whole characters and closed code, and nothing is left out; so do more blocks than
// a message has.
func TestLongAnswers(t *testing.T) {
	code := "```go\n" + strings.Repeat("x := 1 // 漢字 👩‍👩‍👧\n", 1000) + "```\n"
	many := chat.Message{}
	for n := range 120 {
		many.Blocks = append(many.Blocks, chat.Paragraph(fmt.Sprint("paragraph ", n, ".")))
	}
	for name, m := range map[string]chat.Message{
		"Markdown": {Blocks: []chat.Block{chat.Rich(strings.Repeat("A sentence of **words**. ", 600) + "\n\n" + code + "the end")}},
		"blocks":   many,
	} {
		t.Run(name, func(t *testing.T) {
			slackBubble(t, slacktest.Options{Unlimited: true}, slacktest.AppConfig{}, func(t *testing.T, s *saying) {
				in := s.Channel("w1", "launch")
				parts := s.a.render(m, "W1")
				if err := s.a.say(t.Context(), in, parts, chat.Person{}); err != nil {
					t.Fatal(err)
				}
				all := ""
				for _, r := range parts {
					whole := 0
					for _, b := range r.Blocks {
						text := string(mustJSON(b))
						if md, ok := b.(*slackgo.MarkdownBlock); ok {
							text = md.Text
							if n := units(text); n > 12_000 || strings.Count(text, "```")%2 != 0 {
								t.Errorf("%d units, %d fences", n, strings.Count(text, "```"))
							}
						}
						if !utf8.ValidString(text) || strings.ContainsRune(text, utf8.RuneError) {
							t.Error("a character is cut")
						}
						whole += units(text)
						all += text
					}
					if len(r.Blocks) > 50 || name == "Markdown" && whole > 13_000 {
						t.Errorf("%d blocks, %d units", len(r.Blocks), whole)
					}
				}
				for what, n := range map[string]int{"A sentence": 600, "x := 1": 1000, "the end": 1} {
					if name == "Markdown" && strings.Count(all, what) != n {
						t.Errorf("%q stands %d times", what, strings.Count(all, what))
					}
				}
				if name == "blocks" && (strings.Count(all, "paragraph ") != 120 || len(parts) != 3) {
					t.Errorf("%d paragraphs in %d messages", strings.Count(all, "paragraph "), len(parts))
				}
			})
		})
	}
}
