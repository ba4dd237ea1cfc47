package adaptertest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/chat"
)

// fixture is a running adapter and the handler it calls.
type fixture struct {
	*testing.T
	*Harness
	*script
	ana, bo chat.Person
	channel chat.Thread
}

func start(t *testing.T, open func(t *testing.T, h chat.Handler) *Harness) *fixture {
	t.Helper()
	f := &fixture{T: t, script: &script{}}
	f.Harness = open(t, f.script)
	t.Cleanup(f.Stop)
	f.ana, f.bo = f.Stage.Person("ana"), f.Stage.Person("bo")
	f.channel = f.Stage.Channel("w1", "launch")
	return f
}

// settle lets everything happen that happens without further doing.
func (f *fixture) settle() {
	synctest.Wait()
	time.Sleep(time.Second)
	synctest.Wait()
}

// says delivers what somebody says to Baton.
func (f *fixture) says(p chat.Person, in chat.Thread, text string) Delivery {
	d := f.People.Say(p, in, text)
	f.Deliver(d, false)
	return d
}

// thread is the nth thread of the channel.
func (f *fixture) thread(n int) chat.Thread { return f.Stage.Thread(f.channel, n) }

// baton is what Baton said there.
func (f *fixture) baton(in chat.Thread) []Seen {
	var out []Seen
	for _, m := range f.View.Messages(in) {
		if m.Author == "" {
			out = append(out, m)
		}
	}
	return out
}

// onlyAnswer is the one thing that Baton said there.
func (f *fixture) onlyAnswer(in chat.Thread) Seen {
	f.Helper()
	all := f.baton(in)
	if len(all) != 1 {
		f.Fatalf("Baton said %d things in %s, want one: %v", len(all), in.Key(), texts(all))
	}
	return all[0]
}

// containing are the messages in which a text stands.
func containing(all []Seen, text string) []Seen {
	var out []Seen
	for _, m := range all {
		if strings.Contains(m.Text, text) {
			out = append(out, m)
		}
	}
	return out
}

func texts(all []Seen) []string {
	var out []string
	for _, m := range all {
		out = append(out, m.Text)
	}
	return out
}

// script is a handler that remembers its calls and answers as it is told.
type script struct {
	mu     sync.Mutex
	calls  []chat.Call
	answer func(context.Context, chat.Call) chat.Message
}

// Handle implements [chat.Handler].
func (s *script) Handle(ctx context.Context, c chat.Call) chat.Message {
	s.mu.Lock()
	s.calls = append(s.calls, c)
	answer := s.answer
	s.mu.Unlock()
	if answer == nil {
		return paragraph("heard " + words(c))
	}
	return answer(ctx, c)
}

// Complete implements [chat.Handler].
func (s *script) Complete(context.Context, chat.Call) []chat.Suggestion { return nil }

// Specs implements [chat.Handler].
func (s *script) Specs() []chat.Spec {
	return []chat.Spec{
		{Name: "status", Help: "Where this session stands", Usage: "status", Example: "status"},
		{Name: "note", Help: "Record something", Usage: "note text", Example: "note decision x", Form: "Note", Options: []chat.Option{
			{Name: "kind", Help: "What it is", Kind: chat.Line}, {Name: "text", Help: "What to record", Kind: chat.Text, Required: true},
		}},
		{Name: "run", Help: "Ask for work", Usage: "run text", Example: "run x", Options: []chat.Option{{Name: "text", Help: "What", Kind: chat.Text}}},
		{Name: "persona", Help: "Who speaks", Usage: "persona name", Example: "persona x", Options: []chat.Option{{Name: "name", Help: "Whose", Kind: chat.Line}}},
		{Name: "approve", Help: "Let it be done", Usage: "approve 1", Example: "approve 1", Options: []chat.Option{{Name: "task", Help: "Which", Kind: chat.Number}}},
		{Name: "deny", Help: "Do not let it be done", Usage: "deny 1", Example: "deny 1", Options: []chat.Option{{Name: "task", Help: "Which", Kind: chat.Number}}},
		{Name: "stop", Help: "End the work", Usage: "stop 1", Example: "stop 1", Options: []chat.Option{{Name: "task", Help: "Which", Kind: chat.Number}}},
	}
}

