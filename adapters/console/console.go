package console

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"

	"github.com/synthoperator/baton/chat"
	"golang.org/x/term"
)

// Options is what a console runs with. In, Out and Handler are needed.
type Options struct {
	In      io.Reader
	Out     io.Writer
	Handler chat.Handler

	// Echo prints what was said as well, so that the output is the whole chat.
	Echo bool
	// JSON prints one object for each answer instead of lines, with what Baton said
	// by itself in it; see [Answer].
	JSON bool
	// SaveTo is a folder that documents are written to, made where it is missing;
	// without one their text is printed.
	SaveTo string
	// Speaker prints what Baton says by itself; nil where nobody does.
	Speaker *Speaker
	// Settle returns once everything was said that follows from what was answered.
	// Lines that are not typed at a terminal wait for it, so that a transcript
	// reads the same each time; nil waits for nothing.
	Settle func(context.Context) error
	// Greeting is printed first where somebody sits at a terminal.
	Greeting string
}

// Run reads lines and answers them until the input ends, which is no error, or
// until ctx is cancelled, which returns its cause. The answer to a line that
// was handed over is printed in either case. Where In and Out are a terminal it
// is a conversation with history, completion on Tab, and forms as questions.
func Run(ctx context.Context, opts Options) error {
	if opts.SaveTo != "" {
		if err := os.MkdirAll(opts.SaveTo, 0o700); err != nil {
			return fmt.Errorf("make the folder for documents: %w", err)
		}
	}
	c := newConsole(opts)
	in, out, ok := terminal(opts)
	if !ok {
		return c.pipe(ctx)
	}
	state, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return fmt.Errorf("prepare the terminal: %w", err)
	}
	err = newTalk(c, in, out, func() window { return windowSize(out) }).run(ctx)
	return errors.Join(err, term.Restore(int(in.Fd()), state))
}

// Interactive reports whether somebody sits at a terminal, so that Run talks
// with them and writes to the terminal must end their lines with "\r\n".
func Interactive(opts Options) bool {
	_, _, ok := terminal(opts)
	return ok
}

func terminal(opts Options) (in, out *os.File, ok bool) {
	in, isIn := opts.In.(*os.File)
	out, isOut := opts.Out.(*os.File)
	ok = isIn && isOut && !opts.JSON && term.IsTerminal(int(in.Fd())) && term.IsTerminal(int(out.Fd()))
	return in, out, ok
}

// console is what a pipe and a terminal have in common.
type console struct {
	Options
	renderer
	before before // for the hint in a pipe
	// word is had by whoever answers or says something by itself, so that an
	// answer comes before what follows from it.
	word    sync.Mutex
	besides []Besides // said since the last answer, where answers are JSON
}

func newConsole(opts Options) *console {
	c := &console{Options: opts}
	c.specs = map[string]chat.Spec{}
	for _, spec := range opts.Handler.Specs() {
		c.specs[spec.Name] = spec
	}
	switch {
	case opts.SaveTo != "":
		c.files = saver(opts.SaveTo)
	case opts.JSON:
		c.files = named
	default:
		c.files = func(f chat.File) []row { return c.shown(f) }
	}
	return c
}

// pipe answers line after line until there is no more.
func (c *console) pipe(ctx context.Context) error {
	in := newSource(c.In)
	defer in.close()
	c.Speaker.at(c, c.post)
	defer c.Speaker.at(nil, nil)
	for {
		if err := c.settle(ctx); err != nil {
			return err
		}
		said, err := in.next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the next line: %w", err)
		}
		if err := c.reply(ctx, said, in.between); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
}

// settle waits for what follows from the answer before.
func (c *console) settle(ctx context.Context) error {
	if c.Settle == nil {
		return nil
	}
	if err := c.Settle(ctx); err != nil && ctx.Err() == nil {
		return fmt.Errorf("say what follows: %w", err)
	}
	return nil
}

