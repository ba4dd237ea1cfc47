package discordtest

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// draft is what a request wants a message to be.
type draft struct {
	content    string
	embeds     []object
	components []object
	files      []file
	flags      int
	nonce      string
	enforce    bool
	reply      string
	poll       object
	mentions   allowed
	named      mentioned
}

// file is an attachment.
type file struct {
	upload
	description string
}

// door is where a message comes in; the rules differ.
type door int

const (
	byBot      door = iota // POST /channels/{channel_id}/messages
	byWebhook              // an incoming webhook
	byReply                // an interaction's callback or follow-up
	byEdit                 // any edit
	byModalled             // an edit of a message that a callback of type 7 makes
)

// messageKeys are the fields of a message a request may have
// (D:resources/message, D:resources/webhook).
var messageKeys = []string{
	"content", "embeds", "components", "attachments", "flags", "allowed_mentions", "tts", "poll",
}

// contentLimit is that of the documentation. The Spec allows bots 4000; its
// README says that the documentation wins (D:resources/message).
const contentLimit = 2000

// readDraft reads a message out of a request. Edits start from the message as
// it is: before may be nil.
func (c *call) readDraft(f form, d door, before *message) (draft, error) {
	out := draft{}
	if before != nil {
		out = before.draft
		out.mentions = allowed{}
	}
	c.readText(f, d, &out)
	readFlags(f, d, &out, before)
	if c.s.opts.NoComponentsV2 && out.flags&flagComponentsV2 != 0 {
		f.fail("flags", "BITFIELD_INVALID", "The flag %d is not known here.", flagComponentsV2)
		return draft{}, f.failure()
	}
	if f.has("embeds") {
		out.embeds = readEmbeds(f)
	} else if v, ok := f.in["embeds"]; ok && v == nil {
		out.embeds = nil
	}
	c.readFiles(f, &out)
	if v, ok := f.in["components"]; ok {
		out.components = nil
		if v != nil {
			out.components = readComponents(f, out.flags&flagComponentsV2 != 0, out.files)
		}
	}
	c.readPoll(f, d, &out)
	out.mentions = readAllowed(f)
	out.named = mentionsIn(out)
	checkV2(f, &out)
	c.keepUnknown(f)
	if err := f.failure(); err != nil {
		return draft{}, err
	}
	if out.empty() {
		return draft{}, emptyMessage()
	}
	return out, nil
}

func (c *call) keepUnknown(f form) {
	for _, key := range f.found.unknown {
		c.s.violate(c.req, UnknownKey, "the key %s is unknown", key)
	}
	f.found.unknown = nil
}

func (d draft) empty() bool {
	return d.content == "" && len(d.embeds) == 0 && len(d.components) == 0 && len(d.files) == 0 && d.poll == nil &&
		d.flags&flagLoading == 0
}

func (c *call) readText(f form, d door, out *draft) {
	keys := slices.Clone(messageKeys)
	switch d {
	case byBot:
		keys = append(keys, "nonce", "enforce_nonce", "message_reference", "sticker_ids")
	case byWebhook:
		keys = append(keys, "username", "avatar_url", "thread_name", "applied_tags")
	case byEdit, byReply, byModalled:
	}
	f.known(keys...)
	if _, ok := f.in["content"]; ok {
		out.content = f.text("content", 0, contentLimit)
	}
	f.flag("tts")
	if d != byBot {
		return
	}
	readNonce(f, out)
	if ref, ok := f.child("message_reference"); ok {
		ref.known("type", "message_id", "channel_id", "guild_id", "fail_if_not_exists")
		ref.oneOf("type", 0)
		ref.require("message_id")
		out.reply = ref.id("message_id")
	}
	f.list("sticker_ids", 0, 3) // D:resources/message
}

