package slack

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/synthoperator/baton/adapters/adaptertest"
	"github.com/synthoperator/baton/adapters/slack/slacktest"
	"github.com/synthoperator/baton/chat"
	"pgregory.net/rapid"
)

// aliveRE finds what notifies or leads somewhere in markup
// (https://docs.slack.dev/messaging/formatting-message-text).
var aliveRE = regexp.MustCompile(`<[@!#]|(?:^|[^\pL\pN_])@(?:here|channel|everyone)\b`)

var hostileTexts = []string{
	"<!channel> <!here> <!subteam^S1> <@U1> &lt;!here&gt; **bold** ```fence", "<<!here>", "&lt<@U1>", "&#60;!channel>", "&#x3C;@U1>",
	"<\u2060!here>", "<\u202e!here>", "<\x00!here>", "@here", "(@channel)", "a@here.com", "![x](https://example.com/x)", "![x][y]", "<https://example.com|x>",
}

// FuzzEscape: whatever a text holds, no token in it is alive as markup or as
// Markdown, and as markup it reads as it stands.
func FuzzEscape(f *testing.F) {
	for _, text := range hostileTexts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got := escape(text); strings.ContainsAny(got, "<>") || unescaped.Replace(got) != clean(text) {
			t.Errorf("%q is %q as markup", text, got)
		}
		if got := inert(text); aliveRE.MatchString(got) || pictureRE.MatchString(got) || inert(got) != got {
			t.Errorf("%q is %q as Markdown", text, got)
		}
		if got := inert(text); strings.ReplaceAll(got, joiner, "") != strings.ReplaceAll(clean(text), joiner, "") {
			t.Errorf("%q is changed into %q", text, got)
		}
		if marked, ok := mrkdwn(text); ok && strings.ContainsAny(marked, "<>*~") && !codeRE.MatchString(clean(text)) {
			t.Errorf("%q is drawn otherwise as %q", text, marked)
		}
	})
}

// FuzzSplit: a cut text is whole, its pieces fit, and no character is torn.
func FuzzSplit(f *testing.F) {
	for _, text := range append(hostileTexts, strings.Repeat("word ", 100), "```go\n"+strings.Repeat("x\n", 100)+"```", strings.Repeat("👩‍🚀", 50), "`"+strings.Repeat("x", 200)+"`") {
		f.Add(text, uint8(50))
	}
	squeeze := strings.NewReplacer("\n", "", " ", "", "`", "", "~", "", "\\", "")
	f.Fuzz(func(t *testing.T, text string, limit uint8) {
		text, most := clean(text), 40+int(limit)
		for name, pieces := range map[string][]string{"cut": cut(text, most, units), "inline": cutInline(text, most), "markdown": cutMarkdown(text, most)} {
			whole := ""
			for _, piece := range pieces {
				if !utf8.ValidString(piece) {
					t.Errorf("%s: %q is torn", name, piece)
				}
				if n := units(piece); n > most {
					t.Errorf("%s: a piece of %q has %d units of %d", name, text, n, most)
				}
				whole += piece
			}
			if name != "markdown" && squeeze.Replace(whole) != squeeze.Replace(text) {
				t.Errorf("%s: %q became %q", name, text, pieces)
			}
		}
	})
}

// TestHostileTextEverywhere is case 23: in no part of a message is a token alive,
// entities are not escaped twice, and words of a text stay readable.
func TestHostileTextEverywhere(t *testing.T) {
	slackBubble(t, slacktest.Options{Unlimited: true}, slacktest.AppConfig{}, func(t *testing.T, s *saying) {
		launch := s.Channel("w1", "launch")
		for i, text := range hostileTexts {
			text := "before " + text + " after"
			m := chat.Message{
				Title: text, Short: text, As: chat.Speaker{Name: text},
				Blocks: []chat.Block{
					chat.Paragraph(text), chat.Rich(text),
					chat.Bullets{text},
					chat.Fields{{Name: text, Value: text}},
					chat.Code(text), chat.Remark(text),
					chat.Pointer{Label: text},
				},
				Buttons: []chat.Button{{Label: "x", Verb: "approve", Args: map[string]string{"text": text}}},
			}
			if _, err := s.a.Post(t.Context(), chat.Post{Key: aKey, To: launch, Body: m}); err != nil {
				t.Fatal(err)
			}
			got := s.channels[launch].Messages()
			if last := got[len(got)-1]; len(last.Pings) > 0 || strings.Contains(last.JSON(), "&amp;lt;") && !strings.Contains(text, "&lt;") {
				t.Errorf("%d: %v %s", i, last.Pings, last.JSON())
			}
		}
	})
}

// TestMrkdwnShowsWhatStands: markup is only made of texts that it shows as they
// stand.
func TestMrkdwnShowsWhatStands(t *testing.T) {
	for text, want := range map[string]bool{
		"plain": true, "snake_case_name": true, "a < b & c": true, "use `go_test *x*` here": true, "2 * 3": false, "_em_": false,
		"*bold*": false, "~gone~": false, ":smile:": false, "12:30:45": false, "> quoted": false, "a > b": true, "one ` tick": false, "line\n> quote": false,
	} {
		if _, ok := mrkdwn(text); ok != want {
			t.Errorf("%q: %v", text, ok)
		}
	}
}

// TestEscapedTextsAreWhole: generated texts lose nothing by being made inert.
func TestEscapedTextsAreWhole(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := adaptertest.Texts().Draw(rt, "text")
		if got := inert(text); strings.ReplaceAll(got, joiner, "") != clean(text) {
			rt.Fatalf("%q became %q", text, got)
		}
	})
}
