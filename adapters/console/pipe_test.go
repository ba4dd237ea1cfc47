package console

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/synthoperator/baton/chat"
)

func TestAnswersPrintWithTheirPlace(t *testing.T) {
	h := &twin{answer: func(c chat.Call) chat.Message {
		if c.Text != "start" {
			return chat.Message{Title: c.Text}
		}
		return chat.Message{Title: "Phase 1 of 4: Build", Thread: c.Thread.Under("1"), Blocks: []chat.Block{
			chat.Paragraph("one\n\nthree"), chat.Remark("small"),
		}}
	}}
	got := played(t, h, Options{Echo: true}, "// a remark\nana@launch> start\n\nstatus\n  of it\n")
	want := `ana@launch> start
baton@launch/1| Phase 1 of 4: Build
baton@launch/1| one
baton@launch/1|
baton@launch/1| three
baton@launch/1| small
you@general> status
  of it
baton@general| status
baton@general| of it
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Somebody who writes a line into a pipe and waits gets the answer before the
// next line is written.
func TestALineIsAnsweredBeforeTheNext(t *testing.T) {
	inR, inW, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	outR, outW := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- Run(t.Context(), Options{In: inR, Out: outW, Handler: &twin{}}) }()
	out := bufio.NewReader(outR)
	for _, said := range []string{"one", "two", "three"} {
		if _, err := io.WriteString(inW, said+"\n"); err != nil {
			t.Fatal(err)
		}
		got, err := out.ReadString('\n')
		if want := "baton@general| you said " + said + "\n"; got != want || err != nil {
			t.Fatalf("%q, %v, want %q", got, err, want)
		}
	}
	inW.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestCancelledWhileItWaits(t *testing.T) {
	inR, inW, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer inW.Close()
	stop := errors.New("the log cannot be written")
	ctx, cancel := context.WithCancelCause(t.Context())
	done := make(chan error, 1)
	go func() { done <- Run(ctx, Options{In: inR, Out: io.Discard, Handler: &twin{}}) }()
	cancel(stop)
	if err := <-done; !errors.Is(err, stop) {
		t.Errorf("%v, want %v", err, stop)
	}
}

// The answer to a line that was handed over is printed, also when that line
// ends the program.
func TestTheLastAnswerIsPrinted(t *testing.T) {
	stop := errors.New("the log cannot be written")
	ctx, cancel := context.WithCancelCause(t.Context())
	h := &twin{answer: func(chat.Call) chat.Message {
		cancel(stop)
		return chat.Message{Title: "Not accepted, try again", Fault: true}
	}}
	var out strings.Builder
	err := Run(ctx, Options{In: strings.NewReader("one\ntwo\n"), Out: &out, Handler: h})
	if !errors.Is(err, stop) || out.String() != "baton@general| Not accepted, try again\n" {
		t.Errorf("%v, %q", err, out.String())
	}
}

func TestNobodyListens(t *testing.T) {
	h := &twin{}
	_, w := io.Pipe()
	gone := errors.New("gone")
	w.CloseWithError(gone)
	err := Run(t.Context(), Options{In: strings.NewReader("one\ntwo\n"), Out: w, Handler: h})
	if err == nil || len(h.calls) != 1 {
		t.Errorf("%v after %d calls: nothing more may be done unseen", err, len(h.calls))
	}
}

func TestTheInputBreaks(t *testing.T) {
	broken := errors.New("broken")
	in := io.MultiReader(strings.NewReader("one\n"), &failing{broken})
	h := &twin{}
	err := Run(t.Context(), Options{In: in, Out: io.Discard, Handler: h})
	if !errors.Is(err, broken) || len(h.calls) != 1 {
		t.Errorf("%v after %d calls", err, len(h.calls))
	}
}

type failing struct{ err error }

func (f *failing) Read([]byte) (int, error) { return 0, f.err }

func TestJSON(t *testing.T) {
	h := &twin{answer: func(c chat.Call) chat.Message {
		return chat.Message{
			Title: "Build", Refused: true,
			Blocks:  []chat.Block{chat.Paragraph("p"), chat.Bullets{"a", "b"}, chat.Fields{{Name: "n", Value: "v"}}, chat.Code("c"), chat.Remark("r")},
			Buttons: []chat.Button{{Label: "Approve", Verb: "approve", Args: map[string]string{"task": "7"}}},
			Form:    &chat.Form{Title: "Hand off", Verb: "handoff", Inputs: []chat.Input{{Option: chat.Option{Name: "decisions", Required: true}, Value: "Postgres"}}},
			Files:   []chat.File{{Name: "x.md", MediaType: "text/markdown", Data: []byte("# <X>\n")}},
		}
	}}
	out := played(t, h, Options{JSON: true, Echo: true}, "[k1] ana@launch/1> status\nlist\n")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines for two answers: %s", len(lines), out)
	}
	var got Answer
	if err := json.Unmarshal([]byte(lines[0]), &got); err != nil {
		t.Fatal(err)
	}
	want := Answer{
		ID: "k1", Person: "ana", Said: "status", Channel: "launch", Session: "1", Refused: true, Title: "Build",
		Text: "Build\np\n- a\n- b\nn  v\nc\nr\nfile x.md (6 bytes)\nHand off\ndecisions  Postgres\n→ type: handoff decisions: …; … artifacts: … open: …\n→ Approve: approve task: 7",
		Blocks: []Part{
			{Kind: "paragraph", Text: "p"},
			{Kind: "bullets", Items: []string{"a", "b"}},
			{Kind: "fields", Fields: [][2]string{{"n", "v"}}},
			{Kind: "code", Text: "c"},
			{Kind: "remark", Text: "r"},
		},
		Buttons: []Button{{"Approve", "approve task: 7"}},
		Form:    &Form{Title: "Hand off", Verb: "handoff", Inputs: []Input{{Name: "decisions", Required: true, Value: "Postgres"}}},
		Files:   []File{{Name: "x.md", MediaType: "text/markdown", Size: 6, Text: "# <X>\n"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
