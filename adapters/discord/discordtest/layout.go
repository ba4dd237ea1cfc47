package discordtest

import (
	"slices"
	"strings"
)

// What is there with Components V2 only (D:components/reference).

func (r *components) section(f form, out object) {
	f.require("components", "accessory")
	out["components"] = r.all(f, "components", 1, 3, textDisplay)
	if a, ok := f.child("accessory"); ok {
		out["accessory"] = r.one(a, button, thumbnail)
	}
}

func (r *components) display(f form, _ object) {
	f.known("type", "id", "content")
	f.require("content")
	f.text("content", 1, displayedTotal)
}

func (r *components) container(f form, out object) {
	f.known("type", "id", "components", "accent_color", "spoiler")
	f.number("accent_color", 0, 0xFFFFFF)
	out["components"] = r.all(f, "components", 1, componentsTotal, actionRow, textDisplay, section, mediaGallery, separator, fileComponent)
	out["spoiler"] = f.flag("spoiler")
	if !f.has("accent_color") {
		out["accent_color"] = nil
	}
}

func (r *components) separator(f form, out object) {
	out["spacing"], out["divider"] = or(f.oneOf("spacing", 1, 2), 1), !f.has("divider") || f.flag("divider")
}

func (r *components) gallery(f form, out object) {
	var items []object
	for _, i := range f.each("items", 1, 10) {
		item := said(i.in)
		r.unfurl(i, item, "media")
		item["spoiler"] = i.flag("spoiler")
		if _, ok := item["description"]; !ok {
			item["description"] = nil
		}
		items = append(items, item)
	}
	out["items"] = items
}

func (r *components) media(f form, out object) {
	r.unfurl(f, out, "media")
	out["spoiler"] = f.flag("spoiler")
	if _, ok := out["description"]; !ok {
		out["description"] = nil
	}
}

func (r *components) file(f form, out object) {
	r.unfurl(f, out, "file")
	out["spoiler"] = f.flag("spoiler")
	for _, up := range r.files {
		if m, ok := f.child("file"); ok && m.in["url"] == "attachment://"+up.name {
			out["name"], out["size"] = up.name, len(up.data)
		}
	}
}

// unfurl reads a media item. One that names an attachment has to be one of the
// message's.
func (r *components) unfurl(f form, out object, key string) {
	f.require(key)
	m, ok := f.child(key)
	if !ok {
		return
	}
	m.require("url")
	at := m.text("url", 1, 2048) // Spec
	name, attached := strings.CutPrefix(at, "attachment://")
	if attached && !slices.ContainsFunc(r.files, func(f file) bool { return f.name == name }) {
		m.fail("url", "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", "The referenced attachment was not found")
	}
	out[key] = object{
		"id": "1", "url": at, "proxy_url": at, "width": nil, "height": nil, "placeholder": nil,
		"placeholder_version": nil, "content_type": nil, "loading_state": 2, "flags": 0,
	}
}
