package adaptertest

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/synthoperator/baton/chat"
)

var splitTests = []test{
	{"LongTexts", []Ability{Posting, Long}, testLongTexts},
	{"LongLines", []Ability{Posting, Long}, testLongLines},
	{"LongTables", []Ability{Posting, Long}, testLongTables},
	{"LinesAtTheLimit", []Ability{Posting, Long}, testLinesAtTheLimit},
	{"SplitEqually", []Ability{Posting, Long}, testSplitEqually},
	{"ShortIsOnePart", []Ability{Posting}, testShortIsOnePart},
}

// long are messages of 30,000 characters and more of numbered words.
func long() map[string]chat.Message {
	text := manyWords("word", 3000)
	var bullets chat.Bullets
	for line := range strings.Lines(text) {
		bullets = append(bullets, line)
	}
	fenced := "Before it\n\n```go\n" + text + "```\n\nbetween\n\n~~~\n" + manyWords("tail", 1000) + "~~~\n\nAfter it"
	return map[string]chat.Message{
		"paragraph": {Title: "All", Blocks: []chat.Block{chat.Paragraph(text)}},
		"rich":      {Title: "All", Blocks: []chat.Block{chat.Rich(text)}},
		"fenced":    {Title: "All", Blocks: []chat.Block{chat.Rich(fenced)}},
		"unclosed":  {Title: "All", Blocks: []chat.Block{chat.Rich("```\n" + text), chat.Paragraph("after it")}},
		"code":      {Title: "All", Blocks: []chat.Block{chat.Code(text)}},
		"remark":    {Title: "All", Blocks: []chat.Block{chat.Remark(text)}},
		"bullets":   {Title: "All", Blocks: []chat.Block{bullets}},
		"bullet":    {Title: "All", Blocks: []chat.Block{chat.Bullets{text}}},
		"field":     {Title: "All", Blocks: []chat.Block{chat.Fields{{Name: "a", Value: "b"}, {Name: "name", Value: text}}}},
		"title":     {Title: text},
		"short":     {Short: text},
	}
}

// testLongTexts: of a message that no platform holds in one piece each word is
// shown once, in order.
func testLongTexts(f *fixture) {
	n := 0
	for name, m := range long() {
		n += 100
		in := f.Stage.Channel("w1", name)
		seen := f.shown(f.posts(n, in, m))
		if diff := cmp.Diff(messageIDs(seen), messageIDs(f.baton(in))); diff != "" {
			f.Errorf("%s: the parts stand in another order: %s", name, diff)
		}
		all := strings.Join(texts(seen), "\n")
		if word := lost(m, seen); word != "" {
			f.Errorf("%s: %s is lost", name, word)
		}
		for i := range 3000 {
			if n := strings.Count(all, numbered("word", i)); n != 1 {
				f.Errorf("%s: %s stands there %d times", name, numbered("word", i), n)
				break
			}
		}
		for i, part := range seen {
			if unbalanced(part.Source) {
				f.Errorf("%s: code is left open in part %d", name, i+1)
			}
		}
	}
}

var equalThreads = cmp.Comparer(func(a, b chat.Thread) bool { return a == b })

func messageIDs(all []Seen) []string {
	var out []string
	for _, m := range all {
		out = append(out, m.Ref.ID)
	}
	return out
}

// testLongLines: where there is no space to cut at, the cut is between two
// characters, and no character is torn or lost.
func testLongLines(f *fixture) {
	for i, piece := range []string{"漢字", "🙂🚀", "é", "x", "кот", "<&>9"} {
		text := strings.Repeat(piece, 12000/utf8.RuneCountInString(piece))
		for j, block := range []chat.Block{chat.Paragraph(text), chat.Rich(text), chat.Code(text), chat.Rich("```\n" + text + "\n```")} {
			in := f.Stage.Channel("w1", fmt.Sprint("c", i, "x", j))
			seen := f.shown(f.posts(1000*i+100*j+1, in, chat.Message{Blocks: []chat.Block{block}}))
			all := strings.Join(texts(seen), "\n")
			if !utf8.ValidString(all) || strings.ContainsRune(all, utf8.RuneError) {
				f.Errorf("%T of %s: a character is torn", block, piece)
			}
			if got, want := core(all), core(text); got != want {
				f.Errorf("%T of %s: %d characters of %d are left", block, piece, len(got), len(want))
			}
		}
	}
}

// testLongTables: a row of a table and an entry of a list stand in one part.
func testLongTables(f *fixture) {
	table, list := "| name | value |\n| --- | --- |\n", ""
	for i := range 700 {
		table += fmt.Sprintf("| %s | %s |\n", numbered("row", i), numbered("value", i))
		list += fmt.Sprintf("- %s is %s\n", numbered("entry", i), numbered("what", i))
	}
	seen := f.shown(f.posts(1, f.channel, chat.Message{Blocks: []chat.Block{chat.Rich(table), chat.Rich(list)}}))
	var parts []string
	for _, part := range seen {
		parts = append(parts, core(part.Text))
	}
	all := strings.Join(parts, " ")
	for i := range 700 {
		for _, line := range []string{numbered("row", i) + numbered("value", i), numbered("entry", i) + "is" + numbered("what", i)} {
			if strings.Count(all, line) != 1 {
				f.Fatalf("%s is torn or missing", line)
			}
		}
	}
}

// testLinesAtTheLimit: a line that ends exactly where a part does is not torn
// either, inside code and outside; lines of many lengths meet every limit.
func testLinesAtTheLimit(f *fixture) {
	for n := 3; n < 40; n++ {
		line := strings.Repeat("7", n)
		text := strings.Repeat(line+"\n", 6000/n)
		for i, block := range []chat.Block{chat.Rich(text), chat.Rich("```\n" + text + "```"), chat.Paragraph(text), chat.Code(text)} {
			in := f.Stage.Channel("w1", fmt.Sprint("c", n, "x", i))
			whole := 0
			for _, part := range f.shown(f.posts(n*1000+i*100+1, in, chat.Message{Blocks: []chat.Block{block}})) {
				for got := range strings.FieldsSeq(part.Text) {
					if core(got) == line {
						whole++
					} else if core(got) != "" {
						f.Errorf("%T: of a line of %d characters there is %q", block, n, got)
					}
				}
			}
			if whole != 6000/n {
				f.Errorf("%T: %d of %d lines of %d characters", block, whole, 6000/n, n)
			}
		}
	}
}

func testSplitEqually(f *fixture) {
	for name, m := range long() {
		parts := f.Poster.Split(m)
		if diff := cmp.Diff(parts, f.Poster.Split(m), equalThreads); diff != "" {
			f.Errorf("%s is split in two ways: %s", name, diff)
		}
		for i, part := range parts {
			if again := f.Poster.Split(part); len(again) != 1 {
				f.Errorf("%s: part %d is split again into %d", name, i+1, len(again))
			}
		}
	}
}

func testShortIsOnePart(f *fixture) {
	m := chat.Message{Title: "Phase 1 of 4: Build", Blocks: []chat.Block{
		chat.Fields{{Name: "Persona", Value: "startup-cto"}}, chat.Progress{Done: 1, Of: 4}, chat.Remark("from the plan"),
	}, Buttons: []chat.Button{approve}}
	if n := len(f.Poster.Split(m)); n != 1 {
		f.Errorf("%d parts", n)
	}
	seen := f.shown(f.posts(1, f.channel, m))
	if word := lost(m, seen); word != "" {
		f.Errorf("%s is lost: %q", word, texts(seen))
	}
}
