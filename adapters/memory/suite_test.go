package memory

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/adaptertest"
	"github.com/synthoperator/baton/chat"
)

func TestSuite(t *testing.T) {
	for name, o := range map[string]Options{
		"Roots":    {Traits: chat.Traits{Roots: true, Settle: 30 * time.Second}},
		"Numbered": {Traits: chat.Traits{Settle: 5 * time.Second}, Numbered: true, Limits: Limits{Text: 1000, Sections: 7, Buttons: 5, Choices: 25}},
	} {
		t.Run(name, func(t *testing.T) {
			adaptertest.Run(t, func(t *testing.T, h chat.Handler) *adaptertest.Harness { return newHarness(t, o, h) })
		})
	}
}

// newHarness is an adapter of a world of its own, as the suite drives it.
func newHarness(t *testing.T, o Options, h chat.Handler) *adaptertest.Harness {
	w := NewWorld(o)
	w.Hold(true)
	r := &runs{t: t, h: h, a: NewAdapter(w, AdapterOptions{})}
	r.start()
	s := side{w}
	return &adaptertest.Harness{
		Stage: s, People: s, View: s, Moderator: s, Faults: s, Poster: r.a,
		Deliver: func(d adaptertest.Delivery, retry bool) { w.Deliver(d.(Delivery), retry) },
		Restart: func() { r.stop(); r.start() },
		Stop:    r.stop,
	}
}

// runs starts and stops an adapter.
type runs struct {
	t     *testing.T
	h     chat.Handler
	a     *Adapter
	end   func()
	ended chan error
}

func (r *runs) start() {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	r.end, r.ended = cancel, ended
	go func() { ended <- r.a.Run(ctx, r.h) }()
}

func (r *runs) stop() {
	if r.end == nil {
		return
	}
	r.end()
	if err := <-r.ended; err.Error() != context.Canceled.Error() { // and nothing else
		r.t.Errorf("the adapter ended with %v", err)
	}
	r.end = nil
}

// side is a world as the suite sees it.
type side struct{ w *World }

func (s side) Person(name string) chat.Person {
	return chat.Person{ID: "U" + strings.ToUpper(name), Name: name}
}

func (s side) Mention(p chat.Person) string { return mention(p) }

func (s side) Channel(workspace, name string) chat.Thread { return s.w.Channel(workspace, name) }

// Thread hangs under the nth message that people talk in the channel.
func (s side) Thread(channel chat.Thread, n int) chat.Thread {
	if !s.w.o.Traits.Roots {
		return channel.Under(strconv.Itoa(n))
	}
	for {
		var roots []Message
		for _, m := range s.w.Messages(channel) {
			if strings.HasPrefix(m.Text, "a topic") {
				roots = append(roots, m)
			}
		}
		if len(roots) >= n {
			return channel.Under(roots[n-1].Ref.ID)
		}
		s.w.Talk(s.Person("dee"), channel, "a topic", "")
	}
}

func (s side) Say(p chat.Person, in chat.Thread, text string) adaptertest.Delivery {
	return s.w.Say(p, in, text)
}

func (s side) original(on adaptertest.Seen) Message {
	for _, m := range s.w.Messages(on.Ref.Thread) {
		if m.Ref == on.Ref {
			return m
		}
	}
	return Message{}
}

func (s side) Press(p chat.Person, on adaptertest.Seen, label string) adaptertest.Delivery {
	d, err := s.w.Press(p, s.original(on), label)
	if err != nil {
		panic(err)
	}
	return d
}

func (s side) Choose(p chat.Person, on adaptertest.Seen, label, choice string) adaptertest.Delivery {
	d, err := s.w.Choose(p, s.original(on), label, choice)
	if err != nil {
		panic(err)
	}
	return d
}

