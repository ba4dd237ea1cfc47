package slack

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"

	"github.com/synthoperator/baton/chat"
)

// opening is a form on its way to somebody. A trigger works for three seconds, so
// where the handler takes longer the form is opened empty and filled afterwards.
type opening struct {
	mu   sync.Mutex
	done bool // the handler has answered
	id   string
	hash string
}

func (o *opening) isOpen() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.id != ""
}

// answered says that the form is not to be opened empty any more.
func (o *opening) answered() (id, hash string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.done = true
	return o.id, o.hash
}

// earlyAfter is how long the handler has before a form is opened empty.
const earlyAfter = time.Second

// early opens a form empty where the handler takes long, or did not even begin.
func (w *work) early() {
	if !w.wantsForm() {
		return
	}
	time.AfterFunc(earlyAfter, func() {
		w.form.mu.Lock()
		defer w.form.mu.Unlock()
		if w.form.done {
			return
		}
		if err := w.useTrigger(w.ctx, skeleton()); err != nil {
			w.a.o.Log.Warn("a form was not opened early", "verb", w.call.Verb, "error", w.a.plain(err))
		}
	})
}

// wantsForm reports whether a call is sure to ask for a form.
func (r request) wantsForm() bool {
	if r.trigger.id == "" || r.door == doorForm {
		return false
	}
	return r.call.Form || r.door == doorCommand && strings.HasSuffix(strings.ToLower(strings.TrimSpace(r.raw)), " form")
}

// openForm opens a form, or fills the one that was opened empty.
func (w *work) openForm(ctx context.Context, f chat.Form) {
	kept := w.drafted(ctx, w.draftOf(f.Verb, f.Args))
	f.Inputs = kept.over(f.Inputs)
	v, err := w.modal(ctx, f)
	if err != nil {
		w.a.o.Log.Error("a form cannot be shown", "verb", f.Verb, "error", w.a.plain(err))
		w.show(ctx, tooMuch(f))
		return
	}
	if len(kept) > 0 {
		addNote(&v, "What you had typed before you closed this form is filled in again.")
	}
	if w.opened(ctx, v) {
		return
	}
	b := chat.Button{Label: "Open the form", Verb: f.Verb, Args: w.said.Args, Form: true, Typed: f.Verb + " form"}
	if !w.said.Form {
		b.Args = f.Args
	}
	w.show(ctx, chat.Message{Only: true, Blocks: []chat.Block{
		chat.Paragraph("The form could not be opened in the three seconds that Slack gives for it."),
	}, Buttons: []chat.Button{b}})
}

// tooMuch says that a form cannot be shown.
func tooMuch(f chat.Form) chat.Message {
	return chat.Message{Only: true, Fault: true, Blocks: []chat.Block{
		chat.Paragraph("This form does not fit into Slack. Type it instead: `" + f.Verb + " …`"),
	}}
}

// modal is a form as a modal that comes back as a call.
func (w *work) modal(ctx context.Context, f chat.Form) (slackgo.ModalViewRequest, error) {
	meta, err := w.a.stow(ctx, formMeta{Verb: f.Verb, Args: f.Args, Thread: w.call.Thread.Key()})
	if err != nil {
		return slackgo.ModalViewRequest{}, err
	}
	return modal(f, meta)
}

// opened shows a view to whoever asked for it and reports whether that worked.
func (w *work) opened(ctx context.Context, v slackgo.ModalViewRequest) bool {
	w.form.mu.Lock()
	defer w.form.mu.Unlock()
	w.form.done = true
	var err error
	if w.form.id != "" {
		err = w.update(ctx, v, w.form.hash, w.form.id)
	} else {
		err = w.useTrigger(ctx, v)
	}
	if err != nil {
		w.a.o.Log.Warn("a form was not opened", "verb", w.call.Verb, "error", w.a.plain(err))
	}
	return err == nil
}

var errTrigger = errors.New("it is too late to open a form")

func (w *work) useTrigger(ctx context.Context, v slackgo.ModalViewRequest) error {
	if w.trigger.id == "" || !w.a.o.Now().Before(w.trigger.until) {
		return errTrigger
	}
	return w.a.ask(ctx, w.in, "views.open", func(api *slackgo.Client) error {
		shown, err := api.OpenViewContext(ctx, w.trigger.id, v)
		if err == nil {
			w.form.id, w.form.hash = shown.ID, shown.Hash
		}
		return err
	})
}

// update replaces a view. Where somebody replaced it in between, what this says is
// newer all the same.
func (w *work) update(ctx context.Context, v slackgo.ModalViewRequest, hash, id string) error {
	return w.a.ask(ctx, w.in, "views.update", func(api *slackgo.Client) error {
		_, err := api.UpdateViewContext(ctx, v, "", hash, id)
		if code(err) == "hash_conflict" {
			_, err = api.UpdateViewContext(ctx, v, "", "", id)
		}
		return err
	})
}

// refuseForm says in a form that was opened empty why it stays so; false where
// none was.
func (w *work) refuseForm(ctx context.Context, m chat.Message) bool {
	id, hash := w.form.answered()
	if id == "" || m.IsZero() {
		return false
	}
	text := w.words(m)
	choices := len(m.Buttons)+len(m.Selects) > 0
	if choices { // which a form cannot carry out
		text = "See what Baton wrote to you under this form."
	}
	err := w.update(ctx, plainView("Baton", text), hash, id)
	return err == nil && !choices
}

