package discordtest_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"slices"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
)

// Every route answers what is in order, and each of its answers is as Discord
// describes it.
func TestEveryRoute(t *testing.T) {
	clock := atNoon()
	w := newTown(t, discordtest.Options{Clock: clock, Limits: map[string]discordtest.Limit{}, Global: 1000})
	w.app.Join(w.guild, 1<<52-1)
	w.routesOfApplications()
	w.routesOfChannels(clock)
	w.routesOfInteractions()
	w.must("DELETE", "/channels/"+w.launch.ID, nil)

	served := map[string]bool{}
	for _, r := range w.server.Requests(nil) {
		if r.Status < 300 {
			served[r.Method+" "+r.Route] = true
		}
	}
	for _, name := range discordtest.Routes() {
		if !served[name] {
			t.Errorf("%s was never answered", name)
		}
	}
	for _, v := range w.server.Violations(discordtest.SpecRequest, discordtest.UnknownKey) {
		t.Error(v)
	}
}

func (w *town) routesOfApplications() {
	w.Helper()
	for _, at := range []string{
		"/gateway", "/gateway/bot", "/users/@me", "/users/" + w.ana.User.ID, "/applications/@me", "/applications/" + w.app.ID,
		"/oauth2/applications/@me", "/guilds/" + w.guild.ID, "/guilds/" + w.guild.ID + "/channels", "/guilds/" + w.guild.ID + "/roles",
		"/guilds/" + w.guild.ID + "/members/" + w.ana.User.ID, "/users/@me/guilds",
	} {
		w.must("GET", at, nil)
	}
	w.must("POST", "/users/@me/channels", object{"recipient_id": w.ana.User.ID})
	w.must("PATCH", "/applications/@me", object{"interactions_endpoint_url": nil})
	w.must("PATCH", "/applications/"+w.app.ID, object{})
	for _, at := range []string{"/applications/" + w.app.ID + "/commands", "/applications/" + w.app.ID + "/guilds/" + w.guild.ID + "/commands"} {
		made := w.must("POST", at, commandOf(nil))
		if again := w.must("POST", at, commandOf(object{"description": "another"})); made.status != 201 || again.status != 200 || made.body["id"] != again.body["id"] {
			w.Errorf("%s: %d %d", at, made.status, again.status)
		}
		one := at + "/" + made.body["id"].(string)
		w.must("GET", one, nil)
		w.must("PATCH", one, object{"description": "a third"})
		w.must("GET", at, nil)
		w.must("DELETE", one, nil)
		w.must("PUT", at, []object{optionsOf(option("a", object{"choices": choices(2)}), option("b", object{"type": 4}))})
		if all := w.must("PUT", at, []object{}); len(all.list) != 0 {
			w.Errorf("%s: %v", at, all.list)
		}
	}
}

func (w *town) routesOfChannels(clock *discordtest.ManualClock) {
	w.Helper()
	at := "/channels/" + w.launch.ID
	w.must("GET", at, nil)
	w.must("PATCH", at, object{"topic": "t"})
	w.must("POST", at+"/typing", nil)
	id := w.must("POST", at+"/messages", quiet(with(v2(object{"type": 17, "components": []object{text("a"), rowOf(pressable("b"))}}), object{"nonce": "n"}))).body["id"].(string)
	w.must("POST", at+"/messages", quiet(object{"content": "<@" + w.ana.User.ID + ">", "message_reference": object{"message_id": id}, "embeds": []object{{
		"title": "t", "color": 1, "footer": object{"text": "f"}, "author": object{"name": "a"}, "fields": fields(2),
	}}}))
	w.must("GET", at+"/messages?limit=2&around="+id, nil)
	w.must("GET", at+"/messages/"+id, nil)
	w.must("PUT", at+"/messages/"+id+"/reactions/x/@me", nil)
	w.must("PUT", at+"/messages/pins/"+id, nil)
	if pins := w.must("GET", at+"/messages/pins", nil).body["items"].([]any); len(pins) != 1 {
		w.Errorf("pins: %v", pins)
	}
	w.must("DELETE", at+"/messages/pins/"+id, nil)
	w.must("POST", at+"/messages/"+id+"/threads", object{"name": "n", "auto_archive_duration": 60})
	w.must("GET", at+"/messages/"+id, nil) // Now with its thread.
	thread := "/channels/" + id
	w.must("PUT", thread+"/thread-members/"+w.ana.User.ID, nil)
	w.must("GET", thread+"/thread-members", nil)
	w.must("DELETE", thread+"/thread-members/@me", nil)
	w.must("PUT", thread+"/thread-members/@me", nil)
	w.must("POST", at+"/threads", object{"name": "private"})
	w.must("GET", "/guilds/"+w.guild.ID+"/threads/active", nil)
	w.must("PATCH", thread, object{"archived": true, "locked": true})
	w.must("GET", at+"/threads/archived/public", nil)
	w.must("PATCH", at+"/messages/"+id, quiet(v2(text("b"))))
	w.must("DELETE", at+"/messages/"+id, nil)
	w.routesOfWebhooks(at)

	news := w.guild.NewChannel("news", discordtest.Announcement)
	clock.Advance(time.Minute)
	said := w.post(news, "news")
	w.must("POST", "/channels/"+news.ID+"/messages/"+said+"/crosspost", nil)
	forum := w.guild.NewChannel("forum", discordtest.Forum)
	tag := forum.NewTag("idea", false)
	w.must("GET", "/channels/"+forum.ID, nil)
	w.must("POST", "/channels/"+forum.ID+"/threads", object{"name": "post", "applied_tags": []string{tag}, "message": says("first")})
}

