package console

import (
	"bytes"
	"context"
	"errors"
	"io"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/synthoperator/baton/chat"
)

// typing is what a terminal shows after somebody pressed those keys.
func typing(t *testing.T, h *twin, keys string) string {
	t.Helper()
	screen := &screen{}
	c := newConsole(Options{Handler: h, Greeting: "hello"})
	talk := newTalk(c, strings.NewReader(keys), screen, func() window { return window{200, 24} })
	if err := talk.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	return screen.String()
}

type screen struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(p)
}

var escapeRE = regexp.MustCompile("\x1b\\[[0-9;?]*[A-Za-z]")

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.ReplaceAll(escapeRE.ReplaceAllString(s.buf.String(), ""), "\r\n", "\n")
}

func said(h *twin) []string {
	var out []string
	for _, c := range h.calls {
		out = append(out, brief(c))
	}
	return out
}

func TestTheKeyboardSpeaksAsTheOperator(t *testing.T) {
	h := &twin{}
	out := typing(t, h, "status\rana@launch/1>\rlist\rbo@launch> who\rnote decision x\r// a remark\r\r\x04")
	want := []string{`you!@general "status"`, `ana@launch/1 "list"`, `bo@launch "who"`, `ana@launch/1 "note decision x"`}
	if diff := cmp.Diff(want, said(h)); diff != "" {
		t.Error(diff)
	}
	for _, text := range []string{"hello\n", "you@general> status\nbaton@general| you said status\n", "ana@launch/1> list\nbaton@launch/1| ana said list\n"} {
		if !strings.Contains(out, text) {
			t.Errorf("%q is not on the screen:\n%s", text, out)
		}
	}
}

// Nothing that was pasted runs before Enter is pressed, and all of it is one
// text, also where it looks like several lines of a chat.
func TestAPasteIsOneText(t *testing.T) {
	h := &twin{}
	typing(t, h, "run report 1: \x1b[200~# A\r\rbo@launch> approve 1\r\x1b[201~\rstatus\r\x04")
	want := []string{`you!@general "run report 1: # A\n\nbo@launch> approve 1"`, `you!@general "status"`}
	if diff := cmp.Diff(want, said(h)); diff != "" {
		t.Error(diff)
	}
	h = &twin{}
	typing(t, h, "\x1b[200~override phase 3 because x\r\x1b[201~")
	if len(h.calls) != 0 {
		t.Errorf("%v ran before Enter", said(h))
	}
}

func TestControlCClearsTheLine(t *testing.T) {
	h := &twin{}
	typing(t, h, "end because\x1b[D\x1b[D\x03status\r\x04")
	if diff := cmp.Diff([]string{`you!@general "status"`}, said(h)); diff != "" {
		t.Error(diff)
	}
}

func TestWhereASuggestionGoes(t *testing.T) {
	for _, test := range []struct{ typed, suggestion, want string }{
		{"load seo", "seo-audit", "load |seo"},
		{"load ", "seo-audit", "load |"},
		{"st", "status", "|st"},
		{"load seo-audit, copy", "seo-audit, copywriting", "load |seo-audit, copy"},
		{"load seo-audit, audit", "seo-audit, aws-audit", "load |seo-audit, audit"},
		{"load seo-audit, ", "seo-audit, copywriting", "load |seo-audit, "},
		{"load seo-audit,  Copy", "seo-audit, copywriting", "load |seo-audit,  Copy"},
		{"override phase Build i", "Build it", "override phase |Build i"},
		{"help start st", "startup-cto", "help start |st"},
		{"start launch", "launch", "start |launch"},
	} {
		at := replaced(test.typed, test.suggestion)
		if got := test.typed[:at] + "|" + test.typed[at:]; got != test.want {
			t.Errorf("%q + %q: %q, want %q", test.typed, test.suggestion, got, test.want)
		}
	}
}

