package discordtest

import (
	"slices"
	"strings"
)

// Limits of embeds (D:resources/message, Embed Limits).
const (
	embedCount       = 10
	embedSum         = 6000
	embedTitle       = 256
	embedDescription = 4096
	embedFields      = 25
	embedName        = 256
	embedValue       = 1024
	embedFooter      = 2048
	embedAuthor      = 256
)

// readEmbeds reads embeds and holds them to their limits, one by one and all
// together.
func readEmbeds(f form) []object {
	var out []object
	sum := 0
	for _, e := range f.each("embeds", 0, embedCount) {
		sum += readEmbed(e)
		kept := said(e.in)
		kept["type"] = "rich"
		fields, _ := kept["fields"].([]any)
		for _, v := range fields {
			if field, ok := v.(object); ok && field["inline"] == nil {
				field["inline"] = false
			}
		}
		out = append(out, kept)
	}
	if sum > embedSum {
		f.fail("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of %d", embedSum)
	}
	return out
}

// readEmbed is how many characters an embed has that count.
func readEmbed(e form) int {
	e.known("title", "type", "description", "url", "timestamp", "color", "footer", "image", "thumbnail", "video", "provider", "author", "fields", "flags")
	n := length(e.text("title", 0, embedTitle)) + length(e.text("description", 0, embedDescription))
	e.number("color", 0, 0xFFFFFF)
	e.link("url")
	for _, key := range []string{"image", "thumbnail"} {
		if picture, ok := e.child(key); ok {
			picture.require("url")
			picture.link("url", "attachment://")
		}
	}
	if footer, ok := e.child("footer"); ok {
		footer.require("text")
		n += length(footer.text("text", 0, embedFooter))
	}
	if author, ok := e.child("author"); ok {
		author.require("name")
		n += length(author.text("name", 0, embedAuthor))
		author.link("url")
		author.link("icon_url", "attachment://")
	}
	for _, field := range e.each("fields", 0, embedFields) {
		field.known("name", "value", "inline")
		field.require("name", "value")
		n += length(field.text("name", 1, embedName)) + length(field.text("value", 1, embedValue))
		field.flag("inline")
	}
	if len(e.in) == 0 {
		e.fail("description", "BASE_TYPE_REQUIRED", "This field is required")
	}
	return n
}

// link is an address that a person can follow, or one that begins as one of the
// others may (D:resources/message, Embed Object).
func (f form) link(key string, others ...string) {
	at := f.text(key, 1, 2048) // Spec
	if !f.has(key) || slices.ContainsFunc(append(others, "http://", "https://"), func(start string) bool { return strings.HasPrefix(at, start) }) {
		return
	}
	f.fail(key, "URL_TYPE_INVALID_SCHEME", "Scheme is not supported. Scheme must be one of ('http', 'https').")
}

// said is a copy of an object without what is null in it, however deep: an
// answer leaves out what a request did not give.
func said(o object) object {
	out := object{}
	for key, v := range o {
		if v = saidIn(v); v != nil {
			out[key] = v
		}
	}
	return out
}

func saidIn(v any) any {
	switch v := v.(type) {
	case object:
		return said(v)
	case []any:
		out := make([]any, 0, len(v))
		for _, one := range v {
			out = append(out, saidIn(one))
		}
		return out
	}
	return v
}