// words are a message as plain text.
func (w *work) words(m chat.Message) string {
	all := []string{m.Title}
	for _, b := range m.Blocks {
		all = append(all, words(b))
	}
	if strings.TrimSpace(strings.Join(all, "")) == "" {
		all = []string{m.Short}
	}
	return strings.TrimSpace(strings.Join(all, "\n"))
}

// plainView is a modal that says something.
func plainView(title, text string) slackgo.ModalViewRequest {
	v := slackgo.ModalViewRequest{Type: slackgo.VTModal, Title: plain(shorten(title, maxViewTitle)), Close: plain("Close")}
	addNote(&v, text)
	return v
}

// skeleton is the form before its content is known.
func skeleton() slackgo.ModalViewRequest { return plainView("Baton", "One moment …") }

// addNote puts a text on top of a view.
func addNote(v *slackgo.ModalViewRequest, text string) {
	note := slackgo.NewSectionBlock(plain(shorten(or(text, " "), maxSection)), nil, nil)
	v.Blocks.BlockSet = append([]slackgo.Block{note}, v.Blocks.BlockSet...)
}

// answerForm is what a submitted form is answered with: nothing, which closes it;
// what is wrong, which keeps it open with all that was typed; or the next form.
func (w *work) answerForm(m chat.Message) (payload []byte, rest func(context.Context)) {
	say := func(ctx context.Context) { w.show(ctx, m) }
	switch {
	case w.isLate():
		return nil, w.lateForm(m)
	case m.Form != nil:
		return w.nextForm(m)
	case m.Refused || m.Fault:
		if len(m.Buttons)+len(m.Selects) > 0 { // as a picker, which a form cannot show
			return w.complaint(m), say
		}
		return w.complaint(m), nil
	}
	w.sentDraft(w.ctx)
	if m.IsZero() {
		return nil, nil
	}
	return nil, say
}

// lateForm replaces a form that was answered before what it asks for was done.
func (w *work) lateForm(m chat.Message) func(context.Context) {
	return func(ctx context.Context) {
		if m.Refused || m.Fault {
			w.show(ctx, m)
			return
		}
		if m.Form != nil {
			f := *m.Form
			v, err := w.next(w.ctx, &m)
			if err != nil {
				w.show(ctx, tooMuch(f))
				return
			}
			w.replace(ctx, v)
			return
		}
		w.sentDraft(ctx)
		done := plainView(or(w.view.Title.Text, "Baton"), "Done. You can close this.")
		if err := w.update(ctx, done, "", w.view.ID); err != nil {
			w.a.o.Log.Debug("a form stays open", "error", w.a.plain(err))
		}
		w.show(ctx, m)
	}
}

// complaint says at a field what is wrong with it, or at the first one what is
// wrong altogether.
func (w *work) complaint(m chat.Message) []byte {
	words := w.words(m)
	field := ""
	for _, b := range w.view.Blocks {
		if b.Type != "input" {
			continue
		}
		if field == "" || names(words, b.ID) {
			field = b.ID
		}
		if names(words, b.ID) {
			break
		}
	}
	if field == "" { // there is nowhere to say it; the form says it as a whole
		return mustJSON(map[string]any{"response_action": "update", "view": plainView(or(w.view.Title.Text, "Baton"), words)})
	}
	return mustJSON(map[string]any{"response_action": "errors", "errors": map[string]string{field: shorten(words, maxSection)}})
}

// names reports whether a refusal begins with the name of a field, as the ones
// about a field do.
func names(words, field string) bool {
	words = strings.TrimLeft(strings.ToLower(words), "`*_ ")
	rest, ok := strings.CutPrefix(words, strings.ToLower(field))
	return field != "" && ok && (rest == "" || !isLetter(rest[0]))
}

func isLetter(b byte) bool { return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b >= 0x80 }

// nextForm replaces a form by another one, with what was typed where that has the
// same fields.
func (w *work) nextForm(m chat.Message) (payload []byte, rest func(context.Context)) {
	f := *m.Form
	v, err := w.next(w.ctx, &m)
	if err != nil {
		w.a.o.Log.Error("a form cannot be shown", "verb", f.Verb, "error", w.a.plain(err))
		return w.complaint(tooMuch(f)), nil
	}
	payload = mustJSON(map[string]any{"response_action": "update", "view": v})
	if len(payload) <= maxAck {
		return payload, nil
	}
	return mustJSON(map[string]any{"response_action": "update", "view": skeleton()}), func(ctx context.Context) { w.replace(ctx, v) }
}

// next is the view of the form that comes next; the message has no form then.
func (w *work) next(ctx context.Context, m *chat.Message) (slackgo.ModalViewRequest, error) {
	f := *m.Form
	m.Form = nil
	f.Inputs = values(formValues(w.view.State, w.meta)).over(f.Inputs)
	v, err := w.modal(ctx, f)
	if err == nil && !m.IsZero() {
		addNote(&v, w.words(*m))
	}
	return v, err
}

// replace puts another form in the place of the one that was sent.
func (w *work) replace(ctx context.Context, v slackgo.ModalViewRequest) {
	if err := w.update(ctx, v, "", w.view.ID); err != nil {
		w.a.o.Log.Error("a form was not filled", "error", w.a.plain(err))
	}
}

func mustJSON(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		return nil // of texts and maps of them, which always can
	}
	return data
}