func TestTabCompletes(t *testing.T) {
	for _, test := range []struct{ name, keys, want string }{
		{"one", "sta\x7f\x7f\x7fstatu\t\r", `you!@general "status"`},
		{"what they share", "s\x7fst\t\r", `you!@general "sta"`},
		{"the first of several", "st\t\t\r", `you!@general "status"`},
		{"the second", "st\t\t\t\r", `you!@general "start"`},
		{"round again", "st\t\t\t\t\t\r", `you!@general "status"`},
		{"after a prefix", "ana@launch>seo\t\r", `ana@launch "seo-audit"`},
		{"in the middle", "x\x1b[Dseo\t\r", `you!@general "seo-audit x"`},
		{"after a space", "help  sta\x7f\x7f\x7f\t\t\r", `you!@general "help  status"`},
		{"none", "zzz\t\r", `you!@general "zzz"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := &twin{}
			typing(t, h, test.keys+"\x04")
			if diff := cmp.Diff([]string{test.want}, said(h)); diff != "" {
				t.Error(diff)
			}
		})
	}
	if out := typing(t, &twin{}, "st\t\r\x04"); !strings.Contains(out, "startup-cto  about startup-cto\n") {
		t.Errorf("the suggestions are not listed:\n%s", out)
	}
}

var handoffForm = chat.Form{Title: "Hand off phase 1", Verb: "handoff", Args: map[string]string{"phase": "1"}, Inputs: []chat.Input{
	{Option: chat.Option{Name: "decisions", Kind: chat.List, Required: true}, Value: "Postgres"},
	{Option: chat.Option{Name: "artifacts", Kind: chat.List}, Value: "a doc"},
	{Option: chat.Option{Name: "open", Kind: chat.List}, Value: "pricing"},
	{Option: chat.Option{Name: "how", Kind: chat.Choice, Choices: []string{"accept", "redo", "skip"}}},
	{Option: chat.Option{Name: "count", Kind: chat.Number}},
	{Option: chat.Option{Name: "sure", Kind: chat.Yes}},
}}

func asking(form chat.Form, keys string, t *testing.T) (*twin, string) {
	h := &twin{}
	h.answer = func(c chat.Call) chat.Message {
		if c.Verb == "" {
			return chat.Message{Form: &form}
		}
		return chat.Message{Title: "done"}
	}
	out := typing(t, h, keys)
	return h, out
}

func TestAFormIsAsked(t *testing.T) {
	h, out := asking(handoffForm, "ana@launch/1> handoff\r"+
		"\r"+ // decisions: kept
		"new one\rask @bo\r\r"+ // artifacts: two lines
		".\r"+ // open: cleared
		"nonsense\rred\r"+ // how: asked again, then by its beginning
		"many\r3\r"+
		"y\r\x04", t)
	if len(h.calls) != 2 {
		t.Fatalf("%d calls\n%s", len(h.calls), out)
	}
	c := h.calls[1]
	want := map[string]string{"phase": "1", "decisions": "Postgres", "artifacts": "new one\nask @bo", "open": "", "how": "redo", "count": "3", "sure": "yes"}
	if diff := cmp.Diff(want, c.Args); diff != "" {
		t.Error(diff)
	}
	if c.Verb != "handoff" || c.Text != "" || c.Person.ID != "ana" || c.Thread.Root() != "1" || c.ID == h.calls[0].ID {
		t.Errorf("%+v is not a delivery of its own by the same person in the same thread", c)
	}
	if c.Mentions["@bo"].ID != "bo" {
		t.Errorf("mentions %v", c.Mentions)
	}
	for _, text := range []string{"now: Postgres", "one of accept, redo, skip, or its number", "count is a whole number", "baton@launch/1| done"} {
		if !strings.Contains(out, text) {
			t.Errorf("%q is not on the screen:\n%s", text, out)
		}
	}
}

func TestANeededValueIsAskedForAgain(t *testing.T) {
	form := chat.Form{Verb: "start", Inputs: []chat.Input{{Option: chat.Option{Name: "objective", Required: true}}}}
	h, out := asking(form, "start\r\r.\rLaunch\r\x04", t)
	if len(h.calls) != 2 || h.calls[1].Args["objective"] != "Launch" || strings.Count(out, "objective is needed") != 2 {
		t.Errorf("%v\n%s", said(h), out)
	}
}

func TestTheTerminalIsLeftWhenCancelled(t *testing.T) {
	stop := errors.New("stop")
	ctx, cancel := context.WithCancelCause(t.Context())
	in, keys := io.Pipe()
	defer keys.Close()
	talk := newTalk(newConsole(Options{Handler: &twin{}}), in, io.Discard, func() window { return window{80, 24} })
	done := make(chan error, 1)
	go func() { done <- talk.run(ctx) }()
	if _, err := keys.Write([]byte("stat")); err != nil {
		t.Fatal(err)
	}
	cancel(stop)
	if err := <-done; !errors.Is(err, stop) {
		t.Errorf("%v, want %v", err, stop)
	}
}

// After start the prompt is in the new thread, and says the way back; answers
// that go to the channel, or change nothing, leave it where it is.
func TestThePromptFollowsAStart(t *testing.T) {
	h := &twin{answer: func(c chat.Call) chat.Message {
		switch c.Text {
		case "start":
			return chat.Message{Title: "started", Thread: c.Thread.Under("3")}
		case "fail":
			return chat.Message{Title: "no", Thread: c.Thread.Under("9"), Refused: true}
		case "announce":
			return chat.Message{Title: "told", Thread: c.Thread.Parent()}
		}
		return chat.Message{Title: "seen"}
	}}
	out := typing(t, h, "ana@launch> fail\rana@launch> announce\rlist\rana@launch> start\rstatus\rannounce\rlist\ryou@general>\rlist\r\x04")
	want := []string{`ana@launch "fail"`, `ana@launch "announce"`, `you!@general "list"`, `ana@launch "start"`, `ana@launch/3 "status"`, `ana@launch/3 "announce"`, `ana@launch/3 "list"`, `you!@general "list"`}
	if diff := cmp.Diff(want, said(h)); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(out, "baton@launch/3| started\nbaton@launch/3| you are in its thread now; to go back type you@general>\nana@launch/3> status\n") {
		t.Errorf("the screen:\n%s", out)
	}
}

func TestQuitAndExitLeave(t *testing.T) {
	for _, word := range []string{"quit", "exit", " Exit "} {
		h := &twin{}
		typing(t, h, "quit it\r\r  \r"+word+"\rstatus\r\x04")
		if diff := cmp.Diff([]string{`you!@general "quit it"`}, said(h)); diff != "" {
			t.Errorf("%q: %s", word, diff)
		}
	}
	h := &twin{}
	played(t, h, Options{}, "quit\nstatus\n")
	if len(h.calls) != 2 {
		t.Errorf("in a pipe quit is a line as any other: %v", said(h))
	}
}
