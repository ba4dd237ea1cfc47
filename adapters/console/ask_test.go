package console

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/synthoperator/baton/chat"
)

// A form is left at once, wherever in it one is and whatever the line holds, and
// what is typed after that is said as always.
func TestAFormCanBeLeft(t *testing.T) {
	const several = "handoff\r\rone\rtwo\r"
	for name, keys := range map[string]string{
		"Ctrl-D":                          "handoff\r\x04",
		"Ctrl-C":                          "handoff\r\x03",
		"Ctrl-D with text":                "handoff\rsome text\x04",
		"Ctrl-C with text":                "handoff\rsome text\x03",
		"Ctrl-D inside the text":          "handoff\rsome text\x1b[D\x1b[D\x04",
		"Ctrl-D after Escape":             "handoff\rsome\x1b\x04",
		"Ctrl-C after Escape":             "handoff\r\x1b\x03",
		"Ctrl-D in several lines":         several + "\x04",
		"Ctrl-C in several lines":         several + "\x03",
		"Ctrl-D in several with text":     several + "three\x04",
		"Ctrl-C in several with text":     several + "three\x03",
		"Ctrl-D after a paste":            several + "\x1b[200~a\rb\x1b[201~\x04",
		"a prefix":                        "handoff\rana@launch/1> approve 3\r",
		"a prefix with a key":             "handoff\r[k1] ana@launch> approve 3\r",
		"a prefix in several lines":       several + "ana@launch/1> approve 3\r",
		"a prefix alone":                  several + "ana@launch/1>\r",
		"a prefix at a paste's beginning": several + "\x1b[200~ana@launch> end\rmore\x1b[201~\r",
	} {
		t.Run(name, func(t *testing.T) {
			h, out := asking(handoffForm, keys+"status\r", t)
			want := []string{`you!@general "handoff"`, `you!@general "status"`}
			if diff := cmp.Diff(want, said(h)); diff != "" {
				t.Errorf("%s\n%s", diff, out)
			}
			if !strings.Contains(out, "\nleft the form; nothing was changed") {
				t.Errorf("it is not said:\n%s", out)
			}
		})
	}
}

// The line that left a form is one key away.
func TestTheLineThatLeftAFormIsInTheHistory(t *testing.T) {
	h, out := asking(handoffForm, "handoff\rana@launch/1> status\r\x1b[A\r", t)
	if len(h.calls) != 2 || brief(h.calls[1]) != `ana@launch/1 "status"` {
		t.Errorf("%v\n%s", said(h), out)
	}
}

// What only resembles a prefix is content.
func TestAFormTakesAddresses(t *testing.T) {
	form := chat.Form{Verb: "note", Inputs: []chat.Input{{Option: chat.Option{Name: "text"}}}}
	for _, text := range []string{"ask ana@launch> about it", "Ana <ana@example.org>", "a -> b"} {
		h, out := asking(form, "note\r"+text+"\r\x04", t)
		if len(h.calls) != 2 || h.calls[1].Args["text"] != text {
			t.Errorf("%q: %v\n%s", text, said(h), out)
		}
	}
}

func TestAFormCountsItsFields(t *testing.T) {
	_, out := asking(handoffForm, "handoff\r\r\x04", t)
	for _, text := range []string{"\nfield 1 of 6, decisions", "\nfield 2 of 6, artifacts"} {
		if !strings.Contains(out, text) {
			t.Errorf("%q is not on the screen:\n%s", text, out)
		}
	}
}

// Whatever keeps a form from having its effect, what was entered stands in it
// when it is asked for again: also in the form that the refusal brings.
func TestARefusedFormComesBackFilled(t *testing.T) {
	form := chat.Form{Title: "Start", Verb: "start", Args: map[string]string{"pattern": "launch"}, Inputs: []chat.Input{
		{Option: chat.Option{Name: "objective"}, Value: "old"}, {Option: chat.Option{Name: "due"}}, {Option: chat.Option{Name: "notes", Kind: chat.Text}},
	}}
	own := form
	own.Inputs = append([]chat.Input{{Option: chat.Option{Name: "why"}}}, form.Inputs...)
	for name, test := range map[string]struct {
		no   chat.Message
		more string
	}{
		"refused":           {chat.Message{Title: "too long", Refused: true}, ""},
		"broken":            {chat.Message{Title: "too long", Fault: true}, ""},
		"with its own form": {chat.Message{Title: "too long", Refused: true, Form: &own}, "\r"},
	} {
		t.Run(name, func(t *testing.T) {
			h := &twin{}
			h.answer = func(c chat.Call) chat.Message {
				switch {
				case c.Verb == "":
					return chat.Message{Form: &form}
				case c.Args["due"] == "never":
					return test.no
				}
				return chat.Message{Title: "done"}
			}
			out := typing(t, h, "start\r.\rnever\rone\rtwo\r\r"+test.more+"\rFriday\r\r\x04")
			if len(h.calls) != 3 || h.calls[1].ID == h.calls[2].ID {
				t.Fatalf("%v\n%s", said(h), out)
			}
			want := map[string]string{"pattern": "launch", "objective": "", "due": "Friday", "notes": "one\ntwo"}
			if test.more != "" {
				want["why"] = ""
			}
			if diff := cmp.Diff(want, h.calls[2].Args); diff != "" {
				t.Errorf("%s\n%s", diff, out)
			}
			why, field := strings.Index(out, "too long"), strings.LastIndex(out, "now: never")
			if why < 0 || field < why {
				t.Errorf("why comes before the form:\n%s", out)
			}
		})
	}
	if form.Inputs[0].Value != "old" {
		t.Error("the handler's own form was written to")
	}
}

// A paste that was cut is not sent.
func TestAFieldTakesNoCutPaste(t *testing.T) {
	form := chat.Form{Verb: "run", Inputs: []chat.Input{{Option: chat.Option{Name: "text"}}}}
	h, out := asking(form, "run\r\x1b[200~"+strings.Repeat("x", maxSaid+9)+"\x1b[201~\rshort\r\x04", t)
	if len(h.calls) != 2 || h.calls[1].Args["text"] != "short" || !strings.Contains(out, "text has more than 1024.0 KiB") {
		t.Errorf("%d calls\n%s", len(h.calls), out)
	}
}

// Tab offers verbs, and a field holds none.
func TestTabWritesNoVerbIntoAForm(t *testing.T) {
	form := chat.Form{Verb: "note", Inputs: []chat.Input{{Option: chat.Option{Name: "text"}}}}
	h, out := asking(form, "note\rstatu\t\r\x04", t)
	if len(h.calls) != 2 || h.calls[1].Args["text"] != "statu" {
		t.Errorf("%+v\n%s", h.calls, out)
	}
}
