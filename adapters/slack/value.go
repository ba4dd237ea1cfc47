package slack

import (
	"encoding/json"
	"fmt"

	"github.com/synthoperator/baton/chat"
)

// value is what a button or an option carries: the call that it stands for. The
// names are short, since Slack gives a button 2000 characters.
type value struct {
	Verb   string            `json:"v"`
	Args   map[string]string `json:"a,omitempty"`
	Form   bool              `json:"f,omitempty"`
	Option string            `json:"o,omitempty"` // of a select: the argument that the choice becomes
}

// maxValue is how much a button's value holds, in characters
// (https://docs.slack.dev/reference/block-kit/block-elements/button-element).
const maxValue = 2000

// buttonValue is what a button carries; ok is false where it does not fit, and
// the button has to be said in words.
func buttonValue(b chat.Button) (text string, ok bool) {
	data, err := json.Marshal(value{Verb: b.Verb, Args: b.Args, Form: b.Form})
	return string(data), err == nil && len(data) <= maxValue
}

// parseValue reads what a button carried. What Baton never made is an error.
func parseValue(text string) (value, error) {
	var v value
	if err := json.Unmarshal([]byte(text), &v); err != nil || v.Verb == "" {
		return value{}, fmt.Errorf("a button carries %.80q, which is none of Baton's", text)
	}
	return v, nil
}
