package discordtest

import (
	"crypto/rand"
	"slices"
	"strings"
)

// Limits of webhooks (D:resources/webhook; D:topics/opcodes-and-status-codes).
const (
	webhooksPerChannel = 15
	webhooksPerGuild   = 1000
	webhookName        = 80
)

// webhook is an incoming webhook, made by an application.
type webhook struct {
	id, token, name string
	channel         *Channel
	app             *Application
}

func (h *webhook) json() object {
	return object{
		"id": h.id, "type": 1, "name": h.name, "avatar": nil, "channel_id": h.channel.ID, "guild_id": h.channel.guild.ID,
		"application_id": h.app.ID, "token": h.token, "user": h.app.Bot.json(), "url": h.channel.s.base + "/api/webhooks/" + h.id + "/" + h.token,
	}
}

// readWebhookName: "clyde" and "discord" may not be in it (D:resources/webhook).
func readWebhookName(f form, key string) string {
	name := f.text(key, 1, webhookName)
	for _, word := range []string{"clyde", "discord"} {
		if strings.Contains(strings.ToLower(name), word) {
			f.fail(key, "USERNAME_INVALID_CONTAINS", "Username cannot contain %q", word)
		}
	}
	return name
}

func postWebhook(c *call) (reply, error) {
	ch, m, err := c.channel()
	if err != nil {
		return reply{}, err
	}
	f := newForm(c.body)
	f.known("name", "avatar")
	f.require("name")
	name := readWebhookName(f, "name")
	c.keepUnknown(f)
	inChannel, inGuild := 0, 0
	for _, h := range c.s.webhooks {
		if h.channel.guild == ch.guild {
			inGuild++
		}
		if h.channel == ch {
			inChannel++
		}
	}
	switch err := f.failure(); {
	case err != nil:
		return reply{}, err
	case ch.thread != nil:
		return reply{}, wrongChannel()
	case !m.permissions(ch).has(ManageWebhooks):
		return reply{}, missingPermission()
	case inChannel >= webhooksPerChannel:
		return reply{}, refuse(400, 30007, "Maximum number of webhooks reached (15)")
	case inGuild >= webhooksPerGuild:
		return reply{}, refuse(400, 30058, "Maximum number of webhooks per guild reached (1000)")
	}
	h := &webhook{id: c.s.newID(), token: rand.Text() + rand.Text(), name: name, channel: ch, app: c.app}
	c.s.webhooks[h.id] = h
	return reply{200, h.json()}, nil
}

func listWebhooks(c *call) (reply, error) {
	ch, m, err := c.channel()
	if err != nil {
		return reply{}, err
	}
	if !m.permissions(ch).has(ManageWebhooks) {
		return reply{}, missingPermission()
	}
	out := []object{}
	for _, h := range c.s.webhooks {
		if h.channel == ch {
			out = append(out, h.json())
		}
	}
	slices.SortFunc(out, func(a, b object) int { return strings.Compare(a["id"].(string), b["id"].(string)) })
	return reply{200, out}, nil
}

// hook is the webhook a request names.
func (c *call) hook() (*webhook, error) {
	h := c.s.webhooks[c.params["webhook_id"]]
	token, given := c.params["webhook_token"]
	switch {
	case h == nil:
		return nil, unknownWebhook()
	case given && token != h.token:
		return nil, invalidToken()
	case given:
		return h, nil
	}
	m := h.channel.guild.members[c.app.Bot.ID]
	if m == nil || !m.permissions(h.channel).has(ManageWebhooks) {
		return nil, missingPermission()
	}
	return h, nil
}

func getWebhook(c *call) (reply, error) {
	h, err := c.hook()
	if err != nil {
		return reply{}, err
	}
	out := h.json()
	if _, byToken := c.params["webhook_token"]; byToken {
		delete(out, "user") // D:resources/webhook
	}
	return reply{200, out}, nil
}

func deleteWebhook(c *call) (reply, error) {
	h, err := c.hook()
	if err != nil {
		return reply{}, err
	}
	delete(c.s.webhooks, h.id)
	return reply{status: 204}, nil
}

// DeleteWebhooks deletes a channel's webhooks, as a moderator does.
func (c *Channel) DeleteWebhooks() {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	for id, h := range c.s.webhooks {
		if h.channel == c {
			delete(c.s.webhooks, id)
		}
	}
}

// executeWebhook says something through a webhook; where the webhook is an
// application and the token an interaction's, it is a follow-up.
func executeWebhook(c *call) (reply, error) {
	if c.s.application(c.params["webhook_id"]) != nil {
		return postFollowUp(c)
	}
	h, err := c.hook()
	if err != nil {
		return reply{}, err
	}
	ch, err := c.target(h)
	if err != nil {
		return reply{}, err
	}
	f := newForm(c.body)
	name := readWebhookName(f, "username")
	avatar := f.text("avatar_url", 0, 2048)
	d, err := c.readDraft(f, byWebhook, nil)
	if err != nil {
		return reply{}, err
	}
	switch {
	case f.has("thread_name"):
		c.s.violate(c.req, UnknownRoute, "the fake makes no forum posts by webhook")
		return reply{}, notFound()
	case ch.Type == Forum:
		return reply{}, refuse(400, 220001, "Webhooks posted to forum channels must have a thread_name or thread_id")
	}
	msg := &message{author: &User{ID: h.id, Name: h.name, Bot: true}, draft: d, webhook: h.id, application: h.app.ID, face: face{or(name, h.name), avatar}}
	ch.say(msg)
	c.observe(msg)
	if c.query.Get("wait") != "true" {
		return reply{status: 204}, nil
	}
	return reply{200, msg.json()}, nil
}

// target is where a webhook speaks: its channel, or the thread in it that
// thread_id names. A locked thread takes nothing.
func (c *call) target(h *webhook) (*Channel, error) {
	id := c.query.Get("thread_id")
	if id == "" {
		return h.channel, nil
	}
	t := c.s.channels[id]
	if t == nil || t.gone || t.parent != h.channel || t.thread == nil {
		return nil, unknownChannel()
	}
	if t.thread.locked {
		return nil, locked()
	}
	return t, nil
}

// hookMessage is the message of a webhook that a request names. One in a thread
// is found only with its thread_id (D:resources/webhook).
func (c *call) hookMessage() (*message, error) {
	if c.s.application(c.params["webhook_id"]) != nil {
		return c.replyMessage()
	}
	h, err := c.hook()
	if err != nil {
		return nil, err
	}
	ch, err := c.target(h)
	if err != nil {
		return nil, err
	}
	msg := ch.find(c.params["message_id"])
	if msg == nil || msg.webhook != h.id {
		return nil, unknownMessage()
	}
	return msg, nil
}

func getWebhookMessage(c *call) (reply, error) {
	msg, err := c.hookMessage()
	if err != nil {
		return reply{}, err
	}
	return reply{200, msg.json()}, nil
}

func patchWebhookMessage(c *call) (reply, error) {
	msg, err := c.hookMessage()
	if err != nil {
		return reply{}, err
	}
	if t := msg.channel.thread; t != nil && t.archived && msg.only == "" {
		return reply{}, archived()
	}
	if err := c.edit(msg, byEdit); err != nil {
		return reply{}, err
	}
	return reply{200, msg.json()}, nil
}

func deleteWebhookMessage(c *call) (reply, error) {
	msg, err := c.hookMessage()
	if err != nil {
		return reply{}, err
	}
	msg.remove()
	return reply{status: 204}, nil
}
