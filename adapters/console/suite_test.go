package console

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/synthoperator/baton/adapters/adaptertest"
	"github.com/synthoperator/baton/chat"
)

// lacks is what a terminal cannot do.
var lacks = map[adaptertest.Ability]string{
	adaptertest.Workspaces: "a terminal is one workspace",
	adaptertest.Parallel:   "one line is answered before the next is read",
	adaptertest.RetryMarks: "a line that is said again looks as it did",
	adaptertest.Private:    "everybody reads the same screen",
	adaptertest.Payloads:   "a button is a line to type",
	adaptertest.Forms:      "in a pipe a form is said in words; a terminal's are tested in talk_test.go",
	adaptertest.Selects:    "there are none",
	adaptertest.Notices:    "nobody is notified",
	adaptertest.Posting:    "that is TestSuiteSpeaking",
	adaptertest.Editing:    "what was printed stands",
	adaptertest.LookUps:    "what was printed cannot be read back",
	adaptertest.Loud:       "everything is on one screen",
}

func TestSuite(t *testing.T) {
	adaptertest.Run(t, func(t *testing.T, h chat.Handler) *adaptertest.Harness {
		k := &pipe{t: t, h: h, printed: map[string]Answer{}}
		k.start()
		return &adaptertest.Harness{
			Stage: k, People: k, View: k, Lacks: lacks,
			Deliver: func(d adaptertest.Delivery, _ bool) { k.typed(d.(string)) },
			Restart: func() { k.stop(); k.start() },
			Stop:    k.stop,
		}
	})
}

// pipe is a pipe with a console at its end, which prints one object for each
// answer. Each line that is typed names its delivery, so that it can be typed
// again.
type pipe struct {
	t *testing.T
	h chat.Handler

	mu      sync.Mutex
	n       int
	printed map[string]Answer // by their number, from 0
	in      io.WriteCloser
	lines   chan string
	done    sync.WaitGroup
}

func (k *pipe) start() {
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	lines := make(chan string, 4096)
	k.mu.Lock()
	k.in, k.lines = inW, lines
	k.mu.Unlock()
	k.done.Go(func() { // what is typed waits for the console to read it
		defer inW.Close()
		for line := range lines {
			if _, err := io.WriteString(inW, line+"\n"); err != nil {
				return
			}
		}
	})
	k.done.Go(func() {
		defer outW.Close()
		err := Run(context.Background(), Options{In: inR, Out: outW, Handler: k.h, JSON: true})
		if err != nil && !errors.Is(err, io.EOF) {
			k.t.Errorf("the console ended with %v", err)
		}
	})
	k.done.Go(func() {
		for out := json.NewDecoder(outR); ; {
			var a Answer
			if err := out.Decode(&a); err != nil {
				return
			}
			k.mu.Lock()
			k.printed[fmt.Sprint(len(k.printed))] = a
			k.mu.Unlock()
		}
	})
}

func (k *pipe) stop() {
	k.mu.Lock()
	if k.lines != nil {
		close(k.lines)
	}
	k.lines = nil
	k.mu.Unlock()
	k.done.Wait()
}

func (k *pipe) typed(line string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.lines <- line
}

func (k *pipe) Person(name string) chat.Person { return chat.Person{ID: name, Name: name} }

func (k *pipe) Mention(p chat.Person) string { return "@" + p.Name }

func (k *pipe) Channel(_, name string) chat.Thread { return k.place(name, "") }

func (k *pipe) Thread(channel chat.Thread, n int) chat.Thread {
	return k.place(channel.Channel(), fmt.Sprint(n))
}

func (k *pipe) place(channel, session string) chat.Thread {
	t, err := chat.NewThread(Platform, Workspace, channel, session)
	if err != nil {
		panic(err)
	}
	return t
}

func (k *pipe) Say(p chat.Person, in chat.Thread, text string) adaptertest.Delivery {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.n++
	at := in.Channel()
	if !in.InChannel() {
		at += "/" + in.Root()
	}
	return fmt.Sprintf("[d%d] %s@%s> %s", k.n, p.Name, at, strings.ReplaceAll(text, "\n", "\n  "))
}

// Press types what the button says.
func (k *pipe) Press(p chat.Person, on adaptertest.Seen, label string) adaptertest.Delivery {
	k.mu.Lock()
	answer := k.printed[on.Ref.ID]
	k.mu.Unlock()
	for _, b := range answer.Buttons {
		if b.Label == label {
			return k.Say(p, on.Ref.Thread, b.Type)
		}
	}
	panic("there is no button " + label + " in " + on.Text)
}

func (k *pipe) Choose(chat.Person, adaptertest.Seen, string, string) adaptertest.Delivery {
	panic("a terminal has no selects")
}

func (k *pipe) Submit(chat.Person, adaptertest.Form, map[string]string) adaptertest.Delivery {
	panic("a pipe has no forms")
}

func (k *pipe) Tamper(chat.Person, adaptertest.Seen, string) adaptertest.Delivery {
	panic("a terminal has no payloads")
}

func (k *pipe) Forms(chat.Person, chat.Thread) []adaptertest.Form { return nil }

func (k *pipe) Messages(in chat.Thread) []adaptertest.Seen {
	k.mu.Lock()
	defer k.mu.Unlock()
	var out []adaptertest.Seen
	for n := range len(k.printed) {
		id := fmt.Sprint(n)
		if a := k.printed[id]; a.Channel == in.Channel() && a.Session == in.Root() && a.Text != "" {
			out = append(out, adaptertest.Seen{Ref: chat.Ref{Thread: in, ID: id}, Text: a.Text})
		}
	}
	return out
}
