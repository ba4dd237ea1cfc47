package discordtest_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"testing"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
)

// A bot tells somebody something alone in a channel that is opened once, and is
// refused by who takes nothing, by bots, and by strangers.
func TestDirectMessages(t *testing.T) {
	w := newTown(t, discordtest.Options{})
	open := func(id string) answered { return w.do("POST", "/users/@me/channels", object{"recipient_id": id}) }
	first, again := open(w.ana.User.ID), open(w.ana.User.ID)
	id, _ := first.body["id"].(string)
	if first.status != 200 || id == "" || first.body["type"] != 1.0 || again.body["id"] != id {
		t.Fatalf("%s, %s", first.raw, again.raw)
	}
	if w.mod.DirectWith(w.app) != nil {
		t.Error("a channel with somebody else is open")
	}
	ch := w.ana.DirectWith(w.app)
	said := w.post(ch, "for you alone")
	w.must("PATCH", "/channels/"+id+"/messages/"+said, quiet(object{"content": "for you"}))
	w.must("GET", "/channels/"+id+"/messages", nil)
	if all := ch.Messages(); len(all) != 1 || all[0].Content != "for you" {
		t.Errorf("ana reads %+v", all)
	}
	if got := w.do("POST", "/channels/"+id+"/messages/"+said+"/threads", object{"name": "x"}); got.code != 50024 {
		t.Errorf("a thread: %s", got.raw)
	}
	w.ana.RefuseDirect(true)
	if got := w.do("POST", "/channels/"+id+"/messages", quiet(object{"content": "again"})); got.status != 403 || got.code != 50007 {
		t.Errorf("who takes none: %s", got.raw)
	}
	w.ana.RefuseDirect(false)
	w.app.Leave(w.guild)
	if got := w.do("POST", "/channels/"+id+"/messages", quiet(object{"content": "again"})); got.code != 50007 {
		t.Errorf("a stranger: %s", got.raw)
	}
	if got := open("12345"); got.code != 50033 {
		t.Errorf("nobody: %s", got.raw)
	}
	if got := open(w.app.Bot.ID); got.code != 50007 {
		t.Errorf("a bot: %s", got.raw)
	}
	for _, v := range w.server.Violations(discordtest.SpecRequest, discordtest.UnknownKey) {
		t.Error(v)
	}
}

// The JSON of a form may come as a part with a type of its own, and as a file.
func TestPayloadAsAPart(t *testing.T) {
	w := newTown(t, discordtest.Options{})
	for _, disposition := range []string{`form-data; name="payload_json"`, `form-data; name="payload_json"; filename="blob"`} {
		var body bytes.Buffer
		m := multipart.NewWriter(&body)
		part, err := m.CreatePart(textproto.MIMEHeader{"Content-Disposition": {disposition}, "Content-Type": {"application/json; charset=utf-8"}})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write(marshal(t, quiet(object{"content": "the run", "attachments": []object{{"id": "0", "filename": "run.md"}}})))
		file, err := m.CreateFormFile("files[0]", "x")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(file, "# Run")
		m.Close()
		req, err := http.NewRequestWithContext(t.Context(), "POST", w.server.URL()+"/api/v10/channels/"+w.launch.ID+"/messages", &body)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("User-Agent", "DiscordBot (https://example.org, 1.0)")
		req.Header.Set("Authorization", "Bot "+w.app.Token)
		req.Header.Set("Content-Type", m.FormDataContentType())
		got, err := w.send(req)
		if err != nil || got.status != 200 || got.body["content"] != "the run" {
			t.Errorf("%s: %s, %v", disposition, got.raw, err)
		}
	}
	if all := w.launch.Messages(); len(all) != 2 || all[1].Attachments[0].Name != "run.md" {
		t.Errorf("%+v", all)
	}
}
