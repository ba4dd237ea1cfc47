package discord

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
)

// value is what a component carries: the call that it stands for.
type value struct {
	Verb   string
	Args   map[string]string
	Form   bool
	Option string // of a select: the argument that the choice becomes
}

// maxCustomID is how much a component carries, in characters
// (https://discord.com/developers/docs/components/reference#anatomy-of-a-component).
const maxCustomID = 100

// custom is a value as a component's custom_id: "b1" and a query, or where that
// is too long "k1" and the name under which the query is kept.
func (v value) custom(ctx context.Context, keep Keep) (string, error) {
	q := url.Values{"v": {v.Verb}}
	for name, arg := range v.Args {
		q.Set("a."+name, arg)
	}
	if v.Form {
		q.Set("f", "1")
	}
	if v.Option != "" {
		q.Set("o", v.Option)
	}
	text := q.Encode() // in order, so that equal values are equal texts
	if len(text)+3 <= maxCustomID {
		return "b1:" + text, nil
	}
	sum := sha256.Sum256([]byte(text))
	name := base64.RawURLEncoding.EncodeToString(sum[:18])
	if err := keep.Put(ctx, name, []byte(text), buttonLife); err != nil {
		return "", fmt.Errorf("keep what a button stands for: %w", err)
	}
	return "k1:" + name, nil
}

// parseCustom reads a custom_id back. What Baton never made is an error.
func parseCustom(ctx context.Context, keep Keep, id string) (value, error) {
	kind, text, _ := strings.Cut(id, ":")
	switch kind {
	case "b1":
	case "k1":
		kept, ok, err := keep.Get(ctx, text)
		if err != nil || !ok {
			return value{}, fmt.Errorf("what the button %.100q stands for is not known: %w", id, err)
		}
		text = string(kept)
	default:
		return value{}, fmt.Errorf("a button carries %.100q, which is none of Baton's", id)
	}
	q, err := url.ParseQuery(text)
	if err != nil || q.Get("v") == "" {
		return value{}, fmt.Errorf("a button carries %.100q, which is none of Baton's", id)
	}
	v := value{Verb: q.Get("v"), Form: q.Get("f") == "1", Option: q.Get("o")}
	for name := range q {
		if arg, ok := strings.CutPrefix(name, "a."); ok {
			if v.Args == nil {
				v.Args = map[string]string{}
			}
			v.Args[arg] = q.Get(name)
		}
	}
	return v, nil
}
