package console

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/synthoperator/baton/chat"
	"golang.org/x/term"
)

// talk is a conversation at a terminal.
type talk struct {
	*console
	keys  *keys
	out   io.Writer
	term  *term.Terminal
	at    place           // who speaks where, until a prefix alone says otherwise
	ctx   context.Context // of run; package term calls back without one
	size  func() window
	lines chan typedLine
	next  chan bool // asks for one more line, and says whether a form does
	form  bool      // a form is asked for
	tab   completion
}

type typedLine struct {
	text string
	err  error
}

type window struct{ width, height int }

func windowSize(f *os.File) window {
	w, h, err := term.GetSize(int(f.Fd()))
	if err != nil || w < 1 || h < 1 {
		return window{80, 24}
	}
	return window{w, h}
}

func newTalk(c *console, in io.Reader, out io.Writer, size func() window) *talk {
	c.screen = true
	t := &talk{
		console: c, keys: &keys{in: in}, out: out, size: size, at: keyboard,
		lines: make(chan typedLine), next: make(chan bool),
	}
	t.fresh()
	return t
}

// fresh makes the terminal, or makes it again after Ctrl-D: package term keeps
// that key and would end every line from then on.
func (t *talk) fresh() {
	old := t.term
	t.term = term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{t.keys, t.out}, "")
	t.term.AutoCompleteCallback = t.complete
	if old != nil {
		t.term.History = old.History
	}
}

// run talks until Ctrl-D, quit or exit, or until ctx is cancelled. The goroutine that reads
// stays behind in the second case, as reading a terminal cannot be called off.
func (t *talk) run(ctx context.Context) error {
	t.ctx = ctx
	t.term.SetBracketedPasteMode(true)
	defer t.term.SetBracketedPasteMode(false)
	go t.read()
	defer close(t.next)
	t.Speaker.at(t.console, func(to chat.Thread, _ chat.Message, rows []row) error {
		t.word.Lock()
		defer t.word.Unlock()
		t.print(to, rows)
		return nil
	})
	defer t.Speaker.at(nil, nil)
	if t.Greeting != "" {
		t.print(chat.Thread{}, []row{{text: t.Greeting, dim: true}})
	}
	for {
		said, err := t.said(t.at.String() + "> ")
		if errors.Is(err, io.EOF) || err == nil && leaving(said) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := t.turn(said); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
	}
}

// leaving reports whether a line ends the conversation, as Ctrl-D does.
func leaving(said string) bool {
	return strings.EqualFold(said, "quit") || strings.EqualFold(said, "exit")
}

// read hands over one line each time it is asked to.
func (t *talk) read() {
	for form := range t.next {
		t.keys.leaves = form
		text, err := t.term.ReadLine()
		select {
		case t.lines <- typedLine{text, err}:
		case <-t.ctx.Done():
			return
		}
	}
}

// said is what was typed up to Enter, with what was pasted into it.
func (t *talk) said(prompt string) (string, error) {
	w := t.size()
	if err := t.term.SetSize(w.width, w.height); err != nil {
		return "", err
	}
	t.term.SetPrompt(prompt)
	select {
	case t.next <- t.form:
	case <-t.ctx.Done():
		return "", context.Cause(t.ctx)
	}
	select {
	case l := <-t.lines:
		if l.err != nil {
			// The cursor stands behind the prompt, where nothing is to be written.
			_, _ = io.WriteString(t.out, "\r\n")
			t.fresh()
			return "", l.err
		}
		return strings.TrimSpace(t.keys.expand(l.text)), nil
	case <-t.ctx.Done():
		return "", context.Cause(t.ctx)
	}
}

// turn answers one thing that was said.
func (t *talk) turn(said string) error {
	if said == "" || remark(said) {
		return nil
	}
	l, err := parseLine(said, t.at)
	if err == nil && l.text == "" && l.place != t.at {
		t.at = l.place
		return nil
	}
	if err == nil && l.text == "" {
		return nil
	}
	t.word.Lock()
	call, message := t.hand(t.ctx, l, err, len(said) > maxSaid)
	return t.answer(call, message)
}

// answer prints an answer and, where it asks for something, what comes of that.
// The caller has taken the word; it is given up once the answer is printed.
// A form that is refused is asked for again, with what was entered in it.
func (t *talk) answer(call chat.Call, m chat.Message) error {
	var sent *chat.Form
	for {
		t.print(at(call, m), t.message(m))
		t.word.Unlock()
		if t.ctx.Err() != nil {
			return context.Cause(t.ctx)
		}
		form := again(sent, m)
		if form == nil {
			t.goOn(call, m)
			return nil
		}
		args, err := t.ask(*form)
		if err != nil || args == nil {
			return err
		}
		call.ID, call.Text, call.Verb, call.Args = rand.Text(), "", form.Verb, args
		call.Mentions = mentionsOf(args)
		if !m.Thread.IsZero() {
			call.Thread = m.Thread
		}
		filled := holding(*form, args)
		t.word.Lock()
		sent, m = &filled, t.Handler.Handle(t.ctx, call)
	}
}

// goOn speaks from now on in the thread of a session that was just started.
func (t *talk) goOn(call chat.Call, m chat.Message) {
	if m.Refused || m.Fault || m.Thread.IsZero() || m.Thread.InChannel() || !call.Thread.InChannel() {
		return
	}
	back := t.at
	t.at = place{person: call.Person.Name, channel: m.Thread.Channel(), session: m.Thread.Root()}
	if t.at != back {
		t.print(m.Thread, []row{{text: "you are in its thread now; to go back type " + back.String() + ">", dim: true}})
	}
}

func (t *talk) print(thread chat.Thread, rows []row) {
	out := &bytes.Buffer{}
	if thread.IsZero() {
		for _, r := range rows {
			out.WriteString(faint.dim + r.text + faint.undim + "\n")
		}
	} else {
		write(out, thread, rows, faint)
	}
	// What a terminal does not take is noticed when it is read from next.
	_, _ = t.term.Write(out.Bytes())
}
