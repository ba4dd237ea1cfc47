package adaptertest

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/synthoperator/baton/chat"
	"pgregory.net/rapid"
)

// Texts are texts of any kind and up to several times the size of a message, as
// people, agents and files write them.
func Texts() *rapid.Generator[string] {
	piece := rapid.OneOf(
		rapid.StringMatching(`[a-z]{1,9}[0-9]{3} `),
		rapid.SampledFrom([]string{
			"\n", "\n\n", " ", "- entry\n", "1. first\n", "| a1 | b2 |\n", "> said\n", "```\n", "```go\n", "~~~\n", "````\n", "`code`", "**bold** ",
			"<@U1>", "<!here>", "@everyone ", "&amp;", "<b>", "[a](https://example.com) ", "\\", "\t", "\r\n", "\u2028", "\u202e", "\u200b", "\x00", "\xff",
			"漢字", "🙂", "👩‍🚀", "é", "ß ",
		}),
		rapid.Custom(func(t *rapid.T) string {
			return strings.Repeat(rapid.SampledFrom([]string{"x", "漢", "🙂", "<", "&", "ab 1 ", "word2\n", "`"}).Draw(t, "one"), rapid.IntRange(1, 1500).Draw(t, "times"))
		}),
	)
	return rapid.Map(rapid.SliceOfN(piece, 0, 12), func(all []string) string { return strings.Join(all, "") })
}

// Messages are messages that say something, of any content and size.
func Messages() *rapid.Generator[chat.Message] {
	return rapid.Custom(func(t *rapid.T) chat.Message {
		text := Texts()
		m := chat.Message{
			As:      chat.Speaker{Name: optional(t, "speaker", text)},
			Title:   optional(t, "title", text),
			Short:   optional(t, "short", text),
			Blocks:  rapid.SliceOfN(blocks(text), 0, 8).Draw(t, "blocks"),
			Buttons: rapid.SliceOfN(buttons(text), 0, 8).Draw(t, "buttons"),
			Selects: rapid.SliceOfN(selects(text), 0, 3).Draw(t, "selects"),
			Files:   rapid.SliceOfN(files(text), 0, 3).Draw(t, "files"),
		}
		if core(m.Title+m.Short+strings.Join(blockTexts(m.Blocks), "")) == "" {
			m.Title = "Title " + m.Title
		}
		return m
	})
}

func optional(t *rapid.T, name string, text *rapid.Generator[string]) string {
	if rapid.Bool().Draw(t, name+" there") {
		return text.Draw(t, name)
	}
	return ""
}

func blocks(text *rapid.Generator[string]) *rapid.Generator[chat.Block] {
	return rapid.Custom(func(t *rapid.T) chat.Block {
		switch rapid.IntRange(0, 7).Draw(t, "kind") {
		case 0:
			return chat.Rich(text.Draw(t, "rich"))
		case 1:
			return chat.Bullets(rapid.SliceOfN(text, 0, 5).Draw(t, "bullets"))
		case 2:
			return chat.Fields(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) chat.Field {
				return chat.Field{Name: text.Draw(t, "name"), Value: text.Draw(t, "value")}
			}), 0, 5).Draw(t, "fields"))
		case 3:
			return chat.Code(text.Draw(t, "code"))
		case 4:
			return chat.Remark(text.Draw(t, "remark"))
		case 5:
			of := rapid.IntRange(1, 1000).Draw(t, "of")
			return chat.Progress{Done: rapid.IntRange(0, of).Draw(t, "done"), Of: of}
		case 6:
			return chat.Pointer{Label: text.Draw(t, "label")}
		}
		return chat.Paragraph(text.Draw(t, "paragraph"))
	})
}

// verbs are what controls of a generated message ask for.
var verbs = rapid.SampledFrom([]string{"approve", "note", "persona"})

func buttons(text *rapid.Generator[string]) *rapid.Generator[chat.Button] {
	return rapid.Custom(func(t *rapid.T) chat.Button {
		return chat.Button{
			Label: "press " + text.Draw(t, "label"), Verb: verbs.Draw(t, "verb"), Typed: "approve 1",
			Args: map[string]string{"text": text.Draw(t, "arg")}, Form: rapid.Bool().Draw(t, "form"),
		}
	})
}

func selects(text *rapid.Generator[string]) *rapid.Generator[chat.Select] {
	choice := rapid.Custom(func(t *rapid.T) chat.Suggestion {
		return chat.Suggestion{Text: "c" + text.Draw(t, "value"), Label: "choose " + text.Draw(t, "label"), Detail: optional(t, "detail", text)}
	})
	return rapid.Custom(func(t *rapid.T) chat.Select {
		return chat.Select{
			Label: "select " + text.Draw(t, "label"), Verb: verbs.Draw(t, "verb"), Option: "name", Typed: "persona …",
			Choices: rapid.SliceOfN(choice, 1, 5).Draw(t, "choices"),
		}
	})
}

func files(text *rapid.Generator[string]) *rapid.Generator[chat.File] {
	return rapid.Custom(func(t *rapid.T) chat.File {
		return chat.File{
			Name: rapid.StringMatching(`[a-z0-9]{1,20}\.md`).Draw(t, "name"), MediaType: "text/markdown",
			Data: []byte(strings.ToValidUTF8(text.Draw(t, "data"), "")),
		}
	})
}

// testAnyMessage: whatever a message holds and however large it is, its parts
// are taken, show all of it, and notify nobody.
func testAnyMessage(t *testing.T, open func(t *testing.T, h chat.Handler) *Harness, skipped *[]string) {
	var why string
	synctest.Test(t, func(t *testing.T) { why = start(t, open).lacks([]Ability{Posting, Long}) })
	if why != "" {
		*skipped = append(*skipped, "AnyMessage: "+why)
		t.Skip(why)
	}
	rapid.Check(t, func(rt *rapid.T) {
		m := Messages().Draw(rt, "message")
		var bad string
		synctest.Test(t, func(t *testing.T) { bad = shownWhole(start(t, open), m) })
		if bad != "" {
			rt.Fatal(bad)
		}
	})
}

// shownWhole says what is wrong with how a message is shown.
func shownWhole(f *fixture, m chat.Message) string {
	var refs []chat.Ref
	for i, part := range f.Poster.Split(m) {
		ref, err := f.Poster.Post(f.Context(), chat.Post{Key: key(i + 1), To: f.channel, Body: part})
		if err != nil {
			return "a part was not taken: " + err.Error()
		}
		refs = append(refs, ref)
	}
	f.settle()
	seen, ok := f.each(refs)
	if !ok {
		return "a part is not there"
	}
	if word := lost(m, seen); word != "" {
		return word + " is lost"
	}
	if i := slices.IndexFunc(seen, func(s Seen) bool { return unbalanced(s.Source) }); i >= 0 {
		return "code is left open"
	}
	if i := slices.IndexFunc(seen, func(s Seen) bool { return len(s.Pings) > 0 }); i >= 0 {
		return "somebody was notified"
	}
	return ""
}