// post prints what Baton says by itself.
func (c *console) post(to chat.Thread, m chat.Message, rows []row) error {
	c.word.Lock()
	defer c.word.Unlock()
	if c.JSON { // there is one object for each thing said: it goes with the next
		c.besides = append(c.besides, besides(to, m, rows))
		return nil
	}
	out := &bytes.Buffer{}
	write(out, to, rows, plain)
	return c.output(out.Bytes())
}

// output prints a whole answer. Whoever calls it has the word.
func (c *console) output(text []byte) error {
	if _, err := c.Out.Write(text); err != nil {
		return fmt.Errorf("print an answer: %w", err)
	}
	return nil
}

// reply answers one thing that was said and prints the answer. What stood
// between it and what was said before decides whether the two may be one.
func (c *console) reply(ctx context.Context, said string, between gap) error {
	l, err := parseLine(said, keyboard)
	if err == nil && l.text == "" {
		return nil
	}
	c.word.Lock()
	defer c.word.Unlock()
	out := &bytes.Buffer{}
	if c.Echo && !c.JSON {
		echo(out, l)
	}
	call, message := c.hand(ctx, l, err, len(said) > maxSaid)
	if c.JSON {
		c.word.Unlock()
		_ = c.settle(ctx) // the answer is given in any case; who reads on is told why
		c.word.Lock()
	}
	if c.before.mayBeOne(l, between) {
		message.Blocks = append(slices.Clip(message.Blocks), chat.Remark(indentHint))
	}
	c.before.answered(l, message)
	if c.JSON {
		if err := writeJSON(out, c.renderer, call, message, c.besides); err != nil {
			return err
		}
		c.besides = nil
	} else {
		write(out, at(call, message), c.message(message), plain)
	}
	return c.output(out.Bytes())
}

// hand gives a line to the handler; one that cannot be handed over is refused
// here, in the place it was said as far as that is known.
func (c *console) hand(ctx context.Context, l line, bad error, tooLong bool) (chat.Call, chat.Message) {
	if bad != nil {
		l.session = ""
	}
	call, err := l.call(rand.Text())
	switch {
	case err != nil:
		return call, refuse(err.Error())
	case bad != nil:
		return call, refuse(bad.Error())
	case tooLong:
		return call, refuse("this has more than " + size(maxSaid) + ": save it and link it instead")
	}
	return call, c.Handler.Handle(ctx, call)
}

func refuse(why string) chat.Message {
	return chat.Message{Blocks: []chat.Block{chat.Paragraph(why + ".")}, Refused: true}
}

// at is where an answer belongs.
func at(call chat.Call, m chat.Message) chat.Thread {
	if !m.Thread.IsZero() {
		return m.Thread
	}
	return call.Thread
}

// style is how small print is told from the rest.
type style struct{ dim, undim string }

// plain is for pipes and files; faint for terminals (ECMA-48 SGR 2,
// https://ecma-international.org/publications-and-standards/standards/ecma-48/).
var (
	plain = style{}
	faint = style{"\x1b[2m", "\x1b[22m"}
)

// write prints rows with the place in front of each that is not bare.
func write(out *bytes.Buffer, thread chat.Thread, rows []row, s style) {
	lead := prefix(thread)
	for _, r := range rows {
		if !r.bare {
			out.WriteString(lead)
		}
		if r.text != "" {
			if !r.bare {
				out.WriteByte(' ')
			}
			if r.dim {
				out.WriteString(s.dim + r.text + s.undim)
			} else {
				out.WriteString(r.text)
			}
		}
		out.WriteByte('\n')
	}
}

// echo prints a line that was said so that reading it again says the same.
func echo(out *bytes.Buffer, l line) {
	text := clean(l.text)
	for i, part := range bytes.Split([]byte(text), []byte("\n")) {
		switch {
		case i == 0:
			fmt.Fprintf(out, "%s> %s\n", l.place, part)
		case len(part) == 0:
			out.WriteByte('\n')
		default:
			fmt.Fprintf(out, "  %s\n", part)
		}
	}
}
