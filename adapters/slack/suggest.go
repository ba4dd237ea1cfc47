package slack

import (
	"context"
	"encoding/json"

	slackgo "github.com/slack-go/slack"
)

// suggest answers what may be chosen in a menu.
func (w *work) suggest(ctx context.Context) []byte {
	call := w.call // without names, which nothing depends on here
	call.Args = map[string]string{w.option: w.typed}
	options := []*slackgo.OptionBlockObject{}
	for _, s := range w.h.Complete(ctx, call) {
		if len(options) == maxChoices {
			break
		}
		s.Detail = shorten(oneLine(s.Detail), maxLabel)
		if holdsChoice(s) { // a value that was cut would name something else; it can be typed
			options = append(options, option(s))
		}
	}
	data, err := json.Marshal(map[string]any{"options": options})
	if err != nil || len(data) > maxAck {
		return []byte(`{"options":[]}`)
	}
	return data
}
