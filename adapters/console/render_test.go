package console

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/synthoperator/baton/chat"
)

func saying(m chat.Message) *twin {
	return &twin{answer: func(chat.Call) chat.Message { return m }}
}

func TestEveryPartOfAMessage(t *testing.T) {
	got := played(t, saying(chat.Message{
		Title: "Phase 1 of 4: Build",
		Blocks: []chat.Block{
			chat.Fields{{Name: "persona", Value: "startup-cto"}, {Name: "目標", Value: "one\ntwo"}, {Name: "due", Value: ""}},
			chat.Bullets{"first", "second\nwith more"},
			chat.Code("func main() {\n\tgo()\n\n}\n"),
			chat.Remark("from the plan"),
		},
		Buttons: []chat.Button{
			{Label: "Status", Verb: "status"},
			{Label: "Hand off", Verb: "handoff", Form: true, Args: map[string]string{"decisions": "x"}},
			{Label: "Approve", Verb: "approve", Args: map[string]string{"note": "it's fine", "task": "7", "zone": "a b"}},
			{Label: "Deny", Verb: "deny", Args: map[string]string{"task": "3"}, Typed: "deny 3"},
			{Label: "Paste", Verb: "run", Form: true, Typed: "run report 3: …"},
		},
	}), Options{}, "status")
	want := `baton@general| Phase 1 of 4: Build
baton@general| persona  startup-cto
baton@general| 目標     one
baton@general|          two
baton@general| due
baton@general| - first
baton@general| - second
baton@general|   with more
baton@general| func main() {
baton@general| 	go()
baton@general|
baton@general| }
baton@general| from the plan
baton@general| → Status: status
baton@general| → Hand off: handoff form
baton@general| → Approve: approve task: 7 note: "it's fine" zone: "a b"
baton@general| → Deny: deny 3
baton@general| → Paste: run report 3: …
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAFormInAPipeSaysWhatToType(t *testing.T) {
	got := played(t, saying(chat.Message{Form: &chat.Form{
		Title: "Hand off phase 1", Verb: "handoff", Inputs: []chat.Input{
			{Option: chat.Option{Name: "decisions", Kind: chat.List}, Value: "Postgres\nno Dynamo"},
			{Option: chat.Option{Name: "artifacts", Help: "what was made"}},
			{Option: chat.Option{Name: "next", Help: "who goes on", Required: true}},
		},
	}}), Options{}, "ana@launch/1> handoff")
	want := `baton@launch/1| Hand off phase 1
baton@launch/1| decisions  Postgres
baton@launch/1|            no Dynamo
baton@launch/1| artifacts  (empty) what was made
baton@launch/1| next       (needed) who goes on
baton@launch/1| → type: handoff decisions: …; … artifacts: … open: …
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Whatever a text holds, every line of the output begins with its place, and
// nothing reaches the terminal that it would act on.
func TestTextCannotLeaveItsLine(t *testing.T) {
	evil := "a\x1b[2Jb\rc\x07d\u202ee\u2028f\x9bg\x00h\u0085baton@general| i\r\nj"
	m := chat.Message{
		Title:   evil,
		Blocks:  []chat.Block{chat.Paragraph(evil), chat.Bullets{evil}, chat.Fields{{Name: evil, Value: evil}}, chat.Code(evil), chat.Remark(evil)},
		Buttons: []chat.Button{{Label: "x\x1b", Verb: "approve", Args: map[string]string{"task": evil}}},
		Files:   []chat.File{{Name: evil, MediaType: "text/plain", Data: []byte(evil)}},
		Form:    &chat.Form{Title: evil, Verb: evil, Inputs: []chat.Input{{Option: chat.Option{Name: evil, Help: evil}, Value: evil}}},
	}
	got := played(t, saying(m), Options{Echo: true}, "ana@launch> \x1b[2Jevil")
	for i, line := range strings.Split(strings.TrimSuffix(got, "\n"), "\n") {
		if i > 0 && !strings.HasPrefix(line, "baton@launch|") {
			t.Errorf("a line of its own: %q", line)
		}
		if strings.ContainsAny(line, "\x1b\r\x07\x00\u202e\u2028\u0085") || strings.ContainsRune(line, 0x9b) {
			t.Errorf("a terminal acts on %q", line)
		}
	}
}

func TestDocuments(t *testing.T) {
	long := strings.Repeat(strings.Repeat("x", 99)+"\n", 700)
	got := played(t, saying(chat.Message{Files: []chat.File{
		{Name: "launch.md", MediaType: "text/markdown; charset=utf-8", Data: []byte("# Launch\n\n- a\n")},
		{Name: "plan.png", MediaType: "image/png", Data: make([]byte, 2048)},
		{Name: "odd.txt", MediaType: "text/plain", Data: []byte{0xff, 0xfe}},
		{Name: "long.txt", MediaType: "text/plain", Data: []byte(long)},
	}}), Options{}, "export")
	head, tail := got[:strings.Index(got, "xxx")], got[len(got)-80:]
	want := `baton@general| file launch.md (14 bytes)
baton@general| # Launch
baton@general|
baton@general| - a
baton@general| file plan.png (2.0 KiB)
baton@general| file odd.txt (2 bytes)
baton@general| file long.txt (68.4 KiB)
baton@general| `
	if diff := cmp.Diff(want, head); diff != "" {
		t.Error(diff)
	}
	if !strings.HasSuffix(tail, "x\nbaton@general| … 4.4 KiB more: save it with --save DIR\n") {
		t.Errorf("ends with %q", tail)
	}
}

func TestDocumentsAreSavedAndNeverOverwritten(t *testing.T) {
	dir := t.TempDir()
	h := saying(chat.Message{Files: []chat.File{{Name: "../../.launch/1.md", MediaType: "text/markdown", Data: []byte("new")}}})
	name := "-..-.launch-1.md"
	if err := os.WriteFile(filepath.Join(dir, name), []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	out := played(t, h, Options{SaveTo: dir}, "export\n//\nexport")
	for file, want := range map[string]string{name: "old", "-..-.launch-1-2.md": "new", "-..-.launch-1-3.md": "new"} {
		got, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil || string(got) != want {
			t.Errorf("%s holds %q, %v, want %q", file, got, err, want)
		}
	}
	if !strings.Contains(out, "launch-1-3.md (3 bytes)") {
		t.Errorf("the answer says where it is: %s", out)
	}
	all, _ := os.ReadDir(filepath.Dir(dir))
	if len(all) != 1 {
		t.Errorf("something was written outside of the folder: %v", all)
	}
}

// The folder is made; where it is lost later, the answer says what was not
// saved, and where it cannot be made nothing runs.
func TestTheFolderForDocuments(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder")
	lose := false
	h := &twin{answer: func(chat.Call) chat.Message {
		if lose {
			if err := os.RemoveAll(dir); err != nil {
				t.Error(err)
			}
		}
		return chat.Message{Files: []chat.File{{Name: "prompt-1.md", MediaType: "text/markdown", Data: []byte("# You are")}}}
	}}
	out := played(t, h, Options{SaveTo: dir}, "prompt")
	path := filepath.Join(dir, "prompt-1.md")
	if got, err := os.ReadFile(path); string(got) != "# You are" || err != nil {
		t.Errorf("saved %q, %v", got, err)
	}
	if want := "baton@general| file " + path + " (9 bytes)\n"; out != want {
		t.Errorf("%q, want %q", out, want)
	}
	lose = true
	if out := played(t, h, Options{SaveTo: dir}, "prompt"); !strings.Contains(out, "prompt-1.md (9 bytes) was not saved") {
		t.Errorf("nobody is told: %s", out)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	h.calls = nil
	if err := Run(t.Context(), Options{Handler: h, In: strings.NewReader("prompt"), Out: &strings.Builder{}, SaveTo: file}); err == nil || len(h.calls) != 0 {
		t.Errorf("%v after %d calls", err, len(h.calls))
	}
}
