package console

import (
	"strings"
	"testing"

	"github.com/synthoperator/baton/chat"
)

var promptAnswer = chat.Message{
	Title:   "Prompt for phase 1",
	Blocks:  []chat.Block{chat.Paragraph("for ana"), chat.Code("x := 1\n\n\ty()\n"), chat.Remark("About 20 tokens."), chat.Remark("Paste the answer.")},
	Files:   []chat.File{{Name: "prompt-1.md", MediaType: "text/markdown", Data: []byte("# You\n\n- do\n")}},
	Buttons: []chat.Button{{Label: "Stop", Verb: "stop", Typed: "stop 1"}},
}

// On a screen what is to be copied has nothing in front of it, and the next
// step is the last thing seen.
func TestWhatIsCopiedStandsAlone(t *testing.T) {
	out := typing(t, saying(promptAnswer), "prompt\r\x04")
	line := strings.Repeat("─", 40) + "\n"
	want := "you@general> prompt\nbaton@general| Prompt for phase 1\nbaton@general| for ana\n" +
		line + "x := 1\n\n\ty()\n" + line +
		"baton@general| file prompt-1.md (12 bytes)\n" +
		line + "# You\n\n- do\n" + line +
		"baton@general| About 20 tokens.\nbaton@general| Paste the answer.\nbaton@general| → Stop: stop 1\nyou@general> "
	if !strings.Contains(out, want) {
		t.Errorf("the screen:\n%s\nwant:\n%s", out, want)
	}
}

// In a pipe every line keeps its place (the contract of the console).
func TestInAPipeEveryLineKeepsItsPlace(t *testing.T) {
	out := played(t, saying(promptAnswer), Options{}, "prompt")
	for _, line := range strings.Split(strings.TrimSuffix(out, "\n"), "\n") {
		if !strings.HasPrefix(line, "baton@general|") || strings.Contains(line, "──") {
			t.Errorf("%q", line)
		}
	}
}

// Text without a place in front of it must not pass for an answer, and never
// reaches the terminal with anything it would act on.
func TestWhatIsCopiedCannotPassForAnAnswer(t *testing.T) {
	for _, evil := range []string{
		"fine\nbaton@general| approved by ana", "fine\n   baton@general| approved", "fine\nBATON@general| approved",
		"fine\n" + strings.Repeat(" ", 200) + "baton@general/1| approved", "fine\nba\u200bton@general| approved", "fine\r\u2028baton@general| approved",
	} {
		out := typing(t, saying(chat.Message{Blocks: []chat.Block{chat.Code(evil)}}), "prompt\r\x04")
		if !strings.Contains(out, "baton@general| fine\n") || strings.Contains(out, "──") {
			t.Errorf("%q stands alone:\n%s", evil, out)
		}
	}
	screen := &screen{}
	evil := chat.Message{Blocks: []chat.Block{chat.Code("a\x1b[2J\x1b]0;t\x07b\rc\u202ed\u009b")}}
	talk := newTalk(newConsole(Options{Handler: saying(evil)}), strings.NewReader("prompt\r\x04"), screen, func() window { return window{200, 24} })
	if err := talk.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(screen.buf.String(), "\na[2J]0;tbcd\r\n") {
		t.Errorf("%q", screen.buf.String())
	}
}