// answers sets what the handler answers from now on.
func (s *script) answers(answer func(context.Context, chat.Call) chat.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

func (s *script) called() []chat.Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]chat.Call(nil), s.calls...)
}

// onlyCall is the one call there was.
func (f *fixture) onlyCall() chat.Call {
	f.Helper()
	calls := f.called()
	if len(calls) != 1 {
		f.Fatalf("%d calls, want one: %+v", len(calls), calls)
	}
	return calls[0]
}

// verb is what a call asks for, typed or not.
func verb(c chat.Call) string {
	if c.Verb != "" {
		return c.Verb
	}
	first, _, _ := strings.Cut(strings.TrimSpace(c.Text), " ")
	return first
}

// words are all words of a call, wherever the platform put them.
func words(c chat.Call) string {
	all := []string{}
	if c.Verb != "" {
		all = append(all, c.Verb)
	}
	if c.Text != "" {
		all = append(all, c.Text)
	}
	for _, name := range sorted(c.Args) {
		all = append(all, c.Args[name])
	}
	return strings.Join(all, " ")
}

func paragraph(text string) chat.Message {
	return chat.Message{Blocks: []chat.Block{chat.Paragraph(text)}}
}

// key is a key as a post carries it; equal numbers give equal keys.
func key(n int) string {
	const digits = "abcdefghijklmnopqrstuvwxyz234567"
	out := []byte(strings.Repeat("k", 26))
	for i := len(out) - 1; n > 0; i, n = i-1, n/32 {
		out[i] = digits[n%32]
	}
	return string(out)
}

// unknown reports whether nobody knows what came of an attempt.
func unknown(err error) bool {
	return err != nil && !errors.As(err, new(chat.Later)) && !errors.As(err, new(chat.Blocked)) &&
		!errors.As(err, new(chat.Rejected)) && !errors.As(err, new(chat.Gone))
}

// posts says a message by itself, in as many parts as it takes. Their keys begin
// with that number.
func (f *fixture) posts(n int, to chat.Thread, m chat.Message) []chat.Ref {
	f.Helper()
	var refs []chat.Ref
	for i, part := range f.Poster.Split(m) {
		ref, err := f.Poster.Post(f.Context(), chat.Post{Key: key(n + i), To: to, Body: part})
		if err != nil {
			f.Fatalf("part %d of a message was not taken: %v", i+1, err)
		}
		refs = append(refs, ref)
	}
	f.settle()
	return refs
}

// shown are the messages that a few posts became.
func (f *fixture) shown(refs []chat.Ref) []Seen {
	f.Helper()
	out, ok := f.each(refs)
	if !ok {
		f.Fatalf("of the messages %v one is not there", refs)
	}
	return out
}

// each are the messages of refs, or false where one is not there. A place is
// looked at once, as many parts may stand in it.
func (f *fixture) each(refs []chat.Ref) ([]Seen, bool) {
	var out []Seen
	places := map[chat.Thread][]Seen{}
	for _, ref := range refs {
		if places[ref.Thread] == nil {
			places[ref.Thread] = f.View.Messages(ref.Thread)
		}
		i := slices.IndexFunc(places[ref.Thread], func(m Seen) bool { return m.Ref.ID == ref.ID && m.Ref.Thread == ref.Thread })
		if i < 0 {
			return nil, false
		}
		out = append(out, places[ref.Thread][i])
	}
	return out, true
}

func (f *fixture) finder() chat.Finder {
	finder, ok := f.Poster.(chat.Finder)
	if !ok {
		f.Fatal("the adapter does not look up what it said and does not name that in Lacks")
	}
	return finder
}

func numbered(word string, n int) string { return fmt.Sprintf("%s%05d", word, n) }
