package discord

import (
	"context"
	"net/http"

	"github.com/synthoperator/baton/chat"
)

// choice is a value that is suggested for an option
// (D:interactions/application-commands).
type choice struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Numbers of choices (D:interactions/application-commands).
const (
	maxChoices    = 25
	maxChoiceText = 100
)

// suggest answers what may be typed. It is asked once, not looked up and not
// repeated: the next letter asks again.
func (w *work) suggest(ctx context.Context) {
	defer w.re.over()
	call := w.call
	call.Args = map[string]string{w.typed: w.call.Args[w.typed]}
	body := map[string]any{"type": suggestsNow, "data": map[string]any{"choices": choices(w.h.Complete(ctx, call))}}
	err := w.a.rest.do(ctx, http.MethodPost, routeCallback, "/interactions/"+w.re.id+"/"+w.re.token+"/callback", body, nil, nil)
	if err != nil {
		w.a.o.Log.Info("suggestions were not taken", "verb", call.Verb, "option", w.typed, "error", err)
	}
}

// choices are suggestions as Discord shows them. One whose value is too long is
// left out: cut it would name something else, and it can be typed.
func choices(all []chat.Suggestion) []choice {
	out := []choice{}
	for _, s := range all {
		if len(out) == maxChoices {
			break
		}
		name := choiceLabel(s)
		if s.Detail != "" {
			name += " — " + s.Detail
		}
		if name = short(name, maxChoiceText); s.Text != "" && name != "" && units(s.Text) <= maxChoiceText {
			out = append(out, choice{name, s.Text})
		}
	}
	return out
}