func (s side) Submit(p chat.Person, f adaptertest.Form, values map[string]string) adaptertest.Delivery {
	for _, channel := range []string{"launch"} {
		for _, form := range s.w.Forms(p, s.w.Channel("w1", channel)) {
			if form.ID == f.ID {
				return s.w.Submit(p, form, values)
			}
		}
	}
	panic("there is no form " + f.ID)
}

func (s side) Tamper(p chat.Person, on adaptertest.Seen, payload string) adaptertest.Delivery {
	return s.w.PressValue(p, s.original(on), payload)
}

func (s side) Messages(in chat.Thread) []adaptertest.Seen {
	var out []adaptertest.Seen
	for _, m := range s.w.Messages(in) {
		if m.Deleted == "" {
			out = append(out, seen(m))
		}
	}
	return out
}

func seen(m Message) adaptertest.Seen {
	out := adaptertest.Seen{
		Ref: m.Ref, Author: m.Author.ID, Only: m.Only.ID, Speaker: display(m.Body.Speaker),
		Text: m.Text, Notice: display(m.Body.Notice),
	}
	for _, id := range m.Pings {
		if id == Everybody {
			id = adaptertest.Everybody
		}
		out.Pings = append(out.Pings, id)
	}
	for _, section := range m.Body.Sections {
		if section.Style == Marked {
			out.Source += display(section.Text) + "\n"
		}
	}
	for _, b := range m.Body.Buttons {
		out.Buttons = append(out.Buttons, display(b.Label))
	}
	for _, s := range m.Body.Selects {
		sel := adaptertest.Select{Label: display(s.Label)}
		for _, c := range s.Choices {
			sel.Choices = append(sel.Choices, display(c.Label))
		}
		out.Selects = append(out.Selects, sel)
	}
	for _, f := range m.Body.Files {
		f.Name, f.Alt = display(f.Name), display(f.Alt)
		out.Files = append(out.Files, f)
	}
	return out
}

func (s side) Forms(p chat.Person, in chat.Thread) []adaptertest.Form {
	var out []adaptertest.Form
	for _, f := range s.w.Forms(p, in) {
		values := map[string]string{}
		for _, in := range f.Form.Inputs {
			values[in.Name] = in.Value
		}
		out = append(out, adaptertest.Form{ID: f.ID, Title: f.Form.Title, Values: values, Note: f.Note})
	}
	return out
}

func (s side) Delete(r chat.Ref) { s.w.Delete(r) }

func closed(t chat.Thread, how adaptertest.Closing) (string, Closing) {
	switch how {
	case adaptertest.Archived:
		return t.Parent().Key(), Archived
	case adaptertest.Locked:
		return t.Key(), Locked
	case adaptertest.Removed:
		return t.Parent().Key(), Kicked
	}
	return t.WorkspaceKey(), Revoked
}

func (s side) Close(t chat.Thread, how adaptertest.Closing) {
	key, closing := closed(t, how)
	s.w.Close(key, closing)
}

func (s side) Reopen(t chat.Thread, how adaptertest.Closing) {
	key, _ := closed(t, how)
	s.w.Open(key)
}

func (s side) Fail(kind adaptertest.Request, times int, t adaptertest.Trouble) {
	f := Fault{On: Kind(kind), Times: times, Wait: t.Wait, Why: "it is not taken"}
	switch t.What {
	case adaptertest.ReplyLost:
		f.Then = LoseReply
	case adaptertest.ReplyHangs:
		f.Then = Hang
	case adaptertest.NotCarried:
		f.Then = Drop
	case adaptertest.Limited:
		f.Then, f.Scope = TryLater, WholeChannel
	case adaptertest.LimitedAll:
		f.Then, f.Scope = TryLater, WholeWorkspace
	case adaptertest.Refused:
		f.Then = Refuse
	}
	s.w.Fail(f)
}

func (s side) Lag(d time.Duration) { s.w.Lag(d) }

func (s side) Imitate(p chat.Person, in chat.Thread, key, text string) { s.w.Talk(p, in, text, key) }

func (s side) Requests() int { return len(s.w.Requests()) }
