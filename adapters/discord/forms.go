package discord

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/synthoperator/baton/chat"
)

// wantsForm reports whether a call is sure to ask for a form. A form can be
// opened by the first response only, and not after another form
// (D:interactions/receiving-and-responding).
func (w *work) wantsForm() bool { return w.call.Form && w.door != doorForm }

// formLate says that a form takes too long, with a button that asks for it again.
func (w *work) formLate(ctx context.Context) {
	m := chat.Message{
		Only:    true,
		Blocks:  []chat.Block{chat.Paragraph("The form could not be opened in the three seconds that Discord gives for it.")},
		Buttons: []chat.Button{{Label: "Open the form", Verb: w.call.Verb, Args: w.call.Args, Form: true, Typed: w.call.Verb + " form"}},
	}
	parts, err := w.a.render(ctx, m)
	if err == nil {
		_, err = w.re.respond(ctx, saysNow, parts[0].ephemeral(), true, nil)
	}
	if err != nil {
		w.a.o.Log.Warn("a form was not opened", "verb", w.call.Verb, "error", err)
	}
}

// openForm opens a form, or offers it where that is not possible any more.
func (w *work) openForm(ctx context.Context, f chat.Form) {
	if w.door == doorForm {
		w.offer(ctx, f, "Baton asks for more.")
		return
	}
	d, err := w.a.modal(ctx, f, formMeta{Thread: w.call.Thread.Key()})
	var is responded
	if err == nil {
		is, err = w.re.respond(ctx, opensForm, d, false, nil)
	}
	switch {
	case errors.Is(err, errTooLong):
		w.whisper(ctx, refusal(upperFirst(err.Error())+"."))
	case err != nil:
		w.a.o.Log.Error("a form cannot be shown", "verb", f.Verb, "error", err)
		w.whisper(ctx, refusal("This form does not fit into Discord. Type the command with its options instead: `/baton "+f.Verb+"`."))
	case is == never, is == before && (w.re.as == takesLater || w.re.as == saysLater):
		w.offer(ctx, f, "The form could not be opened in the three seconds that Discord gives for it.")
	}
}

func upperFirst(text string) string {
	first, n := utf8.DecodeRuneInString(text)
	if n == 0 {
		return text
	}
	return string(unicode.ToUpper(first)) + text[n:]
}

// offer shows a button that opens a form just as it is here.
func (w *work) offer(ctx context.Context, f chat.Form, text string) {
	m, err := w.offered(ctx, f, chat.Message{Only: true, Blocks: []chat.Block{chat.Paragraph(text)}})
	if err != nil {
		w.notShown(ctx, m, err)
		return
	}
	w.whisper(ctx, m)
}

// again is a refusal of what was entered in a form, which is closed by then: with
// all that was typed, and with a button that opens it as it was sent.
func (w *work) again(m chat.Message) chat.Message {
	f := w.sent()
	if m.Form != nil {
		typed := f.Inputs
		f, m.Form = *m.Form, nil
		f.Inputs = filled(f.Inputs, typed)
	}
	m, err := w.offered(w.ctx, f, m)
	if err != nil {
		w.a.o.Log.Error("a form cannot be opened again", "verb", f.Verb, "error", err)
	}
	return m
}

// offered is a message with a button that opens a form. Where that cannot be
// kept, what was typed stands in the message all the same.
func (w *work) offered(ctx context.Context, f chat.Form, m chat.Message) (chat.Message, error) {
	m.Blocks = slices.Clone(m.Blocks)
	id, err := w.a.keepDraft(ctx, draft{Form: f, Thread: w.call.Thread.Key()})
	if err == nil {
		m.Buttons = append(slices.Clone(m.Buttons), chat.Button{Label: "Open the form again", Verb: id, Form: true})
		return m, nil
	}
	for _, in := range f.Inputs {
		if in.Value != "" {
			m.Blocks = append(m.Blocks, chat.Remark("You had entered "+in.Name+":"), chat.Code(in.Value))
		}
	}
	return m, err
}