// readNonce reads the key that makes a message be sent once. It is a string or
// a whole number of up to 25 characters (D:resources/message).
func readNonce(f form, out *draft) {
	switch v := f.in["nonce"].(type) {
	case nil:
	case string:
		out.nonce = f.text("nonce", 0, 25)
	default:
		out.nonce = fmt.Sprint(v)
		if _, ok := whole(v); !ok || len(out.nonce) > 25 {
			f.fail("nonce", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
		}
	}
	out.enforce = f.flag("enforce_nonce")
}

// readFlags: which flags a request may set depends on where it comes in
// (D:resources/message, D:interactions/receiving-and-responding).
func readFlags(f form, d door, out *draft, before *message) {
	if !f.has("flags") {
		return
	}
	n := f.number("flags", 0, 1<<31-1)
	may := flagSuppressEmbeds | flagComponentsV2
	switch d {
	case byBot, byWebhook:
		may |= flagQuiet
	case byReply:
		may |= flagQuiet | flagEphemeral
	case byEdit, byModalled:
	}
	if n&^may != 0 {
		f.fail("flags", "BITFIELD_INVALID", "These flags cannot be set here: %d.", n&^may)
	}
	if before == nil {
		out.flags = n & may
		return
	}
	if before.flags&flagComponentsV2 != 0 && n&flagComponentsV2 == 0 {
		f.fail("flags", "MESSAGE_COMPONENTS_V2_UNREMOVABLE", "IS_COMPONENTS_V2 cannot be removed from a message.")
	}
	out.flags = out.flags&^(flagSuppressEmbeds|flagComponentsV2) | n&may
}

// readFiles pairs the uploaded files with the form's list of attachments. At
// most 10, each at most 10 MiB (D:reference, Uploading Files).
func (c *call) readFiles(f form, out *draft) {
	kept := out.files
	if f.has("attachments") {
		kept = nil
	}
	told := map[string]form{}
	for _, a := range f.each("attachments", 0, 10) {
		id := fmt.Sprint(a.in["id"])
		told[id] = a
		a.text("filename", 1, 1024)
		a.text("description", 0, 1024)
		for _, had := range out.files {
			if had.id == id {
				kept = append(kept, had)
			}
		}
	}
	for _, up := range c.files {
		if len(up.data) > 10<<20 {
			f.fail("attachments", "ATTACHMENT_TOO_LARGE", "%s is larger than 10 MiB.", up.name)
		}
		new := file{upload: up}
		if a, ok := told[up.id]; ok {
			new.description, _ = a.in["description"].(string)
			if name, _ := a.in["filename"].(string); name != "" {
				new.name = name
			}
		}
		new.id = c.s.newID()
		kept = append(kept, new)
	}
	if len(kept) > 10 {
		f.fail("attachments", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
	}
	out.files = kept
}

func (f file) path(m *message) string {
	return "/attachments/" + m.channel.ID + "/" + f.id + "/" + url.PathEscape(f.name)
}

func (f file) json(m *message) object {
	at := f.path(m)
	m.channel.s.files[at] = f.upload
	out := object{
		"id": f.id, "filename": f.name, "size": len(f.data), "content_type": f.kind,
		"url": m.channel.s.base + at, "proxy_url": m.channel.s.base + at,
	}
	if f.description != "" {
		out["description"] = f.description
	}
	return out
}

// readPoll: a question of 300, 10 answers of 55, up to 32 days
// (D:resources/poll; Spec).
func (c *call) readPoll(f form, d door, out *draft) {
	p, ok := f.child("poll")
	if !ok {
		return
	}
	if d == byEdit || d == byModalled {
		f.fail("poll", "POLL_CANNOT_BE_EDITED", "A poll cannot be edited.")
		return
	}
	p.known("question", "answers", "duration", "allow_multiselect", "layout_type")
	p.require("question", "answers")
	if q, ok := p.child("question"); ok {
		q.require("text")
		q.text("text", 1, 300)
	}
	answers := []object{}
	for _, a := range p.each("answers", 1, 10) {
		if m, ok := a.child("poll_media"); ok {
			m.text("text", 1, 55)
			answers = append(answers, object{"answer_id": len(answers) + 1, "poll_media": said(m.in)})
		}
	}
	hours := or(p.number("duration", 1, 768), 24)
	out.poll = object{
		"question": p.in["question"], "answers": answers, "allow_multiselect": p.flag("allow_multiselect"), "layout_type": 1,
		"expiry":  stamp(c.s.clock.Now().Add(time.Duration(hours) * time.Hour)),
		"results": object{"answer_counts": []object{}, "is_finalized": false},
	}
}

var link = regexp.MustCompile(`https?://\S+`)

// observe keeps what is allowed and yet a mistake of a bot that carries other
// people's words: a mention that is not ruled out, a link with a preview, a
// notification. An edit notifies nobody.
func (c *call) observe(m *message) {
	if !m.mentions.silent() {
		c.s.violate(c.req, NoMentions, "allowed_mentions does not have \"parse\": []")
	}
	if len(m.pinged) > 0 && m.edited.IsZero() {
		c.s.violate(c.req, Pinged, "it notified %s", strings.Join(m.pinged, ", "))
	}
	if m.flags&flagSuppressEmbeds == 0 && link.MatchString(m.content) {
		c.s.violate(c.req, Unfurled, "the preview of %s is not suppressed", link.FindString(m.content))
	}
}
