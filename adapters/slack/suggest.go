package slack

import (
	"context"
	"encoding/json"
	"strings"

	slackgo "github.com/slack-go/slack"

	"github.com/synthoperator/baton/chat"
)

// suggest answers what may be chosen in a menu.
func (w *work) suggest(ctx context.Context) []byte {
	call := w.call // without names, which nothing depends on here
	call.Args = map[string]string{w.option: w.typed}
	if in := w.meta.Args["in"]; in != "" { // the session that the form is for
		call.Args["in"] = in
	}
	options := []*slackgo.OptionBlockObject{}
	typed := chat.Suggestion{Text: strings.TrimSpace(w.typed), Detail: "As typed"}
	for _, s := range w.h.Complete(ctx, call) {
		if len(options) == maxChoices-1 {
			break
		}
		s.Detail = shorten(oneLine(s.Detail), maxLabel)
		if holdsChoice(s) { // a value that was cut would name something else
			options = append(options, option(s))
			if s.Text == typed.Text {
				typed.Text = ""
			}
		}
	}
	if holdsChoice(typed) { // a menu takes nothing else, and the suggestions are not all there is
		options = append(options, option(typed))
	}
	data, err := json.Marshal(map[string]any{"options": options})
	if err != nil || len(data) > maxAck {
		return []byte(`{"options":[]}`)
	}
	return data
}