func (w *town) routesOfWebhooks(at string) {
	w.Helper()
	hook := w.must("POST", at+"/webhooks", object{"name": "personas"}).body
	w.must("GET", at+"/webhooks", nil)
	byID := "/webhooks/" + hook["id"].(string)
	byToken := byID + "/" + hook["token"].(string)
	w.must("GET", byID, nil)
	w.must("GET", byToken, nil)
	said := w.must("POST", byToken+"?wait=true", says("x")).body["id"].(string)
	w.must("GET", byToken+"/messages/"+said, nil)
	w.must("PATCH", byToken+"/messages/"+said, says("y"))
	w.must("DELETE", byToken+"/messages/"+said, nil)
	w.must("DELETE", byID, nil)
}

func (w *town) routesOfInteractions() {
	w.Helper()
	w.register()
	for _, kind := range []int{4, 5} {
		i, err := w.ana.Slash(w.launch, "baton note", nil)
		if err != nil {
			w.Fatal(err)
		}
		at := "/interactions/" + i.ID + "/" + i.Token + "/callback?with_response=true"
		w.must("POST", at, object{"type": kind, "data": map[int]object{4: with(says("x"), object{"components": []object{rowOf(pressable("go"))}}), 5: {}}[kind]})
		reply := "/webhooks/" + w.app.ID + "/" + i.Token
		w.must("GET", reply+"/messages/@original", nil)
		w.must("PATCH", reply+"/messages/@original", with(says("y"), object{"components": []object{rowOf(pressable("go"))}}))
		if pressed, err := w.ana.Click(*i.Now().Message, "Go"); err != nil {
			w.Error(err)
		} else {
			w.must("POST", "/interactions/"+pressed.ID+"/"+pressed.Token+"/callback?with_response=true", object{"type": 7, "data": says("z")})
			w.must("POST", "/webhooks/"+w.app.ID+"/"+pressed.Token, says("more"))
		}
		w.must("POST", reply, says("more"))
		w.must("DELETE", reply+"/messages/@original", nil)
	}
}

// multipart sends a form as a message with files is sent.
func (w *town) multipart(path string, payload object, files map[string]string) answered {
	w.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	part, err := m.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="payload_json"`}, "Content-Type": {"application/json"}})
	if err != nil {
		w.Fatal(err)
	}
	_, _ = part.Write(marshal(w.T, payload))
	for name, data := range files {
		file, err := m.CreateFormFile("files[0]", name)
		if err != nil {
			w.Fatal(err)
		}
		_, _ = io.WriteString(file, data)
	}
	m.Close()
	req, err := http.NewRequestWithContext(w.Context(), "POST", w.server.URL()+"/api/v10"+path, &body)
	if err != nil {
		w.Fatal(err)
	}
	req.Header.Set("User-Agent", "DiscordBot (https://example.org, 1.0)")
	req.Header.Set("Authorization", "Bot "+w.app.Token)
	req.Header.Set("Content-Type", m.FormDataContentType())
	out, err := w.send(req)
	if err != nil {
		w.Fatal(err)
	}
	return out
}

func TestFiles(t *testing.T) {
	w := newTown(t, discordtest.Options{})
	at := "/channels/" + w.launch.ID + "/messages"
	got := w.multipart(at, quiet(object{"content": "the run", "attachments": []object{{"id": 0, "description": "a run"}}}), map[string]string{"run.md": "# Run"})
	if got.status != 200 {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	file := got.body["attachments"].([]any)[0].(object)
	if file["filename"] != "run.md" || file["size"] != 5.0 || file["description"] != "a run" {
		t.Errorf("%v", file)
	}
	resp, err := w.server.Client().Get(file["url"].(string))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if data, _ := io.ReadAll(resp.Body); string(data) != "# Run" {
		t.Errorf("the file is %q", data)
	}
	if got := w.multipart(at, quiet(object{"content": "big"}), map[string]string{"big": chars(10<<20 + 1)}); got.code != 50035 {
		t.Errorf("a file of more than 10 MiB: %d %.300s", got.status, got.raw)
	}
	if got := w.multipart(at, quiet(object{"content": chars(2001)}), nil); got.code != 50035 {
		t.Errorf("2001 characters in a form: %d %.300s", got.status, got.raw)
	}
}

// Pages are cut as Discord cuts them: after an id the next ones, before it the
// last ones, the newest first.
func TestPages(t *testing.T) {
	clock := atNoon()
	w := newTown(t, discordtest.Options{Clock: clock, Limits: map[string]discordtest.Limit{}, Global: 1000})
	w.app.Grant(1 << 15)
	ids := []string{}
	for range 60 {
		clock.Advance(time.Millisecond)
		ids = append(ids, w.post(w.launch, "x"))
	}
	read := func(query string) []int {
		var out []int
		for _, m := range w.must("GET", "/channels/"+w.launch.ID+"/messages"+query, nil).list {
			out = append(out, slices.Index(ids, m["id"].(string)))
		}
		return out
	}
	for query, want := range map[string][]int{
		"?limit=2":                         {59, 58},
		"?limit=2&after=" + ids[9]:         {11, 10},
		"?limit=2&before=" + ids[9]:        {8, 7},
		"?limit=3&around=" + ids[9]:        {10, 9, 8},
		"?limit=100&after=" + ids[58]:      {59},
		"?limit=1&after=" + "1":            {0},
		"?limit=2&before=9999999999999999": nil,
	} {
		if got := read(query); !slices.Equal(got, want) {
			t.Errorf("%s: %v", query, got)
		}
	}
	if n := len(read("")); n != 50 {
		t.Errorf("without a limit: %d", n)
	}
}
