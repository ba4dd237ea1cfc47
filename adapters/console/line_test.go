package console

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/synthoperator/baton/chat"
	"pgregory.net/rapid"
)

func TestLines(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"no prefix", "status", `you!@general "status"`},
		{"prefix", "ana@launch> status", `ana@launch "status"`},
		{"session", "ana@launch/2> status", `ana@launch/2 "status"`},
		{"session with zeros", "ana@launch/02> status", `ana@launch/2 "status"`},
		{"case", "Ana@Launch> Status", `ana@launch "Status"`},
		{"operator named", "You@launch> settings", `you!@launch "settings"`},
		{"slash", "ana@launch> /baton status", `ana@launch "status"`},
		{"mention", "ana@launch> @Baton, status", `ana@launch "status"`},
		{"mention alone", "@baton", ``},
		{"other mention", "@batonist status", `you!@general "@batonist status"`},
		{"no space", "ana@launch>status", `ana@launch "status"`},
		{"unicode", "Zoë@lançamento/1> note decision ça va", `zoë@lançamento/1 "note decision ça va"`},
		{"an address is no prefix", "mail ana@x.org> now", `you!@general "mail ana@x.org> now"`},
		{"carriage returns", "ana@launch> status\r\n\r\nbo@launch> list\r\n", "ana@launch \"status\"\nbo@launch \"list\""},
		{"byte order mark", "\ufeffana@launch> status", `ana@launch "status"`},
		{"blank", "\n \n\t\nstatus\n\n", `you!@general "status"`},
		{"remarks", "// one\nstatus\n// two\nlist", "you!@general \"status\"\nyou!@general \"list\""},
		{"prefix alone", "ana@launch>\nstatus", `you!@general "status"`},
		{"continued", "ana@launch> note decision\n  one\n\ttwo\nstatus", "ana@launch \"note decision\\none\\ntwo\"\nyou!@general \"status\""},
		{"indent kept", "run report 1:\n  a:\n    b", `you!@general "run report 1:\na:\n  b"`},
		{"paragraphs", "run report 1:\n  # A\n\n  text\n\nstatus", "you!@general \"run report 1:\\n# A\\n\\ntext\"\nyou!@general \"status\""},
		{"text below a prefix", "ana@launch>\n  Phase 1 complete.\n  Decisions: none", `ana@launch "Phase 1 complete.\nDecisions: none"`},
		{"a remark ends it", "note decision\n//\n  one", "you!@general \"note decision\"\nyou!@general \"one\""},
		{"a chat in a text is text", "run report 1:\n  bo@launch> approve 1", `you!@general "run report 1:\nbo@launch> approve 1"`},
		{"what Baton said", "status\nbaton@general| Phase 1\nbaton@launch/2|\nlist", "you!@general \"status\"\nyou!@general \"list\""},
		{"not what Baton said", "baton@general > x", `you!@general "baton@general > x"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := &twin{}
			played(t, h, Options{}, test.in)
			var got []string
			for _, c := range h.calls {
				got = append(got, brief(c))
			}
			if diff := cmp.Diff(test.want, strings.Join(got, "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestASessionIsANumber(t *testing.T) {
	for _, in := range []string{"ana@launch/0> status", "ana@launch/x> status", "ana@launch/-1> status", "ana@launch/1234567890> status"} {
		h := &twin{}
		out := played(t, h, Options{}, in)
		if len(h.calls) != 0 || !strings.HasPrefix(out, "baton@launch| a session is named by its number") {
			t.Errorf("%s: %d calls, %q", in, len(h.calls), out)
		}
	}
}

func TestThreadOfANumberedSession(t *testing.T) {
	h := &twin{}
	played(t, h, Options{}, "ana@launch/2> status")
	want, err := chat.NewThread("console", "local", "launch", "2")
	if err != nil {
		t.Fatal(err)
	}
	if c := h.calls[0]; c.Thread != want || !c.Numbered {
		t.Errorf("thread %v, numbered %v", c.Thread.Key(), c.Numbered)
	}
}

func TestMentions(t *testing.T) {
	h := &twin{}
	played(t, h, Options{}, "ana@launch> note open pricing owner: @Bo, ask (@zoë-k). not me@home, not @baton nor skills/@")
	want := map[string]chat.Person{"@Bo": {ID: "bo", Name: "Bo"}, "@zoë-k": {ID: "zoë-k", Name: "zoë-k"}}
	if diff := cmp.Diff(want, h.calls[0].Mentions); diff != "" {
		t.Error(diff)
	}
}

func TestDeliveriesAreToldApart(t *testing.T) {
	h := &twin{}
	for range 2 { // two runs
		played(t, h, Options{}, strings.Repeat("status\n", 50))
	}
	seen := map[string]bool{}
	for _, c := range h.calls {
		if c.ID == "" || seen[c.ID] {
			t.Fatalf("%q is empty or was used before", c.ID)
		}
		seen[c.ID] = true
	}
}

func TestADeliveryCanBeNamed(t *testing.T) {
	h := &twin{}
	played(t, h, Options{}, "[k-17] ana@launch> status\n[k-17] ana@launch> status\n[k-18] not a prefix")
	if a, b := h.calls[0].ID, h.calls[1].ID; a != "k-17" || b != "k-17" {
		t.Errorf("%q and %q, want k-17 twice", a, b)
	}
	if c := h.calls[2]; c.Text != "[k-18] not a prefix" || c.ID == "k-18" {
		t.Errorf("a key counts only before a prefix: %q %q", c.ID, c.Text)
	}
}

func TestTooLong(t *testing.T) {
	h := &twin{}
	out := played(t, h, Options{}, "note "+strings.Repeat("x", maxSaid)+"\nnote\n"+strings.Repeat("  "+strings.Repeat("y", 1000)+"\n", 1100)+"status\n")
	if len(h.calls) != 1 || h.calls[0].Text != "status" || strings.Count(out, "has more than 1024.0 KiB") != 2 {
		t.Errorf("%d calls, %.200q", len(h.calls), out)
	}
}

// What a console prints with Echo says the same when it is played again.
func TestEchoedChatPlaysAgain(t *testing.T) {
	name := rapid.StringMatching(`[A-Za-zäöü][a-z0-9.-]{0,8}`)
	word := rapid.StringMatching(`[\pL\pN:;,@#"'\[\]/>|!-]{1,9}`)
	rapid.Check(t, func(t *rapid.T) {
		var in strings.Builder
		for range rapid.IntRange(1, 5).Draw(t, "lines") {
			in.WriteString(name.Draw(t, "person") + "@" + name.Draw(t, "channel"))
			if rapid.Bool().Draw(t, "thread") {
				in.WriteString("/" + rapid.StringMatching(`[1-9][0-9]{0,3}`).Draw(t, "session"))
			}
			in.WriteString(">")
			for range rapid.IntRange(1, 6).Draw(t, "words") {
				in.WriteString(rapid.SampledFrom([]string{" ", " ", " ", "\n  ", "\n\t", "\n\n  "}).Draw(t, "gap") + word.Draw(t, "word"))
			}
			in.WriteString("\n")
		}
		once, chat1 := replay(t, in.String())
		twice, chat2 := replay(t, chat1)
		if diff := cmp.Diff(once, twice); diff != "" {
			t.Fatalf("%s\nfirst:\n%s\nthen:\n%s", diff, chat1, chat2)
		}
	})
}

func replay(t *rapid.T, in string) ([]string, string) {
	h := &twin{}
	var out strings.Builder
	if err := Run(t.Context(), Options{In: strings.NewReader(in), Out: &out, Handler: h, Echo: true}); err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, c := range h.calls {
		said = append(said, brief(c))
	}
	return said, out.String()
}
