package adaptertest

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/synthoperator/baton/chat"
)

var degradeTests = []test{
	{"ManyBlocks", []Ability{Posting, Long}, testManyBlocks},
	{"ManyButtons", []Ability{Posting, Buttons}, testManyButtons},
	{"ManyChoices", []Ability{Posting}, testManyChoices},
	{"FormInWords", []Ability{Posting}, testFormInWords},
	{"Notice", []Ability{Posting, Notices}, testNotice},
	{"Speaker", []Ability{Posting, Speakers}, testSpeaker},
	{"Files", []Ability{Posting}, testFiles},
	{"Pointer", []Ability{Posting}, testPointer},
}

// all: everything of a message is shown, whatever the platform's limits are.
func (f *fixture) all(m chat.Message) []Seen {
	f.Helper()
	seen := f.shown(f.posts(1, f.channel, m))
	if word := lost(m, seen); word != "" {
		f.Errorf("%s is lost", word)
	}
	return seen
}

func testManyBlocks(f *fixture) {
	m := chat.Message{Title: "Many"}
	for i := range 120 {
		m.Blocks = append(m.Blocks, chat.Paragraph(numbered("paragraph", i)))
	}
	var fields chat.Fields
	for i := range 90 {
		fields = append(fields, chat.Field{Name: numbered("name", i), Value: numbered("value", i)})
	}
	m.Blocks = append(m.Blocks, fields, chat.Remark("the end"))
	f.all(m)
}

// testManyButtons: each of very many buttons can be pressed, or says what to type.
func testManyButtons(f *fixture) {
	m := paragraph("Press one")
	for i := range 200 {
		m.Buttons = append(m.Buttons, chat.Button{
			Label: numbered("button", i), Verb: "approve", Args: map[string]string{"task": numbered("", i)}, Typed: "approve " + numbered("", i),
		})
	}
	seen := f.all(m)
	for i, b := range m.Buttons {
		on := slices.IndexFunc(seen, func(s Seen) bool { return slices.Contains(s.Buttons, b.Label) })
		switch {
		case on < 0 && len(containing(seen, b.Typed)) == 0:
			f.Errorf("there is no button %q, and nothing says to type %q", b.Label, b.Typed)
		case on >= 0 && i%40 == 39:
			if c := f.press(f.bo, seen[on], b.Label); !does(c, b) {
				f.Errorf("%q does %+v", b.Label, c)
			}
		}
	}
}

func testManyChoices(f *fixture) {
	s := chat.Select{Label: "Persona", Verb: "persona", Option: "name", Typed: "persona …"}
	for i := range 200 {
		s.Choices = append(s.Choices, chat.Suggestion{Text: numbered("persona-", i), Label: numbered("persona-", i)})
	}
	m := paragraph("Choose one")
	m.Selects = []chat.Select{s}
	f.all(m)
}

// testFormInWords: a form that nobody asked for cannot be opened in front of
// anybody; what it asks for is said.
func testFormInWords(f *fixture) {
	m := paragraph("Please fill in")
	m.Form = &handoffForm
	f.all(m)
}

// testNotice: a notification shows the short form of a message, in one line, and
// no empty one.
func testNotice(f *fixture) {
	m := chat.Message{
		Title: "Phase 2 of 4: Prepare", Short: "Launch is in phase 2 & goes on", To: []chat.Person{f.bo},
		Blocks: []chat.Block{chat.Paragraph(manyWords("word", 50))},
	}
	if got := f.all(m)[0].Notice; !strings.Contains(got, m.Short) || strings.Contains(got, "\n") {
		f.Errorf("the notification is %q", got)
	}
	m.Short = ""
	if got := f.all(m)[0].Notice; core(got) == "" {
		f.Errorf("the notification is %q", got)
	}
}

func testSpeaker(f *fixture) {
	for _, as := range []chat.Speaker{
		{Name: "Startup CTO", Emoji: "🚀", Avatar: "https://example.com/cto.png", Color: 0x336699},
		{Name: strings.Repeat("Very long name ", 20)},
	} {
		m := paragraph("I would take Postgres")
		m.As = as
		seen := f.all(m)
		if name := core(as.Name); len(name) < 50 && !strings.Contains(core(seen[0].Speaker+seen[0].Text), name) {
			f.Errorf("%q speaks, and shown is %q", as.Name, seen[0].Speaker)
		}
	}
}

var picture = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01")

// testFiles: a document arrives byte for byte, or is shown as text; for a picture
// that cannot be shown stands what it shows.
func testFiles(f *fixture) {
	m := chat.Message{Title: "The export", Files: []chat.File{
		{Name: "launch.md", MediaType: "text/markdown", Data: []byte("# Launch\n\n" + manyWords("line", 800))},
		{Name: "burn-down.png", MediaType: "image/png", Data: picture, Alt: "Three of seven tasks are done"},
		{Name: "empty.txt", MediaType: "text/plain"},
	}}
	seen := f.all(m)
	for _, file := range m.Files {
		found := false
		for _, s := range seen {
			for _, got := range s.Files {
				found = found || got.Name == file.Name && bytes.Equal(got.Data, file.Data)
			}
		}
		if found {
			continue
		}
		text := strings.Join(texts(seen), "\n")
		if word := missing(string(file.Data), text); strings.HasPrefix(file.MediaType, "text/") && word != "" {
			f.Errorf("%s is no file and not shown: %s is missing", file.Name, word)
		}
		if word := missing(file.Alt, text); word != "" {
			f.Errorf("%s cannot be seen, and what it shows is not said", file.Name)
		}
	}
}

func testPointer(f *fixture) {
	ref := f.posts(50, f.channel, paragraph("said before"))[0]
	m := chat.Message{Title: "See", Blocks: []chat.Block{chat.Pointer{Label: "what was said", To: ref}, chat.Pointer{Label: "nowhere"}}}
	seen := f.all(m)
	if ref.Link != "" && !strings.Contains(seen[0].Text+seen[0].Source, ref.Link) {
		f.Errorf("%s is not in %q", ref.Link, seen[0].Text)
	}
}

// testEmptyPost: nothing to say is refused for good, not repeated for ever.
func testEmptyPost(f *fixture) {
	_, err := f.Poster.Post(context.WithoutCancel(f.Context()), chat.Post{Key: key(1), To: f.channel})
	if !errors.As(err, new(chat.Rejected)) {
		f.Errorf("%v", err)
	}
}
