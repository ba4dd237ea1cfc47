package slack

import (
	"context"
	"encoding/json"

	slackgo "github.com/slack-go/slack"
)

// How many options a menu takes, and how long their texts and values are
// (https://docs.slack.dev/reference/block-kit/composition-objects/option-object).
const (
	maxOptions    = 100
	maxOptionText = 75
)

// suggest answers what may be chosen in a menu.
func (w *work) suggest(ctx context.Context) []byte {
	call := w.call
	call.Args = map[string]string{w.option: w.typed}
	options := []*slackgo.OptionBlockObject{}
	for _, s := range w.h.Complete(ctx, call) {
		if len(options) == maxOptions {
			break
		}
		if s.Text == "" || len([]rune(s.Text)) > maxOptionText {
			continue // a value that was cut would name something else; it can be typed
		}
		o := slackgo.NewOptionBlockObject(s.Text, plainText(or(s.Label, s.Text), maxOptionText), nil)
		if s.Detail != "" {
			o.Description = plainText(s.Detail, maxOptionText)
		}
		options = append(options, o)
	}
	data, err := json.Marshal(map[string]any{"options": options})
	if err != nil || len(data) > maxAck {
		return []byte(`{"options":[]}`)
	}
	return data
}
