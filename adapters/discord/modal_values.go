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
)

// formMeta is what a form that was opened stands for. It travels in the form's
// custom_id, or is kept where it is too long for that.
type formMeta struct {
	Verb string            `json:"v"`
	Args map[string]string `json:"a,omitempty"`
	More []string          `json:"m,omitempty"` // inputs that share the last field, in order

	// Of whoever opens the form: not touched here.
	Thread  string `json:"t,omitempty"` // the key of the thread that the call belongs to
	Message string `json:"r,omitempty"` // the message that the form was opened from
}

// custom is the meta as a custom_id. Equal ones give equal texts.
func (m formMeta) custom(ctx context.Context, keep Keep) (string, error) {
	text, err := json.Marshal(m)
	if err != nil {
		return "", fmt.Errorf("a form's values as JSON: %w", err)
	}
	if id := "f1:" + string(text); units(id) <= maxCustomID {
		return id, nil
	}
	sum := sha256.Sum256(text)
	name := "form-" + base64.RawURLEncoding.EncodeToString(sum[:18])
	if err := keep.Put(ctx, name, text, formLife); err != nil {
		return "", fmt.Errorf("keep what a form stands for: %w", err)
	}
	return "g1:" + name, nil
}

// errNoForm says that a form is none of Baton's.
var errNoForm = errors.New("this form is none of Baton's")

// parseForm reads a form's custom_id back. What Baton never made is an error.
func parseForm(ctx context.Context, keep Keep, id string) (formMeta, error) {
	kind, text, _ := strings.Cut(id, ":")
	switch kind {
	case "f1":
	case "g1":
		kept, ok, err := keep.Get(ctx, text)
		if err != nil {
			return formMeta{}, fmt.Errorf("what a form stands for: %w", err)
		}
		if !ok || !strings.HasPrefix(text, "form-") {
			return formMeta{}, errNoForm
		}
		text = string(kept)
	default:
		return formMeta{}, errNoForm
	}
	var m formMeta
	if err := json.Unmarshal([]byte(text), &m); err != nil || m.Verb == "" {
		return formMeta{}, errNoForm
	}
	return m, nil
}

// submitted is a component of a form that was sent: a label with what is in it,
// or a row of the kind before labels. Kinds that are not known hold nothing.
type submitted struct {
	CustomID   string      `json:"custom_id"`
	Value      any         `json:"value"`
	Values     []string    `json:"values"`
	Component  *submitted  `json:"component"`
	Components []submitted `json:"components"`
}

// modalValues is what was entered in a form, by the inputs' names. Inputs in
// which nothing was entered are there with "", so that what was taken out is
// told from what was not asked for.
func modalValues(raw json.RawMessage, meta formMeta) map[string]string {
	var all []json.RawMessage
	_ = json.Unmarshal(raw, &all) // what is none holds nothing
	out := map[string]string{}
	for _, one := range all {
		var s submitted
		if json.Unmarshal(one, &s) == nil {
			s.enter(out, meta, 0)
		}
	}
	return out
}

// maxDepth is how deep components of a form stand inside each other: a label
// or row, and what is in it.
const maxDepth = 2

func (s *submitted) enter(out map[string]string, meta formMeta, depth int) {
	if depth > maxDepth {
		return
	}
	if s.Component != nil {
		s.Component.enter(out, meta, depth+1)
	}
	for i := range s.Components {
		s.Components[i].enter(out, meta, depth+1)
	}
	switch s.CustomID {
	case "":
	case moreField:
		text, _ := s.Value.(string)
		spread(text, meta.More, out)
	default:
		out[s.CustomID] = s.text()
	}
}

func (s *submitted) text() string {
	switch v := s.Value.(type) {
	case string:
		return v
	case bool:
		if v {
			return "yes"
		}
		return "no"
	}
	return strings.Join(s.Values, ", ")
}

// spread reads lines "name: value" of a field that several inputs share. A line
// without a name goes on with the value before it.
func spread(text string, names []string, out map[string]string) {
	at := ""
	for _, name := range names {
		out[name] = ""
	}
	for line := range strings.SplitSeq(clean(text), "\n") {
		name, rest, ok := strings.Cut(line, ":")
		if i := slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(strings.TrimSpace(name), n) }); ok && i >= 0 {
			at = names[i]
			out[at] = strings.TrimSpace(rest)
			continue
		}
		if at == "" && len(names) > 0 && strings.TrimSpace(line) != "" {
			at = names[0] // somebody took the names away
		}
		if at != "" {
			out[at] = strings.TrimSpace(out[at] + "\n" + line)
		}
	}
}
