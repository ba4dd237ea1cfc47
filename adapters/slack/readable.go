package slack

import (
	"context"
	"regexp"
	"strings"

	"github.com/synthoperator/baton/chat"
)

// token is what Slack puts in place of what people typed
// (https://docs.slack.dev/messaging/formatting-message-text): names, channels,
// addresses. What people type themselves in such brackets is escaped.
var token = regexp.MustCompile(`<([@#!][^<>]*|(?:https?|mailto|tel|slack|ftp):[^<>]*)>`)

var personToken = regexp.MustCompile(`<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>`)

var unescape = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// text is what somebody typed, as they typed it, with the people it names.
type text struct {
	text   string
	people map[string]chat.Person
}

// readable is a text as it was typed: with names in place of ids, and without
// escapes. Somebody who cannot be named by one word keeps the id.
func (a *Adapter) readable(ctx context.Context, in workspace, raw string) text {
	t := text{}
	if !strings.ContainsAny(raw, "<&") { // nearly always
		t.text = strings.TrimSpace(raw)
		return t
	}
	var out strings.Builder
	last := 0
	for _, at := range token.FindAllStringSubmatchIndex(raw, -1) {
		out.WriteString(unescape.Replace(raw[last:at[0]]))
		last = at[1]
		body := raw[at[2]:at[3]]
		if m := personToken.FindStringSubmatch("<" + body + ">"); m != nil {
			_, came, _ := strings.Cut(body, "|")
			out.WriteString(t.named(a.people.named(ctx, in, m[1], unescape.Replace(came))))
			continue
		}
		out.WriteString(unescape.Replace(typed(body)))
	}
	out.WriteString(unescape.Replace(raw[last:]))
	t.text = strings.TrimSpace(out.String())
	return t
}

// named is the word that names somebody in a text.
func (t *text) named(p chat.Person) string {
	if t.people == nil {
		t.people = map[string]chat.Person{}
	}
	word := "@" + strings.Join(strings.FieldsFunc(p.Name, func(r rune) bool { return strings.ContainsRune(" \t\n<>@,;:", r) }), "-")
	if other, taken := t.people[word]; p.Name == p.ID || word == "@" || taken && other.ID != p.ID {
		word = "<@" + p.ID + ">"
	}
	t.people[word] = p
	return word
}

// typed is what somebody typed where Slack put a token that names no person.
func typed(body string) string {
	target, label, labelled := strings.Cut(body, "|")
	switch target[0] {
	case '#':
		return "#" + or(label, target[1:])
	case '!':
		switch name, _, _ := strings.Cut(target[1:], "^"); {
		case labelled && label != "" && name == "date":
			return label
		case labelled && label != "":
			return "@" + strings.TrimPrefix(label, "@")
		default:
			return "@" + name
		}
	case '@':
		return "@" + or(label, target[1:])
	}
	bare := target[strings.IndexByte(target, ':')+1:]
	if !labelled || label == "" {
		return target
	}
	if strings.TrimPrefix(bare, "//") == label || target == label || strings.TrimSuffix(strings.TrimPrefix(bare, "//"), "/") == label {
		return label // Slack made the link, of what was typed
	}
	return label + " (" + target + ")"
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// mentionsIn are the ids of people in what came of a form, by how they stand there.
func mentionsIn(value string) map[string]string {
	var all map[string]string
	for _, m := range personToken.FindAllStringSubmatch(value, -1) {
		if all == nil {
			all = map[string]string{}
		}
		all[m[0]] = m[1]
	}
	return all
}