// sent is the form that was submitted, as far as it came back: the inputs of its
// verb in their order, with what was entered.
func (w *work) sent() chat.Form {
	f := chat.Form{Verb: w.meta.Verb, Args: w.meta.Args, Title: upperFirst(w.meta.Verb)}
	left := map[string]string{}
	for name, value := range w.call.Args {
		if _, fixed := w.meta.Args[name]; !fixed || w.entered[name] {
			left[name] = value
		}
	}
	for _, spec := range w.h.Specs() {
		if spec.Name != f.Verb {
			continue
		}
		if spec.Form != "" {
			f.Title = spec.Form
		}
		for _, o := range spec.Options {
			if value, ok := left[o.Name]; ok {
				f.Inputs = append(f.Inputs, chat.Input{Option: o, Value: value})
				delete(left, o.Name)
			}
		}
	}
	for _, name := range sortedNames(left) {
		f.Inputs = append(f.Inputs, chat.Input{Option: chat.Option{Name: name, Kind: chat.Text}, Value: left[name]})
	}
	return f
}

func sortedNames(all map[string]string) []string {
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// filled puts what was typed in place of what stands in inputs.
func filled(inputs, typed []chat.Input) []chat.Input {
	out := slices.Clone(inputs)
	for i := range out {
		for _, t := range typed {
			if t.Name == out[i].Name {
				out[i].Value = t.Value
			}
		}
	}
	return out
}

// draft is a form with what somebody had typed into it.
type draft struct {
	Form   chat.Form `json:"form"`
	Thread string    `json:"thread"`
}

// draftVerb begins the verb of a button that opens a draft. No verb does.
const draftVerb = "draft-"

func (a *Adapter) keepDraft(ctx context.Context, d draft) (string, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return "", fmt.Errorf("keep what was typed: %w", err)
	}
	sum := sha256.Sum256(text)
	name := draftVerb + base64.RawURLEncoding.EncodeToString(sum[:18])
	if err := a.o.Keep.Put(ctx, name, text, formLife); err != nil {
		return "", fmt.Errorf("keep what was typed: %w", err)
	}
	return name, nil
}

// draft is what a button opens again; ok is false where it is another button.
func (a *Adapter) draft(ctx context.Context, custom string) (d *draft, ok bool, err error) {
	if !strings.HasPrefix(custom, "b1:") {
		return nil, false, nil
	}
	v, err := parseCustom(ctx, a.o.Keep, custom)
	if err != nil || !strings.HasPrefix(v.Verb, draftVerb) {
		return nil, false, nil //nolint:nilerr // whoever asks next says what is wrong with it
	}
	text, ok, err := a.o.Keep.Get(ctx, v.Verb)
	if err != nil || !ok {
		return nil, false, fmt.Errorf("what somebody had typed is not there: %w", err)
	}
	d = &draft{}
	if err := json.Unmarshal(text, d); err != nil {
		return nil, false, fmt.Errorf("what somebody had typed: %w", err)
	}
	return d, true, nil
}

// pressedRow is the message that a button stands on, with its row switched off,
// where the button was for one decision that is taken now; nil elsewhere.
func (w *work) pressedRow(m chat.Message) any {
	if w.door != doorComponent || w.on == nil || !urgent[w.call.Verb] || w.call.Form {
		return nil
	}
	all := w.on.components()
	var pressed chosen
	if json.Unmarshal(w.raw.Data, &pressed) != nil {
		return nil
	}
	found, files := false, false
	walk(all, func(c *component) {
		files = files || c.Type == fileDisplay || c.Type == mediaGallery // which cannot be sent again as they are
		if c.Type != actionRow || !slices.ContainsFunc(c.Components, func(b component) bool { return b.CustomID == pressed.CustomID }) {
			return
		}
		found = true
		for i := range c.Components {
			c.Components[i].Disabled = true
		}
	})
	if !found || files {
		return nil
	}
	return payload{Components: all, Flags: w.on.Flags & flagComponentsV2, AllowedMentions: mentions{Parse: []string{}}}
}
