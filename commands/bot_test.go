package commands_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/commands"
	"github.com/synthoperator/baton/library"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/memory"
)

// bot is a whole bot without a platform: people say lines, it answers.
type bot struct {
	t       *testing.T
	router  *commands.Router
	library *library.Library
	store   *state.Store
	said    int
}

func newBot(t *testing.T, sources ...library.Source) *bot {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }
	st, err := state.Open(memory.New(), state.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	lib, err := library.Open(append([]library.Source{library.Shipped()}, sources...), library.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return &bot{t, commands.New(commands.Deps{Store: st, Library: lib, Now: now, Admins: []orchestration.PersonID{"console/local/root"}}), lib, st, 0}
}

// newBotWithoutAdmins is a bot whose operator named no admin.
func newBotWithoutAdmins(t *testing.T) *bot {
	b := newBot(t)
	b.router = commands.New(commands.Deps{Store: b.store, Library: b.library})
	return b
}

// call is what a person says in general, or in the thread of a session there.
func (b *bot) call(who string, session int, text string) chat.Call {
	b.said++
	thread, err := chat.NewThread("console", "local", "general", "")
	if err != nil {
		b.t.Fatal(err)
	}
	if session > 0 {
		thread = thread.Under(fmt.Sprint(session))
	}
	mentions := map[string]chat.Person{}
	for _, word := range strings.Fields(text) {
		if name, ok := strings.CutPrefix(word, "@"); ok {
			mentions[word] = chat.Person{ID: name, Name: name}
		}
	}
	return chat.Call{ID: fmt.Sprint("say-", b.said), Thread: thread, Person: chat.Person{ID: who, Name: who}, Text: text, Numbered: true, Mentions: mentions}
}

func (b *bot) say(who string, session int, text string) chat.Message {
	b.t.Helper()
	m := b.router.Handle(context.Background(), b.call(who, session, text))
	if m.Fault {
		b.t.Errorf("%s: %s", text, words(m))
	}
	return m
}

// ok says something that must be accepted.
func (b *bot) ok(who string, session int, text string) string {
	b.t.Helper()
	m := b.say(who, session, text)
	if m.Refused {
		b.t.Fatalf("%s was refused: %s", text, words(m))
	}
	return words(m)
}

// no says something that must be refused.
func (b *bot) no(who string, session int, text string) string {
	b.t.Helper()
	m := b.say(who, session, text)
	if !m.Refused {
		b.t.Fatalf("%s was not refused: %s", text, words(m))
	}
	return words(m)
}

// words is all text of a message.
func words(m chat.Message) string {
	var b strings.Builder
	b.WriteString(m.Title + "\n")
	for _, block := range m.Blocks {
		switch block := block.(type) {
		case chat.Paragraph:
			b.WriteString(string(block) + "\n")
		case chat.Bullets:
			b.WriteString(strings.Join(block, "\n") + "\n")
		case chat.Fields:
			for _, f := range block {
				b.WriteString(f.Name + " " + f.Value + "\n")
			}
		case chat.Code:
			b.WriteString(string(block) + "\n")
		case chat.Rich:
			b.WriteString(string(block) + "\n")
		case chat.Progress:
			fmt.Fprintf(&b, "%d of %d\n", block.Done, block.Of)
		case chat.Pointer:
			b.WriteString(block.Label + "\n")
		case chat.Remark:
			b.WriteString(string(block) + "\n")
		}
	}
	for _, f := range m.Files {
		b.Write(f.Data)
	}
	return b.String()
}

func must(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%q is not in:\n%s", p, text)
		}
	}
}

func mustNot(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if strings.Contains(text, p) {
			t.Errorf("%q is in:\n%s", p, text)
		}
	}
}

// write puts a skill into a source's folder.
func write(t *testing.T, dir, name, body string) {
	t.Helper()
	path := filepath.Join(dir, "skills", name, "SKILL.md")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	text := "---\nname: " + name + "\ndescription: A test skill called " + name + ".\n---\n\n" + body + "\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
