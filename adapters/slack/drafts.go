package slack

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/synthoperator/baton/chat"
)

// Drafts are what people had typed into forms that they closed: by person, place
// and verb. They are offered again, and gone when the form is sent or after a day.

// draftLife is how long a draft is kept.
const draftLife = 24 * time.Hour

// values are what stands in a form, by the names of its inputs.
type values map[string]string

// over puts values in place of what stands in inputs.
func (v values) over(inputs []chat.Input) []chat.Input {
	if len(v) == 0 {
		return inputs
	}
	out := make([]chat.Input, len(inputs))
	for i, in := range inputs {
		if value, ok := v[in.Name]; ok {
			in.Value = value
		}
		out[i] = in
	}
	return out
}

// draftOf names the draft of a form. The name says nothing of whose it is.
func (w *work) draftOf(verb string, args map[string]string) string {
	whose := strings.Join([]string{w.call.Person.ID, w.call.Thread.Key(), verb, args["in"], args["phase"]}, "\n")
	sum := sha256.Sum256([]byte(whose))
	return "draft " + base64.RawURLEncoding.EncodeToString(sum[:])
}

// draft names the draft of the form that was closed or sent.
func (w *work) draft() string { return w.draftOf(w.meta.Verb, w.meta.Args) }

// keepDraft keeps what somebody changed in a form before closing it. What they left
// as it was is filled in anew the next time, since it may have changed by then.
func (w *work) keepDraft(ctx context.Context) error {
	entered, stood, typed := formValues(w.view.State, w.meta), w.view.stood(), values{}
	for name, was := range stood {
		if now := entered[name]; now != was {
			typed[name] = now
		}
	}
	if len(typed) == 0 {
		return nil
	}
	if err := w.a.o.Keep.Keep(ctx, w.draft(), mustJSON(typed), w.a.now().Add(draftLife)); err != nil {
		return fmt.Errorf("keep what was typed into a form: %w", err)
	}
	return nil
}

// drafted is what was kept for a form; nil where nothing was.
func (w *work) drafted(ctx context.Context, name string) values {
	data, ok, err := w.a.o.Keep.Kept(ctx, name)
	var v values
	if ok && err == nil {
		err = json.Unmarshal(data, &v)
	}
	if err != nil {
		w.a.o.Log.Error("what was typed into a form before is not there", "error", err)
		return nil
	}
	return v
}

// sentDraft forgets what was typed, as it was taken.
func (w *work) sentDraft(ctx context.Context) {
	if err := w.a.o.Keep.Drop(ctx, w.draft()); err != nil {
		w.a.o.Log.Error("a form that was sent may be filled in again", "error", err)
	}
}
