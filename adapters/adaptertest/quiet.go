package adaptertest

import (
	"slices"

	"github.com/google/go-cmp/cmp"
	"github.com/synthoperator/baton/chat"
)

var quietTests = []test{
	{"TextPingsNobody", []Ability{Posting}, testTextPingsNobody},
	{"EditPingsNobody", []Ability{Posting, Editing}, testEditPingsNobody},
	{"ToPings", []Ability{Posting, Notices}, testToPings},
	{"EmptyPost", []Ability{Posting}, testEmptyPost},
}

// massMentions is what notifies many on one platform or another, as people and
// agents write it.
const massMentions = "<!channel> <!here> <!everyone> <!subteam^S1> <!all> <@U1> <@!1> <@&1> <#C1> " +
	"@everyone @here @channel @all &lt;!channel&gt; <!channel|x> <https://example.com|<!here>> \\<!here> `<!here>` "

// hostile is a message that tries to notify people wherever it can.
func (f *fixture) hostile() chat.Message {
	text := massMentions + f.Stage.Mention(f.bo) + " " + f.Stage.Mention(f.ana)
	short := "<!channel>" + f.Stage.Mention(f.bo) + "@everyone"
	args := map[string]string{"task": text}
	return chat.Message{
		As: chat.Speaker{Name: short, Emoji: "🙂"}, Title: text, Short: text,
		Blocks: []chat.Block{
			chat.Paragraph(text), chat.Rich(text + "\n\n```\n" + text + "\n```\n> " + text + "\n\n| " + short + " |\n| --- |\n| " + short + " |\n"),
			chat.Bullets{text},
			chat.Fields{{Name: short, Value: text}},
			chat.Code(text), chat.Code("```\n" + text), chat.Remark(text),
			chat.Pointer{Label: short},
		},
		Buttons: []chat.Button{{Label: short, Verb: "approve", Args: args, Typed: "approve " + text}},
		Selects: []chat.Select{{
			Label: short, Verb: "persona", Option: "name", Typed: "persona " + text,
			Choices: []chat.Suggestion{{Text: short, Label: short, Detail: short}},
		}},
		Files: []chat.File{{Name: short + ".md", MediaType: "text/markdown", Data: []byte(text), Alt: short}},
	}
}

// quiet: nobody was notified by what is shown.
func (f *fixture) quiet(seen []Seen) {
	f.Helper()
	if len(seen) == 0 {
		f.Error("nothing is shown")
	}
	for i, s := range seen {
		if len(s.Pings) > 0 {
			f.Errorf("message %d notified %v", i+1, s.Pings)
		}
	}
}

func testTextPingsNobody(f *fixture) { f.quiet(f.all(f.hostile())) }

func testEditPingsNobody(f *fixture) {
	refs := f.posts(1, f.channel, paragraph("before"))
	for _, part := range f.Poster.Split(f.hostile()) {
		if err := f.Poster.Edit(f.Context(), refs[0], chat.Post{Key: key(1), To: f.channel, Body: part}); err != nil {
			f.Fatal(err)
		}
		f.settle()
		f.quiet(f.shown(refs))
	}
}

// testToPings: those who are to notice a message are notified, and nobody else.
func testToPings(f *fixture) {
	m := f.hostile()
	m.To = []chat.Person{f.bo, f.Stage.Person("cy")}
	var pings, want []string
	for _, s := range f.all(m) {
		pings = append(pings, s.Pings...)
	}
	for _, p := range m.To {
		want = append(want, p.ID)
	}
	slices.Sort(pings)
	slices.Sort(want)
	if diff := cmp.Diff(want, slices.Compact(pings)); diff != "" {
		f.Error(diff)
	}
}
